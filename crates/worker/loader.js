// Starts a worker, or tells the page in a sentence why that cannot be. The build fills in the names (scripts/dist/worker.mjs).
import init from "./worker.js";
import { CannotStart, loadWasm } from "../__WASM_SCRIPT__";

const BUILT = { size: 0, integrity: "__WORKER_WASM_INTEGRITY__" };

try {
  await init({ module_or_path: await loadWasm(new URL("./worker_bg.wasm", import.meta.url), BUILT) });
} catch (error) {
  const why = error instanceof CannotStart ? error.message.replace(/^Its file/, "The file") : `It said: ${error?.message ?? error}.`;
  // In the form of `FromWorker` (crates/protocol).
  postMessage({ CannotStart: `What computes here could not start. ${why}` });
  console.error(error);
}
