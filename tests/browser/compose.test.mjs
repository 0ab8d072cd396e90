// Composing: targets by keyboard and by number, verdicts, and the palette in the address.
import assert from "node:assert/strict";
import test from "node:test";
import { eventually, newContext, serve } from "./support/harness.mjs";
import {
  VERDICTS, alertSays, goesOn, maintainAll, noAlert, openPalette, repairs, setTarget, strip, values, verdict, verdictBecomes, verdictRegion,
} from "./support/palette.mjs";

const VALUES = ["humor", "helpful", "harmless", "positive", "diverse", "coherent", "fluent"];

async function start(t, fragment) {
  const { url } = await serve(t);
  const page = await openPalette(await newContext(t), url, fragment);
  return { page, url };
}

test("the built-in sample set is there at once, solved, without any model", async (t) => {
  const { page } = await start(t);
  const shown = (await values(page)).map((name) => name.toLowerCase());
  assert.deepEqual([...shown].sort(), [...VALUES].sort());
  await verdict(page);
  await noAlert(page);
  const kept = await page.evaluate(async () => (await caches.keys()).includes("map-palette-weights"));
  assert.equal(kept, false, "nothing of the models was fetched");
  assert.deepEqual(page.problems, []);
});

test("the slider moves by keyboard, and what comes out meets the target", async (t) => {
  const { page } = await start(t);
  await maintainAll(page);
  await verdictBecomes(page, VERDICTS.reachable);
  const [value] = await values(page);
  const { slider, level, kind, realised, lambda } = strip(page, value);
  const base = await realised();
  await kind.selectOption({ label: "at least level" });
  await slider.focus();
  const before = Number(await slider.inputValue());
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  const after = Number(await slider.inputValue());
  assert.ok(after > before, `the handle went from ${before} to ${after}`);
  await verdictBecomes(page, VERDICTS.reachable);
  await eventually(async () => {
    const target = Number(await level.inputValue());
    assert.ok(Math.abs(target - after) <= 0.01 * (1 + Math.abs(after)), "field and handle say the same");
    assert.ok((await realised()) >= target - 0.011 * (1 + Math.abs(target)), "what comes out meets the target");
    assert.ok((await realised()) >= base - 0.011, "and is no less than the base");
    assert.ok((await lambda()) > 0, "which has a weight");
  });
  assert.match(await slider.getAttribute("aria-valuetext"), /at least/);
});

test("the number field sets a quantile, the handle follows, and λ grows with the target", async (t) => {
  const { page } = await start(t);
  await maintainAll(page);
  const [value] = await values(page);
  const { slider, lambda } = strip(page, value);
  const weights = [];
  const places = [];
  for (const percent of [60, 70]) {
    await setTarget(page, value, "at least quantile", percent);
    await verdictBecomes(page, VERDICTS.reachable);
    // The figures may come a moment after the words.
    await eventually(async () => assert.ok(!weights.includes(await lambda())));
    weights.push(await lambda());
    places.push(Number(await slider.inputValue()));
  }
  assert.ok(places[1] > places[0], `the handle stands at ${places}`);
  assert.ok(weights[1] > weights[0], `λ is ${weights}`);
});

test("an unreachable palette is proved, and a repair brings it back", async (t) => {
  const { page } = await start(t);
  for (const value of await values(page)) await setTarget(page, value, "at least quantile", 95);
  await verdictBecomes(page, VERDICTS.unreachable);
  const region = verdictRegion(page);
  assert.match(await region.innerText(), /Why\?/);
  assert.match(await region.innerText(), /sd above base/);
  await repairs(page).getByRole("button").first().click();
  await verdictBecomes(page, VERDICTS.reachable);
});

