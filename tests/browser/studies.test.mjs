// Studies: the open questions on the table at hand, beside what is composed.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { violations } from "./support/axe.mjs";
import { PAGE_SIZES, eventually, newContext, serve, takePicture } from "./support/harness.mjs";
import { VERDICTS, alertSays, goTo, noAlert, openPalette, openTable, parseNumber, setTarget, verdict, verdictBecomes } from "./support/palette.mjs";

async function start(t, { size, theme, fragment = "v=1&view=studies" } = {}) {
  const { url } = await serve(t);
  return openPalette(await newContext(t, { size, theme, acceptDownloads: true }), url, fragment);
}

const QUESTIONS = { shape: /choice of a palette/, interactions: /weighing single values fail/, transfer: /carry from one kind/, solvers: /other solvers fare/, scaling: /time and memory grow/, paper: /paper's tables hold/ };

function card(page, study) {
  const region = page.getByRole("region", { name: QUESTIONS[study] });
  const button = (name) => region.getByRole("button", { name, exact: true });
  return {
    region,
    run: region.getByRole("button", { name: /^Run( again)?$/ }),
    cancel: button("Cancel"),
    progress: region.getByRole("progressbar"),
    says: region.getByRole("status", { name: "What one sees" }),
    json: async () => JSON.parse(await saved(page, button("Numbers as JSON"))),
    csv: async () => (await saved(page, button("Numbers as CSV"))).trim().split(/\r?\n/).map((line) => line.split(",")),
    done: (timeout = 120_000) => eventually(async () => assert.ok(await region.getByRole("button", { name: "Run again", exact: true }).isVisible()), { timeout }),
  };
}

async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return readFile(await download.path(), "utf8");
}

async function type(field, number) {
  await field.fill(String(number));
  await field.press("Enter");
}

const percentOf = (text) => parseNumber(text) / 100;

test("the link opens Studies, and shape says what its table and its files say", async (t) => {
  const page = await start(t);
  const shape = card(page, "shape");
  await type(shape.region.getByRole("spinbutton"), 40);
  await shape.run.click();
  await shape.done();
  const report = await shape.json();
  assert.deepEqual(report.random.map((row) => row.values), [1, 2, 3, 4, 5, 6]);
  const said = await shape.says.innerText();
  for (const sentence of report.sentences) assert.ok(said.includes(sentence), sentence);
  const lines = await shape.csv();
  const column = (name) => lines[0].indexOf(name);
  const rows = await shape.region.getByRole("table", { name: /Random palettes/ }).getByRole("row").all();
  for (const [i, row] of report.random.entries()) {
    const share = row.reachable / row.palettes;
    const shown = percentOf((await rows[i + 1].getByRole("cell").allInnerTexts())[0]);
    assert.ok(Math.abs(shown - share) <= 0.0051, `${shown} beside ${share}`);
    assert.equal(Number(lines[i + 1][column("reachable")]), row.reachable);
    assert.equal(row.reachable + row.edge + row.unreachable, 40);
    if (i === 0 || i === 5) assert.match(said, new RegExp(`${row.values} values? ${Math.round(100 * share)}%`));
  }
  const grid = await shape.region.getByRole("table", { name: /Share within reach/ }).getByRole("row").all();
  assert.equal(grid.length, 7);
  for (const [i, row] of grid.slice(1).entries()) {
    for (const [k, text] of (await row.getByRole("cell").allInnerTexts()).entries()) {
      const { values, level_sd, reachable, palettes } = report.grid[6 * i + k];
      assert.deepEqual([values, level_sd], [i + 1, 0.25 * (k + 1)]);
      assert.ok(Math.abs(percentOf(text) - reachable / palettes) <= 0.0051);
    }
  }
  assert.match(await shape.region.innerText(), /On “Everyday questions” \(68 questions × 32 answers, competing per prompt\), 40 random palettes a row\. Took [\d.]+ (s|min) here/);
  // Pooled, the same palettes are other problems: the result says that it is of something else.
  await type(shape.region.getByRole("spinbutton"), 50);
  await eventually(async () => assert.match(await shape.region.innerText(), /Something else is chosen now/));
  await noAlert(page);
  assert.deepEqual(page.problems, []);
});

