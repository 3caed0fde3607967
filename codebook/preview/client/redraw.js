// Updates a page to the newest document of the server, and keeps what scripts changed.
//
// The module keeps a copy of the last document from the server. Where the new document differs from the
// copy, it changes the corresponding nodes of the page, even if scripts moved them. Focus, scroll position,
// form fields, open details, and listeners stay. A change that a script must react to, such as a new
// heading or another row of a table that it sorts, can't be redrawn and throws an error.

// Elements that scripts are likely to use, even if the page has none yet.
const SCRIPTED = "script, form, input, textarea, select, button, pre, table, [id]";
const MAX_PAIRS = 40_000;

/** Maps each node of the copy to the node of the page that came from it. */
const pageNodes = new WeakMap();
let copy;
/** Kinds of elements that scripts have moved or added something to; null until looked for. */
let modifiedKinds = null;

/** Copy the page as it was sent; returns the version of the site, from our own `script`. */
export function keepCopy(script) {
  // In a separate document, which doesn't load images again.
  copy = document.implementation.createHTMLDocument("").importNode(document.documentElement, true);
  mapNodes(copy, document.documentElement);
  return takeVersion(copy, script.getAttribute("src"));
}

/** Bring the page to this document; returns its version. Throws if only a reload can show it. */
export function redraw(newDocument) {
  const newRoot = newDocument?.documentElement;
  if (!newRoot) throw new Error("the response is not a document");
  const version = takeVersion(newRoot, "/-codebook/preview.js");
  modifiedKinds = null;
  compareRoots(newRoot);
  patchChildren(copy, newRoot);
  return version;
}

/** Replace a style sheet of this page by the one at the URL, before the new page arrives. */
export function swapStyleSheet(url) {
  for (const oldLink of copy.querySelectorAll("link[rel=stylesheet]")) {
    const href = oldLink.getAttribute("href");
    if (withoutHash(href) !== withoutHash(url)) continue;
    const newLink = oldLink.cloneNode();
    newLink.setAttribute("href", href.replace(/[^/]*$/, url.match(/[^/]*$/)[0]));
    patch(oldLink, newLink);
  }
}

