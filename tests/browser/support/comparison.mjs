// Holds each figure of a comparison against the drafts, from what the page exports alone.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beyond, bestOf, estimate, firstNumber, mean, softmax, standardError, student, sum } from "./statistics.mjs";

/** Rows of a CSV without line breaks inside its figures. */
export function table(text) {
  const rows = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    const row = rows.at(-1);
    if (quoted && c === '"' && text[i + 1] === '"') { row[row.length - 1] += '"'; i++; }
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === ",") row.push("");
    else if (!quoted && c === "\n") rows.push([""]);
    else row[row.length - 1] += c;
  }
  const [header, ...body] = rows.filter((row) => row.length > 1);
  return body.map((row) => Object.fromEntries(header.map((name, k) => [name, row[k]])));
}

/** What a button saves, as text. */
export async function download(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name, exact: true }).click()]);
  return readFile(await download.path(), "utf8");
}

export const saved = async (page, name) => table(await download(page, name));

export const near = (got, expected, about, by = 1e-7) =>
  assert.ok(typeof got === "number" && Math.abs(got - expected) < by * (1 + Math.abs(expected)), `${about} is ${got}, not ${expected}`);

function nearEstimate(got, x, about) {
  const [m, low, high] = estimate(x);
  near(got.mean, m, about);
  near(got.interval[0], low, `${about}, low`);
  near(got.interval[1], high, `${about}, high`);
}

/** Drafts as they were exported, by prompt in their order. */
export function byPrompt(drafts) {
  const groups = new Map();
  for (const draft of drafts) groups.set(draft.prompt, [...(groups.get(draft.prompt) ?? []), draft]);
  return [...groups.values()];
}

/** 1 where `a` is above `b`, ½ where they are level. */
const above = (a, b) => (a > b ? 1 : a === b ? 0.5 : 0);

/** The bounds of what is measured: of the level, or of the lift where the target counts from the base. */
const bounds = ({ lower, upper, relative, base }) => [lower, upper].map((c) => (c === null ? null : c - (relative ? base : 0)));

/** Whether a target was met by numbers of prompts, and about how many more would tell. */
export function outcomeOf(asked, x) {
  const [lower, upper] = bounds(asked);
  if (lower === null && upper === null) return ["no-target", null];
  const [m, low, high] = estimate(x);
  const same = 1e-9 * (1 + Math.abs(m));
  if ((lower === null || low >= lower - same) && (upper === null || high <= upper + same)) return ["met", null];
  if ((lower !== null && high < lower - same) || (upper !== null && low > upper + same)) return ["missed", null];
  if (lower === upper) return ["near", null];
  const gap = Math.min(...[lower, upper].filter((c) => c !== null).map((c) => Math.abs(m - c)));
  const deviation = standardError(x) * Math.sqrt(x.length);
  // The half-width shrinks as prompts grow: the first number at which it is down to the gap.
  let [few, needed] = [x.length, 10_001];
  while (needed - few > 1) {
    const middle = (few + needed) >> 1;
    if (student(middle - 1) * deviation > gap * Math.sqrt(middle)) few = middle;
    else needed = middle;
  }
  return ["undecided", needed > 10_000 ? null : Math.max(1, needed - x.length)];
}

/** The value that a target or a figure is about, and the drafts of its group where it is about one. */
const about = ({ name, group }) => ({ value: group ? name.slice(0, -group.length - 1) : name, inside: (draft) => !group || draft.group === group });

/** λ by name on one draft's prompt: what is about a group counts there alone. */
const weigh = (lambda, groups) => (drafts) => softmax(drafts, groups(lambda, drafts[0].group));

/** Probabilities of every draft by a method, prompt by prompt, and of each of the choices that it is made of. */
function chances(method, prompts, onPrompt) {
  const by = (lambda) => prompts.map(weigh(lambda, onPrompt));
  const mix = (parts) => prompts.map((group, g) => group.map((_, j) => sum(parts.map(([share, p]) => share * p[g][j]))));
  if (method.lambda) return { p: by(method.lambda), parts: [] };
  if (method.random) {
    const parts = method.random.draws.map((draw) => [1 / method.random.draws.length, by(draw.lambda)]);
    return { p: mix(parts), parts };
  }
  if (method.parts) {
    near(sum(method.parts.map((part) => part.share)), 1, `${method.name}: shares`);
    return { p: mix(method.parts.map((part) => [part.share, by(part.lambda)])), parts: [] };
  }
  const [, name] = /^Best of \d+ for (.+)$/.exec(method.name);
  const [value, group] = name.split("@");
  const best = (drafts) => (group && drafts[0].group !== group ? drafts.map(() => 1 / drafts.length) : bestOf(drafts, value));
  return { p: prompts.map(best), parts: [] };
}

