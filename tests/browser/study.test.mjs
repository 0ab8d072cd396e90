// What is found out about a palette: repairs, a budget, trust, prices, drafts, one value after another, the solver lab.
import assert from "node:assert/strict";
import test from "node:test";
import { eventually, newContext, serve } from "./support/harness.mjs";
import {
  VERDICTS, maintainAll, noAlert, openPalette, openTable, goTo, parseNumber, repairs, setTarget, strip, values, verdict, verdictBecomes, verdictRegion,
} from "./support/palette.mjs";

async function start(t, fragment) {
  const { url } = await serve(t);
  const page = await openPalette(await newContext(t), url, fragment);
  await verdict(page);
  return page;
}

const OUT_OF_REACH = "v=1&t.humor=q70&t.helpful=q70&t.harmless=q85";

async function offers(page) {
  await repairs(page).getByRole("button").first().waitFor();
  return repairs(page).getByRole("button").all();
}

/** Opens one of the disclosures of the card “Look closer”. */
async function open(page, name) {
  const button = page.getByRole("region", { name: "Look closer" }).getByRole("button", { name, exact: true });
  assert.equal(await button.getAttribute("aria-expanded"), "false");
  await button.click();
  assert.equal(await button.getAttribute("aria-expanded"), "true");
  return page.locator(`#${await button.getAttribute("aria-controls")}`);
}

test("every repair that is offered says what it changes and costs, and leads to a palette that can be met", async (t) => {
  const page = await start(t, OUT_OF_REACH);
  await verdictBecomes(page, VERDICTS.unreachable);
  const count = (await offers(page)).length;
  assert.ok(count >= 4, `${count} repairs`);
  const seen = [];
  for (let i = 0; i < count; i++) {
    const button = (await offers(page))[i];
    const words = await button.innerText();
    seen.push(words);
    assert.match(words, /→ .*; costs \d.* nats/s);
    await button.click();
    await verdictBecomes(page, VERDICTS.reachable);
    assert.match(await verdictRegion(page).innerText(), /can meet the target/);
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await verdictBecomes(page, VERDICTS.unreachable);
  }
  for (const name of [/Scale all back to \d+%/, /Nearest palette/, /Lower harmless to/]) {
    assert.ok(seen.some((words) => name.test(words)), `${name} is not among: ${seen.join(" | ")}`);
  }
  for (const value of ["humor", "helpful", "harmless"]) await setTarget(page, value, "at least quantile", 90);
  await verdictBecomes(page, VERDICTS.unreachable);
  await repairs(page).getByRole("button", { name: /^In the order of the list: humor first/ }).click();
  await verdictBecomes(page, VERDICTS.reachable);
  await noAlert(page);
  assert.deepEqual(page.problems, []);
});

test("a repair is applied by keyboard, and Ctrl+Z takes it back", async (t) => {
  const page = await start(t, OUT_OF_REACH);
  await verdictBecomes(page, VERDICTS.unreachable);
  const [first] = await offers(page);
  await first.focus();
  await page.keyboard.press("Enter");
  await verdictBecomes(page, VERDICTS.reachable);
  await page.keyboard.press("Control+z");
  await verdictBecomes(page, VERDICTS.unreachable);
  await offers(page);
});

test("Ctrl+Z undoes a handle's way, and leaves text fields to themselves", async (t) => {
  const page = await start(t);
  await maintainAll(page);
  const { slider, kind, level } = strip(page, "humor");
  await kind.selectOption({ label: "at least level" });
  await slider.focus();
  const before = await slider.inputValue();
  await page.waitForTimeout(900);
  await page.keyboard.press("ArrowRight");
  const after = await slider.inputValue();
  assert.notEqual(after, before);
  await level.focus();
  await page.keyboard.press("Control+z");
  assert.equal(await slider.inputValue(), after);
  await slider.focus();
  await page.keyboard.press("Control+z");
  await eventually(async () => assert.equal(await slider.inputValue(), before));
});

