// The page's parts by role and label, as a person or a screen reader finds them. Tests name no class and no id.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { eventually, openPage } from "./harness.mjs";

export const VERDICTS = { reachable: "Reachable", edge: "On the edge", unreachable: "Out of reach" };

/** Opens the page and waits for the first verdict on the built-in sample set. `fragment` is a palette link's part after `#`. */
export async function openPalette(context, url, fragment = "") {
  const page = await openPage(context, fragment ? `${url}#${fragment}` : url);
  await page.getByRole("heading", { level: 1, name: "MAP Palette" }).waitFor();
  return page;
}

export async function goTo(page, view) {
  const link = page.getByRole("navigation").getByRole("link", { name: view, exact: true });
  await link.click();
  await eventually(async () => assert.equal(await link.getAttribute("aria-current"), "page"));
}

// --- Compose ----------------------------------------------------------------------------------------------------------------

export const verdictRegion = (page) => page.getByRole("region", { name: "Verdict" });

/** What would bring the palette within reach. */
export const repairs = (page) => verdictRegion(page).getByRole("list", { name: "What would help" });

/** The verdict once the newest palette is solved: one of `VERDICTS`. */
export async function verdict(page) {
  const region = verdictRegion(page);
  return eventually(async () => {
    assert.notEqual(await region.getAttribute("aria-busy"), "true", "the palette is still being solved");
    const text = await region.getByRole("status").first().innerText();
    const found = Object.values(VERDICTS).find((words) => text.includes(words));
    assert.ok(found, `no verdict in “${text}”`);
    return found;
  });
}

export async function verdictBecomes(page, expected) {
  await eventually(async () => assert.equal(await verdict(page), expected));
}

/** The names of the values that can be composed. */
export async function values(page) {
  await page.getByRole("slider", { name: / target$/ }).first().waitFor();
  const sliders = await page.getByRole("slider", { name: / target$/ }).all();
  return Promise.all(sliders.map(async (slider) => (await slider.getAttribute("aria-label")).replace(/ target$/, "")));
}

/** One value's strip with its controls and figures. */
export function strip(page, value) {
  const slider = page.getByRole("slider", { name: `${value} target`, exact: true });
  const row = page.getByRole("listitem").filter({ has: slider });
  const figure = async (label) => parseNumber(await row.locator("b").filter({ hasText: label }).first().innerText());
  return {
    row,
    slider,
    level: row.getByRole("spinbutton", { name: new RegExp(`^${escape(value)} target (level|quantile|above base( in sd)?)$`) }),
    kind: row.getByRole("combobox", { name: `${value} kind of target`, exact: true }),
    /** What came out, in the value's unit. */
    realised: () => figure("realised"),
    /** Nats per standard deviation; NaN where it has no bound. */
    lambda: () => figure("λ"),
    /** Nats per unit, as the strip's description says; NaN where it has no bound. */
    lambdaPerUnit: async () => parseNumber(/Reward weight λ (\S+),/.exec(await row.innerText())?.[1] ?? ""),
  };
}

/** Types a target: by level in the value's unit, by quantile in percent. */
export async function setTarget(page, value, kind, amount) {
  const { level, kind: select } = strip(page, value);
  await select.selectOption({ label: kind });
  if (amount !== undefined) {
    await level.fill(String(amount));
    await level.press("Enter");
    await level.blur();
  }
}

/** Every value is maintained: the palette that asks for nothing. */
export async function maintainAll(page) {
  for (const value of await values(page)) await setTarget(page, value, "maintain");
}

/** Numbers on the page may have a true minus sign, and thin spaces between thousands. */
export function parseNumber(text) {
  const found = /[-−]?\d[\d\s,\u2009\u202f]*(\.\d+)?(e[-−]?\d+)?/i.exec(text);
  return found ? Number(found[0].replaceAll("−", "-").replace(/[\s,\u2009\u202f]/g, "")) : NaN;
}

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// --- Messages ---------------------------------------------------------------------------------------------------------------

