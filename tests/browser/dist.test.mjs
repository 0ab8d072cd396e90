// The built folder: what it lists, what it passes on, and that the same input gives the same bytes.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { request } from "node:http";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { filesIn } from "../../scripts/dist/files.mjs";
import { dist, serve } from "./support/harness.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const EMPTY_WASM = Buffer.from([0, 97, 115, 109, 1, 0, 0, 0]);
const listed = async (folder) => JSON.parse(await readFile(join(folder, "manifest-sha256.json"), "utf8"));

test("the manifest lists every file with its SHA-256", async () => {
  const { format, files } = await listed(dist);
  assert.equal(format, "map-palette-dist-1");
  assert.deepEqual(Object.keys(files).sort(), (await filesIn(dist)).filter((file) => file !== "manifest-sha256.json"));
  for (const [file, { bytes, sha256 }] of Object.entries(files)) {
    const content = await readFile(join(dist, file));
    assert.deepEqual([content.length, createHash("sha256").update(content).digest("hex")], [bytes, sha256], file);
  }
});

test("what lies compressed beside a file is that file, and the models do not", async () => {
  const files = await filesIn(dist);
  const forms = files.filter((file) => /\.(br|gz)$/.test(file));
  for (const form of forms) {
    const content = await readFile(join(dist, form));
    const whole = form.endsWith(".br") ? brotliDecompressSync(content) : gunzipSync(content);
    assert.ok(whole.equals(await readFile(join(dist, form.slice(0, -3)))), form);
    assert.ok(content.length < whole.length, form);
  }
  for (const file of ["index.html", "sample-set.json", ...files.filter((file) => file.endsWith(".wasm"))]) {
    assert.ok(forms.includes(`${file}.br`) && forms.includes(`${file}.gz`), file);
  }
  assert.deepEqual(forms.filter((file) => /\.gguf/.test(file)), []);
});

/** What the server sends of `file` to a browser that takes `accepted`: its head, and its body as it came. */
function sent(url, accepted, method = "GET", headers = {}) {
  return new Promise((done, failed) => {
    request(url, { method, headers: { ...(accepted === undefined ? {} : { "Accept-Encoding": accepted }), ...headers } }, async (response) => {
      const parts = [];
      for await (const part of response) parts.push(part);
      done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) });
    }).on("error", failed).end();
  });
}

test("the server sends the smallest form that the browser takes, and says so", async (t) => {
  const server = await serve(t);
  const content = await readFile(join(dist, "sample-set.json"));
  const address = `${server.url}sample-set.json`;
  for (const [accepted, encoding, read] of [
    ["gzip, deflate, br, zstd", "br", brotliDecompressSync],
    ["gzip", "gzip", gunzipSync],
    ["br;q=0, gzip;q=0.5", "gzip", gunzipSync],
    ["*", "br", brotliDecompressSync],
    ["identity", undefined, (body) => body],
    ["gzip;q=0", undefined, (body) => body],
    [undefined, undefined, (body) => body],
  ]) {
    const { status, headers, body } = await sent(address, accepted);
    assert.equal(status, 200);
    assert.deepEqual([headers["content-encoding"], headers.vary, headers["content-type"]], [encoding, "Accept-Encoding", "application/json; charset=utf-8"], accepted);
    assert.equal(Number(headers["content-length"]), body.length);
    assert.ok(read(body).equals(content), accepted);
    const head = await sent(address, accepted, "HEAD");
    assert.deepEqual([head.headers["content-length"], head.body.length], [headers["content-length"], 0]);
    const again = await sent(address, accepted, "GET", { "If-None-Match": headers.etag });
    assert.equal(again.status, 304);
  }
  const tags = await Promise.all(["br", "gzip", "identity"].map(async (accepted) => (await sent(address, accepted)).headers.etag));
  assert.equal(new Set(tags).size, 3, "each form has a tag of its own");
  const icon = await sent(`${server.url}icons/icon-192.png`, "br, gzip");
  assert.deepEqual([icon.headers["content-encoding"], icon.headers.vary], [undefined, undefined]);
});

/** The crates that a module lists in its section `.dep-v0`. */
function cratesIn(module) {
  const { body } = WebAssembly.Module.customSections(new WebAssembly.Module(module), ".dep-v0").map((section) => ({ body: Buffer.from(section) }))[0];
  return JSON.parse(inflateSync(body)).packages;
}