const spent = (p) => sum(p.map((x) => (x > 0 ? x * Math.log(x * p.length) : 0)));

/** Each figure of one value by one method. */
function checkValue(found, asked, prompts, p, picked, what) {
  const { value, inside } = about(found);
  const on = prompts.map((_, g) => g).filter((g) => inside(prompts[g][0]));
  const rewards = on.map((g) => prompts[g].map((draft) => Number(draft[value])));
  const chance = on.map((g) => p[g]);
  const expected = rewards.map((r, g) => sum(r.map((r, j) => chance[g][j] * r)));
  const base = rewards.map(mean);
  const lift = expected.map((x, g) => x - base[g]);
  nearEstimate(found.expected, expected, `${what}: expected`);
  nearEstimate(found.base, base, `${what}: base`);
  nearEstimate(found.lift, lift, `${what}: lift`);
  nearEstimate(found.picked, on.map((g) => Number(prompts[g][picked[g]][value])), `${what}: picked`);
  const wins = rewards.map((r, g) => sum(r.map((a, i) => chance[g][i] * mean(r.filter((_, j) => j !== i).map((b) => above(a, b))))));
  nearEstimate(found.win_rate, wins, `${what}: wins`);
  const level = mean(expected);
  // A level that is one draft's own may lie on either side of it by rounding.
  near(found.place, mean(rewards.map((r) => mean(r.map((r) => above(level, r))))), `${what}: place`, 1e-3);
  const [lower] = bounds(asked);
  const wanted = lower === null ? 0 : asked.relative ? lower : lower - mean(base);
  if (wanted > 0) near(found.share_of_lift, mean(lift) / wanted, `${what}: share of lift`);
  else assert.equal(found.share_of_lift, null, what);
  const [outcome, more] = outcomeOf(asked, asked.relative ? lift : expected);
  assert.equal(found.outcome, outcome, what);
  if (more === null) assert.equal(found.more_prompts, null, what);
  else near(found.more_prompts, more, `${what}: more prompts`, 0.02);
}

/** Levels, price and the two shares of random weights. */
function checkRandom({ random, measured }, comparison, prompts, parts) {
  const named = (name) => comparison.asked.find((asked) => asked.name === name);
  const level = (p, of) => {
    const { value, inside } = about(of);
    const on = prompts.map((_, g) => g).filter((g) => inside(prompts[g][0]));
    return mean(on.map((g) => sum(prompts[g].map((draft, j) => p[g][j] * Number(draft[value])))));
  };
  const even = prompts.map((group) => group.map(() => 1 / group.length));
  let [improving, meeting] = [0, 0];
  const kl = parts.map(([, p], k) => {
    const draw = random.draws[k];
    for (const value of measured.values) near(draw.levels[value.name], level(p, value), `draw ${k}: ${value.name}`);
    near(draw.kl, mean(p.map(spent)), `draw ${k}: KL`);
    assert.ok(Object.entries(draw.lambda).every(([name, l]) => l === 0 || comparison.raised.includes(name)), "only raised values have weight");
    improving += comparison.raised.every((name) => level(p, named(name)) > level(even, named(name)));
    meeting += comparison.asked.every((asked) => {
      const x = level(p, asked) - (asked.relative ? level(even, asked) : 0);
      const [lower, upper] = bounds(asked);
      return (lower === null || x >= lower - 1e-9) && (upper === null || x <= upper + 1e-9);
    });
    return p.map(spent);
  });
  near(random.navigation_efficiency, improving / parts.length, "navigation efficiency");
  near(random.all_met, meeting / parts.length, "share of draws that meet all");
  nearEstimate(measured.kl, prompts.map((_, g) => mean(kl.map((kl) => kl[g]))), "KL of random weights");
}

/** Welch's test of new against pilot means, with Holm's order. */
function checkShifts(comparison, prompts) {
  for (const shift of comparison.shifts) {
    const asked = comparison.asked.find((asked) => asked.name === shift.name);
    const { value, inside } = about(asked);
    const x = prompts.filter((group) => inside(group[0])).map((group) => mean(group.map((draft) => Number(draft[value]))));
    near(shift.new, mean(x), `${shift.name}: new base`);
    near(shift.pilot, asked.base, `${shift.name}: pilot's base`);
    const errors = [[asked.base_error, asked.prompts], [standardError(x), x.length]];
    const error = Math.hypot(errors[0][0], errors[1][0]);
    const df = error ** 4 / sum(errors.map(([e, n]) => e ** 4 / (n - 1)));
    near(shift.interval[1] - shift.interval[0], 2 * student(df) * error, `${shift.name}: interval of the shift`, 1e-6);
    near(shift.p, beyond(Math.abs(mean(x) - asked.base) / error, df), `${shift.name}: p`, 1e-6);
  }
  const order = [...comparison.shifts].sort((a, b) => a.p - b.p);
  const until = order.findIndex((shift, rank) => shift.p > 0.05 / (order.length - rank));
  order.forEach((shift, rank) => assert.equal(shift.significant, until < 0 || rank < until, shift.name));
}

