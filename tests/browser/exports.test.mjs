// What leaves the page: every file is opened by what it is for.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { violations } from "./support/axe.mjs";
import { builtInSet } from "./support/built-in.mjs";
import { browser, eventually, newContext, serve } from "./support/harness.mjs";
import { VERDICTS, goTo, noAlert, openPalette, openTable, parseNumber, setTarget, strip, verdict, verdictBecomes } from "./support/palette.mjs";

const REACHABLE = "v=1&t.humor=q70&t.helpful=q70&t.harmless=q70";
const OUT_OF_REACH = "v=1&t.humor=q70&t.helpful=q70&t.harmless=q85";

async function start(t, { fragment = REACHABLE, ...options } = {}) {
  const { url } = await serve(t);
  const page = await openPalette(await newContext(t, { acceptDownloads: true, ...options }), url, fragment);
  await verdict(page);
  return page;
}

/** Opens “Take away”. */
async function takeAway(page) {
  const region = page.getByRole("region", { name: "Take away" });
  await region.getByRole("button", { name: "Take away", exact: true }).click();
  return { region, button: (name) => region.getByRole("button", { name, exact: true }), said: region.getByRole("status", { name: "What was taken away" }) };
}

/** The file that a button saves: its name, path and text. */
async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download", { timeout: 60_000 }), button.click()]);
  const path = await download.path();
  return { name: download.suggestedFilename(), path, text: await readFile(path, "utf8") };
}

/** Lines of CSV as records by column. */
function records(csv) {
  const rows = [];
  let row = [""];
  let quoted = false;
  for (let i = 0; i < csv.length; i += 1) {
    const c = csv[i];
    if (quoted && c === '"' && csv[i + 1] === '"') row[row.length - 1] += csv[(i += 1)];
    else if (c === '"') quoted = !quoted;
    else if (c === "," && !quoted) row.push("");
    else if (c === "\n" && !quoted) {
      rows.push(row);
      row = [""];
    } else row[row.length - 1] += c;
  }
  const [header, ...rest] = rows;
  return rest.map((cells) => Object.fromEntries(header.map((name, k) => [name, cells[k]])));
}

/** The native command, where one was built. */
function command() {
  const targets = [process.env.CARGO_TARGET_DIR, process.env.MAP_PALETTE_HOME && join(process.env.MAP_PALETTE_HOME, "target")].filter(Boolean);
  return targets.flatMap((target) => ["release", "native", "debug"].map((profile) => join(target, profile, "palette"))).find(existsSync);
}

