// Lessons as a pupil takes them, the answers of a class, what links say for teaching, the making of a lesson, and its package.
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import test from "node:test";
import { violations } from "./support/axe.mjs";
import { PAGE_SIZES, eventually, newContext, offlineReady, openPage, pictures, serve, takePicture } from "./support/harness.mjs";
import { VERDICTS, alertSays, goTo, noAlert, openPalette, setTarget, strip, verdict, verdictBecomes, values } from "./support/palette.mjs";

const lessonText = (page) => page.getByRole("region", { name: "Lesson", exact: true });
const taskGroup = (page) => page.getByRole("group", { name: "Task", exact: true });
const comesTo = (page) => taskGroup(page).getByRole("status", { name: "What it comes to" });

async function openLesson(t, id, options, more = "") {
  const { url } = await serve(t);
  const page = await openPage(await newContext(t, options), `${url}#v=1&lesson=${id}${more}`);
  await lessonText(page).waitFor();
  await verdict(page);
  return { page, url };
}

/** Tabs until what has the focus is called so. */
async function tabTo(page, name, { back = false } = {}) {
  for (let i = 0; i < 60; i++) {
    const found = await page.evaluate(() => {
      const here = document.activeElement;
      return here.getAttribute("aria-label") ?? here.labels?.[0]?.textContent ?? here.textContent.trim();
    });
    if (name instanceof RegExp ? name.test(found) : found === name) return;
    await page.keyboard.press(back ? "Shift+Tab" : "Tab");
  }
  assert.fail(`no way by Tab to ${name}`);
}

async function saved(page, press) {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8"), path: await download.path() };
}

test("the list says what each lesson teaches; a lesson opens, is kept in the address and leads back", async (t) => {
  const { url } = await serve(t);
  const page = await openPalette(await newContext(t), url);
  await verdict(page);
  await goTo(page, "Learn");
  const list = page.getByRole("main").getByRole("list").first();
  await eventually(async () => assert.equal(await list.getByRole("listitem").count(), 11));
  const words = await list.innerText();
  assert.match(words, /Trade-offs[\s\S]*12 minutes · 3 tasks/);
  assert.match(page.url(), /view=learn/);
  await list.getByRole("link", { name: "Trade-offs" }).click();
  await lessonText(page).getByRole("heading", { name: "One goes up, the other comes down" }).waitFor();
  await eventually(async () => assert.match(page.url(), /lesson=trade-offs/));
  // What the lesson leaves out is not there, and its palette is.
  assert.deepEqual(await values(page), ["humor", "helpful"]);
  assert.equal(await page.getByRole("region", { name: "Look closer" }).count(), 0);
  await page.reload();
  await lessonText(page).getByRole("heading", { name: "Trade-offs" }).waitFor();
  await lessonText(page).getByRole("button", { name: "All lessons" }).click();
  await eventually(async () => assert.equal(await list.getByRole("listitem").count(), 11));
  await noAlert(page);
  assert.deepEqual(page.problems, []);
});

