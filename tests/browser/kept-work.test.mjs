// Work is kept: after a reload, Back, a closed tab; what was stored is not trusted; nothing of another tab is touched.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { eventually, newContext, newForgetfulContext, openPage, serve } from "./support/harness.mjs";
import { isWritten } from "./support/kept.mjs";
import { needsWeights } from "./support/weights.mjs";
import { alertSays, answers, ask, constantHead, goTo, jobEnds, madeSet, noAlert, openPalette, openTable, values, verdict } from "./support/palette.mjs";

const TABLE = "prompt,answer,wit,depth\nWhy?,Because.,1,0.5\nWhy?,Nobody knows.,2,0.25\nHow?,So.,3,0.75\nHow?,Thus.,5,0.1\n";

async function openMine(page, name = "mine.csv", content = TABLE) {
  await openTable(page, name, content);
  await page.getByText(/^opened ·/).first().waitFor();
}

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

test("a palette with targets that the kept table has no values for is had back without a word", async (t) => {
  const server = await serve(t);
  const context = await newContext(t);
  const page = await openPalette(context, server.url);
  await verdict(page);
  // The built-in palette asks for humor and more; this table has humor alone.
  await openMine(page, "mine.csv", TABLE.replace("wit", "humor"));
  await isWritten(page, ["mine"]);
  const isThere = async (page) => {
    await goTo(page, "Compose");
    await eventually(async () => assert.deepEqual(await values(page), ["humor", "depth"]));
    await verdict(page);
    await page.waitForTimeout(500);
    await noAlert(page);
  };
  await page.reload();
  await isThere(page);
  await page.close();
  const next = await openPage(context, server.url);
  await next.getByText(/Here is what you were at work on/).waitFor();
  await isThere(next);
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

const oneModel = async () => ({ name: "tiny.gguf", mimeType: "application/octet-stream", buffer: await readFile(new URL("../cases/24-gguf-attention-bias/without.gguf", import.meta.url)) });
const addedValues = (page) => page.getByRole("list", { name: "Added values" }).getByRole("listitem");
const ownModel = (page) => page.getByRole("button", { name: "Use the page's own model again" });

/** Opens a head and a model from the disk. */
async function addFiles(page) {
  await goTo(page, "Answers");
  await showFiles(page);
  await page.getByLabel("Language model (GGUF)").setInputFiles(await oneModel());
  await ownModel(page).waitFor();
  await page.getByLabel("Reward head (safetensors or JSON)").setInputFiles(constantHead("charm", 1.5));
  await addedValues(page).filter({ hasText: "charm" }).waitFor();
}

async function showFiles(page) {
  await page.getByText("A model of your own").click();
  await page.getByText("Values from outside").click();
}

/** Does something with a store of the database in which work is kept. */
const inStore = (page, store, does) =>
  page.evaluate(`(async () => {
    const { name } = (await indexedDB.databases()).find(({ name }) => name.startsWith("map-palette-work"));
    const request = (asked) => new Promise((done, failed) => {
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
    const database = await request(indexedDB.open(name));
    const result = await (${does})(database.transaction("${store}", "readwrite").objectStore("${store}"), request);
    database.close();
    return result;
  })()`);

test("a model and a head of one's own are there again after a reload, and in the next tab, until they are put away", async (t) => {
  const server = await serve(t);
  const context = await newContext(t);
  const page = await openPalette(context, server.url);
  await verdict(page);
  await addFiles(page);
  const written = (page) => eventually(async () => {
    const [work] = await inStore(page, "works", (all, request) => request(all.getAll()));
    assert.deepEqual(JSON.parse(work).files.map(({ name, written }) => [name, written]).sort(), [["charm.safetensors", true], ["tiny.gguf", true]]);
  });
  await written(page);
  const areThere = async (page) => {
    await goTo(page, "Answers");
    await showFiles(page);
    await addedValues(page).filter({ hasText: "charm.safetensors" }).waitFor();
    await page.getByText("tiny.gguf").first().waitFor();
    await answers(page).more.click();
    assert.equal(await answers(page).workers.inputValue(), "1");
    await noAlert(page);
    assert.deepEqual(page.problems, []);
  };
  await page.reload();
  await areThere(page);
  await page.close();
  const next = await openPage(context, server.url);
  await next.getByText(/Here is what you were at work on: 2 files from your disk\./).waitFor();
  await areThere(next);
  await ownModel(next).click();
  await addedValues(next).getByRole("button", { name: "Remove charm" }).click();
  await eventually(async () => assert.deepEqual(await inStore(next, "files", (all, request) => request(all.getAllKeys())), []));
  await isWritten(next, ['"files":[]']);
  await next.reload();
  await goTo(next, "Answers");
  await showFiles(next);
  assert.equal(await ownModel(next).count() + await addedValues(next).count(), 0);
});

test("a head or a model that is not what was kept is said and not used", async (t) => {
  const server = await serve(t);
  const page = await openPalette(await newContext(t), server.url);
  await verdict(page);
  await addFiles(page);
  await isWritten(page, ["charm.safetensors", "tiny.gguf"]);
  await page.waitForTimeout(500);
  await inStore(page, "files", async (all, request) => {
    for (const key of await request(all.getAllKeys())) {
      const kept = await request(all.get(key));
      if (kept instanceof Blob) await request(all.put(new Blob(["GGUF, but short"]), key));
      else {
        // Still a head, with another weight.
        kept[kept.length - 1] ^= 1;
        await request(all.put(kept, key));
      }
    }
  });
  await page.reload();
  await alertSays(page, "charm.safetensors", "is not what was kept", "Open the file again.");
  await alertSays(page, "tiny.gguf", "is not what was kept");
  await goTo(page, "Answers");
  await showFiles(page);
  assert.equal(await ownModel(page).count() + await addedValues(page).count(), 0);
  assert.deepEqual(page.problems, []);
});

test("a model that the browser has no room for is used, and said not to be kept, at once and after a reload", async (t) => {
  const server = await serve(t);
  const context = await newContext(t);
  await context.addInitScript(() => {
    navigator.storage.estimate = async () => ({ usage: 900, quota: 1000 });
  });
  const page = await openPalette(context, server.url);
  await verdict(page);
  await goTo(page, "Answers");
  await page.getByText("A model of your own").click();
  await page.getByLabel("Language model (GGUF)").setInputFiles(await oneModel());
  await page.getByText(/tiny\.gguf.* was not kept for the next visit\. This browser has no room for its .*: open it again after a reload\./).waitFor();
  assert.ok(await ownModel(page).isVisible());
  await isWritten(page, ['"name":"tiny.gguf"', '"written":false']);
  await page.reload();
  await page.getByText(/tiny\.gguf.* from your disk was not kept in this browser: open it again\./).waitFor();
  await goTo(page, "Answers");
  assert.equal(await ownModel(page).count(), 0);
  await noAlert(page);
});

test("a job with files of one's own goes on after a reload, and still has no link", needsWeights, async (t) => {
  const server = await serve(t);
  const page = await openPalette(await newContext(t), server.url);
  await verdict(page);
  await addFiles(page);
  const form = await ask(page, { prompts: ["tell me how the old clock keeps time", "tell me more"], perPrompt: 4, tokens: 8 });
  await form.generate.click();
  await jobEnds(page);
  await form.outcome.getByText(/Done: 8 answers to 2 prompts/).waitFor();
  const whole = await madeSet(page);
  assert.match(whole.about, /tiny\.gguf/);
  await eventually(async () => {
    const [work] = await inStore(page, "works", (all, request) => request(all.getAll()));
    const { job } = JSON.parse(work);
    assert.deepEqual([job.files.length, job.running, job.made === null], [2, false, false]);
  });
  // As if the page had been closed after the first prompt.
  await inStore(page, "answers", async (all, request) => {
    const key = (await request(all.getAllKeys())).find((key) => key.endsWith("/1"));
    await request(all.delete(key));
  });
  await page.reload();
  await goTo(page, "Answers");
  await page.getByText("It was interrupted: the answers to 1 of 2 prompts are kept.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Copy a link that draws these again" }).count(), 0);
  await form.goOn.click();
  await jobEnds(page);
  await form.outcome.getByText(/Done: 8 answers to 2 prompts/).waitFor();
  const again = await madeSet(page);
  assert.deepEqual([again.answers, again.values, again.about], [whole.answers, whole.values, whole.about]);
  assert.deepEqual(page.problems, []);
});

