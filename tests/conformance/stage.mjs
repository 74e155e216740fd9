// What a scenario says of the tabs before the first event.

/** What it says when it does not say it. */
const USUAL = { edge: 'any', keys: 1, absent: [], unfocused: [], piggyback: true, stale_load: false };

const EDGES = ['any', 'needs-oiat'];

/** Whether nobody holds a token at the start. */
export function isEmpty(start) {
  return start === 'empty' || start === 'empty-legacy';
}

/** Whether the origin does not send `oiat` yet. */
export function isLegacy(start) {
  return start === 'legacy' || start === 'empty-legacy';
}

/** {tabs, start, edge, keys, absent, unfocused, piggyback, stale_load} of a trace file's header or of a scenario. */
export function stageOf(header) {
  return { ...USUAL, ...header };
}

/** The other way round: what a header says, in the order in which the model checker writes it. */
export function stageRecord({ tabs, start, ...rest }) {
  const unusual = Object.keys(USUAL).filter(
    (name) => rest[name] !== undefined && JSON.stringify(rest[name]) !== JSON.stringify(USUAL[name]),
  );
  return { tabs, start, ...Object.fromEntries(unusual.map((name) => [name, rest[name]])) };
}

/** Checks it; `check` takes a condition and what is wrong if it does not hold. */
export function checkStage({ tabs, edge, keys, absent, unfocused, piggyback, stale_load }, check) {
  const isListOfTabs = (list) =>
    Array.isArray(list) && list.every((tab) => Number.isInteger(tab) && tab >= 0 && tab < tabs);
  check(EDGES.includes(edge), `"edge" must be one of ${EDGES.join(', ')}`);
  check(keys === 1 || keys === 2, '"keys" must be 1 or 2');
  check(isListOfTabs(absent), `"absent" must be a list of tabs below ${tabs}`);
  check(isListOfTabs(unfocused), `"unfocused" must be a list of tabs below ${tabs}`);
  check(typeof piggyback === 'boolean', '"piggyback" must be true or false');
  check(typeof stale_load === 'boolean', '"stale_load" must be true or false');
}