test("lesson three by keyboard: impossible, its proof, and a palette that can be had", async (t) => {
  const { page, url } = await openLesson(t, "impossible");
  // A wrong answer gets a sentence that helps, and a hint.
  await tabTo(page, "Check my palette");
  await page.keyboard.press("Enter");
  await eventually(async () => assert.match(await comesTo(page).innerText(), /The verdict is “Reachable”; it has to become “Out of reach”\./));
  await tabTo(page, "Give me a hint");
  await page.keyboard.press("Enter");
  await eventually(async () => assert.match(await taskGroup(page).innerText(), /Move both handles far to the right/));
  // Both targets to the end of their lanes.
  for (const name of ["humor target", "helpful target"]) {
    await tabTo(page, name);
    await page.keyboard.press("End");
  }
  await verdictBecomes(page, VERDICTS.unreachable);
  await tabTo(page, "Check my palette", { back: true });
  await page.keyboard.press("Enter");
  await eventually(async () => assert.match(await comesTo(page).innerText(), /There is a proof/));
  await tabTo(page, "Next");
  await page.keyboard.press("Enter");
  await lessonText(page).getByRole("heading", { name: "The proof" }).waitFor();
  // The number is read off the page, as a pupil does.
  const why = await page.getByRole("region", { name: "Verdict" }).innerText();
  const best = /gives (−?[\d.]+)\./.exec(why)[1].replace("−", "-");
  await tabTo(page, "Your number");
  await page.keyboard.type("nonsense");
  await page.keyboard.press("Enter");
  await alertSays(page, "nonsense");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(String(Number(best) + 5));
  await page.keyboard.press("Enter");
  await eventually(async () => assert.match(await comesTo(page).innerText(), /too large/));
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(best);
  await page.keyboard.press("Enter");
  await eventually(async () => assert.match(await comesTo(page).innerText(), /Farkas/));
  await tabTo(page, "Next");
  await page.keyboard.press("Enter");
  await lessonText(page).getByRole("heading", { name: "Ask for something else" }).waitFor();
  // The repair that scales all back, by its button.
  await tabTo(page, /^Scale all back to/);
  await page.keyboard.press("Enter");
  await eventually(async () => assert.notEqual(await verdict(page), VERDICTS.unreachable));
  for (let i = 0; i < 20 && (await verdict(page)) !== VERDICTS.reachable; i++) {
    await tabTo(page, "humor target");
    await page.keyboard.press("ArrowLeft");
  }
  await verdictBecomes(page, VERDICTS.reachable);
  await tabTo(page, "Check my palette", { back: true });
  await page.keyboard.press("Enter");
  await eventually(async () => assert.match(await comesTo(page).innerText(), /You choose; the page says what each costs/));
  await tabTo(page, "Next");
  await page.keyboard.press("Enter");
  await lessonText(page).getByText("All tasks are done.").waitFor();
  await tabTo(page, "Name (may stay empty)");
  await page.keyboard.type("Ada");
  await tabTo(page, "Save my answer sheet");
  const sheet = await saved(page, () => page.keyboard.press("Enter"));
  assert.equal(sheet.name, "impossible-Ada.json");
  const read = JSON.parse(sheet.text);
  assert.deepEqual([read.name, read.lesson, read.tasks.map((task) => task.done)], ["Ada", "impossible", [true, true, true]]);
  assert.ok(read.tasks[0].tries === 2 && read.tasks[0].hints === 1 && read.tasks[1].tries === 2 && read.tasks.every((task) => task.seconds > 0));
  // It is kept: the list has its tick after a reload.
  await page.goto(`${url}#v=1&view=learn`);
  await page.reload();
  await eventually(async () => assert.match(await page.getByRole("listitem").filter({ hasText: "Impossible palettes" }).innerText(), /done/));
  assert.deepEqual(page.problems, []);
});

test("a sheet that lies is found out, and what is no sheet is left out by name", async (t) => {
  const { url } = await serve(t);
  const page = await openPage(await newContext(t), `${url}#v=1&view=learn`);
  await page.getByRole("button", { name: "Answers of a class" }).click();
  const off = Object.fromEntries(["helpful", "harmless", "positive", "diverse", "coherent", "fluent"].map((name) => [name, "off"]));
  const sheet = (name, humor, option) => ({
    answer_sheet: 1,
    name,
    lesson: "one-value",
    version: "0".repeat(16),
    tasks: [
      { id: "grey-hill", done: true, tries: 1, seconds: 20, answers: [{ choice: option }] },
      { id: "funnier", done: true, tries: 1, seconds: 20, answers: [{ palette: { set: "Everyday questions", pooling: "per-prompt", targets: { ...off, humor } } }] },
    ],
  });
  const file = (name, content) => ({ name, mimeType: "application/json", buffer: Buffer.from(typeof content === "string" ? content : JSON.stringify(content)) });
  await page.getByLabel("Open answer sheets").setInputFiles([
    file("ada.json", sheet("Ada", "q80", 0)),
    file("bob.json", sheet("Bob", "q20", 2)),
    file("bob2.json", sheet("Bob", "q80", 2)),
    file("cut.json", '{"answer_sheet": 1,'),
    file("prices.json", '{"milk": 1}'),
  ]);
  const table = page.getByRole("table");
  await eventually(async () => assert.equal(await table.getByRole("row").count(), 5));
  const row = async (at) => (await table.getByRole("row").nth(at).innerText()).replace(/\s+/g, " ");
  assert.match(await row(1), /Ada.*another version.*✓ right ✓ right – not tried 2 of 3/);
  assert.match(await row(2), /Bob.*2 sheets carry this name.*✗ wrong ✗ wrong – not tried 0 of 3/);
  assert.match(await row(3), /Bob.*✗ wrong ✓ right/);
  await alertSays(page, "2 files were left out", "cut.json", "prices.json", "It is no answer sheet.");
  assert.match(await page.getByRole("main").innerText(), /2 × “How many people laughed”/);
  const csv = await saved(page, () => page.getByRole("button", { name: "Grade book as CSV" }).click());
  assert.equal(csv.text.trim().split("\n").length, 4);
  assert.deepEqual(await violations(page), []);
  await takePicture(page, "learn-class-wide");
  assert.deepEqual(page.problems, []);
});

