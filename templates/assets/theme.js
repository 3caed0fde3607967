"use strict";
// Runs before the first paint, so that no page flashes in the wrong colours and no control jumps in.
document.documentElement.classList.add("scripts");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden: the system's choice stands.
}
