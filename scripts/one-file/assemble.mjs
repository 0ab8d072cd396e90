// Makes one HTML file of a built page, which opens by a double click from any disk, and beside it one file of the models.
//   node scripts/one-file/assemble.mjs [--dist dist] [--out dist-one]     (scripts/build --one-file runs it)
// Nothing is compiled again: scripts, WebAssembly, styles, sets and prompts are those of the build, the latter packed by gzip in elements
// of the page. The same build gives the same bytes.
import { once } from "node:events";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { finished } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { constants, gzipSync } from "node:zlib";
import { fail, fillIn, filesIn, integrity, readText, sha256 } from "../dist/files.mjs";
import { TYPES } from "../dist/policy.mjs";
import { WORKERS } from "../dist/worker.mjs";
import { asExpression, bindingsAsExpression, withoutImports } from "./modules.mjs";

const PAGE = "map-palette.html";
const MODELS = "map-palette-models.bin";
const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Files that the page asks for while it runs, as it names them. */
const ASKED_FOR = /^(?:[a-z-]+\.json|prompts\/[a-z-]+\.json|lessons\/[a-z]+\/[a-z0-9-]+\.json|weights\/manifest\.json|licences\.txt)$/;
const FOR_OTHERS = new Set(["security.json", "manifest-sha256.json"]);

const { values } = parseArgs({ options: { dist: { type: "string", default: "dist" }, out: { type: "string", default: "dist-one" } } });
const { dist, out } = values;
if (!existsSync(join(dist, "index.html"))) fail(`there is no built page in ${dist}; run scripts/build first`);

const files = await filesIn(dist);
const named = (pattern) => files.find((file) => pattern.test(file)) ?? fail(`${dist} holds no file like ${pattern}; build it again`);
/** What stands in an element whose text is script: nothing in it may end that element. */
function inlined(text, name) {
  if (/<\/script|<!--/i.test(text)) fail(`${name} holds text that would end its element in the one file`);
  return text;
}

const wasmScript = asExpression(await readText(dist, named(/^wasm-[0-9a-f]+\.js$/)), "wasm.js");
const packed = [];
const pack = (name, content, type) => {
  const base64 = gzipSync(content, { level: constants.Z_BEST_COMPRESSION }).toString("base64");
  packed.push(`<script type="application/octet-stream" data-file="${name}" data-type="${type}">${base64}</script>`);
};
const typeOf = (file) => TYPES[extname(file).slice(1)] ?? "application/octet-stream";
const packFile = async (file) => pack(file, await readFile(join(dist, file)), typeOf(file));

// --- What is packed ---------------------------------------------------------------------------------------------------------------------

const pageWasm = named(/^map-palette-[0-9a-f]+_bg\.wasm$/);
await packFile(pageWasm);
const workers = {};
for (const program of WORKERS) {
  const folder = named(new RegExp(`^${program}-[0-9a-f]+/worker_bg\\.wasm$`)).split("/")[0];
  const wasm = `${folder}/worker_bg.wasm`;
  const content = await readFile(join(dist, wasm));
  const script = [
    `const init = ${bindingsAsExpression(await readText(dist, `${folder}/worker.js`), `${folder}/worker.js`, "self.name")};`,
    `const { CannotStart, loadWasm } = ${wasmScript};`,
    `const BUILT = ${JSON.stringify({ size: content.length, integrity: integrity(content) })};`,
    await readText(HERE, "worker.js"),
  ].join("\n");
  workers[program] = { script: `${folder}.js`, wasm };
  pack(`${folder}.js`, script, TYPES.js);
  await packFile(wasm);
}
for (const file of files) if (ASKED_FOR.test(file) && !FOR_OTHERS.has(file)) await packFile(file);

// --- The models, in the order of their list -----------------------------------------------------------------------------------------------

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
let models = null;
if (files.includes("weights/manifest.json")) {
  const list = JSON.parse(await readText(dist, "weights/manifest.json"));
  const parts = list.models.flatMap(({ shards }) => shards);
  const whole = sha256();
  const to = createWriteStream(join(out, MODELS));
  for (const { file } of parts) {
    for await (const part of createReadStream(join(dist, "weights", file), { highWaterMark: 1 << 20 })) {
      whole.update(part);
      if (!to.write(part)) await once(to, "drain");
    }
  }
  to.end();
  await finished(to);
  models = { file: MODELS, bytes: parts.reduce((bytes, part) => bytes + part.bytes, 0), parts, sha256: whole.digest("hex") };
} else {
  console.warn("There are no weights in this build: the one file can compose, but not generate.");
}

