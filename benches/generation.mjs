// The models in Chromium, all in one run: the page's own workers beside stock candle and beside wllama (llama.cpp), one worker and one thread each unless
// said otherwise, alternating.
//   benches/generation          builds what it needs (once) and runs this
// Arguments: DIST (the built page), OUT (where benches/generation laid the other parts and their files)
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { median, openTab, workerLoader } from "./support/tab.mjs";

const [dist, out] = process.argv.slice(2);
const rounds = Number(process.env.ROUNDS ?? 5);
const loader = await workerLoader(dist);
const manifest = JSON.parse(await readFile(join(dist, "weights/manifest.json"), "utf8"));
const q8 = await readFile(join(out, "q8.gguf"));
// The same Q8_0 file as the only shard of the language model.
const q8Manifest = structuredClone(manifest);
q8Manifest.models.find((m) => m.id === "language-model").shards = [{ file: "q8.gguf", bytes: q8.length, sha256: createHash("sha256").update(q8).digest("hex") }];
const encoder = manifest.models.find((m) => m.id === "encoder").shards[0].file;

const worker = (body) => `${body}\npostMessage("ready");`;
const workers = {
  // One stream, one token a step; the first answer is the rate of drawing alone, the second with the reading of the prompt.
  stock: worker(`
    import init, { Stock } from "/out/stock/stock_candle.js";
    await init();
    const model = new Stock(new Uint8Array(await (await fetch("/out/q8.gguf")).arrayBuffer()));
    onmessage = ({ data }) => {
      const start = performance.now();
      model.prompt(Uint32Array.from(data.prompt));
      const read = performance.now();
      for (let i = 0; i < data.tokens; i++) model.step();
      const end = performance.now();
      postMessage([data.tokens / (end - read) * 1000, data.tokens / (end - start) * 1000]);
    };`),
  stockBert: worker(`
    import init, { StockBert } from "/out/stock/stock_candle.js";
    await init();
    const model = new StockBert(new Uint8Array(await (await fetch("/out/model.safetensors")).arrayBuffer()), await (await fetch("/out/config.json")).text());
    onmessage = ({ data }) => {
      const start = performance.now();
      const embedding = model.embed(Uint32Array.from(data.ids), Uint32Array.from(data.mask), data.rows, data.length);
      postMessage([data.rows / (performance.now() - start) * 1000, embedding]);
    };`),
  ourEncoder: worker(`
    import init, { OurEncoder, Kernel } from "/out/kernel/kernel_bench.js";
    await init();
    const model = new OurEncoder(new Uint8Array(await (await fetch("/q4/weights/${encoder}")).arrayBuffer()));
    onmessage = ({ data }) => {
      if (data.kernel) {
        const { eight, outputs, inputs, rows } = data.kernel;
        const kernel = new Kernel(eight, outputs, inputs, rows);
        const times = Math.ceil(1e9 / (outputs * inputs * rows));
        kernel.run(times);
        const start = performance.now();
        kernel.run(times);
        postMessage(outputs * inputs * rows * times / (performance.now() - start) / 1e6);
        kernel.free();
      } else if (data.ids) postMessage(data.texts.map((text) => Array.from(model.ids(text))));
      else {
        const start = performance.now();
        const embedding = model.embed(data.texts.join("\\n"));
        postMessage([data.texts.length / (performance.now() - start) * 1000, embedding]);
      }
    };`),
};

