// Sorts the rows of a table by any column, filters them, and lets the keyboard copy their values.
export default ({ element }) => {
  const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;

  /** Sort by the column of this header, in the other direction each time. */
  const sort = (rows, head) => {
    const down = head.ariaSort === "ascending";
    for (const each of head.parentElement.cells) each.ariaSort = null;
    head.ariaSort = down ? "descending" : "ascending";
    const text = (row) => row.cells[head.cellIndex].textContent.trim();
    const sorted = rows.toSorted((a, b) => compare(text(a), text(b)) * (down ? -1 : 1));
    rows[0]?.parentElement.append(...sorted);
  };

  /** Hide the rows that don't match the text, and the columns without a value in the others. */
  const filter = (rows, wanted) => {
    const terms = wanted.toLowerCase().split(/\s+/).filter(Boolean);
    // Codes match any of their rows; words match rows that contain all of them.
    const numbers = rows.map((row) => row.cells[0].textContent.trim().split(/\s/)[0]);
    const codes = terms.filter((word) => numbers.includes(word));
    const rest = terms.filter((word) => !codes.includes(word));
    rows.forEach((row, at) => {
      const text = row.textContent.toLowerCase();
      const fits = (!codes.length || codes.includes(numbers[at])) && rest.every((word) => text.includes(word));
      row.hidden = !fits;
    });
    if (document.querySelector(".choice select")?.value) return;
    const table = rows[0].closest("table");
    const shown = rows.filter((row) => row.offsetHeight);
    for (const { cellIndex } of table.tHead.rows[0].cells) {
      const texts = shown.map((row) => row.cells[cellIndex].textContent.trim());
      const hidden = texts.length > 0 && texts.every((text) => /^(–|$)/.test(text));
      for (const row of table.rows) row.cells[cellIndex].hidden = hidden;
    }
  };

  /** Make the values in a column buttons, so that the keyboard can copy them, and no others. */
  const addButtons = (table, column) => {
    for (const button of table.querySelectorAll("td button")) button.replaceWith(...button.childNodes);
    for (const { cells } of column ? table.tBodies[0].rows : []) {
      const codes = cells[column].querySelectorAll("code");
      for (const value of codes.length ? codes : [...cells[column].childNodes]) {
        const button = element("button", { type: "button" });
        value.replaceWith(button);
        button.append(value);
      }
    }
  };

  return { addButtons, filter, sort };
};
