"use strict";
// A host sends this page for every address that nobody has. Where the address ends in a number, the
// visitor most likely wants the code of that number.
const number = /(\d+)\D*$/.exec(location.pathname)?.[1];
const known = number && document.querySelector(`main a[data-code="${number}"]`);
const suggestion = document.getElementById("suggestion");
// On some hosts this page is the only one that the short address of its own number can ever show.
if (known && location.pathname.replace(/\/$/, "") === new URL("../..", known).pathname + number) location.replace(known);
else if (known && suggestion) {
  const link = document.createElement("a");
  link.href = known.href;
  link.textContent = [...known.querySelectorAll(".number, .name")].map((part) => part.textContent).join(" ");
  suggestion.append("Are you looking for ", link, "?");
  suggestion.hidden = false;
}
