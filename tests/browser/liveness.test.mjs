// Silence is no answer: workers that vanish, loop or answer for something else, and transfers that stall, are noticed, said, and begun again.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { INSECURE_HOST, dist, eventually, newContext, serve } from "./support/harness.mjs";
import {
  answers, ask, beforeWorkers, chooseTable, goTo, goesOn, jobEnds, modelRow, openPalette, preview, setTarget, values, verdict, verdictRegion,
} from "./support/palette.mjs";
import { filesOf, models, needsWeights, serveWeights } from "./support/weights.mjs";

/** Seconds within which anything that went wrong must have been said. */
const SAID = 30_000;

async function start(t, options = {}) {
  const { url } = await serve(t, options);
  const page = await newContext(t).then((context) => openPalette(context, url));
  await verdict(page);
  return page;
}

/** Asks for something new; gives the time. */
async function change(page, percent = 61) {
  // One that is said as a quantile.
  const [, value] = await values(page);
  const { level } = setTargetFields(page, value);
  await level.fill(String(percent));
  await level.press("Enter");
  return Date.now();
}
const setTargetFields = (page, value) => ({ level: page.getByRole("spinbutton", { name: new RegExp(`^${value} target (level|quantile)$`) }) });

const isBusy = (page) => verdictRegion(page).getAttribute("aria-busy");

test("a solver that vanished while it had nothing to do is started again with the next question", async (t) => {
  const page = await start(t);
  const [solver] = page.workers();
  await solver.evaluate(() => self.close()).catch(() => {});
  const since = await change(page);
  await verdict(page);
  assert.ok(Date.now() - since < SAID);
  assert.deepEqual(page.problems, []);
});

test("a solver that vanishes over a question is started again, given its set, and asked again", async (t) => {
  const page = await start(t);
  const [solver] = page.workers();
  await solver.evaluate(() => {
    const before = self.onmessage;
    self.onmessage = (event) => (event.data.Call?.request?.Solve ? self.close() : before(event));
  });
  const since = await change(page);
  assert.equal(await isBusy(page), "true");
  assert.match(await verdictRegion(page).innerText(), /out of date/);
  await verdict(page);
  assert.ok(Date.now() - since < SAID);
  assert.doesNotMatch(await verdictRegion(page).innerText(), /out of date/);
  assert.notEqual(page.workers()[0], solver);
  await goesOn(page);
});

const LOOP = () => {
  const before = self.onmessage;
  self.onmessage = (event) => {
    while (event.data.Call?.request?.Solve);
    before(event);
  };
};

test("a solver that loops over a question is said to be silent, then started again and asked again", { timeout: 120_000 }, async (t) => {
  const page = await start(t);
  await page.workers()[0].evaluate(LOOP);
  const since = await change(page);
  assert.equal(await isBusy(page), "true");
  const region = verdictRegion(page);
  assert.match(await region.innerText(), /out of date/);
  await eventually(async () => assert.match(await region.innerText(), /has not answered for \d+ seconds/), { timeout: 15_000 });
  await eventually(async () => assert.equal(await isBusy(page), "false"), { timeout: SAID });
  assert.ok(Date.now() - since < SAID);
  assert.doesNotMatch(await region.innerText(), /out of date|has not answered/);
  await goesOn(page);
});

test("a question over which two solvers loop is reported and not asked for ever; another one is answered", { timeout: 180_000 }, async (t) => {
  const page = await start(t);
  // The first loops; the second is not even told, which is the same to whoever waits; the third is as it should be.
  await beforeWorkers(page, { call: "Solve", does: "hold", of: 1 });
  await page.workers()[0].evaluate(LOOP);
  await change(page);
  const region = verdictRegion(page);
  await eventually(async () => assert.match(await region.innerText(), /started again, and asked the same once more/), { timeout: SAID });
  await eventually(async () => assert.match(await region.innerText(), /Not solved.*did not answer for \d+ seconds.*second time over the same question/s), { timeout: 2 * SAID });
  assert.equal(await isBusy(page), "false");
  await new Promise((done) => setTimeout(done, 3000));
  assert.equal(await page.evaluate(() => window.workersSeen.length), 2, "it is not asked again");
  await change(page, 62);
  await eventually(async () => assert.match(await region.innerText(), /Reachable/));
  await goesOn(page);
});

test("where the browser has no locks, a solver that vanished is noticed by its silence", { timeout: 120_000 }, async (t) => {
  const server = await serve(t);
  const page = await newContext(t).then((context) => openPalette(context, server.url.replace("localhost", INSECURE_HOST)));
  await verdict(page);
  assert.equal(await page.evaluate(() => typeof navigator.locks), "undefined");
  await page.workers()[0].evaluate(() => self.close()).catch(() => {});
  const since = await change(page);
  await eventually(async () => assert.equal(await isBusy(page), "false"), { timeout: SAID });
  assert.ok(Date.now() - since < SAID);
  await goesOn(page);
});

