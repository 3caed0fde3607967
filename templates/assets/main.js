"use strict";
// The only script that a page loads. It runs before the first paint, so that pages don't flash in the wrong theme
// and controls don't appear late. What a control does is in other scripts, which load when it's used first.
const root = document.documentElement;
root.classList.add("scripts");

/** The stored choice; with a value, store it. Without storage, a choice applies only to this page. */
const stored = (key, value) => {
  try {
    if (value !== undefined) localStorage.setItem(key, value);
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};
const THEMES = ["auto", "light", "dark"];
let theme = stored("theme");
if (THEMES.includes(theme)) root.dataset.theme = theme;
else theme = "auto";

document.addEventListener("DOMContentLoaded", () => {
  /** The words that scripts use; templates/words.toml explains them. */
  const words = JSON.parse(document.getElementById("ui-words").textContent);

  /** The text with its placeholders replaced. */
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  /** The text for a number, with its placeholders replaced. */
  const counted = ({ one, other }, count, values) => fill(count === 1 ? one : other, { count, ...values });

  /** A new element with these properties and children, which are nodes or text. Text is never parsed as HTML. */
  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  /** A function that loads a script once, and returns what the script makes of these helpers. */
  const lazy = (load) => {
    let made;
    return () =>
      (made ??= load()
        .then((script) => script.default({ counted, element, fill, words }))
        .catch((error) => {
          made = undefined;
          throw error;
        }));
  };

  /** Load a script while a visitor only points at its button or moves the focus there. */
  const prepare = (button, use) => {
    for (const sign of ["pointerenter", "focus"]) button.addEventListener(sign, use, { once: true });
  };

  const query = new URLSearchParams(location.search).get("q");
  const hasModifier = (event) => event.ctrlKey || event.metaKey || event.altKey;

  // --- search ---------------------------------------------------------------------------------

  const searchButton = document.getElementById("ui-search");
  const search = lazy(() => import("./search.js"));
  // The text typed while the dialog loads; null otherwise.
  let early = null;
  const openSearch = async () => {
    early ??= "";
    try {
      const open = await search();
      await open(searchButton, () => {
        const typed = early;
        early = null;
        return typed;
      });
    } finally {
      early = null;
    }
  };
  prepare(searchButton, search);
  searchButton.addEventListener("click", openSearch);
  addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    if (early !== null && event.key.length === 1 && !hasModifier(event)) {
      early += event.key;
      event.preventDefault();
      return;
    }
    const types = event.target.matches?.("input, textarea, select");
    const slash = event.key === "/" && !types && !hasModifier(event);
    const letter = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (!(slash || letter) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    openSearch();
  });

  // --- theme ----------------------------------------------------------------------------------

  const themeName = document.getElementById("ui-theme-name");
  themeName.textContent = words.theme[theme];
  document.getElementById("ui-theme").addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    themeName.textContent = words.theme[theme];
    root.dataset.theme = theme;
    stored("theme", theme);
  });

  // --- copying --------------------------------------------------------------------------------

  const { clipboard } = navigator;
  const copying = lazy(() => import("./copy.js"));
  const copyButton = (properties) => {
    const button = element("button", { type: "button", ...properties }, words.copy.button);
    prepare(button, copying);
    return button;
  };
  const place = document.getElementById("ui-copy");
  if (place && clipboard) {
    const opener = copyButton({ ariaExpanded: false });
    opener.addEventListener("click", async () => (await copying()).toggle());
    place.append(opener, element("span", { className: "unseen", ariaLive: "polite" }));
  }
  /** Copy the text of an element, and show the result on it or on a button. */
  const copy = async (source, target = source) => {
    // Safari allows copying only during the click, so the text doesn't wait for the script.
    const copied = clipboard.writeText(source.textContent).then(
      () => words.copy.copied,
      () => words.copy.blocked,
    );
    (await copying()).report(target, await copied);
  };
  const copierOf = (source, className) => {
    const button = copyButton({ className });
    button.addEventListener("click", () => copy(source, button));
    return button;
  };
  for (const block of clipboard ? document.querySelectorAll("main pre") : []) {
    const frame = element("div", { className: "copied" });
    block.replaceWith(frame);
    frame.append(block, copierOf(block, "copy"));
  }

  // --- headings -------------------------------------------------------------------------------

  for (const heading of document.querySelectorAll("main :is(h2, h3)[id]:not(.unseen, :has(a))")) {
    heading.append(element("a", { className: "anchor", href: `#${heading.id}` }, ...heading.childNodes));
  }

  // --- contents -------------------------------------------------------------------------------

  const links = [...document.querySelectorAll(".toc a")];
  const sections = links.map((link) => document.getElementById(link.getAttribute("href").slice(1)));
  const markCurrent = () => {
    const current = sections.findLastIndex((section) => section.getBoundingClientRect().top < innerHeight * 0.1);
    for (const [index, link] of links.entries()) link.ariaCurrent = index === current || null;
  };
  if (links.length) addEventListener("scroll", markCurrent);

  // --- long tables ----------------------------------------------------------------------------

  const tables = lazy(() => import("./tables.js"));
  for (const [number, part] of document.querySelectorAll("main .filter").entries()) {
    const table = part.nextElementSibling.querySelector("table");
    const words = JSON.parse(part.dataset.words);
    const rows = [...table.tBodies[0].rows];
    const id = `ui-rows-${number}`;
    const field = element("input", { type: "text", id, autocomplete: "off", spellcheck: false, placeholder: " ", value: query });
    const count = element("span", { className: "label", role: "status" });
    const showCount = () => {
      const isFolded = !field.value && !part.previousElementSibling.querySelector(":checked");
      const shown = rows.filter((row) => !row.hidden && !(isFolded && row.className)).length;
      count.textContent = counted(shown < rows.length ? words.shown : words.count, rows.length, { shown });
    };
    part.append(element("label", { htmlFor: id }, words.label), " ", count, field);
    for (const head of table.tHead.rows[0].cells) {
      const sorter = element("button", { type: "button", className: "sorter" }, ...head.childNodes);
      head.append(sorter);
      prepare(sorter, tables);
      sorter.addEventListener("click", async () => (await tables()).sort(rows, head));
    }
    const filter = async () => {
      (await tables()).filter(rows, field.value);
      showCount();
    };
    field.addEventListener("focus", tables, { once: true });
    field.addEventListener("input", filter);
    part.previousElementSibling.addEventListener("change", filter);
    if (query) filter();
    else showCount();
  }

  // --- chosen columns -------------------------------------------------------------------------

  for (const select of document.querySelectorAll(".choice select")) {
    const output = select.nextElementSibling;
    const list = document.getElementById(`choose-${select.name}`);
    const parts = [...list.querySelectorAll("dt, thead th ~ th")];
    // The choice outlives the version at the end of the label.
    for (const { textContent } of parts) select.append(new Option(textContent, textContent.replace(/ [\d.]+$/, "")));
    const show = async () => {
      const chosen = parts[select.selectedIndex - 1];
      if (output) {
        const value = chosen?.nextElementSibling.cloneNode(true);
        const code = clipboard && value?.querySelector("code");
        output.replaceChildren(...(code ? [copierOf(code)] : []), ...(value?.childNodes ?? []));
        return;
      }
      for (const row of list.rows)
        for (const cell of row.cells) cell.hidden = chosen && cell.cellIndex && cell.cellIndex !== chosen.cellIndex;
      if (clipboard && (chosen || list.querySelector("td button"))) (await tables()).addButtons(list, chosen?.cellIndex);
    };
    const key = `column-${select.name}`;
    select.value = stored(key) ?? "";
    // The column may be gone.
    if (select.selectedIndex < 0) select.selectedIndex = 0;
    show();
    select.addEventListener("change", () => {
      stored(key, select.value);
      show();
    });
    if (clipboard && !output)
      list.addEventListener("click", ({ target }) => {
        const value = target.closest("td :is(code, button), td:not(:has(code, button), :empty)");
        if (value) copy(value);
      });
  }

  // --- list of codes --------------------------------------------------------------------------

  const codes = lazy(() => import("./codes.js"));
  const field = document.getElementById("ui-filter");
  if (field) {
    // A host sends the error page for every URL that doesn't exist. If it's short, its text is a query.
    const home = document.querySelector(".brand").pathname;
    const typed =
      document.getElementById("ui-missing") && /^([^/]+\/)?[^/]+\/?$/.exec(location.pathname.slice(home.length))?.[0];
    // Some hosts always send it for the short URL of a code whose number is an error status.
    const short = typed && document.querySelector(`main a[data-code="${+typed.replace("/", "")}"]`);
    if (short) location.replace(short);
    const text = query ?? (typed && decodeURIComponent(typed.replace(/[-/]+/g, " ")));
    const narrow = async () => (await codes()).narrow();
    // The index loads before the first key.
    field.addEventListener("focus", narrow, { once: true });
    field.addEventListener("input", narrow);
    field.form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await (await codes()).openBest();
      } catch {
        field.form.submit();
      }
    });
    if (text) {
      field.value = text;
      narrow();
    }
  }

  let move;
  document.getElementById("ui-codes")?.addEventListener("keydown", async (event) => {
    if (!event.key.startsWith("Arrow") || hasModifier(event) || !event.target.closest(".tiles a")) return;
    if (!move) {
      event.preventDefault();
      ({ move } = await codes());
    }
    move(event);
  });
});
