// Align: what the palette is solved for, that it holds on new prompts, and what came out, checked against what the page exports.
import assert from "node:assert/strict";
import test from "node:test";
import { violations } from "./support/axe.mjs";
import { byPrompt, checkComparison, download, near, outcomeOf, saved } from "./support/comparison.mjs";
import { eventually, newContext, serve, takePicture } from "./support/harness.mjs";
import {
  VERDICTS, answers, ask, goTo, jobEnds, maintainAll, noAlert, openPalette, openTable, parseNumber, strip, verdict, verdictBecomes,
} from "./support/palette.mjs";
import { estimate, mean } from "./support/statistics.mjs";
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
  const prompts = byPrompt(drafts);
  for (const group of prompts) {
    assert.equal(group.length, 6);
    assert.ok(Math.abs(group.reduce((sum, draft) => sum + Number(draft.probability), 0) - 1) < 1e-9);
    assert.equal(group.filter((draft) => draft.picked === "1").length, 1);
  }
  for (const value of ["humor", "helpful", "fluent"]) {
    const row = levels.find((row) => row.value === value);
    const expected = prompts.map((group) => group.reduce((sum, draft) => sum + Number(draft.probability) * Number(draft[value]), 0));
    const base = prompts.map((group) => mean(group.map((draft) => Number(draft[value]))));
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
  const humor = prompts.map((group) => group.reduce((sum, draft) => sum + (Number(draft.probability) - 1 / 6) * Number(draft.humor), 0));
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

test("how Align is to go is kept over a reload, and a link carries which λ it uses", async (t) => {
  const page = await start(t, "v=1&t.humor=base%2B0.2sd");
  await page.getByRole("checkbox", { name: "Hold with" }).check();
  const confidence = page.getByRole("spinbutton", { name: "Confidence in percent" });
  await confidence.fill("75");
  await confidence.press("Enter");
  await page.waitForFunction(() => location.hash.includes("hold=75"));
  await page.getByRole("checkbox", { name: "Hold with" }).uncheck();
  await goTo(page, "Answers");
  const composed = page.getByRole("checkbox", { name: /^Use the λ that Compose shows/ });
  await page.getByText("Which λ").click();
  await composed.check();
  await page.waitForFunction(() => location.hash.includes("lambda=composed") && !location.hash.includes("hold="));
  // What is worked on rests a moment before it is written.
  await page.waitForTimeout(600);
  await page.reload();
  await page.getByText("Which λ").click();
  await eventually(async () => assert.ok(await composed.isChecked()));
  await page.getByRole("checkbox", { name: "Hold with" }).check();
  await eventually(async () => assert.equal(await confidence.inputValue(), "75"));

  const linked = await start(t, "v=1&t.humor=base%2B0.2sd&lambda=composed");
  await goTo(linked, "Answers");
  await linked.getByText("Which λ").click();
  assert.ok(await linked.getByRole("checkbox", { name: /^Use the λ that Compose shows/ }).isChecked());
});

test("a target on a group is judged on the new prompts of that group, and left aside in a sentence where there are none", needsWeights, async (t) => {
  const page = await start(t, "v=1");
  const pilot = Array.from({ length: 24 * 6 }, (_, k) => {
    const g = Math.floor(k / 6);
    return `question ${g},${g % 3 ? "adults" : "teens"},${(2.5 * Math.sin(k * 1.3) - 1).toFixed(4)},${(1 + Math.cos(k * 0.7)).toFixed(4)}`;
  });
  await openTable(page, "pilot.csv", ["prompt,group,humor,helpful", ...pilot].join("\n"));
  await goTo(page, "Compose");
  await maintainAll(page);
  await page.getByText("Add a target for one group").click();
  await page.getByRole("combobox", { name: "Value", exact: true }).selectOption("humor");
  await page.getByRole("combobox", { name: "Group", exact: true }).selectOption("teens");
  await page.getByLabel("Quantile, %").fill("65");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await verdictBecomes(page, VERDICTS.reachable);

  // Prompts that were typed are of no group.
  const form = await ask(page, { prompts: PROMPTS.slice(0, 3), perPrompt: 4, tokens: 8 });
  const main = page.getByRole("main");
  const aside = /None of the new prompts is of the group teens, so the target of humor on teens is left aside/;
  await eventually(async () => assert.match(await main.innerText(), aside));
  await eventually(async () => assert.ok(await form.align.isEnabled()));

  const file = ["prompt,group", ...PROMPTS.map((prompt, g) => `${prompt},${g % 2 ? "adults" : "teens"}`)].join("\n");
  await page.getByLabel("Prompts from a file").setInputFiles({ name: "new.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
  await eventually(async () => assert.equal((await form.prompts.inputValue()).split("\n").length, 12));
  await eventually(async () => assert.doesNotMatch(await main.innerText(), aside));
  await eventually(async () => assert.ok(await form.align.isEnabled()));
  await form.align.click();
  await jobEnds(page);
  const region = page.getByRole("region", { name: "What came out" });
  await region.waitFor();

  const check = async () => {
    const drafts = await saved(page, "Drafts with their probabilities as CSV");
    const teens = byPrompt(drafts).filter((group) => group[0].group === "teens");
    assert.equal(teens.length, 6);
    const line = (await saved(page, "Levels as CSV")).find((line) => line.value === "humor@teens");
    const expected = teens.map((group) => group.reduce((sum, draft) => sum + Number(draft.probability) * Number(draft.humor), 0));
    ["expected", "expected_low", "expected_high"].forEach((name, k) => near(Number(line[name]), estimate(expected)[k], name));
    const asked = { lower: Number(line.lower), upper: null, relative: line.relative === "true", base: Number(line.pilot_base) };
    assert.equal(line.outcome, outcomeOf(asked, expected)[0]);
    const row = region.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "humor on teens", exact: true }) });
    assert.match(await row.innerText(), /met|missed|undecided/);
    return drafts;
  };
  const drafts = await check();
  const every = page.getByRole("region", { name: "Every method on these drafts" });
  await every.getByRole("button", { name: "Compare methods" }).click();
  await eventually(async () => assert.match(await every.getByRole("status", { name: "Comparison" }).innerText(), /^\d+ methods on 12 prompts/), { timeout: 60_000 });
  const comparison = JSON.parse(await download(page, "Comparison as JSON"));
  assert.deepEqual(comparison.raised, ["humor@teens"]);
  assert.equal(comparison.asked.find((asked) => asked.name === "humor@teens").group, "teens");
  const had = comparison.methods.filter((method) => method.measured).length;
  assert.equal(checkComparison(comparison, await saved(page, "Comparison as CSV"), drafts), had);
  await noAlert(page);
  assert.deepEqual(await violations(page), []);

  // Groups are kept with the work.
  await page.reload();
  await region.waitFor({ timeout: 60_000 });
  assert.deepEqual(await check(), drafts);
  assert.deepEqual(page.problems, []);
});

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
  const comparison = JSON.parse(await download(page, "Comparison as JSON"));
  const kinds = lines.filter((line) => line.value === "humor").map((line) => line.method);
  assert.deepEqual(kinds, [
    "base", "equal-weights", "random-weights", "best-of-k", "best-of-k", "pooled", "per-prompt", "with-confidence",
    "one-after-another", "one-after-another", "mixture",
  ]);
  assert.equal(checkComparison(comparison, lines, drafts), comparison.methods.length);
  assert.equal(comparison.methods.find((method) => method.random).random.draws.length, 100);
  assert.deepEqual(comparison.methods.at(-1).parts.map((part) => part.name), comparison.raised);
  // What Align picked by.
  const align = comparison.methods.find((method) => method.kind === "per-prompt");
  assert.deepEqual(align.picked, drafts.flatMap((draft, j) => (draft.picked === "1" ? [j] : [])));
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

  // One's own weights: in proportion to equal ones as they are said, and over β what MORL has.
  const weight = region.getByRole("spinbutton", { name: "Weight of humor" });
  await weight.fill("3");
  await weight.press("Enter");
  const beta = region.getByRole("spinbutton", { name: "β, the KL penalty" });
  await beta.fill("-1");
  await beta.press("Enter");
  await eventually(async () => assert.match(await region.getByRole("alert").filter({ hasText: /\S/ }).innerText(), /above 0/));
  await beta.fill("2");
  await beta.press("Enter");
  await eventually(async () => assert.match(await region.innerText(), /twice and four times it: 1, 2, 4 and 8\./));
  await region.getByRole("button", { name: "Compare with these weights" }).click();
  await eventually(async () => assert.ok(await region.getByText("Own weights", { exact: true }).isVisible()), { timeout: 60_000 });
  const weighed = await saved(page, "Comparison as CSV");
  const lambda = (method, value) => Number(weighed.find((line) => line.method === method && line.value === value).lambda);
  const ratio = (value) => lambda("weights", value) / lambda("equal-weights", value);
  assert.ok(Math.abs(ratio("humor") / ratio("helpful") - 3) < 1e-6);
  const withOwn = JSON.parse(await download(page, "Comparison as JSON"));
  assert.equal(checkComparison(withOwn, weighed, drafts), comparison.methods.length + 5);
  const over = withOwn.methods.filter((method) => method.kind === "weights-over-beta");
  assert.deepEqual(over.map((method) => method.name), [1, 2, 4, 8].map((beta) => `Own weights, β = ${beta}`));
  over.forEach((method, k) => assert.ok(Math.abs(method.lambda.humor - 3 / 2 ** k) < 1e-12 && Math.abs(method.lambda.helpful - 1 / 2 ** k) < 1e-12));

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
