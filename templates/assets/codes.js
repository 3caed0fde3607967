// Filters the list of codes as you type, and shows the best results above it.
import { constants, rank, records } from "./rank.js";

const SHOWN = 3;

export default ({ counted, element, fill, words }) => {
  const field = document.getElementById("ui-filter");
  const status = document.getElementById("ui-search-status");
  const codes = [...document.querySelectorAll("#ui-codes [data-code]")].map((part) => ({
    number: part.dataset.code,
    box: part.closest("li, div"),
  }));
  const groups = [...document.querySelectorAll("#ui-codes :is(section, dl, h3, .contents)")];
  const results = element("ul", { className: "links" });
  status.after(results);
  let best;

  /** Show the codes that match the text in the field. */
  const narrow = async () => {
    const query = field.value.trim();
    let site;
    try {
      if (query) site = await records();
      if (query) await constants(site, query);
    } catch {
      status.textContent = words.search.failed;
      return;
    }
    if (query !== field.value.trim()) return;
    const { found, meant } = query ? rank(site, query) : { found: [] };
    const numbers = new Set(found.map((each) => each.number));
    // If only other pages match, the codes stay as they are.
    const isNarrow = codes.some((each) => numbers.has(each.number));
    for (const { number, box } of codes) box.hidden = isNarrow && !numbers.has(number);
    for (const group of groups) {
      const list = group.matches("h3") ? group.nextElementSibling : group;
      group.hidden = isNarrow && !list.querySelector("[data-code]:not([hidden] *, [hidden])");
    }
    [best] = found;
    results.replaceChildren(...found.slice(0, SHOWN).map(result));
    if (!query) status.textContent = "";
    else if (!best) status.textContent = fill(site.words.none, { query });
    else if (meant) status.textContent = fill(site.words.meant, { query: meant });
    else status.textContent = counted(site.words.count, found.length);
  };

  const result = ({ number, title, note, url, hue }) => {
    const link = element("a", { href: url }, element("span", { className: "number" }, number), ` ${title}`);
    const made = element("li", {}, link, element("span", { className: "note" }, note));
    if (hue) made.dataset.hue = hue;
    return made;
  };

  /** Open the page that matches best. A number without a page of its own has only its result. */
  const openBest = async () => {
    await narrow();
    if (best && !best.isMissing) location.href = best.url;
  };

  // The index loads while the visitor types.
  records().catch(() => {});
  return { narrow, openBest };
};
