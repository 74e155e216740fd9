#!/usr/bin/env node
// Replays the model's traces on published clerk-js bundles, or on any build, and
// compares after every step. `node tests/conformance/run.mjs --help` says how.

import { writeFileSync } from 'node:fs';
import { judgeBuild } from './build.mjs';
import { installedVersions } from './bundle.mjs';
import { Catalog, designOperand, modelOptions } from './catalog.mjs';
import { InputError } from './errors.mjs';
import { KNOWN_FILE, judge, readKnown } from './known.mjs';
import { count, exitWith, parseOptions } from './options.mjs';
import { everyScenario, pairsToRun } from './pairs.mjs';
import { PATIENCE_SECONDS, runTasks } from './pool.mjs';
import { tell } from './tell.mjs';

const VERSIONS = installedVersions();

const HELP = `Replays the model's traces on builds of clerk-js, and compares after every step.

usage: node tests/conformance/run.mjs [options]      (as a package: freshest-conformance [options])

What is held against the model:
  --bundle FILE   a build of your own: the file that clerk-js's build writes to
                  dist/clerk.no-rhc.js
  --release V     a published release, fetched with npm into a temporary directory
  --version V     a release that is installed (${VERSIONS.join(', ')});
                  repeatable. The default: all of them

Against what:
  --design D      a design, by name or by file; repeatable. Without one, a
                  --bundle or --release is tried against all designs, and the one
                  that it follows is named, with what is different; a --version
                  runs against its own. With versions and designs given, every
                  version runs against every design
  --models DIR    designs and scenarios (default: models, else those that freshest
                  carries)
  --scenario S    a scenario; repeatable. None means all small ones
  --all           every scenario that is not about another platform
  --sample N      replay a sample of at least N transitions instead of all
  --seed S        the sample's seed
  --traces FILE   replay this file, of \`freshest traces\` or of \`freshest explain
                  --save\`, instead of running \`freshest traces\`

How:
  --summary FILE  write the figures as JSON
  --known FILE    the known divergences (default: known.json beside this file)
  --jobs N        worker processes (default 2)
  --patience N    take a build that says nothing for N seconds for one that loops
                  (default ${PATIENCE_SECONDS})
  --help

Exit codes: 0 no divergence but known ones (and a build without --design behaves
as some design does), 1 a divergence (or a known one that is gone), 2 wrong use or
input.
`;

const OPTIONS = {
  bundle: { type: 'string' },
  release: { type: 'string' },
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
  patience: { type: 'string', default: String(PATIENCE_SECONDS) },
  help: { type: 'boolean', default: false },
};

async function main(args) {
  const options = parseOptions(args, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const jobs = count('jobs', options.jobs, { atLeast: 1 });
  const patience = count('patience', options.patience, { atLeast: 1 });
  checkSubject(options);
  if (options.bundle !== undefined || options.release !== undefined) return runBuild(options, jobs, patience);
  const known = readKnown(options.known ?? KNOWN_FILE);
  const results = await runTasks(await tasksOf(options), jobs, reporter(), patience);
  if (options.summary !== undefined) writeSummary(options.summary, results);
  const verdict = judge(results, known);
  await tellUnexpected(verdict, modelOptions(options.models));
  return verdict.unexpected.length + verdict.vanished.length > 0 ? 1 : 0;
}

/** One kind of subject at a time, and nothing that would be passed over. */
function checkSubject(options) {
  const given = ['bundle', 'release'].filter((name) => options[name] !== undefined);
  if (options.version.length > 0) given.push('version');
  if (given.length > 1) {
    throw new InputError(`--${given.join(' and --')} are of different runs; give one of them`);
  }
  const unfit = ['sample', 'seed', 'traces', 'known'].filter((name) => options[name] !== undefined);
  if (unfit.length > 0 && given[0] !== undefined && given[0] !== 'version') {
    throw new InputError(`--${unfit[0]} is for installed releases, not for a --${given[0]}`);
  }
  for (const name of ['bundle', 'release']) {
    if (options[name] === '') throw new InputError(`--${name} is empty`);
  }
}

async function runBuild(options, jobs, patience) {
  const catalog = await Catalog.read(options.models);
  const { progress, ...rest } = reporter();
  const run = {
    catalog,
    jobs,
    patience,
    reporter: { progress, ...rest },
    progress: (design) => progress({ version: 'trying', scenario: design }, null),
    say: (text) => process.stdout.write(`${text}\n`),
  };
  const { results, ok } = await judgeBuild(options, run);
  if (options.summary !== undefined) writeSummary(options.summary, results);
  return ok ? 0 : 1;
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
  const chosen = { versions: options.version, designs: options.design.map(designOperand), scenarios };
  const pairs = pairsToRun(chosen, catalog.releases(VERSIONS));
  return pairs
    .filter(({ design, scenario }) => !options.all || catalog.canRun(design, scenario))
    .map(({ version, design, scenario }) => {
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
    progress({ version, scenario }, extent) {
      const told = extent === null ? '' : `: ${extent.replayed} of ${extent.all} traces`;
      if (terminal) process.stderr.write(`${clear}${version} ${scenario}${told}`);
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
  const summary = results.map(({ groups, stage, sample, property, ...figures }) => ({
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

async function tellUnexpected({ unexpected, vanished }, options) {
  for (const { result, group } of unexpected) {
    const { version, design, scenario } = result;
    process.stdout.write(`\n${version} ${design} ${scenario}, ${group.count} times: ${group.signature}\n`);
    process.stdout.write(`${await tell(result, group.shortest, options)}\n`);
  }
  for (const { version, design, scenario, signature } of vanished) {
    process.stdout.write(
      `\n${version} ${design} ${scenario}: known, but gone: ${signature}; take it off the list\n`,
    );
  }
}

await exitWith(() => main(process.argv.slice(2)));
