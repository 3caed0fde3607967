// The search index, fetched once for a page.
import { prepare } from "./rank.js";

const root = new URL("../", import.meta.url);
let site;

/** The records of the site, ready to be ranked. */
export function records() {
  site ??= fetch(new URL("search.json", root))
    .then((response) => response.json())
    .then((index) => prepare(index, root))
    .catch((error) => {
      site = undefined;
      throw error;
    });
  return site;
}
