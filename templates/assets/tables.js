// Sorts the rows of a table by any column, and filters them.
export default ({ counted, words }) => {
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });

  /** Sort by the column of this header, in the other direction each time. */
  const sort = (rows, head) => {
    const down = head.ariaSort === "ascending";
    for (const each of head.parentElement.cells) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const text = (row) => row.cells[head.cellIndex].textContent.trim();
    const sorted = rows.toSorted((a, b) => order.compare(text(a), text(b)) * (down ? -1 : 1));
    rows[0]?.parentElement.append(...sorted);
  };

  /** Hide the rows that don't match the text in the field. */
  const filter = (rows, field, count) => {
    const terms = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    // Codes match any of their rows; words match rows that contain all of them.
    const numbers = rows.map((row) => row.cells[0].textContent.trim().split(/\s/)[0]);
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

  return { sort, filter };
};
