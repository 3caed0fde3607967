// SuperAgent.
import { library, serve, versionOf } from './driver.mjs';

const superagent = library('superagent');

const send = async ({ method, url, body, headers, user, password }) => {
  const request = superagent(method, url).set(headers);
  if (user) request.auth(user, password);
  const response = await request.send(body);
  return { status: response.status, text: response.text };
};

serve(send, versionOf('superagent'));
