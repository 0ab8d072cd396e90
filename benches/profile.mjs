// Where the time goes in Chromium: the page's own worker draws and scores, and the browser samples which function it is in.
//   node benches/profile.mjs        needs a built page (scripts/build)
// The worker's WebAssembly is the one that Trunk keeps from before wasm-opt takes the functions' names away.
import { existsSync } from "node:fs";
import { cpus, homedir } from "node:os";
import { join } from "node:path";
import { openTab, workerLoader } from "./support/tab.mjs";

const dist = "dist";
const home = process.env.MAP_PALETTE_HOME ?? join(homedir(), ".cache/map-palette");
const named = join(process.env.CARGO_TARGET_DIR ?? join(home, "target"), "wasm-bindgen/release/worker_bg.wasm");
if (!existsSync(named)) throw new Error("There is no worker with names. Run scripts/build first.");

/** What a function belongs to, by its name; the first that fits. */
const PARTS = [
  ["products: 4-bit and 8-bit weights with activations", /linear::(wide|four|eight)|Kernel>::(wide|four|eight)/],
  ["weights unpacked for all rows of a batch", /unpack/],
  ["activations to 16 bits", /Activations::set|quantise/],
  ["attention", /layer::(meet|attend)|vector::(softmax|add_weighted)/],
  ["log-probability among all tokens", /log_sum_exp/],
  ["choosing tokens", /sampling::|vector::largest|ChaCha|rand_|core::slice::(sort|select)/],
  ["text of tokens", /tokenizers|regex|Tokens::/],
  ["encoder beside its products", /encoder::|vector::gelu/],
  ["rest of the layers: norms, gates, rotary angles, the cache, copies", /language_model|linear::|vector::|cache::/],
];

const loader = await workerLoader(dist);
const { tab, version, close } = await openTab((path) => (path.endsWith("/worker_bg.wasm") ? named : join(dist, path)));
const session = await tab.context().newCDPSession(tab);

// The worker is a target of its own; messages to it go through the tab's session.
let target;
const waiting = new Map();
session.on("Target.attachedToTarget", ({ sessionId }) => { target = sessionId; });
session.on("Target.receivedMessageFromTarget", ({ message }) => {
  const { id, result, error } = JSON.parse(message);
  const { done, failed } = waiting.get(id) ?? {};
  waiting.delete(id);
  if (error) failed?.(new Error(error.message));
  else done?.(result);
});
await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
let last = 0;
const toWorker = (method, params = {}) =>
  new Promise((done, failed) => {
    waiting.set(++last, { done, failed });
    session.send("Target.sendMessageToTarget", { sessionId: target, message: JSON.stringify({ id: last, method, params }) }).catch(failed);
  });

await tab.evaluate(async (loader) => {
  const { startModels } = await import("/support/page-worker.mjs");
  window.models = await startModels(loader, "/");
  // Until the browser has compiled what is hot as well as it can.
  await window.models.draw(16, 12, 1);
}, loader);
await toWorker("Profiler.enable");
await toWorker("Profiler.setSamplingInterval", { interval: 500 });

console.log(`${cpus()[0].model}, Chromium ${version}`);
for (const [name, answers, tokens] of [["k = 16, 48 tokens, drawn and scored", 16, 48], ["one answer, 160 tokens", 1, 160]]) {
  await toWorker("Profiler.start");
  const drawn = await tab.evaluate(([answers, tokens]) => window.models.draw(answers, tokens, 5, "Why is the sky blue in the day and red in the evening?"), [answers, tokens]);
  const { profile } = await toWorker("Profiler.stop");
  const functions = new Map(profile.nodes.map((node) => [node.id, node.callFrame.functionName]));
  const spent = new Map();
  let total = 0;
  profile.samples.forEach((node, i) => {
    const function_ = functions.get(node);
    if (function_ === "(idle)" || function_ === "(program)") return;
    spent.set(function_, (spent.get(function_) ?? 0) + profile.timeDeltas[i]);
    total += profile.timeDeltas[i];
  });
  const share = (time) => `${((100 * time) / total).toFixed(1).padStart(5)} %`;
  const parts = new Map();
  for (const [function_, time] of spent) {
    const part = PARTS.find(([, names]) => names.test(function_))?.[0] ?? "everything else";
    parts.set(part, (parts.get(part) ?? 0) + time);
  }
  const falling = (map) => [...map].sort((a, b) => b[1] - a[1]);
  console.log(`\n${name}: ${drawn.tokens} tokens, ${(drawn.tokens / drawn.drawing_seconds).toFixed(0)} a second; scoring ${drawn.scoring_seconds.toFixed(2)} s of ${(drawn.drawing_seconds + drawn.scoring_seconds).toFixed(2)}`);
  for (const [part, time] of falling(parts)) console.log(`  ${share(time)}  ${part}`);
  console.log("  the functions that take most:");
  for (const [function_, time] of falling(spent).slice(0, 14)) console.log(`    ${share(time)}  ${function_}`);
}
await close();
