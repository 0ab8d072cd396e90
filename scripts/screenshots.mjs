// Takes the pictures that a browser shows when it offers to install the page (public/manifest.webmanifest), from the built page in dist.
//   node scripts/screenshots.mjs
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { startServer } from "./server.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = join(root, "public", "screenshots");
const SIZES = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

await mkdir(out, { recursive: true });
const server = await startServer({ dir: join(root, "dist") });
const browser = await chromium.launch({ executablePath: process.env.MAP_PALETTE_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const [name, viewport] of Object.entries(SIZES)) {
  const page = await browser.newPage({ viewport, reducedMotion: "reduce" });
  await page.goto(server.url);
  await page.locator(".verdict-card .verdict:is(.yes, .edge, .no)").waitFor();
  await page.screenshot({ path: join(out, `${name}.png`), animations: "disabled" });
}
await browser.close();
await server.close();
