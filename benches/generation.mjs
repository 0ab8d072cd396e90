// Tokens a second in Chromium: the page's own worker beside stock candle's quantised llama, one worker each, alternating in one run.
//   benches/generation          builds what it needs (once) and runs this
// Arguments: DIST (the built page), STOCK (stock candle by wasm-bindgen, target web), Q8 (the Q8_0 file), TOKENS (a JSON list: the prompt's ids)
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { chromium } from "playwright-core";

const [dist, stock, q8] = process.argv.slice(2);
const rounds = 3;
const types = { ".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html", ".json": "application/json" };

const page = await readFile(join(dist, "index.html"), "utf8");
const loader = /name="?map-palette-worker"? content="?([^"\s>]+)/.exec(page)[1];
const manifest = JSON.parse(await readFile(join(dist, "weights/manifest.json"), "utf8"));
const file = await readFile(q8);
const sha256 = createHash("sha256").update(file).digest("hex");
// The same Q8_0 file as the only shard of the language model.
const q8Manifest = structuredClone(manifest);
q8Manifest.models.find((m) => m.id === "language-model").shards = [{ file: basename(q8), bytes: file.length, sha256 }];

const stockWorker = `
  import init, { Stock } from "/stock/stock_candle.js";
  await init();
  const model = new Stock(new Uint8Array(await (await fetch("/q8")).arrayBuffer()));
  onmessage = ({ data }) => {
    model.prompt(Uint32Array.from(data.prompt));
    const start = performance.now();
    for (let i = 0; i < data.tokens; i++) model.step();
    postMessage(data.tokens / (performance.now() - start) * 1000);
  };
  postMessage("ready");`;

const server = createServer(async (request, response) => {
  const path = new URL(request.url, "http://x").pathname;
  const send = (body, type) => { response.writeHead(200, { "content-type": type }); response.end(body); };
  try {
    if (path === "/") return send("<!doctype html><title>bench</title>", "text/html");
    if (path === "/q8" || path === `/q8/weights/${basename(q8)}`) return send(file, "application/octet-stream");
    if (path === "/stock-worker.js") return send(stockWorker, "text/javascript");
    if (path === "/q8/weights/manifest.json") return send(JSON.stringify(q8Manifest), "application/json");
    const from = path.startsWith("/stock/") ? join(stock, path.slice(7)) : join(dist, path.replace(/^\/q[48]\//, "/"));
    return send(await readFile(from), types[extname(from)] ?? "application/octet-stream");
  } catch { response.writeHead(404); response.end(); }
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const address = `http://127.0.0.1:${server.address().port}/`;

const browser = await chromium.launch({ executablePath: process.env.MAP_PALETTE_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
const tab = await (await browser.newContext()).newPage();
await tab.goto(address);

/** Starts a worker of each kind, and gives functions that measure tokens a second. */
await tab.evaluate(async ({ loader }) => {
  const first = (worker) => new Promise((done, failed) => { worker.onmessage = (e) => done(e.data); worker.onerror = (e) => failed(new Error(e.message)); });
  let id = 0;
  const ours = async (folder) => {
    const worker = new Worker(new URL(loader, `${location.href}${folder}/`), { type: "module", name: `${location.href}${folder}/` });
    await first(worker);
    return (answers, tokens) => new Promise((done, failed) => {
      const mine = ++id;
      let rate = 0;
      worker.onmessage = ({ data: { reply } }) => {
        const kind = typeof reply === "string" ? reply : Object.keys(reply)[0];
        if (kind === "Generating" && !reply.Generating.scoring) rate = reply.Generating.tokens_per_second;
        if (kind === "Generated") done(rate);
        if (kind === "Failed") failed(new Error(reply.Failed.message));
      };
      const sampling = { answers, max_tokens: tokens, temperature: 1, top_k: 50, top_p: 1, seed: mine };
      worker.postMessage({ id: mine, request: { Generate: { prompts: ["Explain how a bicycle stays upright."], sampling } } });
    });
  };
  window.q4 = await ours("q4");
  window.q8 = await ours("q8");
  const stock = new Worker("/stock-worker.js", { type: "module" });
  await first(stock);
  window.stock = (prompt, tokens) => { const answer = first(stock); stock.postMessage({ prompt, tokens }); return answer; };
  // Loads the models.
  await window.q4(1, 2);
  await window.q8(1, 2);
}, { loader });

const prompt = Array.from({ length: 45 }, (_, i) => 500 + 7 * i);
const kinds = {
  "stock candle, Q8_0, one stream": () => tab.evaluate((p) => window.stock(p, 48), prompt),
  "ours, Q8_0, one stream": () => tab.evaluate(() => window.q8(1, 48)),
  "ours, Q8_0, k = 16": () => tab.evaluate(() => window.q8(16, 48)),
  "ours, Q4_1, one stream": () => tab.evaluate(() => window.q4(1, 48)),
  "ours, Q4_1, k = 16": () => tab.evaluate(() => window.q4(16, 48)),
};
const results = Object.fromEntries(Object.keys(kinds).map((k) => [k, []]));
for (let round = 0; round < rounds; round++) for (const [kind, run] of Object.entries(kinds)) results[kind].push(await run());
const median = (x) => x.toSorted((a, b) => a - b)[Math.floor(x.length / 2)];
const base = median(results["stock candle, Q8_0, one stream"]);
for (const [kind, rates] of Object.entries(results)) console.log(`${kind.padEnd(34)} ${median(rates).toFixed(1).padStart(7)} token/s  ${(median(rates) / base).toFixed(2)} ×   (${rates.map((r) => r.toFixed(1)).join(", ")})`);
await browser.close();
server.close();
