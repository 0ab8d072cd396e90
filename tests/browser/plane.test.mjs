// The plane of two values, and why two targets cannot both be had.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { eventually, newContext, serve } from "./support/harness.mjs";
import { VERDICTS, goTo, noAlert, openPalette, openTable, parseNumber, repairs, setTarget, strip, verdict, verdictBecomes } from "./support/palette.mjs";

async function start(t, fragment, options) {
  const { url } = await serve(t);
  const page = await openPalette(await newContext(t, options), url, fragment);
  await verdict(page);
  return page;
}

const OUT_OF_REACH = "v=1&t.humor=q70&t.helpful=q70&t.harmless=q85";

function plane(page) {
  const region = page.getByRole("region", { name: "Two values at once" });
  return {
    region,
    across: region.getByRole("combobox", { name: "Value across" }),
    up: region.getByRole("combobox", { name: "Value up" }),
    point: region.getByRole("slider", { name: /in the plane$/ }),
    /** Waits until the plane says this. */
    says: (words) => eventually(async () => assert.match(await region.innerText(), words)),
  };
}

const chosen = (select) => select.evaluate((element) => element.selectedOptions[0].textContent);

/** How far a strip says that its value can go, as it is written. */
async function endStop(page, value) {
  const said = await strip(page, value).slider.getAttribute("aria-valuetext");
  return /(?:reachable up to|the most is) (\S+)$/.exec(said)?.[1];
}

test("the plane says what the strips say: end stops, levels and base", async (t) => {
  const page = await start(t);
  const { region, across, up, says } = plane(page);
  await says(/Hatched: proven/);
  const names = [await chosen(across), await chosen(up)];
  assert.notEqual(names[0], names[1]);
  const text = await region.innerText();
  for (const [value, other] of [names, [...names].reverse()]) {
    const end = await endStop(page, value);
    assert.ok(end, `${value} has an end stop`);
    assert.ok(text.includes(`${value} can go up to ${end} with ${other} at its target.`), `${value} up to ${end}: ${text}`);
  }
  const stands = /stands at (\S+) and (\S+), the base at/.exec(text);
  for (const at of [0, 1]) assert.equal(parseNumber(stands[1 + at]), await strip(page, names[at]).realised());
  assert.match(text, /exact to 0\.\d+ sd|The line is exact/);
  // Two others: their own sentence, and their own line.
  await across.selectOption({ label: "fluent" });
  await says(/fluent can go up to/);
  await up.selectOption({ label: "fluent" });
  await eventually(async () => assert.deepEqual([await chosen(across), await chosen(up)], [names[1], "fluent"]));
  await noAlert(page);
  assert.deepEqual(page.problems, []);
});

test("arrow keys move both targets in one change, which one Undo takes back", async (t) => {
  const page = await start(t);
  const { across, up, point, says } = plane(page);
  await says(/Hatched: proven/);
  const [a, b] = [await chosen(across), await chosen(up)];
  const levels = async () => [Number(await strip(page, a).slider.inputValue()), Number(await strip(page, b).slider.inputValue())];
  const before = await levels();
  await page.waitForTimeout(900);
  await point.focus();
  for (const key of ["ArrowLeft", "ArrowLeft", "ArrowDown", "Shift+ArrowDown"]) await page.keyboard.press(key);
  const after = await levels();
  assert.ok(after[0] < before[0] && after[1] < before[1], `${before} to ${after}`);
  assert.match(await point.getAttribute("aria-valuetext"), new RegExp(`^${a} at least .*, ${b} at least `));
  for (const value of [a, b]) assert.equal(await strip(page, value).kind.evaluate((kind) => kind.selectedOptions[0].textContent), "at least level");
  await verdictBecomes(page, VERDICTS.reachable);
  await eventually(async () => assert.match(await point.getAttribute("aria-valuetext"), /; within reach$/));
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await eventually(async () => assert.deepEqual(await levels(), before));
});

test("a click sets both targets; beyond the line it is out of reach, below it within", async (t) => {
  const page = await start(t);
  const { across, up, point, says, region } = plane(page);
  await says(/Hatched: proven/);
  const [a, b] = [await chosen(across), await chosen(up)];
  await point.scrollIntoViewIfNeeded();
  const canvas = region.locator("canvas");
  let picture = await canvas.boundingBox();
  await page.mouse.click(picture.x + 0.95 * picture.width, picture.y + 0.06 * picture.height);
  await verdictBecomes(page, VERDICTS.unreachable);
  await eventually(async () => assert.match(await point.getAttribute("aria-valuetext"), /; out of reach$/));
  // The verdict above has grown: the plane stands where it stood, as far as the page can scroll.
  await repairs(page).waitFor();
  await eventually(async () => assert.ok(Math.abs((await canvas.boundingBox()).y - picture.y) < 2, "the plane has moved"));
  picture = await canvas.boundingBox();
  // Dragged back to the lower left.
  await page.mouse.move(picture.x + 0.95 * picture.width, picture.y + 0.06 * picture.height);
  await page.mouse.down();
  await page.mouse.move(picture.x + 0.5 * picture.width, picture.y + 0.5 * picture.height, { steps: 4 });
  await page.mouse.move(picture.x + 0.25 * picture.width, picture.y + 0.8 * picture.height, { steps: 4 });
  await page.mouse.up();
  await verdictBecomes(page, VERDICTS.reachable);
  for (const value of [a, b]) assert.equal(await strip(page, value).kind.evaluate((kind) => kind.selectedOptions[0].textContent), "at least level");
  assert.deepEqual(page.problems, []);
});

