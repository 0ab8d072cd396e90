// What every step of a build's end needs: files, hashes, and how to give up.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

export function fail(message) {
  console.error(`Failed: ${message}.`);
  process.exit(1);
}

export function sha256(...parts) {
  const sha = createHash("sha256");
  for (const part of parts) sha.update(part);
  return sha;
}

/** `sha256-…` or `sha384-…`, as the attribute `integrity` has it. */
export const integrity = (content, kind = "sha256") => `${kind}-${createHash(kind).update(content).digest("base64")}`;

/** Sixteen digits that name a content. */
export const shortHash = (...parts) => sha256(...parts).digest("hex").slice(0, 16);

/** Files under `folder`, relative to `top`, with forward slashes, sorted. */
export async function filesIn(folder, top = folder) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesIn(path, top)));
    else found.push(relative(top, path).split(sep).join("/"));
  }
  return found.sort();
}

/** `text` with each key of `values` replaced by its value; each must be there once. */
export function fillIn(text, values, name) {
  for (const [key, value] of Object.entries(values)) {
    if (text.split(key).length !== 2) fail(`${name} must hold “${key}” once, for the build to fill in`);
    text = text.replace(key, () => value);
  }
  return text;
}

export const readText = (...path) => readFile(join(...path), "utf8");
