// A build of one's own: which design it follows, and what it does otherwise.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bundlePath } from '../bundle.mjs';
import { programPath } from '../freshest.mjs';
import { replacing } from './mutants.mjs';
import { needsFreshest, runProgram, scratch } from './program.mjs';

const VERSION = '6.40.0';
const DIRECTORY = fileURLToPath(new URL('..', import.meta.url));

/** A copy of a release's bundle, with one place of it changed. */
function copy(t, text = null, instead = null, version = VERSION) {
  const source = readFileSync(bundlePath(version, 'clerk.no-rhc.js'), 'utf8');
  const patched = text === null ? source : replacing(text, instead)(source);
  return scratch(t).write('clerk.no-rhc.js', patched);
}

function scenarios(...names) {
  return names.flatMap((name) => ['--scenario', name]);
}

test('a copy of the release behaves as its design', needsFreshest(), (t) => {
  const args = ['--bundle', copy(t), ...scenarios('r1s1', 'touch-t1s1', 'focus-f1')];
  const { status, stdout, stderr } = runProgram('run.mjs', args);
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /^ {2}pr-8097 .* traces agree; \d+ things differ, first: .*, \d+ steps?: /m);
  assert.match(stdout, /^clerk\.no-rhc\.js behaves as pr-9284: \d+ transitions in 3 scenarios, no divergence$/m);
});

/** What is changed, where it tells, the text and what stands there instead, the shortest way and what is seen then. */
const PATCHES = [
  [
    'the seed guard is gone',
    ['r1s1', 'touch-t1'],
    ['e.jwt&&!rI(this.lastActiveToken,e)&&(', 'e.jwt&&('],
    /shortest divergence, in r1s1, \d+ steps:[^]*then tab \d's seed:\n {4}the model expects \[oiat 2, iat 2\]\n {4}the SDK shows {5}\[oiat 1, iat/,
  ],
  [
    'the cookie guard is gone',
    ['r1s1', 'touch-t1'],
    ['&&rx(t,a)===t}', '&&false}'],
    /shortest divergence, in r1s1, 7 steps:[^]*then cookie:\n {4}the model expects \[oiat 2, iat 2\]\n {4}the SDK shows {5}\[oiat 1, iat 2\]/,
  ],
  [
    'a tie goes to the existing token (row A5)',
    ['r1s1', 's2', 'unf-r1s1', 'legacy-s2', 'touch-t1r1'],
    ['(rz(e)?.claims?.iat??0)>(rz(a)', '(rz(e)?.claims?.iat??0)>=(rz(a)'],
    /shortest divergence, in \S+, \d steps:[^]*row A5/,
  ],
  [
    'a token without oiat beats one with it (row B1)',
    ['legacy-s2', 'touch-t1'],
    ['null==r?e:null==t?a:', 'null==r?a:null==t?a:'],
    /shortest divergence, in legacy-s2, \d+ steps:[^]*row B1/,
  ],
  [
    'the broadcast guard is gone',
    ['r1s1', 'focus-f1'],
    ['if(rx(r,a)===r)return void', 'if(false)return void'],
    /shortest divergence, in r1s1, \d+ steps:/,
  ],
  [
    'an answer is dropped if its entry is no more the one that asked (a fence)',
    ['r1s1', 's2', 'unf-r1s1'],
    ['let i=o.get(t);if(!i)return;let s=r.jwt', 'let i=o.get(t);if(!i||i!==n)return;let s=r.jwt'],
    /shortest divergence, in \S+, \d+ steps:[^]*the SDK shows/,
  ],
  [
    'claims may go back (rows A1 and A2 turned around)',
    ['r1s1', 's2', 'bare-t2'],
    ['t>r?e:t<r?a', 't>r?a:t<r?e'],
    /shortest divergence, in \S+, \d+ steps:[^]*row A[12]/,
  ],
  [
    'every tie goes to the existing token (rows A4 and A5)',
    ['r1s1', 's2', 'bare-t2'],
    ['(rz(e)?.claims?.iat??0)>(rz(a)?.claims?.iat??0)?e:a', 'e'],
    /shortest divergence, in \S+, \d+ steps:[^]*row A[45]/,
  ],
  [
    // Then it does what pr-9030 would with the client's guard: of two that are as near, the later release is named.
    'a tab without focus sets a refresh timer',
    ['unf-r1s1', 'bare-t2', 'org-r1'],
    ['!1===ry()?{}:{onRefresh:e}', '({onRefresh:e})'],
    /shortest divergence, in unf-r1s1, 1 step:[^]*then tab 1's refresh timer:\n {4}the model expects not armed\n {4}the SDK shows {5}armed/,
  ],
];

