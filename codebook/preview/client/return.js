// Where a page has to be loaded anew: what was open, typed in and focused, and where it was scrolled to.

const KEY = "codebook-return";

const opened = () => [...document.querySelectorAll("main details")];
const fields = () => [...document.querySelectorAll("input[id]")].filter((each) => !each.closest("dialog"));

/** Note it for the load that comes next. */
export function remember() {
  const state = {
    path: location.pathname,
    scroll: [scrollX, scrollY],
    open: opened().map((each) => each.open),
    typed: fields().map((each) => [each.id, each.value]),
    focus: document.activeElement?.id ?? "",
  };
  sessionStorage.setItem(KEY, JSON.stringify(state));
}

/** Bring back what was noted, once the scripts of the page have run. */
export function restore() {
  const noted = sessionStorage.getItem(KEY);
  if (!noted) return;
  sessionStorage.removeItem(KEY);
  const state = JSON.parse(noted);
  if (state.path !== location.pathname) return;
  addEventListener("DOMContentLoaded", () => {
    for (const [at, each] of opened().entries()) each.open = state.open[at] ?? each.open;
    for (const [id, value] of state.typed) {
      const field = document.getElementById(id);
      if (!field || field.value === value) continue;
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (state.focus) document.getElementById(state.focus)?.focus({ preventScroll: true });
    scrollTo({ left: state.scroll[0], top: state.scroll[1], behavior: "instant" });
  });
}
