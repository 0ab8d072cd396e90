// The Models view: loading ahead, checking, deleting, what a browser keeps and refuses, and how the rewards are measured.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { INSECURE_HOST, dist, eventually, newContext, newForgetfulContext, offlineReady } from "./support/harness.mjs";
import { alertSays, ask, goTo, goesOn, jobEnds, measured, measuredRegion, modelRow, noAlert, openPalette, storageRegion } from "./support/palette.mjs";
import { filesOf, kept, models, needsWeights, serveWeights, spoil } from "./support/weights.mjs";

const [large, small] = [...models].sort((a, b) => b.shards.length - a.shards.length);
const STORED = /stored in this browser/;

async function start(t, { fragment = "view=models", ...options } = {}) {
  const { server, sent } = await serveWeights(t, options);
  const context = await newContext(t);
  const page = await openPalette(context, server.url, fragment);
  return { page, context, server, sent, rows: models.map((model) => modelRow(page, model.name)) };
}

/** Answers for `rewards.json`, so that no test depends on what the build has of it. */
function figures(content) {
  return (path, response) => {
    if (path !== "rewards.json") return false;
    response.writeHead(200, { "Content-Type": "application/json" }).end(typeof content === "function" ? content() : content);
    return true;
  };
}

async function load(row) {
  await row.load.click();
  await row.says(STORED);
}

/** Fails unless the focus is there. */
async function hasFocus(where) {
  assert.ok(await where.evaluate((element) => element === document.activeElement), "the focus is elsewhere");
}

/** Draws a little in the Answers view; whether a sample set came of it. */
async function generates(page) {
  const form = await ask(page, { prompts: ["Tell me something about the sea."], perPrompt: 2, tokens: 4 });
  await form.generate.click();
  await jobEnds(page);
  await goTo(page, "Data");
  return (await page.getByRole("listitem").filter({ hasText: "generated here" }).count()) === 1;
}

test("loads every file once, keeps it, and then works without a network", needsWeights, async (t) => {
  const { page, context, server, sent, rows } = await start(t);
  for (const [i, row] of rows.entries()) {
    await row.says(/not loaded/);
    await row.says(new RegExp(models[i].licence));
    assert.equal(await row.verify.count(), 0, "there is nothing to check yet");
  }
  await page.getByRole("button", { name: /^Load all that is missing \(12\d MB\)$/ }).click();
  await rows[0].loading.waitFor();
  await rows[1].says(/waiting until .* is done/);
  for (const row of rows) await row.says(STORED);
  assert.deepEqual(sent.toSorted(), models.flatMap(filesOf).toSorted(), "every file came once");
  await eventually(async () => assert.match(await storageRegion(page).innerText(), /1\d\d MB used of/));
  await noAlert(page);

  // Its files may still be on their way into the page's own cache.
  await offlineReady(page);
  await server.close();
  await context.setOffline(true);
  await page.reload();
  for (const row of rows) await row.says(STORED);
  assert.ok(await generates(page));
  assert.equal(sent.length, models.flatMap(filesOf).length);
  assert.deepEqual(page.problems, []);
});

test("what Answers loaded is stored here too", needsWeights, async (t) => {
  const { page, rows } = await start(t, { fragment: "" });
  assert.ok(await generates(page));
  await goTo(page, "Models");
  for (const row of rows) await row.says(STORED);
});

test("Answers says what is stored, whatever was done about it here", needsWeights, async (t) => {
  const { page } = await start(t, { fragment: "view=answers" });
  const says = (words) => page.getByText(words).waitFor();
  await says(/The first press loads about 123 MB/);
  await goTo(page, "Models");
  const row = modelRow(page, small.name);
  await load(row);
  await goTo(page, "Answers");
  await says(/Part of the models is cached in this browser \(25 MB\)/);
  await goTo(page, "Models");
  await row.remove.click();
  await row.sure.click();
  await row.says(/not loaded/);
  await goTo(page, "Answers");
  await says(/The first press loads about 123 MB/);
  await noAlert(page);
});