/** The same of the release before. */
const PATCHES_OF_6_24_0 = [
  [
    'a token of older claims wins (row A1)',
    ['r1s1', 'bare-t2', 'legacy-s2', 'clear-s2k1'],
    ['t>r?e:t<r?a', 't>r?a:t<r?a'],
    /shortest divergence, in \S+, \d+ steps:[^]*row A1/,
  ],
  [
    'a background refresh sets no timer',
    ['r1s1', 'unf-r1s1', 'bare-t2'],
    ['tokenResolver:Promise.resolve(i),onRefresh:()=>this.#eb(e,a,t,r)', 'tokenResolver:Promise.resolve(i)'],
    /shortest divergence, in \S+, \d+ steps:[^]*the model expects armed\n {4}the SDK shows {5}not armed/,
  ],
];

for (const [version, design, patches] of [
  [VERSION, 'pr-9284', PATCHES],
  ['6.24.0', 'pr-9030', PATCHES_OF_6_24_0],
]) {
  for (const [what, where, patch, shortest] of patches) {
    test(`a copy of ${version} in which ${what} behaves as ${design} but for that`, needsFreshest(), (t) => {
      const args = ['--bundle', copy(t, ...patch, version), ...scenarios(...where)];
      const { status, stdout, stderr } = runProgram('run.mjs', args);
      assert.equal(status, 1, stdout + stderr);
      const verdict = /^clerk\.no-rhc\.js behaves as (\S+) but for .* in \d of \d scenarios? \(\d agree\):$/m.exec(stdout);
      assert.equal(verdict?.[1], design, stdout);
      assert.match(stdout, shortest);
      assert.match(stdout, / {2}0\. 2 tabs and the cookie hold /);
    });
  }
}

test('a build is held against a design in a file, again and again with the same words', needsFreshest(), (t) => {
  const files = scratch(t);
  const design = files.path('mine.toml');
  copyFileSync(join(DIRECTORY, '..', '..', 'models', 'designs', 'pr-8097.toml'), design);
  const args = ['--bundle', copy(t), '--design', design, ...scenarios('bare-t2')];
  const [one, other] = [runProgram('run.mjs', args), runProgram('run.mjs', args)];
  assert.equal(one.status, 1, one.stdout + one.stderr);
  assert.match(one.stdout, /mine\.toml but for .*\n {2}seed after respond of a touch: a token instead of a token \(\d+ traces of 1 scenario\)/);
  const timeless = ({ stdout }) => stdout.replace(/[\d.]+ s$/gm, '');
  assert.equal(timeless(one), timeless(other));
});

for (const [what, text, message] of [
  ['an ES module', 'export const Clerk = 1;', /it is no script: Unexpected token 'export'/],
  ['a script that exports nothing', 'exports.other = 1;', /it exports no class `Clerk`/],
  ['a script that throws', 'throw new Error("not today");', /it throws when it is run: not today/],
  ['a build that never opens', 'exports.Clerk = class { load() { return new Promise(() => {}); } };', /did not open a tab within/],
  ['a script that loops', 'for (;;);', /has not come back for 3 s/],
  ['a script that ends its process', 'Function("return globalThis")().process.exit(0);', /ended its process \(0\)/],
]) {
  test(`${what} exits with 2 and says why`, needsFreshest(), (t) => {
    const file = scratch(t).write('clerk.no-rhc.js', text);
    const { status, stderr } = runProgram('run.mjs', ['--bundle', file, ...scenarios('org-w1'), '--patience', '3']);
    assert.equal(status, 2, stderr);
    assert.match(stderr, message);
    assert.ok(stderr.includes(file), stderr);
  });
}

