// The models in the page: loading, drawing, cancelling, aligning, and everything that can go wrong with weights and workers.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { INSECURE_HOST, dist, eventually, newContext, newForgetfulContext, offlineReady, serve } from "./support/harness.mjs";
import { alertSays, answers, ask, goTo, goesOn, jobEnds, noAlert, openPalette, values, verdict } from "./support/palette.mjs";

const manifestFile = join(dist, "weights", "manifest.json");
const options = existsSync(manifestFile) ? { timeout: 600_000 } : { skip: "this build has no weights; scripts/setup makes them" };
const shards = existsSync(manifestFile) ? JSON.parse(await readFile(manifestFile, "utf8")).models.flatMap((model) => model.shards) : [];

const PROMPTS = ["How do I ask for a day off?", "Tell me something about the sea.", "What should I cook tonight?"];

/** A server that counts the shards it sends, and may spoil them. */
async function serveWeights(t, { spoil, host, base } = {}) {
  const sent = [];
  const server = await serve(t, {
    host,
    base,
    intercept: async (path, request, response) => {
      if (!path.startsWith("weights/") || !path.endsWith(".gguf")) return false;
      sent.push(path);
      return spoil ? spoil(path, response) : false;
    },
  });
  return { server, sent };
}

async function start(t, { fragment, ...serverOptions } = {}) {
  const { server, sent } = await serveWeights(t, serverOptions);
  const context = await newContext(t);
  const page = await openPalette(context, server.url, fragment);
  await values(page);
  return { page, context, server, sent };
}

/** Loads the page anew. The address keeps the view, so this goes back to Compose. */
async function reload(page) {
  await page.reload();
  await goTo(page, "Compose");
  await values(page);
}

/** Draws a little and waits for the new sample set. */
async function generate(page, request) {
  const form = await ask(page, request);
  await form.generate.click();
  await jobEnds(page);
}

const setsListed = async (page) => {
  await goTo(page, "Data");
  return page.getByRole("listitem").filter({ hasText: "generated here" }).count();
};

test("generates in the page, once over the network and then from the cache, also offline", options, async (t) => {
  const { page, context, server, sent } = await start(t);
  const form = await ask(page, { prompts: PROMPTS.slice(0, 2) });
  await form.generate.click();
  await form.loading.waitFor();
  await jobEnds(page);
  await noAlert(page);
  assert.equal(await setsListed(page), 1);
  await goTo(page, "Compose");
  await eventually(async () => assert.equal((await values(page)).length, 7));
  await verdict(page);
  assert.equal(sent.length, shards.length, "every shard came over the network once");

  await offlineReady(page);
  await reload(page);
  await generate(page, { prompts: PROMPTS.slice(0, 1) });
  assert.equal(await setsListed(page), 2, "the set from before the reload is kept");
  assert.equal(sent.length, shards.length, "the second time nothing came over the network");

  await server.close();
  await context.setOffline(true);
  await reload(page);
  await verdict(page);
  await generate(page, { prompts: PROMPTS.slice(0, 1) });
  await noAlert(page);
  assert.equal(await setsListed(page), 3, "the cached models work without a network");
  assert.deepEqual(page.problems, []);
});

test("the same seed gives the same answers, another seed others", options, async (t) => {
  const { page } = await start(t);
  const texts = [];
  for (const seed of [5, 5, 6]) {
    await generate(page, { prompts: PROMPTS.slice(0, 1), perPrompt: 3, seed });
    await goTo(page, "Compose");
    await verdict(page);
    const card = page.getByRole("region", { name: "Answers before and after" });
    texts.push(await eventually(async () => {
      const items = await card.getByRole("listitem").locator("p").allInnerTexts();
      assert.ok(items.length >= 3);
      return items.slice(0, 3);
    }));
  }
  assert.deepEqual(texts[1], texts[0]);
  assert.notDeepEqual(texts[2], texts[0]);
});

test("cancels while loading and while drawing, and can start again", options, async (t) => {
  const { page } = await start(t);
  const form = await ask(page, { prompts: PROMPTS, perPrompt: 16, tokens: 200 });
  await form.generate.click();
  await form.loading.waitFor();
  await form.cancel.click();
  await jobEnds(page, 20_000);
  await noAlert(page);

  await form.generate.click();
  // Text streams in: some draft has words before the job ends.
  await eventually(async () => assert.ok((await page.getByRole("main").innerText()).match(/\d+ tokens a second/)), { timeout: 240_000 });
  const asked = Date.now();
  await form.cancel.click();
  await jobEnds(page, 20_000);
  assert.ok(Date.now() - asked < 10_000, "cancelling takes effect between two tokens");
  assert.equal(await setsListed(page), 0);

  await generate(page, { prompts: PROMPTS.slice(0, 1) });
  assert.equal(await setsListed(page), 1);
  assert.deepEqual(page.problems, []);
});

