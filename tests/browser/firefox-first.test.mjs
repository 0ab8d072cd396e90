// Firefox as a first-class browser: composing, links, kept work and tables, by the keyboard and the fields that people use.
// Needs a Firefox, which setup does not install: where there is none this says so and is skipped.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { serve } from "./support/harness.mjs";
import { isWritten } from "./support/kept.mjs";
import { noFirefox, openTab } from "./support/firefox.mjs";
import { becomeValues, chooseFile, composeWithTable, goTo, hash, moveTarget, press, target, verdict } from "./support/firefox-palette.mjs";

const TABLE = "prompt,answer,wit,depth\nWhy?,Because.,1,0.5\nWhy?,Nobody knows.,2,0.25\nHow?,So.,3,0.75\nHow?,Thus.,5,0.1\n";
const options = { skip: noFirefox, timeout: 120_000 };
const main = "() => document.querySelector('main').innerText";

test("Firefox: a target is moved by the keyboard, and taken back", options, async (t) => {
  const server = await serve(t);
  const tab = await openTab(t);
  await tab.goto(server.url);
  await verdict(tab);
  const before = await target(tab, "humor");
  await moveTarget(tab, "humor", 5);
  assert.ok((await target(tab, "humor")) > before);
  // Presses in quick succession are taken back as one, those of a slow machine one after another.
  for (let undone = 0; undone < 5 && (await target(tab, "humor")) !== before; undone++) {
    await press(tab, "Undo");
    await verdict(tab);
  }
  assert.equal(await target(tab, "humor"), before);
  assert.deepEqual(tab.problems, []);
});

test("Firefox: a link is understood, one that is not says so, and Back goes through the views", options, async (t) => {
  const server = await serve(t);
  const tab = await openTab(t, { width: 390, height: 844 });
  await tab.goto(`${server.url}#v=1&t.helpful=off&t.humor=0.9`);
  await verdict(tab);
  assert.equal(await target(tab, "humor"), 0.9);
  await goTo(tab, "Models");
  assert.match(await hash(tab), /view=models/);
  await tab.back();
  await tab.becomes((current) => assert.equal(current, "Compose"), `() => document.querySelector('nav a[aria-current="page"]')?.textContent.trim() ?? null`);
  await verdict(tab);
  await tab.goto("about:blank");
  await tab.goto(`${server.url}#v=1&t.humor=much`);
  await tab.becomes((said) => assert.match(said, /much/), "() => document.body.innerText");
  await verdict(tab);
  assert.deepEqual(tab.problems, []);
});

test("Firefox: a table is opened by the field, and is there again after a reload, with its palette", options, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "map-palette-firefox-table-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [table, broken] = [join(folder, "mine.csv"), join(folder, "broken.csv")];
  await writeFile(table, TABLE);
  await writeFile(broken, "prompt,answer\nWhy?,Because.\n");
  const server = await serve(t);
  const tab = await openTab(t);
  await tab.goto(server.url);
  await verdict(tab);
  await goTo(tab, "Data");
  await chooseFile(tab, "Open a reward table", broken);
  await tab.becomes((said) => assert.match(said, /broken\.csv/), "() => [...document.querySelectorAll('[role=alert]')].map((alert) => alert.innerText).join(' ')");
  await chooseFile(tab, "Open a reward table", table);
  await composeWithTable(tab);
  await becomeValues(tab, ["wit", "depth"]);
  await moveTarget(tab, "wit");
  const moved = await target(tab, "wit");
  await tab.becomes((hash) => assert.ok(hash.includes(`t.wit=${moved}`), hash), "() => location.hash");
  await isWritten(tab, ["mine", String(moved)]);
  await tab.reload();
  await becomeValues(tab, ["wit", "depth"]);
  await verdict(tab);
  assert.equal(await target(tab, "wit"), moved);
  await goTo(tab, "Data");
  await tab.becomes((said) => assert.match(said, /mine/), main);
  assert.deepEqual(tab.problems, []);
});
