// The fetch function of Node.js.
import { serve } from './driver.mjs';

const send = async ({ method, url, body, headers }) => {
  const response = await fetch(url, { method, body, headers });
  return { status: response.status, text: await response.text() };
};

serve(send, process.versions.node);
