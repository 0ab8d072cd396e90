// licences.txt: what a built page passes on, under which licence, with the texts; and the list of crates within the WebAssembly.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compiledInto, workspace } from "./crates.mjs";
import { addDependencyList } from "./dependency-list.mjs";
import { fail, filesIn, readText } from "./files.mjs";

const LICENCE_FILE = /^(licen[cs]e|copying|notice|unlicense|copyright)/i;
const LINE = "=".repeat(80);

/** Texts of the licence files of a crate, or the text that its licence has where it brings none. */
async function textsOf(crate, source) {
  const names = (await readdir(crate.folder, { withFileTypes: true })).filter((entry) => entry.isFile() && LICENCE_FILE.test(entry.name));
  const texts = await Promise.all(names.map(({ name }) => name).sort().map((name) => readFile(join(crate.folder, name), "utf8")));
  if (texts.length > 0) return texts;
  const mit = await readText(source, "LICENSE-MIT");
  if (/\bMIT\b/.test(crate.licence)) {
    const holders = crate.authors.length > 0 ? crate.authors.map((author) => author.replace(/\s*<.*>/, "")).join(", ") : `the authors of ${crate.name}`;
    return [mit.replace(/^Copyright .*$/m, `Copyright (c) ${holders}`)];
  }
  if (/\bApache-2\.0\b/.test(crate.licence)) return [await readText(source, "LICENSE-APACHE")];
  return fail(`${crate.key} (${crate.licence || "no licence"}) brings no licence text, and there is none here that fits`);
}

const tidy = (text) => text.replace(/\r\n?/g, "\n").replace(/[ \t]+$/gm, "").replace(/^\n+|\n+$/g, "");

async function licences(source, crates) {
  const texts = new Map();
  for (const crate of crates.filter(({ own }) => !own)) {
    for (const text of await textsOf(crate, source)) {
      // The same text with other line breaks is the same text.
      const same = text.replace(/\s+/g, " ").trim();
      const found = texts.get(same) ?? { text: tidy(text), crates: [] };
      if (!found.crates.includes(crate.key)) found.crates.push(crate.key);
      texts.set(same, found);
    }
  }
  const notice = tidy(await readText(source, "NOTICE.md"));
  const own = [tidy(await readText(source, "LICENSE-MIT")), tidy(await readText(source, "LICENSE-APACHE"))];
  const list = crates.filter(({ own }) => !own).map(({ key, licence }) => `  ${key}: ${licence}`).join("\n");
  const parts = [
    `Licences and notices of what this page is made of\n\n${notice}`,
    `MAP Palette itself: MIT or Apache-2.0. The language model and the sentence encoder: Apache-2.0, whose text is the second one here.\n\n${own.join(`\n\n${LINE}\n\n`)}`,
    "The standard library of Rust (The Rust Project Developers) is compiled in: MIT or Apache-2.0, the texts of which stand above.",
    `Crates that page and worker are compiled from:\n\n${list}`,
    ...[...texts.values()].map(({ text, crates }) => `${crates.join(", ")}:\n\n${text}`),
  ];
  return `${parts.join(`\n\n${LINE}\n\n`)}\n`;
}

/** `stage` holds what Trunk made, under Trunk's names. */
export async function addNotices(stage, source) {
  const known = workspace(source);
  const page = compiledInto(source, known, "map-palette");
  const worker = compiledInto(source, known, "palette-worker");
  const solver = compiledInto(source, known, "palette-worker", ["--no-default-features"]);
  const listOf = (file) => (file.startsWith("worker") ? worker : file.startsWith("solver") ? solver : page);
  const modules = (await filesIn(stage)).filter((file) => file.endsWith(".wasm"));
  for (const file of modules) await addDependencyList(join(stage, file), listOf(file));
  const all = new Map([...page, ...worker, ...solver].map((crate) => [crate.key, crate]));
  await writeFile(join(stage, "licences.txt"), await licences(source, [...all.values()].sort((a, b) => (a.key < b.key ? -1 : 1))));
}