/** Waits for an error that says all of `words`, in one plain sentence or more. Returns it. */
export async function alertSays(page, ...words) {
  return eventually(async () => {
    const texts = await page.getByRole("alert").filter({ visible: true }).allInnerTexts();
    const found = texts.find((text) => words.every((word) => (word instanceof RegExp ? word.test(text) : text.includes(word))));
    assert.ok(found, `no alert says ${words.join(" and ")}; there is: ${JSON.stringify(texts)}`);
    assert.match(found.trim(), /[A-Z“"].*[.!?]/s, "an error is a sentence");
    assert.doesNotMatch(found, /undefined|\[object|JsValue|panicked|unwrap/, "an error is in plain words");
    return found;
  });
}

export async function noAlert(page) {
  assert.deepEqual(await page.getByRole("alert").filter({ visible: true }).allInnerTexts(), []);
}

/** The page still answers: a handle moves and a verdict comes. */
export async function goesOn(page) {
  await goTo(page, "Compose");
  const [value] = await values(page);
  await setTarget(page, value, "off");
  await verdict(page);
  await setTarget(page, value, "maintain");
  await verdict(page);
  assert.deepEqual(page.problems, []);
}

/**
 * From now on, what asks a worker for `call` is kept from it (`does: "hold"`), or the worker is ended `after` milliseconds later (`does: "end"`).
 * `of` says of which worker, counted from 0 in the order in which they were first posted to; else of any. `window.workersSeen` lists them.
 */
export const beforeWorkers = (page, what) =>
  page.evaluate(({ call, does, of, after }) => {
    const post = Worker.prototype.postMessage;
    const seen = (window.workersSeen = []);
    Worker.prototype.postMessage = function (message, ...more) {
      if (!seen.includes(this)) seen.push(this);
      const meant = message.Call?.request?.[call] && (of ?? seen.indexOf(this)) === seen.indexOf(this);
      if (meant && does === "hold") return;
      post.call(this, message, ...more);
      if (meant && does === "end") setTimeout(() => this.terminate(), after ?? 0);
    };
  }, what);

// --- Data -------------------------------------------------------------------------------------------------------------------

const fileInput = (page) => page.getByLabel("Open a reward table");

/** Chooses a table by the file input. `content` is text or a buffer. */
export async function chooseTable(page, name, content) {
  await goTo(page, "Data");
  await fileInput(page).setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });
}

/** What is shown of a file before anything is composed on it. */
export function preview(page) {
  const region = page.getByRole("region", { name: /^Opening / });
  return {
    region,
    compose: region.getByRole("button", { name: "Compose with this table", exact: true }),
    leave: region.getByRole("button", { name: "Leave it", exact: true }),
    cancel: region.getByRole("button", { name: "Cancel", exact: true }),
    close: region.getByRole("button", { name: "Close", exact: true }),
    role: (column) => region.getByRole("combobox", { name: `Role of ${column}`, exact: true }),
    alert: region.getByRole("alert"),
  };
}

/** Goes on with the file that was chosen, and is back in Data; one that is refused has said why. */
export async function composeWithTable(page) {
  const { region, compose, alert } = preview(page);
  await eventually(async () => assert.ok((await alert.isVisible()) || ((await compose.isVisible()) && (await compose.isEnabled())), "the table is still being read"));
  if (await alert.isVisible()) return;
  await compose.click();
  await eventually(async () => assert.equal(await region.count(), 0, "the table is still being taken"));
  await goTo(page, "Data");
}

/** Opens a table by the file input, and composes on it. */
export async function openTable(page, name, content) {
  await chooseTable(page, name, content);
  await composeWithTable(page);
}

/** Drops a file onto the page. */
export async function dropFile(page, name, content) {
  const transfer = await page.evaluateHandle(
    ([name, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], name));
      return transfer;
    },
    [name, content],
  );
  for (const type of ["dragenter", "dragover", "drop"]) await page.dispatchEvent("body", type, { dataTransfer: transfer });
}

/** Drops a table onto the page, and composes on it. */
export async function dropTable(page, name, content) {
  await dropFile(page, name, content);
  await composeWithTable(page);
}

// --- Answers ----------------------------------------------------------------------------------------------------------------

