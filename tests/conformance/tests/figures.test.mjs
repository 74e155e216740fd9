import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { figuresTable } from '../figures.mjs';
import { everyScenario, SMALL_SCENARIOS } from '../pairs.mjs';
import { runProgram } from './program.mjs';

const FIGURES = JSON.parse(readFileSync(new URL('../figures.json', import.meta.url), 'utf8'));

function figures(version, changes = {}) {
  const counts = { states: 1000, transitions: 2000, covered: 2000, traces: 10, steps: 3000, divergences: 0 };
  return { version, design: 'pr-9030', scenario: 's2', ...counts, seconds: 1, ...changes };
}

/** The table's lines without its headings. */
function linesOf(summary) {
  return figuresTable(summary).trimEnd().split('\n').slice(2);
}

test('releases with the same figures share a line, and the total counts each', () => {
  assert.deepEqual(linesOf([figures('6.24.0'), figures('6.40.0', { seconds: 2 })]), [
    '| s2 | 6.24.0, 6.40.0 | `pr-9030` | 1,000 | 2,000 | 10 | 3,000 | 0 |',
    '| all, each release counted |  |  |  | 4,000 | 20 | 6,000 | 0 |',
  ]);
});

test('a sample and an incomplete run say of how many', () => {
  const sampled = figures('6.24.0', { covered: 500, sample: { seed: 1 } });
  const [sample, incomplete] = linesOf([sampled, figures('6.40.0', { covered: 1999, divergences: 1 })]);
  assert.match(sample, /\| a sample of 500 of 2,000 \|/);
  assert.match(incomplete, /\| 1,999 of 2,000 \| 10 \| 3,000 \| 1 \|/);
});

test('the later of two runs of the same counts', () => {
  assert.match(linesOf([figures('6.24.0'), figures('6.24.0', { traces: 11 })])[0], /\| 11 \|/);
});

test('the README shows the table of figures.json', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, shown] = /<!-- figures -->\n\n(.*)\n<!-- \/figures -->/s.exec(readme) ?? [];
  const { status, stdout } = runProgram('table.mjs', []);
  assert.equal(status, 0);
  assert.equal(shown, stdout, 'print it anew with `node table.mjs`');
});

test('figures.json has no divergence, and every transition but in samples', () => {
  for (const { version, scenario, transitions, covered, divergences, sample } of FIGURES) {
    assert.equal(divergences, 0, `${version} ${scenario}`);
    if (sample === undefined) assert.equal(covered, transitions, `${version} ${scenario}`);
    else assert.ok(covered >= 20_000, `${version} ${scenario}: a sample of ${covered}`);
  }
});

test('every small scenario of every release is in figures.json', () => {
  for (const scenario of SMALL_SCENARIOS) {
    const versions = FIGURES.filter((run) => run.scenario === scenario).map(({ version }) => version);
    assert.deepEqual(versions, ['6.10.0', '6.11.1', '6.24.0', '6.40.0'], scenario);
  }
});

test('all scenarios means the small ones first and each once', () => {
  const all = everyScenario(['base', 'orphan', ...SMALL_SCENARIOS]);
  assert.deepEqual(all, [...SMALL_SCENARIOS, 'base', 'orphan']);
});

test('a summary that cannot be read exits with 2', () => {
  const { status, stderr } = runProgram('table.mjs', ['--summary', '/nowhere.json']);
  assert.equal(status, 2);
  assert.match(stderr, /cannot read the summary \/nowhere\.json/);
});