test("a job that was interrupted before any prompt was answered is offered again", needsWeights, async (t) => {
  const server = await serve(t);
  const page = await openPalette(await newContext(t), server.url);
  const form = await ask(page, { prompts: ["What is dew?", "Who was Ada?"], perPrompt: 4, tokens: 60, seed: 3, workers: 1 });
  await form.generate.click();
  await isWritten(page, ['"running":true']);
  // What stands in the form meanwhile is another thing.
  await form.prompts.fill("Something else?");
  await isWritten(page, ['"running":true', "Something else?"]);
  await page.reload();
  await goTo(page, "Answers");
  await page.getByText("It was interrupted before any of the 2 prompts was answered.").waitFor();
  assert.equal(await form.prompts.inputValue(), "Something else?");
  await page.getByText("draws the 2 prompts left").waitFor();
  await form.goOn.click();
  await jobEnds(page);
  await form.outcome.getByText(/Done: 8 answers to 2 prompts/).waitFor();
  assert.deepEqual((await madeSet(page)).prompts, ["What is dew?", "Who was Ada?"]);
  assert.deepEqual(page.problems, []);
});

test("a view that is left before its first frame leaves nothing behind that fails", async (t) => {
  const server = await serve(t);
  const context = await newContext(t);
  // Frames as slow as on a busy machine.
  await context.addInitScript(() => {
    window.requestAnimationFrame = (then) => setTimeout(() => then(performance.now()), 300);
    window.cancelAnimationFrame = clearTimeout;
  });
  const page = await openPalette(context, server.url);
  await verdict(page);
  for (const name of ["Models", "Compose", "Models", "Answers", "Studies", "Models", "Data", "Compose"]) {
    await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
  }
  await page.waitForTimeout(700);
  await verdict(page);
  assert.deepEqual(page.problems, []);
});