test("what links say for teaching: parts, frame, projector; what is bad is said", async (t) => {
  const { url } = await serve(t);
  const context = await newContext(t);
  const page = await openPage(context, `${url}#v=1&show=verdict,lane:humor,lanes&theme=projector&embed=yes`);
  await verdict(page);
  assert.deepEqual(await values(page), ["humor"]);
  assert.equal(await page.getByRole("navigation").count(), 0);
  assert.equal(await page.getByRole("region", { name: "Two values at once" }).count(), 0);
  assert.equal(await page.locator("html").getAttribute("data-theme"), "projector");
  await setTarget(page, "humor", "at least quantile", 80);
  await eventually(async () => assert.match(page.url(), /embed=yes.*show=.*theme=projector/));
  const bad = await openPage(context, `${url}#v=1&show=everything&theme=pink&embed=maybe&lesson=no!such`);
  await alertSays(bad, "show=everything", "theme=pink", "embed=maybe");
  await verdict(bad);
  assert.ok((await values(bad)).length === 7 && (await bad.getByRole("navigation").count()) === 1);
  const missing = await openPage(context, `${url}#v=1&lesson=no-such`);
  await alertSays(missing, "There is no lesson called “no-such” here.", "The list of lessons is shown instead.");
  await eventually(async () => assert.equal(await missing.getByRole("main").getByRole("listitem").count(), 11));
  for (const open of [page, bad, missing]) assert.deepEqual(open.problems, []);
});

test("the lesson's own table is opened by a button, and its tasks are checked on it", async (t) => {
  const { page } = await openLesson(t, "own-data");
  await taskGroup(page).getByRole("button", { name: "Check my palette" }).click();
  await eventually(async () => assert.match(await comesTo(page).innerText(), /has no value called “tasty”/));
  await page.getByRole("button", { name: "Compose on this table" }).click();
  await eventually(async () => assert.deepEqual(await values(page), ["tasty", "healthy", "cheap"]));
  await verdict(page);
  await taskGroup(page).getByRole("button", { name: "Check my palette" }).click();
  await eventually(async () => assert.match(await comesTo(page).innerText(), /You compose on “/));
  await lessonText(page).getByRole("button", { name: "Next" }).click();
  await setTarget(page, "tasty", "at least level", 7);
  await setTarget(page, "healthy", "at least level", 6.5);
  await verdictBecomes(page, VERDICTS.reachable);
  await taskGroup(page).getByRole("button", { name: "Check my palette" }).click();
  await eventually(async () => assert.match(await comesTo(page).innerText(), /that is the menu for each day/));
  await noAlert(page);
  assert.deepEqual(page.problems, []);
});

test("lessons work without a network", async (t) => {
  const server = await serve(t);
  const context = await newContext(t);
  const page = await openPalette(context, server.url);
  await verdict(page);
  await offlineReady(page);
  await context.setOffline(true);
  await page.goto(`${server.url}#v=1&lesson=price`);
  await page.reload();
  await lessonText(page).getByRole("heading", { name: "What it costs" }).waitFor();
  await noAlert(page);
});

