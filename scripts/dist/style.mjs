// The style sheets as one file: each request more would hold up the first picture on a slow line.
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fail, integrity, shortHash } from "./files.mjs";

const SHEET = /<link rel="stylesheet" href="\.\/([^"]+\.css)"[^>]*>\s*/g;

/** All sheets but start.css, in their order, become one after it; returns the page. */
export async function joinStyles(stage, html) {
  const sheets = [...html.matchAll(SHEET)].filter(([, name]) => !name.startsWith("start-"));
  if (sheets.length === 0) fail("Trunk wrote no style sheets into index.html; is it another version of Trunk?");
  const contents = await Promise.all(sheets.map(([, name]) => readFile(join(stage, name), "utf8")));
  const style = contents.map((content) => content.trimEnd()).join("\n");
  const name = `style-${shortHash(style)}.css`;
  await writeFile(join(stage, name), style);
  for (const [link, sheet] of sheets) {
    html = html.replace(link, "");
    await rm(join(stage, sheet));
  }
  // Named by its content, and checked by the browser.
  const link = `<link rel="stylesheet" href="./${name}" integrity="${integrity(style, "sha384")}">`;
  return html.replace("</head>", () => `${link}</head>`);
}
