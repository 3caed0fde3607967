// The diagnostics of the newest build, above the page. Everything is written as text.

/** Milliseconds: an editor that saves in two steps leaves a broken file in between. */
const DELAY = 150;
const DISMISSED = "codebook-dismissed";

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
const closeButton = element("button", { type: "button" }, "Close ", element("kbd", { "aria-hidden": "true" }, "Esc"));
const list = element("ol", { tabindex: "0", "aria-label": "Problems" });
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

/** Show the diagnostics of a build instead of those of the build before. */
export function show(state) {
  // Not earlier: the page is first copied as it was sent.
  if (!host.isConnected) document.documentElement.append(host);
  clearTimeout(timer);
  const isSame = state.build === build;
  build = state.build;
  if (state.isGood) {
    dialog.close();
    fill(state);
  } else if (!isSame || !dialog.open) {
    timer = setTimeout(() => {
      fill(state);
      if (sessionStorage.getItem(DISMISSED) !== build) openDialog();
    }, dialog.open ? 0 : DELAY);
  }
}

function fill(state) {
  const counts = tally(state);
  dialog.classList.toggle("failed", !state.isGood);
  title.textContent = state.isGood ? counts : `The site was not built: ${counts}`;
  summary.textContent = state.isGood
    ? "The site was built all the same."
    : `${state.hasSite ? "Below is the last one that was." : "There is none yet."} This closes by itself after the next good build.`;
  const rest = state.omitted ? [element("li", { class: "omitted" }, `… and ${state.omitted} more`)] : [];
  list.replaceChildren(...state.diagnostics.map(listItem), ...rest);
  openButton.textContent = counts;
  openButton.className = state.isGood ? "" : "failed";
  corner.replaceChildren(...(counts ? [openButton] : []));
}

/** The number of diagnostics of each severity; if some are omitted, the number of all. */
function tally({ diagnostics, omitted }) {
  const counted = (count, noun) => (count ? `${count} ${noun}${count === 1 ? "" : "s"}` : "");
  if (omitted) return counted(diagnostics.length + omitted, "problem");
  const of = (severity) => counted(diagnostics.filter((item) => item.severity === severity).length, severity);
  return [of("error"), of("warning")].filter(Boolean).join(", ");
}

function listItem({ severity, rule, message, location, note, note_location, help }) {
  const label = element("span", { class: severity }, rule ? `${severity}[${rule}]` : severity);
  const item = element("li", { class: severity }, element("h3", {}, label, ` ${message}`));
  if (location) item.append(...excerpt(location));
  if (note) item.append(element("p", {}, element("b", {}, "note: "), note));
  if (note_location) item.append(...excerpt(note_location));
  if (help) item.append(element("p", {}, element("b", {}, "help: "), help));
  return item;
}

function excerpt({ position, editor_url, line_number, line_text, underline }) {
  const label = editor_url ? element("a", { href: editor_url }, position) : position;
  const line = element("p", { class: "location" }, label);
  if (!line_number) return [line];
  const indent = " ".repeat(line_number.length);
  const text = `${line_number} │ ${line_text}\n${indent} │ `;
  return [line, element("pre", { tabindex: "0" }, text, element("mark", {}, underline))];
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
