// Which design a build follows: all are tried on a sample of some scenarios, the best of them on everything.

import { InputError } from './errors.mjs';
import { runTasks } from './pool.mjs';

/** Small scenarios that differ in what they are about: each tells designs apart that others do not. */
export const PROBES = [
  'r1s1',
  'r2f1g1',
  'org-w1',
  'org-r1',
  'out-o1',
  'touch-t1r1',
  'bare-t2',
  'focus-f1r1',
  'unf-r1s1',
  'legacy-s2',
  'clear-s2k1',
  'age-s1g1a2',
];

/** Of each probe, so many transitions. */
const SAMPLE = 100;

/** Candidates whose share of traces that agree is less than this below the best one's are tried on everything, too. */
const CLOSE = 0.02;

const MAX_CANDIDATES = 3;

/**
 * Tries every design.
 *
 * @param build {version, file}
 * @param names {designs, scenarios}
 * @returns {tried, untried}: [{design, traces, agreeing, first}], the nearest first, where `first` is the shortest
 *   divergence that was met, as {result, group}; and [{design, why}]
 */
export async function tryAll(build, names, { jobs, options, patience, progress }) {
  const why = new Map();
  const sample = [...options, '--sample', String(SAMPLE), '--seed', '1'];
  const tasks = names.designs.flatMap((design) =>
    names.scenarios.map((scenario) => ({ ...build, scenario, source: { design, scenario, options: sample } })),
  );
  const report = {
    ...SILENT,
    done: (_, { source }) => progress(source.design),
    // A design of another platform has no such scenarios, or events of its own. What is wrong with the build is wrong everywhere.
    refused({ source }, error) {
      if (error.message.includes(build.file)) throw error;
      why.set(source.design, error.message);
      return null;
    },
  };
  const results = await runTasks(tasks, jobs, report, patience);
  const of = (design) => results.filter((result, index) => result !== null && tasks[index].source.design === design);
  const all = names.designs.map((design) => summed(design, of(design)));
  const tried = all.filter(({ design, traces }) => traces > 0 && !why.has(design));
  if (tried.length === 0) throw new InputError(`no design could be tried: ${[...why.values()][0] ?? 'there is none'}`);
  // Sorting is stable: of designs that agree as much, released ones stay first.
  tried.sort((a, b) => share(b) - share(a) || b.reach - a.reach);
  const untried = [...why].map(([design, reason]) => ({ design, why: reason }));
  return { tried, untried };
}

const SILENT = { progress() {}, done() {} };

/** The designs that are worth a closer look. */
export function candidates(tried) {
  const best = share(tried[0]);
  if (best === 1) return tried.filter((one) => share(one) === 1).map(({ design }) => design);
  return tried
    .filter((one) => share(one) > best - CLOSE)
    .slice(0, MAX_CANDIDATES)
    .map(({ design }) => design);
}

function share({ traces, agreeing }) {
  return agreeing / traces;
}

/** What the comparisons of one design say together. */
export function summed(design, results) {
  const traces = results.reduce((sum, result) => sum + result.traces, 0);
  const divergences = results.reduce((sum, result) => sum + result.divergences, 0);
  const met = results.flatMap((result) => result.groups.map((group) => ({ result, group })));
  met.sort((a, b) => a.group.shortest.index - b.group.shortest.index);
  const reach = results.filter((result) => result.divergences === 0).length;
  return { design, results, traces, agreeing: traces - divergences, reach, first: met[0] ?? null };
}

/** The one that agrees most. */
export function nearest(all) {
  return [...all].sort((a, b) => share(b) - share(a) || b.reach - a.reach)[0];
}

/**
 * The shortest divergence of all that the scenarios of one design have: each transition at the end of a shortest
 * trace, and of those none that is longer than what is known already.
 */
export async function shortest(build, { design, results, first }, { options, patience }) {
  let best = first;
  const diverging = results.filter(({ divergences }) => divergences > 0);
  const length = ({ groups }) => Math.min(...groups.map((group) => group.shortest.index));
  diverging.sort((a, b) => length(a) - length(b) || a.steps - b.steps);
  for (const { scenario } of diverging) {
    const source = { design, scenario, options: [...options, '--shortest'] };
    const until = { first: true, steps: best.group.shortest.index };
    const [result] = await runTasks([{ ...build, scenario, source, until }], 1, SILENT, patience);
    const [group] = result.groups;
    if (group !== undefined && group.shortest.index < best.group.shortest.index) best = { result, group };
  }
  return best;
}
