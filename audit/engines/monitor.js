// Notes the errors of a page in the session, where the journey finds them on any later page.
"use strict";
(() => {
  const note = (text) => {
    const errors = JSON.parse(sessionStorage.getItem("errors") ?? "[]");
    sessionStorage.setItem("errors", JSON.stringify([...errors, `${location.pathname}: ${text}`]));
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
