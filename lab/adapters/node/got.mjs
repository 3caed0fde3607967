// Got.
import { library, serve, versionOf } from './driver.mjs';

const { default: got } = library('got');

const send = async ({ method, url, body, headers, user, password }) => {
  const response = await got(url, { method, body, headers, ...(user && { username: user, password }) });
  return { status: response.statusCode, text: response.body };
};

serve(send, versionOf('got'));
