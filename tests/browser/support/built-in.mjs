// The built-in sample set, which was made natively: what a browser draws again must be the same.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { dist } from "./harness.mjs";

/** All of it. */
export const builtInSet = async () => JSON.parse(await readFile(join(dist, "sample-set.json"), "utf8"));

/** One of its prompts with the settings it was drawn with, and its answers. */
export async function builtInPrompt(index = 1) {
  const set = await builtInSet();
  const [, tokens, seed] = /up to (\d+) tokens .* seed (\d+)/.exec(set.about).map(Number);
  return { prompt: set.prompts[index], tokens, seed, wanted: set.answers.filter((answer) => answer.prompt === index) };
}

/** Whether answers `{ text, rewards }` are the first of those that the set holds. */
export function assertTheFirst(answers, wanted) {
  assert.deepEqual(answers.map(({ text }) => text), wanted.slice(0, answers.length).map(({ text }) => text));
  answers.forEach(({ rewards }, j) => rewards.forEach((reward, i) => {
    // The set is rounded to four decimals.
    assert.ok(Math.abs(reward - wanted[j].rewards[i]) < 1e-4, `${answers.length} at once, answer ${j}, value ${i}: ${reward}, in the set ${wanted[j].rewards[i]}`);
  }));
}
