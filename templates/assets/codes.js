// Filters the list of codes as you type, shows the best results above it, and moves between tiles with arrow keys.
import { constants, rank, records, resultOf, statusOf } from "./rank.js";

const SHOWN = 3;

export default ({ element, words, ...texts }) => {
  const field = document.getElementById("ui-filter");
  const status = document.getElementById("ui-search-status");
  const list = document.getElementById("ui-codes");
  const codes = [...(list?.querySelectorAll("[data-code]") ?? [])];
  const results = element("ul", { className: "links" });
  status?.after(results);
  let best;

  /** Show the codes that match the text in the field. */
  const narrow = async () => {
    const query = field.value.trim();
    let site;
    try {
      site = await records();
      await constants(site, query);
    } catch {
      status.textContent = words.search.failed;
      return;
    }
    if (query !== field.value.trim()) return;
    const { found, meant } = query ? rank(site, query) : { found: [] };
    status.textContent = query && statusOf({ query, found, meant, shown: SHOWN }, site.words, texts);
    const numbers = found.map((each) => each.number);
    const isMatch = (code) => numbers.includes(code.dataset.code);
    // If only other pages match, the codes stay as they are.
    const isNarrow = codes.some(isMatch);
    list?.classList.toggle("narrow", isNarrow);
    for (const code of codes) code.closest("li, div").hidden = isNarrow && !isMatch(code);
    [best] = found;
    results.replaceChildren(...found.slice(0, SHOWN).map((item) => element("li", {}, resultOf(item, element))));
  };

  /** Open the page that matches best. A number without a page of its own has only its result. */
  const openBest = async () => {
    await narrow();
    if (best && !best.isMissing) location.href = best.url;
  };

  /** Follow the places of tiles on the screen, while Tab follows the document. */
  const move = (event) => {
    const here = document.activeElement.closest(".tiles a");
    if (!here) return;
    const forward = here.matches(":dir(rtl)") ? -1 : 1;
    const x = { ArrowRight: forward, ArrowLeft: -forward }[event.key];
    const y = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const tiles = [...document.querySelectorAll("#ui-codes .tiles li:not([hidden]) a")];
    const { left, top } = here.getBoundingClientRect();
    const rated = tiles.map((tile) => {
      const box = tile.getBoundingClientRect();
      const rows = Math.round((box.top - top) * y);
      return { tile, rows, distance: rows * innerWidth + Math.abs(box.left - left) };
    });
    const [near] = rated.filter(({ rows }) => rows > 0).sort((a, b) => a.distance - b.distance);
    const next = y ? near?.tile : tiles[tiles.indexOf(here) + x];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  return { move, narrow, openBest };
};