test("a lesson is made by forms, kept over a reload, tried, and handed out as a link that opens it", async (t) => {
  const { url } = await serve(t);
  const context = await newContext(t);
  const page = await openPalette(context, `${url}`, "v=1&t.humor=q80&t.helpful=keep&t.harmless=off");
  await verdict(page);
  await goTo(page, "Learn");
  await page.getByRole("button", { name: "Make a lesson" }).click();
  await page.getByLabel("Title", { exact: true }).fill("Jokes for beginners");
  await page.getByLabel("Id, for links and answer sheets").fill("jokes");
  await page.getByLabel("What it teaches, in a sentence").fill("How jokes are asked for.");
  await page.getByRole("button", { name: "Start with what Compose shows now" }).click();
  const first = page.getByRole("region", { name: "Step 1", exact: true });
  await first.getByLabel("Title of the step").fill("Begin");
  await first.getByLabel(/^Text/).fill("A **first** step.\n\nAnd a second paragraph.");
  await first.getByLabel("Task", { exact: true }).selectOption({ label: "a palette with such properties" });
  await page.getByRole("status", { name: "What is missing" }).filter({ hasText: "does not say what to do" }).waitFor();
  await first.getByLabel("What to do").fill("Ask for as many jokes as here.");
  await first.getByRole("button", { name: "Use what Compose shows now" }).click();
  await eventually(async () => assert.match(await first.innerText(), /The target of “humor” is at least q80\./));
  await eventually(async () => assert.equal(await page.getByRole("status", { name: "What is missing" }).innerText(), ""));
  assert.deepEqual(await violations(page), []);
  await takePicture(page, "learn-make-wide");
  await page.reload();
  await page.getByRole("button", { name: "Make a lesson" }).click();
  assert.equal(await page.getByLabel("Title", { exact: true }).inputValue(), "Jokes for beginners");
  await page.getByRole("button", { name: "Preview as a pupil" }).click();
  await lessonText(page).getByRole("heading", { name: "Jokes for beginners" }).waitFor();
  await verdict(page);
  await taskGroup(page).getByRole("button", { name: "Check my palette" }).click();
  await eventually(async () => assert.match(await comesTo(page).innerText(), /You ask for/));
  await lessonText(page).getByRole("button", { name: "Back to making it" }).click();
  const file = await saved(page, () => page.getByRole("button", { name: "Save as a file" }).click());
  assert.equal(JSON.parse(file.text).steps[0].text.length, 2);
  await page.getByRole("button", { name: "Make link, frame and QR code" }).click();
  const link = page.getByLabel("Link", { exact: true });
  await eventually(async () => assert.match(await link.inputValue(), /lesson=z\./));
  await page.getByText(/The link has \d+ characters/).waitFor();
  await page.getByRole("img", { name: "QR code of the link" }).waitFor();
  assert.match(await page.getByLabel("Code for a frame (iframe)").inputValue(), /^<iframe src="http.*embed=yes/);
  const other = await openPage(await newContext(t), await link.inputValue());
  await lessonText(other).getByRole("heading", { name: "Jokes for beginners" }).waitFor();
  assert.match(await lessonText(other).innerText(), /A first step\./);
  const cut = await openPage(context, (await link.inputValue()).slice(0, -40));
  await alertSays(cut, "The lesson in this link is damaged");
  assert.deepEqual([...page.problems, ...other.problems], []);
});

/** The files of a zip without compression. */
function unpacked(bytes) {
  const files = {};
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    const [size, name] = [bytes.readUInt32LE(at + 18), bytes.readUInt16LE(at + 26)];
    const start = at + 30 + name;
    files[bytes.subarray(at + 30, start).toString()] = bytes.subarray(start, start + size);
    at = start + size;
  }
  return files;
}

