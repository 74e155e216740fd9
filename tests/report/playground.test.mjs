// The module beside the program, and the playground in a real browser. Both are built by `.ci/wasm page`.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { changed, changes, designWords, pack, parse, scenarioWords, unpack, write } from "../../playground/link.js";
import { freshest, launch, program, skip as noBrowser } from "./chromium.mjs";

const target = process.env.WASM_TARGET_DIR ?? fileURLToPath(new URL("../../target/wasm", import.meta.url));
const file = join(target, "freshest-playground.html");
const modulePath = join(target, "wasm32-unknown-unknown/dist/freshest_wasm.wasm");
const unbuilt = existsSync(file) && existsSync(modulePath) ? false : `${file} is not built: .ci/wasm page`;

const timeless = (report) => {
  const results = report.results.map(({ seconds, memory_bytes, ...run }) => run);
  return { ...report, bounds: undefined, results };
};

describe("a link", () => {
  test("says an edit in words, and the words say the same edit", () => {
    const from = { rule: { comparator: "table" }, guards: { sites: ["seed"], seed: "cache" } };
    const to = { rule: { comparator: "table", A3: "incoming" }, guards: { sites: [] }, tabs: { post: "invalidation" } };
    const words = designWords(from, to);
    const link = write("pr-9030", words);
    assert.equal(link, "#pr-9030&A3=incoming&sites=&seed=-&post=invalidation");
    const said = parse(link);
    assert.equal(said.design, "pr-9030");
    assert.deepEqual(changes(said.words).design, [
      { path: ["rule", "A3"], value: "incoming" },
      { path: ["guards", "sites"], value: [] },
      { path: ["guards", "seed"], value: null },
      { path: ["tabs", "post"], value: "invalidation" },
    ]);
    const scenario = scenarioWords({ tabs: 2, budget: { refresh: 1 } }, { tabs: 3, budget: { skip_cache: 1 } });
    assert.deepEqual(changes(scenario).scenario, [
      { path: ["tabs"], value: 3 },
      { path: ["budget", "refresh"], value: null },
      { path: ["budget", "skip_cache"], value: 1 },
    ]);
  });

  test("that nobody wrote by this page changes nothing that it does not name", () => {
    for (const hostile of ["#", "#&=&&", "#x&__proto__=1&constructor=2&budget.__proto__=1&tabs=1e9&A9=x", "#%E0%A4%A"]) {
      const { words } = parse(hostile);
      assert.deepEqual(changes(words), { design: [], scenario: [] }, hostile);
    }
  });

  test("carries a whole text, packed, of at most 64 KiB", async () => {
    assert.equal(await unpack(await pack('title = "Prüfung"\n')), 'title = "Prüfung"\n');
    await assert.rejects(unpack(await pack("x".repeat(70_000))), /longer than 64 KiB/);
    await assert.rejects(unpack("nonsense"));
  });
});

test("what an edit changed comes with the newly violated first, shortest first", () => {
  const report = (verdicts) => ({ results: [{ scenario: "s", properties: Object.entries(verdicts).map(([name, [verdict, steps]]) => ({ name, verdict, steps })) }] });
  const before = report({ a: ["holds"], b: ["holds"], c: ["violated", 7], d: ["violated", 7], e: ["holds"], f: ["holds"] });
  const after = report({ a: ["violated", 9], b: ["violated", 4], c: ["holds"], d: ["violated", 8], e: ["inconclusive"], f: ["holds"] });
  const told = changed(before, after).map(({ cell, kind }) => `${cell} ${kind}`);
  assert.deepEqual(told, ["s/b newly violated", "s/a newly violated", "s/e not known any more", "s/c newly met", "s/d other length"]);
});

