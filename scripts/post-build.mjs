// Run by Trunk after a build, on the staged files: from what Trunk has made to what is served. Each step has a file in scripts/dist.
// The order matters: what is hashed later holds what was hashed before.
import { compressFiles } from "./dist/compress.mjs";
import { fail } from "./dist/files.mjs";
import { writeManifest } from "./dist/manifest.mjs";
import { addNotices } from "./dist/notices.mjs";
import { writeServiceWorker } from "./dist/offline.mjs";
import { finishPage, nameWasmScript } from "./dist/page.mjs";
import { writeHostFiles } from "./dist/policy.mjs";
import { layInWeights } from "./dist/weights.mjs";
import { finishWorker, WORKERS } from "./dist/worker.mjs";

const stage = process.env.TRUNK_STAGING_DIR;
const source = process.env.TRUNK_SOURCE_DIR;
if (!stage || !source) fail("this is run by Trunk (scripts/build), not by hand");
const release = process.env.TRUNK_PROFILE === "release";

if (release) await addNotices(stage, source);
const wasmScript = await nameWasmScript(stage);
const loaders = {};
for (const program of WORKERS) loaders[program] = await finishWorker(stage, source, wasmScript, program);
await finishPage(stage, { loaders, wasmScript, release });
await layInWeights(stage, process.env.MAP_PALETTE_WEIGHTS);
await writeHostFiles(stage);
await writeServiceWorker(stage, release);
if (release) {
  await compressFiles(stage);
  await writeManifest(stage);
}
