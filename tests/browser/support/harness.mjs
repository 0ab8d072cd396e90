// Starts the server and the browser for a test, and ends both after it.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { startServer } from "../../../scripts/server.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The release build under test. */
export const dist = process.env.MAP_PALETTE_DIST ?? join(root, "dist");
/** Reference data beside the checkout; may be absent. */
export const shared = process.env.MAP_PALETTE_SHARED ?? join(root, "..", "shared");
/** Where pictures go: outside the checkout. */
export const pictures = process.env.MAP_PALETTE_PICTURES ?? join(process.env.MAP_PALETTE_HOME ?? tmpdir(), "pictures");

export const PAGE_SIZES = { wide: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
/** A name for this machine that is not localhost: the page is then in an insecure context, where nothing may be cached. */
export const INSECURE_HOST = "palette.test";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
];

function findChromium() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const names = [process.env.MAP_PALETTE_CHROMIUM, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const found = names.filter(Boolean).flatMap((name) => (name.includes("/") ? [name] : folders.map((folder) => join(folder, name)))).find(existsSync);
  if (!found) throw new Error("No Chromium was found. Run scripts/setup all, or name one in MAP_PALETTE_CHROMIUM.");
  return found;
}

let launched;
/** One browser for all tests of a file; each test has a context of its own. */
export function browser() {
  launched ??= chromium.launch({ executablePath: findChromium(), args: FLAGS });
  return launched;
}
after(async () => (await launched)?.close());

/** A server of `dist` that ends with the test `t`. */
export async function serve(t, options = {}) {
  const server = await startServer({ dir: dist, ...options });
  t.after(() => server.close());
  return server;
}

/** Contexts share nothing: no cache, no service worker, no storage. */
export async function newContext(t, { size = "wide", theme = "light", ...options } = {}) {
  const context = await (await browser()).newContext({
    viewport: PAGE_SIZES[size],
    colorScheme: theme,
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
    ...options,
  });
  context.setDefaultTimeout(20_000);
  t.after(() => context.close());
  return context;
}

/** A browser that refuses to keep anything: cookies and with them all storage are blocked. It lives as long as the test. */
export async function newForgetfulContext(t) {
  const profile = await mkdtemp(join(tmpdir(), "map-palette-profile-"));
  await mkdir(join(profile, "Default"));
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(join(profile, "Default", "Preferences"), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, { executablePath: findChromium(), args: FLAGS, viewport: PAGE_SIZES.wide });
  context.setDefaultTimeout(20_000);
  t.after(async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  });
  return context;
}

/** A page at `url` that has started. Its uncaught errors, its workers' too, are gathered in `page.problems`, each with what a panic said before it. */
export async function openPage(context, url) {
  const page = await context.newPage();
  page.problems = [];
  let panic = "";
  page.on("console", (message) => {
    if (message.text().startsWith("panicked at")) panic = message.text();
  });
  page.on("pageerror", (error) => {
    page.problems.push([String(error), panic, error.stack].filter(Boolean).join("\n"));
    panic = "";
  });
  await page.goto(url);
  return page;
}

/** Repeats `check` until it does not throw; its last error says what was wrong. */
export async function eventually(check, { timeout = 20_000, pause = 100 } = {}) {
  const end = Date.now() + timeout;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((done) => setTimeout(done, pause));
    }
  }
}

/** Resolves when the page's service worker has installed and is active. */
export async function offlineReady(page) {
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const worker = registration.active;
    if (worker.state !== "activated") await new Promise((done) => worker.addEventListener("statechange", done));
  });
}

export async function takePicture(page, name) {
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}
