import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runFreshest } from '../freshest.mjs';
import { asText, headline } from './headline.mjs';
import { needsFreshest, runProgram, scratch } from './program.mjs';

const NO_KNOWN = '[]';

test('a file that agrees exits with 0 and its figures are in the summary', (t) => {
  const files = scratch(t);
  const traces = files.write('traces.jsonl', asText(headline('pr-8097')));
  const summary = files.path('summary.json');
  const { status, stdout, stderr } = runProgram('run.mjs', [
    '--version',
    '6.11.1',
    '--traces',
    traces,
    '--summary',
    summary,
  ]);
  assert.equal(status, 0, stdout + stderr);
  const [figures, ...rest] = JSON.parse(readFileSync(summary, 'utf8'));
  assert.deepEqual(rest, []);
  const { seconds, ...counted } = figures;
  assert.ok(seconds > 0);
  assert.deepEqual(counted, {
    version: '6.11.1',
    design: 'pr-8097',
    scenario: 'headline',
    states: 9,
    transitions: 8,
    covered: 8,
    traces: 1,
    steps: 8,
    divergences: 0,
  });
});

test('the wrong version diverges, exits with 1, tells the story and still writes the summary', (t) => {
  const files = scratch(t);
  const traces = files.write('traces.jsonl', asText(headline('pr-9030')));
  const summary = files.path('summary.json');
  const { status, stdout } = runProgram('run.mjs', [
    '--version',
    '6.11.1',
    '--traces',
    traces,
    '--summary',
    summary,
  ]);
  assert.equal(status, 1);
  assert.match(stdout, /1 times: slot after respond of a background refresh/);
  assert.match(stdout, /8\. the answer to tab 0's background refresh arrives/);
  const [{ divergences, covered }] = JSON.parse(readFileSync(summary, 'utf8'));
  assert.deepEqual({ divergences, covered }, { divergences: 1, covered: 7 });
});

test('a counterexample that freshest explains and saves can be replayed', needsFreshest(), async (t) => {
  const files = scratch(t);
  const traces = files.path('explained.jsonl');
  const summary = files.path('summary.json');
  await runFreshest(['explain', 'pr-9030', 'lose', 'tabs-converge', '--save', traces]);
  const args = ['--version', '6.40.0', '--traces', traces, '--summary', summary];
  const { status, stdout, stderr } = runProgram('run.mjs', args);
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /^6\.40\.0 pr-9030 lose: tabs-converge, 1 traces, 5 steps, 0 divergences, /);
  const [{ property, transitions, traces: replayed }] = JSON.parse(readFileSync(summary, 'utf8'));
  assert.deepEqual([property, transitions, replayed], ['tabs-converge', null, 1]);
});

