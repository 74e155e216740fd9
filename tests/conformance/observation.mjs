// What is observed after a step. A trace file leaves out what is as it mostly
// is; here everything is said, so that two observations can be compared.

import { NAMED_REQUESTS, aboutRequest, isTokenRequest } from './events.mjs';
import { isEmpty } from './stage.mjs';

const PHASES = ['absent', 'loading', 'live', 'leaving', 'out', 'closed'];
const FOCI = ['never', 'has', 'blurred'];

/** What a trace file does not say of a tab. */
const TAB = { phase: 'live', focus: 'has', context: 0, session_org: 0, key1: { slot: 'none', armed: false } };

const PRESENT = ['loading', 'live', 'leaving'];

/** The observed fields in the order in which a difference is named. The clock is the schedule's, not observed. */
const FIELDS = {
  phase: ({ tabs }) => tabs.map(({ phase }) => phase),
  slot: ({ tabs }) => tabs.map(({ slot }) => slot),
  armed: ({ tabs }) => tabs.map(({ armed }) => armed),
  seed: ({ tabs }) => tabs.map(({ phase, seed }) => (PRESENT.includes(phase) ? seed : null)),
  'key 1 slot': ({ tabs }) => tabs.map(({ key1 }) => key1.slot),
  'key 1 armed': ({ tabs }) => tabs.map(({ key1 }) => key1.armed),
  focus: ({ tabs }) => tabs.map(({ phase, focus }) => (PRESENT.includes(phase) ? focus : null)),
  // What a page without a session would say of either is not to be seen.
  context: ({ tabs }) => tabs.map(({ phase, context }) => (phase === 'live' ? context : null)),
  'session org': ({ tabs }) => tabs.map(({ phase, session_org }) => (phase === 'live' ? session_org : null)),
  cookie: ({ cookie }) => [cookie],
  'context cookie': ({ context_cookie }) => [context_cookie],
  posts: ({ posts }) => posts.map(({ tab, token, key }) => [tab, token, key]),
  'sign-outs': ({ sign_outs }) => sign_outs,
  requests: ({ requests }) => requests,
  returned: ({ returned }) => asReturned(returned),
};

/** The first field in which two complete observations differ: {field, part, expected, observed} or null. */
export function firstDifference(expected, observed) {
  for (const [field, select] of Object.entries(FIELDS)) {
    if (isUnsaid(field, expected)) continue;
    const wanted = select(expected);
    const seen = select(observed);
    const length = Math.max(wanted.length, seen.length);
    for (let part = 0; part < length; part++) {
      if (JSON.stringify(wanted[part]) === JSON.stringify(seen[part])) continue;
      return { field, part, expected: wanted[part] ?? null, observed: seen[part] ?? null };
    }
  }
  return null;
}

/** Calls that waited for the same get the same: that is said once, and first who was rejected. */
function asReturned(values) {
  const seen = new Map(values.map((value) => [JSON.stringify(value), value]));
  const rank = ({ rejected }) => (rejected ? 0 : 1);
  return [...seen.values()].sort((one, other) => rank(one) - rank(other));
}

function isUnsaid(field, { context_cookie, returned }) {
  if (field === 'context cookie') return context_cookie === undefined;
  return field === 'returned' && returned === undefined;
}

/**
 * An observation of a trace file, made complete but for what nobody asks then:
 * what callers received, if the trace does not say it, and the context cookie
 * of an empty start, which nobody has written.
 */
export function completed(after, { start }) {
  const { tabs, context_cookie, posts, sign_outs = [], requests, returned, ...rest } = after;
  return {
    ...rest,
    tabs: tabs.map((tab) => ({ ...TAB, ...tab })),
    context_cookie: context_cookie === undefined && !isEmpty(start) ? 0 : context_cookie,
    posts: posts.map(({ tab, token, key = 0 }) => ({ tab, token, key })),
    sign_outs,
    requests: requests.map(completedRequest),
    returned: returned?.map(({ tab, token = null, rejected = false }) => ({ tab, token, rejected })),
  };
}

