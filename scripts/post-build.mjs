// Run by Trunk after a build, on the staged files: versions the worker, lays in the weights, writes the service worker.
// Nothing that Trunk gave an integrity hash is changed.
import { createHash } from "node:crypto";
import { copyFile, link, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

const stage = process.env.TRUNK_STAGING_DIR;
if (!stage) fail("this is run by Trunk (scripts/build), not by hand");
const release = process.env.TRUNK_PROFILE === "release";

await versionWorker();
await layInWeights(process.env.MAP_PALETTE_WEIGHTS);
await writeServiceWorker();

function fail(message) {
  console.error(`Failed: ${message}.`);
  process.exit(1);
}

function hash(...parts) {
  const sha = createHash("sha256");
  for (const part of parts) sha.update(part);
  return sha;
}

/** Files under `folder`, relative to `top`, with forward slashes, sorted. */
async function filesIn(folder, top = folder) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesIn(path, top)));
    else found.push(relative(top, path).split(sep).join("/"));
  }
  return found.sort();
}

/**
 * Trunk gives the worker's files fixed names, and they import each other by those. So they move into a folder that is named by their
 * content, and the page is told its name: a page never starts a worker of another version.
 */
async function versionWorker() {
  const names = ["worker_loader.js", "worker.js", "worker_bg.wasm"];
  for (const name of names) {
    if (!existsSync(join(stage, name))) fail(`Trunk built no ${name}; does index.html still have the worker's link?`);
  }
  const script = await readFile(join(stage, "worker.js"), "utf8");
  // Scripts of crates, imported by their place beside worker.js. The page may import the same ones: copied, not moved.
  const snippets = [...new Set([...script.matchAll(/from\s+['"]\.\/(snippets\/[^'"]+)['"]/g)].map((match) => match[1]))].sort();
  const contents = await Promise.all([...names, ...snippets].map((name) => readFile(join(stage, name))));
  const folder = `worker-${hash(...contents).digest("hex").slice(0, 16)}`;
  await mkdir(join(stage, folder));
  for (const name of names) await rename(join(stage, name), join(stage, folder, name));
  for (const name of snippets) {
    await mkdir(dirname(join(stage, folder, name)), { recursive: true });
    await copyFile(join(stage, name), join(stage, folder, name));
  }

  const page = join(stage, "index.html");
  const html = await readFile(page, "utf8");
  if (html.split("__WORKER__").length !== 2) fail('index.html must hold <meta name="map-palette-worker" content="__WORKER__"> once');
  await writeFile(page, html.replace("__WORKER__", `./${folder}/worker_loader.js`));
}

/** The manifest and every shard that it lists: hard links where the disk allows, else copies. */
async function layInWeights(folder) {
  if (!folder || !existsSync(join(folder, "manifest.json"))) {
    console.warn("There are no weights: this page can compose, but not generate. scripts/setup makes them.");
    return;
  }
  const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
  const files = ["manifest.json", ...manifest.models.flatMap((model) => model.shards.map((shard) => shard.file))];
  await rm(join(stage, "weights"), { recursive: true, force: true });
  await mkdir(join(stage, "weights"));
  for (const file of files) {
    const [from, to] = [join(folder, file), join(stage, "weights", file)];
    await link(from, to).catch(() => copyFile(from, to));
  }
}

/** Fills in the service worker's list: every file but the shards, with its SHA-256, and a version made of all of them. */
async function writeServiceWorker() {
  const place = join(stage, "sw.js");
  if (!release) {
    // A page under development must not be kept: whoever has an older service worker gets rid of it.
    await writeFile(place, 'addEventListener("activate", () => registration.unregister());\n');
    return;
  }
  const template = await readFile(place, "utf8");
  const list = {};
  for (const file of await filesIn(stage)) {
    if (file === "sw.js" || (file.startsWith("weights/") && file !== "weights/manifest.json")) continue;
    const content = await readFile(join(stage, file));
    const address = file.split("/").map(encodeURIComponent).join("/");
    list[file === "index.html" ? "./" : address] = `sha256-${hash(content).digest("base64")}`;
  }
  const version = hash(JSON.stringify(list), template).digest("hex").slice(0, 16);
  const filled = template
    .replace('const VERSION = "__VERSION__";', () => `const VERSION = ${JSON.stringify(version)};`)
    .replace("const FILES = {};", () => `const FILES = ${JSON.stringify(list, null, 2)};`);
  if (filled.includes("__VERSION__") || filled.includes("FILES = {};")) fail("public/sw.js has lost the lines that the build fills in");
  await writeFile(place, filled);
}
