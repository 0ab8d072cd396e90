// Numbers as people type them: read right, or explained beside the field and nothing changed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, newContext, serve } from "./support/harness.mjs";
import { answers, goTo, openPalette, strip, values, verdict } from "./support/palette.mjs";

const typed = async (page, field, keys) => {
  await field.click();
  await page.keyboard.press("Control+a");
  // Signs that no key of this keyboard has come as an input method would bring them.
  for (const key of keys) await (/^[ -~]$/.test(key) ? page.keyboard.press(key) : page.keyboard.insertText(key));
  await page.keyboard.press("Enter");
};
const target = (page, value = "humor") => page.evaluate((value) => new URLSearchParams(location.hash.slice(1)).get(`t.${value}`), value);

async function start(t, options = {}) {
  const server = await serve(t);
  const page = await openPalette(await newContext(t, options), server.url);
  await verdict(page);
  assert.ok((await values(page)).includes("humor"));
  const { kind, level } = strip(page, "humor");
  await kind.selectOption({ label: "at least level" });
  return { page, level };
}

test("a decimal comma is a decimal comma, in every browser's language", async (t) => {
  for (const locale of ["en-US", "de-DE"]) {
    const { page, level } = await start(t, { locale });
    for (const [keys, wanted] of [
      [["0", ",", "5"], "0.5"],
      [["0", ".", "2", "5"], "0.25"],
      [["−", "0", ",", "5"], "-0.5"],
      [["–", " ", "1"], "-1"],
      [[",", "7"], "0.7"],
    ]) {
      await typed(page, level, keys);
      await eventually(async () => assert.equal(await level.inputValue(), wanted, `${locale}: ${keys.join("")}`));
      assert.equal(await level.getAttribute("aria-invalid"), null);
      assert.equal(await level.getAttribute("aria-valuenow"), wanted);
      await eventually(async () => assert.equal(await target(page), wanted));
    }
    assert.deepEqual(page.problems, []);
  }
});

test("what cannot be read stays with its reason, and the target as it was", async (t) => {
  const { page, level } = await start(t, { locale: "de-DE" });
  await typed(page, level, ["0", ",", "5"]);
  await eventually(async () => assert.equal(await target(page), "0.5"));
  for (const [keys, words] of [
    [["x", "2"], /“x2” is not a number/],
    [["1", ".", "2", "4", "8"], /“1.248” could be 1.248 or 1248. Write 1.2480 or 1248./],
    [["1", "e", "9", "9", "9"], /beyond the largest number/],
  ]) {
    await typed(page, level, keys);
    await eventually(async () => assert.equal(await level.getAttribute("aria-invalid"), "true"));
    const described = await level.getAttribute("aria-describedby");
    assert.match(await page.evaluate((id) => document.getElementById(id).innerText, described), words);
    assert.equal(await level.inputValue(), keys.join(""));
    assert.equal(await level.getAttribute("aria-valuenow"), "0.5");
    assert.equal(await target(page), "0.5");
  }
  // Escape gives the number back, and so does another change of the target.
  await page.keyboard.press("Escape");
  assert.equal(await level.inputValue(), "0.5");
  assert.equal(await level.getAttribute("aria-invalid"), null);
  await typed(page, level, ["1", ".", "2", "4", "8", "0"]);
  await eventually(async () => assert.equal(await target(page), "1.248"));
});

test("arrow keys step, and limits are said", async (t) => {
  const { page, level } = await start(t);
  await typed(page, level, ["0", ".", "5"]);
  await eventually(async () => assert.equal(await target(page), "0.5"));
  await page.keyboard.press("ArrowUp");
  const one = Number(await level.inputValue());
  assert.ok(one > 0.5 && one <= 0.6, String(one));
  await page.keyboard.press("ArrowDown");
  assert.equal(await level.inputValue(), "0.5");
  await page.keyboard.press("PageUp");
  assert.ok(Math.abs(Number(await level.inputValue()) - (0.5 + 10 * (one - 0.5))) < 1e-9);
  await goTo(page, "Answers");
  const { perPrompt, temperature, seed } = answers(page);
  await typed(page, perPrompt, ["6", "5"]);
  await page.getByText("It must be a whole number from 1 to 64.").waitFor();
  assert.equal(await perPrompt.getAttribute("aria-valuenow"), "16");
  await typed(page, temperature, ["0", ",", "7"]);
  await eventually(async () => assert.equal(await temperature.inputValue(), "0.7"));
  await typed(page, seed, ["1", "0", "0", " ", "0", "0", "0"]);
  await eventually(async () => assert.equal(await seed.inputValue(), "100000"));
  assert.deepEqual(page.problems, []);
});