test("what has no plane says why, and targets on another value that cannot be had leave nothing", async (t) => {
  const page = await start(t);
  await openTable(page, "one.csv", "prompt,wit,flat\na,0,1\na,1,1\nb,0,1\nb,3,1\n");
  await goTo(page, "Compose");
  await plane(page).says(/two values that vary, and this table has one/);
  await openTable(page, "three.csv", "prompt,wit,wisdom,calm\np,1,0,0\np,0,1,0\np,0,0,1\n");
  await goTo(page, "Compose");
  await verdict(page);
  for (const value of ["wit", "wisdom"]) await setTarget(page, value, "off");
  await setTarget(page, "calm", "at least level", 0.5);
  const { across, up, says } = plane(page);
  await says(/Hatched: proven/);
  await across.selectOption({ label: "wit" });
  await up.selectOption({ label: "wisdom" });
  await says(/wit can go up to \+0\.50 with nothing asked of wisdom/);
  await setTarget(page, "calm", "at least level", 2);
  await verdictBecomes(page, VERDICTS.unreachable);
  await says(/other targets alone are out of reach/);
});

/** The rows of a table that this page exported. */
function rows(csv) {
  const cells = [];
  let [row, cell, quoted] = [[], "", false];
  for (let i = 0; i < csv.length; i++) {
    const c = csv[i];
    if (quoted && c === '"' && csv[i + 1] === '"') (cell += c), i++;
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === ",") row.push(cell), (cell = "");
    else if (!quoted && c === "\n") row.push(cell.replace(/\r$/, "")), cells.push(row), ([row, cell] = [[], ""]);
    else cell += c;
  }
  const [head, ...body] = cells;
  return body.map((row) => Object.fromEntries(head.map((name, k) => [name, row[k]])));
}

test("why not both: a proof that the exported table bears out, prices up to the edge, and the nearest answers", async (t) => {
  const page = await start(t, OUT_OF_REACH);
  await verdictBecomes(page, VERDICTS.unreachable);
  await page.getByRole("button", { name: "Why not both?", exact: true }).click();
  const closer = page.getByRole("region", { name: "Look closer" });
  const proof = /In no mix of answers does (.+?) exceed (\S+); the palette asks for (\S+)\./;
  await eventually(async () => assert.match(await closer.innerText(), proof));
  const text = await closer.innerText();
  const [, sum, best, asked] = proof.exec(text);
  assert.ok(parseNumber(asked) > parseNumber(best), `${asked} is more than ${best}`);
  const terms = sum.split(/ (?=[+−])/).map((term) => {
    const [, sign, d, name] = /^([+−]?)\s*(?:([\d.]+)·)?(.+)$/.exec(term.replace(/[⁨⁩]/g, ""));
    return [name, (sign === "−" ? -1 : 1) * Number(d ?? 1)];
  });
  assert.ok(Math.abs(terms.reduce((sum, [, d]) => sum + Math.abs(d), 0) - 1) < 0.03, sum);
  // All targets scaled alike go as far as the repair of that name says, which stands a fiftieth inside the edge.
  await repairs(page).waitFor();
  const ray = /Scale all back to (\d+)%/.exec(await repairs(page).innerText())[1];
  const share = Number((/All targets scaled alike go ([\d.]+)%/.exec(text) ?? /both can go ([\d.]+)%/.exec(text))[1]);
  assert.ok(Math.abs(0.98 * share - 0.5 - Number(ray)) <= 0.6, `${share}% and ${ray}%`);
  // Prices rise to the edge.
  await closer.getByText("The same as a table").click();
  const cells = await closer.getByRole("table", { name: /part of the way/ }).getByRole("row").evaluateAll((all) => all.slice(1).map((row) => [...row.cells].map((cell) => cell.textContent)));
  const nats = cells.map((row) => parseNumber(row[3]));
  assert.ok(cells.length >= 10 && nats.every((x, k) => k === 0 || x >= nats[k - 1]), nats.join(" "));
  assert.ok(await closer.getByRole("list", { name: "The answers that come nearest" }).getByRole("listitem").count() > 0);
  const names = terms.map(([name]) => name);
  const targets = await Promise.all(names.map(async (name) => parseNumber(/target (\S+)/.exec(await strip(page, name).row.innerText())[1])));
  // The proof again, from what the page exports.
  await goTo(page, "Data");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export as CSV" }).first().click()]);
  const table = rows(await readFile(await download.path(), "utf8"));
  const along = (row) => terms.reduce((sum, [name, d]) => sum + d * Number(row[name]), 0);
  const most = new Map();
  for (const row of table) most.set(row.prompt, Math.max(most.get(row.prompt) ?? -Infinity, along(row)));
  const recomputed = [...most.values()].reduce((sum, x) => sum + x, 0) / most.size;
  // Weights and levels are told to two places.
  const rounding = 0.01 + 0.005 * terms.reduce((sum, [name]) => sum + Math.max(...table.map((row) => Math.abs(Number(row[name])))), 0) / 2;
  assert.ok(Math.abs(recomputed - parseNumber(best)) < rounding, `${recomputed} told as ${best}`);
  const asks = terms.reduce((sum, [, d], k) => sum + d * targets[k], 0);
  assert.ok(Math.abs(asks - parseNumber(asked)) < rounding, `${asks} told as ${asked}`);
  assert.ok(asks > recomputed, "the rounded proof is one as well");
  await noAlert(page);
  assert.deepEqual(page.problems, []);
});