describe("the module", { skip: unbuilt }, () => {
  let module;
  before(async () => {
    const memory = () => new Uint8Array(module.memory.buffer);
    const panicked = (at, length) => assert.fail(new TextDecoder().decode(memory().slice(at, at + length)));
    const { instance } = await WebAssembly.instantiate(readFileSync(modulePath), { freshest: { now: () => performance.now(), panicked, engine: () => assert.fail("an engine is asked") } });
    module = instance.exports;
  });
  const ask = (request) => {
    const text = new TextEncoder().encode(typeof request === "string" ? request : JSON.stringify(request));
    const at = module.room(text.length) >>> 0;
    new Uint8Array(module.memory.buffer, at, text.length).set(text);
    const length = module.ask() >>> 0;
    return JSON.parse(new TextDecoder().decode(new Uint8Array(module.memory.buffer, module.answered() >>> 0, length)));
  };
  test("reports every run as the program does: verdicts, states, transitions, lengths, traces", () => {
    const wanted = JSON.parse(freshest("check", "--models", "builtin", "--format", "json"));
    const got = ask({ do: "check" }).report;
    assert.ok(wanted.results.length > 400, `${wanted.results.length} runs`);
    assert.equal(got.results.length, wanted.results.length);
    assert.deepEqual(timeless(got), timeless(wanted));
  });

  test("tells what is wrong with a request, and answers the next one", () => {
    for (const wrong of ["", "{", "[]", '{"do":"dance"}', '{"do":"check","design":["nobody"]}', '{"do":"check","max_states":-1}']) {
      assert.match(ask(wrong).error, /^error: /, wrong);
    }
    assert.match(ask({ do: "check", designs: { mine: "x" }, design: ["mine"] }).error, /designs\/mine\.toml:1/);
    assert.equal(ask({ do: "list" }).rows.length, 8);
  });
});

