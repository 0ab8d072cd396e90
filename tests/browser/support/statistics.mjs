// Means, intervals and the draws of a seed, written anew here so that what the page says can be held against them.
import { createHash } from "node:crypto";

export const sum = (x) => x.reduce((sum, x) => sum + x, 0);
export const mean = (x) => sum(x) / x.length;

/** ln Γ(x) for x > 0 (Stirling's series after raising x). */
function logGamma(x) {
  let shift = 0;
  for (; x < 12; x++) shift += Math.log(x);
  const s = 1 / (x * x);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s / 1680))) / x - shift;
}

/** P(|T| > t) of Student's t, by Simpson's rule on its density over the angle: t = √df tan θ. */
export function beyond(t, df) {
  const scale = Math.exp(logGamma((df + 1) / 2) - logGamma(df / 2)) / Math.sqrt(Math.PI);
  const from = Math.atan(t / Math.sqrt(df));
  const steps = 4000;
  const h = (Math.PI / 2 - from) / steps;
  const density = (k) => Math.max(0, Math.cos(from + k * h)) ** (df - 1);
  let area = density(0) + density(steps);
  for (let k = 1; k < steps; k++) area += (k % 2 ? 4 : 2) * density(k);
  return (2 * scale * area * h) / 3;
}

const points = new Map();

/** The 97.5% point of Student's t. */
export function student(df) {
  if (!points.has(df)) {
    let [low, high] = [0, 1000];
    for (let k = 0; k < 80; k++) {
      const middle = (low + high) / 2;
      if (beyond(middle, df) > 0.05) low = middle;
      else high = middle;
    }
    points.set(df, low);
  }
  return points.get(df);
}

/** Standard error of the mean of numbers, one for each prompt. */
export function standardError(x) {
  const m = mean(x);
  return Math.sqrt(sum(x.map((x) => (x - m) ** 2)) / (x.length - 1) / x.length);
}

/** Mean over prompts with its 95% interval: [mean, low, high]. */
export function estimate(x) {
  const half = student(x.length - 1) * standardError(x);
  return [mean(x), mean(x) - half, mean(x) + half];
}

/** Probabilities of some drafts by λ of values. */
export function softmax(group, lambda) {
  const scores = group.map((draft) => sum(Object.entries(lambda).map(([value, l]) => l * Number(draft[value]))));
  const most = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - most));
  return weights.map((w) => w / sum(weights));
}

/** The best of them by one value; ties share alike. */
export function bestOf(group, value) {
  const rewards = group.map((draft) => Number(draft[value]));
  const most = Math.max(...rewards);
  const best = rewards.filter((r) => r === most).length;
  return rewards.map((r) => (r === most ? 1 / best : 0));
}

/** The first number in 0..1 of the stream of `seed` for a prompt: ChaCha with 8 rounds, its key the SHA-256 of seed, length, prompt and tag. */
export function firstNumber(seed, prompt, tag) {
  const bytes = Buffer.from(prompt);
  const head = Buffer.alloc(16);
  head.writeBigUInt64LE(BigInt(seed), 0);
  head.writeBigUInt64LE(BigInt(bytes.length), 8);
  const key = createHash("sha256").update(head).update(bytes).update(tag).digest();
  const words = [..."expand 32-byte k".matchAll(/.{4}/g)].map(([four]) => Buffer.from(four).readUInt32LE());
  for (let k = 0; k < 8; k++) words.push(key.readUInt32LE(4 * k));
  words.push(0, 0, 0, 0);
  const x = Uint32Array.from(words);
  const turn = (a, by) => (a << by) | (a >>> (32 - by));
  const quarter = (a, b, c, d) => {
    x[a] += x[b]; x[d] = turn(x[d] ^ x[a], 16);
    x[c] += x[d]; x[b] = turn(x[b] ^ x[c], 12);
    x[a] += x[b]; x[d] = turn(x[d] ^ x[a], 8);
    x[c] += x[d]; x[b] = turn(x[b] ^ x[c], 7);
  };
  for (let round = 0; round < 4; round++) {
    for (let k = 0; k < 4; k++) quarter(k, 4 + k, 8 + k, 12 + k);
    for (let k = 0; k < 4; k++) quarter(k, 4 + ((k + 1) % 4), 8 + ((k + 2) % 4), 12 + ((k + 3) % 4));
  }
  words.forEach((word, k) => (x[k] += word));
  return Number(((BigInt(x[1]) << 32n) | BigInt(x[0])) >> 11n) / 2 ** 53;
}