/** The URL of a style sheet below the assets folder, without the content hash. */
const withoutHash = (url) => url.replace(/^.*?assets\//, "").replace(/[^.]+\.css$/, "");

/** The version in the script of a document; removed, so that it isn't compared. */
function takeVersion(root, src) {
  const script = root.querySelector(`script[src="${src}"]`);
  const version = script.dataset.version;
  delete script.dataset.version;
  return version;
}

/** Map a node of the copy and all its descendants to those of the page. */
function mapNodes(copyNode, pageNode) {
  pageNodes.set(copyNode, pageNode);
  let pageChild = pageNode.firstChild;
  for (const child of copyNode.childNodes) {
    mapNodes(child, pageChild);
    pageChild = pageChild.nextSibling;
  }
}

/** Ignores classes and data attributes: a script sets them on the root before the first copy. */
function compareRoots(newRoot) {
  const names = new Set([...copy.getAttributeNames(), ...newRoot.getAttributeNames()]);
  for (const name of names)
    if (name !== "class" && !name.startsWith("data-") && copy.getAttribute(name) !== newRoot.getAttribute(name))
      throw new Error(`the root element has a different ${name}`);
}

function patch(oldNode, newNode) {
  if (oldNode.isEqualNode(newNode)) return;
  if (oldNode.id === "ui-words") throw new Error("the words of the scripts have changed");
  if (oldNode.nodeType !== Node.ELEMENT_NODE) {
    pageNodes.get(oldNode).data = oldNode.data = newNode.data;
    return;
  }
  patchAttributes(oldNode, newNode);
  patchChildren(oldNode, newNode);
}

// --- attributes -------------------------------------------------------------------------------

function patchAttributes(oldNode, newNode) {
  for (const name of new Set([...oldNode.getAttributeNames(), ...newNode.getAttributeNames()])) {
    const oldValue = oldNode.getAttribute(name);
    const newValue = newNode.getAttribute(name);
    if (oldValue === newValue) continue;
    if (name === "id" || name.startsWith("data-") || oldNode.localName === "script")
      throw new Error(`<${oldNode.localName}> has a different ${name}`);
    if (name === "href" && oldNode.matches("link[rel=stylesheet]")) swapLink(oldNode, newNode);
    else if (name === "class") swapClasses(pageNodes.get(oldNode), oldValue, newValue);
    else setAttribute(pageNodes.get(oldNode), name, newValue);
    setAttribute(oldNode, name, newValue);
  }
}

const setAttribute = (element, name, value) =>
  value === null ? element.removeAttribute(name) : element.setAttribute(name, value);

function swapClasses(pageNode, oldValue, newValue) {
  const classes = (value) => (value ?? "").split(/\s+/).filter(Boolean);
  pageNode.classList.remove(...classes(oldValue));
  pageNode.classList.add(...classes(newValue));
}

/** Both style sheets apply until the new one has loaded, so that the page is never unstyled. */
function swapLink(oldLink, newLink) {
  const oldPageLink = pageNodes.get(oldLink);
  const newPageLink = document.importNode(newLink);
  newPageLink.onload = newPageLink.onerror = () => oldPageLink.remove();
  oldPageLink.after(newPageLink);
  pageNodes.set(oldLink, newPageLink);
}

// --- children ---------------------------------------------------------------------------------

function patchChildren(oldParent, newParent) {
  const oldNodes = [...oldParent.childNodes];
  const newNodes = [...newParent.childNodes];
  let start = 0;
  while (start < oldNodes.length && start < newNodes.length && oldNodes[start].isEqualNode(newNodes[start])) start++;
  while (oldNodes.length > start && newNodes.length > start && oldNodes.at(-1).isEqualNode(newNodes.at(-1))) {
    oldNodes.pop();
    newNodes.pop();
  }
  let next = oldParent.childNodes[oldNodes.length] ?? null;
  // From the end, because a new node is inserted before the next one.
  for (const [oldNode, newNode] of matchNodes(oldNodes.slice(start), newNodes.slice(start)).reverse()) {
    if (oldNode && newNode) patch(oldNode, newNode);
    else if (oldNode) remove(oldNode);
    else insert(newNode, oldParent, next);
    if (newNode) next = oldNode ?? (next ? next.previousSibling : oldParent.lastChild);
  }
}

/** Pairs of nodes, in order: the old one becomes the new one; one without the other is removed or inserted. */
function matchNodes(oldNodes, newNodes) {
  if (oldNodes.length === newNodes.length && oldNodes.every((oldNode, index) => canBecome(oldNode, newNodes[index])))
    return oldNodes.map((oldNode, index) => [oldNode, newNodes[index]]);
  if (oldNodes.length * newNodes.length > MAX_PAIRS) throw new Error("too much has changed");
  // The best score from each pair of indexes to the end of both lists.
  const best = oldNodes.concat(null).map(() => new Array(newNodes.length + 1).fill(0));
  for (let i = oldNodes.length - 1; i >= 0; i--)
    for (let j = newNodes.length - 1; j >= 0; j--) {
      const score = similarity(oldNodes[i], newNodes[j]);
      best[i][j] = Math.max(best[i + 1][j], best[i][j + 1], score && score + best[i + 1][j + 1]);
    }
  const pairs = [];
  let [i, j] = [0, 0];
  while (i < oldNodes.length || j < newNodes.length) {
    const score = i < oldNodes.length && j < newNodes.length ? similarity(oldNodes[i], newNodes[j]) : 0;
    if (score && best[i][j] === score + best[i + 1][j + 1]) pairs.push([oldNodes[i++], newNodes[j++]]);
    else if (i < oldNodes.length && best[i][j] === best[i + 1][j]) pairs.push([oldNodes[i++], null]);
    else pairs.push([null, newNodes[j++]]);
  }
  return pairs;
}

const canBecome = (oldNode, newNode) =>
  oldNode.nodeName === newNode.nodeName &&
  oldNode.nodeType === newNode.nodeType &&
  (oldNode.id ?? "") === (newNode.id ?? "");

/** Equal elements score highest, and whitespace between elements lowest. */
function similarity(oldNode, newNode) {
  if (!canBecome(oldNode, newNode)) return 0;
  if (oldNode.nodeType === Node.TEXT_NODE) return oldNode.data.trim() ? 2 : 1;
  return oldNode.isEqualNode(newNode) ? 8 : 3;
}

function remove(oldNode) {
  const pageNode = pageNodes.get(oldNode);
  refuseScripted(oldNode);
  if (pageNode.parentNode !== pageNodes.get(oldNode.parentNode)) throw new Error("a script moved a removed node");
  pageNode.remove();
  oldNode.remove();
}

function insert(newNode, parent, next) {
  refuseScripted(newNode);
  const pageParent = pageNodes.get(parent);
  const pageNext = findPageNext(pageParent, parent, next);
  const pageNode = document.importNode(newNode, true);
  pageParent.insertBefore(pageNode, pageNext);
  const copyNode = parent.ownerDocument.importNode(newNode, true);
  parent.insertBefore(copyNode, next);
  mapNodes(copyNode, pageNode);
}

/** The node of the page before which a new child goes, wherever scripts have moved its neighbors. */
function findPageNext(pageParent, parent, next) {
  const pageNext = next && pageNodes.get(next);
  if (pageNext?.parentNode === pageParent) return pageNext;
  const previous = next ? next.previousSibling : parent.lastChild;
  const pagePrevious = previous && pageNodes.get(previous);
  if (pagePrevious?.parentNode === pageParent) return pagePrevious.nextSibling;
  if (!next && !previous) return null;
  throw new Error("a script moved the neighbors of a new node");
}

// --- what scripts use -------------------------------------------------------------------------

/** Throw if scripts may have used this element, or one in it, when the page loaded. */
function refuseScripted(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  modifiedKinds ??= findModifiedKinds();
  for (const element of [node, ...node.querySelectorAll("*")]) {
    const isScripted =
      element.matches(SCRIPTED) || element.getAttributeNames().some((name) => name.startsWith("data-"));
    if (isScripted || modifiedKinds.has(kind(element))) throw new Error(`a script may use <${element.localName}>`);
  }
}

const kind = (element) => `${element.localName}.${element.className}`;

function findModifiedKinds() {
  const kinds = new Set();
  for (const oldNode of copy.querySelectorAll("body *")) {
    const pageNode = pageNodes.get(oldNode);
    const isUnmodified =
      pageNode.childNodes.length === oldNode.childNodes.length &&
      pageNode.parentNode === pageNodes.get(oldNode.parentNode);
    if (!isUnmodified) kinds.add(kind(oldNode));
  }
  return kinds;
}
