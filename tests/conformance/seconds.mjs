// Real seconds for the model's ordinal instants.
//
// The model knows only the order of instants, and for each instant which
// tokens are near their expiry and which are dead. Real code needs seconds in
// which exactly these are near and dead. Every such demand bounds a difference
// of two instants, so the least solution is a longest path.

import { LIFETIME_SECONDS } from './tokens.mjs';

/** A cache read treats a token with this much left, or less, as absent. */
export const NEAR_SECONDS = 5;

/** A token needs this much left for its refresh timer to be set: 15 + 2 seconds and one to run. */
const ARMED_SECONDS = 18;

/** A token minted at this instant is within its last seconds, or dead, at this age of the model. */
export function isNear(iat, age) {
  return iat <= Math.ceil(age / 2);
}

export function isDead(iat, age) {
  return iat <= Math.floor(age / 2);
}

/**
 * How many seconds a token may have left, given the ordinal at which it was
 * minted and the model's age: it is dead, near, or neither.
 */
export function secondsLeft(iat, age) {
  if (isDead(iat, age)) return { atLeast: -Infinity, atMost: 0 };
  if (isNear(iat, age)) return { atLeast: 1, atMost: NEAR_SECONDS };
  return { atLeast: ARMED_SECONDS, atMost: Infinity };
}

/**
 * @param ages the model's age at each instant, the first instant first
 * @param minted whether a token was minted at each instant
 * @returns the least offsets in seconds, the first instant at 0
 * @throws when no seconds meet the demands
 */
export function leastSeconds(ages, minted) {
  const bounds = differenceBounds(ages, minted);
  const seconds = ages.map((_, index) => index);
  // A longest path visits every instant at most once.
  for (let round = 0; round <= ages.length; round++) {
    if (!raise(seconds, bounds)) return seconds;
  }
  throw new Error(`no real seconds fit the ages ${ages.join(', ')}`);
}

/** Lifts every instant that is too early; says whether there was one. */
function raise(seconds, bounds) {
  let raised = false;
  for (const { from, to, atLeast } of bounds) {
    const earliest = seconds[from] + atLeast;
    if (seconds[to] >= earliest) continue;
    // Nothing may move the first instant: all offsets are counted from it.
    if (to === 0) return true;
    seconds[to] = earliest;
    raised = true;
  }
  return raised;
}

/** All demands in the form: `to` is at least so many seconds after `from`. */
function differenceBounds(ages, minted) {
  const bounds = [];
  for (let now = 0; now < ages.length; now++) {
    if (now > 0) bounds.push({ from: now - 1, to: now, atLeast: 1 });
    for (let iat = 0; iat <= now; iat++) {
      if (minted[iat]) bounds.push(...tokenBounds(iat, now, ages[now]));
    }
  }
  return bounds;
}

/** The demands of a token minted at `iat` on the instant `now`. Ordinals count from 1, indices from 0. */
function tokenBounds(iat, now, age) {
  const { atLeast, atMost } = secondsLeft(iat + 1, age);
  const bounds = [];
  if (atMost < Infinity) bounds.push({ from: iat, to: now, atLeast: LIFETIME_SECONDS - atMost });
  if (atLeast > -Infinity) bounds.push({ from: now, to: iat, atLeast: atLeast - LIFETIME_SECONDS });
  return bounds;
}
