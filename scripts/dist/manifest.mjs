// The list that `palette verify` checks a served folder against.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { filesIn, sha256 } from "./files.mjs";

export const MANIFEST = "manifest-sha256.json";

/** Every file with its size in bytes and its SHA-256 in hex, but the list itself. */
export async function writeManifest(stage) {
  const files = {};
  for (const file of await filesIn(stage)) {
    if (file === MANIFEST) continue;
    const content = await readFile(join(stage, file));
    files[file] = { bytes: content.length, sha256: sha256(content).digest("hex") };
  }
  const list = `${JSON.stringify({ format: "map-palette-dist-1", files }, null, 1)}\n`;
  await writeFile(join(stage, MANIFEST), list);
}
