// The page in one file, opened from a disk: it composes, reads tables and links, and with its second file it draws; no network is there.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { dist, eventually, newContext, PAGE_SIZES, takePicture } from "./support/harness.mjs";
import { noFirefox, openTab } from "./support/firefox.mjs";
import * as inFirefox from "./support/firefox-palette.mjs";
import { answers, ask, dropTable, goTo, jobEnds, madeSet, noAlert, openPalette, setTarget, strip, values, verdict } from "./support/palette.mjs";

const run = promisify(execFile);
const assemble = fileURLToPath(new URL("../../scripts/one-file/assemble.mjs", import.meta.url));
const TABLE = "prompt,answer,wit,depth\nWhy?,Because.,1,0.5\nWhy?,Nobody knows.,2,0.25\nHow?,So.,3,0.75\nHow?,Thus.,5,0.1\n";
const LINKED = "#v=1&t.helpful=q60&t.humor=0.9";
const models = existsSync(join(dist, "weights", "manifest.json"));

let folder;
let address;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "map palette one file-"));
  await run("node", [assemble, "--dist", dist, "--out", join(folder, "one")]);
  // As a stick has it: the page alone, in a folder with a space in its name.
  await copyFile(join(folder, "one", "map-palette.html"), join(folder, "map palette.html"));
  address = pathToFileURL(join(folder, "map palette.html")).href;
});
after(() => rm(folder, { recursive: true, force: true }));

test("the same build makes the same file, which names nothing outside of itself", async () => {
  const html = await readFile(join(folder, "one", "map-palette.html"), "utf8");
  await run("node", [assemble, "--dist", dist, "--out", join(folder, "again")]);
  assert.equal(await readFile(join(folder, "again", "SHA256SUMS"), "utf8"), await readFile(join(folder, "one", "SHA256SUMS"), "utf8"));
  assert.ok(html.includes(`Content-Security-Policy" content="default-src 'none'`));
  // The text is megabytes long: what is wrong is said, not all of it.
  assert.deepEqual(html.match(/<(?:script|link|img|iframe)\b[^>]*\s(?:src|href)=["']?(?!["']?data:).{0,40}/g), null);
  await run("sha256sum", ["--check", "--quiet", "SHA256SUMS"], { cwd: join(folder, "one") });
});

/** A page of Chromium that has opened the file; what it asks the network for is gathered. */
async function openFile(t, fragment, options) {
  const context = await newContext(t, options);
  const asked = [];
  context.on("request", (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(address)) asked.push(request.url());
  });
  const page = await openPalette(context, address, fragment);
  return { page, asked };
}

test("Chromium: a verdict, a target moved, a table dropped, a link, a reload", async (t) => {
  const { page, asked } = await openFile(t);
  const said = [];
  page.on("console", (message) => message.type() === "error" && said.push(message.text()));
  await verdict(page);
  const first = (await values(page))[0];
  await setTarget(page, "humor", "at least level", 0.5);
  await verdict(page);
  assert.equal(await strip(page, "humor").level.inputValue(), "0.5");
  await eventually(() => assert.match(page.url(), /#.*t\.humor=0\.5/));
  await page.reload();
  await verdict(page);
  await eventually(async () => assert.equal(await strip(page, "humor").level.inputValue(), "0.5"));
  await dropTable(page, "mine.csv", TABLE);
  await goTo(page, "Compose");
  await eventually(async () => assert.deepEqual(await values(page), ["wit", "depth"]));
  await verdict(page);
  for (const view of ["Answers", "Studies", "Data", "Models", "Compose"]) await goTo(page, view);
  await noAlert(page);
  assert.deepEqual([page.problems, asked, said], [[], [], []]);
  assert.ok(first);
});

test("Chromium: a link is understood", async (t) => {
  const { page } = await openFile(t, LINKED.slice(1));
  await verdict(page);
  await eventually(async () => assert.equal(await strip(page, "humor").level.inputValue(), "0.9"));
});

test("Chromium: a file that is not the models is refused in a sentence, and the models draw", { skip: !models && "this build has no weights", timeout: 300_000 }, async (t) => {
  const { page, asked } = await openFile(t);
  await verdict(page);
  await goTo(page, "Models");
  const field = page.getByLabel("map-palette-models.bin");
  const alert = page.getByRole("alert").filter({ visible: true });
  await field.setInputFiles({ name: "holiday.bin", mimeType: "application/octet-stream", buffer: Buffer.from("no models") });
  await eventually(async () => assert.match(await alert.innerText(), /holiday\.bin has 9 bytes/));
  for (const [size, viewport] of Object.entries(PAGE_SIZES)) {
    await page.setViewportSize(viewport);
    await takePicture(page, `one-file-models-${size}`);
  }
  const altered = join(folder, "altered.bin");
  await copyFile(join(folder, "one", "map-palette-models.bin"), altered);
  const file = await open(altered, "r+");
  await file.write(Buffer.from([1, 2, 3]), 0, 3, 40_000_000);
  await file.close();
  await field.setInputFiles(altered);
  await eventually(async () => assert.match(await alert.innerText(), /SHA-256 differs/));
  // Without them Answers says where they are.
  const request = { prompts: ["What is dew?"], perPrompt: 2, tokens: 6, workers: 1 };
  const form = await ask(page, request);
  await form.generate.click();
  await jobEnds(page);
  await eventually(async () => assert.match(await page.locator("main").innerText(), /second file, which has not been chosen yet/));
  await goTo(page, "Models");
  await field.setInputFiles(join(folder, "one", "map-palette-models.bin"));
  await eventually(async () => assert.match(await page.locator("main").innerText(), /Here, and as they were built/), { timeout: 60_000 });
  await ask(page, request);
  await form.generate.click();
  await jobEnds(page);
  const { answers: drawn } = await madeSet(page);
  assert.equal(drawn.length, 2);
  assert.ok(drawn.every(({ text, rewards }) => text.length > 0 && rewards.every(Number.isFinite)));
  assert.ok(await answers(page).outcome.isVisible());
  assert.deepEqual([page.problems, asked], [[], []]);
});

test("Firefox: a verdict, a target moved, a table dropped, a link, a reload", { skip: noFirefox, timeout: 180_000 }, async (t) => {
  const tab = await openTab(t);
  await tab.goto(`${address}${LINKED}`);
  await inFirefox.verdict(tab);
  assert.equal(await inFirefox.target(tab, "humor"), 0.9);
  await inFirefox.moveTarget(tab, "humor");
  const moved = await inFirefox.target(tab, "humor");
  assert.ok(moved > 0.9);
  await tab.becomes((hash) => assert.ok(hash.includes(`t.humor=${moved}`), hash), "() => location.hash");
  await tab.reload();
  await inFirefox.verdict(tab);
  assert.equal(await inFirefox.target(tab, "humor"), moved);
  await inFirefox.dropFile(tab, "mine.csv", TABLE);
  await inFirefox.composeWithTable(tab);
  await inFirefox.becomeValues(tab, ["wit", "depth"]);
  for (const view of ["Answers", "Studies", "Data", "Models", "Compose"]) await inFirefox.goTo(tab, view);
  await inFirefox.verdict(tab);
  assert.deepEqual(tab.problems, []);
});
