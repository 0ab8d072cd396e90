// No serious violation that axe can find, in each view, theme and width; nothing scrolls sideways; pictures to look at.
import assert from "node:assert/strict";
import test from "node:test";
import { violations } from "./support/axe.mjs";
import { PAGE_SIZES, eventually, newContext, serve, takePicture } from "./support/harness.mjs";
import { VERDICTS, goTo, measuredRegion, openPalette, repairs, setTarget, values, verdict, verdictBecomes } from "./support/palette.mjs";

async function soundHere(page, name) {
  await takePicture(page, name);
  assert.deepEqual(await violations(page), [], name);
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(tooWide <= 0, `${name} scrolls sideways by ${tooWide} pixels`);
}

for (const theme of ["light", "dark"]) {
  for (const size of Object.keys(PAGE_SIZES)) {
    test(`${theme}, ${size}`, async (t) => {
      const { url } = await serve(t);
      const page = await openPalette(await newContext(t, { size, theme }), url);
      const names = await values(page);
      await verdict(page);
      await eventually(async () => assert.ok(await page.getByRole("status", { name: "How far to trust it" }).isVisible()));
      await soundHere(page, `compose-${theme}-${size}`);
      for (const name of ["Prices", "With k drafts", "One value after another", "Solver lab"]) await page.getByRole("button", { name, exact: true }).click();
      await page.getByRole("button", { name: "λ for 16 drafts" }).click();
      await eventually(async () => assert.equal(await page.getByRole("table").count(), 4));
      await soundHere(page, `closer-${theme}-${size}`);
      for (const name of names) await setTarget(page, name, "at least quantile", 95);
      await verdictBecomes(page, VERDICTS.unreachable);
      await repairs(page).waitFor();
      const closer = page.getByRole("region", { name: "Look closer" });
      await eventually(async () => assert.match(await closer.innerText(), /With 16 drafts: out of reach/));
      await eventually(async () => assert.match(await closer.innerText(), /out of reach, with proof/));
      await closer.getByRole("button", { name: "Why not both?", exact: true }).click();
      await eventually(async () => assert.match(await closer.innerText(), /In no mix of answers does/));
      await closer.getByText("The same as a table").click();
      await soundHere(page, `out-of-reach-${theme}-${size}`);
      for (const view of ["Answers", "Studies", "Data"]) {
        await goTo(page, view);
        await soundHere(page, `${view.toLowerCase()}-${theme}-${size}`);
      }
      await goTo(page, "Models");
      await eventually(async () => assert.match(await page.getByRole("region", { name: "Models on this page" }).innerText(), /not loaded|missing/));
      for (const head of await measuredRegion(page).locator("summary").all()) await head.click();
      await soundHere(page, `models-${theme}-${size}`);
      assert.deepEqual(page.problems, []);
    });
  }
}
