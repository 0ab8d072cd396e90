// The same answers in a browser of another make. Needs a Firefox, which setup does not install: where there is none this says so and is skipped.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { workerLoader } from "../../benches/support/tab.mjs";
import { assertTheFirst, builtInPrompt } from "./support/built-in.mjs";
import { firefox, noFirefox } from "./support/firefox.mjs";
import { dist, serve } from "./support/harness.mjs";

const skip = noFirefox || (!existsSync(join(dist, "weights", "manifest.json")) && "this build has no weights; scripts/setup makes them");

/** Ends with the test, and its folder with it. `ended` resolves when it ends by itself. */
async function openFirefox(t, address) {
  const profile = await mkdtemp(join(tmpdir(), "map-palette-firefox-"));
  const running = spawn(firefox, ["--headless", "--no-remote", "--profile", profile, address], { stdio: "ignore", env: { ...process.env, HOME: profile } });
  const ended = new Promise((done) => running.once("exit", done));
  t.after(async () => {
    running.kill();
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  return { ended };
}

test("Firefox starts the page and its worker under the policy, without a violation", { skip: noFirefox, timeout: 120_000 }, async (t) => {
  const { headers } = JSON.parse(await readFile(join(dist, "security.json"), "utf8"));
  const reports = [];
  let begun;
  const workerBegins = new Promise((done) => { begun = done; });
  const server = await serve(t, {
    headers: { ...headers, "Content-Security-Policy": `${headers["Content-Security-Policy"]}; report-uri /csp-report` },
    intercept: async (path, request, response) => {
      // The page asks for it once its own WebAssembly runs.
      if (path.endsWith("/worker_bg.wasm")) begun("the worker begins");
      if (path !== "csp-report") return false;
      const parts = [];
      for await (const part of request) parts.push(part);
      reports.push(Buffer.concat(parts).toString());
      response.writeHead(204).end();
      return true;
    },
  });
  const { ended } = await openFirefox(t, server.url);
  assert.equal(await Promise.race([workerBegins, ended.then(() => "Firefox ended by itself")]), "the worker begins");
  // The first view is drawn and the first palette solved meanwhile; a report takes a moment.
  await new Promise((done) => setTimeout(done, 10_000));
  assert.deepEqual(reports, []);
});

const pageWorker = fileURLToPath(new URL("../../benches/support/page-worker.mjs", import.meta.url));

/** Runs in the page: draws what is asked for and sends it back, or why it could not. */
const script = (loader, requests) => `<!doctype html><title>check</title><script type="module">
  const send = (result) => fetch("result", { method: "POST", body: JSON.stringify(result) });
  try {
    const { startModels } = await import("./page-worker.mjs");
    const models = await startModels(${JSON.stringify(loader)}, "./");
    const sets = [];
    for (const { answers, tokens, seed, prompt } of ${JSON.stringify(requests)}) {
      const { texts, rewards } = await models.draw(answers, tokens, BigInt(seed), prompt);
      sets.push({ texts, rewards });
    }
    await send({ sets });
  } catch (error) {
    await send({ error: String(error) });
  }
</script>`;

test("Firefox draws what the built-in sample set was made of: the same texts and rewards", { skip, timeout: 300_000 }, async (t) => {
  const { prompt, tokens, seed, wanted } = await builtInPrompt();
  const requests = [1, 3, 11, wanted.length].map((answers) => ({ answers, tokens, seed, prompt }));
  const page = script(await workerLoader(dist), requests);
  let receive;
  const received = new Promise((done) => { receive = done; });
  const server = await serve(t, {
    intercept: async (path, request, response) => {
      if (path === "check.html") response.writeHead(200, { "Content-Type": "text/html" }).end(page);
      else if (path === "page-worker.mjs") response.writeHead(200, { "Content-Type": "text/javascript" }).end(await readFile(pageWorker));
      else if (path === "result") {
        const parts = [];
        for await (const part of request) parts.push(part);
        response.end();
        receive(JSON.parse(Buffer.concat(parts)));
      } else return false;
      return true;
    },
  });
  const { ended } = await openFirefox(t, `${server.url}check.html`);
  const { sets, error } = await Promise.race([received, ended.then(() => ({ error: "Firefox ended by itself" }))]);
  assert.equal(error, undefined);
  assert.deepEqual(sets.map(({ texts }) => texts.length), requests.map(({ answers }) => answers));
  for (const { texts, rewards } of sets) assertTheFirst(texts.map((text, j) => ({ text, rewards: rewards[j] })), wanted);
});
