// Sends the language server of Even Better TOML the requests that Visual Studio Code sends.
// Arguments: the folder where it's installed, the workspace folder, the file. Input: JSON
// {wrong, right, hovers: [[line, character]], completions: [[text, line, character]]}.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [modules, root, file] = process.argv.slice(2);
const input = JSON.parse(fs.readFileSync(0, "utf8"));
const { TaploLsp } = createRequire(path.join(modules, "node_modules", "x"))("@taplo/lsp");

// The server requests a catalog of schemas, and continues if it can't get one.
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
      const config = path.join(from, ".taplo.toml");
      return fs.existsSync(config) ? config : undefined;
    },
    glob: () => [],
    isAbsolute: path.isAbsolute,
    now: () => new Date(),
    readFile: (file) => fs.promises.readFile(file),
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
const notify = (method, params) => send({ method, params });
const request = (method, params) =>
  new Promise((resolve) => {
    const id = waiting.size + 1;
    waiting.set(id, resolve);
    send({ id, method, params });
  });

const folder = pathToFileURL(root).href;
const uri = pathToFileURL(path.join(root, file)).href;
let version = 1;

const change = (text) =>
  notify("textDocument/didChange", {
    textDocument: { uri, version: (version += 1) },
    contentChanges: [{ text }],
  });
const at = (line, character) => ({ textDocument: { uri }, position: { line, character } });

// The server also publishes diagnostics before it has read its settings, so send the text again until
// they are the expected ones.
const diagnose = (text, isExpected) =>
  new Promise((resolve) => {
    const timer = setInterval(() => change(text), 100);
    published = (diagnostics) => {
      if (isExpected(diagnostics)) {
        clearInterval(timer);
        published = () => {};
        resolve(diagnostics);
      }
    };
    change(text);
  });

await request("initialize", {
  processId: null,
  rootUri: folder,
  capabilities: { workspace: { configuration: true } },
  workspaceFolders: [{ uri: folder, name: "book" }],
});
notify("initialized", {});
notify("textDocument/didOpen", {
  textDocument: { uri, languageId: "toml", version, text: input.right },
});

const wrong = await diagnose(input.wrong, (diagnostics) => diagnostics.length > 0);
const right = await diagnose(input.right, (diagnostics) => diagnostics.length === 0);
const hovers = [];
for (const position of input.hovers) {
  hovers.push((await request("textDocument/hover", at(...position)))?.contents?.value ?? null);
}
const completions = [];
for (const [text, ...position] of input.completions) {
  change(text);
  const result = await request("textDocument/completion", at(...position));
  completions.push((result?.items ?? result ?? []).map((item) => item.label));
}
fs.writeSync(1, JSON.stringify({ wrong, right, hovers, completions }));
process.exit(0);
