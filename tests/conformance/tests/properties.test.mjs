import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstViolation, isVisible } from '../properties.mjs';

const OLD = [1, 1, 0, 1];
const NEW = [2, 2, 0, 2];
const EDGE = [1, 2, 0, 1];
const LEGACY = [null, 2, 0, 1];
const LEGACY_NEW = [null, 2, 0, 2];

const START = {
  event: null,
  arrived: null,
  age: 0,
  slot: OLD,
  key1: 'none',
  phase: 'live',
  org: 0,
  cookie: OLD,
  context_cookie: 0,
  writes: [],
  posts: [],
  requests: [],
  idle: false,
};

/** What happens in one step only. */
const MOMENT = { event: { kind: 'tick' }, arrived: null, writes: [], posts: [], requests: [] };

/** A history of one tab, or of several where `slot` is a list of slots, with what is not said the same as before. */
function historyOf(...frames) {
  let last = START;
  return frames.map((frame) => {
    last = { ...last, ...MOMENT, ...frame };
    const { event, arrived, age, slot, key1, phase, org, cookie, context_cookie } = last;
    const { writes, posts, requests, idle } = last;
    const slots = Array.isArray(slot?.[0]) ? slot : [slot];
    const tabs = slots.map((one) => ({ slot: one, key1: { slot: key1 }, phase, session_org: org }));
    const seen = { tabs, cookie, context_cookie, writes, posts, requests };
    return { event, arrived, clock: { now: 1, age }, ...seen, idle };
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
  const request = (parent, forced) => ({
    requests: [{ tab: 0, kind: 'background', key: 0, forced, parent }],
  });
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

const FOREIGN = [2, 2, 0, 2, 0, 1];

test('a history ends when the tab is out', () => {
  assert.equal(stepOf(LIFE, { slot: NEW }, { slot: EDGE, phase: 'out' }), null);
  assert.equal(stepOf(LIFE, { slot: NEW }, { slot: EDGE, phase: 'leaving' }), 1);
});

test('each key has a history of its own', () => {
  assert.equal(stepOf(LIFE, { slot: NEW, key1: 'none' }, { key1: [1, 1, 0, 1, 0, 1] }), null);
  assert.equal(stepOf(LIFE, { key1: FOREIGN }, { key1: [1, 1, 0, 1, 0, 1] }), 1);
});

test('cookies of two orgs are not compared', () => {
  assert.equal(stepOf('cookie-oiat-never-decreases', { cookie: FOREIGN }, { cookie: OLD }), null);
});

test('a seed is compared with what its own key held', () => {
  const request = { requests: [{ tab: 0, kind: 'background', key: 0, forced: false, parent: OLD }] };
  assert.equal(stepOf('seed-is-not-stale', { key1: FOREIGN }, request), null);
});

test('a tab that is out must not write a token, even one that is there already', () => {
  const write = (phase) => ({ writes: [{ tab: 0, phase, context: 0, token: OLD }] });
  assert.equal(stepOf('no-cookie-after-signout', {}, write('leaving'), write('out')), 2);
});

test('after the end a cookie may stay only as long as something is under way', () => {
  const end = { event: { kind: 'mint', tab: 0, request: 'end' } };
  assert.equal(stepOf('signed-out-at-rest', { idle: true }, { idle: false, ...end }, { idle: true }), 2);
  assert.equal(
    stepOf('signed-out-at-rest', { idle: true }, { idle: false, ...end }, { idle: true, cookie: null }),
    null,
  );
  assert.equal(stepOf('signed-out-at-rest', {}, { idle: true }), null);
});

test('a write is judged by the context in which it is made', () => {
  const write = (context, phase) => ({ writes: [{ tab: 0, phase, context, token: FOREIGN }] });
  assert.equal(stepOf('cookie-context', {}, write(1, 'live'), write(0, 'leaving'), write(0, 'live')), 3);
});

test('a token of another org under a key violates in tabs that are not out', () => {
  const property = 'key-holds-own-context';
  assert.equal(stepOf(property, {}, { key1: FOREIGN }, { slot: FOREIGN, phase: 'out' }), null);
  assert.equal(stepOf(property, {}, { slot: FOREIGN }), 1);
});

test('cookie and context cookie may be apart as long as something is under way', () => {
  const apart = { cookie: FOREIGN, context_cookie: 0 };
  assert.equal(stepOf('context-at-rest', {}, apart, { idle: true }), 2);
  assert.equal(stepOf('context-at-rest', { idle: true }, { cookie: FOREIGN, context_cookie: 1 }), null);
  assert.equal(stepOf('context-at-rest', { idle: true }, { cookie: FOREIGN, context_cookie: null }), null);
});

test('a read of another org violates, by a call and by the end of a switch', () => {
  const property = 'read-returns-own-context';
  assert.equal(stepOf(property, { slot: FOREIGN }, { event: { kind: 'get_token', tab: 0 } }), 1);
  assert.equal(stepOf(property, { slot: FOREIGN }, { event: { kind: 'get_token', tab: 0 }, org: 1 }), null);
  const ends = { event: { kind: 'respond', tab: 0, request: 'switch', number: 0 } };
  const write = { tab: 0, phase: 'live', context: 0, token: FOREIGN };
  assert.equal(stepOf(property, {}, { ...ends, writes: [write] }), 1);
  assert.equal(stepOf(property, {}, { ...ends, org: 1, writes: [write] }), null);
});

test('a post that another tab never had is missed when nothing is under way, and not where it had as fresh', () => {
  const posted = { slot: [NEW, OLD], posts: [{ tab: 0, token: NEW, key: 0 }] };
  const missed = (...frames) => stepOf('every-post-arrives', { slot: [OLD, OLD] }, posted, ...frames);
  assert.equal(missed({}, { idle: true }), 3);
  assert.equal(missed({ slot: [NEW, NEW] }, { slot: [NEW, 'none'], idle: true }), null);
  assert.equal(missed({ phase: 'out', idle: true }), null);
  assert.equal(missed({ age: 3, idle: true }), null);
});
