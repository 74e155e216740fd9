// The HTML report of the full gate, in a real browser.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { freshest, launch, skip } from "./chromium.mjs";

const HEADLINE = "pr-8097/own-refresh/cached-oiat-never-decreases";
const MAX_BYTES = 3 * 2 ** 20;

describe("the report of the full gate", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "freshest-report-"));
  const file = join(folder, "report.html");
  let browser;
  before(async () => {
    freshest("report", "--output", file);
    browser = await launch();
  });
  after(async () => {
    await browser.close();
    console.log(`the report and pictures of it are in ${folder}`);
  });

  // Opens the page; whatever it complains of, or asks of a network, fails the test at its end.
  const open = async (t, { hash = "", ...options } = {}) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const complaints = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => request.url().startsWith("file:") || request.url().startsWith("data:") || complaints.push(request.url()));
    t.after(async () => {
      await page.close();
      assert.deepEqual(complaints, []);
    });
    await page.goto(`file://${file}${hash && `#${hash}`}`);
    await page.locator("#filters").waitFor({ state: "attached" });
    await page.waitForFunction(() => !document.getElementById("filters").hidden);
    return page;
  };
  const shown = (page) => page.locator("#designs td:not(.dim) a.verdict:visible").count();

  // What the page's own thread has done until the page can be used, in ms.
  const opening = async (address) => {
    const page = await browser.newPage();
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
    await page.goto(address);
    await page.waitForFunction(() => !document.getElementById("filters").hidden);
    const { metrics } = await devtools.send("Performance.getMetrics");
    await page.close();
    return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  };

  // As a ratio, because machines differ, and each twice, because one machine differs from itself. What
  // is not in sight is not laid out: if it were, the page would take 1.2 times as long as the table.
  test("is at most 3 MiB, and opens sooner than a bare table of its verdicts", async (t) => {
    const { size } = statSync(file);
    assert.ok(size <= MAX_BYTES, `${size} bytes`);
    const page = await open(t);
    const [, verdicts] = (await page.textContent("#count")).match(/ of (\d+) verdicts$/);
    const properties = await page.locator("[name=property] option").count() - 1;
    const row = `<tr>${"<td>ok".repeat(properties)}`;
    const bare = join(folder, "bare.html");
    const rows = row.repeat(Number(verdicts) / properties);
    writeFileSync(bare, `<!doctype html><title>bare</title><form id="filters"></form><table>${rows}</table>`);
    const took = { [file]: Infinity, [bare]: Infinity };
    for (const path of [file, bare, file, bare]) took[path] = Math.min(took[path], await opening(`file://${path}`));
    t.diagnostic(`${size} bytes, opened in ${Math.round(took[file])} ms; a bare table of ${verdicts} cells in ${Math.round(took[bare])} ms`);
    assert.ok(took[file] > 0 && took[file] < took[bare]);
  });

  test("refers to no other file", () => {
    assert.doesNotMatch(readFileSync(file, "utf8"), /<(script|img|iframe)[^>]* src=|<link[^>]* href="(?!data:)|@import|url\(/);
  });

  test("filters filter, and say how much is left", async (t) => {
    const page = await open(t);
    const count = await page.textContent("#count");
    const [, all] = count.match(/^(\d+) of (\d+) verdicts$/);
    assert.ok(Number(all) > 1000);
    await page.selectOption("[name=design]", "pr-8097");
    await page.selectOption("[name=scenario]", "own-refresh");
    const properties = await page.locator("[name=property] option").count() - 1;
    assert.equal(await shown(page), properties);
    await page.selectOption("[name=verdict]", "violated");
    const violated = await shown(page);
    assert.ok(violated > 0 && violated < properties);
    assert.match(await page.textContent("#count"), new RegExp(`^${violated} of `));
    await page.selectOption("[name=property]", "tabs-converge");
    assert.equal(await page.textContent("#designs td:not(.dim) a.verdict:visible"), "9");
    await page.check("[name=unexpected]");
    assert.ok(await page.isVisible("#none"));
    await page.click("button[type=reset]");
    await page.waitForFunction((count) => document.getElementById("count").textContent === count, count);
  });

  test("a verdict opens, its slider moves through the trace, and closing goes back", async (t) => {
    const page = await open(t);
    const link = page.locator(`.matrix a[href="#${HEADLINE}"]`);
    await link.click();
    const dialog = page.getByRole("dialog", { name: "cached-oiat-never-decreases" });
    await dialog.locator("svg.diagram").waitFor();
    const slider = dialog.getByRole("slider");
    const step = () => dialog.locator(".current").getAttribute("data-step");
    assert.equal(await step(), "0");
    await dialog.getByRole("button", { name: "Show it" }).click();
    assert.equal(await step(), "7");
    assert.match(await dialog.locator(".state").textContent(), /\[oiat 1, iat 2\]/);
    await slider.press("Home");
    assert.equal(await step(), "0");
    assert.match(await dialog.locator(".state").textContent(), /tab 0.*cache\[oiat 1, iat 1\]/s);
    for (const number of ["1", "2", "3"]) {
      await slider.press("ArrowRight");
      assert.equal(await step(), number);
    }
    assert.match(await dialog.locator(".now").textContent(), /past the cache.*pending \(f0\)/s);
    await dialog.locator('.step[data-step="6"]').click();
    assert.equal(await slider.inputValue(), "6");
    await dialog.getByRole("button", { name: "Next step" }).click();
    assert.equal(await step(), "7");
    await page.keyboard.press("Escape");
    assert.equal(await dialog.isVisible(), false);
    assert.ok(await link.evaluate((element) => element === document.activeElement));
  });

  test("a step shows the row of the decision table that decided", async (t) => {
    const page = await open(t, { hash: "iat-guard/fmt-s2g1/tie-is-adopted" });
    await page.locator("dialog svg.diagram").waitFor();
    await page.getByRole("button", { name: "Show it" }).click();
    assert.match(await page.textContent(".decided tbody"), /A5tab \d's broadcast guard: same oiat, same iat/);
  });

  test("arrow keys move between verdicts", async (t) => {
    const page = await open(t);
    const first = page.locator(".matrix a.verdict").first();
    await first.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    const focused = await page.evaluate(() => document.activeElement.getAttribute("href"));
    const [, second] = await page.locator(".matrix").first().locator("tbody tr").nth(1).locator("a.verdict")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    assert.equal(focused, second);
  });

  test("verdicts of every kind open, one in fifty-three", async (t) => {
    const page = await open(t);
    await page.evaluate(() => document.querySelectorAll(".design").forEach((design) => (design.open = true)));
    await page.waitForFunction(() => [...document.querySelectorAll(".matrix")].every((table) => table.querySelector("a.verdict")));
    const broken = await page.evaluate(async () => {
      const broken = [];
      const some = [...document.querySelectorAll(".matrix a.verdict")].filter((_, n) => n % 53 === 0);
      for (const link of some) {
        location.hash = link.getAttribute("href");
        await new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
        const violated = link.classList.contains("violated");
        const dialog = document.getElementById("cell");
        if (!dialog.open || Boolean(dialog.querySelector("#slider")) !== violated) broken.push(location.hash);
      }
      return broken;
    });
    assert.deepEqual(broken, []);
  });

  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 390]) {
      test(`at ${width} pixels in ${colorScheme}: nothing sticks out, and text can be read`, async (t) => {
        const page = await open(t, { viewport: { width, height: 844 }, colorScheme });
        const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
        assert.equal(await wide(), width);
        assert.deepEqual(await poorContrast(page, "body > :not(dialog)"), []);
        await page.screenshot({ path: join(folder, `${colorScheme}-${width}.png`) });
        await page.screenshot({ path: join(folder, `${colorScheme}-${width}-whole.png`), fullPage: true });
        await page.goto(`file://${file}#${HEADLINE}`);
        await page.locator("dialog svg.diagram").waitFor();
        const { scrollWidth, clientWidth } = await page.evaluate(() => document.getElementById("cell"));
        assert.equal(scrollWidth, clientWidth);
        assert.deepEqual(await poorContrast(page, "dialog"), []);
        await page.screenshot({ path: join(folder, `${colorScheme}-${width}-trace.png`) });
        await page.locator(".drawing").scrollIntoViewIfNeeded();
        await page.locator(".drawing").screenshot({ path: join(folder, `${colorScheme}-${width}-drawing.png`) });
      });
    }
  }

  // What is cut off at the right edge of what holds it, or of the page.
  const clipped = (page) =>
    page.evaluate(() => {
      const sheet = document.documentElement.clientWidth;
      const name = (element) => `${element.tagName}.${element.className} ${element.textContent.slice(0, 40)}`;
      return [...document.querySelectorAll("body *")].filter((element) => {
        if (!element.checkVisibility() || element.closest("svg")) return false;
        const cuts = getComputedStyle(element).overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1;
        return cuts || element.getBoundingClientRect().right > sheet + 1;
      }).map(name);
    });

  // 718 pixels are what remains of A4 between the usual margins.
  test("on paper there are no controls, nothing is clipped, and an open trace is printed alone", async (t) => {
    const page = await open(t, { viewport: { width: 718, height: 1043 } });
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.isVisible("#filters"), false);
    assert.deepEqual(await clipped(page), []);
    await page.screenshot({ path: join(folder, "paper.png"), fullPage: true });
    await page.goto(`file://${file}#${HEADLINE}`);
    await page.locator("dialog svg.diagram").waitFor();
    assert.equal(await page.isVisible("#verdicts"), false);
    assert.equal(await page.isVisible(".drawing"), true);
    assert.deepEqual(await clipped(page), []);
    await page.screenshot({ path: join(folder, "paper-trace.png"), fullPage: true });
    const pdf = await page.pdf({ format: "A4" });
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
    assert.ok(pages <= 3, `${pages} pages`);
  });

  test("the lanes' names and the slider stay in sight while a trace is scrolled", async (t) => {
    for (const width of [1280, 390]) {
      const page = await open(t, { hash: HEADLINE, viewport: { width, height: 844 } });
      await page.locator("dialog svg.diagram").waitFor();
      await page.getByRole("button", { name: "Show it" }).click();
      const [current, heads, slider] = await page.evaluate(() =>
        [".current", ".heads", "#slider"].map((of) => document.querySelector(of).getBoundingClientRect().toJSON()));
      assert.ok(heads.top >= 0 && slider.top >= 0 && slider.bottom <= 844, JSON.stringify({ heads, slider }));
      assert.ok(current.top >= heads.bottom - 1 && current.top < 844, JSON.stringify({ current, heads }));
      await page.screenshot({ path: join(folder, `last-step-${width}.png`) });
    }
  });

  test("the decision table keeps the names of its designs while it is scrolled", async (t) => {
    const page = await open(t, { viewport: { width: 390, height: 844 } });
    const scroll = page.locator("#table .scroll");
    await scroll.evaluate((element) => element.scrollTo(element.scrollWidth, 0));
    const [name, region] = await page.evaluate(() =>
      ["#table .rows tbody th", "#table .scroll"].map((of) => document.querySelector(of).getBoundingClientRect().left));
    assert.ok(Math.abs(name - region) < 2, `${name} ${region}`);
    await page.locator("#table").screenshot({ path: join(folder, "decision-table-390.png") });
  });

  test("released designs come first", async (t) => {
    const page = await open(t);
    for (const list of [".cards strong", ".digest tbody th[scope=row]", "#designs h4", ".rows tbody th"]) {
      const names = await page.locator(list).allTextContents();
      const at = (name) => names.findIndex((text) => text.split(" ")[0] === name);
      assert.ok(at("pr-9284") >= 0 && at("pr-9284") < at("arrival-order"), `${list}: ${names}`);
    }
  });
});

// Text with less contrast to what is behind it than WCAG 2.2 AA asks for (4.5, or 3 if large).
const poorContrast = (page, root) =>
  page.evaluate((root) => {
    const channels = (color) => color.match(/[\d.]+/g).map(Number);
    const light = ([r, g, b]) =>
      [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
    const behind = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const color = channels(getComputedStyle(at).backgroundColor);
        if (color[3] === undefined || color[3] === 1) return color;
      }
      return [255, 255, 255];
    };
    const poor = new Set();
    for (const element of document.querySelectorAll(`${root}, ${root} *`)) {
      const ownText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      const style = getComputedStyle(element);
      if (!ownText || element.closest("svg, script, style, option, button:disabled") || !element.checkVisibility()) continue;
      const [a, b] = [light(channels(style.color)), light(behind(element))].sort((a, b) => b - a);
      const large = parseFloat(style.fontSize) >= 24;
      const ratio = (a + 0.05) / (b + 0.05);
      if (ratio < (large ? 3 : 4.5)) poor.add(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
    }
    return [...poor];
  }, root);
