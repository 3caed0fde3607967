// Reads requests from standard input, and prints what the client did, one line each; adapters/python/driver.py has the format.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const clean = (value) => String(value ?? '').split(/\s+/).join(' ').slice(0, 60);
const write = (...fields) => process.stdout.write(fields.map(clean).join('\t') + '\n');

// Only require looks for packages in NODE_PATH; import doesn't.
export const library = createRequire(import.meta.url);

export function versionOf(name) {
  return JSON.parse(readFileSync(`${process.env.NODE_PATH}/${name}/package.json`, 'utf8')).version;
}

export async function serve(send, version) {
  // Errors outside the request, such as a socket's, belong to no result.
  process.on('uncaughtException', () => {});
  write('ready', version);
  for await (const line of createInterface({ input: process.stdin })) {
    const [method, url, body, credentials, follow, ...pairs] = line.split('\t');
    const [user, password] = credentials ? credentials.split(':') : [];
    const headers = Object.fromEntries(pairs.map((pair) => pair.split(': ')));
    try {
      const { status, text } = await send({ method, url, body: body || undefined, user, password, follow: follow === 'follow', headers });
      write('returned', status, text);
    } catch (error) {
      write('raised', error.response?.status ?? error.response?.statusCode ?? error.status, error.cause?.code ?? error.code ?? error.name);
    }
  }
  process.exit(0);
}
