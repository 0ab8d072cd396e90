// The service worker: keeps one whole version of the page, so that it works without a network and never mixes two versions.
// The build fills in the two lines below (scripts/post-build.mjs). See docs/adr/0004-service-worker.md.
const VERSION = "__VERSION__";
const FILES = {}; // Path relative to this file -> "sha256-…" in base64. "./" is the page itself.

const SCOPE = registration.scope;
// Other copies of the page may live under the same host: their caches are not ours.
const OURS = `map-palette ${SCOPE} `;
const CACHE = OURS + VERSION;

/** The key in FILES for an address, or undefined. The page's own address may carry a query; files are named exactly. */
function fileAt(address, isNavigation) {
  const url = new URL(address);
  url.hash = "";
  if (isNavigation) url.search = "";
  if (!url.href.startsWith(SCOPE)) return undefined;
  const path = url.href.slice(SCOPE.length);
  const file = path === "" || path === "index.html" ? "./" : path;
  return Object.hasOwn(FILES, file) ? file : undefined;
}

/** A request that fails unless exactly the file of this version comes back. */
function verified(file) {
  return new Request(new URL(file, SCOPE), { integrity: FILES[file], cache: "no-cache", credentials: "same-origin" });
}

// All or nothing: one file that is missing or of another version, and the version before stays.
async function install() {
  try {
    const cache = await caches.open(CACHE);
    await cache.addAll(Object.keys(FILES).map(verified));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

// Runs when no page uses the version before any more.
async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(OURS) && name !== CACHE).map((name) => caches.delete(name)));
}

async function answer(file, request) {
  const kept = await caches.match(new URL(file, SCOPE), { cacheName: CACHE });
  if (kept) return kept;
  // The browser has thrown the cache away. The network may serve a newer version by now, which must not mix with this one.
  try {
    const response = await fetch(verified(file));
    if (response.ok) return response;
  } catch {
    // Neither: handled below.
  }
  if (request.mode !== "navigate") return Response.error();
  // A fresh page needs no old worker: it takes all from the network, and installs its own.
  await registration.unregister();
  return fetch(request);
}

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  // Weights are not in FILES: the page's worker fetches, verifies and keeps them itself.
  const file = fileAt(request.url, request.mode === "navigate");
  if (file !== undefined) event.respondWith(answer(file, request));
});

// A page asks to be moved to this version. Granted only when it is the only page open, since all pages would move at once.
addEventListener("message", (event) => {
  if (event.data?.type !== "take-over") return;
  event.waitUntil(
    (async () => {
      const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
      const others = pages.filter((page) => page.id !== event.source?.id && page.url.startsWith(SCOPE)).length;
      if (others === 0) await self.skipWaiting();
      else event.source?.postMessage({ type: "take-over-refused", others });
    })(),
  );
});
