// The headline counterexample, written by hand: tab 0's background refresh is
// minted by the edge from old claims and answered last, after tab 1's forced
// token reached tab 0 by broadcast.

const FIRST = [1, 1, 0, 1];
const FORCED = [2, 2, 0, 2];
const EDGE = [1, 2, 0, 1];

/** What tab 0 ends up with, by design. */
const ENDINGS = {
  'pr-8097': { slot: EDGE, cookie: EDGE, post: EDGE },
  'pr-9030': { slot: FORCED, cookie: FORCED, post: FORCED },
  'pr-9284': { slot: FORCED, cookie: FORCED, post: FORCED },
};

/** The trace file's lines for one design, parsed. */
export function headline(design) {
  const steps = stepsOf(ENDINGS[design]);
  const figures = { states: 9, transitions: 8, covered: 8, traces: 1, steps: steps.length };
  const header = {
    kind: 'header',
    format: 1,
    design,
    scenario: 'headline',
    tabs: 2,
    start: 'tokens',
    ...figures,
    sample: null,
  };
  return [header, { kind: 'trace', steps }];
}

export function asText(lines) {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function stepsOf(ending) {
  let seen = {
    clock: { now: 1, age: 0 },
    tabs: [
      { slot: FIRST, armed: true, seed: FIRST },
      { slot: FIRST, armed: true, seed: FIRST },
    ],
    cookie: FIRST,
  };
  const step = (event, changes = {}) => {
    const { posts = [], requests = [], tab = {}, ...rest } = changes;
    const tabs = seen.tabs.map((before, number) => ({ ...before, ...tab[number] }));
    seen = { ...seen, ...rest, tabs };
    return { event, new: true, after: { ...seen, posts, requests } };
  };
  return [
    step(
      { kind: 'refresh', tab: 0 },
      { tab: { 0: { armed: false } }, requests: [{ tab: 0, fetch: null, forced: false, parent: FIRST }] },
    ),
    step({ kind: 'tick' }, { clock: { now: 2, age: 0 } }),
    step(
      { kind: 'skip_cache', tab: 1 },
      {
        tab: { 1: { slot: 'pending', armed: false } },
        requests: [{ tab: 1, fetch: 0, forced: true, parent: FIRST }],
      },
    ),
    step({ kind: 'mint', tab: 1, fetch: 0 }),
    step(
      { kind: 'respond', tab: 1, fetch: 0 },
      {
        tab: { 1: { slot: FORCED, armed: true, seed: FORCED } },
        cookie: FORCED,
        posts: [{ tab: 1, token: FORCED }],
      },
    ),
    step({ kind: 'deliver', to: 0, from: 1 }, { tab: { 0: { slot: FORCED, armed: false } } }),
    step({ kind: 'mint', tab: 0, fetch: null }),
    step(
      { kind: 'respond', tab: 0, fetch: null },
      {
        tab: { 0: { slot: ending.slot, armed: true, seed: EDGE } },
        cookie: ending.cookie,
        posts: [{ tab: 0, token: ending.post }],
      },
    ),
  ];
}
