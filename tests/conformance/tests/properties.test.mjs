import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstViolation, isVisible } from '../properties.mjs';

const OLD = [1, 1, 0, 1];
const NEW = [2, 2, 0, 2];
const EDGE = [1, 2, 0, 1];
const LEGACY = [null, 2, 0, 1];
const LEGACY_NEW = [null, 2, 0, 2];

/** A history of one tab, with what is not said the same as in the frame before. */
function historyOf(...frames) {
  let last = { event: null, arrived: null, age: 0, slot: OLD, cookie: OLD, requests: [], idle: false };
  return frames.map((frame) => {
    last = { ...last, event: { kind: 'tick' }, arrived: null, requests: [], ...frame };
    const { event, arrived, age, slot, cookie, requests, idle } = last;
    const slots = Array.isArray(slot?.[0]) ? slot : [slot];
    const tabs = slots.map((one) => ({ slot: one }));
    return { event, arrived, clock: { now: 1, age }, tabs, cookie, requests, idle };
  });
}

function stepOf(property, ...frames) {
  return firstViolation(property, historyOf(...frames))?.step ?? null;
}

const CACHED = 'cached-oiat-never-decreases';
const LIFE = 'tab-oiat-never-decreases';

test('an older oiat after a newer one violates, and a pending fetch in between excuses nothing', () => {
  assert.equal(stepOf(CACHED, {}, { slot: NEW }, { slot: 'pending' }, { slot: EDGE }), 3);
  assert.equal(stepOf(CACHED, {}, { slot: EDGE }, { slot: 'pending' }, { slot: NEW }), null);
});

test('an absent oiat is lower than any', () => {
  assert.equal(stepOf(CACHED, {}, { slot: LEGACY }), 1);
});

test('a removal ends the residency and not the life', () => {
  const frames = [{}, { slot: NEW }, { slot: 'none' }, { slot: EDGE }];
  assert.deepEqual([stepOf(CACHED, ...frames), stepOf(LIFE, ...frames)], [null, 3]);
});

test('a look into the cache that drops a near token ends the residency too', () => {
  const looks = { event: { kind: 'get_token', tab: 0 }, slot: 'pending' };
  const near = { slot: NEW, age: 3 };
  const after = { slot: [1, 3, 0, 1] };
  assert.deepEqual(
    [CACHED, LIFE].map((property) => stepOf(property, {}, { slot: NEW }, near, looks, after)),
    [null, 4],
  );
});

test('a near token is not readable', () => {
  assert.equal(stepOf(LIFE, {}, { slot: NEW }, { slot: EDGE, age: 3 }), null);
});

test('claims are judged apart from oiat', () => {
  const frames = [{ slot: LEGACY }, { slot: LEGACY_NEW }, { slot: LEGACY }];
  assert.deepEqual([stepOf(CACHED, ...frames), stepOf('cached-claims-never-regress', ...frames)], [null, 2]);
});

test('a cookie may be lost, and an older one may follow a dead one', () => {
  const property = 'cookie-oiat-never-decreases';
  assert.equal(stepOf(property, { cookie: NEW }, { cookie: null }, { cookie: EDGE }), null);
  assert.equal(stepOf(property, { cookie: NEW }, { cookie: EDGE, age: 4 }), null);
  assert.equal(stepOf(property, { cookie: NEW }, { cookie: EDGE, age: 3 }), 1);
});

test('tabs may differ as long as something is under way', () => {
  const apart = { slot: [OLD, NEW] };
  assert.equal(stepOf('tabs-converge', apart, { ...apart, idle: false }, { ...apart, idle: true }), 2);
  assert.equal(stepOf('tabs-converge', apart, { slot: [OLD, 'pending'], idle: true }), null);
});

test('a seed below a token that the tab once had violates, unless the origin is forced', () => {
  const request = (parent, forced) => ({ requests: [{ tab: 0, fetch: null, forced, parent }] });
  const property = 'seed-is-not-stale';
  assert.equal(stepOf(property, { slot: NEW }, { slot: 'none' }, request(EDGE, false)), 2);
  assert.equal(
    stepOf(property, { slot: NEW }, request(EDGE, true), request(null, false), request(NEW, false)),
    null,
  );
  assert.equal(stepOf(property, { slot: LEGACY_NEW }, request([null, 1, 0, 1], false)), null);
});

test('a live token must not be dropped for a dead one', () => {
  const property = 'live-token-is-kept';
  const answer = { event: { kind: 'respond', tab: 0, fetch: 0 }, arrived: NEW };
  assert.equal(stepOf(property, { age: 2 }, { slot: 'pending' }, { ...answer, slot: 'none' }), 2);
  assert.equal(stepOf(property, { age: 2 }, { slot: 'pending' }, { ...answer, slot: NEW }), null);
  assert.equal(stepOf(property, { age: 2 }, { slot: 'none' }, { ...answer, slot: 'none' }), null);
});

test('what a guard rejected cannot be seen', () => {
  assert.deepEqual(['tabs-converge', 'tie-is-adopted', 'toString'].map(isVisible), [true, false, false]);
});
