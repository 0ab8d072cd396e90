// A file is shown as it was understood before anything is composed on it: roles, reasons, notes; or why it is refused.
import assert from "node:assert/strict";
import test from "node:test";
import { eventually, newContext, serve, takePicture } from "./support/harness.mjs";
import { alertSays, beforeWorkers, chooseTable, dropFile, goTo, goesOn, openPalette, preview, setTarget, values, verdict } from "./support/palette.mjs";

async function start(t, options) {
  const { url } = await serve(t);
  const page = await openPalette(await newContext(t, options), url);
  await verdict(page);
  return page;
}

const cell = (i, k) => (((i * k) % 13) / 4).toFixed(2);
const TABLE = ["prompt,answer,wit,care,wordiness", ...Array.from({ length: 24 }, (_, i) => `Question ${i >> 2}?,"Answer ${i}, as it was given",${cell(i, 5)},${cell(i, 7)},${cell(i, 3)}`)].join("\n");

test("rows, roles and reasons are shown first, and nothing is composed before it is said so", async (t) => {
  const page = await start(t);
  const before = await values(page);
  await chooseTable(page, "mine.csv", TABLE);
  const { region, role, compose } = preview(page);
  await compose.waitFor();
  assert.match(await region.innerText(), /24 rows, 6 prompts; 3 values: wit, care and wordiness/);
  assert.deepEqual(await Promise.all(["prompt", "answer", "wit", "care"].map((column) => role(column).inputValue())), ["prompt", "answer", "value", "value"]);
  await region.getByRole("cell", { name: "Answer 0, as it was given" }).waitFor();
  assert.equal(await region.getByRole("row").count(), 6, "names, and the first five rows");
  await goTo(page, "Compose");
  assert.deepEqual(await values(page), before, "the set in use is still the one before");
  await goTo(page, "Data");
  await role("wordiness").selectOption("off");
  await eventually(async () => assert.match(await region.innerText(), /2 values: wit and care\./));
  assert.equal(await role("wordiness").inputValue(), "off");
  assert.equal(await role("answer").locator("option[value=value]").isDisabled(), true, "a text cannot be a value");
  await compose.click();
  await eventually(async () => assert.deepEqual(await values(page), ["wit", "care"]));
  await verdict(page);
  assert.deepEqual(page.problems, []);
});

test("a role that only one column has passes from the one to the other", async (t) => {
  const page = await start(t);
  await chooseTable(page, "mine.csv", TABLE);
  const { region, role, compose } = preview(page);
  await compose.waitFor();
  await role("answer").selectOption("prompt");
  await eventually(async () => {
    assert.deepEqual([await role("prompt").inputValue(), await role("answer").inputValue()], ["off", "prompt"]);
    assert.match(await region.innerText(), /24 rows, 24 prompts/);
  });
  assert.deepEqual(page.problems, []);
});

test("it all goes by keyboard, and leaving changes nothing", async (t) => {
  const page = await start(t);
  const before = await values(page);
  await chooseTable(page, "mine.csv", TABLE);
  const { region, role, compose, leave } = preview(page);
  await compose.waitFor();
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent);
  await eventually(async () => assert.equal(await focused(), "Opening mine.csv"));
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "First rows and roles");
  for (const column of ["prompt", "answer", "wit", "care", "wordiness"]) {
    await page.keyboard.press("Tab");
    assert.equal(await focused(), `Role of ${column}`);
  }
  await page.keyboard.press("n");
  await eventually(async () => {
    assert.equal(await role("wordiness").inputValue(), "off");
    assert.equal(await focused(), "Role of wordiness", "the focus stays where it was");
    assert.match(await region.innerText(), /2 values/);
  });
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Compose with this table");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Leave it");
  await page.keyboard.press("Enter");
  await eventually(async () => assert.equal(await leave.count(), 0));
  await goTo(page, "Compose");
  assert.deepEqual(await values(page), before);
});