test("a study can be given up, and others wait for their turn", async (t) => {
  const page = await start(t);
  const [shape, interactions] = [card(page, "shape"), card(page, "interactions")];
  await type(shape.region.getByRole("spinbutton"), 2000);
  await shape.run.click();
  await eventually(async () => assert.ok(Number(await shape.progress.getAttribute("value")) > 0));
  assert.match(await shape.region.innerText(), /\d+ of \d+ palettes/);
  await interactions.run.click();
  await eventually(async () => assert.match(await interactions.region.innerText(), /Waits for its turn/));
  await shape.cancel.click();
  await eventually(async () => assert.equal(await shape.run.innerText(), "Run"));
  assert.equal(await shape.says.count(), 0, "nothing half-done is shown");
  await interactions.done();
  assert.ok(await interactions.says.isVisible());
  await type(shape.region.getByRole("spinbutton"), 5);
  await shape.run.click();
  await shape.done();
  assert.equal((await shape.json()).random[0].palettes, 5);
  assert.deepEqual(page.problems, []);
});

test("composing goes on while a study runs, which goes on too", async (t) => {
  const page = await start(t);
  const shape = card(page, "shape");
  await type(shape.region.getByRole("spinbutton"), 600);
  await shape.run.click();
  await eventually(async () => assert.ok(Number(await shape.progress.getAttribute("value")) > 0));
  await goTo(page, "Compose");
  await verdict(page);
  for (const [percent, expected] of [[97, VERDICTS.unreachable], [55, VERDICTS.reachable], [97, VERDICTS.unreachable], [60, VERDICTS.reachable]]) {
    for (const value of ["humor", "helpful", "harmless"]) await setTarget(page, value, "at least quantile", percent);
    await verdictBecomes(page, expected);
  }
  await eventually(async () => assert.match(await page.locator("body").innerText(), /is answered\. Look at it in Studies/), { timeout: 120_000 });
  await goTo(page, "Studies");
  assert.equal((await shape.json()).random[0].palettes, 600);
  // Another table is another matter.
  await openTable(page, "coins.csv", "wit,care\n1,1\n1,-1\n-1,1\n-1,-1\n");
  await goTo(page, "Studies");
  await eventually(async () => assert.equal(await shape.says.count(), 0));
  await type(shape.region.getByRole("spinbutton"), 20);
  await shape.run.click();
  await shape.done();
  const report = await shape.json();
  // A coin has its ends at one standard deviation.
  assert.deepEqual(report.grid.filter((row) => row.values === 2).map((row) => row.reachable), [1, 1, 1, 0, 0, 0]);
  assert.ok((await shape.says.innerText()).includes("Any 2 values can be raised by 0.75 sd at once."));
  assert.deepEqual(page.problems, []);
});

test("interactions: what weighing reaches of the best, worst first", async (t) => {
  const page = await start(t);
  const { region, run, done, json, csv, says } = card(page, "interactions");
  // A list of what is not there yet is empty.
  await run.waitFor();
  const boxes = await region.getByRole("checkbox").all();
  for (const box of boxes) await box.uncheck();
  await eventually(async () => assert.match(await region.innerText(), /Choose two values or more/));
  assert.ok(await run.isDisabled());
  await region.getByRole("checkbox", { name: "humor", exact: true }).check();
  await region.getByRole("checkbox", { name: "harmless", exact: true }).check();
  const nats = region.getByRole("spinbutton", { name: /Nats to spend/ });
  await type(nats, 0);
  await alertSays(page, "above 0");
  await type(nats, "0,25");
  await run.click();
  await done();
  const report = await json();
  assert.equal(report.kl, 0.25);
  assert.deepEqual(report.interactions.map((row) => row.kind).sort(), ["maximum", "only-if", "only-if", "product", "threshold", "threshold"]);
  const said = await says.innerText();
  for (const sentence of report.sentences) assert.ok(said.includes(sentence), sentence);
  const sorted = report.interactions.toSorted((a, b) => a.share - b.share);
  const rows = await region.getByRole("table").getByRole("row").all();
  assert.equal(rows.length, 7);
  for (const [i, row] of sorted.entries()) {
    const [share, byValues, optimum, correlation] = await rows[i + 1].getByRole("cell").allInnerTexts();
    assert.ok(Math.abs(percentOf(share) - row.share) <= 0.0051);
    for (const [shown, exact] of [[byValues, row.by_values_sd], [optimum, row.optimum_sd], [correlation, row.correlation]]) {
      assert.ok(Math.abs(parseNumber(shown) - exact) <= 0.0051, `${shown} beside ${exact}`);
    }
    assert.ok(Math.abs(row.share - row.by_values_sd / row.optimum_sd) < 1e-12);
  }
  const lines = await csv();
  assert.deepEqual([lines.length, lines[1].length], [7, lines[0].length]);
  assert.match(await region.innerText(), /How to see it in data of your own/);
  assert.deepEqual(page.problems, []);
});

