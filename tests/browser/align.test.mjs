// Align: what the palette is solved for, that it holds on new prompts, and what came out, checked against what the page exports.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { eventually, newContext, serve } from "./support/harness.mjs";
import {
  VERDICTS, answers, ask, goTo, jobEnds, noAlert, openPalette, parseNumber, strip, verdict, verdictBecomes,
} from "./support/palette.mjs";
import { needsWeights } from "./support/weights.mjs";

const PROMPTS = [
  "How do I ask for a day off?", "Tell me something about the sea.", "What should I cook tonight?", "Why do cats purr?",
  "How can I fall asleep faster?", "Write a line for a birthday card.", "What is a good name for a goldfish?", "How do I say no kindly?",
  "Give me an excuse for being late.", "What helps against hiccups?", "Tell me a joke about rain.", "How do I learn to juggle?",
];

async function start(t, fragment) {
  const { url } = await serve(t);
  const page = await openPalette(await newContext(t), url, fragment);
  await verdict(page);
  return page;
}

const plan = (page) => page.getByRole("status", { name: "Palette for these drafts" });

/** Rows of a CSV without line breaks inside its figures. */
function table(text) {
  const rows = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    const row = rows.at(-1);
    if (quoted && c === '"' && text[i + 1] === '"') { row[row.length - 1] += '"'; i++; }
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === ",") row.push("");
    else if (!quoted && c === "\n") rows.push([""]);
    else row[row.length - 1] += c;
  }
  const [header, ...body] = rows.filter((row) => row.length > 1);
  return body.map((row) => Object.fromEntries(header.map((name, k) => [name, row[k]])));
}

async function saved(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name, exact: true }).click()]);
  return table(await readFile(await download.path(), "utf8"));
}

test("a target in standard deviations above the base is one number in strip, link and solver", async (t) => {
  const page = await start(t, "v=1&t.humor=base%2B0.5sd");
  await verdictBecomes(page, VERDICTS.reachable);
  const { kind } = strip(page, "humor");
  assert.equal(await kind.inputValue(), "base-sd");
  const field = page.getByRole("spinbutton", { name: "humor target above base in sd" });
  assert.equal(parseNumber(await field.inputValue()), 0.5);
  await field.fill("0,25");
  await field.press("Enter");
  await eventually(async () => assert.match(await page.evaluate(() => location.hash), /t\.humor=base(\+|%2B)0\.25sd/));
  const lift = async () => {
    const text = await strip(page, "humor").row.innerText();
    const of = (word) => parseNumber(text.match(new RegExp(`${word} ([+−][\\d.]+)`))[1]);
    return of("target") - of("base");
  };
  const quarter = await lift();
  await field.fill("0.5");
  await field.press("Enter");
  await eventually(async () => assert.ok(Math.abs((await lift()) - 2 * quarter) < 0.021, "half is twice a quarter"));
});

test("holding on new prompts shows margins and their price, and a link carries it", async (t) => {
  const page = await start(t, "v=1&t.humor=base%2B0.2sd&t.helpful=keep&t.harmless=keep");
  await verdictBecomes(page, VERDICTS.reachable);
  assert.doesNotMatch(await strip(page, "humor").row.innerText(), /margin/);
  await page.getByRole("checkbox", { name: "Hold with" }).check();
  const line = page.getByRole("status", { name: "Holding on new prompts" });
  await eventually(async () => assert.match(
    await line.innerText(),
    /Choosing one of 16 drafts, each target to hold on 60 new prompts with 90% confidence: reachable, for ([\d.]+) nats of at most 2\.77, \d+ drafts; without the margins ([\d.]+) nats/,
  ));
  const [, withMargin, without] = (await line.innerText()).match(/for ([\d.]+) nats.*without the margins ([\d.]+) nats/);
  assert.ok(Number(withMargin) > Number(without));
  const margin = async () => parseNumber((await strip(page, "humor").row.innerText()).match(/margin (\+[\d.]+)/)[1]);
  const ninety = await margin();
  const confidence = page.getByRole("spinbutton", { name: "Confidence in percent" });
  await confidence.fill("70");
  await confidence.press("Enter");
  await eventually(async () => assert.ok((await margin()) < ninety));
  await page.waitForFunction(() => location.hash.includes("hold=70"));
  await confidence.fill("30");
  await confidence.press("Enter");
  await eventually(async () => assert.match(await page.getByRole("alert").first().innerText(), /50/));

  const again = await start(t, "v=1&t.humor=base%2B0.2sd&t.helpful=keep&t.harmless=keep&hold=70");
  await eventually(async () => assert.match(await again.getByRole("status", { name: "Holding on new prompts" }).innerText(), /with 70% confidence/));
});

