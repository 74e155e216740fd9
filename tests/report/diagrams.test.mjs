// Diagrams are read by what reads them in the end: the real mermaid package, and a browser.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { freshest, launch, skip } from "./chromium.mjs";

// Between them: every kind of event, two and three tabs, 5 to 14 steps, a witness.
const CELLS = [
  ["pr-8097", "own-refresh", "cached-oiat-never-decreases"],
  ["pr-9030", "failures", "tabs-converge"],
  ["pr-9030", "lose", "tabs-converge"],
  ["pr-9030", "clear", "seed-is-not-stale"],
  ["pr-9030", "expiry", "seed-is-not-stale"],
  ["pr-9030", "legacy-s2", "cookie-oiat-never-decreases"],
  ["iat-guard", "fmt-s2g1", "tie-is-adopted"],
  ["four-guards", "cookie", "update-reaches-cookie"],
  ["pr-8097", "age-s1g1a2", "tab-oiat-never-decreases"],
  ["pr-8097", "t3-r1s1", "tabs-converge"],
  ["pr-9030", "bystander", "cached-oiat-never-decreases"],
];
const MERMAID = join(dirname(createRequire(import.meta.url).resolve("mermaid")), "mermaid.min.js");

describe("diagrams", { skip }, () => {
  const pictures = mkdtempSync(join(tmpdir(), "freshest-diagrams-"));
  let browser;
  before(async () => (browser = await launch()));
  after(async () => {
    await browser.close();
    console.log(`pictures are in ${pictures}`);
  });

  test("mermaid renders every diagram, with every step in it", async () => {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    await page.setContent("<div id=out></div>");
    await page.addScriptTag({ path: MERMAID });
    for (const cell of CELLS) {
      const text = freshest("explain", ...cell, "--format", "mermaid");
      const drawn = await page.evaluate(async (text) => {
        mermaid.initialize({ startOnLoad: false });
        const { svg } = await mermaid.render("diagram", text);
        document.getElementById("out").innerHTML = svg;
        return [...document.querySelectorAll("#out text")].map((element) => element.textContent).join("\n");
      }, text);
      const { steps } = JSON.parse(freshest("explain", ...cell, "--format", "json"));
      for (const step of steps) {
        assert.ok(drawn.includes(`${step.number}. ${step.title.slice(0, 20)}`), `${cell}: step ${step.number}`);
      }
      await page.locator("#out svg").screenshot({ path: join(pictures, `mermaid-${cell.join("-")}.png`) });
    }
  });

  test("markdown holds the same diagram as a block that GitHub renders", () => {
    const markdown = freshest("explain", ...CELLS[0], "--format", "markdown");
    const block = /```mermaid\n([^`]*)```/.exec(markdown);
    assert.equal(block?.[1], freshest("explain", ...CELLS[0], "--format", "mermaid"));
  });

  for (const colorScheme of ["light", "dark"]) {
    test(`svg stands alone in ${colorScheme}: well-formed, 900 pixels wide, no text outside`, async () => {
      const page = await browser.newPage({ viewport: { width: 900, height: 1200 }, colorScheme });
      for (const cell of CELLS) {
        const file = join(pictures, `${colorScheme}-${cell.join("-")}.svg`);
        writeFileSync(file, freshest("explain", ...cell, "--format", "svg"));
        await page.goto(`file://${file}`);
        const outside = await page.evaluate(() => {
          const root = document.documentElement;
          if (root.tagName !== "svg") return [root.textContent];
          const { width, height } = root.viewBox.baseVal;
          const sticksOut = (box) => box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height;
          return [width === 900 ? "" : `width ${width}`, ...[...root.querySelectorAll("text, .box")]
            .filter((element) => sticksOut(element.getBBox())).map((element) => element.textContent || element.outerHTML)]
            .filter(Boolean);
        });
        assert.deepEqual(outside, [], cell.join(" "));
        await page.screenshot({ path: file.replace(/svg$/, "png") });
      }
    });
  }
});
