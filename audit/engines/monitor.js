// Record page errors in session storage, which the smoke test reads on later pages.
"use strict";
(() => {
  const record = (text) => {
    const errors = JSON.parse(sessionStorage.getItem("errors") ?? "[]");
    sessionStorage.setItem("errors", JSON.stringify([...errors, `${location.pathname}: ${text}`]));
  };
  for (const level of ["error", "warn"]) {
    const original = console[level];
    console[level] = (...words) => {
      record(`console ${level}: ${words.join(" ")}`);
      original.apply(console, words);
    };
  }
  const onError = ({ message, target }) =>
    record(message ? `page error: ${message}` : `failed to load: ${target.src ?? target.href}`);
  // Resource errors don't bubble, so listen in the capture phase.
  addEventListener("error", onError, true);
  addEventListener("unhandledrejection", ({ reason }) => record(`unhandled rejection: ${reason}`));
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
    record(`blocked by ${violatedDirective}: ${blockedURI} ${sample}`.trim()),
  );
})();
