// What the search looks through, fetched once for a page.
import { prepare } from "./rank.js";

const root = new URL("../", import.meta.url);
let site;

/** The site's records, ready to be ranked. */
export function records() {
  site ??= fetch(new URL("search.json", root))
    .then((answer) => answer.json())
    .then((index) => prepare(index, root))
    .catch((error) => {
      site = undefined;
      throw error;
    });
  return site;
}
