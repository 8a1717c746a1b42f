// Pages without a line: what the page has put into the cache is shown, what lies in the outbox is sent.
// A new worker takes over at once; the outbox has one form and outlives every version of this file.

const PATIENT = 5000; // ms: after that a page that lies here is better than one that may come

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));
self.addEventListener("sync", event => {
  if (event.tag === "outbox") event.waitUntil(deliverBox([]));
});
self.addEventListener("fetch", event => {
  const path = new URL(event.request.url).pathname;
  if (event.request.mode === "navigate" && /^\/(s|i|o|room|help|pause|thanks|word)(\/|$)/.test(path)) {
    event.respondWith(showPage(event.request, path));
  } else if (/^(style|script|image)$/.test(event.request.destination)) {
    event.respondWith(caches.match(event.request).then(found => found || fetch(event.request)));
  } else if (event.request.destination === "audio") {
    event.respondWith(caches.match(event.request.url).then(found => found ? cut(found, event.request) : fetch(event.request)));
  }
});

// The part of a recording that is asked for: iPhones play nothing that comes whole.
function cut(found, request) {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") || "") || [];
  return from === undefined ? found : found.blob().then(all => {
    if (Number(from) >= all.size) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${all.size}` } });
    const part = all.slice(Number(from), to ? Number(to) + 1 : all.size);
    const range = `bytes ${from}-${Number(from) + part.size - 1}/${all.size}`;
    return new Response(part, { status: 206, headers: { "Content-Type": all.type, "Content-Range": range } });
  });
}

function showPage(request, path) {
  return findPage(path).then(found => {
    if (!found) return fetch(request);
    const isLook = request.method === "GET";
    const late = new Promise(resolve => { if (isLook) setTimeout(resolve, PATIENT, found); });
    // What lies here goes first, or the page would not show what was answered.
    const sent = isLook && /^\/s(\/|$)/.test(path) ? deliverBox([]).catch(() => 0) : Promise.resolve();
    const came = sent.then(() => fetch(request)).then(page => isLook && isGone(page) ? found : page, () => found);
    return Promise.race([came, late]);
  });
}

// What stands between says that the server is not there: that is no line, too.
function isGone(page) { return page.status >= 502 && page.status <= 504; }

// The sitting and the pause for their own addresses, for all others whom to call; at a seat of a
// computer room, which alone keeps /i, the door at which the next student waits.
function findPage(path) {
  const isDoor = /^\/(i$|room$|thanks\/)/.test(path);
  const name = /^\/s(\/|$)/.test(path) ? "/s" : isDoor ? "/i" : path === "/pause" ? path : "/help";
  return caches.open("sitting").catch(() => null).then(cache => cache && cache.match(name)
    .then(found => found || cache.match("/help")));
}
