// What is still wrong in a release: every counterexample that the model has
// for its design, shown by the release itself.
// `node tests/conformance/findings.mjs --help` says how.

import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bundle, installedVersions } from './bundle.mjs';
import { Catalog, modelOptions } from './catalog.mjs';
import { runFreshest } from './freshest.mjs';
import { exitWith, parseOptions } from './options.mjs';
import { firstViolation, isVisible } from './properties.mjs';
import { Replayer } from './replay.mjs';
import { tellStory } from './story.mjs';
import { TraceFile } from './trace.mjs';

/** Package.json lists the releases in their order. */
const LATEST = installedVersions().at(-1);

/** The gate ends with 1 or 3 where a verdict is not the expected one; it is printed all the same. */
const GATE_CODES = [0, 1, 3];

const HELP = `Shows every violation that the model finds in a design on a release of that design.

usage: node tests/conformance/findings.mjs [options]

  --version V     the release to show them on (default ${LATEST})
  --design D      the design whose violations to show (default: the release's own)
  --scenario S    only in this scenario; repeatable
  --models DIR    where freshest finds designs and scenarios
  --help

Each shortest counterexample is replayed and compared after every step; then the
property is judged anew on what the release showed, and must first be violated
in the last step.

Exit codes: 0 all shown, 1 one is not, 2 wrong use or input.
`;

const OPTIONS = {
  version: { type: 'string', default: LATEST },
  design: { type: 'string' },
  scenario: { type: 'string', multiple: true, default: [] },
  models: { type: 'string' },
  help: { type: 'boolean', default: false },
};

async function main(args) {
  const options = parseOptions(args, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const bundle = new Bundle(options.version);
  const design = options.design ?? (await Catalog.read(options.models)).designOf(options.version);
  const findings = await violationsOf(design, options);
  if (findings.length === 0) {
    process.stdout.write(`${design} violates nothing there\n`);
    return 0;
  }
  const shown = await showAll(bundle, findings, modelOptions(options.models));
  process.stdout.write(
    `\n${shown} of ${findings.length} violations of ${design} shown on ${options.version}\n`,
  );
  return shown === findings.length ? 0 : 1;
}

/** [{design, scenario, property}], in the model checker's order. */
async function violationsOf(design, { scenario, models }) {
  const only = scenario.flatMap((name) => ['--scenario', name]);
  const args = ['check', '--format', 'json', '--design', design, ...only, ...modelOptions(models)];
  const { results } = JSON.parse(await runFreshest(args, GATE_CODES));
  return results.flatMap(({ scenario, properties }) =>
    properties
      .filter(({ verdict }) => verdict === 'violated')
      .map(({ name }) => ({ design, scenario, property: name })),
  );
}

async function showAll(bundle, findings, models) {
  const directory = mkdtempSync(join(tmpdir(), 'findings-'));
  let shown = 0;
  try {
    for (const finding of findings) {
      const { proven, words } = await show(bundle, finding, join(directory, 'trace.jsonl'), models);
      if (proven) shown++;
      const { design, scenario, property } = finding;
      process.stdout.write(`${bundle.version} ${design} ${scenario} ${property}: ${words}\n`);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
  return shown;
}

/** Whether the release itself violates the property exactly as the model says, and in words what it shows. */
async function show(bundle, { design, scenario, property }, file, models) {
  if (!isVisible(property))
    return { proven: false, words: 'not shown: properties.mjs cannot see this property' };
  await runFreshest(['explain', design, scenario, property, '--save', file, ...models], GATE_CODES);
  const { steps, divergence, history } = await replayFile(bundle, file);
  if (divergence !== null) return { proven: false, words: `not shown: ${tellStory(divergence)}` };
  const violation = firstViolation(property, history);
  if (violation === null) return { proven: false, words: `not shown: nothing wrong in ${steps} steps` };
  const words = `${steps} steps, no divergence: ${violation.shows}`;
  if (violation.step === steps) return { proven: true, words };
  return { proven: false, words: `not as the model says, but already in step ${violation.step}: ${words}` };
}

async function replayFile(bundle, path) {
  const stream = (await open(path)).createReadStream();
  try {
    const traces = new TraceFile(stream, path);
    const header = await traces.header();
    for await (const trace of traces.traces(header)) {
      return { steps: trace.steps.length, ...(await new Replayer(bundle, header).record(trace)) };
    }
  } finally {
    stream.destroy();
  }
  throw new Error(`${path} holds no trace`);
}

await exitWith(() => main(process.argv.slice(2)));
