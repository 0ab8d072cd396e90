// What a person meets first: one sentence, one move, one answer that changes; words explained at a tap.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { eventually, newContext, serve } from "./support/harness.mjs";
import { VERDICTS, openPalette, parseNumber, repairs, setTarget, strip, verdict, verdictBecomes, verdictRegion } from "./support/palette.mjs";

const set = JSON.parse(await readFile(new URL("../../public/sample-set.json", import.meta.url), "utf8"));

async function start(t, fragment, viewport) {
  const { url } = await serve(t);
  const context = await newContext(t, viewport ? { viewport } : undefined);
  return openPalette(context, url, fragment);
}

const one = (page) => page.getByRole("region", { name: "One answer, before and after" });
const listed = (page) => page.getByRole("region", { name: "Answers before and after" });

/** The answer to the opening question that is shown under the palette. */
async function becomes(page) {
  const text = await one(page).getByRole("paragraph").nth(1).innerText();
  const found = set.answers.filter((answer) => text.startsWith(answer.text.trim().slice(0, 60)));
  assert.ok(found.length > 0, `no such answer: ${text}`);
  return found[0];
}

test("one sentence says what this is, one move is asked for, and it makes the answer funnier", async (t) => {
  const page = await start(t);
  await verdictBecomes(page, VERDICTS.reachable);
  await page.getByText(/Choose how much of each value a language model should show/).waitFor();
  const move = page.getByText(/Make the answers funnier: drag the dot of humor to the right/);
  await move.waitFor();
  const before = await becomes(page);
  const { slider } = strip(page, "humor");
  const box = await slider.boundingBox();
  const [low, high] = [Number(await slider.getAttribute("min")), Number(await slider.getAttribute("max"))];
  const at = (level) => box.x + 9 + ((level - low) / (high - low)) * (box.width - 18);
  await page.mouse.move(at(Number(await slider.inputValue())), box.y + 9);
  await page.mouse.down();
  await page.mouse.move(at(0.5), box.y + 9, { steps: 8 });
  await page.mouse.up();
  await verdictBecomes(page, VERDICTS.reachable);
  await eventually(async () => {
    const now = await becomes(page);
    assert.ok(now.rewards[0] > before.rewards[0] + 1, `humor ${before.rewards[0]} → ${now.rewards[0]}`);
    assert.equal(set.prompts[now.prompt], set.prompts[before.prompt]);
  });
  assert.equal(await move.count(), 0, "the move is done");
  await one(page).getByText(/×[\d.]+: .*humor ×/).waitFor();
  assert.deepEqual(page.problems, []);
});

test("the same dice draw before and after: where nothing is asked both are the same answer", async (t) => {
  const page = await start(t, "v=1&" + set.values.map(({ name }) => `t.${name}=off`).join("&"));
  await verdictBecomes(page, VERDICTS.reachable);
  for (let i = 0; i < 5; i++) {
    const texts = await one(page).getByRole("paragraph").allInnerTexts();
    assert.equal(texts[0], texts[1]);
    await one(page).getByRole("button", { name: "Draw again" }).click();
  }
});

test("words are explained at a tap, by the keyboard too, and exact ones can be chosen and are carried by the link", async (t) => {
  const page = await start(t);
  await verdict(page);
  const word = verdictRegion(page).getByRole("button", { name: "price", exact: true });
  await word.click();
  const says = page.getByText(/Kullback–Leibler divergence/);
  await eventually(async () => assert.ok(await says.isVisible()));
  await page.keyboard.press("Escape");
  await eventually(async () => assert.ok(!(await says.isVisible())));
  await word.press("Enter");
  await eventually(async () => assert.ok(await says.isVisible()));
  await page.keyboard.press("Escape");
  await page.getByRole("combobox", { name: "Words" }).selectOption("exact");
  await verdictRegion(page).getByRole("button", { name: "KL", exact: true }).waitFor();
  await page.waitForFunction(() => location.hash.includes("words=exact"));
  await page.goto(page.url().replace("words=exact", "words=plain"));
  await word.waitFor();
  await page.goto(page.url().replace("words=plain", "words=mine"));
  await page.getByText(/must be one of plain, exact/).waitFor();
  assert.deepEqual(page.problems, []);
});

test("a level is also its place among the answers, and the same as a quantile that is asked", async (t) => {
  const page = await start(t);
  await setTarget(page, "humor", "at least quantile", 75);
  await verdictBecomes(page, VERDICTS.reachable);
  const { row, realised } = strip(page, "humor");
  await eventually(async () => assert.match(await row.innerText(), /above 75 of 100/));
  const sorted = set.answers.map((answer) => answer.rewards[0]).sort((a, b) => a - b);
  const below = sorted.filter((reward) => reward < 0.23).length / sorted.length;
  const level = await realised();
  assert.ok(level > 0.2 && level < 0.25 && Math.abs(below - 0.75) < 0.01, `${level}, ${below}`);
});

