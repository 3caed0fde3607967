// Loads the search index, and ranks pages by how well they match a query.

const ALIAS = 2, KEYWORD = 2.5, MESSAGE = 5, TEXT = 6, PREFIX = 1, TYPO = 3;
const MARKED = 0.5, LONGER = 0.1, PAGE = 1.2, LATER = 0.02, LATEST = 0.3;
const QUOTED = 3;

const fold = (text) => text.normalize("NFD").replace(/\p{M}|['’]/gu, "").toLowerCase();
const wordsOf = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];

// Spaces at both ends, so that one phrase contains another only as whole words.
const phraseOf = (text) => ` ${wordsOf(text).join(" ")} `;

const root = new URL("../", import.meta.url);
let site;

/** The items of the search index, which is loaded once. */
export function records() {
  site ??= fetch(new URL("search.json", root))
    .then((response) => response.json())
    .then(prepare)
    .catch((error) => {
      site = undefined;
      throw error;
    });
  return site;
}

/** The records of `search.json` as items that can be ranked. */
function prepare(index) {
  const at = (path) => new URL(path, root).href;
  const codes = index.codes.map(([number, name, marks, names, keywords, text, messages]) => ({
    number: String(number),
    title: name,
    marks,
    note: text,
    url: at(`${index.path}/${number}/`),
    extra: marks.length ? MARKED : 0,
    fields: [
      [wordsOf(name), 0],
      [wordsOf(names.join(" ")), ALIAS],
      [wordsOf(keywords.join(" ")), KEYWORD],
      [wordsOf(messages.join(" ")), MESSAGE],
      [wordsOf(text), TEXT],
    ],
    messages: messages.map(([message, program]) => ({
      length: wordsOf(message).length,
      phrase: phraseOf(message),
      parts: message.split("…").map(phraseOf),
      note: `${program}: ${message}`,
    })),
  }));
  const classes = index.classes.map(([label, name, low, high, unassigned]) => ({
    number: low === high ? `${low}` : label.replace("-", "–"),
    title: name,
    marks: [],
    note: `${low}–${high}`,
    url: at(`${index.path}/${label}/`),
    extra: 0,
    fields: [[wordsOf(name), 0]],
    low,
    high,
    unassigned,
  }));
  const pages = index.pages.map(([title, path, kind]) => ({
    number: "",
    title,
    marks: [],
    note: kind,
    url: at(path),
    extra: PAGE,
    fields: [[wordsOf(title), 0]],
  }));
  return { codes, classes, pages, noise: new Set(index.noise), words: index.words };
}

/** The items that match the query, best first; for an unassigned code, a new item. */
export function rank(site, query) {
  const all = wordsOf(query);
  const telling = all.filter((word) => !site.noise.has(word));
  const words = telling.length ? telling : all;
  const whole = words.filter((word) => isWhole(site, word));
  const named = (whole.length ? whole : words).flatMap((word) => byNumber(site, word));
  const found = [...byMessage(site, query), ...(named.length ? named : byWords(site, words))];
  const isSame = (a, b) => a.number === b.number && a.url === b.url;
  return found.filter((item, place) => found.findIndex((each) => isSame(each, item)) === place);
}

/** The codes with a message that the query quotes, or that contains the query, the closest first. */
function byMessage({ codes }, query) {
  const { length } = wordsOf(query);
  const phrase = phraseOf(query);
  const matches = (message) =>
    (length >= QUOTED && message.phrase.includes(phrase)) ||
    (message.length >= QUOTED && message.parts.every((part) => phrase.includes(part)));
  const distance = (message) => Math.abs(message.length - length);
  return codes
    .flatMap((code) => code.messages.filter(matches).map((message) => ({ code, message })))
    .sort((a, b) => distance(a.message) - distance(b.message))
    .map(({ code, message }) => ({ ...code, note: message.note }));
}

const isWhole = ({ codes, classes }, word) =>
  [...codes, ...classes].some((each) => fold(each.number) === word);

/** The items for a number or the label of a class; none for any other word. */
function byNumber({ codes, classes, words }, text) {
  const word = text.replace(/^0+(?=\d)/, "");
  const label = classes.find((each) => fold(each.number) === word);
  if (label) return [label, ...codes.filter((each) => within(label, each.number))];
  if (!/^\d+$/.test(word)) return [];
  const starts = codes.filter((each) => each.number.startsWith(word));
  const owner = classes.find((each) => within(each, word));
  if (owner && !starts.length) return [unassigned(owner, word, words.unassigned)];
  const whole = classes.filter((each) => /^\d/.test(each.number) && each.number.replace(/\D+$/, "") === word);
  return [...starts.filter((each) => each.number === word), ...whole, ...starts];
}

const within = ({ low, high }, number) => low <= Number(number) && Number(number) <= high;

const unassigned = (owner, number, title) => ({
  ...owner,
  number,
  title,
  note: owner.unassigned.replaceAll("{number}", number) || `${owner.number} ${owner.title}`,
});

/** The items that contain most of the words. */
function byWords({ codes, classes, pages }, words) {
  const rated = [...codes, ...classes, ...pages]
    .map((item) => ({ item, costs: words.map((word) => costOf(item, word)) }))
    .map(({ item, costs }) => {
      const met = costs.filter(Number.isFinite);
      // Of two names that contain the words, the shorter one is closer.
      const byName = met.length && met.every((cost) => cost < ALIAS);
      const longer = byName ? LONGER * (item.fields[0][0].length - words.length) : 0;
      return { item, met: met.length, cost: met.reduce((a, b) => a + b, item.extra + longer) };
    });
  const most = Math.max(0, ...rated.map((each) => each.met));
  if (most * 2 < words.length || !most) return [];
  return rated
    .filter((each) => each.met === most)
    .sort((a, b) => a.cost - b.cost)
    .map((each) => each.item);
}

function costOf({ fields }, word) {
  let best = Infinity;
  for (const [own, base] of fields) {
    if (base >= best) continue;
    for (const [place, other] of own.entries()) {
      let cost = Infinity;
      if (other === word) cost = base;
      else if (other.startsWith(word)) cost = base + PREFIX;
      else if (base < MESSAGE && isNear(word, other)) cost = base + TYPO;
      // The first words of a name matter most.
      cost += Math.min(place * LATER, LATEST);
      if (cost < best) best = cost;
    }
  }
  return best;
}

/** Whether the words differ by one typo, or by two if they are long. */
function isNear(a, b) {
  const allowed = a.length < 4 ? 0 : a.length < 8 ? 1 : 2;
  if (!allowed || Math.abs(a.length - b.length) > allowed) return false;
  // The distance of Damerau and Levenshtein, where two letters are swapped at most once.
  let before = [], last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], before[j - 2] + 1);
      }
    }
    [before, last] = [last, row];
  }
  return last[b.length] <= allowed;
}