test("a palette is carried between kinds of questions, and what each λ gives there is recomputed", async (t) => {
  const page = await start(t);
  const { region, run, done, json, csv, says } = card(page, "transfer");
  const beside = region.getByRole("checkbox", { name: /questions by topic/ });
  assert.ok(await beside.isChecked(), "the built-in set has no groups of its own");
  await beside.uncheck();
  await eventually(async () => assert.match(await region.innerText(), /no groups of prompts to carry a palette between/));
  assert.ok(await run.isDisabled());
  await beside.check();
  await run.click();
  await done();
  const report = await json();
  assert.deepEqual(report.groups.map((group) => group.name), ["Everyday questions", "education", "legal", "medical", "workplace", "fresh"]);
  assert.equal(report.k, 16);
  const said = await says.innerText();
  for (const sentence of report.sentences) assert.ok(said.includes(sentence), sentence);
  const fates = report.pairs.flatMap((pair) => pair.values.map((value) => value.fate));
  assert.equal((await csv()).length, fates.length + 1);
  // From λ and the answers of the file that the page read.
  const topics = JSON.parse(await readFile(new URL("../../public/topics-set.json", import.meta.url), "utf8"));
  const [from, to] = [0, 3];
  const { lambda } = report.groups[from];
  const pair = report.pairs.find((pair) => pair.from === from && pair.to === to);
  const medical = topics.answers.filter((answer) => answer.group === "medical");
  const prompts = [...new Set(medical.map((answer) => answer.prompt))];
  const levels = prompts.map((prompt) => {
    const answers = medical.filter((answer) => answer.prompt === prompt);
    const energies = answers.map(({ rewards }) => rewards.reduce((sum, r, i) => sum + lambda[i] * r, 0));
    const most = Math.max(...energies);
    const weights = energies.map((energy) => Math.exp(energy - most));
    const whole = weights.reduce((a, b) => a + b);
    return lambda.map((_, i) => answers.reduce((sum, { rewards }, j) => sum + (weights[j] / whole) * rewards[i], 0));
  });
  assert.equal(levels.length, 32);
  for (const [i, value] of pair.values.entries()) {
    const mean = levels.reduce((sum, level) => sum + level[i], 0) / levels.length;
    assert.ok(Math.abs(mean - value.level.mean) < 1e-9, value.name);
  }
  // The table shows them for the value that is chosen.
  const value = region.getByRole("combobox", { name: "Value" });
  for (const name of ["harmless", "humor"]) {
    await value.selectOption(name);
    const row = region.getByRole("table", { name: new RegExp(`^${name}`) }).getByRole("row").nth(from + 1);
    const cell = (await row.getByRole("cell").allInnerTexts())[to];
    const { share, room } = pair.values.find((value) => value.name === name);
    const shown = share === null ? parseNumber(cell) : percentOf(cell);
    assert.ok(Math.abs(shown - (share ?? room)) <= 0.0051, `${cell} beside ${share ?? room}`);
    assert.equal((await row.getByRole("cell").allInnerTexts())[from].trim(), "solved here");
  }
  // A table with groups carries between its own; one of other values cannot stand beside the topics.
  const rows = ["law", "art"].flatMap((group, g) => Array.from({ length: 48 }, (_, j) => `${group}${Math.floor(j / 6)},${group},${((j + 48 * g) * 37) % 53},${((j + 48 * g) * 11) % 47}`));
  await openTable(page, "groups.csv", `prompt,group,wit,care\n${rows.join("\n")}\n`);
  await goTo(page, "Studies");
  await beside.uncheck();
  await run.click();
  await done();
  assert.deepEqual((await json()).groups.map((group) => group.name), ["law", "art"]);
  await beside.check();
  await run.click();
  await eventually(async () => assert.match(await region.getByRole("alert").innerText(), /no value of the same name/));
  assert.deepEqual(page.problems, []);
});

