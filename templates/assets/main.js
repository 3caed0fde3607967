// What every page can do: search, choose its colours, hand out what there is to quote.
import { element } from "./dom.js";
const root = document.documentElement;
// --- search -----------------------------------------------------------------------------------

const opener = document.getElementById("ui-search");
const search = () => import("./search.js");
// What is typed while the dialog is still on its way; null at all other times.
let early = null;
const taken = () => {
  const words = early;
  early = null;
  return words;
};
const openSearch = async () => {
  early ??= "";
  try {
    await (await search()).open(opener, taken);
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

// --- colours ----------------------------------------------------------------------------------

const THEMES = ["auto", "light", "dark"];
const themeName = document.getElementById("ui-theme-name");
themeName.textContent = root.dataset.theme ?? "auto";
document.getElementById("ui-theme").addEventListener("click", () => {
  const theme = THEMES[(THEMES.indexOf(themeName.textContent) + 1) % THEMES.length];
  themeName.textContent = theme;
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Storage is forbidden: the choice holds for this page.
  }
});

// --- copying ----------------------------------------------------------------------------------

const { clipboard } = navigator;
const status = element("span", { className: "unseen", ariaLive: "polite" });

/** Let the button put this text on the clipboard; the sign says for a moment what came of it. */
const copies = (button, text, sign = button) => {
  const name = sign.textContent;
  button.addEventListener("click", async () => {
    let answer = "Not allowed";
    try {
      const words = text();
      if (words.then && self.ClipboardItem) {
        // Safari allows it within the click alone: what is still on its way is promised, not awaited.
        const blob = words.then((all) => new Blob([all], { type: "text/plain" }));
        blob.catch(() => (answer = "Not loaded"));
        await clipboard.write([new ClipboardItem({ "text/plain": blob })]);
      } else await clipboard.writeText(await words);
      answer = "Copied";
    } catch {}
    sign.textContent = status.textContent = answer;
    setTimeout(() => {
      sign.textContent = name;
      status.textContent = "";
    }, 1600);
  });
};

const place = document.getElementById("ui-copy");
if (place && clipboard) {
  const wordsOf = (selector) => document.querySelector(selector)?.textContent.trim().replace(/\s+/g, " ");
  const title = () => wordsOf("h1");
  const spec = () => wordsOf("#ui-spec");
  const address = document.querySelector("link[rel=canonical]")?.href ?? location.href.split(/[?#]/)[0];
  const opener = element("button", { type: "button" }, "Copy");
  const menu = element("div", { role: "group", ariaLabel: "Copy" });
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
  offer("Link", () => address);
  offer("Markdown link", () => `[${title().replace(/[\\[\]*_<]/g, "\\$&")}](${address})`);
  offer("Reference", () => title() + (spec() ? ` (${spec()})` : "") + `, ${address}`);
  offer("Page as Markdown", async () => {
    const response = await fetch("index.md");
    if (!response.ok) throw response;
    return response.text();
  });
  show(false);
  place.append(opener, menu, status);
  // A click on the opener opens the menu or closes it, and one in the menu closes it.
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
  const button = element("button", { type: "button", className: "copy" }, "Copy");
  const frame = element("div", { className: "copied" });
  block.replaceWith(frame);
  frame.append(block, button);
  copies(button, () => block.textContent);
}

// --- headings ---------------------------------------------------------------------------------

for (const heading of document.querySelectorAll("main :is(h2, h3)[id]:not(.unseen, :has(a))")) {
  const ariaLabel = `Link to “${heading.textContent.trim()}”`;
  heading.append(element("a", { className: "anchor", href: `#${heading.id}`, ariaLabel }, "#"));
}
