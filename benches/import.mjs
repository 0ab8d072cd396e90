// From a dropped table to the first verdict on the page, in built pages side by side.
//   node benches/import.mjs [DIST...] [--rows 100000] [--rounds 5]       each DIST a folder with a built page
// Makes a table of prompts, answers and seven values, drops it on each page in turn, and says the median of the seconds until its verdict is shown.
// A page that shows a preview first is told at once to go on; the way there and the way on are both counted.
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { startServer } from "../scripts/server.mjs";
import { FLAGS, median } from "./support/tab.mjs";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { rows: { type: "string", default: "100000" }, rounds: { type: "string", default: "5" } } });
const [rows, rounds] = [Number(values.rows), Number(values.rounds)];
const folders = positionals.length ? positionals : ["dist"];

/** Eight answers to each prompt; values that share a part. */
function table() {
  const names = ["humor", "helpful", "harmless", "polite", "concise", "formal", "warm"];
  let state = 12345;
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648 - 0.5;
  const lines = [["prompt", "answer", ...names].join(",")];
  for (let j = 0; j < rows; j++) {
    const shared = random();
    const rewards = names.map((_, i) => ((i % 3) * 0.3 * shared + random()).toFixed(5));
    lines.push([`What should be said about subject ${j >> 3}?`, `This is answer ${j % 8} to that and it says as much as a short answer does.`, ...rewards].join(","));
  }
  return lines.join("\n");
}

/** Runs in the page: drops the table; the milliseconds until its verdict is there. */
async function drop(text) {
  const files = new DataTransfer();
  files.items.add(new File([text], "bench.csv"));
  const start = performance.now();
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
  const isShown = () => {
    const verdict = document.querySelector("[role=region][aria-label=Verdict]");
    const solved = verdict?.getAttribute("aria-busy") === "false" && /Reachable|On the edge|Out of reach/.test(verdict.textContent);
    return solved && /Composing on ["“]bench\.csv["”] now\./.test(document.body.textContent);
  };
  const isPreviewed = () => [...document.querySelectorAll("button:enabled")].find((button) => button.textContent === "Compose with this table");
  while (!isShown() && !isPreviewed()) await new Promise((done) => requestAnimationFrame(done));
  isPreviewed()?.click();
  while (!isShown()) await new Promise((done) => requestAnimationFrame(done));
  return performance.now() - start;
}

const text = table();
const browser = await chromium.launch({ executablePath: process.env.MAP_PALETTE_CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
const pages = await Promise.all(folders.map(async (folder) => ({ folder, server: await startServer({ dir: folder }), seconds: [] })));
for (let round = 0; round < rounds; round++) {
  for (const { server, seconds } of pages) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(server.url);
    // The worker is there, and has solved the built-in set.
    await page.getByRole("region", { name: "Verdict" }).getByText(/^(Reachable|On the edge|Out of reach)$/).waitFor();
    seconds.push((await page.evaluate(drop, text)) / 1000);
    await context.close();
  }
}
const shown = (seconds) => seconds.toFixed(2);
for (const { folder, seconds } of pages) console.log(`${folder}: ${shown(median(seconds))} s to the verdict on ${rows} rows (${seconds.map(shown).join(", ")})`);
await browser.close();
await Promise.all(pages.map(({ server }) => server.close()));