test("solvers beside one another as answers and targets grow", async (t) => {
  const page = await start(t);
  const { region, run, done, json, csv, says } = card(page, "solvers");
  await run.click();
  await done();
  const report = await json();
  const settings = [...report.by_rows, ...report.by_values];
  assert.deepEqual(report.by_values.map((setting) => setting.values), [1, 2, 3, 4, 5, 6, 7]);
  assert.equal(report.by_rows.at(-1).rows, 2176);
  for (const setting of settings) assert.equal(setting.runs.find((run) => run.method === "newton").right, true);
  assert.equal((await csv()).length, 1 + 4 * settings.length);
  const said = await says.innerText();
  for (const sentence of report.sentences) assert.ok(said.includes(sentence), sentence);
  const rows = await region.getByRole("table", { name: /^By answers/ }).getByRole("row").all();
  assert.equal(rows.length, report.by_rows.length + 1);
  for (const [i, setting] of report.by_rows.entries()) {
    const cells = await rows[i + 1].getByRole("cell").allInnerTexts();
    for (const [k, { seconds, passes }] of setting.runs.entries()) {
      assert.ok(Math.abs(parseNumber(cells[k + 1]) - 1e3 * seconds) <= 0.051, cells[k + 1]);
      assert.ok(cells[k + 1].includes(`${passes} passes`));
    }
  }
  assert.deepEqual(page.problems, []);
});

test("scaling: sizes are measured here, and the sentences are those of the files", async (t) => {
  const page = await start(t);
  const { region, run, done, json, csv, says } = card(page, "scaling");
  await region.getByRole("combobox", { name: "Largest table" }).selectOption("10,000 rows");
  await run.click();
  await done();
  const report = await json();
  assert.deepEqual([...new Set(report.sizes.map((size) => size.rows))].sort((a, b) => a - b), [1000, 3000, 10000]);
  for (const size of report.sizes) {
    // A browser's clock may be too coarse for the least of them.
    assert.ok(size.prepare_seconds >= 0 && size.first_seconds > 0 && size.move_seconds > 0, JSON.stringify(size));
    assert.equal(size.verdict, "reachable");
    assert.equal(size.lambda.length, size.values);
  }
  const bytes = report.sizes.map((size) => size.memory_bytes);
  assert.ok(bytes.every((n, i) => n >= (bytes[i - 1] ?? 0)) && bytes.at(-1) > 0, bytes.join(", "));
  const said = await says.innerText();
  assert.match(said, /grows as rows\^\d\.\d+: 10 × the rows take [\d.]+ × the time/);
  for (const sentence of report.sentences) assert.ok(said.includes(sentence), sentence);
  const growth = report.growth.find(({ axis }) => axis === "rows");
  assert.equal(parseNumber(/rows take ([\d.]+) ×/.exec(said)[1]).toFixed(1), (10 ** growth.first).toFixed(1));
  assert.equal(await region.getByRole("table").getByRole("row").count(), report.sizes.length + 1);
  assert.equal((await csv()).length, report.sizes.length + 1);
  for (const axis of ["rows", "values", "prompts"]) assert.ok(await region.getByRole("img", { name: new RegExp(`Time by ${axis}`) }).isVisible());
  // It is about no table: another changes nothing.
  await openTable(page, "coins.csv", "wit,care\n1,1\n1,-1\n-1,1\n-1,-1\n");
  await goTo(page, "Studies");
  assert.ok((await says.innerText()).includes(report.sentences[0]));
  assert.deepEqual(page.problems, []);
});

