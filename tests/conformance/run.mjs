// Replays the model's traces on published clerk-js bundles and compares after
// every step. `node tests/conformance/run.mjs --help` says how.

import { writeFileSync } from 'node:fs';
import { installedVersions } from './bundle.mjs';
import { Catalog, modelOptions } from './catalog.mjs';
import { InputError } from './errors.mjs';
import { KNOWN_FILE, judge, readKnown } from './known.mjs';
import { count, exitWith, parseOptions } from './options.mjs';
import { everyScenario, pairsToRun } from './pairs.mjs';
import { runTasks } from './pool.mjs';
import { tellStory } from './story.mjs';

const VERSIONS = installedVersions();

const HELP = `Replays the model's traces on published clerk-js bundles.

usage: node tests/conformance/run.mjs [options]

  --version V     a release (${VERSIONS.join(', ')}); repeatable
  --design D      a design; repeatable. With versions and designs given,
                  every version runs against every design; else each version
                  runs against its own
  --scenario S    a scenario; repeatable. None means all small ones
  --all           every scenario
  --models DIR    where \`freshest traces\` finds designs and scenarios
  --sample N      replay a sample of at least N transitions instead of all
  --seed S        the sample's seed
  --traces FILE   replay this file, of \`freshest traces\` or of \`freshest explain
                  --save\`, instead of running \`freshest traces\`
  --summary FILE  write the figures as JSON
  --known FILE    the known divergences (default: known.json beside this file)
  --jobs N        worker processes (default 2)
  --help

Exit codes: 0 no divergence but known ones, 1 a divergence (or a known one that
is gone), 2 wrong use or input.
`;

const OPTIONS = {
  version: { type: 'string', multiple: true, default: [] },
  design: { type: 'string', multiple: true, default: [] },
  scenario: { type: 'string', multiple: true, default: [] },
  all: { type: 'boolean', default: false },
  models: { type: 'string' },
  sample: { type: 'string' },
  seed: { type: 'string' },
  traces: { type: 'string' },
  summary: { type: 'string' },
  known: { type: 'string' },
  jobs: { type: 'string', default: '2' },
  help: { type: 'boolean', default: false },
};

async function main(args) {
  const options = parseOptions(args, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const jobs = count('jobs', options.jobs, { atLeast: 1 });
  const known = readKnown(options.known ?? KNOWN_FILE);
  const results = await runTasks(await tasksOf(options), jobs, reporter());
  if (options.summary !== undefined) writeSummary(options.summary, results);
  const verdict = judge(results, known);
  tellVerdict(verdict);
  return verdict.unexpected.length + verdict.vanished.length > 0 ? 1 : 0;
}

async function tasksOf(options) {
  for (const version of options.version) checkVersion(version);
  if (options.traces !== undefined) return tasksOfFile(options);
  const passed = ['sample', 'seed'].filter((name) => options[name] !== undefined);
  const traceOptions = [
    ...modelOptions(options.models),
    ...passed.flatMap((name) => [`--${name}`, options[name]]),
  ];
  const catalog = await Catalog.read(options.models);
  const scenarios = options.all ? everyScenario(catalog.scenarioNames()) : options.scenario;
  const chosen = { versions: options.version, designs: options.design, scenarios };
  return pairsToRun(chosen, catalog.releases(VERSIONS)).map(({ version, design, scenario }) => {
    checkVersion(version);
    return { version, scenario, source: { design, scenario, options: traceOptions } };
  });
}

function checkVersion(version) {
  if (VERSIONS.includes(version)) return;
  throw new InputError(`no version ${version}: package.json beside run.mjs installs ${VERSIONS.join(', ')}`);
}

function tasksOfFile({ traces, version, design, scenario, all }) {
  if (version.length === 0) throw new InputError('--traces needs a --version to replay the file on');
  if (all || design.length + scenario.length > 0)
    throw new InputError('--traces names its own design and scenario');
  return version.map((name) => ({ version: name, scenario: traces, source: { file: traces } }));
}

function reporter() {
  const terminal = process.stderr.isTTY;
  const clear = terminal ? '\r\x1b[K' : '';
  return {
    progress({ version, scenario }, { replayed, all }) {
      if (terminal) process.stderr.write(`${clear}${version} ${scenario}: ${replayed} of ${all} traces`);
    },
    done(result) {
      process.stderr.write(clear);
      process.stdout.write(`${tellResult(result)}\n`);
    },
  };
}

function tellResult(result) {
  const { version, design, scenario, traces, steps, divergences, seconds } = result;
  return `${version} ${design} ${scenario}: ${extentOf(result)}, ${traces} traces, ${steps} steps, ${divergences} divergences, ${seconds.toFixed(1)} s`;
}

function extentOf({ property, sample, covered, transitions }) {
  if (property !== null) return property;
  return `${covered} of ${transitions} transitions${sample === null ? '' : ` (a sample, seed ${sample.seed})`}`;
}

function writeSummary(file, results) {
  const summary = results.map(({ groups, sample, property, ...figures }) => ({
    ...figures,
    ...(sample !== null && { sample }),
    ...(property !== null && { property }),
  }));
  try {
    writeFileSync(file, `${JSON.stringify(summary, null, 2)}\n`);
  } catch (error) {
    throw new InputError(`cannot write the summary: ${error.message}`);
  }
}

function tellVerdict({ unexpected, vanished }) {
  for (const { result, group } of unexpected) {
    const { version, design, scenario } = result;
    process.stdout.write(`\n${version} ${design} ${scenario}, ${group.count} times: ${group.signature}\n`);
    process.stdout.write(`${tellStory(group.shortest)}\n`);
  }
  for (const { version, design, scenario, signature } of vanished) {
    process.stdout.write(
      `\n${version} ${design} ${scenario}: known, but gone: ${signature}; take it off the list\n`,
    );
  }
}

await exitWith(() => main(process.argv.slice(2)));
