// A page that cannot start says why within seconds: never blank, never “Loading…” for ever. And what it says when it only has to wait.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { dist, eventually, newContext, offlineReady, openPage, PAGE_SIZES, serve, takePicture } from "./support/harness.mjs";
import { openPalette, verdict, verdictRegion } from "./support/palette.mjs";

const named = (pattern) => readdirSync(dist, { recursive: true }).map(String).find((name) => pattern.test(name));
const SCRIPT = named(/^map-palette-.*\.js$/);
const WASM = named(/^map-palette-.*_bg\.wasm$/);
const BOOT = named(/^boot-.*\.js$/);
const WORKER_WASM = named(/^solver-.*worker_bg\.wasm$/);
const LOADER = named(/^solver-.*worker_loader\.js$/);
const WORKER_SCRIPT = named(/^solver-.*[\\/]worker\.js$/);
const text = { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" };
const html = { "Content-Type": "text/html; charset=utf-8" };

/** What stands in the page, as a person sees it. */
const seen = (page) => page.locator("body").innerText();

/** Waits until the page says why it cannot start, and takes pictures. */
async function cannotStart(page, picture, ...words) {
  const said = await eventually(async () => {
    const said = await seen(page);
    assert.match(said, /MAP Palette (cannot start|has not started)/);
    // Before there is a style, the words of a page without scripts stand there too.
    for (const word of words) assert.match(said, word);
    return said;
  }, { timeout: 12_000 });
  assert.doesNotMatch(said, /Loading/, "it does not say that it is loading");
  assert.doesNotMatch(said, /undefined|\[object|null\b/);
  for (const [size, viewport] of Object.entries(PAGE_SIZES)) {
    await page.setViewportSize(viewport);
    await takePicture(page, `cannot-start-${picture}-${size}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), "nothing scrolls sideways");
  }
  return said;
}

/** A server that answers for one file itself. */
const answering = (t, wanted, answer, headers) =>
  serve(t, { headers, intercept: (path, request, response) => (path === wanted ? (answer(response, request), true) : false) });

async function open(t, url, options) {
  const page = await (await newContext(t, options)).newPage();
  await page.goto(url, { waitUntil: "commit" });
  return page;
}

for (const [name, policy, ...words] of [
  ["default-self", "default-src 'self'", /WebAssembly/, /Content-Security-Policy/, /wasm-unsafe-eval/],
  ["unsafe-inline", "script-src 'self' 'unsafe-inline'", /WebAssembly/, /Content-Security-Policy/, /wasm-unsafe-eval/],
  ["no-scripts", "script-src 'none'", /scripts/, /Content-Security-Policy/],
  ["nothing-at-all", "default-src 'none'", /scripts/, /Content-Security-Policy/],
  ["other-host", "script-src https://example.org 'wasm-unsafe-eval'", /scripts/, /Content-Security-Policy/],
  ["no-connections", "default-src 'self' 'wasm-unsafe-eval'; connect-src 'none'", /could not be fetched/, /connect-src/],
  ["no-trusted-types", "require-trusted-types-for 'script'; trusted-types 'none'", /Trusted Types/, /trusted-types default map-palette-offline/],
  ["sandbox", "sandbox allow-same-origin", /scripts/],
]) {
  test(`the policy “${policy}”`, async (t) => {
    const server = await serve(t, { headers: { "Content-Security-Policy": policy } });
    await cannotStart(await open(t, server.url), name, ...words);
  });
}

test("scripts switched off", async (t) => {
  const server = await serve(t);
  const page = await open(t, server.url, { javaScriptEnabled: false });
  const said = await eventually(async () => {
    const said = await page.locator("#cannot-start").innerText();
    assert.ok(await page.locator("#cannot-start h1").isVisible());
    assert.match(said, /JavaScript is switched off/);
    return said;
  }, { timeout: 12_000 });
  assert.match(said, /has not started/);
});

for (const [what, file] of [["the page's script", SCRIPT], ["the script that starts it", BOOT], ["its WebAssembly", WASM]]) {
  test(`a proxy altered ${what}`, async (t) => {
    const content = await readFile(join(dist, file));
    const type = file.endsWith(".wasm") ? "application/wasm" : "text/javascript";
    const altered = Buffer.concat([content, Buffer.from(file.endsWith(".wasm") ? [0, 2, 1, 120] : "\n/* proxied */\n")]);
    const server = await answering(t, file, (response) => response.writeHead(200, { "Content-Type": type }).end(altered));
    await cannotStart(await open(t, server.url), `altered-${file.split(/[-.]/)[0]}-${file.split(".").pop()}`, /altered/, new RegExp(file.split("/").pop()));
  });

  test(`404 and a page of HTML for ${what}`, async (t) => {
    const server = await answering(t, file, (response) => response.writeHead(404, html).end("<!doctype html><h1>Not here</h1>"));
    await cannotStart(await open(t, server.url), `missing-${file.split(/[-.]/)[0]}-${file.split(".").pop()}`, /missing/, /404/);
  });
}

test("a page of HTML with status 200 in the place of the WebAssembly", async (t) => {
  const server = await answering(t, WASM, (response) => response.writeHead(200, html).end("<!doctype html><h1>Welcome</h1>"));
  await cannotStart(await open(t, server.url), "html-for-wasm", /is not WebAssembly/, /text\/html/);
});

for (const all of [true, false]) {
  test(`${all ? "all scripts" : "the page's own scripts"} as text/plain with nosniff`, async (t) => {
    const server = await serve(t, {
      intercept: async (path, _request, response) => {
        if (!path.endsWith(".js") || (!all && path === "start.js")) return false;
        response.writeHead(200, text).end(await readFile(join(dist, path)));
        return true;
      },
    });
    await cannotStart(await open(t, server.url), all ? "scripts-as-text" : "modules-as-text", /type/, /text\/javascript/);
  });
}

test("opened from the disk", async (t) => {
  await cannotStart(await open(t, pathToFileURL(join(dist, "index.html")).href), "from-disk", /opened from the disk/, /web server/);
});

for (const [lacking, break_] of [
  ["WebAssembly", () => delete globalThis.WebAssembly],
  ["SIMD", () => { const { validate } = WebAssembly; WebAssembly.validate = (bytes) => bytes.length > 60 && validate(bytes); }],
  ["BigInt", () => delete globalThis.BigInt],
]) {
  test(`a browser without ${lacking}`, async (t) => {
    const server = await serve(t);
    const context = await newContext(t);
    await context.addInitScript(break_);
    const page = await context.newPage();
    await page.goto(server.url);
    await cannotStart(page, `without-${lacking}`, /current browser/);
  });
}

test("a wrong type of the WebAssembly is no obstacle, for page and worker", async (t) => {
  const server = await serve(t, {
    intercept: async (path, _request, response) => {
      if (!path.endsWith(".wasm")) return false;
      response.writeHead(200, text).end(await readFile(join(dist, path)));
      return true;
    },
  });
  const page = await openPalette(await newContext(t), server.url);
  await verdict(page);
  assert.deepEqual(page.problems, []);
});

test("the page starts without start.js", async (t) => {
  const server = await answering(t, "start.js", (response) => response.writeHead(404, html).end());
  const page = await openPalette(await newContext(t), server.url);
  await verdict(page);
  await new Promise((done) => setTimeout(done, 6000));
  assert.doesNotMatch(await seen(page), /has not started|cannot start/);
});

test("a slow network is no error: what comes is counted, and what does not come is named", async (t) => {
  const content = await readFile(join(dist, WASM));
  // The page's request, and that of the service worker which installs beside it.
  const halted = [];
  const server = await answering(t, WASM, (response) => {
    response.writeHead(200, { "Content-Type": "application/wasm", "Content-Length": content.length });
    response.write(content.subarray(0, 400_000));
    halted.push(() => response.end(content.subarray(400_000)));
  });
  const page = await open(t, server.url);
  await eventually(async () => assert.match(await seen(page), /Loading MAP Palette… 0\.4 of \d\.\d MB/));
  await eventually(async () => {
    const said = await seen(page);
    assert.match(said, /waits for map-palette-\S+_bg\.wasm, of which nothing has come for \d+ seconds/);
    assert.doesNotMatch(said, /Loading|cannot start/);
  });
  await takePicture(page, "start-waits-wide");
  for (const goOn of halted) goOn();
  await page.getByRole("heading", { level: 1, name: "MAP Palette", exact: true }).waitFor();
});

test("a script that does not come is waited for, in words", async (t) => {
  const halted = [];
  const server = await answering(t, SCRIPT, (response) => halted.push(response));
  const page = await open(t, server.url);
  await eventually(async () => assert.match(await seen(page), /^Loading MAP Palette…$/), { timeout: 5000 });
  await eventually(async () => {
    const said = await seen(page);
    assert.match(said, /waits for its program, of which nothing has come for \d+ seconds/);
    assert.doesNotMatch(said, /Loading|cannot start|has not started/);
  });
  const content = await readFile(join(dist, SCRIPT));
  for (const response of halted) response.writeHead(200, { "Content-Type": "text/javascript" }).end(content);
  await page.getByRole("heading", { level: 1, name: "MAP Palette", exact: true }).waitFor();
});

for (const [what, file, answer, ...words] of [
  ["is missing", WORKER_WASM, (response) => response.writeHead(404, html).end(), /missing: the server answered 404/],
  ["is altered", WORKER_WASM, async (response) => {
    const content = await readFile(join(dist, WORKER_WASM));
    response.writeHead(200, { "Content-Type": "application/wasm" }).end(Buffer.concat([content, Buffer.from([0, 2, 1, 120])]));
  }, /altered/],
  ["that loads it is missing", LOADER, (response) => response.writeHead(404, html).end(), /could not start/, /worker_loader\.js is missing: the server answered 404/, /palette verify/],
  ["that loads it is a page of HTML", LOADER, (response) => response.writeHead(200, html).end("<h1>Welcome</h1>"), /worker_loader\.js as text\/html/, /text\/javascript/],
  ["of bindings is missing", WORKER_SCRIPT, (response) => response.writeHead(404, html).end(), /worker\.js is missing: the server answered 404/],
  ["may compile no WebAssembly", LOADER, async (response) => {
    response.writeHead(200, { "Content-Type": "text/javascript", "Content-Security-Policy": "default-src 'self'" }).end(await readFile(join(dist, LOADER)));
  }, /WebAssembly/, /Content-Security-Policy/],
]) {
  test(`a worker whose file ${what} is said in the page`, async (t) => {
    const server = await answering(t, file, answer);
    // A service worker would soon have a sound copy for the second try.
    const page = await openPage(await newContext(t, { serviceWorkers: "block" }), server.url);
    await eventually(async () => {
      const said = await seen(page);
      for (const word of words) assert.match(said, word);
    });
    assert.ok(await verdictRegion(page).isVisible());
  });
}

test("a damaged copy for use offline heals from the network at the second load at the latest", async (t) => {
  const server = await serve(t);
  const context = await newContext(t);
  const page = await openPage(context, server.url);
  const started = (options) => page.waitForFunction(() => globalThis.wasmBindings !== undefined, undefined, options);
  await started();
  await offlineReady(page);
  await page.reload();
  await started();
  const entries = await page.evaluate(async () => {
    const [name] = (await caches.keys()).filter((name) => name.startsWith("map-palette http"));
    return (await (await caches.open(name)).keys()).map((request) => request.url);
  });
  const kinds = [/_bg\.wasm$/, /map-palette-[0-9a-f]+\.js$/, /\/$/, /worker\.js$/, /worker_bg\.wasm$/, /worker_loader\.js$/, /sample-set\.json$/, /boot-.*\.js$/, /wasm-.*\.js$/, /start\.js$/, /register-sw\.js$/, /style-.*\.css$/, /manifest\.json$/];
  for (const kind of kinds) {
    const url = entries.find((entry) => kind.test(entry)) ?? assert.fail(`no entry like ${kind}`);
    for (const damage of ["half", "nothing", "other", "policy"]) {
      await page.evaluate(async ([url, damage]) => {
        for (const name of (await caches.keys()).filter((name) => name.startsWith("map-palette http"))) {
          const cache = await caches.open(name);
          const kept = await cache.match(url);
          if (!kept) continue;
          const bytes = await kept.arrayBuffer();
          const headers = new Headers(kept.headers);
          if (damage === "policy") headers.set("Content-Security-Policy", "default-src 'none'");
          const body = { half: bytes.slice(0, bytes.byteLength >> 1), nothing: "", other: "not what it was", policy: bytes }[damage];
          await cache.put(url, new Response(body, { headers }));
        }
      }, [url, damage]);
      await page.reload();
      // At the latest the second load; a policy that was stored is never taken over.
      if (damage !== "policy") await started({ timeout: 5000 }).catch(() => page.reload());
      await started();
      await verdict(page);
    }
  }
  assert.deepEqual(page.problems, []);
  // The whole copy is sound again.
  await page.waitForLoadState("networkidle");
  await server.close();
  await context.setOffline(true);
  await page.reload();
  await started();
  await verdict(page);
});