test("the address opens the same palette elsewhere", async (t) => {
  const { page, url } = await start(t);
  const [first, second, third] = await values(page);
  await setTarget(page, first, "at least quantile", 65);
  await setTarget(page, second, "off");
  await setTarget(page, third, "maintain");
  await verdict(page);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const address = await eventually(async () => {
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(copied.startsWith(`${url}#v=1&`), `copied: ${copied}`);
    return copied;
  });
  const there = await openPalette(await newContext(t), address.split("#")[0], address.split("#")[1]);
  const told = async (page) => {
    await verdict(page);
    const rows = [];
    for (const value of await values(page)) {
      const { kind, level, lambda, realised } = strip(page, value);
      const [says, amount] = [await kind.inputValue(), await level.inputValue()];
      rows.push([value, says, amount, await lambda(), await realised()]);
    }
    return rows;
  };
  const here = await told(page);
  await eventually(async () => assert.deepEqual(await told(there), here));
  await noAlert(there);
});

test("the address opened anew, after a reload, and by the back button is the same palette", async (t) => {
  const { page } = await start(t);
  const [value] = await values(page);
  await setTarget(page, value, "at least quantile", 62);
  await page.waitForFunction(() => location.hash.includes("q62"));
  await page.reload();
  await eventually(async () => assert.equal(await strip(page, value).level.inputValue(), "62"));
});

test("a target of every kind is said in the strip, and the address carries it", async (t) => {
  const { page } = await start(t);
  const [value] = await values(page);
  const { row, slider, kind } = strip(page, value);
  const number = (label) => row.getByRole("spinbutton", { name: `${value} ${label}`, exact: true });
  const type = async (label, amount) => {
    await number(label).fill(amount);
    await number(label).press("Enter");
  };
  const addressHas = (text) => page.waitForFunction((text) => location.hash.includes(text), `t.${value}=${text}`);
  const says = (pattern) => eventually(async () => assert.match(await slider.getAttribute("aria-valuetext"), pattern));
  await kind.selectOption("base");
  await type("target above base", "0.1");
  await addressHas("base+0.1");
  await says(/at least 0\.10 above the base mean/);
  await kind.selectOption("at-most");
  await type("target level", "0.4");
  await addressHas("max:0.4");
  await says(/at most \+0\.40/);
  await kind.selectOption("exactly");
  await type("target level", "0.3");
  await addressHas("is:0.3");
  await says(/exactly \+0\.30/);
  await kind.selectOption("between");
  await type("upper target", "0.5");
  await type("lower target", "0.2");
  await addressHas("0.2..0.5");
  await says(/between \+0\.20 and \+0\.50/);
  assert.equal(Number(await slider.inputValue()), 0.2);
  // The lower end pushes the upper one along.
  await type("lower target", "0.6");
  await addressHas("0.6..0.6");
});

test("a kind of target that only a link can say is kept until another is chosen", async (t) => {
  const { page } = await start(t, "v=1&t.humor=quantile60");
  const { kind } = strip(page, "humor");
  await verdict(page);
  assert.equal(await kind.locator("option:checked").innerText(), "at least the plain 60% quantile");
  await page.waitForFunction(() => location.hash.includes("t.humor=quantile60"));
  await kind.selectOption("maintain");
  await page.waitForFunction(() => location.hash.includes("t.humor=keep"));
  assert.equal(await kind.locator("option").count(), 9);
});

const BAD_LINKS = [
  ["an unknown key", (value) => `v=1&colour=red&t.${value}=q60`, ["colour"]],
  ["a broken number", (value) => `v=1&t.${value}=0.2.5`, ["0.2.5"]],
  ["a target that is not finite", (value) => `v=1&t.${value}=NaN`, ["NaN"]],
  ["a version of the future", (value) => `v=9&t.${value}=q60`, ["version"]],
  ["a value that is not here", () => "v=1&t.wisdom=q60", ["wisdom"]],
];
for (const [what, link, words] of BAD_LINKS) {
  test(`a link with ${what} says so, and the page goes on`, async (t) => {
    const { page } = await start(t, link("humor"));
    await alertSays(page, ...words);
    await verdict(page);
    await goesOn(page);
  });
}
