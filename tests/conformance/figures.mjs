// The figures of comparisons, put together for people.

const HEADINGS = [
  'Scenario',
  'Releases',
  'Design',
  'States',
  'Transitions',
  'Traces',
  'Steps',
  'Divergences',
];

/** What must be equal for two releases to share a line. */
const COUNTED = ['design', 'scenario', 'states', 'transitions', 'covered', 'traces', 'steps', 'divergences'];

/** @param summary what `run.mjs --summary` writes; of two entries about the same, the later one counts */
export function figuresTable(summary) {
  const lines = sharedLines(latest(summary));
  return `${[
    row(HEADINGS),
    row(HEADINGS.map((_, column) => (column < 3 ? '---' : '---:'))),
    ...lines.map(({ releases, figures }) => row(cells(releases, figures))),
    row(totals(lines)),
  ].join('\n')}\n`;
}

function latest(summary) {
  const byRun = new Map(summary.map((figures) => [runOf(figures), figures]));
  const runs = [...byRun.values()];
  const order = [...new Set(runs.map(({ scenario }) => scenario))];
  return runs.sort(
    (one, other) =>
      order.indexOf(one.scenario) - order.indexOf(other.scenario) ||
      one.version.localeCompare(other.version, 'en', { numeric: true }),
  );
}

function runOf({ version, design, scenario }) {
  return JSON.stringify([version, design, scenario]);
}

/** Releases of one design often have the same figures. */
function sharedLines(runs) {
  const lines = new Map();
  for (const figures of runs) {
    const key = JSON.stringify(COUNTED.map((name) => figures[name]));
    if (!lines.has(key)) lines.set(key, { releases: [], figures });
    lines.get(key).releases.push(figures.version);
  }
  return [...lines.values()];
}

function cells(releases, figures) {
  const { scenario, design, states, traces, steps, divergences } = figures;
  const counts = [number(traces), number(steps), number(divergences)];
  return [scenario, releases.join(', '), `\`${design}\``, number(states), transitionsOf(figures), ...counts];
}

function transitionsOf({ covered, transitions, sample }) {
  if (sample !== undefined) return `a sample of ${number(covered)} of ${number(transitions)}`;
  return covered === transitions ? number(covered) : `${number(covered)} of ${number(transitions)}`;
}

function totals(lines) {
  const total = (name) =>
    number(lines.reduce((sum, { releases, figures }) => sum + releases.length * figures[name], 0));
  return [
    'all, each release counted',
    '',
    '',
    '',
    ...['covered', 'traces', 'steps', 'divergences'].map(total),
  ];
}

function number(count) {
  return count.toLocaleString('en');
}

function row(texts) {
  return `| ${texts.join(' | ')} |`;
}
