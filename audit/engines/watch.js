// Notes what no page may do where the journey finds it, whatever page comes next.
"use strict";
(() => {
  const note = (words) => {
    const noted = JSON.parse(sessionStorage.getItem("faults") ?? "[]");
    sessionStorage.setItem("faults", JSON.stringify([...noted, `${location.pathname}: ${words}`]));
  };
  for (const level of ["error", "warn"]) {
    const tell = console[level];
    console[level] = (...words) => {
      note(`console ${level}: ${words.join(" ")}`);
      tell.apply(console, words);
    };
  }
  const failed = ({ message, target }) =>
    note(message ? `page error: ${message}` : `not loaded: ${target.src ?? target.href}`);
  // What a page fails to load is told to its element alone, on the way down.
  addEventListener("error", failed, true);
  addEventListener("unhandledrejection", ({ reason }) => note(`unhandled rejection: ${reason}`));
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
    note(`forbidden by ${violatedDirective}: ${blockedURI} ${sample}`.trim()),
  );
})();
