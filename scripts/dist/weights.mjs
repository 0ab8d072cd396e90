// The models' weights beside the page.
import { existsSync } from "node:fs";
import { copyFile, link, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { readText } from "./files.mjs";

/** The manifest and every shard that it lists: hard links where the disk allows, else copies. */
export async function layInWeights(stage, folder) {
  if (!folder || !existsSync(join(folder, "manifest.json"))) {
    console.warn("There are no weights: this page can compose, but not generate. scripts/setup makes them.");
    return;
  }
  const manifest = JSON.parse(await readText(folder, "manifest.json"));
  const files = ["manifest.json", ...manifest.models.flatMap((model) => model.shards.map((shard) => shard.file))];
  await rm(join(stage, "weights"), { recursive: true, force: true });
  await mkdir(join(stage, "weights"));
  for (const file of files) {
    const [from, to] = [join(folder, file), join(stage, "weights", file)];
    await link(from, to).catch(() => copyFile(from, to));
  }
}
