// Brings a page to what the host would send now, and leaves alone what scripts have made of it.
//
// The last document of the host is kept beside the page. What differs between it and the new one is
// done to the nodes of the page that came from it, wherever scripts have moved them: so focus, scroll,
// fields, open parts and every listener stay. What a script would have to see, like a new heading or
// another row of a table that it sorts, cannot be redrawn, and throws.

// What scripts look for by its nature, should there be none on the page yet.
const HARD = "script, form, input, textarea, select, button, pre, table, [id]";
const PAIRS = 40_000;

/** The node of the page, by the node of the kept document that it came from. */
const nodes = new WeakMap();
let kept;
/** Kinds of elements in which scripts have moved or added something; null while not looked for. */
let touched = null;

/** Keep what the host has sent; the version of the site that `own`, our script, says it is from. */
export function keep(own) {
  // A document of its own, in which no picture is loaded a second time.
  kept = document.implementation.createHTMLDocument("").importNode(document.documentElement, true);
  pair(kept, document.documentElement);
  return take(kept, own.getAttribute("src"));
}

/** Bring the page to this document; its version. Throws where only a new load can show it. */
export function redraw(sent) {
  const now = sent?.documentElement;
  if (!now) throw new Error("it is no document");
  const version = take(now, "/-codebook/preview.js");
  touched = null;
  compareRoots(now);
  children(kept, now);
  return version;
}

/** Show another state of a style sheet, if this page has it, while the page that names it is on its way. */
export function swap(address) {
  for (const old of kept.querySelectorAll("link[rel=stylesheet]")) {
    const href = old.getAttribute("href");
    if (plain(href) !== plain(address)) continue;
    const now = old.cloneNode();
    now.setAttribute("href", href.replace(/[^/]*$/, address.match(/[^/]*$/)[0]));
    patch(old, now);
  }
}

