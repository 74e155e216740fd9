// A build that is in a file, or a release that is fetched, held against one design or against all.

import { basename, resolve } from 'node:path';
import { designOperand, modelOptions } from './catalog.mjs';
import { InputError } from './errors.mjs';
import { PROBES, candidates, ranked, shortest, summed, tryAll } from './find.mjs';
import { tellShortest, tellTried, tellVerdict } from './judged.mjs';
import { SMALL_SCENARIOS, everyScenario } from './pairs.mjs';
import { runTasks } from './pool.mjs';
import { fetchRelease } from './release.mjs';
import { tell } from './tell.mjs';

/**
 * Holds a build against the designs that are named, or finds the design that it follows.
 *
 * @param options those of the command line
 * @param run {catalog, jobs, patience, reporter, say}
 * @returns {results, ok}: the comparisons in full, and whether the build behaves as a design does
 */
export async function judgeBuild(options, run) {
  const fetched = options.release === undefined ? null : fetchRelease(options.release);
  try {
    const file = fetched?.path ?? resolve(options.bundle);
    const build = { file, version: options.release ?? basename(options.bundle) };
    const scenarios = chosenScenarios(options, run.catalog);
    const settings = { ...run, all: options.all, options: modelOptions(options.models) };
    if (options.design.length === 0) return await conclude(build, [await find(build, scenarios, options, settings)], settings);
    const all = [];
    for (const design of options.design) {
      all.push(await compareAll(build, designOperand(design), scenarios, settings));
    }
    return await conclude(build, all, settings);
  } finally {
    fetched?.remove();
  }
}

function chosenScenarios({ scenario, all, models }, catalog) {
  const names = catalog.scenarioNames();
  if (scenario.length > 0) {
    for (const name of scenario) catalog.scenario(name);
    return scenario;
  }
  const chosen = all ? everyScenario(names) : SMALL_SCENARIOS;
  const present = chosen.filter((name) => names.includes(name));
  if (present.length > 0) return present;
  throw new InputError(`${models} has none of the scenarios made for this: name some with --scenario, or leave --models out and give the design's file, --design ${models}/designs/NAME.toml`);
}

/** The design that the build follows: the first that agrees in everything, else the nearest. */
async function find(build, scenarios, options, run) {
  const probes = options.scenario.length > 0 ? scenarios : PROBES.filter((name) => scenarios.includes(name));
  const released = run.catalog.releases().map(([, design]) => design);
  const names = { designs: run.catalog.designNames(), scenarios: probes.length > 0 ? probes : scenarios, released };
  const found = await tryAll(build, names, run);
  run.say(`${build.version} against ${names.designs.length} designs, some transitions of ${names.scenarios.join(', ')}:`);
  run.say(`${tellTried(found)}\n`);
  const all = [];
  for (const design of candidates(found.tried)) {
    all.push(await compareAll(build, design, scenarios, run));
    if (all.at(-1).first === null) return all.at(-1);
  }
  return ranked(all, released)[0];
}

async function compareAll(build, design, scenarios, { all, catalog, jobs, patience, reporter, options }) {
  const chosen = scenarios.filter((scenario) => !all || catalog.canRun(design, scenario));
  const tasks = chosen.map((scenario) => ({ ...build, scenario, source: { design, scenario, options } }));
  return summed(design, await runTasks(tasks, jobs, reporter, patience));
}

async function conclude(build, judged, run) {
  for (const one of judged) {
    run.say(`\n${tellVerdict(build.version, one)}`);
    if (one.first === null) continue;
    const best = await shortest(build, one, run);
    run.say(`\n${tellShortest(best)}`);
    run.say(await tell(best.result, best.group.shortest, run.options));
  }
  return { results: judged.flatMap(({ results }) => results), ok: judged.every(({ first }) => first === null) };
}