test("a damaged file is named, and loading again fetches only that one", needsWeights, async (t) => {
  const { page, sent } = await start(t);
  const row = modelRow(page, large.name);
  await load(row);
  await row.verify.click();
  await row.says(/Every stored file passed its check/);

  const bad = filesOf(large)[1];
  await spoil(page, bad);
  await row.verify.click();
  await row.says(/damaged: 1 file failed its check and was removed/);
  await row.says(new RegExp(bad));
  await goTo(page, "Compose");
  await goTo(page, "Models");
  await row.says(/damaged/);
  sent.length = 0;
  await load(row);
  assert.deepEqual(sent, [bad]);
  await noAlert(page);
});

test("deletes after asking once, by keyboard too", needsWeights, async (t) => {
  const { page } = await start(t);
  const row = modelRow(page, small.name);
  await load(row);
  await row.remove.press("Enter");
  await row.says(/Delete 25 MB\?/);
  await eventually(() => hasFocus(row.keep));
  await page.keyboard.press("Escape");
  await eventually(() => hasFocus(row.remove));
  assert.deepEqual(await kept(page), filesOf(small));

  await row.remove.click();
  await row.sure.click();
  await row.says(/not loaded/);
  assert.deepEqual(await kept(page), []);
  await eventually(() => hasFocus(row.load));
});

test("cancelling keeps the files that had arrived, and loading goes on with the rest", needsWeights, async (t) => {
  const [first, second] = filesOf(large);
  let holding = true;
  const { page, sent } = await start(t, {
    answer: async (file, response) => {
      if (!holding || file !== second) return false;
      // Half of it, and then nothing.
      const content = await readFile(join(dist, "weights", file));
      response.writeHead(200, { "Content-Length": content.length }).write(content.subarray(0, content.length >> 1));
      return true;
    },
  });
  const row = modelRow(page, large.name);
  const other = modelRow(page, small.name);
  await row.load.click();
  await eventually(async () => assert.deepEqual(await kept(page), [first]));
  await row.says(/\d+ of 98 MB/);
  // The other one queues, and can be taken back.
  await other.load.click();
  await other.says(new RegExp(`waiting until ${large.name} is done`));
  await other.cancel.click();
  await other.says(/Cancelled/);

  await row.cancel.click();
  await row.says(new RegExp(`partly stored: 1 of ${large.shards.length} files`));
  await noAlert(page);
  holding = false;
  sent.length = 0;
  await load(row);
  assert.deepEqual(sent, filesOf(large).slice(1));
  assert.deepEqual(page.problems, []);
});

test("a transfer that breaks off is told once, and the next try goes on from there", needsWeights, async (t) => {
  const [, second] = filesOf(large);
  let breaking = true;
  const { page, sent } = await start(t, {
    answer: async (file, response) => {
      if (!breaking || file !== second) return false;
      const content = await readFile(join(dist, "weights", file));
      response.writeHead(200, { "Content-Length": content.length });
      response.write(content.subarray(0, content.length >> 1), () => response.destroy());
      return true;
    },
  });
  const row = modelRow(page, large.name);
  await row.load.click();
  await alertSays(page, second, /broke off/);
  assert.equal(await page.getByRole("alert").filter({ visible: true }).count(), 1);
  breaking = false;
  sent.length = 0;
  await load(row);
  assert.deepEqual(sent, filesOf(large).slice(1));
  await noAlert(page);
});

test("where there is no room, a sentence says so, and generating works all the same", needsWeights, async (t) => {
  const { page, context, server, sent } = await start(t);
  const session = await context.newCDPSession(page);
  await offlineReady(page);
  await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(server.url).origin, quotaSize: 20e6 });
  const row = modelRow(page, large.name);
  await row.load.click();
  await alertSays(page, "no room");
  await row.says(/not loaded/);
  assert.deepEqual(sent, filesOf(large).slice(0, 1), "nothing more is loaded in vain");
  assert.ok(await generates(page));
  await goesOn(page);
});

