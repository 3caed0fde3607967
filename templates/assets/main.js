// What every page can do: search, choose its colours, hand out its address and its examples.
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

const copies = (button, text) => {
  const name = button.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not allowed";
    }
    setTimeout(() => (button.textContent = name), 1600);
  });
};

const address = document.getElementById("ui-copy");
const canonical = document.querySelector("link[rel=canonical]");
if (address && navigator.clipboard) copies(address, () => canonical?.href ?? location.href.split(/[?#]/)[0]);
else address?.remove();

for (const block of navigator.clipboard ? document.querySelectorAll("main pre") : []) {
  const button = element("button", { type: "button", className: "copy" }, "Copy");
  const frame = element("div", { className: "copied" });
  block.replaceWith(frame);
  frame.append(block, button);
  copies(button, () => block.textContent);
}

// --- headings ---------------------------------------------------------------------------------

for (const heading of document.querySelectorAll("main :is(h2, h3)[id]:not(.unseen, :has(a))")) {
  const words = heading.textContent.trim();
  const anchor = element("a", { className: "anchor", href: `#${heading.id}` }, "#");
  anchor.setAttribute("aria-label", `Link to “${words}”`);
  heading.append(anchor);
}
