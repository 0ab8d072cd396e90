// Align on 60 of the built-in fresh prompts, with a palette of which two targets are met, one is missed, and one is not decided: what a reader
// sees of each, held against the drafts that the page exports.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { violations } from "./support/axe.mjs";
import { byPrompt, checkComparison, download, near, outcomeOf, saved } from "./support/comparison.mjs";
import { PAGE_SIZES, eventually, newContext, pictures, serve } from "./support/harness.mjs";
import { answers, goTo, jobEnds, noAlert, openPalette, parseNumber, verdict } from "./support/palette.mjs";
import { mean, sum } from "./support/statistics.mjs";
import { needsWeights } from "./support/weights.mjs";

const K = 8;
// Answers of 16 tokens help less than those of 48 that λ was solved on: a level of them is missed. Lifts that are solved with a margin are met.
const PALETTE = `v=1&hold=90&k=${K}&tokens=16&t.humor=base%2B0.2sd&t.helpful=q60&t.positive=keep&t.coherent=keep&t.harmless=off&t.diverse=off&t.fluent=off`;
const OUTCOMES = { humor: "met", helpful: "missed", positive: "undecided", coherent: "met" };

/** Takes pictures of a region at both widths, light and dark. */
async function takePictures(page, region, name) {
  for (const [size, viewport] of Object.entries(PAGE_SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= viewport.width, `${name} scrolls sideways, ${size}`);
      await mkdir(pictures, { recursive: true });
      await region.screenshot({ path: join(pictures, `${name}-${size}-${colorScheme}.png`) });
      assert.deepEqual(await violations(page), []);
    }
  }
  await page.setViewportSize(PAGE_SIZES.wide);
  await page.emulateMedia({ colorScheme: "light" });
}

test("60 fresh prompts show what is met, missed and undecided, as the exported drafts say", needsWeights, async (t) => {
  const { url } = await serve(t);
  const page = await openPalette(await newContext(t), url, PALETTE);
  await verdict(page);
  await goTo(page, "Answers");
  const form = answers(page);
  const builtIn = page.getByRole("group", { name: "Built-in prompts" });
  await builtIn.getByRole("combobox", { name: "Topic" }).selectOption("fresh");
  const many = builtIn.getByRole("spinbutton", { name: "How many prompts to take" });
  await many.fill("60");
  await many.press("Enter");
  await builtIn.getByRole("button", { name: "Use 60 prompts" }).click();
  await eventually(async () => assert.equal((await form.prompts.inputValue()).split("\n").length, 60));
  await eventually(async () => assert.ok(await form.align.isEnabled()), { timeout: 30_000 });
  const begun = performance.now();
  await form.align.click();
  await jobEnds(page, 420_000);
  await page.getByRole("heading", { name: "What came out" }).waitFor();
  t.diagnostic(`60 prompts with ${K} drafts each took ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  await noAlert(page);

  // What a reader sees, against the exported figures and the drafts.
  const region = page.getByRole("region", { name: "What came out" });
  assert.match(await region.innerText(), /Of 4 targets, on 60 prompts: 2 met, 1 missed and 1 undecided\./);
  const drafts = await saved(page, "Drafts with their probabilities as CSV");
  const levels = await saved(page, "Levels as CSV");
  assert.equal(drafts.length, 60 * K);
  const prompts = byPrompt(drafts);
  for (const [value, outcome] of Object.entries(OUTCOMES)) {
    const line = levels.find((line) => line.value === value);
    const expected = prompts.map((group) => sum(group.map((draft) => Number(draft.probability) * Number(draft[value]))));
    const lift = expected.map((x, g) => x - mean(prompts[g].map((draft) => Number(draft[value]))));
    const asked = { lower: Number(line.lower), upper: null, relative: line.relative === "true", base: Number(line.pilot_base) };
    const [found, more] = outcomeOf(asked, asked.relative ? lift : expected);
    assert.deepEqual([found, line.outcome], [outcome, outcome], value);
    const cells = region.getByRole("row").filter({ has: page.getByRole("rowheader", { name: value, exact: true }) });
    const row = await cells.innerText();
    // Where it was solved, with its margin, λ gives what is asked and more.
    assert.ok(Number(line.reweighted) >= Number(line.lower) - 1e-6, `${value}: ${line.reweighted} on the set`);
    near(parseNumber(/([+−][\d.]+) reweighted/.exec(row)[1]), Number(line.reweighted), `${value}: reweighted`, 0.0051);
    const [name, c] = asked.relative ? ["lift", asked.lower - asked.base] : ["expected", asked.lower];
    const [low, high] = [Number(line[`${name}_low`]), Number(line[`${name}_high`])];
    if (outcome === "met") assert.ok(low > c && /✓\s*met/.test(row), row);
    if (outcome === "missed") assert.ok(high < c && /✗\s*missed/.test(row), row);
    if (outcome !== "undecided") continue;
    assert.ok(low < c && c < high, row);
    near(Number(line.more_prompts), more, `${value}: more prompts`, 0.02);
    assert.match(row, new RegExp(`\\? undecided: about ${line.more_prompts} more prompts would tell`));
  }
  await takePictures(page, region, "align60");

  // The same palette by every method on these drafts.
  const every = page.getByRole("region", { name: "Every method on these drafts" });
  await every.getByRole("button", { name: "Compare methods" }).click();
  const said = every.getByRole("status", { name: "Comparison" });
  await eventually(async () => assert.match(await said.innerText(), /^\d+ methods on 60 prompts with 8 drafts each/), { timeout: 90_000 });
  const comparison = JSON.parse(await download(page, "Comparison as JSON"));
  const had = comparison.methods.filter((method) => method.measured).length;
  assert.equal(checkComparison(comparison, await saved(page, "Comparison as CSV"), drafts), had);
  assert.ok(had >= 11);
  await takePictures(page, every, "compare60");
  assert.deepEqual(page.problems, []);
});
