// The module node:http.
import { request } from 'node:http';
import { serve } from './driver.mjs';

const send = ({ method, url, body, headers, user, password }) =>
  new Promise((resolve, reject) => {
    const auth = user && `${user}:${password}`;
    const message = request(url, { method, headers, auth }, async (response) => {
      try {
        const text = (await response.setEncoding('utf8').toArray()).join('');
        resolve({ status: response.statusCode, text });
      } catch (error) {
        reject(error);
      }
    }).on('error', reject);
    if (headers.Expect) message.on('continue', () => message.end(body));
    else message.end(body);
  });

serve(send, process.versions.node);