test("at most, exactly and between are obeyed by what comes out", async (t) => {
  const page = await start(t);
  await maintainAll(page);
  await verdictBecomes(page, VERDICTS.reachable);
  const { row, slider, realised, lambda } = strip(page, "humor");
  const base = await realised();
  const low = Number((base - 0.2).toFixed(2));
  await setTarget(page, "humor", "at most level", low);
  await verdictBecomes(page, VERDICTS.reachable);
  await eventually(async () => {
    assert.ok((await realised()) <= low + 0.006, `${await realised()} is at most ${low}`);
    assert.ok((await lambda()) < 0);
  });
  assert.match(await slider.getAttribute("aria-valuetext"), /at most .*; reachable down to/);
  const high = Number((base + 0.3).toFixed(2));
  await setTarget(page, "humor", "exactly level", high);
  await verdictBecomes(page, VERDICTS.reachable);
  await eventually(async () => assert.ok(Math.abs((await realised()) - high) <= 0.006));
  assert.match(await slider.getAttribute("aria-valuetext"), /exactly .*; reachable from .* to /);
  await setTarget(page, "humor", "between");
  for (const [end, at] of [["upper", base + 0.2], ["lower", base + 0.1]]) {
    const field = row.getByRole("spinbutton", { name: `humor ${end} target`, exact: true });
    await field.fill(at.toFixed(2));
    await field.press("Enter");
  }
  await verdictBecomes(page, VERDICTS.reachable);
  await eventually(async () => assert.ok((await realised()) >= base + 0.09 && (await realised()) <= base + 0.21));
});

test("a target that is too low is out of reach, and a repair lets it rise", async (t) => {
  const page = await start(t);
  await maintainAll(page);
  for (const kind of ["at most level", "exactly level"]) {
    const { slider } = strip(page, "humor");
    await setTarget(page, "humor", kind, -9);
    await verdictBecomes(page, VERDICTS.unreachable);
    await eventually(async () => assert.match(await slider.getAttribute("aria-valuetext"), /out of reach, the least is −/));
    await offers(page);
    await repairs(page).getByRole("button", { name: /^(Let humor rise|Raise humor) to/ }).click();
    await verdictBecomes(page, VERDICTS.reachable);
    assert.equal(await strip(page, "humor").kind.locator("option:checked").innerText(), kind);
  }
});

test("a repair eases a target on a group", async (t) => {
  const page = await start(t);
  const rows = Array.from({ length: 60 }, (_, i) => `question ${i >> 2},${i & 4 ? "medical" : "legal"},${(i * 37) % 11},${(i * 29) % 13}`);
  await openTable(page, "mine.csv", ["prompt,group,humor,helpful", ...rows].join("\n"));
  await goTo(page, "Compose");
  await eventually(async () => assert.deepEqual(await values(page), ["humor", "helpful"]));
  await page.getByText("Add a target for one group").click();
  await page.getByRole("combobox", { name: "Value", exact: true }).selectOption("humor");
  await page.getByRole("combobox", { name: "Group", exact: true }).selectOption("medical");
  await page.getByRole("combobox", { name: "Kind of target", exact: true }).selectOption("level");
  await page.getByRole("spinbutton", { name: "Level", exact: true }).fill("40");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await verdictBecomes(page, VERDICTS.unreachable);
  const [first] = await offers(page);
  assert.match(await first.innerText(), /humor on medical \+40/);
  await first.click();
  await verdictBecomes(page, VERDICTS.reachable);
  await page.waitForFunction(() => location.hash.includes("t.humor@medical="));
});

