// The whole page under its policy: no violation, and no request to another host, in all views, while answers are drawn, with a model
// and a table of one's own, and at every export.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { dist, eventually, newContext, serve } from "./support/harness.mjs";
import { answers, ask, goTo, jobEnds, openPalette, openTable, setTarget, values, verdict } from "./support/palette.mjs";
import { models, needsWeights } from "./support/weights.mjs";

const { HASHES, POLICIES, meta, headers } = JSON.parse(readFileSync(join(dist, "security.json"), "utf8"));
const STRICT = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval' ${HASHES.map((hash) => `'${hash}'`).join(" ")}; style-src 'self'; connect-src 'self'; worker-src 'self'; img-src 'self' data: blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types ${POLICIES.join(" ")}`;
const TABLE = "prompt,answer,humor,care\nWhy?,a,0.5,1\nWhy?,b,1.5,0\nHow?,c,0,2\nHow?,d,1,1\n";

/** A server that sends `policy`, hears every report of a violation, and a page whose violations and requests are gathered. */
async function watched(t, policy) {
  const reports = [];
  const server = await serve(t, {
    headers: { "Content-Security-Policy": `${policy}; report-uri /csp-report` },
    intercept: async (path, request, response) => {
      if (path !== "csp-report") return false;
      const parts = [];
      for await (const part of request) parts.push(part);
      reports.push(Buffer.concat(parts).toString());
      response.writeHead(204).end();
      return true;
    },
  });
  const context = await newContext(t);
  const elsewhere = [];
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== new URL(server.url).origin) elsewhere.push(request.url());
  });
  await context.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      globalThis.violations.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`);
    });
  });
  const page = await openPalette(context, server.url);
  const logged = [];
  page.on("console", (message) => /Content.Security.Policy|Trusted ?(Type|HTML|Script)/i.test(message.text()) && logged.push(message.text()));
  const sound = async () => {
    assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
    assert.deepEqual(reports, []);
    assert.deepEqual(logged, []);
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(page.problems, []);
  };
  return { page, sound };
}

/** Presses every export that the view offers. */
async function exportAll(page) {
  const buttons = await page.getByRole("button", { name: /^Export|as CSV|as JSON/ }).all();
  for (const button of buttons) {
    const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
    assert.ok((await readFile(await download.path())).length > 0);
  }
  return buttons.length;
}

test("the policy that the build writes down is the strict one, in the page and in every ready file", async () => {
  assert.deepEqual(HASHES, []);
  const parts = (policy) => policy.split(";").map((part) => part.trim().replace(/\s+/g, " ")).sort();
  assert.deepEqual(parts(headers["Content-Security-Policy"]), parts(STRICT));
  assert.deepEqual(parts(meta), parts(STRICT).filter((part) => !part.startsWith("frame-ancestors")));
  const html = await readFile(join(dist, "index.html"), "utf8");
  assert.ok(html.includes(`<meta http-equiv="Content-Security-Policy" content="${meta}">`));
  assert.ok(html.indexOf("Content-Security-Policy") < html.indexOf("<script"), "before any script");
  for (const file of ["_headers", ".htaccess", "hosting/nginx.conf", "hosting/Caddyfile", "hosting/firebase.json", "hosting/vercel.json", "sw.js"]) {
    assert.ok((await readFile(join(dist, file), "utf8")).includes(headers["Content-Security-Policy"]), file);
  }
});

test("composing, every view, tables and exports: no violation and no other host", async (t) => {
  const { page, sound } = await watched(t, STRICT);
  await verdict(page);
  const [first] = await values(page);
  await setTarget(page, first, "at least level", 5);
  await verdict(page);
  for (const summary of await page.locator("main summary").all()) await summary.click();
  await setTarget(page, first, "maintain");
  await verdict(page);
  for (const view of ["Answers", "Studies", "Data", "Models", "Compose"]) {
    await goTo(page, view);
    for (const summary of await page.locator("main summary").all()) if (await summary.isVisible()) await summary.click();
  }
  await goTo(page, "Data");
  assert.ok((await exportAll(page)) > 0);
  await openTable(page, "own.csv", TABLE);
  await eventually(async () => assert.match(await page.locator("body").innerText(), /own/));
  await goTo(page, "Compose");
  await verdict(page);
  // Colours and bars come by the style sheet and by CSSOM.
  const strip = page.getByRole("listitem").filter({ has: page.getByRole("slider").first() }).first();
  assert.notEqual(await strip.evaluate((element) => getComputedStyle(element).getPropertyValue("--c").trim()), "");
  await sound();
});

test("what the page would never make is refused", async (t) => {
  const { page } = await watched(t, STRICT);
  await verdict(page);
  const outcomes = await page.evaluate(async () => {
    const tried = (make) => {
      try {
        make();
        return "passed";
      } catch (error) {
        return error.name;
      }
    };
    const into = (markup) => () => (document.createElement("template").innerHTML = markup);
    return {
      words: tried(into('<p class="hint" title="it is on style">This is a form of data, on="x".</p>')),
      handler: tried(into('<img alt="" onerror="alert(1)">')),
      image: tried(into("<img src=x>")),
      script: tried(into("<script>alert(1)</script>")),
      frame: tried(into("<p><iframe srcdoc=x></iframe></p>")),
      link: tried(into('<a href="javascript:alert(1)">x</a>')),
      style: tried(into('<p style="color:red">x</p>')),
      worker: tried(() => new Worker("./sw.js")),
      code: tried(() => globalThis.setTimeout("alert(1)")),
    };
  });
  const { words, ...refused } = outcomes;
  assert.equal(words, "passed");
  for (const [what, outcome] of Object.entries(refused)) assert.match(outcome, /TypeError|EvalError/, what);
});

test("answers are drawn, and with a model of one's own", needsWeights, async (t) => {
  const { page, sound } = await watched(t, STRICT);
  const form = await ask(page, { prompts: ["Name a colour."], perPrompt: 2, tokens: 4, workers: 1 });
  await form.generate.click();
  await jobEnds(page);
  await form.outcome.getByText(/2/).first().waitFor();
  assert.ok((await exportAll(page)) > 0);
  // What the page itself loads is in shards; a file of one's own is whole. The worker reads it until it finds that it is none.
  const [model] = models;
  const shard = join(dist, "weights", model.shards[0].file);
  await page.getByText("A model of your own").click();
  await page.getByLabel("Language model (GGUF)").setInputFiles(shard);
  await form.generate.click();
  await jobEnds(page);
  const said = await page.locator("main").innerText();
  assert.doesNotMatch(said, /cannot be read any more/);
  await sound();
});