describe("the playground", { skip: unbuilt || noBrowser }, () => {
  const folder = mkdtempSync(join(tmpdir(), "freshest-playground-"));
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(async () => {
    await browser.close();
    console.log(`pictures of the playground are in ${folder}`);
  });
  const open = async (t, { hash = "", forbidden = false, processors, ...options } = {}) => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, ...options });
    if (processors) await page.addInitScript((processors) => Object.defineProperty(navigator, "hardwareConcurrency", { value: processors }), processors);
    const complaints = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => message.type() === "error" && !(forbidden && /Content Security Policy/.test(message.text())) && complaints.push(message.text()));
    // What is forbidden must not leave the browser: its own policy stops it.
    page.on("request", (request) => forbidden || /^(file|data|blob|about):/.test(request.url()) || complaints.push(request.url()));
    page.on("response", (response) => /^(file|data|blob|about):/.test(response.url()) || complaints.push(response.url()));
    page.on("requestfailed", (request) => request.failure().errorText === "csp" || complaints.push(`${request.url()} ${request.failure().errorText}`));
    t.after(async () => {
      await page.close();
      assert.deepEqual(complaints, []);
    });
    await page.goto(`file://${file}${hash}`);
    await page.locator("html[data-ready]").waitFor({ state: "attached" });
    return page;
  };
  const status = (page, text) => page.waitForFunction((text) => document.getElementById("status").textContent.includes(text), text);
  const check = async (page) => {
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.locator("#check:enabled").waitFor();
  };

  test("is at most 1 MB, and refers to nothing outside", () => {
    assert.ok(statSync(file).size <= 1_000_000, `${statSync(file).size} bytes`);
    assert.doesNotMatch(readFileSync(file, "utf8"), /<(script|img|iframe)[^>]* src=|@import|url\(http/);
  });

  test("an edit changes text, link and verdicts; the changes come first, and their traces open", async (t) => {
    const page = await open(t);
    await page.locator("#scenario").selectOption("own-refresh");
    await page.getByLabel(/^Row A1:/).selectOption("incoming");
    await page.waitForFunction(() => location.hash.startsWith("#pr-9030&A1=incoming&scenario=own-refresh&v="));
    assert.match(await page.locator("#design-text").inputValue(), /A1 = "incoming"/);
    await check(page);
    await status(page, "1 run in");
    const first = page.locator("#changed li").first();
    assert.match(await first.textContent(), /newly violated own-refresh\/[a-z-]+ \(holds, now violated in \d+\)/);
    await page.screenshot({ path: join(folder, "edited.png"), fullPage: true });
    const link = page.locator("#changed a").first();
    const cell = await link.getAttribute("data-open");
    await link.click();
    const dialog = page.frameLocator("#report").locator("dialog[open]");
    await dialog.waitFor();
    assert.ok((await dialog.textContent()).includes(cell.split("/")[1]));
    assert.ok(await dialog.locator("svg").count());
    await page.screenshot({ path: join(folder, "trace.png") });
    assert.match(await page.locator("#evidence").textContent(), /No evidence of record.*[0-9a-f]{64}.*freshest check --design pr-9030 --scenario own-refresh/s);
  });

  test("a link opens the edit and its trace, and of another version it says so", async (t) => {
    const page = await open(t, { hash: "#pr-9030&A1=incoming&scenario=own-refresh&open=own-refresh/cached-oiat-never-decreases&v=0.0.1" });
    await page.frameLocator("#report").locator("dialog[open]").waitFor();
    assert.equal(await page.getByLabel(/^Row A1:/).inputValue(), "incoming");
    assert.match(await page.getByRole("alert").textContent(), /made by version 0\.0\.1/);
  });

  test("a text with a fault is told with its place, and what is mended is checked", async (t) => {
    const page = await open(t, { hash: "#pr-9030&scenario=own-refresh" });
    await page.getByText("The design as TOML", { exact: true }).click();
    const area = page.locator("#design-text");
    const text = await area.inputValue();
    await area.fill(text.replace("[guards]", "[guards]\nnonsense = 1"));
    await check(page);
    assert.match(await page.getByRole("alert").textContent(), /designs\/pr-9030\.toml:\d+:\d+/);
    await area.fill(text.replace('"seed", ', ""));
    await check(page);
    assert.equal(await page.locator("#error").isVisible(), false);
    await page.getByRole("checkbox", { name: "seed", exact: true, checked: false }).waitFor();
  });

  test("a check that began with an edit shows nothing before it is asked for, and another edit ends it", async (t) => {
    const linked = await open(t, { hash: "#pr-9030&A1=incoming" });
    const expected = timeless(await linked.locator("#report").evaluate((frame) => frame.results));
    const page = await open(t, { hash: "#pr-9030&v=0.1.0" });
    const shown = await page.locator("#report").getAttribute("srcdoc");
    for (const [row, winner] of [["A1", "incoming"], ["A2", "existing"], ["B1", "incoming"]]) await page.getByLabel(new RegExp(`^Row ${row}:`)).selectOption(winner);
    await page.waitForTimeout(300);
    for (const [row, winner] of [["B1", "existing"], ["A2", "incoming"]]) await page.getByLabel(new RegExp(`^Row ${row}:`)).selectOption(winner);
    await page.waitForFunction(() => location.hash.startsWith("#pr-9030&A1=incoming&v="));
    await page.waitForTimeout(1000);
    assert.equal(await page.locator("#report").getAttribute("srcdoc"), shown);
    await check(page);
    assert.deepEqual(timeless(await page.locator("#report").evaluate((frame) => frame.results)), expected);
  });

  test("two workers that share the scenarios find what one finds, in the same order, and Stop ends both", async (t) => {
    const found = [];
    for (const processors of [1, 2]) {
      const page = await open(t, { hash: "#pr-9030&A1=incoming", processors });
      // A worker for the form, and those who check: the second time, what took longest comes first.
      for (let times = 0; times < 2; times++) {
        await check(page);
        found.push(timeless(await page.locator("#report").evaluate((frame) => frame.results)));
        assert.equal(page.workers().length, 1 + processors);
      }
      await page.getByRole("button", { name: "Check", exact: true }).click();
      await page.getByRole("button", { name: "Stop", exact: true }).click();
      await status(page, "Stopped");
      await page.locator("#check:enabled").waitFor();
      for (let times = 0; page.workers().length > 2 && times < 50; times++) await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(page.workers().length, 2);
    }
    assert.ok(found[0].results.length > 50, `${found[0].results.length} runs`);
    for (const other of found.slice(1)) assert.deepEqual(other, found[0]);
  });

  test("a limit makes verdicts inconclusive, and that is said", async (t) => {
    const page = await open(t, { hash: "#pr-9030&scenario=own-refresh" });
    await page.getByLabel("states").fill("5");
    await check(page);
    await status(page, "inconclusive: a limit was hit");
  });

  test("an edited scenario is checked, Stop ends a long run, and the page goes on", async (t) => {
    const page = await open(t, { hash: "#pr-9030&scenario=own-refresh&tabs=4&budget.refresh=3&budget.skip_cache=3" }).catch((error) => assert.fail(error));
    await page.getByLabel("states").fill("100000000");
    await page.getByLabel("seconds").fill("600");
    await page.getByLabel("tabs", { exact: true }).fill("4");
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.locator("#stop:enabled").click();
    await status(page, "Stopped");
    await page.getByRole("button", { name: "Undo all edits" }).click();
    await check(page);
    await status(page, "1 run in");
  });

  // A comparator that is pasted, and what the page says of it.
  const paste = async (t, text, { hash = "#pr-9030&scenario=own-refresh", ...call } = {}) => {
    const page = await open(t, { hash, forbidden: call.forbidden });
    await page.getByText("A comparator of your own, in JavaScript", { exact: true }).click();
    await page.locator("#own-text").fill(text);
    if (call.function) await page.locator("#own-function").fill(call.function);
    if (call.returns) await page.locator("#own-returns").selectOption(call.returns);
    if (call.parameters) await page.locator("#own-parameters").selectOption(call.parameters);
    await page.getByRole("button", { name: "Check with this comparator" }).click();
    await page.locator("#check:enabled").waitFor({ timeout: 120_000 });
    return page;
  };
  const table = `
    const parts = (token) => [token.header.oiat, token.claims.iat ?? 0];
    export function pickFreshestJwt(existing, incoming) {
      const [a, b] = [parts(existing), parts(incoming)];
      if (a[0] === undefined || b[0] === undefined) return a[0] !== undefined ? existing : incoming;
      if (a[0] !== b[0]) return a[0] > b[0] ? existing : incoming;
      return a[1] > b[1] ? existing : incoming;
    }`;

  test("a comparator that is pasted has the verdicts that the program finds for the same file", async (t) => {
    for (const [text, call] of [
      [table, {}],
      ["export default (a, b) => (a.claims.iat > b.claims.iat ? a : b);", {}],
      ["exports.compare = (a, b) => a.claims.iat - b.claims.iat;", { returns: "sort" }],
      ["export class Fresh { static keep(a, b) { return a.claims.iat > b.claims.iat; } }", { function: "Fresh.keep", returns: "existing-wins" }],
      ["export const pick = (a, b, now) => (a.claims.exp <= now ? b : a);", { parameters: "existing,incoming,now" }],
    ]) {
      const script = join(folder, "comparator.js");
      writeFileSync(script, text);
      const options = Object.entries(call).flatMap(([name, value]) => [`--${name}`, value]);
      const args = ["check", "--models", "builtin", "--comparator", "comparator.js", "--like", "pr-9030", "--scenario", "own-refresh", ...options, "--format", "json"];
      const wanted = JSON.parse(spawnSync(program(), args, { cwd: folder, encoding: "utf8", maxBuffer: 1 << 26 }).stdout);
      const page = await paste(t, text, call);
      await status(page, "1 run in");
      const got = await page.locator("#report").evaluate((frame) => frame.results);
      assert.deepEqual(timeless(got).results, timeless(wanted).results, text);
      assert.match(await page.locator("#evidence").textContent(), /pasted [0-9a-f]{64}.*--comparator comparator\.js --like pr-9030/s);
      assert.doesNotMatch(page.url(), /claims|comparator/);
    }
  });

  test("a comparator that cannot be relied on is refused in the program's words", async (t) => {
    for (const [text, call] of [
      ["let n = 0; export const pick = (a, b) => (n++ % 2 ? a : b);", {}],
      ["let n = 0; export const pick = (a, b) => (n++ < 700 ? a : b);", {}],
      ["export const pick = (a, b) => (Math.random() < 0.5 ? a : b);", {}],
      ["export const pick = (a, b) => (Date.now() % 2 ? a : b);", {}],
      ["export const pick = (a, b) => (a.claims.iat - b.claims.iat > 100 ? a : b);", {}],
      ["export const pick = (a, b) => (a.getRawString() > b.getRawString() ? a : b);", {}],
      ["export const pick = (a, b) => (a.claims.sub === 'user_1' ? a : b);", {}],
      ["export const pick = (a, b) => { if (a.seen) return a; a.seen = true; return b; };", {}],
      ["const known = new WeakSet(); export const pick = (a, b) => { const met = known.has(b); known.add(a); return met ? a : b; };", {}],
      ["let n = 0; export let pick = (a, b) => { if (++n > 3) pick = (x) => x; return b; };", {}],
      ["export let pick = (a, b) => { pick = 1; return b; };", {}],
      ["export const pick = () => undefined;", {}],
      ["export const pick = (a) => ({ ...a });", {}],
      ["export const pick = async (a) => a;", {}],
      ["export const pick = (a) => true;", {}],
      ["export const a = (x) => x;\nexport const b = (x) => x;", {}],
      ["export const pick = 1;", {}],
      ["export const pick = (a) => a;", { function: "pack" }],
      ["export class Pick {}", { function: "Pick" }],
    ]) {
      const script = join(folder, "comparator.js");
      writeFileSync(script, text);
      const options = Object.entries(call).flatMap(([name, value]) => [`--${name}`, value]);
      const { stderr } = spawnSync(program(), ["check", "--models", "builtin", "--comparator", "comparator.js", "--like", "pr-9030", "--scenario", "own-refresh", ...options], { cwd: folder, encoding: "utf8" });
      const page = await paste(t, text, call);
      await status(page, "Nothing was checked");
      const said = await page.getByRole("alert").textContent();
      assert.equal(said.trim(), stderr.trim(), text);
    }
  });

  test("a comparator that does not end is ended with words, and the page goes on", async (t) => {
    const page = await paste(t, "export const pick = () => { for (;;); };");
    assert.match(await page.getByRole("alert").textContent(), /`pick` did not end within 1000 ms when it was called/);
    await check(page);
    await status(page, "1 run in");
    const loading = await paste(t, "for (;;);\nexport const pick = (a) => a;");
    assert.match(await loading.getByRole("alert").textContent(), /did not end within 1000 ms while it was loaded/);
  });

  test("a mistake of a comparator is told with its place", async (t) => {
    const page = await paste(t, "export function pick(existing: Token) {\n  return existing;\n}");
    const said = await page.getByRole("alert").textContent();
    assert.match(said, /SyntaxError.*comparator\.js:1:30.*take the types of TypeScript away/s);
    const throws = await paste(t, "const nothing = undefined;\nexport const pick = (a, b) =>\n  nothing.of(a);");
    assert.match(await throws.getByRole("alert").textContent(), /comparator\.js:3:\d+: `pick` threw[^]*TypeError|`pick` threw[^]*comparator\.js:3:/);
  });

  test("a comparator reaches no network, no storage, no timer and no message", async (t) => {
    const reach = ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "importScripts", "indexedDB", "caches", "Worker", "postMessage", "onmessage", "navigator", "location", "self", "close", "setTimeout", "queueMicrotask", "structuredClone", "URL", "Blob", "WebAssembly", "crypto", "BroadcastChannel", "MessageChannel", "Event", "addEventListener", "FileReaderSync", "name", "origin", "trustedTypes", "scheduler", "process", "require"];
    const text = `const all = ${JSON.stringify(reach)};
      const there = all.filter((name) => { try { return globalThis[name] !== undefined; } catch { return false; } });
      const others = []; for (let at = globalThis; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) others.push(...Reflect.ownKeys(at).filter((name) => at[name] !== undefined).map(String));
      export const pick = (a, b) => { if (there.length) throw new Error("reached " + there); throw new Error("only " + others.sort().join(" ")); };`;
    const page = await paste(t, text);
    const said = await page.getByRole("alert").textContent();
    assert.match(said, /only /, said);
    for (const name of ["Worker", "Port", "fetch", "Scope"]) assert.ok(!said.includes(name), said);
    // Modules from elsewhere are not fetched either, neither at once nor later.
    for (const other of ['import "https://example.com/x.js";\nexport const pick = (a) => a;', 'export const pick = (a) => a; import("https://example.com/x.js").catch(() => undefined);']) {
      const refused = await paste(t, other, { forbidden: true });
      await refused.waitForTimeout(200);
    }
  });

  test("no link starts a comparator, and Stop ends one", async (t) => {
    const page = await open(t, { hash: "#pr-9030&scenario=own-refresh&comparator=x&own=x&own-text=export%20const%20pick=1" });
    assert.equal(await page.locator("#own-text").inputValue(), "");
    await page.getByText("A comparator of your own, in JavaScript", { exact: true }).click();
    await page.locator("#own-text").fill("export const pick = () => { for (;;); };");
    await page.getByRole("button", { name: "Check with this comparator" }).click();
    await page.locator("#stop:enabled").click();
    await status(page, "Stopped");
    assert.equal(await page.locator("#error").isVisible(), false);
  });

  test("every control has a name, and a narrow dark screen shows all of it", async (t) => {
    const page = await open(t, { viewport: { width: 390, height: 844 }, colorScheme: "dark", hash: "#pr-9030&scenario=own-refresh" });
    const nameless = await page.locator("input, select, textarea, button, iframe, progress").evaluateAll((them) =>
      them.filter((it) => !(it.labels?.length || it.getAttribute("aria-label") || it.title || it.textContent.trim())).map((it) => it.outerHTML),
    );
    assert.deepEqual(nameless, []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} pixels too wide`);
    await page.screenshot({ path: join(folder, "narrow.png"), fullPage: true });
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  });
});
