// Loads the search index, and ranks pages by how well they match a query.

// How much a word counts in each field.
const NAME = 1, ALIAS = 0.8, KEYWORD = 0.8, HEADING = 0.6, MESSAGE = 0.4, TEXT = 0.3;
const START = 0.7, TYPO = 0.7, MARKED = 0.75, WHOLE = 1, PHRASE = 2, LEAST = 0.3;
const QUOTED = 3, ENDING = 3, LONG = 5;

const CONSTANT = /\p{Ll}\p{Lu}|_|::|\p{L}\.\p{L}/u;

const fold = (text) => text.normalize("NFKD").replace(/\p{M}|['’]/gu, "").toLowerCase();
const wordsOf = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** The text with spaces where a constant such as HTTPStatus404NotFound has none. */
const split = (text) =>
  text.replace(/(?<=\p{Ll})(?=\p{Lu})|(?<=\p{L})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/gu, " ");

const lettersOf = (text) => wordsOf(text).join("");

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
  const codes = index.codes.map(([number, name, marks, names, keywords, cells, text, messages]) => ({
    ...item([name, ...names], keywords, [[ALIAS, ...cells], [MESSAGE, ...messages.flat()], [TEXT, text]]),
    number: String(number),
    low: number,
    high: number,
    marks,
    note: text,
    url: at(`${index.path}/${number}/`),
    hue: classes.find((each) => isWithin(each, number)).hue,
    factor: marks.length ? MARKED : 1,
    messages: messages.map(([message, program]) => ({
      length: wordsOf(message).length,
      phrase: phraseOf(message),
      parts: message.split("…").map(phraseOf),
      note: `${program}: ${message}`,
    })),
  }));
  const pages = index.pages.map(([title, path, kind, keywords, headings, compared]) => ({
    ...item([title], keywords, [[HEADING, ...headings]]),
    number: "",
    note: kind,
    url: at(path),
    compared: [...(title.match(/\d+/g) ?? []), ...compared.map(String)],
  }));
  const numbered = [...codes, ...classes];
  const items = [...numbered, ...pages];
  return {
    codes,
    classes,
    numbered,
    pages,
    items,
    tables: index.constants,
    suggested: index.suggested.map((number) => codes.find((each) => each.number === `${number}`)),
    ignored: new Set(index.ignored),
    all: at(`${index.path}/`),
    vocabulary: new Set(items.flatMap((each) => [...each.words.keys()])),
    spelled: new Set(items.flatMap((each) => [...each.spelled])),
    words: index.words,
  };
}

/** Load the constants of programs if the query looks like one; nothing if they aren't needed or have been loaded. */
export function constants(site, query) {
  if (!CONSTANT.test(query) || site.constants) return;
  site.constants = [];
  const load = async (path) => {
    const { columns, rows } = await (await fetch(new URL(path, root))).json();
    const labels = new Map(columns.map(({ key, label }) => [key, label]));
    for (const { number, cells: { code, ...cells } } of rows)
      for (const [key, cell] of Object.entries(cells))
        for (const name of cell.split("; ").map((value) => value.replace(/ \(.*/, "")))
          site.constants.push({ number: `${number}`, note: `${labels.get(key)}: ${name}`, letters: lettersOf(name) });
  };
  return Promise.all(site.tables.map(load)).catch(() => {});
}

/** The codes with a constant that ends like the query, the shortest first. */
function byConstant({ codes, constants = [] }, query) {
  const letters = lettersOf(query);
  return (CONSTANT.test(query) ? constants : [])
    .filter((each) => each.letters.endsWith(letters))
    .sort((a, b) => a.letters.length - b.letters.length)
    .map(({ number, note }) => ({ ...codes.find((each) => each.number === number), note }));
}

/** What a page is found by: its names, its keywords, and other texts with how much their words count. */
function item(names, keywords, others) {
  const words = new Map();
  const named = names.map((name) => wordsOf(split(name)));
  const count = (weight, text) => {
    for (const word of [...wordsOf(text), ...wordsOf(split(text))]) words.set(word, Math.max(words.get(word) ?? 0, weight));
  };
  // People also write names without spaces.
  for (const text of [...names, ...named.map((name) => name.join(""))]) count(NAME, text);
  for (const text of keywords) count(KEYWORD, text);
  const spelled = [...words.keys()];
  for (const [weight, ...texts] of others) for (const text of texts) count(weight, text);
  const phrases = [...names, ...keywords].map((text) => phraseOf(split(text))).filter((text) => / \S+ \S/.test(text));
  return { title: names[0], named, phrases, marks: [], words, spelled, factor: 1 };
}

/** The items that match a query, best first; and the query without its typos, which is empty if it has none. */
export function rank(site, query) {
  const words = tellingWords(site, query);
  const numbers = [...new Set(words.map(number).filter((word) => isWhole(site, word)))];
  const { found, meant } = byWords(site, words, phraseOf(split(query)));
  const all = [...byMessage(site, query), ...byConstant(site, query), ...byNumbers(site, numbers)];
  const [digits, ...others] = words.filter((word) => /^\d+$/.test(word));
  if (digits && !numbers.length && !others.length) {
    const isOnly = words.length === 1;
    if (isOnly) all.push(...byStart(site, number(digits)));
    if (!all.length && !site.vocabulary.has(digits)) all.push(...unassigned(site, digits, isOnly));
  }
  if (numbers.length || !all.length || words.length > 1) all.push(...found);
  const isSame = (a, b) => a.number === b.number && a.url === b.url;
  return { found: all.filter((each, place) => all.findIndex((other) => isSame(other, each)) === place), meant };
}

const number = (word) => word.replace(/^0+(?=\d)/, "");
const isWhole = ({ numbered }, word) => numbered.some((each) => fold(each.number) === word);
const isWithin = ({ low, high }, number) => low <= Number(number) && Number(number) <= high;

/** The words of a query, without those that say nothing about it. Unknown words are split like constants. */
function tellingWords(site, query) {
  const known = [...site.vocabulary];
  const isKnown = (word) => isWhole(site, number(word)) || known.some((each) => each.startsWith(word));
  const all = query.split(/[^\p{L}\p{N}\p{M}'’]+/u).flatMap((text) => {
    const words = wordsOf(text);
    return words.every(isKnown) ? words : wordsOf(split(text));
  });
  const telling = all.filter((word) => !site.ignored.has(word));
  return telling.length ? telling : all;
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

/** For several codes, the pages that compare them first; then the codes, and those of the classes. */
function byNumbers({ codes, numbered, pages }, numbers) {
  const others = (page) => page.compared.length - numbers.length;
  const comparing = pages.filter((page) => numbers.every((each) => page.compared.includes(each)));
  return [
    ...(numbers.length > 1 ? comparing.sort((a, b) => others(a) - others(b)) : []),
    ...numbers
      .flatMap((word) => numbered.filter((each) => fold(each.number) === word))
      .flatMap((one) => [one, ...codes.filter((each) => isWithin(one, each.number))]),
  ];
}

/** The codes and classes that start with these digits. */
function byStart({ codes, classes }, digits) {
  const starts = codes.filter((each) => each.number.startsWith(digits));
  const whole = classes.filter((each) => /^\d/.test(each.number) && each.number.replace(/\D+$/, "") === digits);
  return [...whole, ...starts];
}

/** A new item for a number that isn't a code: the class that it belongs to, or that it belongs to none. */
function unassigned({ classes, all, words }, number, isOnly) {
  const owner = classes.find((each) => isWithin(each, number));
  const own = { number, marks: [], isMissing: true };
  if (!owner) return isOnly ? [{ ...own, title: words.impossible, note: classes.map((each) => each.note).join(", "), url: all }] : [];
  const note = owner.unassigned.replaceAll("{number}", number) || `${owner.number} ${owner.title}`;
  return [{ ...owner, ...own, title: words.unassigned, note }];
}

/** The items that contain the words, best first; those that match far worse than the first are left out. */
function byWords({ items, vocabulary, spelled, ignored }, words, phrase) {
  const meanings = words.map((word) => meaningsOf(word, vocabulary, spelled));
  const factors = meanings.map(({ matches }) => new Map(matches));
  const scores = items.map((item) =>
    factors.map((factor) => Math.max(0, ...[...factor].map(([word, share]) => (item.words.get(word) ?? 0) * share))),
  );
  // A word counts more if fewer pages have it.
  const weights = factors.map((_, at) => Math.log(1 + items.length / scores.filter((score) => score[at]).length));
  const rated = items.map((item, place) => {
    const total = (values) => values.reduce((sum, value, at) => sum + (value && value * weights[at]), 0);
    // Pages with most of the words come before those where a few words count more.
    const sum = total(scores[place]) * total(scores[place].map(Math.sign));
    const covered = (name) => {
      const telling = name.filter((word) => !ignored.has(word));
      return telling.length && telling.filter((word) => factors.some((factor) => factor.has(word))).length / telling.length;
    };
    const isNamed = item.phrases.some((each) => phrase.includes(each));
    return { item, score: sum * item.factor * (1 + WHOLE * Math.max(...item.named.map(covered))) * (isNamed ? PHRASE : 1) };
  });
  const least = LEAST * Math.max(...rated.map((each) => each.score));
  const found = rated.filter(({ score }) => score && score >= least).sort((a, b) => b.score - a.score);
  const isMeant = meanings.some((each) => each.isTypo);
  return {
    found: found.map((each) => each.item),
    meant: isMeant ? meanings.map(({ matches, isTypo }, at) => (isTypo ? matches[0][0] : words[at])).join(" ") : "",
  };
}

/** The known words that a word of a query can mean, each with how much the match counts. */
function meaningsOf(word, vocabulary, spelled) {
  const isStart = (each) => each.startsWith(word) || (each.length >= LONG && each.length + ENDING >= word.length && word.startsWith(each));
  const matches = [...vocabulary].filter(isStart).map((each) => [each, each === word ? 1 : START]);
  if (matches.length || word.length < LONG) return { matches };
  for (let edits = 1; edits <= (word.length < 2 * LONG - 2 ? 1 : 2); edits++) {
    const near = [...spelled].filter((each) => isNear(word, each, edits));
    if (near.length) return { matches: near.map((each) => [each, TYPO]), isTypo: true };
  }
  return { matches };
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
