// A first visit: what is asked of the server before the verdict stands, in which order, and how much that is. How long it takes on a
// phone is measured by benches/first-load.mjs: times depend on the machine, these do not.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { dist, eventually, newContext, offlineReady, openPage, serve } from "./support/harness.mjs";
import { goTo, verdict } from "./support/palette.mjs";

/** Bytes of a first visit until its verdict, compressed: what the page may grow to before somebody has to decide about it. */
const MOST = 2_000_000;

test("before the verdict nothing comes that it does not need, nothing twice, and all of it compressed", { timeout: 90_000 }, async (t) => {
  const asked = [];
  const server = await serve(t, {
    intercept: (path, request) => {
      asked.push({ path: path || "index.html", takes: request.headers["accept-encoding"] ?? "" });
      return false;
    },
  });
  const context = await newContext(t);
  // The first thing after it is told of; what waits for it comes behind.
  await context.addInitScript(() => addEventListener("map-palette-solved", () => fetch("./the-verdict-stands"), { once: true }));
  const page = await openPage(context, server.url);
  await verdict(page);
  const end = await eventually(() => {
    const at = asked.findIndex(({ path }) => path === "the-verdict-stands");
    assert.ok(at > 0);
    return at;
  });
  const before = asked.slice(0, end);
  const files = before.map(({ path }) => path).filter((path) => !path.startsWith("icons/") && path !== "favicon.ico");
  // A script of a kilobyte that page and worker share is asked for by each.
  const large = files.filter((path) => !/^wasm-.*\.js$/.test(path));
  assert.deepEqual(large.filter((path, i) => large.indexOf(path) !== i), [], "nothing is asked for twice");
  assert.deepEqual(files.filter((path) => path.startsWith("worker-") || path.startsWith("weights/")), [], "the models come when they are asked for");
  const place = (pattern) => {
    const at = files.findIndex((path) => pattern.test(path));
    assert.ok(at >= 0, `${pattern} is not among ${files.join(", ")}`);
    return at;
  };
  assert.ok(place(/^map-palette-.*\.wasm$/) < place(/^solver-.*worker_bg\.wasm$/), "the page comes before its worker");
  assert.ok(place(/^sample-set\.json$/) < place(/^solver-.*worker_bg\.wasm$/), "so does the set");
  let bytes = 0;
  for (const { path, takes } of before) {
    assert.match(takes, /\bbr\b/);
    const file = [`${path}.br`, path].map((name) => join(dist, name)).find((name) => existsSync(name));
    if (file) bytes += (await stat(file)).size;
  }
  assert.ok(bytes < MOST, `${bytes} bytes come before the verdict`);
  t.diagnostic(`${before.length} files with ${(bytes / 1e6).toFixed(2)} MB before the verdict`);

  // The whole version is kept after that, and the models' worker starts where it is wanted.
  await offlineReady(page);
  await goTo(page, "Models");
  await eventually(async () => assert.match(await page.locator("main").innerText(), /SmolLM2|could not|missing/));
  assert.deepEqual(page.problems, []);
});