const { tab, version, close } = await openTab((path) => {
  if (path.startsWith("/worker/")) return { body: workers[path.slice(8)], type: ".js" };
  if (path === "/q8/weights/q8.gguf") return { body: q8 };
  if (path === "/q8/weights/manifest.json") return { body: JSON.stringify(q8Manifest), type: ".json" };
  return path.startsWith("/out/") ? join(out, path.slice(5)) : join(dist, path.replace(/^\/q[48]\//, "/"));
});

await tab.evaluate(async ({ loader }) => {
  const { startModels } = await import("/support/page-worker.mjs");
  const first = (worker) => new Promise((done, failed) => { worker.onmessage = (e) => done(e.data); worker.onerror = (e) => failed(new Error(e.message)); });
  const ask = (worker, message) => { const answer = first(worker); worker.postMessage(message); return answer; };
  const start = async (name) => { const worker = new Worker(`/worker/${name}`, { type: "module" }); await first(worker); return (message) => ask(worker, message); };
  const ours = (folder) => startModels(loader, `/${folder}/`);
  window.q4 = await ours("q4");
  window.q8 = await ours("q8");
  window.second = await ours("q4");
  window.stock = await start("stock");
  window.stockBert = await start("stockBert");
  window.ourEncoder = await start("ourEncoder");
  const { Wllama } = await import("/out/wllama/esm/index.js");
  const q8 = await (await fetch("/out/q8.gguf")).blob();
  /** Rates of drawing alone (the same draw but for its first token taken off, the prompt known) and with the reading of a new prompt. */
  window.rates = async (model, answers, seed) => {
    await model.draw(1, 1, seed);
    const one = await model.draw(answers, 1, seed);
    const all = await model.draw(answers, 48, seed);
    const fresh = await model.draw(answers, 48, seed, `Explain in detail how a bicycle stays upright, with ${seed} examples.`);
    return [(all.tokens - one.tokens) / (all.drawing_seconds - one.drawing_seconds), fresh.tokens / fresh.drawing_seconds];
  };
  // Loaded for its own rounds only: while it is there its worker is not idle.
  window.wllamaRates = async (text) => {
    const wllama = new Wllama({ default: "/out/wllama/esm/wasm/wllama.wasm" }, { suppressNativeLog: true });
    await wllama.loadModel([q8], { n_gpu_layers: 0, n_threads: 1, n_ctx: 1024, log_level: 4 });
    const run = async (n) => { const start = performance.now(); const got = await wllama.createCompletion({ prompt: text, max_tokens: n, n_predict: n, temperature: 1, top_k: 50, ignore_eos: true, cache_prompt: false }); return [performance.now() - start, got.usage?.completion_tokens ?? n]; };
    const [short, few] = await run(1);
    const [long, many] = await run(49);
    await wllama.exit();
    return [(many - few) / (long - short) * 1000, many / long * 1000];
  };
}, { loader });

const prompt = Array.from({ length: 45 }, (_, i) => 500 + 7 * i);
const text = "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n<|im_start|>user\nExplain in detail how a bicycle stays upright.<|im_end|>\n<|im_start|>assistant\n";
const kinds = {
  "stock candle, Q8_0, one stream": () => tab.evaluate((p) => window.stock({ prompt: p, tokens: 48 }), prompt),
  "wllama 3.8.1, Q8_0, one stream": () => tab.evaluate((t) => window.wllamaRates(t), text),
  "ours, Q8_0, one stream": (seed) => tab.evaluate((seed) => window.rates(window.q8, 1, seed), seed),
  "ours, Q8_0, k = 16": (seed) => tab.evaluate((seed) => window.rates(window.q8, 16, seed), seed),
  "ours, Q4_1, one stream": (seed) => tab.evaluate((seed) => window.rates(window.q4, 1, seed), seed),
  "ours, Q4_1, k = 16": (seed) => tab.evaluate((seed) => window.rates(window.q4, 16, seed), seed),
};
const results = Object.fromEntries(Object.keys(kinds).map((k) => [k, []]));
for (let round = 0; round < rounds; round++) for (const [kind, run] of Object.entries(kinds)) results[kind].push(await run(100 + round));

console.log(`${cpus()[0].model}, ${cpus().length} processors, Chromium ${version}; medians of ${rounds} rounds\n`);
const base = [0, 1].map((i) => median(results["stock candle, Q8_0, one stream"].map((r) => r[i])));
console.log("tokens a second                      drawing alone      with reading the prompt");
for (const [kind, rates] of Object.entries(results)) {
  const [alone, all] = [0, 1].map((i) => median(rates.map((r) => r[i])));
  console.log(`${kind.padEnd(34)} ${alone.toFixed(1).padStart(7)}  ${(alone / base[0]).toFixed(2)} ×   ${all.toFixed(1).padStart(7)}  ${(all / base[1]).toFixed(2)} ×   (${rates.map((r) => r[0].toFixed(1)).join(", ")})`);
}

// Two workers beside one: the same four draws, taken from a queue.
const scaling = [];
for (let round = 0; round < rounds; round++) {
  scaling.push(await tab.evaluate(async (round) => {
    const run = async (models) => {
      const prompts = Array.from({ length: 4 }, (_, i) => `Tell me about the number ${round * 10 + i}.`);
      const start = performance.now();
      let tokens = 0;
      await Promise.all(models.map(async (model) => { for (let p; (p = prompts.pop()); ) {
          const drawn = await model.draw(16, 32, 1, p);
          tokens += drawn.tokens;
        } }));
      return tokens / (performance.now() - start) * 1000;
    };
    return [await run([window.q4]), await run([window.q4, window.second])];
  }, round));
}
console.log(`\ntwo workers beside one, drawing and scoring: ${median(scaling.map(([a, b]) => b / a)).toFixed(2)} ×   (${scaling.map((r) => r.map((x) => x.toFixed(0)).join(" → ")).join(", ")} token/s)`);

// The encoder, on 32 texts of 8 to 60 words; the embeddings agree.
const words = "the sea is wide and calm while a small boat drifts toward land with its crew asleep under the old sail".split(" ");
const texts = Array.from({ length: 32 }, (_, i) => Array.from({ length: 8 + (i * 13) % 53 }, (_, j) => words[(i * 7 + j * 5) % words.length]).join(" "));
const encoded = [];
let agreement;
for (let round = 0; round < rounds; round++) {
  encoded.push(await tab.evaluate(async (texts) => {
    const ids = await window.ourEncoder({ ids: true, texts });
    const length = Math.max(...ids.map((x) => x.length));
    const padded = ids.flatMap((x) => [...x, ...Array(length - x.length).fill(0)]);
    const mask = ids.flatMap((x) => [...x.map(() => 1), ...Array(length - x.length).fill(0)]);
    const [stock, theirs] = await window.stockBert({ ids: padded, mask, rows: texts.length, length });
    const [ours, own] = await window.ourEncoder({ texts });
    window.least = Math.min(...texts.map((_, i) => own.slice(384 * i, 384 * (i + 1)).reduce((s, x, j) => s + x * theirs[384 * i + j], 0)));
    return [stock, ours];
  }, texts));
  agreement = await tab.evaluate(() => window.least);
}
const [stockRate, ourRate] = [0, 1].map((i) => median(encoded.map((r) => r[i])));
console.log(`\nencoder, 32 texts: stock candle (float32, padded batch) ${stockRate.toFixed(0)} texts a second, ours ${ourRate.toFixed(0)}, ${median(encoded.map(([a, b]) => b / a)).toFixed(2)} ×; least cosine ${agreement.toFixed(5)}`);

// Multiply-adds: of a pass, and of the product alone.
const MACS = 30 * (576 * (576 + 192 + 192 + 576) + 3 * 576 * 1536) + 49152 * 576;
for (const [kind, name, eight] of [["Q8_0", "ours, Q8_0", true], ["Q4_1", "ours, Q4_1", false]]) {
  for (const [rows, stream] of [[1, "one stream"], [16, "k = 16"]]) {
    const kernel = [];
    for (let round = 0; round < rounds; round++) kernel.push(await tab.evaluate((kernel) => window.ourEncoder({ kernel }), { eight, outputs: 1536, inputs: 576, rows }));
    const rate = median(results[`${name}, ${stream}`].map((r) => r[0])) * MACS / 1e9;
    console.log(`${kind}, ${String(rows).padStart(2)} rows: ${rate.toFixed(1)} GMAC/s end to end, product alone ${median(kernel).toFixed(1)} (${(100 * rate / median(kernel)).toFixed(0)}%)`);
  }
}

// Memory: WebAssembly's never shrinks, so what it is now was its peak.
const bytes = manifest.models.flatMap((m) => m.shards).reduce((sum, s) => sum + s.bytes, 0);
const [loaded, peak] = await tab.evaluate(async () => {
  await window.second.draw(16, 48, 1);
  return [window.second.loaded, await window.second.memory()];
});
console.log(`\nmemory of a worker: ${(loaded / 1e6).toFixed(0)} MB when loaded, ${(peak / 1e6).toFixed(0)} MB after drawing 16 × 48, for ${(bytes / 1e6).toFixed(0)} MB of weights (${(loaded / bytes).toFixed(2)} × and ${(peak / bytes).toFixed(2)} ×)`);
await close();
