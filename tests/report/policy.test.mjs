// Whatever hostile models, or results, managed to put into the page does not run there: the page's
// Content-Security-Policy allows its own script and its own style, and nothing else.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, describe, test } from "node:test";
import { freshest, launch, skip } from "./chromium.mjs";

const QUICK = ["--design", "pr-9030", "--scenario", "s2"];

// Each would set the page's title, or hide the page, if it were let.
const ATTACKS = {
  script: "<script>document.title = 'pwned'</script>",
  handler: "<img src=x onerror=\"document.title = 'pwned'\">",
  link: "<a id=attack href=\"javascript:document.title = 'pwned'\">x</a>",
  style: "<style>main { display: none }</style>",
  attribute: "<p style='position: fixed; inset: 0' id=attack>x</p>",
  frame: "<iframe srcdoc=\"<script>parent.document.title = 'pwned'</script>\"></iframe>",
  base: "<base href='https://example.com/'>",
  remote: "<script src='https://example.com/x.js'></script>",
};

describe("the report's policy", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "freshest-policy-"));
  const file = join(folder, "report.html");
  let browser;
  before(async () => {
    freshest("report", ...QUICK, "--output", file);
    browser = await launch();
  });
  after(() => browser.close());

  test("lets the page's own script and style work", async () => {
    const page = await browser.newPage();
    const complaints = [];
    page.on("console", (message) => complaints.push(message.text()));
    await page.goto(`file://${file}`);
    assert.ok(await page.locator("#filters").isVisible());
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).fontFamily), "");
    assert.deepEqual(complaints, []);
    await page.close();
  });

  for (const [name, attack] of Object.entries(ATTACKS)) {
    test(`stops what somebody put into the page: ${name}`, async () => {
      const bad = join(folder, `${name}.html`);
      writeFileSync(bad, readFileSync(file, "utf8").replace("<main>", `<main>${attack}`));
      const page = await browser.newPage();
      const asked = [];
      page.on("request", (request) => asked.push(request.url()));
      // What the policy forbids is seen as a request that fails for that reason, before any network.
      page.on("requestfailed", (request) => {
        if (request.failure().errorText === "csp") asked.splice(asked.indexOf(request.url()), 1);
      });
      await page.goto(`file://${bad}`);
      if (name === "link") await page.evaluate(() => document.getElementById("attack").click());
      assert.doesNotMatch(await page.title(), /pwned/);
      assert.ok(await page.locator("main").isVisible());
      if (name === "attribute") {
        const position = await page.evaluate(() => getComputedStyle(document.getElementById("attack")).position);
        assert.equal(position, "static");
      }
      assert.deepEqual(asked.filter((url) => url.startsWith("http")), []);
      await page.close();
    });
  }

  test("shows a hostile title, reason and source as text", async () => {
    const models = join(folder, "models");
    cpSync(fileURLToPath(new URL("../../models", import.meta.url)), models, { recursive: true });
    const design = join(models, "designs", "pr-9030.toml");
    const hostile = "</title></script><script>document.title='pwned'</script><img src=x onerror=document.title='pwned'>";
    const text = readFileSync(design, "utf8").replace(/^title = .*$/m, () => `title = "${hostile}"`);
    writeFileSync(design, text);
    const out = join(folder, "hostile.html");
    freshest("report", ...QUICK, "--models", models, "--output", out);
    const page = await browser.newPage();
    await page.goto(`file://${out}`);
    assert.doesNotMatch(await page.title(), /pwned/);
    assert.match(await page.locator(`.design[data-design="pr-9030"] summary`).textContent(), /<img src=x onerror/);
    await page.close();
  });
});
