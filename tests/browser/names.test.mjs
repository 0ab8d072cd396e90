// Names out of files stand apart: written from right to left they turn nothing around, and what cannot be seen of them is written out.
import assert from "node:assert/strict";
import test from "node:test";
import { eventually, newContext, serve } from "./support/harness.mjs";
import { alertSays, answers, chooseTable, constantHead, goTo, openPalette, preview, verdict } from "./support/palette.mjs";

const TABLE = "prompt,answer,חן,wit\nמה זה?,כך.,1,0.5\nמה זה?,לא.,2,0.25\nלמה?,כן.,3,0.75\nלמה?,אולי.,5,0.1\n";

/** Names in the page that do not stand apart, and texts with a character that cannot be seen. */
const astray = (page) =>
  page.evaluate(() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent;
      const parent = node.parentElement;
      // What is only read aloud, and what the person writes.
      if (parent.closest(".visually-hidden, textarea, script, style, noscript, .badge, .badge *")) continue;
      // An answer is a paragraph of its own.
      if (parent.matches("section li > p, section li div > p") && !parent.closest(".preview")) continue;
      if (/[\u200b-\u200f\u202a-\u202e]/.test(text)) found.push(`unseen: ${text}`);
      const outside = text.replace(/\u2068[^\u2069]*\u2069/g, "");
      if (/[\u0590-\u08ff]/.test(outside) && !parent.closest("bdi")) found.push(`not apart: ${parent.outerHTML.slice(0, 200)}`);
    }
    for (const element of document.querySelectorAll("[title]")) {
      const outside = element.title.replace(/\u2068[^\u2069]*\u2069/g, "");
      if (/[\u0590-\u08ff]/.test(outside)) found.push(`title: ${element.title}`);
    }
    return found;
  });

const apart = (page) => eventually(async () => assert.deepEqual(await astray(page), []));

async function start(t) {
  const server = await serve(t);
  const page = await openPalette(await newContext(t), server.url);
  await verdict(page);
  return page;
}

test("a table's name, columns and prompts stand apart in every view", async (t) => {
  const page = await start(t);
  await chooseTable(page, "של\u200bום.csv", TABLE);
  const { region, compose } = preview(page);
  await compose.waitFor();
  assert.match(await region.getByRole("heading").first().innerText(), /של⟨U\+200B⟩ום\.csv/);
  await apart(page);
  await compose.click();
  await verdict(page);
  await apart(page);
  // Out of reach: the proof and what would help name the values, too.
  const level = page.getByRole("spinbutton", { name: "חן target level" });
  await page.getByRole("combobox", { name: "חן kind of target" }).selectOption({ label: "at least level" });
  await level.fill("4.9");
  await level.press("Enter");
  await page.getByRole("combobox", { name: "wit kind of target" }).selectOption({ label: "at least level" });
  await page.getByRole("spinbutton", { name: "wit target level" }).fill("0.74");
  await page.getByRole("spinbutton", { name: "wit target level" }).press("Enter");
  await page.getByRole("heading", { name: "What would help" }).waitFor();
  await apart(page);
  await goTo(page, "Data");
  await page.getByRole("heading", { name: /^Values of/ }).waitFor();
  await apart(page);
  await page.getByRole("button", { name: /^Save/ }).click();
  await page.getByText("is saved in this browser").waitFor();
  await apart(page);
  await page.getByRole("button", { name: /^Delete/ }).click();
  await page.getByText("is deleted.").waitFor();
  await apart(page);
  assert.deepEqual(page.problems, []);
});

test("so do the name of a refused file, and those of a model and a head of one's own", async (t) => {
  const page = await start(t);
  await chooseTable(page, "ריק\u202e.csv", "prompt,answer\nמה?,כך\n");
  await preview(page).alert.waitFor();
  await apart(page);
  await goTo(page, "Answers");
  await page.getByText("A model of your own").click();
  const model = page.getByLabel("Language model (GGUF)");
  await model.setInputFiles({ name: "פתק\u200b.gguf", mimeType: "application/octet-stream", buffer: Buffer.from("not a model") });
  await alertSays(page, "פתק⟨U+200B⟩.gguf", "is not a GGUF file");
  await apart(page);
  await model.setInputFiles({ name: "דגם\u200b.gguf", mimeType: "application/octet-stream", buffer: Buffer.from("GGUF and more") });
  await page.getByText("דגם⟨U+200B⟩.gguf").first().waitFor();
  await page.getByText("Values from outside").click();
  await page.getByLabel("Reward head (safetensors or JSON)").setInputFiles({ ...constantHead("קסם", 1), name: "ראש\u200b.safetensors" });
  await page.getByRole("list", { name: "Added values" }).getByText("ראש⟨U+200B⟩.safetensors").waitFor();
  await apart(page);
  await answers(page).prompts.fill("מה זה?");
  await apart(page);
  assert.deepEqual(page.problems, []);
});
