// What the page keeps of a work, as it stands in the browser's database.
import assert from "node:assert/strict";
import { eventually } from "./harness.mjs";

/** Waits until all of `words` is written that is to be. */
export const isWritten = (page, words) =>
  eventually(async () => {
    const works = await page.evaluate(async () => {
      const all = (await indexedDB.databases()).filter(({ name }) => name.startsWith("map-palette-work"));
      if (all.length === 0) return "";
      const database = await new Promise((done, failed) => {
        const request = indexedDB.open(all[0].name);
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
      const works = await new Promise((done) => {
        const request = database.transaction("works").objectStore("works").getAll();
        request.onsuccess = () => done(request.result);
      });
      database.close();
      return works.join("\n");
    });
    for (const word of words) assert.ok(works.includes(word), `${word} is not written: ${works}`);
  });
