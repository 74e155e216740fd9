// Properties of the model, judged once more on what the SDK shows: on the
// tokens in its caches, its requests and its cookie, and on nothing that the
// model says of them. What a guard thought cannot be seen, so properties about
// rejected tokens are missing.

import { isDead, isNear } from './seconds.mjs';
import { tellToken } from './story.mjs';

/** By name: a judge of one step of a history, which says what is wrong there, or null. */
const JUDGES = {
  'cached-oiat-never-decreases': regression(oiatOf, 'residency'),
  'tab-oiat-never-decreases': regression(oiatOf, 'life'),
  'cached-claims-never-regress': regression(claimsOf, 'residency'),
  'tab-claims-never-regress': regression(claimsOf, 'life'),
  'cookie-oiat-never-decreases': cookieRegression,
  'tabs-converge': disagreement,
  'seed-is-not-stale': staleSeed,
  'live-token-is-kept': deadWinner,
};

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
    for (let tab = 0; tab < history[step].tabs.length; tab++) {
      const now = readable(history[step], tab);
      const before = lastReadable(history, step, tab, within);
      if (now === null || before === null || valueOf(now) >= valueOf(before)) continue;
      return `tab ${tab} caches ${tellToken(now)} after ${tellToken(before)}`;
    }
    return null;
  };
}

function lastReadable(history, step, tab, within) {
  for (let earlier = step - 1; earlier >= 0; earlier--) {
    if (within === 'residency' && wasRemoved(history, earlier + 1, tab)) return null;
    const token = readable(history[earlier], tab);
    if (token !== null) return token;
  }
  return null;
}

function wasRemoved(history, step, tab) {
  const { event, clock, tabs } = history[step];
  if (tabs[tab].slot === 'none') return true;
  // Both look into the cache, and whoever does so drops a near token first.
  const looks = (event.kind === 'get_token' ? event.tab : event.to) === tab && event.kind !== 'lose';
  const before = cached(history[step - 1], tab);
  return looks && before !== null && isNear(iatOf(before), clock.age);
}

function cookieRegression(history, step) {
  const before = history[step - 1].cookie;
  const { cookie, clock } = history[step];
  if (before === null || cookie === null || isDead(iatOf(before), clock.age)) return null;
  if (oiatOf(cookie) >= oiatOf(before)) return null;
  return `the cookie goes from ${tellToken(before)} to ${tellToken(cookie)}`;
}

function disagreement(history, step) {
  const frame = history[step];
  if (!frame.idle) return null;
  const tokens = frame.tabs.map((_, tab) => readable(frame, tab)).filter((token) => token !== null);
  const other = tokens.find((token) => oiatOf(token) !== oiatOf(tokens[0]));
  if (other === undefined) return null;
  return `with nothing under way one tab caches ${tellToken(tokens[0])}, another ${tellToken(other)}`;
}

function staleSeed(history, step) {
  for (const { tab, forced, parent } of history[step].requests) {
    if (forced || parent === null) continue;
    const had = history
      .slice(0, step)
      .map((frame) => readable(frame, tab))
      .find((token) => token !== null && outranks(token, parent));
    if (had !== undefined)
      return `tab ${tab} seeds a request with ${tellToken(parent)}, though it had ${tellToken(had)}`;
  }
  return null;
}

/** A live token arrives, and the tab is left with a dead one or with none because of a dead one. */
function deadWinner(history, step) {
  const { event, arrived, clock, tabs } = history[step];
  if (arrived === null || isDead(iatOf(arrived), clock.age)) return null;
  const tab = event.kind === 'deliver' ? event.to : event.tab;
  if (history[step - 1].tabs[tab].slot === 'none' || tabs[tab].slot === 'pending') return null;
  const left = cached(history[step], tab);
  if (left !== null && !isDead(iatOf(left), clock.age)) return null;
  return `tab ${tab} is given ${tellToken(arrived)} and caches ${left === null ? 'nothing' : tellToken(left)}`;
}

function cached({ tabs }, tab) {
  const { slot } = tabs[tab];
  return Array.isArray(slot) ? slot : null;
}

/** What a reader of the cache would get: a token within its last seconds counts as absent. */
function readable(frame, tab) {
  const token = cached(frame, tab);
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
