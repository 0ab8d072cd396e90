// The numerical core in Chromium (in a worker) and natively, side by side in one run.
//   benches/solver TABLE.csv          builds what it needs and runs this
// Arguments: WASM (core-bench by wasm-bindgen, target web), NATIVE (the program core-bench), TABLE
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { median, openTab } from "./support/tab.mjs";

const [wasm, native, table] = process.argv.slice(2);
const cases = [["table", 0, 0, 40], ["1e3", 1_000, 0, 100], ["1e4", 10_000, 0, 10], ["1e5", 100_000, 0, 4], ["1e6", 1_000_000, 0, 1], ["1e5 in groups of 16", 100_000, 16, 1]];
const kinds = ["solve_cold", "answer_cold", "answer_warm", "stops_cold"];
const rounds = 5;

const worker = `
  import init, { Bench } from "/core_bench.js";
  await init();
  const csv = await (await fetch("/table")).text();
  let bench = null;
  onmessage = ({ data: [task, ...rest] }) => {
    if (task === "make") { bench?.free(); bench = new Bench(csv, ...rest); return postMessage(0); }
    // The clock ticks coarsely: enough calls to fill many ticks. Each call's own time, then the median.
    const [repeats] = rest;
    const times = [];
    for (let k = 0; k < 9; k++) {
      const start = performance.now();
      bench[task](repeats);
      times.push((performance.now() - start) / repeats);
    }
    postMessage(times.sort((a, b) => a - b)[4]);
  };
  postMessage("ready");`;
const { tab, version, close } = await openTab((path) =>
  path === "/worker.js" ? { body: worker, type: ".js" } : path === "/table" ? table : join(wasm, path.slice(1)),
);
await tab.evaluate(async () => {
  const worker = new Worker("/worker.js", { type: "module" });
  const next = () => new Promise((done, failed) => { worker.onmessage = (e) => done(e.data); worker.onerror = (e) => failed(new Error(e.message)); });
  await next();
  globalThis.ask = (...message) => { const reply = next(); worker.postMessage(message); return reply; };
});

console.log(`milliseconds, medians of ${rounds} alternating rounds; Chromium ${version}`);
console.log("rows".padEnd(22), ...kinds.map((k) => `${k} (native, ratio)`.padEnd(36)));
const fits = {};
for (const [name, rows, group, repeats] of cases) {
  const times = Object.fromEntries(kinds.map((k) => [k, { page: [], native: [] }]));
  await tab.evaluate(([rows, group]) => ask("make", rows, group), [rows, group]);
  for (let round = 0; round < rounds; round++) {
    const own = JSON.parse(execFileSync(native, [table, name], { encoding: "utf8" }))[name];
    for (const kind of kinds) {
      times[kind].page.push(await tab.evaluate(([kind, repeats]) => ask(kind, repeats), [kind, repeats]));
      times[kind].native.push(own[kind]);
    }
  }
  const cells = kinds.map((kind) => {
    const [page, own] = [median(times[kind].page), median(times[kind].native)];
    if (!group && rows) (fits[kind] ??= []).push([Math.log(rows), Math.log(page)]);
    return `${page.toFixed(3)} (${own.toFixed(3)}, ${(page / own).toFixed(2)})`.padEnd(36);
  });
  console.log(name.padEnd(22), ...cells);
}
for (const kind of kinds) {
  const points = fits[kind];
  const mean = (k) => points.reduce((s, p) => s + p[k], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const slope = points.reduce((s, p) => s + (p[0] - x) * (p[1] - y), 0) / points.reduce((s, p) => s + (p[0] - x) ** 2, 0);
  console.log(`${kind}: time grows with rows to the power ${slope.toFixed(3)} in the page`);
}
await close();
