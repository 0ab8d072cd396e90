// Align: what the palette is solved for, that it holds on new prompts, and what came out, checked against what the page exports.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { violations } from "./support/axe.mjs";
import { eventually, newContext, serve, takePicture } from "./support/harness.mjs";
import {
  VERDICTS, answers, ask, goTo, jobEnds, noAlert, openPalette, openTable, parseNumber, strip, verdict, verdictBecomes,
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

const mean = (x) => x.reduce((sum, x) => sum + x, 0) / x.length;
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

/** Mean over 12 prompts with its 95% interval; Student's t with 11 degrees of freedom. */
function estimate(x) {
  assert.equal(x.length, 12);
  const m = mean(x);
  const half = (2.200985160082949 * Math.sqrt(x.reduce((sum, x) => sum + (x - m) ** 2, 0) / 11)) / Math.sqrt(12);
  return [m, m - half, m + half];
}

/** Probabilities of some drafts by λ of values. */
function softmax(group, lambda) {
  const scores = group.map((draft) => Object.entries(lambda).reduce((sum, [value, l]) => sum + l * Number(draft[value]), 0));
  const most = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - most));
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => w / total);
}

/** The best of them by one value; ties share alike. */
function bestOf(group, value) {
  const rewards = group.map((draft) => Number(draft[value]));
  const most = Math.max(...rewards);
  const best = rewards.filter((r) => r === most).length;
  return rewards.map((r) => (r === most ? 1 / best : 0));
}

/** Checks each figure of one line of the comparison against the drafts and their probabilities, prompt by prompt. */
function checkLine(line, byPrompt, probabilities) {
  const { value } = line;
  const about = `${line.name}, ${value}`;
  const rewards = byPrompt.map((group) => group.map((draft) => Number(draft[value])));
  const near = (got, expected, what, by = 1e-7) =>
    assert.ok(got !== "" && Math.abs(Number(got) - expected) < by * (1 + Math.abs(expected)), `${about}: ${what} is ${got}, not ${expected}`);
  const expected = rewards.map((r, g) => r.reduce((sum, r, j) => sum + probabilities[g][j] * r, 0));
  const base = rewards.map(mean);
  const kl = probabilities.map((p) => p.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p * probabilities[0].length) : 0), 0));
  const wins = rewards.map((r, g) => r.reduce((sum, a, i) => sum + probabilities[g][i] * mean(r.filter((_, j) => j !== i).map((b) => (a > b ? 1 : a === b ? 0.5 : 0))), 0));
  near(line.base, mean(base), "base");
  near(line.win_rate, mean(wins), "win rate");
  const level = mean(expected);
  near(line.place, mean(rewards.map((r) => mean(r.map((r) => (level > r ? 1 : level === r ? 0.5 : 0))))), "place", 1e-3);
  const lift = expected.map((x, g) => x - base[g]);
  const asked = Number(line.lower) - mean(base);
  if (line.lower !== "" && line.relative === "false" && asked > 0) near(line.share_of_lift, mean(lift) / asked, "share of lift");
  for (const [name, found] of [["expected", estimate(expected)], ["lift", estimate(lift)], ["kl", estimate(kl)]]) {
    ["", "_low", "_high"].forEach((end, k) => near(line[name + end], found[k], name + end));
  }
  // Met when the whole interval lies within what was asked, missed when it lies outside.
  const bound = (end) => (line[end] === "" ? undefined : Number(line[end]));
  const [lower, upper] = [bound("lower"), bound("upper")];
  if (lower === undefined && upper === undefined) return assert.equal(line.outcome, "no-target", about);
  // What counts from the base does so from that of the pilot, which the table does not hold.
  if (upper !== undefined || line.relative === "true") return;
  const [, low, high] = estimate(expected);
  const sure = 1e-6;
  if (low > lower + sure) assert.equal(line.outcome, "met", about);
  else if (high < lower - sure) assert.equal(line.outcome, "missed", about);
  else if (low < lower - sure && high > lower + sure) assert.equal(line.outcome, "undecided", about);
}

/** Checks a comparison against the drafts. Returns how many methods were checked in full. */
function checkComparison(lines, drafts) {
  const byPrompt = PROMPTS.map((prompt) => drafts.filter((draft) => draft.prompt === prompt));
  const values = [...new Set(lines.map((line) => line.value))];
  let checked = 0;
  for (const name of new Set(lines.map((line) => line.name))) {
    const own = lines.filter((line) => line.name === name);
    if (own[0].expected === "") {
      assert.match(own[0].reason, /\.$/, `${name} has figures or a reason`);
      continue;
    }
    assert.deepEqual(own.map((line) => line.value), values);
    const best = /^Best of 6 for (.+)$/.exec(name)?.[1];
    if (best === undefined && own.every((line) => line.lambda === "")) {
      // Several λ, which the table does not hold: the same drafts at least.
      assert.ok(["random-weights", "mixture"].includes(own[0].method), name);
      continue;
    }
    const lambda = Object.fromEntries(own.filter((line) => line.lambda !== "").map((line) => [line.value, Number(line.lambda)]));
    const probabilities = byPrompt.map((group) => (best === undefined ? softmax(group, lambda) : bestOf(group, best)));
    if (own[0].method === "per-prompt") {
      // What Align picked by.
      byPrompt.forEach((group, g) => group.forEach((draft, j) => assert.ok(Math.abs(Number(draft.probability) - probabilities[g][j]) < 1e-6)));
    }
    own.forEach((line) => checkLine(line, byPrompt, probabilities));
    checked++;
  }
  return checked;
}