test("the storage may be asked for, and the answer is said", needsWeights, async (t) => {
  const { page } = await start(t);
  const storage = storageRegion(page);
  await storage.getByRole("meter", { name: "Storage used" }).waitFor();
  await storage.getByRole("button", { name: "Ask the browser to keep these files" }).click();
  await eventually(async () => assert.match(await storage.innerText(), /Granted|Not granted/));
  assert.deepEqual(page.problems, []);
});

for (const [where, open] of [
  ["where the page is not served securely", async (t, server) => openPalette(await newContext(t, { permissions: [] }), server.url.replace("localhost", INSECURE_HOST), "view=models")],
  ["where the browser refuses all storage", async (t, server) => openPalette(await newForgetfulContext(t), server.url, "view=models")],
]) {
  test(`${where}, the view says that nothing can be kept, and offers nothing`, needsWeights, async (t) => {
    const { server } = await serveWeights(t);
    const page = await open(t, server);
    await modelRow(page, large.name).says(/not kept in this browser/);
    assert.match(await page.getByRole("main").innerText(), /lets the page keep no files/);
    assert.match(await storageRegion(page).innerText(), /nothing can be kept/);
    assert.equal(await page.getByRole("main").getByRole("button").count(), 0);
    await noAlert(page);
    assert.deepEqual(page.problems, []);
  });
}

// --- How the rewards are measured ------------------------------------------------------------------------------------------

const FIGURES = JSON.stringify({
  version: 1,
  rewards: ["humor", "helpful"].map((name) => ({
    name,
    unit: "log-odds",
    what: `How ${name} it sounds.`,
    form: "A logistic regression.",
    held_out: [
      { task: "jokes from plain answers", metric: "AUC", figure: 0.962, interval: [0.927, 0.987], rows: 400, baseline: { name: "length", figure: 0.6, beats_by: [0.31, 0.41] } },
      { task: "amused from neutral comments", metric: "AUC", figure: 0.93, interval: [0.894, 0.963], rows: 300, baseline: null },
    ],
    ceiling: { figure: 0.98, of: "how far two people agree", gap: "0.02 are missing" },
    fooled_by: [{ prompt: "What is rain?", text: "Ha ha ha.", reward: 3.1, median: -0.4, why: "It laughs about nothing." }],
    limits: ["It knows no irony."],
  })),
});

test("a value's button opens how it is measured, with figures, ceiling, limits and what fools it", async (t) => {
  const { page } = await start(t, { fragment: "view=data", other: figures(FIGURES) });
  await page.getByRole("button", { name: "How is this measured? (helpful)" }).click();
  const helpful = measured(page, "helpful");
  await eventually(async () => assert.equal(await helpful.getAttribute("open"), ""));
  await eventually(() => hasFocus(helpful.locator("summary")));
  assert.equal(await measured(page, "humor").getAttribute("open"), null);
  const rows = await helpful.getByRole("row").allInnerTexts();
  assert.equal(rows.length, 3);
  assert.match(rows[1], /AUC, 400 rows[\s\S]*0\.96[\s\S]*0\.93 to 0\.99[\s\S]*length[\s\S]*\+0\.36[\s\S]*0\.31 to 0\.41/);
  assert.match(rows[2], /none/);
  const text = await helpful.innerText();
  for (const words of ["0.98, how far two people agree. 0.02 are missing.", "It knows no irony.", "Ha ha ha.", "median is −0.40"]) {
    assert.ok(text.includes(words), `“${words}” is missing in ${text}`);
  }
  assert.deepEqual(page.problems, []);
});

test("figures that are damaged are told in a sentence, and a second try works", async (t) => {
  let content = FIGURES.slice(0, 200);
  const { page } = await start(t, { other: figures(() => content) });
  await alertSays(page, /damaged/);
  content = FIGURES;
  await measuredRegion(page).getByRole("button", { name: "Try again" }).click();
  await measured(page, "humor").waitFor();
  await noAlert(page);
});