for (const [what, args, message] of [
  ['a file that is not there', ['--bundle', '/nowhere/clerk.js'], /cannot read the bundle \/nowhere\/clerk\.js: ENOENT/],
  ['a folder', ['--bundle', '/'], /\/ is no file; give the file that clerk-js's own build writes/],
  ['two subjects', ['--bundle', 'x.js', '--version', VERSION], /--bundle and --version are of different runs/],
  ['a version that is none', ['--release', '../x'], /--release must be a version such as 6\.40\.0/],
  ['a sample of a build', ['--bundle', 'x.js', '--sample', '5'], /--sample is for installed releases/],
  ['a design that is not there', ['--bundle', bundlePath(VERSION, 'clerk.no-rhc.js').pathname, '--design', 'mine', '--scenario', 'org-w1'], /there is no design `mine`/],
]) {
  test(`${what} exits with 2 and says what to do`, needsFreshest(), () => {
    const { status, stderr } = runProgram('run.mjs', args);
    assert.equal(status, 2, stderr);
    assert.match(stderr, message);
  });
}

test('a models directory without scenarios of the comparison exits with 2 and says how its design is given', needsFreshest(), (t) => {
  const models = scratch(t).path('freshness');
  const { status, stderr } = spawnSync(programPath(), ['init', models], { cwd: dirname(models), encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const refused = runProgram('run.mjs', ['--bundle', copy(t), '--models', models, '--design', 'mine']);
  assert.equal(refused.status, 2, refused.stderr);
  assert.match(refused.stderr, /none of the scenarios made for this: .*--design .*freshness\/designs\/NAME\.toml/);
  const design = join(models, 'designs', 'mine.toml');
  const held = runProgram('run.mjs', ['--bundle', copy(t), '--design', design, ...scenarios('org-w1')]);
  assert.equal(held.status, 0, held.stdout + held.stderr);
});

test('the package works where the repository is not, with the program on the path', needsFreshest(), (t) => {
  const files = scratch(t);
  const directory = files.path('elsewhere');
  mkdirSync(directory);
  const npm = (...args) => {
    const { status, stdout, stderr } = spawnSync('npm', args, { cwd: directory, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return stdout.trim().split('\n').at(-1);
  };
  const archive = npm('pack', DIRECTORY, '--loglevel', 'error');
  files.write('elsewhere/package.json', '{"private": true}');
  npm('install', '--offline', '--no-audit', '--no-fund', '--loglevel', 'error', `./${archive}`);
  const bundle = copy(t);
  const bin = join(directory, 'node_modules', '.bin', 'freshest-conformance');
  const run = (path, environment = {}) => {
    const { FRESHEST_BIN: _, ...rest } = process.env;
    const env = { ...rest, CI: 'true', ...environment, PATH: `${path}:${dirname(process.execPath)}:/usr/bin:/bin` };
    const args = ['--bundle', bundle, '--design', 'pr-9284', ...scenarios('org-w1')];
    return spawnSync(bin, args, { cwd: directory, encoding: 'utf8', env });
  };
  const without = run('/nowhere');
  assert.equal(without.status, 2, without.stdout);
  assert.match(without.stderr, /there is no `freshest` on the path: install it .*, or point FRESHEST_BIN at it/);
  const tools = files.path('tools');
  mkdirSync(tools);
  symlinkSync(programPath(), join(tools, 'freshest'));
  for (const found of [run(tools), run('/nowhere', { FRESHEST_BIN: programPath() })]) {
    assert.equal(found.status, 0, found.stdout + found.stderr);
    assert.match(found.stdout, /behaves as pr-9284: 16 transitions in 1 scenario, no divergence/);
  }
});

test('a release that is not installed is fetched, and the design that it follows is named', needsFreshest(), (t) => {
  const args = ['--release', '6.24.0', ...scenarios('touch-t1', 'focus-f1r1', 's2')];
  const { status, stdout, stderr } = runProgram('run.mjs', args);
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /^6\.24\.0 behaves as pr-9030: /m);
});

test('a release that npm cannot fetch exits with 2 and says why', needsFreshest(), (t) => {
  const files = scratch(t);
  chmodSync(files.write('npm', '#!/bin/sh\necho "npm error no such package" >&2\nexit 1\n'), 0o755);
  const environment = { PATH: `${files.path('.')}:${process.env.PATH}` };
  const { status, stderr } = runProgram('run.mjs', ['--release', '6.40.1'], environment);
  assert.equal(status, 2, stderr);
  assert.match(stderr, /`npm pack @clerk\/clerk-js@6\.40\.1 .*` ended with 1: npm error no such package/);
});
