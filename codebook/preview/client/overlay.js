// Shows the diagnostics of the newest build above the page. Everything is written as text.

/** In milliseconds. An editor that saves in two steps leaves a broken file in between. */
const DELAY = 150;
const DISMISSED = "codebook-dismissed";

/** The text with its placeholders replaced. */
const format = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** The text for a number. */
const counted = ({ one, other }, count) => format(count === 1 ? one : other, { count });

/** A new element with these attributes and children, which are nodes or text. */
function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const host = element("div", { id: "codebook-preview" });
const styleSheet = element("link", { rel: "stylesheet", href: "/-codebook/preview.css" });
const title = element("h2", { id: "title" });
const summary = element("p", { id: "summary" });
const closeButton = element("button", { type: "button" });
const list = element("ol", { tabindex: "0" });
const dialog = element(
  "dialog",
  { role: "alertdialog", "aria-labelledby": "title", "aria-describedby": "summary" },
  element("div", { class: "head" }, title, closeButton, summary),
  list,
);
const openButton = element("button", { type: "button", "aria-haspopup": "dialog" });
const corner = element("div", { role: "status" });
host.attachShadow({ mode: "open" }).append(styleSheet, corner, dialog);

let build;
let timer;
let words;

/** Show the diagnostics of a build, in place of those of the previous build. */
export function show(state) {
  words = state.words ?? words;
  if (state.language) Object.assign(host, { lang: state.language, dir: state.direction });
  // Not earlier: `keepCopy` must not copy the overlay.
  if (!host.isConnected) document.documentElement.append(host);
  clearTimeout(timer);
  const isSame = state.build === build;
  build = state.build;
  if (state.isGood) {
    dialog.close();
    render(state);
  } else if (!isSame || !dialog.open) {
    timer = setTimeout(() => {
      render(state);
      if (sessionStorage.getItem(DISMISSED) !== build) openDialog();
    }, dialog.open ? 0 : DELAY);
  }
}

function render(state) {
  const counts = tally(state);
  dialog.classList.toggle("failed", !state.isGood);
  list.setAttribute("aria-label", words.list);
  closeButton.replaceChildren(words.close, " ", element("kbd", { "aria-hidden": "true" }, words.escape));
  title.textContent = state.isGood ? counts : format(words.failed, { counts });
  summary.textContent = state.isGood
    ? words.warned
    : `${state.hasSite ? words.last_good : words.no_site} ${words.closes}`;
  const rest = state.omitted ? [element("li", { class: "omitted" }, counted(words.omitted, state.omitted))] : [];
  list.replaceChildren(...state.diagnostics.map(listItem), ...rest);
  openButton.textContent = counts;
  openButton.className = state.isGood ? "" : "failed";
  corner.replaceChildren(...(counts ? [openButton] : []));
}

/** The number of diagnostics of each severity, or the total if some are omitted. */
function tally({ diagnostics, omitted }) {
  if (omitted) return counted(words.problems, diagnostics.length + omitted);
  const count = (severity) => diagnostics.filter((item) => item.severity === severity).length;
  const tallies = [[words.errors, count("error")], [words.warnings, count("warning")]];
  return tallies.filter(([, number]) => number).map(([text, number]) => counted(text, number)).join(", ");
}

function listItem({ severity, rule, message, location, note, note_location, help, more }) {
  const label = element("span", { class: severity }, words[severity] + (rule ? `[${rule}]` : ""));
  const item = element("li", { class: severity }, element("h3", {}, label, " ", english(message)));
  if (location) item.append(...excerpt(location));
  if (note) item.append(element("p", {}, element("b", {}, words.note), " ", english(note)));
  if (note_location) item.append(...excerpt(note_location));
  if (help) item.append(element("p", {}, element("b", {}, words.help), " ", english(help)));
  if (more) item.append(element("p", { class: "more" }, counted(words.more, more)));
  return item;
}

/** A text of a diagnostic. Only the words around it are translated. */
const english = (text) => element("span", { lang: "en", dir: "ltr" }, text);

function excerpt({ position, editor_url, line_number, line_text, underline }) {
  const label = editor_url ? element("a", { href: editor_url }, position) : position;
  const line = element("p", { class: "location", dir: "ltr" }, label);
  if (!line_number) return [line];
  const indent = " ".repeat(line_number.length);
  const text = `${line_number} │ ${line_text}\n${indent} │ `;
  return [line, element("pre", { tabindex: "0", dir: "ltr" }, text, element("mark", {}, underline))];
}

function openDialog() {
  if (!dialog.open) dialog.showModal();
}

function dismiss() {
  sessionStorage.setItem(DISMISSED, build);
  dialog.close();
}

closeButton.addEventListener("click", dismiss);
openButton.addEventListener("click", openDialog);
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  dismiss();
});
// Keyboard shortcuts of the page must not work while the dialog is open.
dialog.addEventListener("keydown", (event) => event.stopPropagation());