/** Which sheet it is: its address from the folder of assets on, without what tells its content. */
const plain = (address) => address.replace(/^.*?assets\//, "").replace(/[^.]+\.css$/, "");

/** The version that the script in a document names; what names it is left out of comparisons. */
function take(root, src) {
  const own = root.querySelector(`script[src="${src}"]`);
  const version = own.dataset.version;
  delete own.dataset.version;
  return version;
}

function pair(old, shown) {
  nodes.set(old, shown);
  let other = shown.firstChild;
  for (const child of old.childNodes) {
    pair(child, other);
    other = other.nextSibling;
  }
}

/** The first document was kept after a script had marked its root, with a class or with data. */
function compareRoots(now) {
  const names = new Set([...kept.getAttributeNames(), ...now.getAttributeNames()]);
  for (const name of names)
    if (name !== "class" && !name.startsWith("data-") && kept.getAttribute(name) !== now.getAttribute(name))
      throw new Error(`the root has another ${name}`);
}

function patch(old, now) {
  if (old.isEqualNode(now)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    nodes.get(old).data = old.data = now.data;
    return;
  }
  attributes(old, now);
  children(old, now);
}

// --- attributes -------------------------------------------------------------------------------

function attributes(old, now) {
  for (const name of new Set([...old.getAttributeNames(), ...now.getAttributeNames()])) {
    const before = old.getAttribute(name);
    const after = now.getAttribute(name);
    if (before === after) continue;
    if (name === "id" || name.startsWith("data-") || old.localName === "script")
      throw new Error(`<${old.localName}> has another ${name}`);
    if (name === "href" && old.matches("link[rel=stylesheet]")) swapSheet(old, now);
    else if (name === "class") swapClasses(nodes.get(old), before, after);
    else set(nodes.get(old), name, after);
    set(old, name, after);
  }
}

const set = (element, name, value) =>
  value === null ? element.removeAttribute(name) : element.setAttribute(name, value);

function swapClasses(shown, before, after) {
  const words = (text) => (text ?? "").split(/\s+/).filter(Boolean);
  shown.classList.remove(...words(before));
  shown.classList.add(...words(after));
}

/** Both sheets hold until the new one is there, so that the page is never without. */
function swapSheet(old, now) {
  const before = nodes.get(old);
  const next = document.importNode(now);
  next.onload = next.onerror = () => before.remove();
  before.after(next);
  nodes.set(old, next);
}

// --- children ---------------------------------------------------------------------------------

function children(old, now) {
  const before = [...old.childNodes];
  const after = [...now.childNodes];
  let start = 0;
  while (start < before.length && start < after.length && before[start].isEqualNode(after[start])) start++;
  while (before.length > start && after.length > start && before.at(-1).isEqualNode(after.at(-1))) {
    before.pop();
    after.pop();
  }
  const gone = before.slice(start);
  const come = after.slice(start);
  const following = old.childNodes[before.length] ?? null;
  let next = following;
  // From the end, so that what each new node stands before is known.
  for (const [one, other] of pairs(gone, come).reverse()) {
    if (one && other) patch(one, other);
    else if (one) remove(one);
    else insert(other, old, next);
    next = other ? (one ?? (next ? next.previousSibling : old.lastChild)) : next;
  }
}

/** Which node becomes which; a node without another comes or goes. In order. */
function pairs(gone, come) {
  if (gone.length === come.length && gone.every((one, at) => isAlike(one, come[at])))
    return gone.map((one, at) => [one, come[at]]);
  if (gone.length * come.length > PAIRS) throw new Error("too much has changed");
  // The best way from each place to the end of both lists.
  const best = gone.concat(null).map(() => new Array(come.length + 1).fill(0));
  for (let i = gone.length - 1; i >= 0; i--)
    for (let j = come.length - 1; j >= 0; j--) {
      const met = likeness(gone[i], come[j]);
      best[i][j] = Math.max(best[i + 1][j], best[i][j + 1], met && met + best[i + 1][j + 1]);
    }
  const found = [];
  let [i, j] = [0, 0];
  while (i < gone.length || j < come.length) {
    const met = i < gone.length && j < come.length ? likeness(gone[i], come[j]) : 0;
    if (met && best[i][j] === met + best[i + 1][j + 1]) found.push([gone[i++], come[j++]]);
    else if (i < gone.length && best[i][j] === best[i + 1][j]) found.push([gone[i++], null]);
    else found.push([null, come[j++]]);
  }
  return found;
}

const isAlike = (one, other) =>
  one.nodeName === other.nodeName && one.nodeType === other.nodeType && (one.id ?? "") === (other.id ?? "");

/** The same counts most; blanks between elements say nothing of their own. */
function likeness(one, other) {
  if (!isAlike(one, other)) return 0;
  if (one.nodeType === Node.TEXT_NODE) return one.data.trim() ? 2 : 1;
  return one.isEqualNode(other) ? 8 : 3;
}

function remove(old) {
  const shown = nodes.get(old);
  refuse(old);
  if (shown.parentNode !== nodes.get(old.parentNode)) throw new Error("what goes was moved by a script");
  shown.remove();
  old.remove();
}

function insert(now, parent, next) {
  refuse(now);
  const place = nodes.get(parent);
  const before = placeBefore(place, parent, next);
  const shown = document.importNode(now, true);
  place.insertBefore(shown, before);
  const own = parent.ownerDocument.importNode(now, true);
  parent.insertBefore(own, next);
  pair(own, shown);
}

/** What a new child of the page's `place` stands before, wherever scripts have put its neighbours. */
function placeBefore(place, parent, next) {
  const following = next && nodes.get(next);
  if (following?.parentNode === place) return following;
  const last = next ? next.previousSibling : parent.lastChild;
  const preceding = last && nodes.get(last);
  if (preceding?.parentNode === place) return preceding.nextSibling;
  if (!next && !last) return null;
  throw new Error("its neighbours were moved by a script");
}

// --- what scripts hold ------------------------------------------------------------------------

/** Throw where scripts may have looked for an element like this, or one in it, at the start. */
function refuse(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  touched ??= findTouched();
  for (const each of [node, ...node.querySelectorAll("*")]) {
    const isHeld = each.matches(HARD) || each.getAttributeNames().some((name) => name.startsWith("data-"));
    if (isHeld || touched.has(kind(each))) throw new Error(`<${each.localName}> may be a script's affair`);
  }
}

const kind = (element) => `${element.localName}.${element.className}`;

function findTouched() {
  const found = new Set();
  for (const old of kept.querySelectorAll("body *")) {
    const shown = nodes.get(old);
    const isKept = shown.childNodes.length === old.childNodes.length && shown.parentNode === nodes.get(old.parentNode);
    if (!isKept) found.add(kind(old));
  }
  return found;
}
