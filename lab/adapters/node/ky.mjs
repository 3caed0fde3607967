// Ky.
import { library, serve, versionOf } from './driver.mjs';

const { default: ky } = library('ky');

const send = async ({ method, url, body, headers }) => {
  const response = await ky(url, { method, body, headers });
  return { status: response.status, text: await response.text() };
};

serve(send, versionOf('ky'));