export const answers = (page) => ({
  prompts: page.getByRole("textbox", { name: "Prompts" }),
  perPrompt: page.getByRole("spinbutton", { name: "Answers per prompt" }),
  tokens: page.getByRole("spinbutton", { name: "Tokens per answer" }),
  temperature: page.getByRole("spinbutton", { name: "Temperature" }),
  seed: page.getByRole("spinbutton", { name: "Seed" }),
  generate: page.getByRole("button", { name: "Generate", exact: true }),
  align: page.getByRole("button", { name: "Align", exact: true }),
  cancel: page.getByRole("button", { name: "Cancel", exact: true }),
  pause: page.getByRole("button", { name: "Pause", exact: true }),
  resume: page.getByRole("button", { name: "Resume", exact: true }),
  goOn: page.getByRole("button", { name: "Continue", exact: true }),
  more: page.getByText("More settings"),
  workers: page.getByRole("spinbutton", { name: "Workers" }),
  outcome: page.getByRole("region", { name: "Outcome" }),
  loading: page.getByRole("progressbar", { name: "Loading models" }),
  drawing: page.getByRole("progressbar", { name: "Prompts answered" }),
});

/** Fills in the form of the Answers view. */
export async function ask(page, { prompts, perPrompt = 4, tokens = 8, seed = 1, workers }) {
  await goTo(page, "Answers");
  const form = answers(page);
  await form.prompts.fill(prompts.join("\n"));
  const amounts = [[form.perPrompt, perPrompt], [form.tokens, tokens], [form.seed, seed]];
  if (workers !== undefined) {
    if (!(await form.workers.isVisible())) await form.more.click();
    amounts.push([form.workers, workers]);
  }
  for (const [field, amount] of amounts) {
    await field.fill(String(amount));
    await field.blur();
  }
  return form;
}

/** The set that the last job made, as the page exports it. */
export async function madeSet(page) {
  const button = answers(page).outcome.getByRole("button", { name: "Export as JSON" });
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return JSON.parse(await readFile(await download.path(), "utf8"));
}

/** Waits until the job at work is over. */
export async function jobEnds(page, timeout = 240_000) {
  const { generate } = answers(page);
  await eventually(async () => assert.ok(await generate.isEnabled({ timeout: 1000 }), "the job is still at work"), { timeout });
}

/** A head in the safetensors format that gives every answer the same reward. */
export function constantHead(name, reward) {
  const header = JSON.stringify({
    __metadata__: { name, unit: "points", encoder: "all-MiniLM-L6-v2", blocks: "answer", measured: "The same for every answer." },
    weight: { dtype: "F32", shape: [384], data_offsets: [0, 1536] },
    bias: { dtype: "F32", shape: [1], data_offsets: [1536, 1540] },
  });
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
  const file = Buffer.alloc(8 + padded.length + 1540);
  file.writeBigUInt64LE(BigInt(padded.length));
  file.write(padded, 8);
  file.writeFloatLE(reward, 8 + padded.length + 1536);
  return { name: `${name}.safetensors`, mimeType: "application/octet-stream", buffer: file };
}

// --- Models -----------------------------------------------------------------------------------------------------------------

/** One model's row in the Models view, and what can be done there. Buttons that are not offered now are not there. */
export function modelRow(page, name) {
  const row = page.getByRole("listitem", { name, exact: true });
  const button = (does) => row.getByRole("button", { name: `${does} ${name}`, exact: true });
  return {
    row,
    load: button("Load"),
    cancel: button("Cancel"),
    verify: button("Verify"),
    remove: button("Delete"),
    sure: button("Yes delete"),
    keep: button("No keep"),
    loading: row.getByRole("progressbar", { name: `Loading ${name}` }),
    /** Waits until the row's state says this. */
    says: (words, timeout = 60_000) => eventually(async () => assert.match(await row.innerText(), words), { timeout }),
  };
}

export const storageRegion = (page) => page.getByRole("region", { name: "Storage", exact: true });
export const measuredRegion = (page) => page.getByRole("region", { name: "How the rewards are measured" });

/** One value's disclosure. Finding it does not open it. */
export const measured = (page, value) => measuredRegion(page).getByRole("group").filter({ hasText: value }).first();