test("a palette is fitted to a budget, and one that is cheap enough is left alone", async (t) => {
  const page = await start(t);
  const form = page.getByRole("form", { name: "Budget" });
  const price = async () => parseNumber(/price\s*KL\s*([\d.]+) nats/.exec(await verdictRegion(page).innerText())?.[1] ?? "");
  await verdictBecomes(page, VERDICTS.reachable);
  const before = await eventually(async () => {
    const nats = await price();
    assert.ok(nats > 0.2, `the palette costs ${nats}`);
    return nats;
  });
  const fit = async (nats) => {
    await form.getByRole("spinbutton", { name: /Spend at most/ }).fill(String(nats));
    await form.getByRole("button", { name: "Fit to budget" }).click();
  };
  await fit("");
  await eventually(async () => assert.match(await form.getByRole("status").innerText(), /Type a number/));
  await fit(9);
  await eventually(async () => assert.match(await form.getByRole("status").innerText(), /already costs no more than that/));
  await fit(0.1);
  await eventually(async () => {
    await verdictBecomes(page, VERDICTS.reachable);
    const now = await price();
    assert.ok(now < before && now <= 0.105 && now > 0.08, `${now} of ${before}`);
  });
  assert.match(await form.getByRole("status").innerText(), /Fitted/);
});

test("once a palette rests, resampling says how far to trust it", async (t) => {
  const page = await start(t);
  await verdictBecomes(page, VERDICTS.reachable);
  const lines = verdictRegion(page).getByRole("status", { name: "How far to trust it" });
  const interval = () => strip(page, "humor").row.getByTitle(/^95% interval/).getAttribute("title");
  await eventually(async () => {
    const said = await lines.innerText();
    assert.match(said, /Reachable with other prompts like these: \d+ of 100/);
    assert.match(said, /Weights rest on about \d+ answers \(largest [<\d]+%\)/);
  }, { timeout: 60_000 });
  assert.match(await interval(), /over resampled prompts/);
  await setTarget(page, "humor", "at least quantile", 95);
  await setTarget(page, "helpful", "at least quantile", 95);
  await verdictBecomes(page, VERDICTS.unreachable);
  await eventually(async () => assert.equal(await lines.count(), 0, "what was said of another palette is gone"));
  await noAlert(page);
});

test("prices: a row for each value with a weight", async (t) => {
  const page = await start(t, "v=1&t.humor=q70&t.helpful=q70&t.harmless=keep");
  await verdictBecomes(page, VERDICTS.reachable);
  const inside = await open(page, "Prices");
  const row = inside.getByRole("row").filter({ has: page.getByRole("rowheader", { name: /^humor/ }) });
  const cells = await row.getByRole("cell").allInnerTexts();
  assert.match(cells[0], /^\+0\.\d/);
  assert.match(cells[1], /[a-z]+ [+−]\d|nothing else/);
  await setTarget(page, "humor", "at least quantile", 99);
  await setTarget(page, "helpful", "at least quantile", 99);
  await verdictBecomes(page, VERDICTS.unreachable);
  await eventually(async () => assert.match(await inside.innerText(), /once the palette is within reach/));
});

test("drafts: fewer are dearer or do not reach, and λ for them is shown on demand", async (t) => {
  const page = await start(t);
  await verdictBecomes(page, VERDICTS.reachable);
  const inside = await open(page, "With k drafts");
  await eventually(async () => assert.match(await inside.innerText(), /With 16 drafts: reachable; costs [\d.]+ nats of at most ln 16 = 2\.77/));
  const k = inside.getByRole("spinbutton", { name: /k =/ });
  await k.fill("32");
  await k.press("Enter");
  await eventually(async () => assert.match(await inside.innerText(), /With 32 drafts: reachable; costs [\d.]+ nats of at most ln 32 = 3\.47/));
  await inside.getByRole("button", { name: "λ for 32 drafts" }).click();
  const row = inside.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "humor", exact: true }) });
  await eventually(async () => {
    const [all, some] = await row.getByRole("cell").allInnerTexts();
    assert.ok(Math.abs(parseNumber(all) - parseNumber(some)) < 0.02, `32 drafts are all answers: ${all} and ${some}`);
  });
  await k.fill("2");
  await k.press("Enter");
  await eventually(async () => assert.match(await inside.innerText(), /With 2 drafts: (reachable|out of reach|on the edge).*ln 2 = 0\.69/s));
  await k.fill("33");
  await k.press("Enter");
  await eventually(async () => assert.match(await inside.innerText(), /No prompt has 33 answers to choose from/));
  await k.fill("1");
  await k.press("Enter");
  await eventually(async () => assert.match(await inside.getByRole("alert").innerText(), /whole number from 2/));
});

