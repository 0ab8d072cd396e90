import { chromium } from "playwright-core";
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const only = process.argv[2];
for (const [size, theme] of [[{ width: 1280, height: 900 }, "light"], [{ width: 390, height: 844 }, "dark"]]) {
  const c = await b.newContext({ viewport: size, colorScheme: theme, reducedMotion: "reduce" });
  const p = await c.newPage();
  p.on("pageerror", (e) => console.log("ERR", String(e)));
  p.on("console", (m) => m.type() === "error" && console.log("CON", m.text()));
  const tag = `${size.width}-${theme}`;
  const shot = (n) => p.screenshot({ path: `/work/shots-ui1/${n}-${tag}.png`, fullPage: true });
  await p.goto("http://127.0.0.1:8091/");
  await p.getByRole("link", { name: "Answers", exact: true }).click();
  await p.getByRole("combobox", { name: "Topic" }).selectOption("workplace");
  await p.getByRole("button", { name: "Use 4 prompts" }).click();
  await p.waitForTimeout(800);
  for (const d of await p.locator(".form details > summary").all()) await d.click();
  await shot("form");
  for (const d of await p.locator(".form details > summary").all()) await d.click();
  if (only !== "form") {
    for (const [l, v] of [["Answers per prompt", "6"], ["Tokens per answer", "40"]]) { await p.getByRole("spinbutton", { name: l }).fill(v); await p.getByRole("spinbutton", { name: l }).blur(); }
    await p.getByRole("button", { name: "Generate", exact: true }).click();
    await p.getByRole("progressbar", { name: "Loading models" }).waitFor();
    await p.waitForTimeout(1500);
    await shot("loading");
    await p.getByRole("progressbar", { name: "Prompts answered" }).waitFor({ timeout: 200000 });
    await p.waitForFunction(() => document.querySelectorAll(".prompt-row.done").length >= 1, null, { timeout: 200000 });
    await p.waitForTimeout(1200);
    await shot("drawing");
    await p.waitForFunction(() => document.querySelectorAll(".prompt-row.done").length >= 4, null, { timeout: 200000 });
    await p.waitForTimeout(1000);
    await shot("done");
    await p.getByRole("button", { name: "Save in this browser" }).click();
    await p.waitForTimeout(800);
    await p.getByRole("link", { name: "Data", exact: true }).click();
    await p.waitForTimeout(600);
    await shot("data");
  }
  await c.close();
}
await b.close();
