// How long the page stands still while a large table is opened, composed on, kept, and had back: its long tasks, as Chromium counts them.
//   node benches/pauses.mjs [DIST] [--rows 100000] [--values 7] [--rounds 3]
// While the table is read, a slider moves. Says for each step the longest task, those over 200 ms, and all of them together, as medians.
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { startServer } from "../scripts/server.mjs";
import { FLAGS, median } from "./support/tab.mjs";

const options = { rows: { type: "string", default: "100000" }, values: { type: "string", default: "7" }, rounds: { type: "string", default: "3" } };
const { values: asked, positionals } = parseArgs({ allowPositionals: true, options });
const [rows, values, rounds] = [asked.rows, asked.values, asked.rounds].map(Number);

/** Runs in the page: makes a table, four answers to each prompt. */
function makeTable([rows, values]) {
  let state = 12345;
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  const parts = [`prompt,answer,${Array.from({ length: values }, (_, i) => `v${i}`).join(",")}\n`];
  let part = "";
  for (let j = 0; j < rows; j++) {
    const rewards = Array.from({ length: values }, () => (random() + random() + random() - 1.5).toFixed(4));
    part += `"Question ${j >> 2}?","Answer number ${j}, a sentence of middling length.",${rewards.join(",")}\n`;
    if (part.length > 1e6) part = (parts.push(part), "");
  }
  window.table = new File([...parts, part], "large.csv");
}

/** Runs in the page: drops it. */
function drop() {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(window.table);
  for (const type of ["dragenter", "dragover", "drop"]) document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
}

const isSolved = () => {
  const verdict = document.querySelector("[role=region][aria-label=Verdict]");
  return document.querySelector("[aria-label='v0 target']") && verdict?.getAttribute("aria-busy") === "false" && /Reachable|On the edge|Out of reach/.test(verdict.textContent);
};

async function round(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(180_000);
  await context.addInitScript(() => {
    window.pauses = [];
    new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => window.pauses.push(duration))).observe({ type: "longtask", buffered: true });
  });
  const page = await context.newPage();
  const found = {};
  const step = async (name, does) => {
    await page.evaluate(() => { window.pauses.length = 0; }).catch(() => {});
    await does();
    await page.waitForTimeout(300);
    found[name] = await page.evaluate(() => window.pauses);
  };
  const press = async (until) => {
    await page.getByRole("slider", { name: /target$/ }).first().focus();
    for (let i = 0; !(await until(i)); i++) {
      await page.keyboard.press("ArrowRight");
      await page.waitForTimeout(120);
    }
  };
  await page.goto(url);
  await page.getByRole("region", { name: "Verdict" }).getByText(/^(Reachable|On the edge|Out of reach)$/).waitFor();
  await page.evaluate(makeTable, [rows, values]);
  await page.waitForTimeout(1000);
  const view = (name) => page.getByRole("navigation").getByRole("link", { name }).click();
  await step("reading, while a slider moves", async () => {
    await page.evaluate(drop);
    await view("Compose");
    await press(() => page.getByText("is read. Look at it in Data.").isVisible());
  });
  await view("Data");
  await step("from “Compose” to the verdict", async () => {
    await page.getByRole("button", { name: "Compose with this table" }).click();
    await page.waitForFunction(isSolved);
  });
  await step("keeping it: five seconds of rest", () => page.waitForTimeout(5000));
  await step("twenty presses of a slider", () => press((i) => i >= 20));
  await page.waitForTimeout(500);
  await step("a reload, to the verdict", async () => {
    await page.reload();
    await page.waitForFunction(isSolved);
  });
  await context.close();
  return found;
}

const server = await startServer({ dir: positionals[0] ?? "dist" });
const browser = await chromium.launch({ executablePath: process.env.MAP_PALETTE_CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
const all = [];
for (let i = 0; i < rounds; i++) all.push(await round(browser, server.url));
await browser.close();
await server.close();
console.log(`${rows} rows of ${values} values, ${rounds} rounds; milliseconds`);
for (const name of Object.keys(all[0])) {
  const middle = (of) => Math.round(median(all.map((found) => of(found[name]))));
  const [longest, over, sum] = [(p) => Math.max(0, ...p), (p) => p.filter((d) => d > 200).length, (p) => p.reduce((a, b) => a + b, 0)].map(middle);
  console.log(`${name}: longest ${longest}, over 200: ${over}, all together ${sum}`);
}
