// Elements and words. Text is never parsed as HTML.

/** The words that scripts use; templates/words.toml explains them. */
export const words = JSON.parse(document.getElementById("ui-words").textContent);

/** The text with its placeholders replaced. */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** The text for a number, with its placeholders replaced. */
export const counted = ({ one, other }, count, values) => fill(count === 1 ? one : other, { count, ...values });

/** A new element with these properties and children, which are nodes or text. */
export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
