// Filters the list of codes as you type, and moves between its tiles with the arrow keys.
import { counted, fill, words } from "./dom.js";
import { rank } from "./rank.js";
import { records } from "./records.js";

const field = document.getElementById("ui-filter");
const status = document.getElementById("ui-search-status");
const codes = [...document.querySelectorAll("#ui-codes [data-code]")].map((part) => ({
  number: part.dataset.code,
  link: part.matches("a") ? part : part.querySelector("a"),
  box: part.closest("li, div"),
}));
const groups = [...document.querySelectorAll("#ui-codes :is(section, dl, h3, .contents)")];

let best;

async function narrow() {
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
}

field.addEventListener("input", narrow);
field.addEventListener("focus", () => records().catch(() => {}), { once: true });
field.form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await narrow();
  if (best) location.href = best.url;
});

const query = new URLSearchParams(location.search).get("q");
if (query) {
  field.value = query;
  narrow();
}

// Arrow keys follow the tiles on the screen; Tab follows their order in the document.
document.getElementById("ui-codes").addEventListener("keydown", (event) => {
  const forward = getComputedStyle(event.target).direction === "rtl" ? -1 : 1;
  const steps = { ArrowRight: [forward, 0], ArrowLeft: [-forward, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  const step = steps[event.key];
  const here = event.target.closest(".tiles a");
  if (!step || !here || event.altKey || event.ctrlKey || event.metaKey) return;
  const tiles = codes.filter(({ box }) => !box.hidden).map(({ link }) => link);
  const [x, y] = step;
  let next = tiles[tiles.indexOf(here) + x];
  if (y) {
    const own = here.getBoundingClientRect();
    const beyond = tiles
      .map((tile) => ({ tile, box: tile.getBoundingClientRect() }))
      .filter(({ box }) => (box.top - own.top) * y > 1);
    const row = Math.min(...beyond.map(({ box }) => box.top * y));
    next = beyond
      .filter(({ box }) => Math.abs(box.top * y - row) < 1)
      .sort((a, b) => Math.abs(a.box.left - own.left) - Math.abs(b.box.left - own.left))[0]?.tile;
  }
  if (!next) return;
  event.preventDefault();
  next.focus();
});
