// The search dialog: a field and the pages that answer it, by the combobox pattern of ARIA's guide.
import { element } from "./dom.js";
import { rank } from "./rank.js";
import { records } from "./records.js";

const SHOWN = 30;

const sheet = element("link", { rel: "stylesheet", href: new URL("./search.css", import.meta.url).href });
const styled = new Promise((done) => (sheet.onload = sheet.onerror = done));
document.head.append(sheet);

const field = element("input", {
  type: "text",
  id: "ui-query",
  placeholder: "404, rate limit, 4xx, nginx …",
  autocomplete: "off",
  autocapitalize: "off",
  spellcheck: false,
  enterKeyHint: "go",
});
const list = element("div", { id: "ui-results" });
const status = element("p", { className: "status" });
const dialog = element("dialog", { className: "search" }, field, status, list);
for (const [name, value] of Object.entries({
  role: "combobox",
  "aria-label": "Search codes, guides and tables",
  "aria-autocomplete": "list",
  "aria-expanded": "false",
  "aria-controls": list.id,
})) field.setAttribute(name, value);
list.setAttribute("role", "listbox");
// A box that scrolls would be a stop of its own, at which the keys of the field do nothing.
list.tabIndex = -1;
list.setAttribute("aria-label", "Results");
status.setAttribute("role", "status");
dialog.setAttribute("aria-label", "Search");
document.body.append(dialog);

let site;
let chosen = -1;

/** Open the dialog with what `early` has kept; the focus goes back to `opener`, or to where it was. */
export async function open(opener, early) {
  const before = document.activeElement;
  await styled;
  if (dialog.open) return;
  const typed = early();
  if (typed) field.value = typed;
  dialog.addEventListener("close", () => (before === document.body ? opener : before).focus(), { once: true });
  dialog.showModal();
  // What was there before is typed over; what was typed just now goes on.
  if (!typed) field.select();
  try {
    site = await records();
    show();
  } catch {
    status.textContent = "The list of codes could not be loaded.";
  }
}

function show() {
  if (!site) return;
  const query = field.value.trim();
  const found = query ? rank(site, query).slice(0, SHOWN) : [];
  list.replaceChildren(...found.map(option));
  field.setAttribute("aria-expanded", String(found.length > 0));
  choose(found.length ? 0 : -1);
  if (!query) status.textContent = "A number, a name, or what went wrong.";
  else if (!found.length) status.textContent = `Nothing here is called “${query}”.`;
  else status.textContent = found.length === 1 ? "1 page" : `${found.length} pages`;
}

function option(item, place) {
  const marks = item.marks.map((mark) => element("span", { className: "mark" }, mark));
  const title = element("span", { className: "title" }, item.title, ...marks.flatMap((mark) => [" ", mark]));
  const made = element(
    "a",
    { href: item.url, id: `ui-result-${place}`, tabIndex: -1 },
    element("span", { className: "number" }, item.number || "→"),
    " ",
    title,
    " ",
    element("span", { className: "note" }, item.note),
  );
  made.setAttribute("role", "option");
  made.addEventListener("pointermove", () => choose(place));
  return made;
}

function choose(place) {
  list.children[chosen]?.setAttribute("aria-selected", "false");
  chosen = place;
  const now = list.children[chosen];
  now?.setAttribute("aria-selected", "true");
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
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