test("roles that leave nothing to compose on say so, and can be put right", async (t) => {
  const page = await start(t);
  await chooseTable(page, "mine.csv", "prompt,wit\nWhy?,1\nWhy?,2\nHow?,4\n");
  const { role, compose, alert } = preview(page);
  await compose.waitFor();
  await role("wit").selectOption("off");
  await alert.waitFor();
  assert.equal(await compose.isDisabled(), true);
  await role("wit").selectOption("value");
  await eventually(async () => assert.equal(await compose.isEnabled(), true));
  assert.equal(await alert.count(), 0);
});

test("a refused file says why in the same place", async (t) => {
  const page = await start(t);
  const before = await values(page);
  await chooseTable(page, "broken.csv", "wit,care\n1,2\n3,much more\n4,5\n");
  await alertSays(page, "broken.csv", "line 3");
  const { region, close, compose } = preview(page);
  assert.match(await region.innerText(), /the set in use stays/);
  assert.equal(await compose.count(), 0);
  await close.click();
  await eventually(async () => assert.equal(await region.count(), 0));
  await goesOn(page);
  assert.deepEqual(await values(page), before);
});

test("a file dropped while composing leads to its preview in Data", async (t) => {
  const page = await start(t);
  await dropFile(page, "dropped.csv", TABLE);
  await preview(page).compose.waitFor();
  assert.equal(await page.getByRole("navigation").getByRole("link", { name: "Data", exact: true }).getAttribute("aria-current"), "page");
});

test("a file beyond the limit is refused before it is read, with its size and the limit", async (t) => {
  const page = await start(t);
  const workers = page.workers().length;
  await page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(Array(201).fill(new Uint8Array(1e6)), "huge.csv"));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
  });
  await alertSays(page, "huge.csv", "201 MB", "200 MB");
  assert.equal(page.workers().length, workers, "no worker was started for it");
  await goesOn(page);
});

test("while a table is read composing goes on, and reading can be cancelled", async (t) => {
  const page = await start(t);
  // What is to be read never reaches the worker.
  await beforeWorkers(page, { call: "Import", does: "hold" });
  const workers = page.workers().length;
  await chooseTable(page, "mine.csv", TABLE);
  const { region, cancel } = preview(page);
  await region.getByRole("progressbar", { name: "Reading the table" }).waitFor();
  await eventually(async () => assert.equal(page.workers().length, workers + 1));
  await goTo(page, "Compose");
  const [value] = await values(page);
  await setTarget(page, value, "at least quantile", 60);
  await verdict(page);
  await goTo(page, "Data");
  await cancel.click();
  await eventually(async () => assert.deepEqual([await region.count(), page.workers().length], [0, workers]));
  await goesOn(page);
});

for (const theme of ["light", "dark"]) {
  for (const size of ["wide", "phone"]) {
    test(`the preview and a refused file at ${size} width in ${theme} colours`, async (t) => {
      const page = await start(t, { size, theme });
      const wide = ["prompt,answer,group,weight,wit,care,calm,clarity,row", ...Array.from({ length: 24 }, (_, i) => `How would you tell a friend that question number ${i >> 2} has no answer?,"An answer of some length, number ${i}, as it came",${i & 4 ? "medical" : "legal"},1,${cell(i, 5)},${cell(i, 7)},${cell(i, 3)},${cell(i, 11)},${i}`)].join("\n");
      await chooseTable(page, "a-table-with-a-rather-long-name-of-its-own.csv", wide);
      await preview(page).compose.waitFor();
      const sideways = () => page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
      assert.equal(await sideways(), 0, "the page does not scroll sideways");
      const rows = page.getByRole("region", { name: "First rows and roles" });
      assert.equal(await rows.evaluate((rows) => rows.scrollWidth > rows.clientWidth), true, "the table does, in its own box");
      await takePicture(page, `preview-${size}-${theme}`);
      await chooseTable(page, "broken.csv", "wit,care\n1,2\n3,much more\n4,5\n");
      await preview(page).alert.waitFor();
      assert.equal(await sideways(), 0);
      await takePicture(page, `refused-${size}-${theme}`);
    });
  }
}
