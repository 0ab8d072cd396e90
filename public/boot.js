// Starts the page. The build names the files (scripts/dist/page.mjs); start.js shows what this tells.
import init, * as bindings from "./__PAGE_SCRIPT__";
import { CannotStart, loadWasm } from "./__WASM_SCRIPT__";

const WASM = "./__PAGE_WASM__";
const BUILT = { size: 0, integrity: "__PAGE_WASM_INTEGRITY__" };

// Markup that could run or fetch something. What the page puts in as text for the browser to parse is fixed when it is compiled, plain
// structure, and has none of it.
const REFUSED_TAG = /<\s*\/?\s*(?:script|style|link|meta|base|i?frame|frameset|object|embed|template|form|foreignobject|animate|set|use)\b/i;
const REFUSED_ATTRIBUTE = /<[^>]*\s(?:on[a-z]+|style|src|srcdoc|srcset|data|action|formaction|ping|is|xlink:href)(?=[\s=>/])/i;
const REFUSED_LINK = /\shref\s*=\s*["']?(?!["'#]|\.\/)/i;

function isHarmless(markup) {
  // What is quoted is no name of an attribute.
  return !REFUSED_TAG.test(markup) && !REFUSED_ATTRIBUTE.test(markup.replace(/="[^"]*"/g, "=")) && !REFUSED_LINK.test(markup);
}

function tell(state) {
  globalThis.mapPaletteStart = state;
  dispatchEvent(new CustomEvent("map-palette-start", { detail: state }));
}

function fail(words, forget) {
  tell({ failed: words, forget });
  if (globalThis.mapPaletteCannotStart) return;
  // start.js has not come: a plain word all the same.
  document.getElementById("loading").hidden = true;
  document.getElementById("cannot-start-why").textContent = words;
  document.getElementById("cannot-start-reasons").hidden = true;
  document.getElementById("cannot-start").hidden = false;
}

/** The policy of Trusted Types: it passes the page's own markup and the address of its worker, and refuses everything else. */
function trustOurselves() {
  const worker = document.querySelector("meta[name='map-palette-worker']").content;
  try {
    globalThis.trustedTypes?.createPolicy("default", {
      createHTML: (markup) => (isHarmless(markup) ? markup : null),
      createScriptURL: (address) => (address === worker ? address : null),
    });
    document.createElement("template").innerHTML = "<b></b>";
  } catch {
    throw new CannotStart(
      "The server's Content-Security-Policy asks for Trusted Types and does not allow the page's own policies. It has to say " +
        "“trusted-types __POLICIES__”, as docs/hosting.md has it.",
    );
  }
}

async function start() {
  const place = document.getElementById("cannot-start");
  // start.js has found out already that this browser cannot.
  if (place.className.includes("sure")) return;
  place.hidden = true;
  const waitsFor = WASM.slice(2);
  tell({ waitsFor, bytes: 0, total: BUILT.size });
  trustOurselves();
  const module = await loadWasm(new URL(WASM, import.meta.url), BUILT, (bytes) => tell({ waitsFor, bytes, total: BUILT.size }));
  const wasm = await init({ module_or_path: module });
  globalThis.wasmBindings = bindings;
  dispatchEvent(new CustomEvent("TrunkApplicationStarted", { detail: { wasm } }));
}

start().catch((error) => {
  // A page that broke while it started has said so itself.
  if (document.getElementById("failed")?.hidden !== false) {
    const unforeseen = `It broke while it started, and said: ${error?.message ?? error}. Reload the page; if that does not help, please report it.`;
    fail(error instanceof CannotStart ? error.message : unforeseen, Boolean(error?.altered));
  }
  console.error(error);
});