test("the paper's tables: published beside exact, and wrong files are refused with what to do", async (t) => {
  const page = await start(t);
  const { region, run, done, json, csv, says } = card(page, "paper");
  const file = region.getByLabel("Published palettes from a file");
  const choose = (name, text) => file.setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });
  assert.ok(await run.isDisabled());
  const list = JSON.stringify([
    { name: "three quarters", values: ["wit"], c: [0.75], lambda_published: [1.0986] },
    { name: "too much", values: ["wit"], c: [1.1], lambda_published: [20] },
    { name: "given up", values: ["wit"], c: [0.25 + 0.5], lambda_published: null },
  ]);
  const refuses = async (name, text, words) => {
    await choose(name, text);
    await eventually(async () => assert.match(await region.innerText(), words));
    assert.ok(await run.isDisabled());
  };
  await refuses("empty.json", "", /empty\.json: It is empty/);
  await refuses("rewards.csv", "wit,care\n1,2\n", /rewards\.csv: It is neither a JSON list/);
  await refuses("cut.json", list.slice(0, -9), /cut\.json: It is no list of published palettes \(line 1\)/);
  await refuses("log.txt", "filepath: a/other.json, c Levels: 1, values: ['wit'], optimized lambda: 2\n", /no run on Everyday questions; it has runs on other\.json/);
  // The built-in set has no such value.
  await choose("list.json", list);
  await eventually(async () => assert.match(await region.innerText(), /3 palettes of “list\.json”/));
  await run.click();
  await eventually(async () => assert.match(await region.getByRole("alert").innerText(), /three quarters: the table has no value called “wit”/));
  await openTable(page, "coin.csv", "wit\n0\n1\n");
  await goTo(page, "Studies");
  await choose("list.json", list);
  await eventually(async () => assert.ok(await run.isEnabled()));
  await run.click();
  await done();
  const report = await json();
  assert.equal(report.verdicts_differ, 2);
  assert.deepEqual(report.palettes.map((row) => row.verdict), ["reachable", "unreachable", "reachable"]);
  assert.ok(Math.abs(report.palettes[0].values[0].exact - Math.log(3)) < 1e-9);
  const said = await says.innerText();
  assert.match(said, /Of 3 verdicts 2 are not as published/);
  const groups = region.getByRole("rowheader");
  assert.match(await groups.filter({ hasText: "too much" }).innerText(), /The verdicts differ\. Proved out of reach/);
  assert.doesNotMatch(await groups.filter({ hasText: "three quarters" }).innerText(), /differ\./);
  const cells = await region.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "wit", exact: true }) }).first().getByRole("cell").allInnerTexts();
  assert.deepEqual(cells.slice(1, 3).map(parseNumber), [1.1, 1.1]);
  assert.equal((await csv()).length, 4);
  // The authors' log names its table by a file; the same numbers may stand in another form.
  await choose("alignValues.txt", "filepath: results/coin.json, c Levels: 0.750, values: ['wit'], optimized lambda: 1.099\n");
  await eventually(async () => assert.match(await region.innerText(), /1 palette of “alignValues\.txt”/));
  await run.click();
  await eventually(async () => assert.match(await says.innerText(), /The verdict is as published/));
  assert.deepEqual(page.problems, []);
});

for (const theme of ["light", "dark"]) {
  for (const size of Object.keys(PAGE_SIZES)) {
    test(`nothing that axe finds, and nothing scrolls sideways: ${theme}, ${size}`, async (t) => {
      const page = await start(t, { size, theme });
      for (const study of ["shape", "interactions", "scaling"]) {
        const { region, run, done } = card(page, study);
        if (study === "scaling") await region.getByRole("combobox").selectOption("10,000 rows");
        await run.click();
        await done();
      }
      await takePicture(page, `studies-${theme}-${size}`);
      assert.deepEqual(await violations(page), []);
      const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(tooWide <= 0, `it scrolls sideways by ${tooWide} pixels`);
      assert.deepEqual(page.problems, []);
    });
  }
}