// --- The page -----------------------------------------------------------------------------------------------------------------------------

const filled = { __WORKERS__: JSON.stringify(workers), __MODELS__: JSON.stringify(models && { ...models, sha256: undefined }) };
const carried = inlined(fillIn(await readText(HERE, "carried.js"), filled, "scripts/one-file/carried.js"), "carried.js");
const start = inlined(await readText(dist, "start.js"), "start.js");
const bindings = named(/^map-palette-[0-9a-f]+\.js$/);
const given = [
  `const init = ${bindingsAsExpression(await readText(dist, bindings), bindings, "document.baseURI")};`,
  "const bindings = {};",
  `const { CannotStart, loadWasm } = ${wasmScript};`,
  "try {",
  "  await mapPaletteCarried.prepare();",
  "} catch (error) {",
  "  mapPaletteCannotStart(error.message);",
  "  throw error;",
  "}",
].join("\n");
const boot = inlined(withoutImports(await readText(dist, named(/^boot-[0-9a-f]+\.js$/)), given), "boot.js");
const style = `${await readText(dist, named(/^start-[0-9a-f]+\.css$/))}\n${await readText(dist, named(/^style-[0-9a-f]+\.css$/))}`;
if (/<\/style/i.test(style)) fail("the style sheets hold text that would end their element in the one file");
const icon = Buffer.from(await readText(dist, "icons/icon.svg")).toString("base64");

// The page needs nothing from anywhere, and its policy lets it have nothing.
const hashes = [carried, start, boot].map((script) => `'${integrity(script)}'`).join(" ");
const policy = [
  "default-src 'none'",
  `script-src ${hashes} 'wasm-unsafe-eval'`,
  `style-src '${integrity(style)}'`,
  "worker-src blob:",
  "img-src data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types default",
].join("; ");

const built = await readText(dist, "index.html");
let html = built.replace(/\s*<meta http-equiv="Content-Security-Policy"[^>]*>/, "").replace(/\s*<!--[\s\S]*?-->/g, "");
html = html.replace(/\s*<script\b[^>]*>\s*<\/script>/g, "").replace(/\s*<link\b[^>]*>/g, "");
html = html.replace(/(<meta name="map-palette-(?:solver|worker)" content=")[^"]*/g, "$1");
html = html.replace(/\s*<li>The file was opened from the disk\.[\s\S]*?<\/li>/, "");
const head = [
  `<link rel="icon" href="data:image/svg+xml;base64,${icon}" type="image/svg+xml">`,
  `<style>${style}</style>`,
  `<script>${carried}</script>`,
  `<script>${start}</script>`,
].join("\n");
html = html.replace(/(<meta charset="utf-8">)/, (charset) => `${charset}\n    <meta http-equiv="Content-Security-Policy" content="${policy}">`);
html = html.replace("</head>", () => `${head}\n</head>`);
html = html.replace("</body>", () => `${packed.join("\n")}\n<script type="module">${boot}</script>\n</body>`);
if (html.split(policy).length !== 2 || /<(?:script|link)\b[^>]*\s(?:src|href)="(?!data:)/.test(html)) fail("index.html has a form that the one file does not know");
await writeFile(join(out, PAGE), html);
await copyFile(join(dist, "licences.txt"), join(out, "licences.txt"));

const sums = [[PAGE, sha256(html).digest("hex")]];
if (models) sums.push([MODELS, models.sha256]);
await writeFile(join(out, "SHA256SUMS"), sums.map(([file, sum]) => `${sum}  ${file}\n`).join(""));
const size = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
console.log(`The one file is ${join(out, PAGE)} (${size(Buffer.byteLength(html))})${models ? `; its models are ${join(out, MODELS)} (${size(models.bytes)})` : ""}.`);
