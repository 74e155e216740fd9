// A divergence as `freshest explain` would tell it: what the model does in the trace, and then what the
// SDK does instead.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from './errors.mjs';
import { runFreshest } from './freshest.mjs';
import { tellDifference, tellStory } from './story.mjs';

/**
 * @param result {design, scenario, stage}
 * @param divergence {trace, index} and the difference
 * @param options where the models are, for `freshest`
 */
export async function tell({ design, scenario, stage }, divergence, options) {
  const { trace, index } = divergence;
  const steps = trace.steps.slice(0, index + 1);
  const figures = { states: 0, transitions: 0, covered: 0, traces: 1, steps: steps.length, sample: { seed: 0 } };
  const header = { kind: 'header', format: 1, design, scenario, ...stage, ...figures };
  const lines = [header, { kind: 'trace', steps }].map((line) => `${JSON.stringify(line)}\n`);
  const directory = mkdtempSync(join(tmpdir(), 'freshest-trace-'));
  try {
    const file = join(directory, 'trace.jsonl');
    writeFileSync(file, lines.join(''));
    const story = await runFreshest(['replay', '--story', '--quiet', file, ...options]);
    // The last line says that the model follows.
    return [...story.trimEnd().split('\n').slice(0, -1), ...tellDifference(divergence)].join('\n');
  } catch (error) {
    // A trace of a file may be of a scenario that is not there.
    if (!(error instanceof InputError)) throw error;
    return tellStory(divergence);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
