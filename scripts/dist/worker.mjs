// The worker in a folder of its own.
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail, fillIn, integrity, readText, shortHash } from "./files.mjs";

/**
 * Trunk gives the worker's files fixed names, and they import each other by those. So they move into a folder that is named by their
 * content, and the page is told its name: a page never starts a worker of another version. Returns the address of its loader, which is
 * ours rather than Trunk's: it says why a worker cannot start.
 */
export async function finishWorker(stage, source, wasmScript) {
  const names = ["worker.js", "worker_bg.wasm"];
  for (const name of names) {
    if (!existsSync(join(stage, name))) fail(`Trunk built no ${name}; does index.html still have the worker's link?`);
  }
  const wasm = await readFile(join(stage, "worker_bg.wasm"));
  const loader = fillIn(
    await readText(source, "crates/worker/loader.js"),
    { __WASM_SCRIPT__: wasmScript, __WORKER_WASM_INTEGRITY__: integrity(wasm), "size: 0": `size: ${wasm.length}` },
    "crates/worker/loader.js",
  );
  const script = await readText(stage, "worker.js");
  // Scripts of crates, imported by their place beside worker.js. The page may import the same ones: copied, not moved.
  const snippets = [...new Set([...script.matchAll(/from\s+['"]\.\/(snippets\/[^'"]+)['"]/g)].map((match) => match[1]))].sort();
  const contents = await Promise.all([...names, ...snippets].map((name) => readFile(join(stage, name))));
  const folder = `worker-${shortHash(loader, ...contents)}`;
  await mkdir(join(stage, folder));
  for (const name of names) await rename(join(stage, name), join(stage, folder, name));
  for (const name of snippets) {
    await mkdir(dirname(join(stage, folder, name)), { recursive: true });
    await copyFile(join(stage, name), join(stage, folder, name));
  }
  await rm(join(stage, "worker_loader.js"), { force: true });
  await writeFile(join(stage, folder, "worker_loader.js"), loader);
  return `./${folder}/worker_loader.js`;
}
