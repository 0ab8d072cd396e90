// How long a first visit waits on a phone: from navigation to the first strip, and to the verdict. Nothing is cached, the processor is
// slowed four times, and the line is that of a mobile network (benches/support/slow-link.mjs).
//   node benches/first-load.mjs [--rounds 5] [--dist dist] [--check]     needs a built page (scripts/build)
// Prints medians. With --check it ends with status 1 where a median on the 4G line is above its limit.
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { startServer } from "../scripts/server.mjs";
import { slowLink } from "./support/slow-link.mjs";
import { FLAGS, median } from "./support/tab.mjs";

const LINES = [
  { name: "4G (9 Mbit/s, 60 ms)", megabits: 9, roundTrip: 60, limits: { strip: 4000, verdict: 5000 } },
  { name: "slow 4G (1.6 Mbit/s, 150 ms)", megabits: 1.6, roundTrip: 150 },
];
const SLOWER = 4;
const PHONE = { width: 390, height: 844 };

/** Runs in the page: notes when something has been painted. Times are milliseconds since navigation. */
function watch() {
  globalThis.seen = {};
  const wanted = {
    strip: () => document.querySelector(".strips li canvas")?.getBoundingClientRect().height > 0,
    verdict: () => document.querySelector(".verdict-card .verdict:is(.yes, .edge, .no)"),
  };
  const look = () => {
    for (const [name, isThere] of Object.entries(wanted)) {
      if (name in seen || !isThere()) continue;
      seen[name] = 0;
      // Painted once the next frame begins.
      requestAnimationFrame(() => (seen[name] = performance.now()));
    }
    if (Object.keys(seen).length < 2) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function visit(browser, server, line) {
  const link = await slowLink(Number(new URL(server.url).port), line);
  const context = await browser.newContext({ viewport: PHONE, isMobile: true, hasTouch: true });
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    await page.addInitScript(watch);
    await page.goto(`http://localhost:${link.port}/`, { waitUntil: "commit", timeout: 120_000 });
    await page.waitForFunction(() => seen.strip && seen.verdict, null, { timeout: 120_000, polling: 100 });
    const times = await page.evaluate(() => seen);
    return { ...times, kilobytes: link.received() / 1000 };
  } finally {
    await context.close();
    link.close();
  }
}

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" }, dist: { type: "string", default: "dist" }, check: { type: "boolean" } } });
const server = await startServer({ dir: values.dist });
const browser = await chromium.launch({ executablePath: process.env.MAP_PALETTE_CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
let late = false;
for (const line of LINES) {
  const visits = [];
  for (let round = 0; round < Number(values.rounds); round++) visits.push(await visit(browser, server, line));
  const middle = (what) => median(visits.map((visit) => visit[what]));
  const said = (what) => `${what} after ${(middle(what) / 1000).toFixed(1)} s (${visits.map((visit) => (visit[what] / 1000).toFixed(1)).join(", ")})`;
  console.log(`${line.name}, processor ${SLOWER} × slower: ${said("strip")}; ${said("verdict")}; ${middle("kilobytes").toFixed(0)} kB until then`);
  for (const [what, limit] of Object.entries(line.limits ?? {})) {
    if (middle(what) <= limit) continue;
    late = true;
    console.log(`  too late: the ${what} may take ${limit / 1000} s on this line`);
  }
}
await browser.close();
await server.close();
if (values.check && late) process.exitCode = 1;
