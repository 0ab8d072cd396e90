// Sample sets saved in this browser: kept in its database, also those that an earlier version kept in its cache.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, newContext, newForgetfulContext, offlineReady, serve } from "./support/harness.mjs";
import { goTo, openPalette, openTable } from "./support/palette.mjs";

const OLD_SHELF = "map-palette-sets";
const BYTES = 1234;

const set = (name) => ({
  name,
  about: "made for a test",
  values: [{ name: "wit", unit: "points", measured: "By hand." }],
  prompts: ["Why?", "How?"],
  answers: [0, 0, 1, 1].map((prompt, i) => ({ prompt, text: `answer ${i}`, rewards: [i] })),
});

/** Keeps sets as earlier versions did; `elsewhere` belongs to another copy of the page under the same host. */
const keepAsBefore = (page, sets, elsewhere) =>
  page.evaluate(
    async ({ shelf, bytes, sets, elsewhere }) => {
      const cache = await caches.open(shelf);
      const folder = new URL("saved-sets/", document.baseURI);
      for (const { from, ...set } of sets) {
        const address = `${folder}${encodeURIComponent(set.name)}?bytes=${bytes}&from=${from}`;
        await cache.put(address, new Response(JSON.stringify(set)));
      }
      if (elsewhere) {
        const address = new URL(`../elsewhere/saved-sets/${elsewhere}?bytes=1&from=file`, document.baseURI);
        await cache.put(address.href, new Response("{}"));
      }
    },
    { shelf: OLD_SHELF, bytes: BYTES, sets, elsewhere },
  );

/** Addresses on the old shelf; undefined when there is none. */
const oldShelf = (page) =>
  page.evaluate(
    async (shelf) => ((await caches.has(shelf)) ? (await (await caches.open(shelf)).keys()).map((request) => request.url) : undefined),
    OLD_SHELF,
  );

const savedSets = (page) => page.getByRole("list", { name: "Saved sample sets" }).getByRole("listitem");
const names = async (page) => (await savedSets(page).locator("b").allInnerTexts());

test("sets that an earlier version kept are carried over, open, and are gone from the cache", async (t) => {
  const server = await serve(t);
  const page = await openPalette(await newContext(t), server.url);
  await offlineReady(page);
  const before = await page.evaluate(() => caches.keys());
  await keepAsBefore(page, [{ ...set("Mine & “yours”?"), from: "file" }, { ...set("A second one"), from: "here" }]);
  await page.reload();
  await goTo(page, "Data");
  await eventually(async () => assert.deepEqual(await names(page), ["A second one", "Mine & “yours”?"]));
  await page.getByText("2 sets, 3 kB").waitFor();
  await eventually(async () => assert.equal(await oldShelf(page), undefined));
  assert.deepEqual(await page.evaluate(() => caches.keys()), before, "the page's own files stay");

  // They are there to stay: after another start, and with their content.
  await page.reload();
  await goTo(page, "Data");
  const row = savedSets(page).filter({ hasText: "yours" });
  await row.getByText("2 kB").waitFor();
  await row.getByRole("button", { name: /^Open/ }).click();
  await page.getByText("Composing on “Mine & “yours”?” now.").waitFor();
  await page.getByText(/^opened · 2 questions × 2 answers/).waitFor();
  assert.deepEqual(page.problems, []);
});

test("another copy's sets stay where they are, and a newer set of the same name is not overwritten", async (t) => {
  const server = await serve(t);
  const page = await openPalette(await newContext(t), server.url);
  await goTo(page, "Data");
  await openTable(page, "mine.csv", "prompt,answer,wit\nWhy?,Because.,1\nWhy?,Nobody knows.,2\nHow?,So.,3\nHow?,Thus.,5\n");
  await page.getByRole("button", { name: /^Save/ }).click();
  await page.getByText("is saved in this browser").waitFor();
  const [name] = await names(page);
  const size = await savedSets(page).first().innerText();
  await keepAsBefore(page, [{ ...set(name), from: "here" }], "theirs");
  await page.reload();
  await goTo(page, "Data");
  await eventually(async () => assert.deepEqual((await oldShelf(page)).map((url) => new URL(url).pathname), ["/elsewhere/saved-sets/theirs"]));
  assert.deepEqual(await names(page), [name]);
  assert.equal(await savedSets(page).first().innerText(), size);
  assert.deepEqual(page.problems, []);
});

test("saving a set of the same name replaces it, and deleting can be undone", async (t) => {
  const server = await serve(t);
  const page = await openPalette(await newContext(t), server.url);
  await goTo(page, "Data");
  await openTable(page, "mine.csv", "prompt,answer,wit\nWhy?,Because.,1\nWhy?,Nobody knows.,2\nHow?,So.,3\nHow?,Thus.,5\n");
  const save = page.getByRole("button", { name: /^Save/ });
  for (let again = 0; again < 2; again++) await save.click();
  await eventually(async () => assert.equal((await names(page)).length, 1));
  await savedSets(page).getByRole("button", { name: /^Delete/ }).click();
  await eventually(async () => assert.equal((await names(page)).length, 0));
  await page.getByRole("button", { name: "Undo", exact: true }).last().click();
  await eventually(async () => assert.equal((await names(page)).length, 1));
  assert.deepEqual(page.problems, []);
});

test("where there is no room the sentence says so, and what an earlier version kept is not lost", async (t) => {
  const server = await serve(t);
  const context = await newContext(t);
  // A browser asks but now and then how much room its database has, so that a quota set here would come too late: what is
  // larger than a megabyte is refused as it refuses it.
  await context.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value, ...rest) {
      if (globalThis.isFull && typeof value === "string" && value.length > 1e6) throw new DOMException("Full.", "QuotaExceededError");
      return put.call(this, value, ...rest);
    };
  });
  const page = await openPalette(context, server.url);
  await offlineReady(page);
  await keepAsBefore(page, [{ ...set("Large"), about: "x".repeat(3e6), from: "file" }]);
  await page.evaluate(() => (globalThis.isFull = true));
  await goTo(page, "Data");
  await page.getByText(/“Large”, which an earlier version saved, was not moved\. This browser has no space left/).waitFor();
  assert.equal((await oldShelf(page)).length, 1);
  await page.reload();
  await goTo(page, "Data");
  await eventually(async () => assert.deepEqual(await names(page), ["Large"]));
  assert.deepEqual(page.problems, []);
});

test("a browser that keeps nothing says so in a sentence", async (t) => {
  const server = await serve(t);
  const page = await openPalette(await newForgetfulContext(t), server.url);
  await goTo(page, "Data");
  await page.getByText("This browser does not let the page keep anything. Export the set as a file instead.").waitFor();
  assert.deepEqual(page.problems, []);
});
