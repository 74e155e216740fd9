import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { needsFreshest, runProgram, scratch } from './program.mjs';

const SCENARIO = 'expiry';

/** One scenario for each way in which the life cycle begins and goes on. */
const LIFE_CYCLE = [
  'open-r1s1',
  'close-r1s1',
  'touch-t1g1a2',
  'org-w2r1-1tab',
  'out-o1open',
  'focus-f1s1',
  'poll-p2a2',
];

function walk(out, { version = '6.24.0', design = 'pr-9030', scenario = SCENARIO, seed = 1 } = {}) {
  const args = ['--version', version, '--design', design, '--scenario', scenario, '--out', out];
  return runProgram('walk.mjs', [...args, '--runs', '40', '--seed', String(seed)]);
}

test('random runs of every release are paths of its design', needsFreshest(), (t) => {
  const files = scratch(t);
  for (const [version, design] of [
    ['6.10.0', 'iat-guard'],
    ['6.11.1', 'pr-8097'],
    ['6.24.0', 'pr-9030'],
    ['6.40.0', 'pr-9284'],
  ]) {
    const { status, stdout, stderr } = walk(files.path(`${version}.jsonl`), { version, design });
    assert.equal(status, 0, `${version}: ${stdout}${stderr}`);
  }
});

test('random runs of the life cycle are paths of its design', needsFreshest(), (t) => {
  const files = scratch(t);
  for (const scenario of LIFE_CYCLE) {
    const out = files.path(`${scenario}.jsonl`);
    const { status, stdout, stderr } = walk(out, { version: '6.40.0', design: 'pr-9284', scenario });
    assert.equal(status, 0, `${scenario}: ${stdout}${stderr}`);
  }
});

test('random runs of a release without the focus rule are rejected', needsFreshest(), (t) => {
  const wrong = { version: '6.24.0', design: 'pr-9284', scenario: 'focus-f1s1' };
  const { status, stdout } = walk(scratch(t).path('runs.jsonl'), wrong);
  assert.equal(status, 1, stdout);
});

test('random runs of the wrong release are rejected', needsFreshest(), (t) => {
  const { status, stdout } = walk(scratch(t).path('runs.jsonl'), { version: '6.11.1', design: 'pr-9030' });
  assert.equal(status, 1);
  assert.match(stdout, /of 40 traces no longer apply to pr-9030 in expiry/);
});

test('random runs are the same for the same seed and differ for another', needsFreshest(), (t) => {
  const files = scratch(t);
  const texts = [1, 1, 2].map((seed, index) => {
    const out = files.path(`${index}.jsonl`);
    assert.equal(walk(out, { seed }).status, 0);
    return readFileSync(out, 'utf8');
  });
  assert.equal(texts[0], texts[1]);
  assert.notEqual(texts[0], texts[2]);
});

test('random runs replay under other real seconds', needsFreshest(), (t) => {
  const out = scratch(t).path('runs.jsonl');
  assert.equal(walk(out).status, 0);
  const { status, stdout, stderr } = runProgram('run.mjs', ['--version', '6.24.0', '--traces', out]);
  assert.equal(status, 0, stdout + stderr);
});

test('a missing option exits with 2 and is named', () => {
  const { status, stderr } = runProgram('walk.mjs', ['--version', '6.24.0']);
  assert.equal(status, 2);
  assert.match(stderr, /--scenario is missing \(see --help\)/);
});
