// The service worker: keeps one whole version of the page, so that it works without a network and never mixes two versions.
// The build fills in the lines below (scripts/dist/offline.mjs). See docs/adr/0004-service-worker.md.
const VERSION = "__VERSION__";
const FILES = {}; // Path relative to this file -> "sha256-…" in base64. "./" is the page itself.
const HEADERS = {}; // What this version is served with.
const TYPES = {}; // Extension -> type.

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

/** Content that is exactly what was built, as a response of this version: stored headers, and a policy among them, are not taken over. */
function present(file, bytes) {
  const type = TYPES[file === "./" ? "html" : file.split(".").pop()] ?? "application/octet-stream";
  return new Response(bytes, { headers: { ...HEADERS, "Content-Type": type } });
}

/** The body of `response`, or undefined where it is not that of `file` in this version: cut, altered, unreadable. */
async function sound(file, response) {
  try {
    const bytes = await response.arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return `sha256-${btoa(String.fromCharCode(...digest))}` === FILES[file] ? bytes : undefined;
  } catch {
    return undefined;
  }
}

async function fromCache(file) {
  try {
    const kept = await caches.match(new URL(file, SCOPE), { cacheName: CACHE });
    return kept && (await sound(file, kept));
  } catch {
    return undefined; // A cache that cannot be read holds nothing.
  }
}

/** The next load takes everything from the network, and installs what is there. */
async function dropVersion() {
  await registration.unregister();
  await caches.delete(CACHE).catch(() => false);
}

async function answer(file, request) {
  const kept = await fromCache(file);
  if (kept) return present(file, kept);
  // Thrown away by the browser, or damaged. The network may serve a newer version by now, which must not mix with this one.
  let response;
  try {
    response = await fetch(new URL(file, SCOPE), { cache: "no-cache", credentials: "same-origin" });
  } catch {
    return Response.error(); // No network: nothing can be done now, and the rest is kept for when there is one.
  }
  const bytes = response.ok ? await sound(file, response.clone()) : undefined;
  if (bytes) {
    const heal = async () => (await caches.open(CACHE)).put(new URL(file, SCOPE), present(file, bytes));
    await heal().catch(() => {}); // Without room it is fetched each time.
    return present(file, bytes);
  }
  await dropVersion();
  return request.mode === "navigate" ? fetch(request) : Response.error();
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

// A page that could not start with what is kept here: what is kept goes.
addEventListener("message", (event) => {
  if (event.data?.type === "could-not-start") event.waitUntil(dropVersion());
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