test("every method is compared on the aligned drafts, and each figure is had again from what is exported", needsWeights, async (t) => {
  const page = await start(t, "v=1&t.humor=base%2B0.3sd&t.helpful=q60&t.harmless=off&t.positive=off&t.diverse=off&t.coherent=off&t.fluent=off");
  const form = await ask(page, { prompts: PROMPTS, perPrompt: 6, tokens: 10 });
  await eventually(async () => assert.ok(await form.align.isEnabled()));
  await form.align.click();
  // Within a prompt as well.
  await eventually(async () => assert.ok(Number(await form.drawing.getAttribute("value", { timeout: 1000 })) % 1 > 0), { timeout: 240_000, pause: 10 });
  await jobEnds(page);
  const region = page.getByRole("region", { name: "Every method on these drafts" });
  const compare = region.getByRole("button", { name: "Compare methods" });
  await compare.click();
  const said = region.getByRole("status", { name: "Comparison" });
  await eventually(async () => assert.match(await said.innerText(), /^\d+ methods on 12 prompts with 6 drafts each.* Of 100 random weights, /), { timeout: 60_000 });
  await noAlert(page);
  const drafts = await saved(page, "Drafts with their probabilities as CSV");
  const lines = await saved(page, "Comparison as CSV");
  const kinds = lines.filter((line) => line.value === "humor").map((line) => line.method);
  assert.deepEqual(kinds, [
    "base", "equal-weights", "random-weights", "best-of-k", "best-of-k", "pooled", "per-prompt", "with-confidence",
    "one-after-another", "one-after-another", "mixture",
  ]);
  assert.ok(checkComparison(lines, drafts) >= 6);
  // The table shows the same, each method a row that opens.
  const name = lines.find((line) => line.method === "per-prompt").name;
  const row = region.getByRole("row").filter({ has: page.getByText(name, { exact: true }) });
  const shown = parseNumber((await row.getByRole("cell").nth(2).innerText()).trim());
  assert.ok(Math.abs(shown - Number(lines.find((line) => line.method === "per-prompt" && line.value === "humor").lift)) < 0.006);
  await row.getByText(name, { exact: true }).click();
  await eventually(async () => assert.match(await row.innerText(), /at the least KL\./));
  await row.getByText(name, { exact: true }).click();
  assert.equal(await region.getByRole("img", { name: /^humor: lift above base by every method, asked base \+/ }).count(), 1);
  assert.equal(await region.getByRole("img", { name: /^helpful: expected level by every method, asked / }).count(), 1);
  await takePicture(page, "compare-wide-light");
  assert.deepEqual(await violations(page), []);

  // One's own weights: in proportion to equal ones as they are said.
  const weight = region.getByRole("spinbutton", { name: "Weight of humor" });
  await weight.fill("3");
  await weight.press("Enter");
  await region.getByRole("button", { name: "Compare with these weights" }).click();
  await eventually(async () => assert.ok(await region.getByText("Own weights", { exact: true }).isVisible()), { timeout: 60_000 });
  const weighed = await saved(page, "Comparison as CSV");
  const lambda = (method, value) => Number(weighed.find((line) => line.method === method && line.value === value).lambda);
  const ratio = (value) => lambda("weights", value) / lambda("equal-weights", value);
  assert.ok(Math.abs(ratio("humor") / ratio("helpful") - 3) < 1e-6);
  assert.ok(checkComparison(weighed, drafts) >= 7);

  // On a phone, in the dark.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark" });
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390, "the page scrolls sideways");
  await takePicture(page, "compare-phone-dark");
  assert.deepEqual(await violations(page), []);
  await page.setViewportSize({ width: 1280, height: 900 });

  // Another palette: nothing is offered that would be about the one before.
  await goTo(page, "Compose");
  const field = page.getByRole("spinbutton", { name: "humor target above base in sd" });
  await field.fill("0.25");
  await field.press("Enter");
  await goTo(page, "Answers");
  await eventually(async () => assert.match(await region.innerText(), /The palette has been changed since these drafts were aligned/));
  assert.ok(await compare.isDisabled());
  assert.ok(await region.getByRole("button", { name: "Compare with these weights" }).isDisabled());
  await goTo(page, "Compose");
  await field.fill("0.3");
  await field.press("Enter");
  await goTo(page, "Answers");
  await eventually(async () => assert.ok(await compare.isEnabled()));

  // What is kept over a reload compares to the same.
  await page.reload();
  await page.getByRole("heading", { name: "What came out" }).waitFor({ timeout: 60_000 });
  await eventually(async () => assert.ok(await compare.isEnabled()));
  await compare.click();
  await eventually(async () => assert.match(await said.innerText(), /^\d+ methods on 12 prompts/), { timeout: 60_000 });
  assert.deepEqual(await saved(page, "Comparison as CSV"), lines);

  // Another sample set: λ was not solved on that.
  await openTable(page, "mine.csv", ["prompt,humor,helpful", ...[0, 1, 2, 3].map((r) => `Why?,${r},${r % 2}`)].join("\n"));
  await goTo(page, "Answers");
  await eventually(async () => assert.match(await region.innerText(), /Another sample set is in use now/));
  assert.ok(await compare.isDisabled());
  assert.deepEqual(page.problems, []);
});
