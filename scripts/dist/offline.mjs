// The service worker's list.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isCompressedForm } from "./compress.mjs";
import { filesIn, fillIn, integrity, readText, shortHash } from "./files.mjs";
import { headers, isForTheHost, TYPES } from "./policy.mjs";

/** Not needed for the page to work: the shards, which the worker keeps itself, and what is there to be read. */
const isKeptElsewhere = (file) =>
  file === "sw.js" ||
  file === "licences.txt" ||
  file.startsWith("screenshots/") ||
  isCompressedForm(file) ||
  isForTheHost(file) ||
  (file.startsWith("weights/") && file !== "weights/manifest.json");

/** Fills in the service worker's list: every file that the page needs, with its SHA-256, and a version made of all of them. */
export async function writeServiceWorker(stage, release) {
  const place = join(stage, "sw.js");
  if (!release) {
    // A page under development must not be kept: whoever has an older service worker gets rid of it.
    await writeFile(place, 'addEventListener("activate", () => registration.unregister());\n');
    return;
  }
  const list = {};
  for (const file of await filesIn(stage)) {
    if (isKeptElsewhere(file)) continue;
    const address = file.split("/").map(encodeURIComponent).join("/");
    list[file === "index.html" ? "./" : address] = integrity(await readFile(join(stage, file)));
  }
  const known = {
    "const FILES = {};": `const FILES = ${JSON.stringify(list, null, 2)};`,
    "const HEADERS = {};": `const HEADERS = ${JSON.stringify(headers(), null, 2)};`,
    "const TYPES = {};": `const TYPES = ${JSON.stringify(TYPES, null, 2)};`,
  };
  const filled = fillIn(await readText(place), known, "public/sw.js");
  await writeFile(place, fillIn(filled, { __VERSION__: shortHash(filled) }, "public/sw.js"));
}
