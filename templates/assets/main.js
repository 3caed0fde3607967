// The parts of every page: search, color theme, copy menu, and links to headings.
import { element, fill, words } from "./dom.js";
const root = document.documentElement;
// --- search -----------------------------------------------------------------------------------

const opener = document.getElementById("ui-search");
const search = () => import("./search.js");
// The text typed while the dialog loads; null otherwise.
let early = null;
const takeEarly = () => {
  const typed = early;
  early = null;
  return typed;
};
const openSearch = async () => {
  early ??= "";
  try {
    await (await search()).open(opener, takeEarly);
  } finally {
    early = null;
  }
};

opener.addEventListener("click", openSearch);
for (const sign of ["pointerenter", "focus"]) opener.addEventListener(sign, search, { once: true });
addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if (early !== null && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
    early += event.key;
    event.preventDefault();
    return;
  }
  const types = event.target.closest?.("input, textarea, select, [contenteditable]");
  const slash = event.key === "/" && !types && !event.ctrlKey && !event.metaKey && !event.altKey;
  const letter = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
  if (!(slash || letter) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  openSearch();
});

// --- theme ------------------------------------------------------------------------------------

const THEMES = ["auto", "light", "dark"];
const themeName = document.getElementById("ui-theme-name");
let theme = root.dataset.theme ?? "auto";
themeName.textContent = words.theme[theme];
document.getElementById("ui-theme").addEventListener("click", () => {
  theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  themeName.textContent = words.theme[theme];
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Without storage, the choice applies only to this page.
  }
});

// --- copying ----------------------------------------------------------------------------------

const { clipboard } = navigator;
const status = element("span", { className: "unseen", ariaLive: "polite" });

/** Make the button copy this text; the label shows the result for a moment. */
const copies = (button, text, label = button) => {
  const name = label.textContent;
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
    label.textContent = status.textContent = result;
    setTimeout(() => {
      label.textContent = name;
      status.textContent = "";
    }, 1600);
  });
};

const place = document.getElementById("ui-copy");
if (place && clipboard) {
  const textOf = (selector) => document.querySelector(selector)?.textContent.trim().replace(/\s+/g, " ");
  const title = () => textOf("h1");
  const spec = () => textOf("#ui-spec");
  const url = document.querySelector("link[rel=canonical]")?.href ?? location.href.split(/[?#]/)[0];
  const opener = element("button", { type: "button" }, words.copy.button);
  const menu = element("div", { role: "group", ariaLabel: words.copy.button });
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
    copies(button, text, opener);
    menu.append(button);
  };
  offer(words.copy.link, () => url);
  offer(words.copy.markdown_link, () => `[${title().replace(/[\\[\]*_<]/g, "\\$&")}](${url})`);
  offer(words.copy.citation, () => title() + (spec() ? ` (${spec()})` : "") + `, ${url}`);
  offer(words.copy.page, async () => {
    const response = await fetch("index.md");
    if (!response.ok) throw response;
    return response.text();
  });
  show(false);
  place.append(opener, menu, status);
  // A click on the button opens or closes the menu, and a click in the menu closes it.
  place.addEventListener("click", toggle);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !menu.hidden) toggle();
  });
  for (const sign of ["pointerdown", "focusin"])
    addEventListener(sign, (event) => {
      if (!place.contains(event.target)) show(false);
    });
}

for (const block of clipboard ? document.querySelectorAll("main pre") : []) {
  const button = element("button", { type: "button", className: "copy" }, words.copy.button);
  const frame = element("div", { className: "copied" });
  block.replaceWith(frame);
  frame.append(block, button);
  copies(button, () => block.textContent);
}

// --- headings ---------------------------------------------------------------------------------

for (const heading of document.querySelectorAll("main :is(h2, h3)[id]:not(.unseen, :has(a))")) {
  const ariaLabel = fill(words.heading.link, { heading: heading.textContent.trim() });
  heading.append(element("a", { className: "anchor", href: `#${heading.id}`, ariaLabel }, "#"));
}
