// Runs before every other script of a page: keeps what the host has sent, and follows each build.
import { show } from "./overlay.js";
import { keep, redraw, swap } from "./redraw.js";
import { remember, restore } from "./return.js";

const AGAIN = 1000;

const own = document.querySelector('script[src="/-codebook/preview.js"]');
let version = keep(own);
let stream;
let request;

/** Bring the page to the newest version of the site. */
function update() {
  request?.abort();
  request = new XMLHttpRequest();
  request.open("GET", location.pathname + location.search);
  // Reads markup without a sink for it: the policy of the site allows no other way.
  request.responseType = "document";
  request.onload = ({ target }) => {
    try {
      version = redraw(target.response);
    } catch (error) {
      console.debug("The page is loaded anew:", error);
      remember();
      location.reload();
    }
  };
  request.send();
}

function listen() {
  stream = new EventSource("/-codebook/events");
  stream.onmessage = ({ data }) => {
    const news = JSON.parse(data);
    if (news.hasSite && news.version !== version) {
      news.sheets.forEach(swap);
      update();
    }
    show(news);
  };
  stream.onerror = () => {
    // A lost connection is sought again by the browser, a refused one is not.
    if (stream?.readyState === EventSource.CLOSED) setTimeout(follow, AGAIN);
  };
}

/** Listen as long as somebody looks: a browser has few connections, and a hidden page needs none. */
function follow() {
  const isOpen = stream && stream.readyState !== EventSource.CLOSED;
  if (!document.hidden && !isOpen) listen();
  else if (document.hidden && isOpen) {
    stream.close();
    stream = undefined;
  }
}

document.addEventListener("visibilitychange", follow);
addEventListener("pageshow", follow);
addEventListener("pagehide", () => {
  stream?.close();
  stream = undefined;
});
restore();
follow();