test('every scenario means every one of the design’s platform', needsFreshest(), (t) => {
  const files = scratch(t);
  const models = (kind, name) => readFileSync(new URL(`../../../models/${kind}/${name}.toml`, import.meta.url), 'utf8');
  for (const kind of ['designs', 'scenarios']) mkdirSync(files.path(kind));
  files.write('designs/pr-9284.toml', models('designs', 'pr-9284').split(/^\[(?:because|expect)/m)[0]);
  for (const name of ['s2', 'app-late', 'touch-t1']) files.write(`scenarios/${name}.toml`, models('scenarios', name));
  const args = ['--all', '--version', '6.40.0', '--models', files.path('.')];
  const { status, stdout, stderr } = runProgram('run.mjs', args);
  assert.equal(status, 0, stdout + stderr);
  const told = stdout.trimEnd().split('\n').map((line) => line.split(':')[0]).sort();
  assert.deepEqual(told, ['6.40.0 pr-9284 s2', '6.40.0 pr-9284 touch-t1']);
  const asked = runProgram('run.mjs', ['--scenario', 'app-late', ...args.slice(1)]);
  assert.equal(asked.status, 2);
  assert.match(asked.stderr, /pr-9284 cannot be run in app-late/);
});

test('a listed divergence does not fail, and fails once it is gone', (t) => {
  const files = scratch(t);
  const entry = {
    version: '6.11.1',
    design: 'pr-9030',
    scenario: 'headline',
    signature: 'slot after respond of a background refresh: a token instead of a token',
    reason: 'the wrong version on purpose',
  };
  const known = files.write('known.json', JSON.stringify([entry, { ...entry, version: '6.24.0' }]));
  const traces = files.write('traces.jsonl', asText(headline('pr-9030')));
  const common = ['--traces', traces, '--known', known];
  assert.equal(runProgram('run.mjs', ['--version', '6.11.1', ...common]).status, 0);
  const gone = runProgram('run.mjs', ['--version', '6.24.0', ...common]);
  assert.equal(gone.status, 1);
  assert.match(gone.stdout, /6\.24\.0 pr-9030 headline: known, but gone: slot after respond/);
});

test('a malformed trace file exits with 2 and names file and line', (t) => {
  const files = scratch(t);
  const traces = files.write('traces.jsonl', `${asText(headline('pr-8097'))}not json\n`);
  const known = files.write('known.json', NO_KNOWN);
  const { status, stderr } = runProgram('run.mjs', [
    '--version',
    '6.11.1',
    '--traces',
    traces,
    '--known',
    known,
  ]);
  assert.equal(status, 2);
  assert.match(stderr, /^error: .*traces\.jsonl, line 3: not JSON/);
});

for (const [what, args, message] of [
  ['an unknown option', ['--versoin', '6.11.1'], /Unknown option '--versoin'.*--help/],
  [
    'an unknown version',
    ['--version', '6.11.2'],
    /no version 6\.11\.2: package\.json .* installs 6\.10\.0, /,
  ],
  ['a file without a version', ['--traces', 'x.jsonl'], /--traces needs a --version/],
  [
    'a missing file',
    ['--version', '6.11.1', '--traces', '/nowhere.jsonl'],
    /cannot read the traces: .*\/nowhere\.jsonl/,
  ],
  [
    'a number of jobs that is none',
    ['--jobs', 'two'],
    /--jobs must be a whole number of at least 1, found "two"/,
  ],
]) {
  test(`${what} exits with 2 and says what to do`, () => {
    const { status, stderr } = runProgram('run.mjs', args);
    assert.equal(status, 2);
    assert.match(stderr, message);
  });
}

test('a missing model checker exits with 2 and names the build command', () => {
  const { status, stderr } = runProgram('run.mjs', ['--scenario', 'r1s1'], {
    FRESHEST_BIN: '/nowhere/freshest',
  });
  assert.equal(status, 2);
  assert.match(stderr, /there is no \/nowhere\/freshest: build it with `cargo build --release`/);
});

/** A model checker that knows nothing and writes these traces, then ends with this code. */
function fakeFreshest(files, lines, code) {
  const traces = files.write('traces.jsonl', lines);
  const script = [
    '#!/bin/sh',
    'if [ "$1" = list ]; then',
    `  echo '{"designs": [], "scenarios": []}'`,
    '  exit',
    'fi',
  ];
  script.push(`cat '${traces}'`, 'echo "out of ink" >&2', `exit ${code}`, '');
  const path = files.write('freshest', script.join('\n'));
  chmodSync(path, 0o755);
  return path;
}

for (const [what, lines, message] of [
  ['before its header', '', /`freshest traces pr-8097 r1s1` ended with 3: out of ink/],
  [
    'half-way',
    asText([{ ...headline('pr-8097')[0], traces: 2 }, headline('pr-8097')[1]]),
    /ended with 3: out of ink/,
  ],
]) {
  test(`a model checker that fails ${what} exits with 2 and says why`, (t) => {
    const FRESHEST_BIN = fakeFreshest(scratch(t), lines, 3);
    const args = ['--version', '6.11.1', '--design', 'pr-8097', '--scenario', 'r1s1'];
    const { status, stderr } = runProgram('run.mjs', args, { FRESHEST_BIN });
    assert.equal(status, 2);
    assert.match(stderr, message);
  });
}

test('a malformed line does not leave the writer of the rest hanging', (t) => {
  const FRESHEST_BIN = fakeFreshest(scratch(t), `{}\n${'{}\n'.repeat(500_000)}`, 0);
  const args = ['--version', '6.11.1', '--design', 'pr-8097', '--scenario', 'r1s1'];
  const { status, stderr } = runProgram('run.mjs', args, { FRESHEST_BIN });
  assert.equal(status, 2);
  assert.match(stderr, /line 1: the first line must have kind "header"/);
});

test('help names the exit codes', () => {
  const { status, stdout } = runProgram('run.mjs', ['--help']);
  assert.equal(status, 0);
  assert.match(stdout, /Exit codes: 0 .*1 .*2 /s);
});
