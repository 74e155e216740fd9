// Which design a build follows: all are tried on a sample of some scenarios, the best of them on everything.

import { InputError } from './errors.mjs';
import { runTasks } from './pool.mjs';

/** Small scenarios that differ in what they are about: each tells designs apart that others do not. */
export const PROBES = [
  'r1s1',
  'bare-t2',
  'unf-r1s1',
  'legacy-s2',
  'r2f1g1',
  'org-w1',
  'org-r1',
  'out-o1',
  'touch-t1r1',
  'focus-f1r1',
  'clear-s2k1',
  'age-s1g1a2',
];

/** So many of them are tried with every design, the others with the nearest ones only. */
const FIRST_PROBES = 4;

/** How many designs are tried on with all probes, beside those that agree in everything so far. */
const KEPT = 5;

/** So many transitions of all probes together, the same of each. */
const SAMPLE = 480;

/** Of several that are as near, so many are tried on everything. */
const MAX_CANDIDATES = 2;

/**
 * Tries every design: those that are far away after the first probes on no others.
 *
 * @param build {version, file}
 * @param names {designs, scenarios}
 * @returns {tried, untried}: [{design, traces, agreeing, kinds, first}], the nearest first, where `first` is the
 *   shortest divergence that was met, as {result, group}; and [{design, why}]
 */
export async function tryAll(build, names, run) {
  const why = new Map();
  const sample = Math.ceil(SAMPLE / names.scenarios.length);
  const tryOn = (designs, scenarios) => trySome(build, { designs, scenarios, sample }, why, run);
  const early = await tryOn(names.designs, names.scenarios.slice(0, FIRST_PROBES));
  const tried = early.filter(({ design, traces }) => traces > 0 && !why.has(design)).sort(byNearness);
  if (tried.length === 0) throw new InputError(`no design could be tried: ${[...why.values()][0] ?? 'there is none'}`);
  const isKept = ({ kinds }, place) => kinds === 0 || place < KEPT;
  const kept = tried.filter(isKept);
  const late = await tryOn(
    kept.map(({ design }) => design),
    names.scenarios.slice(FIRST_PROBES),
  );
  const whole = kept.map(({ design, results }, place) => summed(design, [...results, ...late[place].results]));
  const dropped = tried.filter((one, place) => !isKept(one, place));
  const untried = [...why].map(([design, reason]) => ({ design, why: reason }));
  return { tried: [...whole.sort(byNearness), ...dropped], untried };
}

/** @param why where to put, by design, why it cannot be tried */
async function trySome(build, { designs, scenarios, sample }, why, { jobs, options, patience, progress }) {
  const sampled = [...options, '--sample', String(sample), '--seed', '1'];
  const tasks = designs.flatMap((design) =>
    scenarios.map((scenario) => ({ ...build, scenario, source: { design, scenario, options: sampled } })),
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
  return designs.map((design) => summed(design, of(design)));
}

const SILENT = { progress() {}, done() {} };

/**
 * The designs that are worth a closer look: all that agree in everything, else the nearest, and the nearest of those that
 * releases have, for a build is a change of one of them most of the time.
 */
export function candidates(tried, released) {
  const [{ kinds }] = tried;
  const near = tried.filter((one) => one.kinds === kinds).map(({ design }) => design);
  if (kinds === 0) return near;
  const ofRelease = tried.find(({ design }) => released.includes(design));
  const chosen = near.slice(0, MAX_CANDIDATES);
  return ofRelease === undefined ? chosen : [...new Set([...chosen, ofRelease.design])];
}

/**
 * What differs in fewer things is nearer, and only then what differs in fewer traces: one wrong row of a comparator is
 * met in most of them. Sorting is stable: of designs that agree as much, released ones stay first.
 */
function byNearness(a, b) {
  return a.kinds - b.kinds || share(b) - share(a) || b.reach - a.reach;
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
  const kinds = new Set(met.map(({ group }) => group.signature)).size;
  return { design, results, traces, agreeing: traces - divergences, reach, kinds, first: met[0] ?? null };
}

/** The one that differs in the fewest things. */
export function nearest(all) {
  return [...all].sort(byNearness)[0];
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
