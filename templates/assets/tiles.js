// Moves between the tiles of codes: arrow keys follow their places on the screen, while Tab follows the document.
export default () => (event) => {
  const here = document.activeElement.closest(".tiles a");
  if (!here) return;
  const forward = getComputedStyle(here).direction === "rtl" ? -1 : 1;
  const steps = { ArrowRight: [forward, 0], ArrowLeft: [-forward, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  const [x, y] = steps[event.key];
  const tiles = [...document.querySelectorAll("#ui-codes .tiles li:not([hidden]) a")];
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
};
