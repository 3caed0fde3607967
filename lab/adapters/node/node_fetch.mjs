// The package node-fetch.
import { library, serve, versionOf } from './driver.mjs';

const { default: fetch } = library('node-fetch');

const send = async ({ method, url, body, headers }) => {
  const response = await fetch(url, { method, body, headers });
  return { status: response.status, text: await response.text() };
};

serve(send, versionOf('node-fetch'));
