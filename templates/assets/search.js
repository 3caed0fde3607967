// The search dialog: the combobox pattern of the ARIA Authoring Practices Guide.
import { constants, rank, records, resultOf, statusOf } from "./rank.js";

const SHOWN = 30;

export default ({ element, words, ...texts }) => {
  const { search } = words;

  const styleSheet = element("link", { rel: "stylesheet", href: new URL("./search.css", import.meta.url).href });
  const styled = new Promise((done) => (styleSheet.onload = styleSheet.onerror = done));
  document.head.append(styleSheet);

  // The header has attributes only if the interface has another language than the book.
  const page = document.documentElement;
  const { lang, dir } = document.querySelector("header[lang]") ?? page;
  const field = element("input", {
    type: "text",
    id: "ui-query",
    placeholder: search.label,
    autocomplete: "off",
    spellcheck: false,
    enterKeyHint: "go",
    role: "combobox",
    ariaLabel: search.label,
    ariaAutoComplete: "list",
    ariaExpanded: false,
  });
  const status = element("p", { className: "status", role: "status" });
  const list = element("div", {
    id: "ui-results",
    lang: page.lang,
    dir: page.dir,
    role: "listbox",
    ariaLabel: search.results,
    // Some browsers focus scrollable elements, and the keys of the field do nothing there.
    tabIndex: -1,
  });
  field.setAttribute("aria-controls", list.id);
  const close = element("button", { type: "button" }, search.close);
  const top = element("div", {}, field, close);
  const dialog = element("dialog", { className: "search", ariaLabel: search.dialog, lang, dir }, top, status, list);
  document.body.append(dialog);

  let site;
  let chosen = -1;

  /** Open the dialog with the text that `early` returns. Closing it moves the focus back, or to `opener`. */
  async function open(opener, early) {
    const before = document.activeElement;
    await styled;
    if (dialog.open) return;
    const typed = early();
    if (typed) field.value = typed;
    dialog.addEventListener("close", () => (before === document.body ? opener : before).focus(), { once: true });
    dialog.showModal();
    // Typing replaces an earlier query, but not what was typed while the dialog loaded.
    if (!typed) field.select();
    try {
      site = await records();
      show();
    } catch {
      status.textContent = search.failed;
    }
  }

  function show() {
    if (!site) return;
    const query = field.value.trim();
    constants(site, query)?.then(show);
    const { found, meant } = query ? rank(site, query) : { found: site.suggested };
    const shown = found.slice(0, SHOWN);
    list.replaceChildren(...shown.map(option));
    field.ariaExpanded = shown.length > 0;
    choose(query && shown.length ? 0 : -1);
    status.textContent = query ? statusOf({ query, found, meant, shown: SHOWN }, site.words, texts) : site.words.hint;
  }

  function option(item, place) {
    const made = resultOf(item, element, { id: `ui-result-${place}`, role: "option", tabIndex: -1 });
    made.addEventListener("pointermove", () => choose(place));
    return made;
  }

  function choose(place) {
    const before = list.children[chosen];
    if (before) before.ariaSelected = false;
    chosen = place;
    const now = list.children[chosen];
    if (now) now.ariaSelected = true;
    now?.scrollIntoView({ block: "nearest" });
    if (now) field.setAttribute("aria-activedescendant", now.id);
    else field.removeAttribute("aria-activedescendant");
  }

  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const count = list.children.length;
    const next = { ArrowDown: chosen + 1, ArrowUp: chosen - 1 }[event.key];
    if (next !== undefined && count) {
      event.preventDefault();
      choose((next + count) % count);
    } else if (event.key === "Enter" && list.children[chosen]) {
      event.preventDefault();
      list.children[chosen].click();
      dialog.close();
    }
  });
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target === close) dialog.close();
  });

  return open;
};
