// Starts a worker of the page in one file: the page hands it its WebAssembly and what it may fetch, in its first message.
addEventListener("message", async function first({ data }) {
  removeEventListener("message", first);
  const { wasm, files } = data.mapPaletteCarried;
  globalThis.mapPaletteCarried = true;
  const weights = new URL("weights/", self.name).href;
  globalThis.fetch = async (address) => {
    const name = String(address).startsWith(weights) ? String(address).slice(weights.length) : "";
    return Object.hasOwn(files, name) ? new Response(files[name]) : new Response(null, { status: 404 });
  };
  try {
    const given = Promise.resolve(new Response(wasm));
    await init({ module_or_path: await loadWasm(new URL("worker_bg.wasm", self.name), BUILT, undefined, given) });
  } catch (error) {
    const why = error instanceof CannotStart ? error.message.replace(/^Its file/, "The file") : `It said: ${error?.message ?? error}.`;
    // In the form of `FromWorker` (crates/protocol).
    postMessage({ CannotStart: `What computes here could not start. ${why}` });
    console.error(error);
  }
});
