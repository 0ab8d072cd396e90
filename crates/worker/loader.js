// Starts a worker, or tells the page in a sentence why that cannot be. The build fills in the names (scripts/dist/worker.mjs).
// All that it needs is asked for at once: where one file waits for another, a slow line takes a round trip more.
const BUILT = { size: 0, integrity: "__WORKER_WASM_INTEGRITY__" };
const WASM = new URL("./worker_bg.wasm", import.meta.url);

const asked = fetch(WASM, { credentials: "same-origin" });
// Whether it came is told when the scripts are here.
asked.catch(() => {});
Promise.all([import("./worker.js"), import("../__WASM_SCRIPT__")]).then(start, (error) => {
  // Outside of any promise, so that the page hears of it: it finds out which script did not come, and why.
  setTimeout(() => {
    throw error;
  });
});

async function start([{ default: init }, { CannotStart, loadWasm }]) {
  try {
    await init({ module_or_path: await loadWasm(WASM, BUILT, undefined, asked) });
  } catch (error) {
    const why = error instanceof CannotStart ? error.message.replace(/^Its file/, "The file") : `It said: ${error?.message ?? error}.`;
    // In the form of `FromWorker` (crates/protocol).
    postMessage({ CannotStart: `What computes here could not start. ${why}` });
    console.error(error);
  }
}
