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

/** How many designs that no release has are tried on with all probes, beside those that agree in everything so far. */
const KEPT = 3;

/** So many transitions of each probe. */
const SAMPLE = 40;

/** A design that no release has must differ in so many times fewer things than the nearest released one. */
const MUCH_NEARER = 3;

/**
 * Tries every design: those that are far away after the first probes on no others.
 *
 * @param build {version, file}
 * @param names {designs, scenarios, released}: `released` are the designs that releases have; `designs` has them first, the
 *   latest before the others
 * @returns {tried, untried}: [{design, traces, agreeing, kinds, fields, first}], the nearest first, where `first` is the
 *   shortest divergence that was met, as {result, group}; and [{design, why}]
 */
export async function tryAll(build, names, run) {
  const why = new Map();
  const tryOn = (designs, scenarios) => trySome(build, { designs, scenarios }, why, run);
  const early = await tryOn(names.designs, names.scenarios.slice(0, FIRST_PROBES));
  const possible = early.filter(({ design, traces }) => traces > 0 && !why.has(design));
  if (possible.length === 0) throw new InputError(`no design could be tried: ${[...why.values()][0] ?? 'there is none'}`);
  const others = possible.filter(({ design }) => !names.released.includes(design)).sort(byThings);
  const isKept = (one) => one.kinds === 0 || names.released.includes(one.design) || others.indexOf(one) < KEPT;
  const kept = possible.filter(isKept);
  const late = await tryOn(
    kept.map(({ design }) => design),
    names.scenarios.slice(FIRST_PROBES),
  );
  const whole = kept.map(({ design, results }, place) => summed(design, [...results, ...late[place].results]));
  const near = ranked(
    whole.filter(({ design }) => !why.has(design)),
    names.released,
  );
  const dropped = others.filter((one) => !isKept(one));
  const untried = [...why].map(([design, reason]) => ({ design, why: reason }));
  return { tried: [...near, ...dropped], untried };
}

/** @param why where to put, by design, why it cannot be tried */
async function trySome(build, { designs, scenarios }, why, { jobs, options, patience, progress }) {
  const sampled = [...options, '--sample', String(SAMPLE), '--seed', '1'];
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

/** The designs that are worth a closer look: all that agree in everything so far, else the nearest. */
export function candidates(tried) {
  const agreeing = tried.filter(({ kinds }) => kinds === 0);
  return (agreeing.length > 0 ? agreeing : tried.slice(0, 1)).map(({ design }) => design);
}

/**
 * The nearest first. A build is a change of a release most of the time, so that a design which no release has comes
 * before those only where nothing or much less is different.
 */
export function ranked(all, released) {
  const ofReleases = all.filter(({ design }) => released.includes(design)).sort(byFields);
  const others = all.filter(({ design }) => !released.includes(design)).sort(byThings);
  const [nearest] = ofReleases;
  const isFirst = ({ kinds }) => nearest !== undefined && nearest.kinds > 0 && kinds * MUCH_NEARER <= nearest.kinds;
  return [...others.filter(isFirst), ...ofReleases, ...others.filter((one) => !isFirst(one))];
}

/**
 * What differs in fewer things that can be seen is nearer: one cause is seen in one or two of them, but after many events
 * and, if it is a row of the comparator, in most traces. Sorting is stable: of releases that are as near, the latest
 * stays first.
 */
function byFields(a, b) {
  return Math.sign(a.kinds) - Math.sign(b.kinds) || a.fields - b.fields;
}

function byThings(a, b) {
  return byFields(a, b) || a.kinds - b.kinds || b.agreeing / b.traces - a.agreeing / a.traces;
}

/** What the comparisons of one design say together. */
export function summed(design, results) {
  const traces = results.reduce((sum, result) => sum + result.traces, 0);
  const divergences = results.reduce((sum, result) => sum + result.divergences, 0);
  const met = results.flatMap((result) => result.groups.map((group) => ({ result, group })));
  met.sort((a, b) => a.group.shortest.index - b.group.shortest.index);
  const kinds = new Set(met.map(({ group }) => group.signature)).size;
  const fields = new Set(met.map(({ group }) => group.shortest.field)).size;
  return { design, results, traces, agreeing: traces - divergences, kinds, fields, first: met[0] ?? null };
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
