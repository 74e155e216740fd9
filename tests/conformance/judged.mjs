// What a build turned out to be, in words.

import { signature } from './divergence.mjs';

/** Of the designs that were tried, one line each: how much agrees, how much differs, and where the first divergence is. */
export function tellTried({ tried, untried }) {
  const width = Math.max(...tried.map(({ design }) => design.length));
  const lines = tried.map(({ design, traces, agreeing, kinds, first }) => {
    const extent = `  ${design.padEnd(width)}  ${String(agreeing).padStart(4)} of ${traces} traces agree`;
    return first === null ? extent : `${extent}; ${things(kinds)} ${kinds === 1 ? 'differs' : 'differ'}, ${tellFirst(first)}`;
  });
  if (untried.length > 0) {
    const names = untried.map(({ design }) => design).join(', ');
    lines.push(`  not tried, as their scenarios or events are not those of pages: ${names}`);
  }
  return lines.join('\n');
}

function tellFirst({ result, group }) {
  const { shortest } = group;
  return `first: ${result.scenario}, ${steps(shortest.index + 1)}: ${signature(shortest)}`;
}

function things(count) {
  return count === 1 ? '1 thing' : `${count} things`;
}

function steps(count) {
  return count === 1 ? '1 step' : `${count} steps`;
}

/**
 * `NAME behaves as DESIGN`, or but for what.
 *
 * @param whole {design, results} of everything that was compared
 */
export function tellVerdict(name, { design, results }) {
  const all = results.length;
  const transitions = results.reduce((sum, { covered }) => sum + covered, 0);
  const diverging = results.filter(({ divergences }) => divergences > 0);
  if (diverging.length === 0) {
    return `${name} behaves as ${design}: ${transitions} transitions in ${scenarios(all)}, no divergence`;
  }
  const kinds = new Map();
  for (const { groups } of diverging) {
    for (const { signature: kind, count } of groups) {
      const { traces, inScenarios } = kinds.get(kind) ?? { traces: 0, inScenarios: 0 };
      kinds.set(kind, { traces: traces + count, inScenarios: inScenarios + 1 });
    }
  }
  const told = [...kinds].sort((a, b) => b[1].traces - a[1].traces);
  const lines = told.map(
    ([kind, { traces, inScenarios }]) => `  ${kind} (${traces} traces of ${scenarios(inScenarios)})`,
  );
  const agreeing = all - diverging.length;
  return [
    `${name} behaves as ${design} but for ${kinds.size === 1 ? 'this' : `these ${kinds.size} things`}, ` +
      `in ${diverging.length} of ${scenarios(all)} (${agreeing} agree):`,
    ...lines,
  ].join('\n');
}

function scenarios(count) {
  return count === 1 ? '1 scenario' : `${count} scenarios`;
}

/** Where the shortest divergence is. */
export function tellShortest({ result, group }) {
  return `The shortest divergence, in ${result.scenario}, ${steps(group.shortest.index + 1)}:`;
}
