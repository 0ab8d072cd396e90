// The service worker: works without a network and under a sub-path, and never mixes two versions.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import test from "node:test";
import { dist, eventually, newContext, offlineReady, openPage, serve } from "./support/harness.mjs";

const started = (page) => page.waitForFunction(() => globalThis.wasmBindings !== undefined);
const mark = (page) => page.evaluate(() => document.querySelector("meta[name=test-version]")?.content ?? "as built");
const cacheNames = (page) => page.evaluate(() => caches.keys());

/** The build with another index.html: a later version, whose files and service worker fit together. */
async function nextVersion(t, name) {
  const copy = await mkdtemp(join(tmpdir(), "map-palette-next-"));
  t.after(() => rm(copy, { recursive: true, force: true }));
  await cp(dist, copy, { recursive: true, filter: (path) => !path.includes(`${sep}weights${sep}`) || path.endsWith("manifest.json") });
  const before = await readFile(join(copy, "index.html"));
  const html = before.toString().replace("<head>", `<head><meta name="test-version" content="${name}">`);
  await writeFile(join(copy, "index.html"), html);
  const hash = (content) => createHash("sha256").update(content).digest("base64");
  const worker = await readFile(join(copy, "sw.js"), "utf8");
  const version = /VERSION = "([0-9a-f]+)"/.exec(worker)[1];
  assert.ok(worker.includes(hash(before)), "the service worker lists the page");
  await writeFile(join(copy, "sw.js"), worker.replace(hash(before), hash(html)).replaceAll(version, `${version}${name}`));
  return copy;
}

/** A server whose folder can be changed while it runs: a deploy. */
async function serveVersions(t, base = "/") {
  const current = { dir: dist, requests: [] };
  const types = { html: "text/html", js: "text/javascript", css: "text/css", wasm: "application/wasm", json: "application/json" };
  const server = await serve(t, {
    base,
    intercept: async (path, _request, response) => {
      current.requests.push(path);
      if (current.dir === dist) return false;
      const file = path === "" ? "index.html" : path;
      try {
        const content = await readFile(join(current.dir, file));
        response.writeHead(200, { "Content-Type": types[file.split(".").pop()] ?? "application/octet-stream" }).end(content);
      } catch {
        response.writeHead(404).end();
      }
      return true;
    },
  });
  return { server, current };
}

for (const base of ["/", "/classroom/palette/"]) {
  test(`reloads without a network under ${base}`, async (t) => {
    const server = await serve(t, { base });
    const context = await newContext(t);
    const page = await openPage(context, server.url);
    await started(page);
    await offlineReady(page);
    // The page's worker may still be on its way.
    await page.waitForLoadState("networkidle");
    await server.close();
    await context.setOffline(true);
    await page.reload();
    await started(page);
    assert.deepEqual(page.problems, []);
    // Whatever the page may ask for later is there as well.
    const missing = await page.evaluate(async () => {
      const text = await (await fetch("./sw.js").catch(() => null))?.text();
      if (text) return ["sw.js must not come from the cache: it would never be renewed"];
      const [name] = await caches.keys();
      const kept = await (await caches.open(name)).keys();
      const answers = await Promise.all(kept.map((request) => fetch(request.url).then((response) => response.ok, () => false)));
      return kept.filter((_, i) => !answers[i]).map((request) => request.url);
    });
    assert.deepEqual(missing, []);
  });
}

test("a file that does not fit keeps the new version out and the old one working", async (t) => {
  const { server, current } = await serveVersions(t);
  const context = await newContext(t);
  const page = await openPage(context, server.url);
  await started(page);
  await offlineReady(page);
  const before = await cacheNames(page);

  const next = await nextVersion(t, "b");
  await writeFile(join(next, "register-sw.js"), "// half-way through a deploy");
  current.dir = next;
  current.requests.length = 0;
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await eventually(async () => {
    assert.ok(current.requests.includes("sw.js") && current.requests.includes("register-sw.js"), "the new version was tried");
    const installing = await page.evaluate(async () => Boolean((await navigator.serviceWorker.ready).installing));
    assert.equal(installing, false);
  });
  await eventually(async () => assert.deepEqual(await cacheNames(page), before));
  await page.reload();
  await started(page);
  assert.equal(await mark(page), "as built");
});

test("an open page keeps its version; a reload takes the new one", async (t) => {
  const { server, current } = await serveVersions(t);
  const context = await newContext(t);
  const page = await openPage(context, server.url);
  await started(page);
  await offlineReady(page);
  await page.reload();
  await started(page);

  await page.evaluate(() => {
    globalThis.told = null;
    addEventListener("map-palette-update", (event) => (globalThis.told = event.detail));
  });
  current.dir = await nextVersion(t, "b");
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await page.waitForFunction(() => globalThis.told !== null);
  assert.deepEqual(await page.evaluate(() => globalThis.told), { others: 0 });
  // The page goes on with the files of its own version, though the server has others by now.
  const own = await page.evaluate(async () => (await fetch("./")).text());
  assert.ok(!own.includes("test-version"));

  await page.reload();
  await eventually(async () => assert.equal(await mark(page), "b"));
  await started(page);
  await eventually(async () => assert.equal((await cacheNames(page)).filter((name) => name.startsWith("map-palette http")).length, 1));
  assert.deepEqual(page.problems, []);
});

test("with a second page open, a reload keeps the old version and says so", async (t) => {
  const { server, current } = await serveVersions(t);
  const context = await newContext(t);
  const first = await openPage(context, server.url);
  await started(first);
  await offlineReady(first);
  const second = await openPage(context, server.url);
  await started(second);
  await first.reload();
  await started(first);

  current.dir = await nextVersion(t, "b");
  await first.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await eventually(async () => assert.ok(await first.evaluate(async () => Boolean((await navigator.serviceWorker.ready).waiting))));
  await first.addInitScript(() => {
    globalThis.told = null;
    addEventListener("map-palette-update", (event) => (globalThis.told = event.detail));
  });
  await first.reload();
  await first.waitForFunction(() => globalThis.told !== null);
  assert.deepEqual(await first.evaluate(() => globalThis.told), { others: 1 });
  assert.equal(await mark(first), "as built");

  await second.close();
  await first.reload();
  await eventually(async () => assert.equal(await mark(first), "b"));
});