test("one value after another: total weights come to the joint solution", async (t) => {
  const page = await start(t);
  await verdictBecomes(page, VERDICTS.reachable);
  const inside = await open(page, "One value after another");
  await eventually(async () => assert.equal(await inside.getByRole("row").count(), 13));
  const distance = async (round) => parseNumber((await inside.getByRole("row").nth(round).getByRole("cell").allInnerTexts())[0]);
  assert.ok((await distance(12)) <= (await distance(1)));
  assert.match(await inside.innerText(), /one value after another/);
});

test("one value after another: fresh multipliers stall where values rise together", async (t) => {
  const page = await start(t);
  let state = 5;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32 - 0.5;
  const rows = Array.from({ length: 48 }, (_, i) => {
    const [wit, other] = [random(), random()];
    return [`question ${i >> 3}`, wit, 0.8 * wit + 0.5 * other, 0.6 * wit + 0.5 * other].join(",");
  });
  await openTable(page, "mine.csv", ["prompt,wit,care,calm", ...rows].join("\n"));
  await goTo(page, "Compose");
  await eventually(async () => assert.deepEqual(await values(page), ["wit", "care", "calm"]));
  for (const [value, percent] of [["wit", 60], ["care", 65], ["calm", 72]]) await setTarget(page, value, "at least quantile", percent);
  await verdictBecomes(page, VERDICTS.reachable);
  const inside = await open(page, "One value after another");
  await eventually(async () => assert.match(await inside.innerText(), /Fresh multipliers, as the paper words it, never take anything back/));
  const last = (await inside.getByRole("row").last().getByRole("cell").allInnerTexts()).map(parseNumber);
  assert.ok(last[0] < last[1], `total ${last[0]}, fresh ${last[1]}`);
});

test("the solver lab tells right from wrong, also where the paper's procedure overflows", async (t) => {
  const page = await start(t);
  await verdictBecomes(page, VERDICTS.reachable);
  const inside = await open(page, "Solver lab");
  const row = async (name) => (await inside.getByRole("row", { name: new RegExp(`^${name}`) }).getByRole("cell").allInnerTexts()).map((text) => text.trim());
  await eventually(async () => assert.equal(await inside.getByRole("row").count(), 5));
  const own = await row("this page");
  assert.ok(Math.abs(parseNumber(own[0])) < 1e-6 && Math.abs(parseNumber(own[1])) < 1e-6, own.join(" | "));
  assert.equal(own[4], "right");
  // Rewards in the hundreds: e^λr is no 32-bit number at the λ that the paper starts from.
  await openTable(page, "mine.csv", ["prompt,wit", ...[0, 150, 250, 400].map((r) => `Why?,${r}`)].join("\n"));
  await goTo(page, "Compose");
  await eventually(async () => assert.deepEqual(await values(page), ["wit"]));
  await setTarget(page, "wit", "at least level", 300);
  await verdictBecomes(page, VERDICTS.reachable);
  await eventually(async () => assert.equal((await row("paper"))[4], "wrong: overflow"));
  assert.equal((await row("this page"))[4], "right");
  await setTarget(page, "wit", "at least level", 500);
  await verdictBecomes(page, VERDICTS.unreachable);
  await eventually(async () => assert.match(await inside.innerText(), /out of reach, with proof/));
  assert.equal((await row("this page"))[4], "right");
  await noAlert(page);
  assert.deepEqual(page.problems, []);
});