test("a third target that makes it impossible is named, another pair is asked about", async (t) => {
  const page = await start(t);
  await openTable(page, "three.csv", "prompt,answer,wit,wisdom,calm\np,A joke,1,0,0\np,A saying,0,1,0\np,A pause,0,0,1\n");
  await goTo(page, "Compose");
  await setTarget(page, "wit", "at least level", 0.4);
  await setTarget(page, "wisdom", "at least level", 0.4);
  await setTarget(page, "calm", "at least level", 0.3);
  await verdictBecomes(page, VERDICTS.unreachable);
  const closer = page.getByRole("region", { name: "Look closer" });
  await closer.getByRole("button", { name: "Why not both?", exact: true }).click();
  const [one, other] = [closer.getByRole("combobox", { name: "One target" }), closer.getByRole("combobox", { name: "The other target" })];
  await one.waitFor();
  await one.selectOption({ label: "wit" });
  await other.selectOption({ label: "wisdom" });
  await eventually(async () => assert.match(await closer.innerText(), /Both are possible at once; it is calm beside them that makes it impossible/));
  assert.match(await closer.innerText(), /exceed 0\.33; the palette asks for 0\.37/);
  assert.match(await closer.innerText(), /both can go 25% of the way/);
  await setTarget(page, "calm", "maintain");
  await setTarget(page, "wit", "at least level", 0.8);
  await verdictBecomes(page, VERDICTS.unreachable);
  await setTarget(page, "calm", "off");
  await eventually(async () => assert.match(await closer.innerText(), /wit and wisdom exclude each other/));
  await eventually(async () => assert.match(await closer.innerText(), /0\.50·wit \+ 0\.50·wisdom exceed 0\.50; the palette asks for 0\.60/));
});

test("a hundred thousand answers: the plane comes, says how many dots it draws, and holds nothing up", async (t) => {
  const page = await start(t);
  let text = "prompt,a,b,c\n";
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let j = 0; j < 100_000; j++) text += `p${j % 2000},${random().toFixed(4)},${(random() + random()).toFixed(4)},${(random() * random()).toFixed(4)}\n`;
  await openTable(page, "large.csv", text);
  await goTo(page, "Compose");
  await verdict(page);
  const { says, point } = plane(page);
  await eventually(async () => assert.match(await plane(page).region.innerText(), /Dots are every 34th of 100000 answers/), { timeout: 60_000 });
  await says(/can go up to/);
  await page.evaluate(() => {
    window.longest = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.longest = Math.max(window.longest, entry.duration)))).observe({ type: "longtask" });
  });
  await point.focus();
  for (let k = 0; k < 6; k++) await page.keyboard.press("ArrowLeft");
  await verdict(page);
  const longest = await page.evaluate(() => window.longest);
  assert.ok(longest < 400, `a task of ${longest} ms`);
  assert.deepEqual(page.problems, []);
});

test("on a phone the plane stands below the strips, and a tap sets both targets", async (t) => {
  const page = await start(t, "", { size: "phone", hasTouch: true });
  const { region, point, says } = plane(page);
  await says(/Hatched: proven/);
  const below = await region.boundingBox();
  const last = await strip(page, "fluent").row.boundingBox();
  assert.ok(below.y > last.y, "below the last strip");
  await point.scrollIntoViewIfNeeded();
  const picture = await region.locator("canvas").boundingBox();
  await page.touchscreen.tap(picture.x + 0.3 * picture.width, picture.y + 0.7 * picture.height);
  await verdictBecomes(page, VERDICTS.reachable);
  await eventually(async () => assert.match(await point.getAttribute("aria-valuetext"), /at least .* at least .*within reach/));
});
