// Work is kept: after a reload, Back, a closed tab; what was stored is not trusted; nothing of another tab is touched.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, newContext, newForgetfulContext, openPage, serve } from "./support/harness.mjs";
import { needsWeights } from "./support/weights.mjs";
import { alertSays, answers, ask, goTo, jobEnds, noAlert, openPalette, openTable, values, verdict } from "./support/palette.mjs";

const TABLE = "prompt,answer,wit,depth\nWhy?,Because.,1,0.5\nWhy?,Nobody knows.,2,0.25\nHow?,So.,3,0.75\nHow?,Thus.,5,0.1\n";

async function openMine(page, name = "mine.csv", content = TABLE) {
  await openTable(page, name, content);
  await page.getByText(/^opened ·/).first().waitFor();
}

/** Waits until all is written that is to be. */
const isWritten = (page, words) =>
  eventually(async () => {
    const works = await page.evaluate(async () => {
      const all = (await indexedDB.databases()).filter(({ name }) => name.startsWith("map-palette-work"));
      if (all.length === 0) return "";
      const database = await new Promise((done, failed) => {
        const request = indexedDB.open(all[0].name);
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
      const works = await new Promise((done) => {
        const request = database.transaction("works").objectStore("works").getAll();
        request.onsuccess = () => done(request.result);
      });
      database.close();
      return works.join("\n");
    });
    for (const word of words) assert.ok(works.includes(word), `${word} is not written: ${works}`);
  });

const prompts = (page) => answers(page).prompts;

test("table, palette, prompts and settings are there again after a reload, and in the next tab", async (t) => {
  const server = await serve(t);
  const context = await newContext(t);
  const page = await openPalette(context, server.url);
  await verdict(page);
  await openMine(page);
  await goTo(page, "Answers");
  await prompts(page).fill("What is dew?\nWho was Ada?");
  await answers(page).seed.fill("77");
  await answers(page).seed.blur();
  await isWritten(page, ["mine", "Who was Ada?", '"seed":77']);
  const isThere = async (page) => {
    await goTo(page, "Answers");
    await eventually(async () => assert.equal(await prompts(page).inputValue(), "What is dew?\nWho was Ada?"));
    assert.equal(await answers(page).seed.inputValue(), "77");
    await goTo(page, "Compose");
    await eventually(async () => assert.deepEqual(await values(page), ["wit", "depth"]));
    await verdict(page);
    await noAlert(page);
    assert.deepEqual(page.problems, []);
  };
  await page.reload();
  await isThere(page);
  await page.close();
  const next = await openPage(context, server.url);
  await next.getByText(/Here is what you were at work on: 1 table and 2 prompts\./).waitFor();
  await isThere(next);
  await next.getByRole("button", { name: "Start afresh" }).click();
  await eventually(async () => assert.ok((await values(next)).includes("humor")));
  await goTo(next, "Answers");
  assert.equal(await prompts(next).inputValue(), "");
});

test("two tabs keep their own work", async (t) => {
  const server = await serve(t);
  const context = await newContext(t);
  const one = await openPalette(context, server.url);
  await verdict(one);
  await goTo(one, "Answers");
  await prompts(one).fill("Of the first tab?");
  await isWritten(one, ["Of the first tab?"]);
  const two = await openPalette(context, server.url);
  await verdict(two);
  await goTo(two, "Answers");
  assert.equal(await prompts(two).inputValue(), "");
  await prompts(two).fill("Of the second tab?");
  await isWritten(two, ["Of the first tab?", "Of the second tab?"]);
  await one.reload();
  await two.reload();
  await goTo(one, "Answers");
  await goTo(two, "Answers");
  await eventually(async () => assert.equal(await prompts(one).inputValue(), "Of the first tab?"));
  await eventually(async () => assert.equal(await prompts(two).inputValue(), "Of the second tab?"));
});

test("Back leads to the view before, and moves of targets are no entries", async (t) => {
  const server = await serve(t);
  const page = await openPalette(await newContext(t), server.url);
  await verdict(page);
  const current = async (name) =>
    eventually(async () =>
      assert.equal(await page.getByRole("navigation").getByRole("link", { name, exact: true }).getAttribute("aria-current"), "page"));
  await page.waitForFunction(() => location.hash.length > 1);
  const before = await page.evaluate(() => history.length);
  const slider = page.getByRole("slider", { name: "humor target", exact: true });
  await slider.focus();
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press("ArrowRight");
    await page.waitForTimeout(350);
  }
  assert.equal(await page.evaluate(() => history.length), before);
  await goTo(page, "Data");
  await goTo(page, "Answers");
  await prompts(page).fill("Still here?");
  await goTo(page, "Models");
  assert.equal(await page.evaluate(() => history.length), before + 3);
  for (const view of ["Answers", "Data", "Compose"]) {
    await page.goBack();
    await current(view);
    if (view === "Answers") assert.equal(await prompts(page).inputValue(), "Still here?");
  }
  await page.goForward();
  await current("Data");
  assert.deepEqual(page.problems, []);
});

test("a damaged table is said, offered, and nothing of it is loaded", async (t) => {
  const server = await serve(t);
  const page = await openPalette(await newContext(t), server.url);
  await verdict(page);
  await openMine(page);
  await isWritten(page, ["mine"]);
  await page.evaluate(async () => {
    const { name } = (await indexedDB.databases()).find(({ name }) => name.startsWith("map-palette-work"));
    const database = await new Promise((done) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => done(request.result);
    });
    const store = database.transaction("tables", "readwrite").objectStore("tables");
    const [keys, sets] = await Promise.all(["getAllKeys", "getAll"].map((all) => new Promise((done) => {
      const request = store[all]();
      request.onsuccess = () => done(request.result);
    })));
    // Another number where a reward was: still a table, but not the one that was kept.
    const bytes = sets[0].rewards instanceof Uint8Array ? sets[0].rewards : new Uint8Array(sets[0].rewards);
    new Float64Array(bytes.buffer, bytes.byteOffset, 1)[0] = 40;
    sets[0].rewards = bytes;
    await new Promise((done) => { store.put(sets[0], keys[0]).onsuccess = done; });
    database.close();
  });
  await page.reload();
  await alertSays(page, "mine", "is damaged");
  await goTo(page, "Compose");
  await eventually(async () => assert.ok((await values(page)).includes("humor")));
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download it" }).click()]);
  assert.match(download.suggestedFilename(), /damaged-table/);
  await page.getByRole("button", { name: "Delete it" }).click();
  await page.reload();
  await verdict(page);
  assert.equal(await page.getByText("is damaged").count(), 0);
  assert.deepEqual(page.problems, []);
});

