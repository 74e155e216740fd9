// Properties of the model, judged once more on what the SDK shows: on the
// tokens in its caches, its requests and its cookie, and on nothing that the
// model says of them. What a guard thought cannot be seen, so properties about
// rejected tokens are missing.

import { isDead, isNear } from './seconds.mjs';
import { tellToken } from './story.mjs';
import { orgOf } from './tokens.mjs';

/** By name: a judge of one step of a history, which says what is wrong there, or null. */
const JUDGES = {
  'cached-oiat-never-decreases': regression(oiatOf, 'residency'),
  'tab-oiat-never-decreases': regression(oiatOf, 'life'),
  'cached-claims-never-regress': regression(claimsOf, 'residency'),
  'tab-claims-never-regress': regression(claimsOf, 'life'),
  'cookie-oiat-never-decreases': cookieRegression,
  'tabs-converge': disagreement((one, other) => oiatOf(one) !== oiatOf(other)),
  'tabs-converge-in-rank': disagreement((one, other) => outranks(one, other) || outranks(other, one)),
  'every-post-arrives': missingPost,
  'seed-is-not-stale': staleSeed,
  'live-token-is-kept': deadWinner,
  'no-cookie-after-signout': cookieAfterSignOut,
  'signed-out-at-rest': cookieAtRest,
  'cookie-context': foreignWrite,
  'key-holds-own-context': foreignEntry,
  'context-at-rest': contextsApart,
  'read-returns-own-context': foreignRead,
  'returned-token-is-not-dead': ofReturned(deadReturn),
  'returned-oiat-never-decreases': ofReturned(fallFrom(oiatOf)),
  'returned-claims-never-regress': ofReturned(fallFrom(claimsOf)),
  'returned-is-not-outranked': ofReturned(outrankedReturn),
  'returned-is-own-context': ofReturned(foreignReturn),
  'rejected-only-without-token': rejectionBesideToken,
};

const KEYS = [0, 1];

/** Phases in which what a tab caches counts; its history ends when it goes out or closes. */
const WATCHED = ['loading', 'live', 'leaving'];

/** Events that look into the cache for a token. */
const READS = ['get_token', 'poll', 'focus'];

export function isVisible(property) {
  return Object.hasOwn(JUDGES, property);
}

/**
 * @param history what `Replayer.record` returns: the start and every step
 * @returns the first violation as {step, shows}, null when there is none
 */
export function firstViolation(property, history) {
  for (let step = 1; step < history.length; step++) {
    const shows = JUDGES[property](history, step);
    if (shows !== null) return { step, shows };
  }
  return null;
}

/** @param within how far back the last readable token counts: `residency` ends where the entry is removed */
function regression(valueOf, within) {
  return (history, step) => {
    for (const { tab, key } of entriesOf(history[step])) {
      const now = readable(history[step], tab, key);
      const before = lastReadable(history, step, { tab, key }, within);
      if (now === null || before === null || valueOf(now) >= valueOf(before)) continue;
      return `tab ${tab} caches ${tellToken(now)} after ${tellToken(before)}`;
    }
    return null;
  };
}

function entriesOf({ tabs }) {
  return tabs.flatMap((_, tab) => KEYS.map((key) => ({ tab, key })));
}

function lastReadable(history, step, { tab, key }, within) {
  for (let earlier = step - 1; earlier >= 0; earlier--) {
    if (within === 'residency' && wasRemoved(history, earlier + 1, tab, key)) return null;
    const token = readable(history[earlier], tab, key);
    if (token !== null) return token;
  }
  return null;
}

function wasRemoved(history, step, tab, key) {
  if (slotOf(history[step], tab, key) === 'none') return true;
  // Whoever looks into the cache drops a near token first.
  const before = cached(history[step - 1], tab, key);
  return (
    looksAt(history, step, tab, key) && before !== null && isNear(iatOf(before), history[step].clock.age)
  );
}

function looksAt(history, step, tab, key) {
  const { event, arrived, tabs } = history[step];
  // A broadcast is about the key of its token.
  if (event.kind === 'deliver') return event.to === tab && orgOf(arrived) === key;
  if (event.tab !== tab || tabs[tab].session_org !== key) return false;
  return READS.includes(event.kind) || (event.kind === 'respond' && event.request === 'switch');
}

