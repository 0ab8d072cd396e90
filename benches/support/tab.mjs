// A tab of Chromium on a small server, for what is measured in the browser.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".html": "text/html", ".json": "application/json", ".csv": "text/csv" };
const HERE = fileURLToPath(new URL(".", import.meta.url));

/**
 * Opens a tab on an empty page. `find(path)` says what a path holds: a file's name, or `{ body, type }`; nothing for a path that does not exist.
 * The scripts of this folder are at /support/.
 */
export async function openTab(find) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://x").pathname;
    try {
      const found = path === "/" ? { body: "<!doctype html><title>bench</title>", type: ".html" } : path.startsWith("/support/") ? join(HERE, path.slice(9)) : await find(path);
      const { body, type } = typeof found === "string" ? { body: await readFile(found), type: extname(found) } : found;
      response.writeHead(200, { "content-type": TYPES[type] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const browser = await chromium.launch({ executablePath: process.env.MAP_PALETTE_CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
  const tab = await (await browser.newContext()).newPage();
  await tab.goto(`http://127.0.0.1:${server.address().port}/`);
  const close = async () => {
    await browser.close();
    server.close();
  };
  return { tab, version: browser.version(), close };
}

/** Address of the worker's loader in a built page. */
export async function workerLoader(dist) {
  return /name="?map-palette-worker"? content="?([^"\s>]+)/.exec(await readFile(join(dist, "index.html"), "utf8"))[1];
}

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
