// Filters the list of codes as you type.
import { rank, records } from "./rank.js";

export default ({ counted, fill, words }) => {
  const field = document.getElementById("ui-filter");
  const status = document.getElementById("ui-search-status");
  const codes = [...document.querySelectorAll("#ui-codes [data-code]")].map((part) => ({
    number: part.dataset.code,
    box: part.closest("li, div"),
  }));
  const groups = [...document.querySelectorAll("#ui-codes :is(section, dl, h3, .contents)")];
  let best;

  /** Show the codes that match the text in the field. */
  const narrow = async () => {
    const query = field.value.trim();
    let site;
    try {
      if (query) site = await records();
    } catch {
      status.textContent = words.search.failed;
      return;
    }
    if (query !== field.value.trim()) return;
    const results = query ? rank(site, query) : [];
    const places = new Map(results.filter((each) => each.number).map((each, place) => [each.number, place]));
    for (const { number, box } of codes) box.hidden = Boolean(query) && !places.has(number);
    for (const group of groups) {
      const list = group.matches("h3") ? group.nextElementSibling : group;
      group.hidden = Boolean(query) && !list.querySelector("[data-code]:not([hidden] *, [hidden])");
    }
    document.querySelector("#ui-codes .first")?.classList.remove("first");
    const shown = codes.filter(({ box }) => !box.hidden);
    best = results[0];
    shown.find(({ number }) => number === best?.number)?.box.classList.add("first");
    if (!query) status.textContent = "";
    else if (!best) status.textContent = fill(site.words.none, { query });
    else if (shown.length) status.textContent = counted(site.words.codes, codes.length, { shown: shown.length });
    else if (best.number) status.textContent = fill(site.words.no_code, { title: best.title, text: best.note });
    else status.textContent = fill(site.words.related, { title: best.title });
  };

  /** Open the page that matches best. */
  const openBest = async () => {
    await narrow();
    if (best) location.href = best.url;
  };

  // The index loads while the visitor types.
  records().catch(() => {});
  return { narrow, openBest };
};
