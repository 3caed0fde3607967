// Parts of a page, made without ever reading markup.

/** A new element with these properties, which holds these nodes and words. */
export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
