// Keeps open details, form fields, focus, and the scroll position across a reload.

const KEY = "codebook-return";

const details = () => [...document.querySelectorAll("main details")];
const inputs = () => [...document.querySelectorAll("input[id]")].filter((input) => !input.closest("dialog"));

/** Save the state for the reload that comes next. */
export function saveState() {
  const state = {
    path: location.pathname,
    scroll: [scrollX, scrollY],
    open: details().map((element) => element.open),
    typed: inputs().map((input) => [input.id, input.value]),
    focus: document.activeElement?.id ?? "",
  };
  sessionStorage.setItem(KEY, JSON.stringify(state));
}

/** Restore the saved state, once the scripts of the page have run. */
export function restoreState() {
  const saved = sessionStorage.getItem(KEY);
  if (!saved) return;
  sessionStorage.removeItem(KEY);
  const state = JSON.parse(saved);
  if (state.path !== location.pathname) return;
  addEventListener("DOMContentLoaded", () => {
    for (const [index, element] of details().entries()) element.open = state.open[index] ?? element.open;
    for (const [id, value] of state.typed) {
      const input = document.getElementById(id);
      if (!input || input.value === value) continue;
      input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (state.focus) document.getElementById(state.focus)?.focus({ preventScroll: true });
    scrollTo({ left: state.scroll[0], top: state.scroll[1], behavior: "instant" });
  });
}
