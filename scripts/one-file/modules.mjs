// Modules of the built page as parts of one script. Each is one that this build has made, so its form is known, and what is not of that
// form ends the assembling.
import { fail } from "../dist/files.mjs";

const NAMES = /^export (?:async )?(?:function|class|const) (\w+)/gm;

/** The functions and classes that a module of ours exports, as the properties of an expression. */
export function asExpression(text, name) {
  const names = [...text.matchAll(NAMES)].map(([, found]) => found);
  const body = text.replace(/^export (?=(?:async )?(?:function|class|const) )/gm, "");
  if (names.length === 0 || /^\s*(import|export)\b/m.test(body)) fail(`${name} has a form that the one file does not know`);
  return `(() => {\n${body}\nreturn { ${names.join(", ")} };\n})()`;
}

/** What wasm-bindgen has written, as an expression of the function that starts the WebAssembly. `base`: an expression of its own address. */
export function bindingsAsExpression(text, name, base) {
  const end = /^export \{[^}]*\b__wbg_init as default\b[^}]*\};?\s*$/m;
  if (!end.test(text)) fail(`${name} has a form that the one file does not know; is it another version of wasm-bindgen?`);
  const body = text.replace(end, "").replace(/^export (?=(?:async )?(?:function|class|const) )/gm, "").replaceAll("import.meta.url", base);
  if (/^\s*(import|export)\b/m.test(body)) fail(`${name} imports or exports something that the one file does not know`);
  return `(() => {\n${body}\nreturn __wbg_init;\n})()`;
}

/** A module's text without the lines that import, which `given` stands for. */
export function withoutImports(text, given) {
  return `${given}\n${text.replace(/^import .*$/gm, "")}`;
}
