// Reward tables from outside: good ones are composed on, bad ones are refused with a sentence that says where.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { eventually, newContext, serve, shared } from "./support/harness.mjs";
import { VERDICTS, alertSays, dropTable, goTo, goesOn, maintainAll, openPalette, openTable, setTarget, strip, values, verdict } from "./support/palette.mjs";

async function start(t) {
  const { url } = await serve(t);
  return openPalette(await newContext(t), url);
}

// A small generator of numbers, so that tables are the same at each run.
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Number((state / 2 ** 32).toFixed(4));
  };
}

/** CSV text: `columns` by name with a function from row to cell. */
function csv(rows, columns) {
  const names = Object.keys(columns);
  return [names.join(","), ...Array.from({ length: rows }, (_, row) => names.map((name) => columns[name](row)).join(","))].join("\n");
}

const random = numbers(7);
const REFUSED = [
  ["a missing reward", "humor,helpful\n1,2\n3,\n4,5\n", ["line 3", "helpful"]],
  ["text in a number", "humor,helpful\n1,2\n3,much\n4,5\n", ["line 3", "much"]],
  ["NaN", "humor,helpful\n1,2\nNaN,1\n4,5\n", ["line 3", "NaN"]],
  ["a header and no rows", "humor,helpful\n", ["no rows"]],
  ["a negative weight", "humor,weight\n1,2\n3,-1\n", ["line 3", "weight"]],
  ["200 values", csv(20, Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`v${i}`, random]))), ["200"]],
  ["no text at all", "", ["empty"]],
];
for (const [what, text, words] of REFUSED) {
  test(`a table with ${what} is refused with a sentence, and the page goes on`, async (t) => {
    const page = await start(t);
    const before = await values(page);
    await openTable(page, "mine.csv", text);
    await alertSays(page, "mine.csv", ...words);
    await goesOn(page);
    assert.deepEqual(await values(page), before, "the set in use is still the one before");
  });
}

const AWKWARD = [
  ["a constant column", csv(40, { humor: random, helpful: () => 3, harmless: random }), ["helpful", /the same for every answer/]],
  ["two equal columns", csv(40, { humor: (i) => (i * 37) % 11, funny: (i) => (i * 37) % 11, harmless: random }), [/humor.*funny/]],
  ["one row", "humor,helpful\n1,2\n", ["one answer"]],
  ["10 rows and 6 values", csv(10, { a: random, b: random, c: random, d: random, e: random, f: random }), ["10", "6"]],
];
for (const [what, text, words] of AWKWARD) {
  test(`a table with ${what} is opened with a note, and can be composed on`, async (t) => {
    const page = await start(t);
    await openTable(page, "mine.csv", text);
    await eventually(async () => {
      const shown = await page.getByRole("main").innerText();
      for (const word of words) assert.match(shown, word instanceof RegExp ? word : new RegExp(word));
    });
    await goTo(page, "Compose");
    const names = text.split("\n")[0].split(",");
    await eventually(async () => assert.deepEqual(await values(page), names));
    await setTarget(page, names[0], "at least quantile", 70);
    await verdict(page);
    // A target beyond everything is unreachable, and nothing breaks.
    await setTarget(page, names[0], "at least level", 1000);
    await eventually(async () => assert.equal(await verdict(page), VERDICTS.unreachable));
    await goesOn(page);
  });
}

test("a table with groups takes a target for one of them", async (t) => {
  const page = await start(t);
  const topic = (row) => (row % 2 ? "medical" : "legal");
  await openTable(page, "mine.csv", csv(40, { group: topic, humor: random, helpful: random }));
  await eventually(async () => assert.match(await page.getByRole("main").innerText(), /The column group is used as group: 2 groups/));
  await goTo(page, "Compose");
  await eventually(async () => assert.deepEqual(await values(page), ["humor", "helpful"]));
  await page.getByText("Add a target for one group").click();
  await page.getByRole("combobox", { name: "Value", exact: true }).selectOption("helpful");
  await page.getByRole("combobox", { name: "Group", exact: true }).selectOption("medical");
  await page.getByLabel("Quantile, %").fill("101");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await alertSays(page, "from 0 to 100");
  await page.getByLabel("Quantile, %").fill("80");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await eventually(async () => assert.match(await page.getByRole("main").innerText(), /helpful on medical at least the 80% quantile/));
  await page.waitForFunction(() => location.hash.includes("t.helpful@medical=q80"));
  await page.getByRole("button", { name: "Remove target for helpful on medical" }).click();
  await page.waitForFunction(() => !location.hash.includes("@medical"));
});

test("the MAP authors' own file, dropped onto the page, is composed on", async (t) => {
  const file = join(shared, "data", "map-paper", "llama2_chat-Anthropic-harmless.json");
  if (!existsSync(file)) return t.skip("the reference data is not beside this checkout");
  const page = await start(t);
  await verdict(page);
  await dropTable(page, "llama2_chat-Anthropic-harmless.json", await readFile(file, "utf8"));
  await goTo(page, "Compose");
  await eventually(async () => assert.ok((await values(page)).includes("gpt2-helpful")));
  assert.match(await page.getByRole("main").innerText(), /2[,\s\u2009\u202f]?312/);
  await maintainAll(page);
  await setTarget(page, "humor", "at least quantile", 60);
  await eventually(async () => assert.equal(await verdict(page), VERDICTS.reachable));
  const { level, realised, lambda } = strip(page, "humor");
  await eventually(async () => {
    assert.equal(await level.inputValue(), "60");
    assert.ok((await lambda()) > 0);
    assert.ok(Number.isFinite(await realised()));
  });
  return undefined;
});
