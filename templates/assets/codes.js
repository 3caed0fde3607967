// The list of codes narrows while its field is typed into, and its tiles can be walked by arrow keys.
import { rank } from "./rank.js";
import { records } from "./records.js";

const field = document.getElementById("ui-filter");
const found = document.getElementById("ui-found");
const codes = [...document.querySelectorAll("#ui-codes [data-code]")].map((part) => ({
  number: part.dataset.code,
  link: part.matches("a") ? part : part.querySelector("a"),
  box: part.closest("li, div"),
}));
const groups = [...document.querySelectorAll("#ui-codes :is(section, dl, h3, .contents)")];

let best;

async function narrow() {
  const query = field.value.trim();
  let answers = [];
  try {
    if (query) answers = rank(await records(), query);
  } catch {
    found.textContent = "The search could not be loaded. All codes are below.";
    return;
  }
  if (query !== field.value.trim()) return;
  const places = new Map(answers.filter((each) => each.number).map((each, place) => [each.number, place]));
  for (const { number, box } of codes) box.hidden = Boolean(query) && !places.has(number);
  for (const group of groups) {
    const list = group.matches("h3") ? group.nextElementSibling : group;
    group.hidden = Boolean(query) && !list.querySelector("[data-code]:not([hidden] *, [hidden])");
  }
  document.querySelector("#ui-codes .first")?.classList.remove("first");
  const shown = codes.filter(({ box }) => !box.hidden);
  best = answers[0];
  shown.find(({ number }) => number === best?.number)?.box.classList.add("first");
  if (!query) found.textContent = "";
  else if (best && !shown.length) found.textContent = best.number ? `${best.title}: ${best.note}` : `No code, but: ${best.title}`;
  else found.textContent = `${shown.length} of ${codes.length} codes`;
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

// Arrow keys walk over the tiles as they lie on the screen; Tab goes through them one by one.
document.getElementById("ui-codes").addEventListener("keydown", (event) => {
  const steps = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
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
