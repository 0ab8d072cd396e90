// The crates that WebAssembly was compiled from, within it: the custom section `.dep-v0` in the form of cargo auditable, which
// `cargo audit bin` and other scanners read.
import { readFile, writeFile } from "node:fs/promises";
import { deflateSync } from "node:zlib";

const SECTION = ".dep-v0";

function leb128(number) {
  const bytes = [];
  do {
    bytes.push((number & 127) | (number > 127 ? 128 : 0));
    number >>>= 7;
  } while (number > 0);
  return Buffer.from(bytes);
}

/** `crates` as `compiledInto` has them. */
export function dependencyList(crates) {
  const place = new Map(crates.map(({ key }, i) => [key, i]));
  const packages = crates.map(({ name, version, own, needs, root }) => ({
    name,
    version,
    source: own ? "local" : "crates.io",
    ...(needs.length > 0 && { dependencies: [...new Set(needs.map((key) => place.get(key)))].sort((a, b) => a - b) }),
    ...(root && { root: true }),
  }));
  return { packages };
}

/** Appends the list to the module in `file`. */
export async function addDependencyList(file, crates) {
  // Stored rather than packed: what packing gives differs from one zlib to the next, and the same commit is to give the same bytes.
  const list = deflateSync(JSON.stringify(dependencyList(crates)), { level: 0 });
  const name = Buffer.from(SECTION);
  const body = Buffer.concat([leb128(name.length), name, list]);
  await writeFile(file, Buffer.concat([await readFile(file), Buffer.from([0]), leb128(body.length), body]));
}
