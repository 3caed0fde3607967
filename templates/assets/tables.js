// A table with a place for it can be sorted by any column, and cut down to the rows that hold some words.
import { element } from "./dom.js";

const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
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
  const label = element("label", { htmlFor: field.id }, "Only rows with");
  const count = element("span", { className: "note" });
  count.setAttribute("role", "status");
  const numbers = rows.map((row) => row.cells[0].textContent.trim().split(/\s/)[0]);
  const narrow = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    // Several codes mean each of them; words mean the rows that hold them all.
    const codes = words.filter((word) => numbers.includes(word));
    const rest = words.filter((word) => !codes.includes(word));
    let shown = 0;
    rows.forEach((row, at) => {
      const text = row.textContent.toLowerCase();
      const fits = (!codes.length || codes.includes(numbers[at])) && rest.every((word) => text.includes(word));
      row.hidden = !fits;
      shown += fits;
    });
    count.textContent = words.length ? `${shown} of ${rows.length} rows` : `${rows.length} rows`;
  };
  field.addEventListener("input", narrow);
  field.value = asked;
  narrow();
  place.append(label, field, count);
}
