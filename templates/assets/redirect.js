// Redirects to the page in data-to, and keeps the query and the fragment, which the refresh without scripts loses.
const to = new URL(document.currentScript.dataset.to, location);
to.search ||= location.search;
to.hash ||= location.hash;
location.replace(to);
