// What is still wrong in the latest release, as data: whatever the model finds, the release must show.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFreshest } from '../freshest.mjs';
import { needsFreshest, runProgram } from './program.mjs';

/** [scenario, property, steps, what the release shows]: each kind of finding, by its shortest trace. */
const KINDS = [
  [
    'own-refresh',
    'seed-is-not-stale',
    9,
    /tab 0 seeds a request with .*oiat 1, iat 2.*, though it had .*oiat 2, iat 2/,
  ],
  ['failures', 'tab-oiat-never-decreases', 9, /tab 0 caches .*oiat 1, iat 2.* after .*oiat 2, iat 2/],
  ['failures', 'tabs-converge', 10, /one tab caches .*oiat 1, iat 2.*, another .*oiat 2, iat 2/],
  ['expiry', 'tab-oiat-never-decreases', 10, /caches .*oiat 1, iat 3.* after .*oiat 2, iat 2/],
  [
    'expiry',
    'seed-is-not-stale',
    10,
    /seeds a request with .*oiat 1, iat 2.*, though it had .*oiat 2, iat 2/,
  ],
  ['base-expiry', 'live-token-is-kept', 9, /tab 0 is given .*oiat 1, iat 4.* and caches nothing/],
  ['legacy-rollout', 'cookie-oiat-never-decreases', 7, /the cookie goes from \[oiat 1, .*\] to \[no oiat, /],
  [
    'legacy-rollout',
    'cached-claims-never-regress',
    7,
    /caches \[no oiat.*claims of 1.* after \[no oiat.*claims of 2/,
  ],
  ['clear', 'tab-oiat-never-decreases', 8, /caches .*oiat 1, iat 2.* after .*oiat 2, iat 2/],
  ['clear', 'tabs-converge', 10, /with nothing under way one tab caches .*, another /],
  ['clear', 'seed-is-not-stale', 7, /seeds a request with .*, though it had /],
  ['lose', 'tabs-converge', 5, /one tab caches .*oiat 2.*, another .*oiat 1/],
  ['out-o1r1', 'no-cookie-after-signout', 6, /tab 0, which is signed out, writes /],
  ['out-o1s1', 'signed-out-at-rest', 9, /the session has ended, nothing is under way, and the cookie is /],
  ['out-o1r1', 'signed-out-at-rest', 10, /the session has ended, nothing is under way, and the cookie is /],
  ['out-o1open', 'signed-out-at-rest', 8, /the session has ended, nothing is under way, and the cookie is /],
  ['org-r1', 'key-holds-own-context', 4, /tab 0 keeps .*org 1\] under the key of org 0/],
  ['org-w2r1-1tab', 'read-returns-own-context', 8, /asks for a token of org 0 and reads .*org 1\]/],
  ['org-r1', 'context-at-rest', 6, /the cookie is \[oiat \d, iat \d\], the context cookie org 1/],
  ['org-w1s1', 'context-at-rest', 8, /the cookie is \[oiat \d, iat \d\], the context cookie org 1/],
  ['org-w1b1g1', 'context-at-rest', 9, /the cookie is .*org 1\], the context cookie org 0/],
  ['org-w1g1', 'cookie-context', 4, /tab 0, in the context of org 0, writes .*org 1\] to the cookie/],
  ['org-w1r1', 'tabs-converge', 8, /one tab caches .*org 1\], another /],
  ['lose', 'every-post-arrives', 5, /tab 1 never gets .*iat 2.*, which tab 0 posted/],
  ['touch-t1r1s1', 'seed-is-not-stale', 8, /seeds a request with .*oiat 1, .*, though it had .*oiat 2/],
  ['open-r1s1', 'seed-is-not-stale', 9, /seeds a request with .*oiat 1, .*, though it had .*oiat 2/],
  ['touch-t2k1', 'tab-oiat-never-decreases', 8, /caches .*oiat 1, iat 1.* after .*oiat 2, iat 2/],
  ['open-s1k1', 'tab-oiat-never-decreases', 9, /caches .*oiat 1, iat 1.* after .*oiat 2, iat 2/],
  ['touch-t2k1', 'tabs-converge', 10, /with nothing under way one tab caches .*, another /],
];

test('6.40.0 shows every violation that the model finds in pr-9284', needsFreshest(), async () => {
  const { status, stdout, stderr } = runProgram('findings.mjs', ['--version', '6.40.0']);
  assert.equal(status, 0, stdout + stderr);
  const { results } = JSON.parse(await runFreshest(['check', '--design', 'pr-9284', '--format', 'json']));
  const violated = results
    .flatMap(({ properties }) => properties)
    .filter(({ verdict }) => verdict === 'violated');
  assert.match(
    stdout,
    new RegExp(`^${violated.length} of ${violated.length} violations of pr-9284 shown on 6\\.40\\.0$`, 'm'),
  );
  for (const [scenario, property, steps, shows] of KINDS) {
    const start = `6.40.0 pr-9284 ${scenario} ${property}: ${steps} steps, no divergence: `;
    const line = stdout.split('\n').find((one) => one.startsWith(start));
    assert.notEqual(line, undefined, `no line begins with ${start}\n${stdout}`);
    assert.match(line, shows);
  }
});

test('a violation of another design is not shown by 6.40.0', needsFreshest(), () => {
  const args = ['--version', '6.40.0', '--design', 'pr-8097', '--scenario', 'r1s1'];
  const { status, stdout } = runProgram('findings.mjs', args);
  assert.equal(status, 1, stdout);
  assert.match(stdout, /r1s1 cached-oiat-never-decreases: not shown: trace on line 2, step 7:/);
});

test('a release that is not installed exits with 2 and is named', needsFreshest(), () => {
  const { status, stderr } = runProgram('findings.mjs', ['--version', '6.40.1']);
  assert.equal(status, 2);
  assert.match(stderr, /clerk-js 6\.40\.1 is not installed/);
});