async function folder(t) {
  const path = await mkdtemp(join(tmpdir(), "map-palette-exports-"));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** That it is XML: the browser's parser reads it without an error, on a page without the policy of ours. */
async function parsedAsXml(page, svg) {
  const blank = await page.context().newPage();
  const parsed = await blank.evaluate((svg) => {
    const document = new DOMParser().parseFromString(svg, "image/svg+xml");
    if (document.querySelector("parsererror")) throw new Error(document.querySelector("parsererror").textContent);
    return { texts: [...document.querySelectorAll("text")].map((text) => text.textContent), title: document.querySelector("title").textContent, words: document.querySelector("desc").textContent, scripts: document.querySelectorAll("script").length };
  }, svg);
  await blank.close();
  return parsed;
}

test("the solution holds what the page shows, and the copied command finds the same λ", async (t) => {
  const page = await start(t);
  const { button, said } = await takeAway(page);
  const json = await saved(page, button("Solution as JSON"));
  assert.match(json.name, /^Everyday-questions-solution\.json$/);
  const solution = JSON.parse(json.text);
  assert.equal(solution.verdict, "reachable");
  assert.equal(solution.nearest, null);
  assert.match(solution.about.set.sha256, /^[0-9a-f]{64}$/);
  assert.ok(solution.about.link.includes("#v=1"), solution.about.link);
  for (const name of ["humor", "helpful", "harmless"]) {
    const value = solution.values.find((value) => value.name === name);
    assert.ok(Math.abs(value.lambda - (await strip(page, name).lambdaPerUnit())) < 0.006 * Math.max(1, value.lambda), name);
    assert.ok(Math.abs(value.lambda * value.sd - (await strip(page, name).lambda())) < 0.006 * Math.max(1, value.lambda), name);
    assert.ok(Math.abs(value.realised - (await strip(page, name).realised())) < 0.0051);
  }
  await button("Copy as “palette solve …”").click();
  await eventually(async () => assert.match(await said.innerText(), /^Copied/));
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, solution.about.command);
  assert.match(copied, /^palette solve Everyday-questions\.json --per-prompt -t 'humor>=q70'/);
  const table = await saved(page, button("Its table as JSON"));
  assert.equal(table.name, "Everyday-questions.json");
  const binary = command();
  if (!binary) return t.diagnostic("no native command was built: the copied line is not run");
  const there = await folder(t);
  await writeFile(join(there, table.name), table.text);
  const line = `${copied.replace(/^palette/, '"$PALETTE"')} --json`;
  const again = JSON.parse(execFileSync("sh", ["-c", line], { cwd: there, env: { ...process.env, PALETTE: binary }, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  for (const [i, value] of again.values.entries()) assert.equal(value.lambda, solution.values[i].lambda, value.name);
  assert.equal(execFileSync("sha256sum", [table.name], { cwd: there, encoding: "utf8" }).split(" ")[0], solution.about.set.sha256);
});

test("weights are probabilities, and realise what the page says", async (t) => {
  const page = await start(t);
  const { button } = await takeAway(page);
  const { text } = await saved(page, button("Weights as CSV"));
  const rows = records(text);
  const { answers } = await builtInSet();
  assert.equal(rows.length, answers.length);
  const sum = (of) => rows.reduce((total, row) => total + of(row), 0);
  for (const column of ["base_pooled", "weight_pooled"]) assert.ok(Math.abs(sum((row) => Number(row[column])) - 1) < 1e-9, column);
  const prompts = new Map();
  for (const row of rows) prompts.set(row.prompt, (prompts.get(row.prompt) ?? 0) + Number(row.weight_per_prompt));
  for (const [prompt, total] of prompts) assert.ok(Math.abs(total - 1) < 1e-9, prompt);
  const realised = sum((row) => (Number(row.weight_per_prompt) * Number(row.humor)) / prompts.size);
  assert.ok(Math.abs(realised - (await strip(page, "humor").realised())) < 0.0051, realised);
});

test("reward definitions are Python that gives the palette's own distribution", async (t) => {
  const page = await start(t);
  const { button } = await takeAway(page);
  const there = await folder(t);
  await writeFile(join(there, "weights.csv"), (await saved(page, button("Weights as CSV"))).text);
  for (const [name, file] of [["TRL", "trl_reward.py"], ["OpenRLHF", "open_rlhf_reward.py"], ["verl", "verl_reward.py"]]) {
    const { name: suggested, text } = await saved(page, button(name));
    assert.match(suggested, new RegExp(`reward-${name}\\.py$`));
    await writeFile(join(there, file), text);
  }
  // What the frameworks are given, in place of the frameworks.
  await writeFile(join(there, "trl.py"), "class Config:\n    def __init__(self, **more):\n        self.__dict__.update(more)\n\nGRPOConfig = RLOOConfig = Config\n");
  await writeFile(join(there, "torch.py"), "def tensor(numbers):\n    return numbers\n");
  await writeFile(join(there, "my_rewards.py"), "TABLE = {}\n\ndef rewards(prompt, answer):\n    return TABLE[prompt, answer]\n");
  await writeFile(
    join(there, "check.py"),
    `import csv, math, my_rewards, open_rlhf_reward, trl_reward, verl_reward
rows = list(csv.DictReader(open("weights.csv", newline="")))
names = list(trl_reward.LAMBDA)
for row in rows:
    my_rewards.TABLE[row["prompt"], row["answer"]] = {name: float(row[name]) for name in names}

def worst(reward, beta):
    by_prompt = {}
    for row, r in zip(rows, reward):
        by_prompt.setdefault(row["prompt"], []).append((float(row["base_per_prompt"]) * math.exp(r / beta), float(row["weight_per_prompt"])))
    return max(abs(p / sum(q for q, _ in all) - w) for all in by_prompt.values() for p, w in all)

for config in (trl_reward.rloo_config(), trl_reward.grpo_config(num_generations=16)):
    beta = config.beta if hasattr(config, "normalize_advantages") else config.beta / (1 - 1 / config.num_generations)
    r = [sum(w * float(row[name]) for name, w in zip(trl_reward.REWARD_NAMES, config.reward_weights)) for row in rows]
    assert worst(r, beta) < 1e-9, worst(r, beta)
assert config.scale_rewards is False
prompts, answers = [row["prompt"] for row in rows], [row["answer"] for row in rows]
r = open_rlhf_reward.reward_func([p + a for p, a in zip(prompts, answers)], prompts, [""] * len(rows))["rewards"]
assert worst(r, open_rlhf_reward.BETA) < 1e-9
r = [verl_reward.compute_score("", a, "", {"prompt": p}) for p, a in zip(prompts, answers)]
assert worst(r, verl_reward.BETA) < 1e-9
print("same")
`,
  );
  const python = spawnSync("python3", ["check.py"], { cwd: there, encoding: "utf8" });
  if (python.error?.code === "ENOENT") return t.diagnostic("no python3 here");
  assert.equal(python.stdout.trim(), "same", python.stderr);
});

test("a palette out of reach leaves with its proof, and no reward hides that it is scaled back", async (t) => {
  const page = await start(t, { fragment: OUT_OF_REACH });
  await verdictBecomes(page, VERDICTS.unreachable);
  const { region, button } = await takeAway(page);
  assert.match(await region.innerText(), /no finite λ/);
  const solution = JSON.parse((await saved(page, button("Solution as JSON"))).text);
  assert.equal(solution.verdict, "unreachable");
  const { answers } = await builtInSet();
  const direction = Object.entries(solution.certificate.direction);
  const names = solution.values.map((value) => value.name);
  // The check that anybody can make: even the best answer to every prompt gives less than is asked.
  const best = new Map();
  for (const answer of answers) {
    const along = direction.reduce((total, [name, d]) => total + d * answer.rewards[names.indexOf(name)], 0);
    best.set(answer.prompt, Math.max(best.get(answer.prompt) ?? -Infinity, along));
  }
  const most = [...best.values()].reduce((a, b) => a + b) / best.size;
  const asked = direction.reduce((total, [name, d]) => total + d * (solution.values.find((value) => value.name === name).target ?? 0), 0);
  assert.ok(asked - most > 0 && Math.abs(asked - most - solution.certificate.margin) < 1e-9, `${asked} against ${most}`);
  assert.equal(solution.nearest.possible, true);
  assert.match((await saved(page, button("TRL"))).text, /# ATTENTION: the palette is out of reach/);
  assert.match((await saved(page, button("Weights as CSV"))).text.split("\n")[0], /weight_per_prompt scaled back to/);
  const report = await saved(page, button("Report (HTML)"));
  assert.match(report.text, /<h1>Out of reach<\/h1>/);
  assert.match(report.text, /Farkas/);
  assert.match(report.text, /The nearest palette within reach/);
});

test("the report stands alone: no script, nothing fetched, accessible, on A4", async (t) => {
  const page = await start(t, { theme: "dark" });
  const { button } = await takeAway(page);
  const { name, text } = await saved(page, button("Report (HTML)"));
  assert.equal(name, "Everyday-questions-report.html");
  const there = await folder(t);
  const file = join(there, name);
  await writeFile(file, text);
  const context = await (await browser()).newContext({ javaScriptEnabled: true });
  t.after(() => context.close());
  const report = await context.newPage();
  const asked = [];
  report.on("request", (request) => asked.push(request.url()));
  await report.goto(`file://${file}`);
  assert.deepEqual(asked.filter((url) => !url.startsWith("file://")), []);
  assert.equal(await report.locator("script").count(), 0);
  await report.getByRole("heading", { level: 1, name: "Reachable" }).waitFor();
  const row = report.getByRole("row", { name: /^humor/ });
  const lambda = (await strip(page, "humor").lambda()).toFixed(2);
  assert.ok((await row.innerText()).includes(lambda), `${lambda} in ${await row.innerText()}`);
  assert.equal(await report.getByRole("img").count(), 2);
  await report.getByRole("link", { name: /#v=1/ }).waitFor();
  assert.deepEqual(await violations(report), []);
  const pdf = await report.pdf({ format: "A4" });
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  assert.ok(pdf.length > 20_000, `${pdf.length} bytes`);
  // On a phone nothing is wider than the page.
  await report.setViewportSize({ width: 390, height: 800 });
  assert.ok(await report.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
});

test("charts leave as SVG with their texts, and as PNG with three pixels for one", async (t) => {
  const page = await start(t);
  const { button } = await takeAway(page);
  const strips = await parsedAsXml(page, (await saved(page, button("Strips as SVG"))).text);
  assert.ok(strips.texts.includes("humor") && strips.texts.some((text) => /asked ≥ .*realised/.test(text)), strips.texts.join("|"));
  assert.equal(strips.scripts, 0);
  const size = async (file) => {
    const png = await readFile(file.path);
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    return [png.readUInt32BE(16), png.readUInt32BE(20)];
  };
  assert.equal((await size(await saved(page, button("Strips as PNG"))))[0], 3 * 640);

  const plane = page.getByRole("region", { name: "Two values at once" });
  await eventually(async () => assert.match(await plane.innerText(), /both levels together cost .* nats/));
  const svg = await saved(page, plane.getByRole("button", { name: /^Save picture as SVG/ }));
  assert.match(svg.name, /at-once\.svg$/);
  const drawn = await parsedAsXml(page, svg.text);
  assert.ok(drawn.texts.some((text) => /\(across\) and .* \(up\)$/.test(text)), "it says what lies across and up");
  assert.ok(drawn.texts.includes("base") && drawn.texts.includes("aligned"), drawn.texts.join("|"));
  assert.ok(drawn.texts.some((text) => / nats$/.test(text)), "lines of equal price are labelled");
  assert.match(drawn.words, /can go up to/);
  const lines = records((await saved(page, plane.getByRole("button", { name: "Lines as CSV", exact: true }))).text);
  assert.deepEqual([...new Set(lines.map((row) => row.line))], ["frontier", "outline", "price"]);
  const [wide] = await size(await saved(page, plane.getByRole("button", { name: /^Save picture as PNG/ })));
  const box = await plane.locator("canvas").boundingBox();
  assert.equal(wide, 3 * Math.floor(box.width));
  await noAlert(page);
  assert.deepEqual(page.problems, []);
});

test("the price of one target: sentence, table and CSV agree, and λ is its slope", async (t) => {
  const page = await start(t);
  const closer = page.getByRole("region", { name: "Look closer" });
  await closer.getByRole("button", { name: "Price of one target", exact: true }).click();
  const select = closer.getByRole("combobox", { name: "Target whose price is told" });
  await select.waitFor();
  await select.selectOption({ label: "humor" });
  await eventually(async () => assert.match(await closer.innerText(), /With nothing asked of humor/));
  const rows = records((await saved(page, closer.getByRole("button", { name: "Price as CSV", exact: true }))).text);
  assert.ok(rows.length > 12 && rows.every((row) => row.name === "humor"));
  const points = rows.map((row) => ({ level: Number(row.level), kl: Number(row.kl_nats), lambda: Number(row.lambda) }));
  for (const [a, b] of points.slice(1).map((b, i) => [points[i], b])) {
    assert.ok(b.kl >= a.kl - 1e-9 && b.lambda >= a.lambda - 1e-7 && b.level > a.level);
    const slope = (b.kl - a.kl) / (b.level - a.level);
    assert.ok(slope >= a.lambda - 1e-6 && slope <= b.lambda + 1e-6, "λ is the price of one unit more");
  }
  const lambda = await strip(page, "humor").lambdaPerUnit();
  const asked = points.find((point) => Math.abs(point.lambda - lambda) < 0.0051);
  assert.ok(asked, "the level asked is among them");
  const price = parseNumber(await page.getByRole("region", { name: "Verdict" }).getByText(/nats$/).first().innerText());
  assert.ok(Math.abs(asked.kl - price) < 0.0051, `${asked.kl} beside ${price}`);
  const svg = await saved(page, closer.getByRole("button", { name: "Save picture as SVG: price of humor by its level" }));
  assert.ok((await parsedAsXml(page, svg.text)).texts.includes("nats"));
  assert.deepEqual(page.problems, []);
});

test("presets set the palette, undo and redo walk through them, and the title tells", async (t) => {
  const page = await start(t, { fragment: "v=1" });
  const menu = page.getByRole("combobox", { name: "Preset", exact: true });
  const undo = page.getByRole("button", { name: "Undo", exact: true });
  const redo = page.getByRole("button", { name: "Redo", exact: true });
  const target = (name) => strip(page, name).slider.getAttribute("aria-valuetext");
  assert.ok(await redo.isDisabled());
  await menu.selectOption({ label: "HHH-50" });
  for (const name of ["humor", "helpful", "harmless"]) assert.match(await target(name), /the 50% quantile/);
  assert.match(await target("fluent"), /maintain/);
  await menu.selectOption({ label: "HHH-80" });
  assert.match(await target("humor"), /the 80% quantile/);
  await verdictBecomes(page, VERDICTS.unreachable);
  await eventually(async () => assert.equal(await page.title(), "Out of reach – Compose – MAP Palette"));
  await undo.click();
  assert.match(await target("humor"), /the 50% quantile/);
  await page.keyboard.press("Control+y");
  assert.match(await target("humor"), /the 80% quantile/);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+Shift+z");
  assert.match(await target("humor"), /the 80% quantile/);
  await undo.click();
  await redo.click();
  assert.match(await target("humor"), /the 80% quantile/);
  await undo.click();
  await setTarget(page, "humor", "off");
  assert.ok(await redo.isDisabled(), "a change leads elsewhere");
  await goTo(page, "Data");
  await eventually(async () => assert.equal(await page.title(), "Data – MAP Palette"));
  await openTable(page, "mine.csv", "prompt,answer,reward_a,reward_b,humor\np,x,1,2,3\np,y,2,1,5\np,z,3,3,1\n");
  await goTo(page, "Compose");
  const options = await menu.locator("option").evaluateAll((all) => all.map((option) => [option.textContent, option.disabled]));
  const hhh = options.find(([text]) => text.startsWith("HHH-80"));
  assert.ok(hhh[1] && /no value called helpful and harmless/.test(hhh[0]), hhh[0]);
  assert.ok(options.some(([text, disabled]) => text === "Funnier" && !disabled));
  const labels = await page.getByRole("listitem").filter({ has: page.getByRole("slider", { name: / target$/ }) }).locator("i").evaluateAll((all) => all.map((badge) => badge.textContent.trim()).filter(Boolean));
  assert.deepEqual(labels, ["Ra", "Rb", "Hu"]);
  assert.deepEqual(page.problems, []);
});

test("what is taken away is reached by the keyboard, and has no flaw that axe knows", async (t) => {
  const page = await start(t, { size: "phone" });
  const open = page.getByRole("region", { name: "Take away" }).getByRole("button", { name: "Take away", exact: true });
  await open.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Report (HTML)");
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  assert.match(download.suggestedFilename(), /report\.html$/);
  assert.deepEqual(await violations(page), []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the phone");
});
