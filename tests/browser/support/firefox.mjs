// An installed Firefox, driven by WebDriver BiDi, which it speaks itself: no driver is needed beside it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { eventually } from "./harness.mjs";
import { openSocket } from "./websocket.mjs";

const folders = (process.env.PATH ?? "").split(delimiter);
/** The program, or nothing where there is none. */
export const firefox = [process.env.MAP_PALETTE_FIREFOX, ...["firefox", "firefox-esr"].flatMap((name) => folders.map((folder) => join(folder, name)))].find((path) => path && existsSync(path));
/** Why a test that needs it is skipped; `false` where it is there. */
export const noFirefox = !firefox && "no Firefox was found; install one, or name it in MAP_PALETTE_FIREFOX";

/** Milliseconds that Firefox may take for one command. */
const PATIENCE = 60_000;

/** Starts Firefox with an empty profile, which ends with the test; resolves to a tab. `size`: of the window's content. */
export async function openTab(t, size = { width: 1280, height: 900 }) {
  const profile = await mkdtemp(join(tmpdir(), "map-palette-firefox-"));
  const running = spawn(firefox, ["--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", profile], { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, HOME: profile } });
  const ended = new Promise((done) => running.once("exit", done));
  t.after(async () => {
    running.kill();
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  const address = new Promise((done) => {
    createInterface(running.stderr).on("line", (line) => {
      const found = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(line);
      if (found) done(`${found[1]}/session`);
    });
  });
  const session = await speak(await Promise.race([address, ended.then(() => Promise.reject(new Error("Firefox ended by itself")))]));
  await session.ask("session.new", { capabilities: {} });
  await session.ask("session.subscribe", { events: ["log.entryAdded"] });
  const { contexts } = await session.ask("browsingContext.getTree", {});
  const tab = new Tab(session, contexts[0].context);
  await session.ask("browsingContext.setViewport", { context: tab.context, viewport: size });
  return tab;
}

/** A connection: `ask(method, params)` resolves to the result of a command; `errors` are uncaught errors and violations of a policy. */
async function speak(address) {
  const waiting = new Map();
  const errors = [];
  let last = 0;
  const receive = (text) => {
    const message = JSON.parse(text);
    if (message.method === "log.entryAdded") {
      const { type, level, text: said } = message.params;
      if ((type === "javascript" && level === "error") || /Content-Security-Policy.*blocked/.test(said)) errors.push(said);
    }
    const { done, failed } = waiting.get(message.id) ?? {};
    if (!done) return;
    waiting.delete(message.id);
    if (message.type === "success") done(message.result);
    else failed(new Error(`${message.error}: ${message.message}`));
  };
  const ended = () => waiting.forEach(({ failed }) => failed(new Error("Firefox has gone")));
  const socket = await openSocket(address, { receive, ended });
  const ask = (method, params) =>
    new Promise((done, failed) => {
      const id = ++last;
      const late = setTimeout(() => failed(new Error(`Firefox did not answer ${method}`)), PATIENCE);
      waiting.set(id, { done: (result) => (clearTimeout(late), done(result)), failed: (error) => (clearTimeout(late), failed(error)) });
      socket.send(JSON.stringify({ id, method, params }));
    });
  return { ask, errors };
}

class Tab {
  constructor(session, context) {
    Object.assign(this, { session, context });
  }

  /** Uncaught errors of the page and its workers, and what a policy blocked. */
  get problems() {
    return this.session.errors;
  }

  async goto(url) {
    await this.session.ask("browsingContext.navigate", { context: this.context, url, wait: "complete" });
  }

  async reload() {
    await this.session.ask("browsingContext.reload", { context: this.context, wait: "complete" });
  }

  async back() {
    await this.session.ask("browsingContext.traverseHistory", { context: this.context, delta: -1 });
  }

  /** What a function of the page comes to; its arguments and its result are JSON. */
  async evaluate(what, ...args) {
    const expression = `(async () => JSON.stringify(await (${what})(...${JSON.stringify(args)})) ?? "null")()`;
    const { result, exceptionDetails } = await this.session.ask("script.evaluate", { expression, target: { context: this.context }, awaitPromise: true });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return JSON.parse(result.value);
  }

  /** An element that is there by now, as a reference. `finder`: a function of the page that finds it. */
  async element(finder, ...args) {
    const expression = `(${finder})(...${JSON.stringify(args)})`;
    return eventually(async () => {
      const { result, exceptionDetails } = await this.session.ask("script.evaluate", { expression, target: { context: this.context }, awaitPromise: false });
      if (exceptionDetails || result?.type !== "node") throw new Error(exceptionDetails?.text ?? `there is no element by ${expression}`);
      return { sharedId: result.sharedId };
    });
  }

  /** Presses keys, one after another; those with a name by their code point in WebDriver. */
  async press(...keys) {
    const actions = keys.flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
    await this.session.ask("input.performActions", { context: this.context, actions: [{ type: "key", id: "keyboard", actions }] });
  }

  async click(finder, ...args) {
    const element = await this.element(finder, ...args);
    await this.evaluateOn(element, "(element) => element.scrollIntoView({ block: 'center' })");
    const actions = [
      { type: "pointerMove", x: 0, y: 0, origin: { type: "element", element } },
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ];
    await this.session.ask("input.performActions", { context: this.context, actions: [{ type: "pointer", id: "mouse", actions }] });
  }

  async evaluateOn(element, functionDeclaration) {
    await this.session.ask("script.callFunction", { functionDeclaration, arguments: [element], target: { context: this.context }, awaitPromise: false });
  }

  async focus(finder, ...args) {
    await this.evaluateOn(await this.element(finder, ...args), "(element) => element.focus()");
  }

  /** Chooses files in a field. */
  async setFiles(files, finder, ...args) {
    await this.session.ask("input.setFiles", { context: this.context, element: await this.element(finder, ...args), files });
  }

  /** Repeats until what the page says of itself passes `check`. */
  async becomes(check, what, ...args) {
    await eventually(async () => check(await this.evaluate(what, ...args)), { timeout: 30_000 });
  }
}

export const KEYS = { arrowRight: "\uE014", arrowLeft: "\uE012", enter: "\uE007", tab: "\uE004" };