function completedRequest({ tab, request, fetch, number, key = 0, org = 0, forced = false, parent = null }) {
  const kind = request ?? (fetch === null ? 'background' : 'fetch');
  return { tab, kind, number: fetch ?? number ?? null, key, org, forced, parent };
}

/** The other way round: what a trace file says, its keys in the order in which the model checker writes them. */
export function observationRecord(observation) {
  const { clock, tabs, cookie, context_cookie, posts, sign_outs, requests, returned } = observation;
  return {
    clock,
    tabs: tabs.map(tabRecord),
    cookie,
    ...(context_cookie !== 0 && { context_cookie }),
    posts: posts.map(({ tab, token, key }) => ({ tab, token, ...(key !== 0 && { key }) })),
    ...(sign_outs.length > 0 && { sign_outs }),
    requests: requests.map(requestRecord),
    returned: asReturned(returned.map(returnRecord)),
  };
}

function returnRecord({ tab, token, rejected }) {
  if (rejected) return { tab, rejected };
  return token === null ? { tab } : { tab, token };
}

function tabRecord({ slot, armed, seed: held, ...rest }) {
  // The model keeps no current session in a tab that is out, whatever a late payload has left there.
  const seed = PRESENT.includes(rest.phase) ? held : null;
  const unusual = Object.entries(rest).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(TAB[name]),
  );
  return { slot, armed, seed, ...Object.fromEntries(unusual) };
}

function requestRecord({ forced, parent, ...request }) {
  const { org, key } = request;
  const about = { ...aboutRequest(request), ...(key !== 0 && { key }), ...(org !== 0 && { org }) };
  return isTokenRequest(request) ? { ...about, forced, parent } : about;
}

/** Checks an observation of a trace file; `check` takes a condition and what is wrong if it does not hold. */
export function checkObservation(after, tabs, check) {
  const clock = after?.clock;
  check(isCount(clock?.now) && isCount(clock?.age), '"after" has no clock with now and age');
  check(Array.isArray(after.tabs) && after.tabs.length === tabs, `"after" must show ${tabs} tabs`);
  for (const tab of after.tabs) checkTab(tab, check);
  check(isTokenOrNull(after.cookie), 'bad "cookie"');
  check(after.context_cookie === undefined || isContext(after.context_cookie), 'bad "context_cookie"');
  check(Array.isArray(after.posts) && after.posts.every((post) => isToken(post?.token)), 'bad "posts"');
  const { sign_outs = [] } = after;
  check(Array.isArray(sign_outs) && sign_outs.every(isCount), 'bad "sign_outs"');
  check(Array.isArray(after.requests) && after.requests.every(isRequest), 'bad "requests"');
}

function checkTab(tab, check) {
  const { phase, focus, context, session_org, key1 } = { ...TAB, ...tab };
  check(isSlot(tab?.slot), 'bad "slot"');
  check(isTokenOrNull(tab.seed), 'bad "seed"');
  check(typeof tab.armed === 'boolean', 'bad "armed"');
  check(PHASES.includes(phase), `"phase" must be one of ${PHASES.join(', ')}`);
  check(FOCI.includes(focus), `"focus" must be one of ${FOCI.join(', ')}`);
  check(isOrg(context), 'bad "context"');
  check(isOrg(session_org), 'bad "session_org"');
  check(isSlot(key1?.slot) && typeof key1.armed === 'boolean', 'bad "key1"');
}

function isRequest(sent) {
  const named = sent?.request === undefined || NAMED_REQUESTS.includes(sent.request);
  return named && isTokenOrNull(sent?.parent ?? null);
}

function isContext(value) {
  return value === null || isOrg(value);
}

function isOrg(value) {
  return value === 0 || value === 1;
}

function isSlot(slot) {
  return slot === 'none' || slot === 'pending' || isToken(slot);
}

export function isCount(value) {
  return Number.isInteger(value) && value >= 0;
}

function isToken(value) {
  if (!Array.isArray(value) || value.length < 4 || value.length > 6) return false;
  const [oiat, ...rest] = value;
  return (oiat === null || isCount(oiat)) && rest.every(isCount) && (value.length < 6 || isOrg(value[5]));
}

function isTokenOrNull(value) {
  return value === null || isToken(value);
}