test("too far says so where it is, and where it could go; the others say what holds them", async (t) => {
  const page = await start(t);
  await setTarget(page, "humor", "at least quantile", 97);
  await verdictBecomes(page, VERDICTS.unreachable);
  const humor = strip(page, "humor");
  await eventually(async () => assert.match(await humor.row.innerText(), /too far: within reach up to \+/));
  const helpful = strip(page, "helpful");
  await eventually(async () => assert.match(await helpful.row.innerText(), /held back by \u2068?humor/));
  assert.doesNotMatch(await helpful.row.innerText(), /too far/);
  const most = parseNumber(/reach up to (\S+)/.exec(await humor.row.innerText())[1]);
  await humor.row.getByRole("button", { name: /^Set to this/ }).click();
  await verdictBecomes(page, VERDICTS.reachable);
  await eventually(async () => assert.ok(Math.abs((await humor.realised()) - most) < 0.011));
  await eventually(async () => assert.doesNotMatch(await helpful.row.innerText(), /held back/));
});

test("what is scaled back costs the same wherever it is said", async (t) => {
  const page = await start(t, "v=1&t.humor=q92&t.helpful=q70&t.harmless=q70");
  await verdictBecomes(page, VERDICTS.unreachable);
  const text = async () => (await verdictRegion(page).innerText()).replace(/\s+/g, " ");
  await repairs(page).waitFor();
  await eventually(async () => {
    const said = await text();
    const [, percent] = /Scale all back to (\d+)%/.exec(said);
    assert.ok(said.includes(`the palette scaled back to ${percent}%`), said);
    const [, cost] = /Scale all back to \d+% .*?costs ([\d.]+) nats/.exec(said);
    assert.ok(said.includes(` ${cost} nats ${/drafts per answer/.exec(said)[0]}`), said);
  });
});

test("the push beside a strip is the share of the mix", async (t) => {
  const page = await start(t, "v=1&t.humor=q75&t.helpful=q60&t.harmless=q60");
  await verdictBecomes(page, VERDICTS.reachable);
  const names = set.values.map(({ name }) => name);
  await eventually(async () => {
    const pushes = [];
    for (const name of names) pushes.push((await strip(page, name).lambda()) || 0);
    const total = pushes.reduce((a, b) => a + b, 0);
    const said = await page.getByRole("img", { name: /humor \d+%/ }).getAttribute("aria-label");
    for (const [i, name] of names.entries()) {
      const percent = new RegExp(`${name}\u2069? (\\d+)%`).exec(said);
      if (percent) assert.ok(Math.abs(Number(percent[1]) - (100 * pushes[i]) / total) < 1.2, `${name}: ${said}, ${pushes}`);
    }
  });
});

test("the most and the least of a value stand side by side", async (t) => {
  const page = await start(t);
  await verdict(page);
  const region = listed(page);
  await region.getByRole("combobox", { name: "Answers shown" }).selectOption({ label: "most and least humor" });
  await region.getByRole("heading", { name: "most humor" }).waitFor();
  const [most, least] = await Promise.all(["most humor", "least humor"].map(async (name) => {
    const column = region.locator("div").filter({ has: page.getByRole("heading", { name }) }).last();
    const text = await column.getByRole("listitem").first().innerText();
    return set.answers.find((answer) => text.startsWith(answer.text.trim().slice(0, 60)));
  }));
  const own = set.answers.filter((answer) => answer.prompt === most.prompt).map((answer) => answer.rewards[0]);
  assert.equal(most.rewards[0], Math.max(...own));
  assert.equal(least.rewards[0], Math.min(...own));
});

test("on a phone the first strip is above the fold, and verdict and answer stay in sight", async (t) => {
  const page = await start(t, undefined, { width: 390, height: 844 });
  await verdict(page);
  const { slider } = strip(page, "humor");
  const place = await slider.boundingBox();
  assert.ok(place.y + place.height < 844, `the first lane stands at ${place.y}`);
  await strip(page, "fluent").slider.scrollIntoViewIfNeeded();
  await strip(page, "fluent").slider.focus();
  const line = page.getByText("Reachable").first();
  for (const part of [line, one(page).getByRole("button", { name: "Draw again" })]) {
    const box = await part.boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= 844, `${JSON.stringify(box)}`);
  }
  await page.getByRole("button", { name: /Why\?/ }).click();
  await eventually(async () => {
    const box = await verdictRegion(page).boundingBox();
    assert.ok(box.y < 844 && box.y > -100, `the verdict stands at ${box.y}`);
  });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 390), "nothing scrolls sideways");
});
