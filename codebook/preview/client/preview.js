// Runs before the other scripts of a page: copies the page as it was sent, and listens for builds.
import { show } from "./overlay.js";
import { keepCopy, redraw, swapStyleSheet } from "./redraw.js";
import { restoreState, saveState } from "./restore.js";

const RETRY_DELAY = 1000;

const script = document.querySelector('script[src="/-codebook/preview.js"]');
let version = keepCopy(script);
let stream;
let request;

/** Update the page to the newest version of the site. */
function update() {
  request?.abort();
  request = new XMLHttpRequest();
  request.open("GET", location.pathname + location.search);
  // Parses HTML without `innerHTML`, which the site's content security policy forbids.
  request.responseType = "document";
  request.onload = ({ target }) => {
    try {
      version = redraw(target.response);
    } catch (error) {
      console.debug("The page reloads:", error);
      saveState();
      location.reload();
    }
  };
  request.send();
}

function listen() {
  stream = new EventSource("/-codebook/events");
  stream.onmessage = ({ data }) => {
    const state = JSON.parse(data);
    if (state.hasSite && state.version !== version) {
      state.styleSheets.forEach(swapStyleSheet);
      update();
    }
    show(state);
  };
  stream.onerror = () => {
    // A browser reconnects after a lost connection, but not after a refused one.
    if (stream?.readyState === EventSource.CLOSED) setTimeout(follow, RETRY_DELAY);
  };
}

/** Listen while the page is visible: a browser has few connections to share. */
function follow() {
  const isOpen = stream && stream.readyState !== EventSource.CLOSED;
  if (!document.hidden && !isOpen) listen();
  else if (document.hidden && isOpen) stopListening();
}

function stopListening() {
  stream?.close();
  stream = undefined;
}

document.addEventListener("visibilitychange", follow);
addEventListener("pageshow", follow);
addEventListener("pagehide", stopListening);
restoreState();
follow();