test("a SCORM package tells a learning platform how far the lesson is", async (t) => {
  // Elsewhere than the platform, as pages usually are: it must allow the frame.
  const { url } = await serve(t, { headers: {} });
  const context = await newContext(t);
  const page = await openPage(context, `${url}#v=1&view=learn`);
  await page.getByRole("button", { name: "Make a lesson" }).click();
  const lesson = page.getByRole("region", { name: "Hand it out" }).getByLabel("Lesson", { exact: true });
  await eventually(async () => assert.ok((await lesson.locator("option").count()) > 11));
  await lesson.selectOption("one-value");
  await page.getByRole("button", { name: "Make link, frame and QR code" }).click();
  const zip = await saved(page, () => page.getByRole("button", { name: "Save a SCORM package" }).click());
  const files = unpacked(await readFile(zip.path));
  assert.deepEqual(Object.keys(files), ["imsmanifest.xml", "lesson.html", "scorm.js"]);
  assert.match(files["imsmanifest.xml"].toString(), /<schemaversion>1\.2<[\s\S]*href="lesson\.html"/);
  // The platform: a page with the object API, and the package in a frame.
  const platform = `<!doctype html><title>Platform</title><script>
    window.calls = []; window.data = {};
    const log = (name) => (...given) => { calls.push([name, ...given]); return "true"; };
    window.API = { LMSInitialize: log("LMSInitialize"), LMSCommit: log("LMSCommit"), LMSFinish: log("LMSFinish"),
      LMSGetValue: (key) => data[key] ?? "", LMSGetLastError: () => "0",
      LMSSetValue: (key, value) => { data[key] = value; calls.push(["LMSSetValue", key, value]); return "true"; } };
  </script><iframe id="sco" src="/lesson.html" style="width:1200px;height:800px"></iframe>`;
  const server = createServer((request, response) => {
    const name = new URL(request.url, "http://x").pathname.slice(1);
    const body = name === "" ? platform : files[name];
    response.writeHead(body ? 200 : 404, { "Content-Type": name.endsWith(".js") ? "text/javascript" : "text/html" });
    response.end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  const lms = await openPage(context, `http://127.0.0.1:${server.address().port}/`);
  const inner = lms.frameLocator("#sco").frameLocator("#page");
  await inner.getByRole("region", { name: "Lesson", exact: true }).waitFor();
  await eventually(async () => assert.equal(await lms.evaluate(() => window.data["cmi.core.lesson_status"]), "incomplete"));
  await inner.getByRole("radio").first().check();
  await inner.getByRole("button", { name: "Check my answer" }).click();
  await eventually(async () => assert.equal(await lms.evaluate(() => window.data["cmi.core.score.raw"]), "33"));
  await inner.getByRole("button", { name: "Next", exact: true }).click();
  const kind = inner.getByRole("combobox", { name: "humor kind of target" });
  await kind.selectOption({ label: "at least quantile" });
  const amount = inner.getByRole("spinbutton", { name: "humor target quantile" });
  await amount.fill("80");
  await amount.press("Enter");
  await eventually(async () => {
    await inner.getByRole("button", { name: "Check my palette" }).click();
    assert.equal(await lms.evaluate(() => window.data["cmi.core.score.raw"]), "67");
  });
  await inner.getByRole("button", { name: "Next", exact: true }).click();
  await inner.getByRole("radio").nth(1).check();
  await inner.getByRole("button", { name: "Check my answer" }).click();
  await eventually(async () =>
    assert.deepEqual(await lms.evaluate(() => [window.data["cmi.core.score.raw"], window.data["cmi.core.lesson_status"]]), ["100", "completed"]));
  await lms.evaluate(() => document.getElementById("sco").setAttribute("src", "about:blank"));
  await eventually(async () => {
    const calls = await lms.evaluate(() => window.calls);
    assert.equal(calls[0][0], "LMSInitialize");
    assert.equal(calls.at(-1)[0], "LMSFinish");
    assert.match(await lms.evaluate(() => window.data["cmi.core.session_time"]), /^\d{4}:\d\d:\d\d$/);
  });
  assert.deepEqual(lms.problems, []);
});

test("a lesson prints as one sheet of A4", async (t) => {
  const { page } = await openLesson(t, "one-value");
  await mkdir(pictures, { recursive: true });
  const list = JSON.parse(await readFile(new URL("../../public/lessons/en/index.json", import.meta.url), "utf8"));
  for (const { id } of list) {
    await page.evaluate((id) => (location.hash = `v=1&view=learn&lesson=${id}`), id);
    const title = list.find((entry) => entry.id === id).title;
    await lessonText(page).getByRole("heading", { name: title, exact: true }).waitFor();
    const pdf = await page.pdf({ preferCSSPageSize: true });
    await writeFile(join(pictures, `handout-${id}.pdf`), pdf);
    assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length, 1, `${id} takes one page`);
  }
});

for (const theme of ["light", "dark"]) {
  for (const [size, viewport] of Object.entries({ ...PAGE_SIZES, projector: { width: 1920, height: 1080 } })) {
    test(`lessons ${theme}, ${size}`, async (t) => {
      const more = size === "projector" ? "&theme=projector" : "";
      const { page } = await openLesson(t, "trade-offs", { theme, viewport }, more);
      const sound = async (name) => {
        await takePicture(page, `learn-${name}-${theme}-${size}`);
        assert.deepEqual(await violations(page), [], name);
        const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(tooWide <= 0, `${name} scrolls sideways by ${tooWide} pixels`);
      };
      await sound("lesson");
      await taskGroup(page).getByRole("button", { name: "Give me a hint" }).click();
      await page.getByLabel("Your number").fill("3");
      await taskGroup(page).getByRole("button", { name: "Check my number" }).click();
      await comesTo(page).getByText("not yet as the task wants it").waitFor();
      await sound("tried");
      await lessonText(page).getByRole("button", { name: "The end" }).click();
      await sound("end");
      await lessonText(page).getByRole("button", { name: "All lessons" }).click();
      await eventually(async () => assert.equal(await page.getByRole("main").getByRole("listitem").count(), 11));
      await sound("list");
      assert.deepEqual(page.problems, []);
    });
  }
}