test("each WebAssembly holds the list of its crates, and licences.txt a text for each", async () => {
  const licences = await readFile(join(dist, "licences.txt"), "utf8");
  const modules = (await filesIn(dist)).filter((file) => file.endsWith(".wasm"));
  assert.equal(modules.length, 3);
  for (const file of modules) {
    const crates = cratesIn(await readFile(join(dist, file)));
    const roots = crates.filter(({ root }) => root);
    assert.deepEqual(roots.map(({ name }) => name), [file.includes("worker") ? "palette-worker" : "map-palette"]);
    assert.equal(crates.some(({ name }) => name === "candle-core"), file.startsWith("worker-"), "the models are in one worker alone");
    for (const { name, version, source, dependencies = [] } of crates) {
      assert.ok(dependencies.every((i) => i < crates.length));
      if (source !== "crates.io") continue;
      // Once in the list, once above a text.
      assert.ok(licences.split(`${name} ${version}`).length > 2, `${name} ${version}`);
    }
    const text = (await readFile(join(dist, file))).toString("latin1");
    for (const place of [process.env.HOME, process.env.CARGO_HOME, root].filter((path) => path?.length > 3)) {
      assert.ok(!text.includes(place), `${file} names ${place}`);
    }
  }
  for (const part of ["SmolLM2-135M-Instruct", "all-MiniLM-L6-v2", "Apache License", "standard library of Rust"]) assert.ok(licences.includes(part), part);
});

test("all scripts are files, none of them makes code of text", async () => {
  const html = await readFile(join(dist, "index.html"), "utf8");
  assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)/);
  assert.doesNotMatch(html, /\sstyle=|\son[a-z]+=|javascript:/);
  for (const file of (await filesIn(dist)).filter((file) => file.endsWith(".js"))) {
    assert.doesNotMatch(await readFile(join(dist, file), "utf8"), /\beval\(|new Function\(|document\.write/, file);
  }
});

/** What Trunk would have staged, with modules that hold nothing. */
async function staged(folder) {
  await mkdir(folder, { recursive: true });
  await cp(join(root, "public"), folder, { recursive: true });
  const start = `<script type="module">
import init, * as bindings from './map-palette-1.js';
const wasm = await init({ module_or_path: './map-palette-1_bg.wasm' });
window.wasmBindings = bindings;
</script><link rel="preload" href="./map-palette-1_bg.wasm" as="fetch"><link rel="stylesheet" href="./base-1.css"><link rel="stylesheet" href="./start-1.css"><link rel="stylesheet" href="./data-1.css">`;
  const html = (await readFile(join(root, "index.html"), "utf8")).replace(/\s*<link data-trunk[^>]*>/g, "").replace("</head>", `${start}</head>`);
  await writeFile(join(folder, "index.html"), html);
  for (const file of ["map-palette-1_bg.wasm", "solver_bg.wasm", "worker_bg.wasm"]) await writeFile(join(folder, file), EMPTY_WASM);
  for (const file of ["map-palette-1.js", "solver.js", "worker.js"]) await writeFile(join(folder, file), "export default () => {};\n");
  for (const sheet of ["base", "start", "data"]) await writeFile(join(folder, `${sheet}-1.css`), `.${sheet} { color: red }\n`);
}

test("the same staged files end as the same bytes, in whatever folder", { timeout: 120_000 }, async (t) => {
  const top = await mkdtemp(join(tmpdir(), "map-palette-dist-"));
  t.after(() => rm(top, { recursive: true, force: true }));
  const lists = [];
  for (const name of ["one", "another folder"]) {
    const stage = join(top, name);
    await staged(stage);
    const env = { ...process.env, MAP_PALETTE_HOME: "", TRUNK_STAGING_DIR: stage, TRUNK_SOURCE_DIR: root, TRUNK_PROFILE: "release", MAP_PALETTE_WEIGHTS: "" };
    await promisify(execFile)("node", [join(root, "scripts", "post-build.mjs")], { env });
    lists.push(await readFile(join(stage, "manifest-sha256.json"), "utf8"));
    assert.ok((await readdir(stage)).some((file) => /^boot-[0-9a-f]{16}\.js$/.test(file)));
  }
  assert.equal(lists[0], lists[1]);
  assert.ok(lists[0].includes('"licences.txt.br"'), "compressed forms are listed too");
});
