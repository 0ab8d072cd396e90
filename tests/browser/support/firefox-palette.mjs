// The page in Firefox, by role and label, as support/palette.mjs has it for Chromium. What runs in the page is text: it closes over nothing.
import assert from "node:assert/strict";
import { KEYS } from "./firefox.mjs";

const FIND_LINK = `(name) => [...document.querySelectorAll("nav a")].find((link) => link.textContent.trim() === name)`;
const FIND_BUTTON = `(name) => [...document.querySelectorAll("button")].find((button) => button.textContent.trim() === name && !button.disabled)`;
const FIND_SLIDER = `(value) => document.querySelector('[role="slider"][aria-label="' + value + ' target"], input[type="range"][aria-label="' + value + ' target"]')`;
const LEVEL = `(value) => { const slider = (${FIND_SLIDER})(value); return slider && Number(slider.value ?? slider.getAttribute("aria-valuenow")); }`;
const FIND_FILE = `(label) => [...document.querySelectorAll("label")].find((one) => one.textContent.includes(label))?.querySelector("input[type=file]")
  ?? document.querySelector('input[type=file][aria-label*="' + label + '"]')
  ?? document.getElementById([...document.querySelectorAll("label")].find((one) => one.textContent.includes(label))?.htmlFor)`;
const SAID = `() => { const region = document.querySelector('[role="region"][aria-label="Verdict"]');
  return region && region.getAttribute("aria-busy") !== "true" ? region.querySelector('[role="status"]').textContent : ""; }`;
const VALUES = `() => [...document.querySelectorAll('[role="slider"], input[type="range"]')].map((slider) => slider.getAttribute("aria-label")).filter((name) => / target$/.test(name)).map((name) => name.slice(0, -7))`;

/** The verdict once the newest palette is solved. */
export async function verdict(tab) {
  let found;
  await tab.becomes((said) => {
    found = ["Reachable", "On the edge", "Out of reach"].find((words) => said.includes(words));
    assert.ok(found, `no verdict in “${said}”`);
  }, SAID);
  return found;
}

export async function goTo(tab, view) {
  await tab.click(FIND_LINK, view);
  await tab.becomes((current) => assert.equal(current, view), `() => document.querySelector('nav a[aria-current="page"]')?.textContent.trim() ?? null`);
}

export const press = (tab, name) => tab.click(FIND_BUTTON, name);
export const chooseFile = (tab, label, path) => tab.setFiles([path], FIND_FILE, label);
export const becomeValues = (tab, wanted) => tab.becomes((values) => assert.deepEqual(values, wanted), VALUES);
export const target = (tab, value) => tab.evaluate(LEVEL, value);
export const hash = (tab) => tab.evaluate("() => location.hash");

/** Moves a target by the keyboard, and waits for the verdict on it. */
export async function moveTarget(tab, value, times = 3) {
  await tab.focus(FIND_SLIDER, value);
  const before = await target(tab, value);
  await tab.press(...Array(times).fill(KEYS.arrowRight));
  await tab.becomes((now) => assert.notEqual(now, before), LEVEL, value);
  return verdict(tab);
}

/** Drops a file onto the page. */
export const dropFile = (tab, name, content) =>
  tab.evaluate(`(name, content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], name));
    for (const type of ["dragenter", "dragover", "drop"]) {
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }
  }`, name, content);

/** Composes with the table that is being looked at. */
export async function composeWithTable(tab) {
  await press(tab, "Compose with this table");
  await verdict(tab);
}
