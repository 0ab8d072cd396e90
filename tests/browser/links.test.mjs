// Links as chats and mails hand them on: understood, or what was left out is said and the address stays.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { eventually, newContext, serve } from "./support/harness.mjs";
import { alertSays, noAlert, openPalette, setTarget, strip, values, verdict } from "./support/palette.mjs";

const casesFolder = new URL("../cases/", import.meta.url);
const links = (await readFile(new URL("35-mangled-links/links.txt", casesFolder), "utf8")).trim().split("\n");

const hash = (page) => page.evaluate(() => location.hash);

async function isTheGoodOne(page, link) {
  await verdict(page);
  await noAlert(page);
  const humor = strip(page, "humor");
  assert.equal(await humor.kind.inputValue(), "quantile", link);
  assert.equal(await humor.level.inputValue(), "80", link);
  assert.equal(await strip(page, "helpful").level.inputValue(), "0.25", link);
  assert.equal(await strip(page, "harmless").kind.inputValue(), "maintain", link);
  await page.waitForFunction(() => /seed=42.*t\.humor=q80/.test(location.hash));
  assert.deepEqual(page.problems, []);
}

test("mangled links are the good one, and the address is put right", async (t) => {
  const server = await serve(t);
  const context = await newContext(t);
  const [good] = links;
  const more = [good.replace("#", "?"), good.toUpperCase(), `${good}%E2%80%9D).`, good.replaceAll("&", "&#38;"), `${good}?utm_source=x`];
  for (const link of [...links, ...more]) {
    const page = await openPalette(context, `${server.url}${link}`);
    await isTheGoodOne(page, link);
    await page.close();
  }
});

test("what is not understood stays in the address until something is changed, and can be copied back", async (t) => {
  const server = await serve(t);
  const page = await openPalette(await newContext(t), server.url, "v=1&t.humor=q80&t.helpful=much&colour=red");
  await verdict(page);
  await alertSays(page, "Part of this link could not be read", "t.helpful=much", "colour=red");
  await page.waitForTimeout(800);
  assert.equal(await hash(page), "#v=1&t.humor=q80&t.helpful=much&colour=red");
  assert.equal(await strip(page, "humor").level.inputValue(), "80");
  await setTarget(page, "humor", "at least quantile", 60);
  await page.waitForFunction(() => location.hash.includes("t.humor=q60") && !location.hash.includes("much"));
  await page.getByRole("button", { name: "Copy the link as it came" }).click();
  await eventually(async () =>
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${server.url}#v=1&t.humor=q80&t.helpful=much&colour=red`));
});

test("a link with a thousand strangers is one message, and the verdict is near", async (t) => {
  const link = (await readFile(new URL("security-09-thousand-strangers/link.txt", casesFolder), "utf8")).trim();
  const server = await serve(t);
  for (const size of ["wide", "phone"]) {
    const page = await openPalette(await newContext(t, { size }), server.url, link);
    await verdict(page);
    await alertSays(page, "“x0”", /and \d+ more, which are not values/);
    assert.equal(await page.getByRole("alert").filter({ visible: true, hasText: /\S/ }).count(), 1);
    // On a phone a line says it, and the rest comes after the strips.
    const line = page.getByRole("button", { name: /Why\?/ });
    const said = size === "phone" ? line : page.getByRole("region", { name: "Verdict" });
    const box = await said.boundingBox();
    assert.ok(box.y < 2 * page.viewportSize().height, `${size}: ${box.y}`);
    await page.waitForTimeout(600);
    assert.equal(await hash(page), `#${link}`);
  }
});

test("fifty bad links in a row leave one message, with their number", async (t) => {
  const server = await serve(t);
  const page = await openPalette(await newContext(t), server.url);
  await verdict(page);
  for (let i = 0; i < 50; i++) {
    await page.evaluate((i) => { location.hash = `v=1&t.humor=bad${i}&k${i}=1`; }, i);
    await page.waitForTimeout(20);
  }
  await alertSays(page, "bad49", /\(\d+ times\)/);
  assert.equal(await page.getByRole("alert").filter({ visible: true, hasText: /\S/ }).count(), 1);
  assert.ok((await values(page)).length > 0);
});

test("names are set apart, and what cannot be seen in them is shown", async (t) => {
  const server = await serve(t);
  const page = await openPalette(await newContext(t), server.url, `v=1&t.${encodeURIComponent("ab\u202Ecd\u200B")}=1`);
  await verdict(page);
  await alertSays(page, "ab⟨U+202E⟩cd⟨U+200B⟩");
  const isolated = await page.getByRole("alert").filter({ hasText: "ab" }).evaluate((alert) => [...alert.querySelectorAll("bdi")].map((bdi) => bdi.textContent));
  assert.ok(isolated.includes("ab⟨U+202E⟩cd⟨U+200B⟩"), JSON.stringify(isolated));
});