test("λ is solved for the drafts that are drawn; what they do not reach is said, with what does", async (t) => {
  const page = await start(t, "v=1&t.humor=q85&t.helpful=keep");
  const form = await ask(page, { prompts: PROMPTS, perPrompt: 2 });
  await eventually(async () => assert.match(await plan(page).innerText(), /Choosing one of 2 drafts: out of reach/));
  assert.ok(await form.align.isDisabled());
  assert.match(await page.getByRole("main").innerText(), /Choosing among 2 drafts does not reach this palette\./);
  const more = page.getByRole("button", { name: /^Draw \d+ answers to each prompt$/ });
  const wanted = Number((await more.innerText()).match(/\d+/)[0]);
  await more.click();
  await eventually(async () => assert.match(await plan(page).innerText(), new RegExp(`Choosing one of ${wanted} drafts: reachable`)));
  assert.ok(await form.align.isEnabled());
  // Back to two: the nearest palette that these reach.
  await form.perPrompt.fill("2");
  await form.perPrompt.blur();
  await eventually(async () => assert.match(await plan(page).innerText(), /out of reach/));
  await page.getByRole("button", { name: "Take the nearest palette that is reached" }).click();
  await eventually(async () => assert.match(await plan(page).innerText(), /Choosing one of 2 drafts: reachable/));
  assert.ok(await form.align.isEnabled());
});

test("what came out agrees with the drafts that the page exports, prompt by prompt", needsWeights, async (t) => {
  const page = await start(t, "v=1&t.humor=base%2B0.3sd&t.helpful=keep&t.harmless=off&t.positive=off&t.diverse=off&t.coherent=off&t.fluent=off");
  const form = await ask(page, { prompts: PROMPTS, perPrompt: 6, tokens: 10 });
  await eventually(async () => assert.ok(await form.align.isEnabled()));
  await form.align.click();
  await jobEnds(page);
  await page.getByRole("heading", { name: "What came out" }).waitFor();
  await noAlert(page);
  const drafts = await saved(page, "Drafts with their probabilities as CSV");
  const levels = await saved(page, "Levels as CSV");
  assert.equal(drafts.length, PROMPTS.length * 6);
  const byPrompt = PROMPTS.map((prompt) => drafts.filter((draft) => draft.prompt === prompt));
  for (const group of byPrompt) {
    assert.equal(group.length, 6);
    assert.ok(Math.abs(group.reduce((sum, draft) => sum + Number(draft.probability), 0) - 1) < 1e-9);
    assert.equal(group.filter((draft) => draft.picked === "1").length, 1);
  }
  const mean = (x) => x.reduce((sum, x) => sum + x, 0) / x.length;
  for (const value of ["humor", "helpful", "fluent"]) {
    const row = levels.find((row) => row.value === value);
    const expected = byPrompt.map((group) => group.reduce((sum, draft) => sum + Number(draft.probability) * Number(draft[value]), 0));
    const base = byPrompt.map((group) => mean(group.map((draft) => Number(draft[value]))));
    const lifts = expected.map((level, g) => level - base[g]);
    assert.ok(Math.abs(Number(row.expected) - mean(expected)) < 1e-9, value);
    assert.ok(Math.abs(Number(row.base) - mean(base)) < 1e-9, value);
    assert.ok(Math.abs(Number(row.lift) - mean(lifts)) < 1e-9, value);
    // Student's t with 11 degrees of freedom.
    const sd = Math.sqrt(lifts.reduce((sum, x) => sum + (x - mean(lifts)) ** 2, 0) / 11);
    assert.ok(Math.abs(Number(row.lift_high) - mean(lifts) - (2.200985 * sd) / Math.sqrt(12)) < 1e-6, value);
  }
  assert.match(await page.getByRole("main").innerText(), /Of 2 targets, on 12 prompts: /);
  assert.match(await page.getByRole("main").innerText(), /λ solved for choosing one of 6 drafts\. Choosing spent [\d.]+ nats a prompt/);
  // Where it got worse: as many as the exported drafts say, the worst first.
  const humor = byPrompt.map((group) => group.reduce((sum, draft) => sum + (Number(draft.probability) - 1 / 6) * Number(draft.humor), 0));
  const region = page.getByRole("region", { name: /^Before and after/ });
  await region.getByRole("combobox", { name: /^Order/ }).selectOption("worst");
  const first = PROMPTS[humor.indexOf(Math.min(...humor))];
  await eventually(async () => assert.equal(await region.getByRole("heading", { level: 3 }).first().innerText(), first));
  await region.getByRole("checkbox", { name: "Show me where it got worse" }).check();
  const worse = humor.filter((lift) => lift < 0).length;
  await eventually(async () => assert.match(await region.getByRole("status").innerText(), new RegExp(`^${worse} of 12 prompts with less humor than base`)));
  assert.equal(await region.getByRole("heading", { level: 3 }).count(), worse);
});

test("calibrating solves on a half of the prompts and judges on the other", needsWeights, async (t) => {
  const page = await start(t, "v=1&t.humor=base%2B0.2sd&t.helpful=keep&t.harmless=keep&calibrate=half");
  const form = await ask(page, { prompts: PROMPTS, perPrompt: 4, tokens: 6 });
  assert.ok(await page.getByRole("checkbox", { name: /^Calibrate/ }).isChecked());
  await eventually(async () => assert.ok(await form.align.isEnabled()));
  await form.align.click();
  await jobEnds(page);
  const main = page.getByRole("main");
  await eventually(async () => assert.match(await main.innerText(), /on 6 prompts|Nothing was picked: on the 6 prompts/));
  await goTo(page, "Compose");
  assert.deepEqual(page.problems, []);
});
