// The package as somebody has it who installed it: packed, installed from the tarball into an empty project, and
// run beside the program for this platform (FRESHEST, else target/release/freshest).
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const native = process.env.FRESHEST ?? path.join(repository, "target/release/freshest");
const { CI, NO_COLOR, ...env } = process.env;
let work;
let installed;

const run = (program, args, cwd, input = "") => {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (error) throw error;
  return { status, stdout, stderr };
};

before(() => {
  assert.ok(existsSync(native), `${native} is not there: cargo build --release`);
  work = mkdtempSync(path.join(tmpdir(), "freshest-npm-"));
  const packed = run("npm", ["pack", "--silent", "--pack-destination", work], path.join(repository, "packages/npm"));
  assert.equal(packed.status, 0, packed.stderr);
  const [tarball] = readdirSync(work).filter((name) => name.endsWith(".tgz"));
  assert.ok(statSync(path.join(work, tarball)).size <= 2 * 2 ** 20, "the package has at most 2 MiB");
  writeFileSync(path.join(work, "package.json"), '{ "private": true }\n');
  const done = run("npm", ["install", "--offline", "--no-audit", "--no-fund", `./${tarball}`], work);
  assert.equal(done.status, 0, done.stderr);
  installed = path.join(work, "node_modules/.bin/freshest");
});
after(() => rmSync(work, { recursive: true, force: true }));

/** Without times, and memory, which is that of another machine. */
const timeless = (text) =>
  text
    .replace(/\d+(\.\d+)? (m?s)\b/g, "T $2")
    .replace(/"(seconds|elapsed_seconds|memory_bytes)": [\d.e-]+/g, '"$1": 0')
    .replace(/ time="[\d.]+"/g, ' time="0"')
    // WASI numbers errors in its own way.
    .replace(/\(os error \d+\)/g, "(os error N)");

const same = (args, { cwd = repository, input, code } = {}) => {
  const wanted = run(native, args, cwd, input);
  const got = run(installed, args, cwd, input);
  assert.equal(timeless(got.stdout), timeless(wanted.stdout), "standard output");
  assert.equal(timeless(got.stderr), timeless(wanted.stderr), "standard error");
  assert.equal(got.status, wanted.status, "exit code");
  if (code !== undefined) assert.equal(got.status, code);
};

const commands = [
  ["--version"],
  ["--help"],
  ["check", "--help"],
  ["list"],
  ["list", "--format", "json"],
  ["table", "pr-8097"],
  // Every design in every scenario: verdicts, states, transitions, lengths and traces.
  ["check", "--format", "json"],
  ["--design", "pr-9030"],
  ["check", "--design", "pr-9030", "--full"],
  ["check", "--design", "pr-8097", "--scenario", "own-refresh", "--format", "json"],
  ["check", "--design", "pr-8097", "--scenario", "own-refresh", "--format", "sarif"],
  ["check", "--design", "pr-8097", "--scenario", "own-refresh", "--format", "junit"],
  ["check", "--design", "pr-8097", "--scenario", "own-refresh", "--format", "markdown"],
  ["check", "--design", "proposal-life", "--scenario", "org-w1r1"],
  ["check", "--design", "pr-9030", "--scenario", "own-refresh", "--max-states", "5"],
  ["check", "--design", "pr-9030", "--color", "always"],
  ["check", "--design", "nobody"],
  ["check", "--models", "builtin", "--design", "pr-9030"],
  ["check", "--models", "/tmp/nowhere"],
  ["check", "--models", "../nowhere"],
  ["explain", "pr-8097"],
  ["explain", "pr-8097", "own-refresh", "cached-oiat-never-decreases"],
  ["explain", "pr-8097", "own-refresh", "cached-oiat-never-decreases", "--format", "svg"],
  ["explain", "pr-8097", "own-refresh", "cached-oiat-never-decreases", "--format", "mermaid"],
  ["diff", "pr-8097", "pr-9030"],
  ["liveness", "pr-9030"],
  ["prove", "pr-9030"],
  ["--nonsense"],
];
for (const args of commands) {
  test(`as the program does: freshest ${args.join(" ")}`, () => same(args));
}

