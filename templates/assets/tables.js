// Sorts long tables by any column, and filters their rows.
import { counted, element, words } from "./dom.js";

const order = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
const asked = new URLSearchParams(location.search).get("q") ?? "";

document.querySelectorAll("main .filter").forEach((place, number) => {
  const table = place.nextElementSibling.querySelector("table");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  sortable(table, body, rows);
  filterable(place, rows, number);
});

function sortable(table, body, rows) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = element("button", { type: "button", className: "sorter" }, ...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.ariaSort === "ascending";
      for (const each of heads) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const text = (row) => row.cells[column].textContent.trim();
      const sorted = rows.toSorted((a, b) => order.compare(text(a), text(b)) * (down ? -1 : 1));
      body.append(...sorted);
    });
  });
}

function filterable(place, rows, number) {
  const field = element("input", { type: "text", id: `ui-rows-${number}`, autocomplete: "off", spellcheck: false });
  const label = element("label", { htmlFor: field.id }, words.rows.label);
  const count = element("span", { className: "note" });
  count.setAttribute("role", "status");
  const numbers = rows.map((row) => row.cells[0].textContent.trim().split(/\s/)[0]);
  const narrow = () => {
    const terms = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    // Codes match any of their rows; words match rows that contain all of them.
    const codes = terms.filter((word) => numbers.includes(word));
    const rest = terms.filter((word) => !codes.includes(word));
    let shown = 0;
    rows.forEach((row, at) => {
      const text = row.textContent.toLowerCase();
      const fits = (!codes.length || codes.includes(numbers[at])) && rest.every((word) => text.includes(word));
      row.hidden = !fits;
      shown += fits;
    });
    const text = terms.length ? words.rows.shown : words.rows.count;
    count.textContent = counted(text, rows.length, { shown });
  };
  field.addEventListener("input", narrow);
  field.value = asked;
  narrow();
  place.append(label, field, count);
}
