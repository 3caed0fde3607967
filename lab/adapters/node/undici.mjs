// The function request of undici.
import { library, serve, versionOf } from './driver.mjs';

const { Agent, getGlobalDispatcher, interceptors, request } = library('undici');
const following = new Agent().compose(interceptors.redirect({ maxRedirections: 5 }));

const send = async ({ method, url, body, headers, follow }) => {
  const dispatcher = follow ? following : getGlobalDispatcher();
  const response = await request(url, { method, body, headers, dispatcher });
  return { status: response.statusCode, text: await response.body.text() };
};

serve(send, versionOf('undici'));
