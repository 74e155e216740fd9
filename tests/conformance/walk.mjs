// The other direction: random runs of the shipped code, each of which must be
// a path of the model. `node tests/conformance/walk.mjs --help` says how.

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Bundle, installedVersions } from './bundle.mjs';
import { Catalog, modelOptions } from './catalog.mjs';
import { InputError } from './errors.mjs';
import { failure, startFreshest } from './freshest.mjs';
import { count, exitWith, parseOptions, required } from './options.mjs';
import { Random } from './random.mjs';
import { stageRecord } from './stage.mjs';
import { wander } from './wander.mjs';

const HELP = `Runs random schedules on a published clerk-js bundle and has the model check them.

usage: node tests/conformance/walk.mjs --version V --scenario S --out FILE [options]

  --version V     the release to run (${installedVersions().join(', ')})
  --design D      the design whose model must accept the runs (default: the
                  release's own)
  --scenario S    the scenario: tabs, start and budgets
  --out FILE      where to write the runs, in the format of \`freshest traces\`
  --runs N        how many runs (default 200)
  --seed N        the seed of the first run (default 1)
  --models DIR    where freshest finds designs and scenarios
  --help

Exit codes: 0 the model accepts every run, 1 it rejects one, 2 wrong use or input.
`;

const OPTIONS = {
  version: { type: 'string' },
  design: { type: 'string' },
  scenario: { type: 'string' },
  out: { type: 'string' },
  runs: { type: 'string', default: '200' },
  seed: { type: 'string', default: '1' },
  models: { type: 'string' },
  help: { type: 'boolean', default: false },
};

async function main(args) {
  const options = parseOptions(args, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  for (const name of ['version', 'scenario', 'out']) required(name, options[name]);
  const runs = count('runs', options.runs, { atLeast: 1 });
  const seed = count('seed', options.seed, { atLeast: 0 });
  const bundle = new Bundle(options.version);
  const catalog = await Catalog.read(options.models);
  const design = options.design ?? catalog.designOf(options.version);
  const scenario = catalog.scenario(options.scenario);
  const traces = await wanderAll(bundle, scenario, runs, seed);
  write(options.out, design, scenario, traces, seed);
  return check(options);
}

async function wanderAll(bundle, scenario, runs, seed) {
  const traces = [];
  for (let run = 0; run < runs; run++) {
    const random = new Random(seed + run);
    const steps = await wander(bundle, scenario, (events) => random.choose(events));
    traces.push({ kind: 'trace', steps });
  }
  return traces;
}

function write(out, design, scenario, traces, seed) {
  const steps = traces.reduce((sum, trace) => sum + trace.steps.length, 0);
  const header = { kind: 'header', format: 1, design, scenario: scenario.name, ...stageRecord(scenario) };
  // Random runs claim no coverage.
  Object.assign(header, {
    states: 0,
    transitions: 0,
    covered: 0,
    traces: traces.length,
    steps,
    sample: { seed },
  });
  const lines = [header, ...traces].map((line) => `${JSON.stringify(line)}\n`);
  try {
    writeFileSync(out, lines.join(''));
  } catch (error) {
    throw new InputError(`cannot write the runs: ${error.message}`);
  }
  process.stdout.write(`${traces.length} runs, ${steps} steps, written to ${out}\n`);
}

/** The model's own replay is the judge: it accepts a file only if every run is a path. */
async function check({ out, models }) {
  const args = ['replay', resolve(out), ...modelOptions(models)];
  const { output, ended } = startFreshest(args);
  output.pipe(process.stdout, { end: false });
  const { code, complaint } = await ended;
  if (code === 0) return 0;
  if (code !== 1) throw failure(args, code, complaint);
  return 1;
}

await exitWith(() => main(process.argv.slice(2)));
