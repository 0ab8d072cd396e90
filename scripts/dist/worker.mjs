// The workers, each in a folder of its own.
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail, fillIn, integrity, readText, shortHash } from "./files.mjs";

/** The workers' programs, by the names that index.html gives them: one that solves, and one that has the models as well. */
export const WORKERS = ["solver", "worker"];

/**
 * Trunk gives the files of the worker `program` fixed names, and they import each other by those. So they move into a folder that is
 * named by their content, and the page is told its name: a page never starts a worker of another version. Returns the address of its
 * loader, which is ours rather than Trunk's: it says why a worker cannot start. Within the folder all have the same names.
 */
export async function finishWorker(stage, source, wasmScript, program) {
  const names = { [`${program}.js`]: "worker.js", [`${program}_bg.wasm`]: "worker_bg.wasm" };
  for (const name of Object.keys(names)) {
    if (!existsSync(join(stage, name))) fail(`Trunk built no ${name}; does index.html still have the link of the ${program}?`);
  }
  const wasm = await readFile(join(stage, `${program}_bg.wasm`));
  const loader = fillIn(
    await readText(source, "crates/worker/loader.js"),
    { __WASM_SCRIPT__: wasmScript, __WORKER_WASM_INTEGRITY__: integrity(wasm), "size: 0": `size: ${wasm.length}` },
    "crates/worker/loader.js",
  );
  const script = await readText(stage, `${program}.js`);
  // Scripts of crates, imported by their place beside worker.js. The page may import the same ones: copied, not moved.
  const snippets = [...new Set([...script.matchAll(/from\s+['"]\.\/(snippets\/[^'"]+)['"]/g)].map((match) => match[1]))].sort();
  const contents = await Promise.all([...Object.keys(names), ...snippets].map((name) => readFile(join(stage, name))));
  const folder = `${program}-${shortHash(loader, ...contents)}`;
  await mkdir(join(stage, folder));
  for (const [from, to] of Object.entries(names)) await rename(join(stage, from), join(stage, folder, to));
  for (const name of snippets) {
    await mkdir(dirname(join(stage, folder, name)), { recursive: true });
    await copyFile(join(stage, name), join(stage, folder, name));
  }
  await rm(join(stage, `${program}_loader.js`), { force: true });
  await writeFile(join(stage, folder, "worker_loader.js"), loader);
  return `./${folder}/worker_loader.js`;
}
