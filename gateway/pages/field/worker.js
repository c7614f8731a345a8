/* Keeps the field page and its parts, so that it opens without a connection; what it shows is kept by the page itself. */
const KEPT = "hall-field";

const isOurs = (request) => {
  const { origin, pathname } = new URL(request.url);
  return request.method === "GET" && origin === location.origin && (pathname === "/field" || pathname.startsWith("/assets/"));
};

async function fresh(request) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(request, { ignoreSearch: true, ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

addEventListener("install", () => self.skipWaiting());
addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
/* The page names what it was made of: it was there before this worker. */
addEventListener("message", (event) => event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(event.data))));
addEventListener("fetch", (event) => isOurs(event.request) && event.respondWith(fresh(event.request)));
