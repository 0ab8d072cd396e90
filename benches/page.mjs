// A palette in the built page's own worker, as the page asks for it: the set is given once, then palettes follow, each a small move of one target.
//   node benches/page.mjs TABLE.csv [ROWS]       needs a built page (scripts/build)
// Says the time from question to answer, with verdict, λ, intervals and all end stops.
import { join } from "node:path";
import { openTab, workerLoader } from "./support/tab.mjs";

const [table, rowsText] = process.argv.slice(2);
const loader = await workerLoader("dist");
const { tab, close } = await openTab((path) => (path === "/table.csv" ? table : join("dist", path)));
const found = await tab.evaluate(async ({ loader, rows }) => {
  const lines = (await (await fetch("/table.csv")).text()).trim().split("\n");
  const names = lines[0].split(",");
  const source = lines.slice(1).map((line) => line.split(",").map(Number));
  let state = 12345;
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  const drawn = (k) => rows ? source[Math.floor(random() * source.length)].map((x) => x + 0.05 * (random() - 0.5)) : source[k];
  const text = [names, ...Array.from({ length: rows || source.length }, (_, k) => drawn(k))].map((line) => line.join(",")).join("\n");
  const { startWorker } = await import("/support/page-worker.mjs");
  const ask = await startWorker(loader, "/");
  const read = async () => {
    await ask({ Import: { name: "bench.csv", file: new File([text], "bench.csv"), roles: [], chosen: [] } });
    return (await ask({ Take: { set_id: 1 } })).key;
  };
  let on = await read();
  const quantile = rows ? 0.7 : 0.8;
  const palette = (shift) => ({ targets: Object.fromEntries(names.map((name, i) => [name, { AtLeast: i < 3 ? { Quantile: quantile - (i ? 0 : shift) } : "Maintain" }])), on_groups: [] });
  const times = { cold: [], "after a small move": [] };
  const solve = async (kind, shift) => {
    const start = performance.now();
    const { Held } = await ask({ Solve: { on, question: { palette: palette(shift), pooling: "Pooled" } } });
    times[kind].push(performance.now() - start);
    return Held.reply;
  };
  let last;
  for (let round = 0; round < 9; round++) {
    // A set read anew forgets what earlier palettes found.
    on = await read();
    await solve("cold", 0);
    for (let k = 1; k <= 6; k++) last = await solve("after a small move", 0.002 * k);
  }
  const median = (x) => [...x].sort((a, b) => a - b)[x.length >> 1];
  return Object.keys(times).map((kind) => ({ kind, answered: median(times[kind]), verdict: last.report.verdict }));
}, { loader, rows: Number(rowsText ?? 0) });
for (const { kind, answered, verdict } of found) {
  console.log(`${rowsText ?? "table"} rows, ${kind}: ${answered.toFixed(2)} ms from question to answer (${verdict})`);
}
await close();
