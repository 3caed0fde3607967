// What the newest build has found, above the page. Everything is written as text.

/** Milliseconds: an editor that saves in two steps has a broken file in between. */
const PATIENCE = 150;
const DISMISSED = "codebook-dismissed";

/** A new element with these attributes, which holds these nodes and words. */
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const host = element("div", { id: "codebook-preview" });
const sheet = element("link", { rel: "stylesheet", href: "/-codebook/preview.css" });
const title = element("h2", { id: "title" });
const about = element("p", { id: "about" });
const close = element("button", { type: "button" }, "Close ", element("kbd", { "aria-hidden": "true" }, "Esc"));
const list = element("ol", { tabindex: "0", "aria-label": "Problems" });
const dialog = element(
  "dialog",
  { role: "alertdialog", "aria-labelledby": "title", "aria-describedby": "about" },
  element("div", { class: "head" }, title, close, about),
  list,
);
const note = element("button", { type: "button", "aria-haspopup": "dialog" });
const corner = element("div", { role: "status" });
host.attachShadow({ mode: "open" }).append(sheet, corner, dialog);

let build;
let waiting;

/** Show what a build has found; what the one before it found goes. */
export function show(news) {
  // Not before the page was kept as the host has sent it.
  if (!host.isConnected) document.documentElement.append(host);
  clearTimeout(waiting);
  const isSame = news.build === build;
  build = news.build;
  if (news.isGood) {
    dialog.close();
    fill(news);
  } else if (!isSame || !dialog.open) {
    waiting = setTimeout(() => {
      fill(news);
      if (sessionStorage.getItem(DISMISSED) !== build) open();
    }, dialog.open ? 0 : PATIENCE);
  }
}

function fill(news) {
  const words = tally(news);
  dialog.classList.toggle("failed", !news.isGood);
  title.textContent = news.isGood ? words : `The site was not built: ${words}`;
  about.textContent = news.isGood
    ? "The site was built all the same."
    : `${news.hasSite ? "Below is the last one that was." : "There is none yet."} This closes by itself after the next good build.`;
  const rest = news.more ? [element("li", { class: "more" }, `… and ${news.more} more`)] : [];
  list.replaceChildren(...news.faults.map(fault), ...rest);
  note.textContent = words;
  note.className = news.isGood ? "" : "failed";
  corner.replaceChildren(...(words ? [note] : []));
}

/** How much there is of each kind; where some are left out, how much there is of all. */
function tally({ faults, more }) {
  const counted = (count, what) => (count ? `${count} ${what}${count === 1 ? "" : "s"}` : "");
  if (more) return counted(faults.length + more, "problem");
  const of = (severity) => counted(faults.filter((each) => each.severity === severity).length, severity);
  return [of("error"), of("warning")].filter(Boolean).join(", ");
}

function fault(each) {
  const head = element(
    "h3",
    {},
    element("span", { class: each.severity }, each.rule ? `${each.severity}[${each.rule}]` : each.severity),
    ` ${each.message}`,
  );
  const item = element("li", { class: each.severity }, head);
  if (each.place) item.append(...place(each.place));
  if (each.note) item.append(element("p", {}, element("b", {}, "note: "), each.note));
  if (each.note_place) item.append(...place(each.note_place));
  if (each.help) item.append(element("p", {}, element("b", {}, "help: "), each.help));
  return item;
}

function place({ words, link, line, text, marks }) {
  const address = link ? element("a", { href: link }, words) : words;
  const where = element("p", { class: "place" }, address);
  if (!line) return [where];
  const blank = " ".repeat(line.length);
  const excerpt = element("pre", { tabindex: "0" }, `${line} │ ${text}\n${blank} │ `, element("mark", {}, marks));
  return [where, excerpt];
}

function open() {
  if (!dialog.open) dialog.showModal();
}

const dismiss = () => {
  sessionStorage.setItem(DISMISSED, build);
  dialog.close();
};

close.addEventListener("click", dismiss);
note.addEventListener("click", open);
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  dismiss();
});
// The page's own keys are not meant while this is open.
dialog.addEventListener("keydown", (event) => event.stopPropagation());