test("a link that names a saved set is opened with it", async (t) => {
  const server = await serve(t);
  const context = await newContext(t);
  const page = await openPalette(context, server.url);
  await verdict(page);
  await openMine(page);
  await page.getByRole("button", { name: /^Save/ }).click();
  await page.getByText("is saved in this browser").waitFor();
  await goTo(page, "Compose");
  await verdict(page);
  await page.waitForFunction(() => location.hash.includes("set=") && location.hash.includes("t.wit"));
  const link = (await page.evaluate(() => location.hash)).replace(/t\.wit=[^&]*/, "t.wit=2.9");
  // A tab beside it has no work of its own yet.
  const other = await openPage(context, `${server.url}${link}`);
  await eventually(async () => assert.deepEqual(await values(other), ["wit", "depth"]));
  assert.equal(await other.getByRole("spinbutton", { name: "wit target level" }).inputValue(), "2.9");
  await noAlert(other);
});

test("finished answers are there again, and a job that was interrupted goes on", needsWeights, async (t) => {
  const server = await serve(t);
  const page = await openPalette(await newContext(t), server.url);
  const form = await ask(page, { prompts: ["What is dew?", "Who was Ada?", "Why sleep?"], perPrompt: 4, tokens: 40, seed: 3, workers: 1 });
  await form.generate.click();
  await eventually(async () => assert.ok(Number(await form.drawing.getAttribute("value")) >= 1), { timeout: 200_000, pause: 20 });
  await page.reload();
  await goTo(page, "Answers");
  await page.getByText(/It was interrupted: the answers to [12] of 3 prompts are kept\./).waitFor();
  await form.goOn.click();
  await jobEnds(page);
  await form.outcome.getByText(/Done: 12 answers to 3 prompts/).waitFor();
  await isWritten(page, ["Why sleep?"]);
  await page.waitForTimeout(600);
  await page.reload();
  await goTo(page, "Answers");
  await page.getByText("The answers to 3 prompts are kept from before.").waitFor();
  assert.deepEqual(page.problems, []);
});

test("where nothing can be kept the page says so once, and asks before it is left", async (t) => {
  const server = await serve(t);
  const page = await openPalette(await newForgetfulContext(t), server.url);
  await verdict(page);
  await goTo(page, "Answers");
  await prompts(page).click();
  await page.keyboard.type("Lost?");
  await alertSays(page, "does not let the page keep anything", "export what must last");
  const asked = new Promise((done) => page.once("dialog", async (dialog) => {
    done(dialog.type());
    await dialog.accept();
  }));
  await page.reload();
  assert.equal(await asked, "beforeunload");
});
