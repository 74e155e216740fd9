// How long the playground takes in Chromium, and `npx freshest` in Node: node benches/playground.mjs [TIMES]
// Needs `.ci/wasm page`, `.ci/wasm npm` and `npm ci --prefix tests/report`. Medians; the load of the machine is
// printed, since it counts.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { launch } from "../tests/report/chromium.mjs";

const times = Number(process.argv[2] ?? 5);
const root = fileURLToPath(new URL("..", import.meta.url));
const file = `${process.env.WASM_TARGET_DIR ?? `${root}target/wasm`}/freshest-playground.html`;
const launcher = `${root}packages/npm/freshest.mjs`;
const median = (them) => them.sort((a, b) => a - b)[them.length >> 1];
const told = (what, them) => console.log(`${what}: ${(median(them) / 1000).toFixed(2)} s (${them.length} times)`);

const browser = await launch();
const taken = { open: [], openOne: [], edit: [], editOne: [] };
const shown = (page) => page.frameLocator("#report").locator("#verdicts").waitFor();
const once = async (hash, open, edit) => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  let begun = performance.now();
  await page.goto(`file://${file}${hash}`);
  await shown(page);
  taken[open].push(performance.now() - begun);
  await page.locator("#check:enabled").waitFor();
  // Not sent back and forth: it is as long as the report.
  await page.evaluate(() => (document.getElementById("report").before = document.getElementById("report").srcdoc));
  begun = performance.now();
  await page.getByLabel(/^Row A1:/).selectOption("incoming");
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await page.waitForFunction(() => document.getElementById("report").before !== document.getElementById("report").srcdoc);
  await shown(page);
  taken[edit].push(performance.now() - begun);
  await page.close();
};
for (let n = 0; n < times; n++) {
  await once("#pr-9030&v=0.1.0", "open", "edit");
  await once("#pr-9030&scenario=own-refresh&v=0.1.0", "openOne", "editOne");
}
await browser.close();
console.log(`load ${loadavg().map((load) => load.toFixed(1)).join(" ")}`);
told("from open to a shown report, pr-9030 in all scenarios", taken.open);
told("from an edit to a shown report, pr-9030 in all scenarios", taken.edit);
told("from open to a shown report, one scenario", taken.openOne);
told("from an edit to a shown report, one scenario", taken.editOne);
if (existsSync(`${root}packages/npm/freshest.wasm`)) {
  const runs = Array.from({ length: times }, () => {
    const begun = performance.now();
    const { status } = spawnSync(process.execPath, [launcher, "--design", "pr-9030"], { cwd: root });
    if (status !== 0) throw new Error(`freshest --design pr-9030 ends with ${status}`);
    return performance.now() - begun;
  });
  told("freshest --design pr-9030 of the package", runs);
}
