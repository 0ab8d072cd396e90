// The page's scripts as files of their own: what Trunk writes into the page to start it becomes boot-….js, each file is named by its
// content, and the policy goes into the page.
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fail, fillIn, integrity, readText, shortHash } from "./files.mjs";
import { PAGE_POLICY, POLICIES } from "./policy.mjs";
import { joinStyles } from "./style.mjs";

const TRUNK_START = /<script type="module"[^>]*>\s*import init, \* as bindings from ['"]\.?\/?([^'"]+\.js)['"];?\s*const wasm = await init\(\{ module_or_path: ['"]\.?\/?([^'"]+\.wasm)['"] \}\);[\s\S]*?<\/script>/;

/** Names public/wasm.js by its content; returns the name. */
export async function nameWasmScript(stage) {
  const name = `wasm-${shortHash(await readText(stage, "wasm.js"))}.js`;
  await rename(join(stage, "wasm.js"), join(stage, name));
  return name;
}

/** `loaders`: addresses of the workers' loaders, by program. A page under development keeps what Trunk adds to reload it, so it has no policy. */
export async function finishPage(stage, { loaders, wasmScript, release }) {
  let html = await readText(stage, "index.html");
  const start = TRUNK_START.exec(html);
  if (!start) fail("Trunk's script that starts the page was not found in index.html; is it another version of Trunk?");
  const [inline, script, trunkWasm] = start;
  const content = await readFile(join(stage, trunkWasm));
  // Named by what it holds now, its list of crates included.
  const wasm = `map-palette-${shortHash(content)}_bg.wasm`;
  await rename(join(stage, trunkWasm), join(stage, wasm));
  const boot = fillIn(
    await readText(stage, "boot.js"),
    {
      "./__PAGE_SCRIPT__": `./${script}`,
      "./__WASM_SCRIPT__": `./${wasmScript}`,
      "./__PAGE_WASM__": `./${wasm}`,
      __PAGE_WASM_INTEGRITY__: integrity(content),
      "size: 0": `size: ${content.length}`,
      __POLICIES__: POLICIES.join(" "),
    },
    "public/boot.js",
  );
  const bootScript = `boot-${shortHash(boot)}.js`;
  await writeFile(join(stage, bootScript), boot);
  await rm(join(stage, "boot.js"));

  html = html.replace(inline, () => `<script type="module" src="./${bootScript}" crossorigin="anonymous" integrity="${integrity(boot, "sha384")}"></script>`);
  // Trunk's own hints: those for scripts are kept; the one for WebAssembly goes, whose bytes wasm.js checks while it tells how far they are.
  html = html.replace(/<link rel="preload"[^>]*\.wasm"[^>]*>/, `<link rel="preload" href="./${wasm}" crossorigin="anonymous" as="fetch" type="application/wasm">`);
  // Opened from the disk, browsers refuse whatever is to be checked: the words that say so keep their look.
  html = html.replace(/(<link rel="stylesheet" href="\.\/start-[^"]+")[^>]*>/, "$1>");
  const wasmScriptContent = await readText(stage, wasmScript);
  const hint = `<link rel="modulepreload" href="./${wasmScript}" crossorigin="anonymous" integrity="${integrity(wasmScriptContent, "sha384")}">`;
  // The built-in set is drawn as soon as the page's own WebAssembly runs.
  const set = `<link rel="preload" href="./sample-set.json" crossorigin="anonymous" as="fetch" type="application/json">`;
  html = html.replace("</head>", () => `${hint}${set}</head>`);
  if (release) html = await joinStyles(stage, html);
  html = fillIn(html, { __SOLVER__: loaders.solver, __WORKER__: loaders.worker }, "index.html");
  if (/<script(?![^>]*\ssrc=)[^>]*>/.test(html) && release) fail("index.html still holds an inline script, which the page's policy forbids");
  if (/\sstyle=/.test(html)) fail("index.html holds a style attribute, which the page's policy forbids");
  if (release) {
    const policy = `<meta http-equiv="Content-Security-Policy" content="${PAGE_POLICY}">`;
    html = html.replace(/<!-- The build puts the Content-Security-Policy here[^>]*-->/, () => policy);
    if (!html.includes(policy)) fail("index.html has lost the place for the Content-Security-Policy");
  }
  await writeFile(join(stage, "index.html"), html);
}
