// The language server inside Even Better TOML, asked as Visual Studio Code asks it.
// Arguments: where it is installed, the folder that is open, the file. Input: JSON
// {wrong, right, hovers: [[line, character]], completions: [[text, line, character]]}.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [modules, root, file] = process.argv.slice(2);
const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const { TaploLsp } = createRequire(path.join(modules, "node_modules", "x"))("@taplo/lsp");

// It looks for a catalogue of schemas there, and goes on without.
globalThis.fetch = async () => {
  throw new Error("no network");
};

const waiting = new Map();
let published = () => {};

const server = await TaploLsp.initialize(
  {
    cwd: () => root,
    envVar: () => undefined,
    envVars: () => [],
    findConfigFile: (from) => {
      const place = path.join(from, ".taplo.toml");
      return fs.existsSync(place) ? place : undefined;
    },
    glob: () => [],
    isAbsolute: path.isAbsolute,
    now: () => new Date(),
    readFile: (place) => fs.promises.readFile(place),
    writeFile: async () => {},
    stderr: { write: (_, done) => done?.() },
    stdErrAtty: () => false,
    stdin: process.stdin,
    stdout: process.stdout,
    urlToFilePath: (url) => decodeURIComponent(url).slice("file://".length),
    fetch: { fetch, Headers, Request, Response },
  },
  {
    onMessage: (message) => {
      if (message.method === "workspace/configuration") {
        reply(message.id, message.params.items.map(() => ({})));
      } else if (message.method === "textDocument/publishDiagnostics") {
        published(message.params.diagnostics);
      } else if (!message.method) {
        waiting.get(message.id)?.(message.result);
      }
    },
  },
);

const send = (message) => server.send({ jsonrpc: "2.0", ...message });
const reply = (id, result) => send({ id, result });
const tell = (method, params) => send({ method, params });
const ask = (method, params) =>
  new Promise((resolve) => {
    const id = waiting.size + 1;
    waiting.set(id, resolve);
    send({ id, method, params });
  });

const folder = pathToFileURL(root).href;
const uri = pathToFileURL(path.join(root, file)).href;
let version = 1;

const change = (text) =>
  tell("textDocument/didChange", {
    textDocument: { uri, version: (version += 1) },
    contentChanges: [{ text }],
  });
const at = (line, character) => ({ textDocument: { uri }, position: { line, character } });

// It publishes before it has read its settings, too: so the text is sent until it is judged.
const judged = (text, isSo) =>
  new Promise((resolve) => {
    const again = setInterval(() => change(text), 100);
    published = (diagnostics) => {
      if (isSo(diagnostics)) {
        clearInterval(again);
        published = () => {};
        resolve(diagnostics);
      }
    };
    change(text);
  });

await ask("initialize", {
  processId: null,
  rootUri: folder,
  capabilities: { workspace: { configuration: true } },
  workspaceFolders: [{ uri: folder, name: "book" }],
});
tell("initialized", {});
tell("textDocument/didOpen", {
  textDocument: { uri, languageId: "toml", version, text: asked.right },
});

const wrong = await judged(asked.wrong, (found) => found.length > 0);
const right = await judged(asked.right, (found) => found.length === 0);
const hovers = [];
for (const place of asked.hovers) {
  hovers.push((await ask("textDocument/hover", at(...place)))?.contents?.value ?? null);
}
const completions = [];
for (const [text, ...place] of asked.completions) {
  change(text);
  const found = await ask("textDocument/completion", at(...place));
  completions.push((found?.items ?? found ?? []).map((each) => each.label));
}
fs.writeSync(1, JSON.stringify({ wrong, right, hovers, completions }));
process.exit(0);
