// Print the names for status codes in Node.js or in an npm package.
// node ask.mjs                        Node.js
// node ask.mjs <package> <folder>     http-status-codes, axios, or @nestjs/common in <folder>
import { readFileSync } from "node:fs";
import { STATUS_CODES } from "node:http"; // maps codes to reason phrases, so it has no names for them
import { constants } from "node:http2";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

// The export with the constants of each package, and the file whose comments mark deprecated ones.
const PACKAGES = {
  "http-status-codes": ["StatusCodes", "build/cjs/status-codes.d.ts"],
  axios: ["HttpStatusCode", "lib/helpers/HttpStatusCode.js"],
  "@nestjs/common": ["HttpStatus", "enums/http-status.enum.d.ts"],
};

function runtime() {
  const codes = {};
  for (const [code, phrase] of Object.entries(STATUS_CODES)) {
    const [name, ...aliases] = Object.keys(constants)
      .filter((each) => each.startsWith("HTTP_STATUS_") && constants[each] === Number(code))
      .map((each) => `http2.constants.${each}`);
    if (!name) continue;
    codes[code] = {
      name,
      aliases,
      deprecated: [],
      phrase,
    };
  }
  return { version: process.versions.node, codes };
}

function installed(name, folder) {
  const home = join(resolve(folder), "node_modules", name);
  const [holder, source] = PACKAGES[name];
  const text = readFileSync(join(home, source), "utf8");
  const old = new Set(
    [...text.matchAll(/@deprecated(?:(?!\*\/)[^])*\*\/\s*([A-Za-z_]+)\s*[:=]/g)].map((m) => m[1]),
  );
  const exported = createRequire(join(resolve(folder), "x.js"))(name);
  const values = (exported.default ?? exported)[holder] ?? exported[holder];
  const codes = {};
  for (const [key, code] of Object.entries(values)) {
    if (typeof code !== "number") continue; // skip reverse mappings of enums
    const entry = (codes[code] ??= { name: null, aliases: [], deprecated: [], phrase: null });
    if (old.has(key)) entry.deprecated.push(`${holder}.${key}`);
    else if (entry.name === null) entry.name = `${holder}.${key}`;
    else entry.aliases.push(`${holder}.${key}`);
  }
  const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
  return { version, codes };
}

const [name, folder] = process.argv.slice(2);
console.log(JSON.stringify(name ? installed(name, folder) : runtime(), null, 1));