test("exit codes are those of the gate", () => {
  const models = path.join(work, "models");
  cpSync(path.join(repository, "models"), models, { recursive: true });
  same(["--design", "pr-9030"], { cwd: work, code: 0 });
  const file = path.join(models, "designs/pr-9030.toml");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/^\[rule\]$/m, '[rule]\nA3 = "incoming"'));
  same(["--design", "pr-9030"], { cwd: work, code: 1 });
  writeFileSync(file, `${text}\nnonsense = 1\n`);
  same(["--design", "pr-9030"], { cwd: work, code: 2 });
  writeFileSync(file, text);
  same(["--design", "pr-9030", "--scenario", "own-refresh", "--max-states", "2"], { cwd: work, code: 3 });
  // From a folder below.
  mkdirSync(path.join(work, "below"));
  same(["--design", "pr-9030", "--models", "../models"], { cwd: path.join(work, "below"), code: 0 });
  same(["--design", "pr-9030", "--models", models], { cwd: path.join(work, "below"), code: 0 });
});

test("files are written, whole, and the same ones", () => {
  const folders = ["native", "package"].map((name) => path.join(work, name));
  const programs = [native, installed];
  for (const [index, folder] of folders.entries()) {
    mkdirSync(folder);
    for (const args of [
      ["init"],
      ["new", "other", "--from", "pr-9030"],
      ["check", "--design", "other", "--scenario", "own-refresh", "--receipt", "receipt.json"],
      ["explain", "pr-8097", "own-refresh", "cached-oiat-never-decreases", "--save", "trace.json", "--models", "builtin"],
    ]) {
      const { status, stderr } = run(programs[index], args, folder);
      assert.equal(status, 0, stderr);
    }
  }
  const files = (folder) =>
    readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => statSync(path.join(folder, name)).isFile())
      .sort();
  const [wanted, got] = folders.map(files);
  assert.deepEqual(got, wanted);
  assert.ok(wanted.length > 2, `${wanted}`);
  for (const name of wanted) {
    assert.equal(readFileSync(path.join(folders[1], name), "utf8"), readFileSync(path.join(folders[0], name), "utf8"), name);
  }
});

test("what WebAssembly cannot do is refused with the reason, and what to do", () => {
  const script = path.join(work, "rule.ts");
  writeFileSync(script, "export const pick = (existing: unknown) => existing;\n");
  const refused = (args, ...parts) => {
    const { status, stderr } = run(installed, args, repository);
    assert.equal(status, 2, stderr);
    for (const part of parts) assert.ok(stderr.includes(part), `no ${part} in ${stderr}`);
  };
  refused(["check", "--comparator", script], "without scripts", "files and the network", "the program for your platform");
  refused(["--engine", "stateright"], "threads", "the fast engine");
  refused(["--local-processes", "2"], "several processes", "the program for your platform");
  refused(["--hosts", "hosts.txt", "--process", "0"], "several processes", "the program for your platform");
  refused(["diff", "HEAD:models/designs/pr-9030.toml", "pr-9030"], "git", "name a file");
});

test("a name that WebAssembly would take for another file is refused", () => {
  mkdirSync(path.join(work, path.sep === "/" ? "tmp" : "x"));
  const { status, stderr } = run(installed, ["list", "--models", "/tmp/nowhere"], work);
  assert.equal(status, 2, stderr);
  assert.match(stderr, /one name in WebAssembly.*as seen from here/s);
  const missing = run(installed, ["list", "--models", "/nowhere/models"], repository);
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /no folder \/nowhere/);
});

test("nothing is said that is not the program's", () => {
  const { stderr } = run(installed, ["--version"], repository);
  assert.equal(stderr, "");
});
