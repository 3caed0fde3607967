"use strict";
// Runs before the first paint, so that pages don't flash in the wrong theme and controls don't appear late.
document.documentElement.classList.add("scripts");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Without storage, the system's theme applies.
}
