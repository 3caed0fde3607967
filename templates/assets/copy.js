// The menu that copies the URL of a page, a link, a citation, or the page as Markdown, and the results of copying.
const RESULT_TIME = 1600;

export default ({ element, words }) => {
  const { clipboard } = navigator;
  const place = document.getElementById("ui-copy");
  const opener = place?.querySelector("button");
  const status = place?.querySelector("[aria-live]");

  /** Show a result for a moment on a button, or on a value in a table, and announce it. */
  const report = (target, result) => {
    const isButton = !target.closest("td");
    if (isButton) target.textContent = result;
    else target.dataset.result = result;
    if (status) status.textContent = result;
    setTimeout(() => {
      if (isButton) target.textContent = words.copy.button;
      else delete target.dataset.result;
      if (status) status.textContent = "";
    }, RESULT_TIME);
  };
  if (!place) return { report };

  const menu = element("div", { role: "group", ariaLabel: words.copy.button, hidden: true });
  const show = (isShown) => {
    menu.hidden = !isShown;
    opener.ariaExpanded = isShown;
  };
  const toggle = () => {
    show(menu.hidden);
    opener.focus();
  };

  const offer = (name, text) => {
    const button = element("button", { type: "button" }, name);
    button.addEventListener("click", async () => {
      let result = words.copy.blocked;
      try {
        const content = text();
        if (content.then && self.ClipboardItem) {
          // Safari allows copying only during the click, so the text is a promise that isn't awaited.
          const blob = content.then((all) => new Blob([all], { type: "text/plain" }));
          blob.catch(() => (result = words.copy.failed));
          await clipboard.write([new ClipboardItem({ "text/plain": blob })]);
        } else await clipboard.writeText(await content);
        result = words.copy.copied;
      } catch {}
      report(opener, result);
    });
    menu.append(button);
  };

  const textOf = (selector) => document.querySelector(selector)?.textContent.trim().replace(/\s+/g, " ");
  const title = textOf("h1");
  const spec = textOf("#ui-spec");
  const url = document.querySelector("link[rel=canonical]")?.href ?? location.href.split(/[?#]/)[0];
  offer(words.copy.link, () => url);
  offer(words.copy.markdown_link, () => `[${title.replace(/[\\[\]*_<]/g, "\\$&")}](${url})`);
  offer(words.copy.citation, () => title + (spec ? ` (${spec})` : "") + `, ${url}`);
  offer(words.copy.page, async () => {
    const response = await fetch("index.md");
    if (!response.ok) throw response;
    return response.text();
  });

  opener.after(menu);
  menu.addEventListener("click", toggle);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !menu.hidden) toggle();
  });
  for (const sign of ["pointerdown", "focusin"])
    addEventListener(sign, (event) => {
      if (!place.contains(event.target)) show(false);
    });
  return { report, toggle };
};
