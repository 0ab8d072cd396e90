// Installing the page, and getting a new version of it: told, then taken, with the work kept and never two versions at once.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import test from "node:test";
import { browser, dist, eventually, newContext, offlineReady, openPage, serve } from "./support/harness.mjs";
import { isWritten } from "./support/kept.mjs";
import { goTo, openTable, setTarget, strip, values, verdict } from "./support/palette.mjs";

/** Width and height of a PNG. */
const sizeOf = (png) => `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;

test("the manifest is whole, its pictures are what it says, and the browser would install the page", async (t) => {
  const server = await serve(t);
  const page = await openPage(await newContext(t), server.url);
  await verdict(page);
  await offlineReady(page);
  const devtools = await page.context().newCDPSession(page);
  const { errors, data } = await devtools.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data);
  for (const key of ["id", "name", "short_name", "description", "start_url", "scope", "display", "categories", "icons", "screenshots"]) {
    assert.ok(manifest[key]?.length > 0, key);
  }
  const purposes = manifest.icons.map(({ purpose }) => purpose);
  assert.ok(purposes.includes("any") && purposes.includes("maskable"));
  assert.deepEqual(manifest.screenshots.map(({ form_factor }) => form_factor).sort(), ["narrow", "wide"]);
  for (const { src, sizes, type } of [...manifest.icons, ...manifest.screenshots]) {
    const content = await readFile(join(dist, src));
    if (type === "image/png") assert.equal(sizeOf(content), sizes, src);
    else assert.equal(sizes, "any");
  }
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  // A context of a test is a private window, in which nothing is ever installed.
  assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito"), []);
  assert.ok((await browser()).isConnected());
});

/** The build under other names: what a change of the solver leaves. Files of the one version are not there in the other. */
async function nextVersion(t) {
  const copy = await mkdtemp(join(tmpdir(), "map-palette-next-"));
  t.after(() => rm(copy, { recursive: true, force: true }));
  await cp(dist, copy, { recursive: true, filter: (path) => !path.includes(`${sep}weights${sep}`) || path.endsWith("manifest.json") });
  const before = (await readdir(copy)).find((name) => /^solver-[0-9a-f]{16}$/.test(name));
  const after = `solver-${"0123456789abcdef"}`;
  await rename(join(copy, before), join(copy, after));
  const hash = (content) => createHash("sha256").update(content).digest("base64");
  const html = await readFile(join(copy, "index.html"), "utf8");
  const changed = html.replaceAll(before, after);
  await writeFile(join(copy, "index.html"), changed);
  const worker = await readFile(join(copy, "sw.js"), "utf8");
  const version = /VERSION = "([0-9a-f]+)"/.exec(worker)[1];
  await writeFile(join(copy, "sw.js"), worker.replaceAll(before, after).replace(hash(html), hash(changed)).replaceAll(version, `${version}b`));
  for (const form of [".br", ".gz"]) for (const file of ["index.html", "sw.js"]) await rm(join(copy, file + form), { force: true });
  return { copy, before, after };
}

test("a new version is told of, waits for the person, and finds the work as it was", { timeout: 120_000 }, async (t) => {
  const next = await nextVersion(t);
  const [old, deployed] = [await serve(t), await serve(t, { dir: next.copy })];
  let current = old;
  const asked = [];
  const server = await serve(t, {
    intercept: async (path, _request, response) => {
      asked.push(path);
      const answer = await fetch(new URL(path, current.url));
      response.writeHead(answer.status, { "Content-Type": answer.headers.get("Content-Type"), "Cache-Control": "no-cache" }).end(Buffer.from(await answer.arrayBuffer()));
      return true;
    },
  });
  const page = await openPage(await newContext(t), server.url);
  await verdict(page);
  await offlineReady(page);
  await page.reload();
  await verdict(page);

  current = deployed;
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  const banner = page.getByRole("status").filter({ hasText: "A new version is ready." });
  await banner.waitFor();
  // The page goes on with its own version, of which the server has nothing any more: a table is read by a worker that starts only now.
  asked.length = 0;
  await openTable(page, "mine.csv", "prompt,wit,depth\nWhy?,1,0.5\nWhy?,2,0.25\nHow?,3,0.75\nHow?,5,0.1\n");
  await goTo(page, "Compose");
  await eventually(async () => assert.deepEqual(await values(page), ["wit", "depth"]));
  await setTarget(page, "wit", "at least level", 2.9);
  await verdict(page);
  assert.deepEqual(asked.filter((path) => path.includes("solver-")), []);
  assert.equal(await page.locator("meta[name=map-palette-solver]").getAttribute("content"), `./${next.before}/worker_loader.js`);
  await eventually(() => assert.match(page.url(), /t\.wit=2\.9/));
  await isWritten(page, ["mine"]);

  await banner.getByRole("button", { name: "Reload" }).click();
  await eventually(async () => {
    assert.equal(await page.locator("meta[name=map-palette-solver]").getAttribute("content"), `./${next.after}/worker_loader.js`);
  });
  await eventually(async () => assert.deepEqual(await values(page), ["wit", "depth"]));
  await verdict(page);
  await eventually(async () => assert.equal(await strip(page, "wit").level.inputValue(), "2.9", page.url()));
  const used = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  assert.deepEqual(used.filter((name) => name.includes(next.before)), []);
  assert.equal(await banner.count(), 0);
  assert.deepEqual(page.problems, []);
});
