// Loads the search index, and ranks pages by how well they match a query.

// How much a word counts in each field.
const NAME = 1, OTHER = 0.8, HEADING = 0.6, MESSAGE = 0.4, TEXT = 0.3;
// What changes a score: a mark, such as unofficial, or a name or keyword of several words that the query contains.
const MARKED = 0.75, PHRASE = 2;
// The share of the best score from which an item is a result.
const LEAST = 0.3;
// How many words a quoted message has at least, how many letters an ending has at most, and from how many letters on a
// word can have a typo.
const QUOTED = 3, ENDING = 3, LONG = 5;

const CONSTANT = /\p{Ll}\p{Lu}|_|::|\p{L}\.\p{L}/u;
const BORDER = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{L})(?=\p{Lu}\p{Ll}|\p{N})|(?<=\p{N})(?=\p{L})/gu;

const wordsOf = (text) =>
  text.normalize("NFKD").replace(/\p{M}|['’]/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** The words of a text that may contain constants, such as HTTPStatus404NotFound. */
const partsOf = (text) => wordsOf(text.replace(BORDER, " "));

// Spaces at both ends, so that one phrase contains another only as whole words.
const phraseOf = (words) => ` ${words.join(" ")} `;

const root = new URL("../", import.meta.url);
const load = async (name) => (await fetch(new URL(name, root))).json();
let site;

/** The items of the search index, which is loaded once. */
export function records() {
  site ??= load("search.json").then(prepare);
  site.catch(() => (site = null));
  return site;
}

/** Load the constants of programs if the query looks like one; nothing if they aren't needed or have been loaded. */
export function constants(site, query) {
  if (!CONSTANT.test(query) || site.constants) return;
  site.constants = [];
  return load("constants.json").then(
    (all) => (site.constants = all.map(([number, label, name]) => ({ number: `${number}`, note: `${label}: ${name}` }))),
    () => {},
  );
}

/** The records of `search.json` as items that can be ranked. */
function prepare(index) {
  const at = (path) => new URL(path, root).href;
  const classes = index.classes.map(([label, name, low, high, unassigned, hue]) => ({
    ...item([name], [], [[NAME, label]]),
    number: low === high ? `${low}` : label.replace("-", "–"),
    note: `${low}–${high}`,
    url: at(`${index.path}/${label}/`),
    hue,
    low,
    high,
    unassigned,
  }));
  const codes = index.codes.map(([low, name, marks, names, keywords, cells, text, messages]) => ({
    ...item([name, ...names], keywords, [[OTHER, ...cells], [MESSAGE, ...messages.flat()], [TEXT, text]]),
    number: `${low}`,
    marks,
    note: text,
    url: at(`${index.path}/${low}/`),
    hue: classes.find((each) => isWithin(each, low)).hue,
    low,
    messages: messages.map(([message, program]) => ({
      number: `${low}`,
      note: `${program}: ${message}`,
      words: wordsOf(message),
      parts: message.split("…").map((part) => phraseOf(wordsOf(part))),
    })),
  }));
  const pages = index.pages.map(([title, path, kind, keywords, headings, compared]) => ({
    ...item([title], keywords, [[HEADING, ...headings]]),
    number: "",
    note: kind,
    url: at(path),
    compared,
  }));
  const items = [...classes, ...codes, ...pages];
  return {
    codes,
    classes,
    pages,
    items,
    all: at(`${index.path}/`),
    constants: index.constants ? undefined : [],
    suggested: index.suggested.map((number) => codes.find((each) => each.low === number)),
    ignored: index.ignored,
    vocabulary: [...new Set(items.flatMap((each) => [...each.words.keys()]))],
    spelled: [...new Set(items.flatMap((each) => each.spelled))],
    words: index.words,
  };
}

/** What a page is found by: its names, its keywords, and other texts with how much their words count. */
function item(names, keywords, others) {
  const words = new Map();
  const count = (weight, text) => {
    for (const word of [...wordsOf(text), ...partsOf(text)]) words.set(word, Math.max(words.get(word) ?? 0, weight));
  };
  for (const name of names) {
    count(NAME, name);
    // People also write names without spaces.
    count(NAME, wordsOf(name).join(""));
  }
  for (const keyword of keywords) count(OTHER, keyword);
  const spelled = [...words.keys()];
  for (const [weight, ...texts] of others) for (const text of texts) count(weight, text);
  const named = names.map(partsOf);
  return { title: names[0], named, phrases: [...named, ...keywords.map(partsOf)], marks: [], words, spelled };
}

const withoutZeros = (word) => word.replace(/^0+(?=\d)/, "");
const isWithin = ({ low, high }, number) => low <= number && number <= high;

/** The items that match a query, best first; and the query without its typos, which is empty if it has none. */
export function rank(site, query) {
  const { codes, classes, items } = site;
  const isNumber = (word) => items.some((each) => each.number === withoutZeros(word));
  const isKnown = (word) => isNumber(word) || site.vocabulary.some((each) => each.startsWith(word));
  const all = query.split(/[^\p{L}\p{N}\p{M}'’]+/u).flatMap((text) => {
    const words = wordsOf(text);
    return words.every(isKnown) ? words : partsOf(text);
  });
  const telling = all.filter((word) => !site.ignored.includes(word));
  const words = telling.length ? telling : all;

  const numbers = [...new Set(words.filter(isNumber).map(withoutZeros))];
  const { found, meant } = byWords(site, words, phraseOf(partsOf(query)));
  const best = [...byMessage(codes, query), ...byConstant(site, query), ...byNumbers(site, numbers)];
  const [only, ...others] = words;
  if (only >= 0 && !best.length && !others.length) {
    const starts = (each) => each.number.replace(/x+$/, "").startsWith(withoutZeros(only));
    const found = [...classes, ...codes].filter(starts);
    if (found.length) return { found };
    const owner = classes.find((each) => isWithin(each, only));
    if (owner || !site.vocabulary.includes(only)) best.push(unassigned(site, owner, only));
  }
  const keys = new Set();
  const isNew = ({ number, url }) => keys.size < keys.add(number + url).size;
  return { found: [...best, ...found].filter(isNew), meant };
}

/** A link to an item, with these properties. */
export function resultOf({ number, title, marks, note, url, hue = "" }, element, properties) {
  const span = (className, ...children) => element("span", { className }, ...children);
  const named = span("title", title, ...marks.flatMap((mark) => [" ", span("mark", mark)]));
  const made = element("a", { href: url, ...properties }, span("number", number), " ", named, " ", span("note", note));
  made.dataset.hue = hue;
  return made;
}

/** What a line above the results says about them. */
export function statusOf({ query, found: { length }, meant, shown }, words, { counted, fill }) {
  if (!length) return fill(words.none, { query });
  if (meant) return fill(words.meant, { query: meant });
  return length > shown ? fill(words.more, { shown, count: length }) : counted(words.count, length);
}

/** The codes with a message that the query quotes, or that contains the query, the closest first. */
function byMessage(codes, query) {
  const words = wordsOf(query);
  const phrase = phraseOf(words);
  const matches = (message) =>
    (words.length >= QUOTED && phraseOf(message.words).includes(phrase)) ||
    (message.words.length >= QUOTED && message.parts.every((part) => phrase.includes(part)));
  const distance = (message) => Math.abs(message.words.length - words.length);
  const messages = codes.flatMap((code) => code.messages).filter(matches);
  return withNotes(codes, messages.sort((a, b) => distance(a) - distance(b)));
}

/** The codes with a constant that ends with the query, which may lack a prefix such as "http.". */
function byConstant({ codes, constants }, query) {
  const matches = ({ note }) => CONSTANT.test(query) && note.endsWith(query);
  return withNotes(codes, (constants ?? []).filter(matches));
}

const withNotes = (codes, texts) =>
  texts.map(({ number, note }) => ({ ...codes.find((each) => each.number === number), note }));

/** For several codes, the pages that compare them first; then the codes, and the codes in the classes. */
function byNumbers({ codes, items, pages }, numbers) {
  const comparing = pages.filter(({ compared }) => numbers[1] && numbers.every((each) => compared.includes(+each)));
  return [
    ...comparing.sort((a, b) => a.compared.length - b.compared.length),
    ...numbers
      .flatMap((word) => items.filter((each) => each.number === word))
      .flatMap((one) => [one, ...codes.filter((each) => isWithin(one, each.low))]),
  ];
}

/** A new item for a number that isn't a code: the class that it belongs to, or that it belongs to none. */
function unassigned({ classes, all, words }, owner, number) {
  const ranges = classes.map((each) => each.note).join(", ");
  return {
    url: all,
    marks: [],
    ...owner,
    number,
    title: owner ? words.unassigned : words.impossible,
    note: owner?.unassigned.replaceAll("{number}", number) || ranges,
    isMissing: true,
  };
}

/** The items that contain the words, best first; those that match far worse than the first are left out. */
function byWords({ items, vocabulary, spelled, ignored }, words, phrase) {
  const meanings = words.map((word) => meaningsOf(word, vocabulary, spelled));
  const shares = items.map((item) =>
    meanings.map(({ matches }) => Math.max(0, ...matches.map((word) => item.words.get(word) ?? 0))),
  );
  // A word counts more if fewer pages have it.
  const weights = words.map((_, at) => Math.log(1 + items.length / shares.filter((each) => each[at]).length));
  const total = (values) => values.reduce((sum, value, at) => sum + (value && value * weights[at]), 0);
  const isMet = (word) => meanings.some(({ matches }) => matches.includes(word));
  const rated = items.map((item, place) => {
    const covered = item.named.map((name) => {
      const telling = name.filter((word) => !ignored.includes(word));
      return telling.filter(isMet).length / (telling.length || 1);
    });
    const isNamed = item.phrases.some((each) => each.length > 1 && phrase.includes(phraseOf(each)));
    // Pages with most of the words come before those where a few words count more.
    const score = total(shares[place]) * total(shares[place].map(Math.sign)) * (1 + Math.max(...covered));
    return { item, score: score * (item.marks.length ? MARKED : 1) * (isNamed ? PHRASE : 1) };
  });
  const found = rated.filter(({ score }) => score).sort((a, b) => b.score - a.score);
  return {
    found: found.filter(({ score }) => score >= LEAST * found[0].score).map((each) => each.item),
    meant: meanings.some((each) => each.isTypo) && meanings.map(({ matches, isTypo }, at) => (isTypo ? matches[0] : words[at])).join(" "),
  };
}

/** The known words that a word of a query can mean. */
function meaningsOf(word, vocabulary, spelled) {
  const isStart = (each) => each.startsWith(word) || (each.length >= LONG && each.length + ENDING >= word.length && word.startsWith(each));
  const matches = vocabulary.filter(isStart);
  if (matches.length || word.length < LONG) return { matches };
  const near = spelled.filter((each) => isNear(word, each, word.length < 2 * LONG ? 1 : 2));
  return { matches: near, isTypo: near.length > 0 };
}

/** Whether so many edits turn one word into the other: add, drop, or replace a letter, or swap two. */
function isNear(a, b, edits) {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const [x, y] = [a.slice(same), b.slice(same)];
  if (x === y) return true;
  if (!edits || Math.abs(x.length - y.length) > edits) return false;
  const isNearFrom = (i, j) => isNear(x.slice(i), y.slice(j), edits - 1);
  return isNearFrom(1, 0) || isNearFrom(0, 1) || isNearFrom(1, 1) || (x[0] === y[1] && x[1] === y[0] && isNearFrom(2, 2));
}
