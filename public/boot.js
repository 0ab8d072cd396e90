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

/** Where the page's workers begin: the one that solves, and the one that has the models. */
const workers = () => ["solver", "worker"].map((program) => document.querySelector(`meta[name='map-palette-${program}']`).content);

/** The policy of Trusted Types: it passes the page's own markup and the addresses of its workers, and refuses everything else. */
function trustOurselves() {
  try {
    globalThis.trustedTypes?.createPolicy("default", {
      createHTML: (markup) => (isHarmless(markup) ? markup : null),
      createScriptURL: (address) => (workers().includes(address) ? address : null),
    });
    document.createElement("template").innerHTML = "<b></b>";
  } catch {
    throw new CannotStart(
      "The server's Content-Security-Policy asks for Trusted Types and does not allow the page's own policies. It has to say " +
        "“trusted-types __POLICIES__”, as docs/hosting.md has it.",
    );
  }
}

/** The share of the page's own WebAssembly after whose coming the solver is begun. */
const MOST = 0.95;

/** Begins the solver, which so comes while the page is being compiled and drawn; src/client/program.rs takes it over. */
function beginSolver() {
  try {
    const worker = new Worker(workers()[0], { type: "module", name: document.baseURI });
    const begun = { worker, said: [], died: false };
    worker.onmessage = ({ data }) => begun.said.push(data);
    worker.onerror = worker.onmessageerror = (event) => {
      event.preventDefault();
      begun.died = true;
    };
    globalThis.mapPaletteSolver = begun;
  } catch {
    // The page starts one itself when it needs it, and says why where it cannot.
  }
}

/** How much has come; once most of it has, what is needed next is on its way too. */
function arrived(bytes) {
  tell({ waitsFor: WASM.slice(2), bytes, total: BUILT.size });
  if (bytes >= MOST * BUILT.size && !("mapPaletteSolver" in globalThis)) beginSolver();
}

async function start() {
  const place = document.getElementById("cannot-start");
  // start.js has found out already that this browser cannot.
  if (place.className.includes("sure")) return;
  place.hidden = true;
  arrived(0);
  // A new version of the page may be about to take over (public/register-sw.js).
  await globalThis.mapPaletteSwitching;
  trustOurselves();
  const module = await loadWasm(new URL(WASM, import.meta.url), BUILT, arrived);
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