/** The same figures stand in the CSV. */
function checkCsv(comparison, lines) {
  const cell = (x) => (x === null || x === undefined ? "" : String(x));
  const figure = (text) => (text === "" ? "" : Number(text) + 0);
  let at = 0;
  for (const method of comparison.methods) {
    for (const found of method.measured?.values ?? comparison.asked.map(({ name }) => ({ name }))) {
      const line = lines[at++];
      assert.deepEqual([line.method, line.name, line.value, line.reason], [method.kind, method.name, found.name, cell(method.reason)]);
      assert.equal(line.outcome, cell(found.outcome));
      const asked = comparison.asked.find((asked) => asked.name === found.name) ?? {};
      const figures = {
        lambda: method.lambda?.[found.name], lower: asked.lower, upper: asked.upper, pilot_base: asked.base, base: found.base?.mean,
        win_rate: found.win_rate?.mean, place: found.place, share_of_lift: found.share_of_lift, more_prompts: found.more_prompts,
        pilot_kl: method.pilot_kl,
      };
      for (const [name, of] of Object.entries({ expected: found.expected, lift: found.lift, picked: found.picked, kl: method.measured?.kl })) {
        Object.assign(figures, { [name]: of?.mean, [`${name}_low`]: of?.interval[0], [`${name}_high`]: of?.interval[1] });
      }
      for (const [name, x] of Object.entries(figures)) assert.equal(figure(line[name]), figure(cell(x)), `${method.name}, ${found.name}: ${name}`);
    }
  }
  assert.equal(at, lines.length);
}

/** λ of the values on the prompts of a group: `VALUE@GROUP` counts there alone, as `on_groups` of the method says. */
const lambdaOn = (lambda, group) => {
  const on = {};
  for (const [name, l] of Object.entries(lambda)) {
    const [value, of] = name.split("@");
    if (of === undefined || of === group) on[value] = (on[value] ?? 0) + l;
  }
  return on;
};

/**
 * Holds a comparison (its JSON and its CSV) against the drafts as they were exported: probabilities from every λ, then each figure, interval,
 * outcome and share, and what the seed picks. Returns how many methods were checked; the others say why they could not be had.
 */
export function checkComparison(comparison, lines, drafts) {
  const prompts = byPrompt(drafts);
  assert.equal(comparison.prompts, prompts.length);
  assert.ok(prompts.every((group) => group.length === comparison.k));
  comparison.pick_numbers.forEach((u, g) => assert.equal(u, firstNumber(comparison.seed, prompts[g][0].prompt, "pick")));
  checkCsv(comparison, lines);
  checkShifts(comparison, prompts);
  const ours = comparison.methods.find((method) => method.kind === "per-prompt");
  let checked = 0;
  for (const method of comparison.methods) {
    if (!method.measured) {
      assert.match(method.reason, /\.$/, `${method.name} has figures or a reason`);
      continue;
    }
    const { p, parts } = chances(method, prompts, lambdaOn);
    // The first draft with which the probabilities add up to more than the prompt's number.
    const picked = p.map((p, g) => {
      let left = comparison.pick_numbers[g];
      const at = p.findIndex((p) => (left -= p) < 0);
      return at < 0 ? p.length - 1 : at;
    });
    assert.deepEqual(method.picked.map((j, g) => j - g * comparison.k), picked, `${method.name}: picked`);
    for (const found of method.measured.values) {
      const asked = comparison.asked.find((asked) => asked.name === found.name);
      checkValue(found, asked ?? { lower: null, upper: null }, prompts, p, picked, `${method.name}, ${found.name}`);
    }
    if (method.random) checkRandom(method, comparison, prompts, parts);
    else nearEstimate(method.measured.kl, p.map(spent), `${method.name}: KL`);
    const outcomes = method.measured.values.map(({ outcome }) => outcome).filter((outcome) => outcome !== "no-target");
    const count = (...of) => outcomes.filter((outcome) => of.includes(outcome)).length;
    assert.deepEqual(method.targets, { asked: outcomes.length, decided: count("met", "missed"), met: count("met"), near: count("near") }, method.name);
    // Sized to what MAP per prompt spends on the pilot.
    if (["equal-weights", "weights"].includes(method.kind)) near(method.pilot_kl, ours.pilot_kl, `${method.name}: KL on the pilot`);
    checked++;
  }
  return checked;
}
