// The page in one file: what otherwise lies beside it on a server lies packed in elements of this page. This runs first. It unpacks, it
// answers what is asked for beside the page, and it hands each worker what that one needs: opened from the disk, no browser lets a worker
// fetch anything, not even out of the page that started it.
(() => {
  "use strict";
  // The build fills these in (scripts/one-file/assemble.mjs).
  const WORKERS = __WORKERS__; // For each program, which of the packed files its script and its WebAssembly are.
  const MODELS = __MODELS__; // The second file: `{ file, bytes, parts: [{ file, bytes, sha256 }] }`, or null where the build had no models.

  const packed = new Map(); // Address relative to the page -> its element.
  const unpacked = new Map(); // The same -> promise of a Blob.
  const programs = new Map(); // Address of a worker's script -> program.
  let parts = {}; // Name of a part of the models -> Blob.

  /** What is packed under `name`, as a Blob of its type. */
  function unpack(name) {
    if (!unpacked.has(name)) {
      const element = packed.get(name);
      const bytes = Uint8Array.from(atob(element.textContent.trim()), (letter) => letter.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
      const blob = new Response(stream).arrayBuffer().then((content) => new Blob([content], { type: element.dataset.type }));
      unpacked.set(name, blob);
    }
    return unpacked.get(name);
  }

  const base = new URL("./", document.baseURI).href;
  const beside = (address) => {
    const url = new URL(address, document.baseURI);
    url.search = url.hash = "";
    return url.href.startsWith(base) ? url.href.slice(base.length) : "";
  };

  const network = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const name = beside(typeof input === "string" || input instanceof URL ? input : input.url);
    return packed.has(name) ? unpack(name).then((blob) => new Response(blob)) : network(input, init);
  };

  const BrowserWorker = globalThis.Worker;
  globalThis.Worker = class Worker extends BrowserWorker {
    constructor(address, { name } = {}) {
      super(address, { name });
      const program = programs.get(String(address));
      const parcel = Promise.all([unpack(WORKERS[program].wasm), packed.has("weights/manifest.json") ? unpack("weights/manifest.json") : null]);
      parcel.then(([wasm, manifest]) => this.postMessage({ mapPaletteCarried: { wasm, files: { ...(manifest && { "manifest.json": manifest }), ...parts } } }));
    }
  };

  /** Names the workers' scripts where the page looks for them. */
  async function prepare() {
    for (const element of document.querySelectorAll("script[data-file]")) packed.set(element.dataset.file, element);
    if (typeof DecompressionStream !== "function") {
      throw new Error("This browser cannot unpack the page. Please use a current browser: Chrome or Edge 91, Firefox 113, Safari 16.4, or a newer one.");
    }
    for (const [program, { script }] of Object.entries(WORKERS)) {
      const address = URL.createObjectURL(await unpack(script));
      programs.set(address, program);
      document.querySelector(`meta[name="map-palette-${program}"]`).content = address;
    }
  }

  const hex = (digest) => Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");

  /**
   * Takes the file of the models, once every part of it has the SHA-256 that was written into this page. Resolves to an empty text, or to
   * why it was not taken, in a sentence.
   */
  async function takeModels(file) {
    if (MODELS === null) return "This page was built without models, so it can take none.";
    if (file.size !== MODELS.bytes) {
      return `${file.name} has ${file.size} bytes, and the models of this page have ${MODELS.bytes}. Choose the file ${MODELS.file} that was made together with this page; if it is that one, copy it again.`;
    }
    const found = {};
    let at = 0;
    for (const { file: name, bytes, sha256 } of MODELS.parts) {
      const part = file.slice(at, at + bytes);
      at += bytes;
      let digest;
      try {
        digest = hex(await crypto.subtle.digest("SHA-256", await part.arrayBuffer()));
      } catch {
        return `${file.name} could not be read. It may have been moved, or its disk taken out: choose it again.`;
      }
      if (digest !== sha256) {
        return `${file.name} is not the file that was made together with this page, or was damaged: its SHA-256 differs at ${name}. Copy both files again.`;
      }
      found[name] = part;
    }
    parts = found;
    return "";
  }

  globalThis.mapPaletteCarried = { prepare, takeModels, modelsFile: MODELS?.file ?? "", modelsBytes: MODELS?.bytes ?? 0 };
})();
