"use strict";
// A host sends this page for every URL that doesn't exist. If the URL ends in a number, the visitor
// most likely wants the code with that number.
const number = /0*(\d+)\D*$/.exec(location.pathname)?.[1];
const known = number && document.querySelector(`main a[data-code="${number}"]`);
const suggestion = document.getElementById("suggestion");
// Some hosts always send this page for the short URL of a code whose number is an error status.
if (known && location.pathname.replace(/\/$/, "") === new URL("../..", known).pathname + number) location.replace(known);
else if (known && suggestion) {
  const link = document.createElement("a");
  link.href = known.href;
  link.textContent = [...known.querySelectorAll(".number, .name")].map((part) => part.textContent).join(" ");
  suggestion.append(link);
  suggestion.hidden = false;
}
