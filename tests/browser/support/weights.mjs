// The weights of the build under test, and a server that counts what it sends of them.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { dist, serve } from "./harness.mjs";

const file = join(dist, "weights", "manifest.json");
/** The models of the build; none where it has no weights. */
export const models = existsSync(file) ? JSON.parse(await readFile(file, "utf8")).models : [];
/** Options for tests that need weights. */
export const needsWeights = models.length > 0 ? { timeout: 600_000 } : { skip: "this build has no weights; scripts/setup makes them" };
export const filesOf = (model) => model.shards.map((shard) => shard.file);

/** A server that counts the shards it sends. `answer(file, response)` may answer for one itself: it then returns true. */
export async function serveWeights(t, { host, answer, other } = {}) {
  const sent = [];
  const server = await serve(t, {
    host,
    intercept: async (path, request, response) => {
      if (!path.startsWith("weights/") || !path.endsWith(".gguf")) return other ? other(path, response) : false;
      const file = path.slice("weights/".length);
      sent.push(file);
      return answer ? answer(file, response) : false;
    },
  });
  return { server, sent };
}

/** The weights that the browser keeps, by file name. */
export const kept = (page) =>
  page.evaluate(async () => (await (await caches.open("map-palette-weights")).keys()).map((request) => request.url.split("/").at(-1)));

/** Spoils the kept copy of `file`. */
export const spoil = (page, file) =>
  page.evaluate(async (file) => {
    const cache = await caches.open("map-palette-weights");
    const request = (await cache.keys()).find((request) => request.url.endsWith(file));
    await cache.put(request, new Response("not what it was"));
  }, file);