function cookieRegression(history, step) {
  const before = history[step - 1].cookie;
  const { cookie, clock } = history[step];
  if (before === null || cookie === null || isDead(iatOf(before), clock.age)) return null;
  if (orgOf(before) !== orgOf(cookie) || oiatOf(cookie) >= oiatOf(before)) return null;
  return `the cookie goes from ${tellToken(before)} to ${tellToken(cookie)}`;
}

/** @param differ in what two tabs must not differ in the end */
function disagreement(differ) {
  return (history, step) => {
    const frame = history[step];
    if (!frame.idle) return null;
    const live = frame.tabs.map((_, tab) => tab).filter((tab) => phaseOf(frame, tab) === 'live');
    const tokens = live.map((tab) => readable(frame, tab, 0)).filter((token) => token !== null);
    const other = tokens.find((token) => differ(token, tokens[0]));
    if (other === undefined) return null;
    return `with nothing under way one tab caches ${tellToken(tokens[0])}, another ${tellToken(other)}`;
  };
}

/** Nothing is under way, and a tab has never had what another one posted and what can still be read. */
function missingPost(history, step) {
  const frame = history[step];
  if (!frame.idle) return null;
  for (const { tab: from, token, key } of history.slice(1, step + 1).flatMap(({ posts }) => posts)) {
    if (isNear(iatOf(token), frame.clock.age)) continue;
    const lacks = (_, tab) =>
      tab !== from && phaseOf(frame, tab) === 'live' && !hadAsFresh(history.slice(0, step + 1), { tab, key }, token);
    const tab = frame.tabs.findIndex(lacks);
    if (tab !== -1) return `tab ${tab} never gets ${tellToken(token)}, which tab ${from} posted, nor anything as fresh`;
  }
  return null;
}

function hadAsFresh(history, { tab, key }, token) {
  const had = history.map((frame) => readable(frame, tab, key)).filter((one) => one !== null);
  return had.some((one) => !outranks(token, one));
}

function staleSeed(history, step) {
  for (const { tab, kind, key, forced, parent } of history[step].requests) {
    if (forced || parent === null || !asksForToken(kind)) continue;
    const had = history
      .slice(0, step)
      .map((frame) => readable(frame, tab, key))
      .find((token) => token !== null && outranks(token, parent));
    if (had !== undefined)
      return `tab ${tab} seeds a request with ${tellToken(parent)}, though it had ${tellToken(had)}`;
  }
  return null;
}

function asksForToken(kind) {
  return kind === 'fetch' || kind === 'background';
}

/** @param wrong what is wrong with a token that a call got, or null */
function ofReturned(wrong) {
  return (history, step) => {
    for (const { tab, token } of history[step].returned) {
      if (token === null || !WATCHED.includes(phaseOf(history[step], tab))) continue;
      const words = wrong(history, step, { tab, token });
      if (words !== null) return `a call in tab ${tab} gets ${tellToken(token)}${words}`;
    }
    return null;
  };
}

function deadReturn(history, step, { token }) {
  return isDead(iatOf(token), history[step].clock.age) ? ', which has expired' : null;
}

/** The key that a call asked for is that of the session, then or when the fetch was sent. */
function fallFrom(valueOf) {
  return (history, step, { tab, token }) => {
    for (let earlier = step - 1; earlier > 0; earlier--) {
      const returned = history[earlier].returned.filter((call) => call.tab === tab && call.token !== null);
      const before = returned.find((call) => orgOf(call.token) === orgOf(token));
      if (before === undefined) continue;
      return valueOf(token) < valueOf(before.token) ? ` after ${tellToken(before.token)}` : null;
    }
    return null;
  };
}

function outrankedReturn(history, step, { tab, token }) {
  const held = readable(history[step], tab, orgOf(token));
  return held !== null && outranks(held, token) ? `, though the cache holds ${tellToken(held)}` : null;
}

function foreignReturn(history, step, { tab, token }) {
  const { event, tabs } = history[step];
  const isHit = event.kind === 'get_token' && orgOf(token) !== tabs[tab].session_org;
  return isHit ? ', which is of another organization' : null;
}

function rejectionBesideToken(history, step) {
  const frame = history[step];
  for (const { tab, token, rejected } of frame.returned) {
    const held = readable(frame, tab, frame.tabs[tab].session_org);
    const got = rejected ? 'is rejected' : 'gets null';
    if (token === null && held !== null) return `a call in tab ${tab} ${got}, though the cache holds ${tellToken(held)}`;
  }
  return null;
}