/** Has the next `times` answers about a set say that they are about another one, or about another question. */
const mixUp = (page, part, times) =>
  page.workers()[0].evaluate(
    ({ part, times }) => {
      const post = self.postMessage;
      self.dropped = 0;
      self.postMessage = (message, ...more) => {
        const held = message.Answer?.answer?.Done?.Held;
        if (held && times-- > 0) {
          self.dropped++;
          if (part === "asked") held.asked ^= 1n;
          else held.on.content ^= 1n;
        }
        post.call(self, message, ...more);
      };
    },
    { part, times },
  );

for (const part of ["asked", "on"]) {
  test(`an answer that is about ${part === "on" ? "another set" : "another palette"} is dropped and asked for again`, async (t) => {
    const page = await start(t);
    await mixUp(page, part, 2);
    await change(page);
    await verdict(page);
    assert.equal(await page.workers()[0].evaluate(() => self.dropped), 2);
    await goesOn(page);
  });

  test(`answers that stay about ${part === "on" ? "another set" : "another palette"} are never shown`, async (t) => {
    const page = await start(t);
    await mixUp(page, part, Infinity);
    await change(page);
    const region = verdictRegion(page);
    await eventually(async () => assert.match(await region.innerText(), /Not solved.*another sample set or another palette/s));
    assert.doesNotMatch(await region.innerText(), /Reachable|Out of reach|On the edge/);
    assert.equal(await isBusy(page), "false");
  });
}

test("a worker that dies while it reads a table leaves a sentence, and the next file is read", async (t) => {
  const page = await start(t);
  // The solver has nothing more to be asked, so the worker that reads is the first one from now on.
  await page.getByRole("status", { name: "How far to trust it" }).getByText(/Weights rest on/).waitFor();
  await beforeWorkers(page, { call: "Import", does: "end", of: 0 });
  const table = "prompt,wit\nWhy?,1\nWhy?,2\nHow?,4\n";
  await chooseTable(page, "mine.csv", table);
  await eventually(async () => assert.match(await preview(page).alert.innerText(), /import worker (stopped unexpectedly|did not answer)/), { timeout: SAID });
  await chooseTable(page, "mine.csv", table);
  await preview(page).compose.click();
  await eventually(async () => assert.deepEqual(await values(page), ["wit"]));
  assert.deepEqual(page.problems, []);
});

test("a worker that dies while it loads the models is started again, and the answers are drawn", needsWeights, async (t) => {
  const { server } = await serveWeights(t);
  const page = await openPalette(await newContext(t), server.url);
  await verdict(page);
  await beforeWorkers(page, { call: "Prepare", does: "end", of: 0, after: 300 });
  const form = await ask(page, { prompts: ["How do I say no?"], perPrompt: 2, tokens: 4, workers: 1 });
  await form.generate.click();
  await eventually(async () => assert.equal(await page.evaluate(() => window.workersSeen.length), 2, "no second worker was started"), { timeout: SAID });
  await jobEnds(page);
  await eventually(async () => assert.match(await answers(page).outcome.innerText(), /Done: 2 answers/));
});

test("a transfer that stalls halfway is said, and goes on from where it stood", needsWeights, async (t) => {
  const model = models.find(({ id }) => id === "encoder") ?? models[0];
  const [file] = filesOf(model);
  const asked = [];
  const server = await serve(t, {
    intercept: async (path, request, response) => {
      if (path !== `weights/${file}`) return false;
      const body = await readFile(join(dist, "weights", file));
      const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
      asked.push(range);
      if (asked.length === 1) {
        // Half of it, and then nothing for ever.
        response.writeHead(200, { "Content-Length": body.length });
        response.write(body.subarray(0, body.length >> 1));
      } else {
        const from = Number(range ?? 0);
        response.writeHead(range ? 206 : 200, { "Content-Length": body.length - from, "Content-Range": `bytes ${from}-${body.length - 1}/${body.length}` });
        response.end(body.subarray(from));
      }
      return true;
    },
  });
  const page = await openPalette(await newContext(t), server.url);
  await verdict(page);
  await goTo(page, "Models");
  const { load, says } = modelRow(page, model.name);
  await load.click();
  await says(/nothing has come for \d+ seconds/, 15_000);
  await says(/stored/, SAID);
  assert.equal(asked.length, 2);
  assert.ok(Number(asked[1]) > 0, `what had come was kept: it went on from ${asked[1]}`);
});

test("a transfer from which nothing ever comes is given up with a sentence", { ...needsWeights, timeout: 180_000 }, async (t) => {
  const model = models.find(({ id }) => id === "encoder") ?? models[0];
  const [file] = filesOf(model);
  const { server, sent } = await serveWeights(t, { answer: (name) => name === file });
  const page = await openPalette(await newContext(t), server.url);
  await verdict(page);
  await goTo(page, "Models");
  const { load, says } = modelRow(page, model.name);
  await load.click();
  await says(/nothing has come for \d+ seconds/, 15_000);
  await says(/stalled: nothing has come for 20 seconds, 3 times in a row/, 100_000);
  assert.equal(sent.filter((name) => name === file).length, 3);
});