test("aligns on three fresh prompts and shows what came out", options, async (t) => {
  const { page } = await start(t, { fragment: "v=1&t.humor=base%2B0.2sd&t.helpful=keep&t.harmless=keep" });
  await verdict(page);
  const form = await ask(page, { prompts: PROMPTS, perPrompt: 4, tokens: 8 });
  await form.align.click();
  await jobEnds(page);
  await noAlert(page);
  await page.getByRole("heading", { name: "What came out" }).waitFor();
  const table = page.getByRole("table", { name: /^Levels/ });
  await table.waitFor();
  const rows = await table.getByRole("row").allInnerTexts();
  assert.equal(rows.length, 1 + 7, "one row per value and the head");
  for (const row of rows.slice(1)) assert.match(row, / to /, "each has an interval");
  const picked = page.getByRole("region", { name: /^Before and after/ });
  for (const prompt of PROMPTS) assert.ok((await picked.first().innerText()).includes(prompt));
});

test("warns before aligning with fewer answers than the palette needs", options, async (t) => {
  const { page } = await start(t);
  await verdict(page);
  await ask(page, { prompts: PROMPTS, perPrompt: 1 });
  await eventually(async () => assert.match(await page.getByRole("main").innerText(), /One draft leaves nothing to choose from/));
  assert.ok(await answers(page).align.isDisabled());
});

const SPOILED = [
  ["corrupt", async (path, response) => {
    const content = Buffer.from(await readFile(join(dist, path)));
    content[content.length >> 1] ^= 0x40;
    response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": content.length }).end(content);
    return true;
  }],
  ["missing", (_path, response) => {
    response.writeHead(404).end();
    return true;
  }],
  ["cut off by the network", async (path, response) => {
    const content = await readFile(join(dist, path));
    response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": content.length });
    response.write(content.subarray(0, content.length >> 1), () => response.destroy());
    return true;
  }],
  ["shorter than it should be", async (path, response) => {
    const content = await readFile(join(dist, path));
    response.writeHead(200, { "Content-Type": "application/octet-stream" }).end(content.subarray(0, content.length >> 1));
    return true;
  }],
];
for (const [what, spoil] of SPOILED) {
  test(`a shard that is ${what} is named in a sentence, nothing of it is kept, and a second try works`, options, async (t) => {
    const bad = shards[Math.min(1, shards.length - 1)].file;
    let spoiling = true;
    const { page } = await start(t, { spoil: (path, response) => (spoiling && path.endsWith(bad) ? spoil(path, response) : false) });
    const form = await ask(page, { prompts: PROMPTS.slice(0, 1) });
    await form.generate.click();
    await alertSays(page, bad);
    await jobEnds(page, 20_000);
    const kept = await page.evaluate(async () => (await (await caches.open("map-palette-weights")).keys()).map((request) => request.url));
    assert.ok(!kept.some((url) => url.endsWith(bad)));
    await goesOn(page);

    spoiling = false;
    await generate(page, { prompts: PROMPTS.slice(0, 1) });
    assert.equal(await setsListed(page), 1);
  });
}

test("a damaged copy in the cache is fetched again", options, async (t) => {
  const { page, sent } = await start(t);
  await generate(page, { prompts: PROMPTS.slice(0, 1) });
  const before = sent.length;
  await page.evaluate(async () => {
    const cache = await caches.open("map-palette-weights");
    const [request] = await cache.keys();
    await cache.put(request, new Response("not what it was"));
  });
  await reload(page);
  await generate(page, { prompts: PROMPTS.slice(0, 1) });
  assert.equal(await setsListed(page), 2, "the set from before the reload is kept");
  assert.equal(sent.length, before + 1);
});

test("where the page is not served securely there is no cache, and all works", options, async (t) => {
  const { server } = await serveWeights(t);
  const url = server.url.replace("localhost", INSECURE_HOST);
  const page = await openPalette(await newContext(t, { permissions: [] }), url);
  await values(page);
  assert.equal(await page.evaluate(() => globalThis.isSecureContext || "caches" in globalThis), false);
  await generate(page, { prompts: PROMPTS.slice(0, 1) });
  await eventually(async () => assert.match(await page.locator("body").innerText(), /loaded anew/));
  assert.equal(await setsListed(page), 1);
  await goesOn(page);
});

test("where the browser refuses all storage, all works", options, async (t) => {
  const { server } = await serveWeights(t);
  const page = await openPalette(await newForgetfulContext(t), server.url);
  await values(page);
  assert.equal(await page.evaluate(() => caches.keys().then(() => "kept", () => "refused")), "refused");
  await generate(page, { prompts: PROMPTS.slice(0, 1) });
  assert.equal(await setsListed(page), 1);
  await goesOn(page);
});

test("a worker that dies while generating is replaced, and the job goes on", options, async (t) => {
  const { page } = await start(t);
  const form = await ask(page, { prompts: PROMPTS.slice(0, 1), perPrompt: 8, tokens: 64, workers: 1 });
  await form.generate.click();
  await form.drawing.waitFor({ timeout: 240_000 });
  // The worker that holds the models is the one that was started last.
  const worker = page.workers().at(-1);
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new RangeError("out of memory");
    });
  });
  await eventually(async () => assert.match(await page.getByRole("main").innerText(), /its worker stopped/));
  await jobEnds(page);
  await noAlert(page);
  assert.equal(await setsListed(page), 1);
  await goesOn(page);
});

test("generates under a sub-path", options, async (t) => {
  const { server, sent } = await serveWeights(t, { base: "/classroom/palette/" });
  const page = await openPalette(await newContext(t), server.url);
  await values(page);
  await generate(page, { prompts: PROMPTS.slice(0, 1) });
  assert.equal(await setsListed(page), 1);
  assert.equal(sent.length, shards.length);
});