/** A live token arrives, and the tab is left with a dead one or with none because of a dead one. */
function deadWinner(history, step) {
  const { event, arrived, clock } = history[step];
  if (arrived === null || isDead(iatOf(arrived), clock.age)) return null;
  const tab = event.kind === 'deliver' ? event.to : event.tab;
  const key = event.key ?? orgOf(arrived);
  if (slotOf(history[step - 1], tab, key) === 'none' || slotOf(history[step], tab, key) === 'pending')
    return null;
  const left = cached(history[step], tab, key);
  if (left !== null && !isDead(iatOf(left), clock.age)) return null;
  return `tab ${tab} is given ${tellToken(arrived)} and caches ${left === null ? 'nothing' : tellToken(left)}`;
}

function cookieAfterSignOut(history, step) {
  const write = history[step].writes.find(({ phase }) => phase === 'out');
  if (write === undefined) return null;
  return `tab ${write.tab}, which is signed out, writes ${tellToken(write.token)} to the cookie`;
}

function cookieAtRest(history, step) {
  const { idle, cookie } = history[step];
  if (!idle || cookie === null || !hasEnded(history, step)) return null;
  return `the session has ended, nothing is under way, and the cookie is ${tellToken(cookie)}`;
}

function hasEnded(history, step) {
  return history.slice(1, step + 1).some(({ event }) => event.kind === 'mint' && event.request === 'end');
}

function foreignWrite(history, step) {
  const write = history[step].writes.find(
    ({ phase, context, token }) => phase !== 'leaving' && phase !== 'out' && orgOf(token) !== context,
  );
  if (write === undefined) return null;
  const { tab, context, token } = write;
  return `tab ${tab}, in the context of org ${context}, writes ${tellToken(token)} to the cookie`;
}

function foreignEntry(history, step) {
  const frame = history[step];
  for (const { tab, key } of entriesOf(frame)) {
    const token = cached(frame, tab, key);
    if (token === null || !WATCHED.includes(phaseOf(frame, tab)) || orgOf(token) === key) continue;
    return `tab ${tab} keeps ${tellToken(token)} under the key of org ${key}`;
  }
  return null;
}

function contextsApart(history, step) {
  const { idle, cookie, context_cookie } = history[step];
  if (!idle || cookie === null || context_cookie === null || orgOf(cookie) === context_cookie) return null;
  return `with nothing under way the cookie is ${tellToken(cookie)}, the context cookie org ${context_cookie}`;
}

function foreignRead(history, step) {
  const { event, tabs } = history[step];
  const key = tabs[event.tab]?.session_org;
  const token = readOf(history, step);
  if (token === null || orgOf(token) === key) return null;
  return `tab ${event.tab} asks for a token of org ${key} and reads ${tellToken(token)}`;
}

/** What a read found in the cache, null without one. The read that ends a switch is told by what it writes. */
function readOf(history, step) {
  const { event, tabs, writes } = history[step];
  if (READS.includes(event.kind)) return readable(history[step - 1], event.tab, tabs[event.tab].session_org);
  if (event.kind !== 'respond' || event.request !== 'switch' || tabs[event.tab].phase !== 'live') return null;
  return writes.filter(({ tab }) => tab === event.tab).at(-1)?.token ?? null;
}

function phaseOf({ tabs }, tab) {
  return tabs[tab].phase;
}

function slotOf({ tabs }, tab, key) {
  return key === 0 ? tabs[tab].slot : tabs[tab].key1.slot;
}

function cached(frame, tab, key) {
  const slot = slotOf(frame, tab, key);
  return Array.isArray(slot) ? slot : null;
}

/** What a reader of the cache would get: a token within its last seconds counts as absent. */
function readable(frame, tab, key) {
  if (!WATCHED.includes(phaseOf(frame, tab))) return null;
  const token = cached(frame, tab, key);
  return token === null || isNear(iatOf(token), frame.clock.age) ? null : token;
}

function outranks(one, other) {
  // Without an oiat a token has the lowest rank, whenever it was minted.
  if (oiatOf(one) !== oiatOf(other)) return oiatOf(one) > oiatOf(other);
  return oiatOf(one) > 0 && iatOf(one) > iatOf(other);
}

/** Instants count from 1, so an absent oiat is lower than all others. */
function oiatOf([oiat]) {
  return oiat ?? 0;
}

function iatOf([, iat]) {
  return iat;
}

function claimsOf([, , , claims]) {
  return claims;
}
