// axios.
import { library, serve } from './driver.mjs';

const axios = library('axios');

const send = async ({ method, url, body, headers, user, password }) => {
  const auth = user && { username: user, password };
  const response = await axios({ method, url, data: body, headers, auth });
  return { status: response.status, text: response.data };
};

serve(send, axios.VERSION);
