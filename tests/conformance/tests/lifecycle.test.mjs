// What the life cycle does wrong in 6.40.0: schedules written by hand, each the
// shortest of its kind, judged on nothing but what the release shows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bundle } from '../bundle.mjs';
import { firstViolation } from '../properties.mjs';
import { play } from '../schedule.mjs';

const ALL = ['6.10.0', '6.11.1', '6.24.0', '6.40.0'];

/** The releases with a baseline across fetches. */
const WITH_BASELINE = ['6.24.0', '6.40.0'];

const bundles = new Map(ALL.map((version) => [version, new Bundle(version)]));

const SIGN_OUT = ['sign_out 0', 'mint 0 end', 'respond 0 end'];

/** Tab 1 hears of it and asks the server, which has no session any more. */
const TAB_1_RELOADS = ['deliver_sign_out 1 from 0', 'mint 1 reload', 'respond 1 reload'];

/** Two touches of tab 0, of which the later is answered. */
const TOUCHED = ['touch 0', 'mint 0 touch 0', 'touch 0', 'tick', 'mint 0 touch 1', 'respond 0 touch 1'];

const FINDINGS = [
  {
    name: 'a refresh answered after the sign-out writes the cookie',
    property: 'no-cookie-after-signout',
    lines: ['refresh 0', 'mint 0 background', ...SIGN_OUT, 'respond 0 background'],
  },
  {
    name: 'a fetch answered after the sign-out writes the cookie',
    property: 'no-cookie-after-signout',
    lines: ['skip_cache 0', 'mint 0 fetch 0', ...SIGN_OUT, 'respond 0 fetch 0'],
  },
  {
    name: 'a touch answered after the sign-out writes the cookie',
    property: 'no-cookie-after-signout',
    lines: ['touch 0', 'mint 0 touch 0', ...SIGN_OUT, 'respond 0 touch 0'],
  },
  {
    name: 'nobody is signed in, and the cookie that a late fetch wrote stays',
    property: 'signed-out-at-rest',
    lines: ['skip_cache 0', 'mint 0 fetch 0', ...SIGN_OUT, ...TAB_1_RELOADS, 'respond 0 fetch 0'],
  },
  {
    name: 'nobody is signed in, and the cookie that a late refresh wrote stays',
    property: 'signed-out-at-rest',
    lines: [
      'refresh 0',
      'mint 0 background',
      ...SIGN_OUT,
      ...TAB_1_RELOADS,
      'respond 0 background',
      'deliver 1 from 0',
    ],
  },
  {
    name: 'a tab that opens during the sign-out signs in again',
    property: 'signed-out-at-rest',
    stage: { absent: [1] },
    lines: [
      'open 1',
      'mint 1 load',
      ...SIGN_OUT,
      'deliver_sign_out 1 from 0',
      'respond 1 load',
      'deliver 0 from 1',
    ],
  },
  {
    name: "a tab keeps another organization's token under a key",
    property: 'key-holds-own-context',
    stage: { keys: 2 },
    lines: ['switch 0', 'refresh 0', 'mint 0 background', 'respond 0 background'],
  },
  {
    name: "a page reads another organization's token",
    property: 'read-returns-own-context',
    stage: { tabs: 1, keys: 2 },
    lines: [
      'switch 0',
      'refresh 0',
      'switch 0',
      'mint 0 switch 1',
      'tick',
      'mint 0 background',
      'respond 0 background',
      'respond 0 switch 1',
    ],
    // Without a baseline the second switch's own token takes the key back.
    releases: WITH_BASELINE,
  },
  {
    name: 'cookie and context cookie part for good, by a refresh',
    property: 'context-at-rest',
    stage: { tabs: 1, keys: 2 },
    lines: [
      'refresh 0',
      'switch 0',
      'mint 0 switch 0',
      'respond 0 switch 0',
      'mint 0 background',
      'respond 0 background',
    ],
  },
  {
    name: 'cookie and context cookie part for good, by a fetch',
    property: 'context-at-rest',
    stage: { keys: 2 },
    lines: [
      'skip_cache 0',
      'switch 0',
      'mint 0 switch 0',
      'respond 0 switch 0',
      'deliver 1 from 0',
      'mint 0 fetch 0',
      'respond 0 fetch 0',
      'deliver 1 from 0',
    ],
  },
  {
    name: 'cookie and context cookie part for good in a tab that loses focus while it switches',
    property: 'context-at-rest',
    stage: { keys: 2 },
    lines: [
      'switch 0',
      'get_token 0',
      'mint 0 fetch 0',
      'respond 0 fetch 0',
      'deliver 1 from 0',
      'blur 0',
      'mint 0 switch 0',
      'respond 0 switch 0',
      'deliver 1 from 0',
    ],
  },
  {
    name: 'a tab writes a token that its context does not have',
    property: 'cookie-context',
    stage: { keys: 2 },
    lines: ['switch 0', 'get_token 0', 'mint 0 fetch 0', 'respond 0 fetch 0'],
  },
  {
    name: "a payload begins a new session, and a fetch under way updates the old one's seed",
    property: 'seed-is-not-stale',
    lines: [
      'touch 0',
      'mint 0 touch 0',
      'skip_cache 0',
      'respond 0 touch 0',
      'tick',
      'mint 0 fetch 0',
      'respond 0 fetch 0',
      'refresh 0',
    ],
    // Without a baseline the entry is the fetch's, and with it the session.
    releases: WITH_BASELINE,
  },
  {
    name: 'a tab that opens adopts a fresher token and seeds with its own',
    property: 'seed-is-not-stale',
    stage: { absent: [1] },
    lines: [
      'open 1',
      'mint 1 load',
      'skip_cache 0',
      'tick',
      'mint 0 fetch 0',
      'respond 0 fetch 0',
      'deliver 1 from 0',
      'respond 1 load',
      'refresh 1',
    ],
  },
  {
    name: 'a cleared tab takes older claims from a late touch',
    property: 'tab-oiat-never-decreases',
    lines: [...TOUCHED, 'clear_cache 0', 'respond 0 touch 0'],
  },
  {
    name: 'a cleared tab takes older claims from a broadcast',
    property: 'tab-oiat-never-decreases',
    stage: { absent: [1] },
    lines: [
      'open 1',
      'mint 1 load',
      'skip_cache 0',
      'tick',
      'mint 0 fetch 0',
      'respond 0 fetch 0',
      'clear_cache 0',
      'respond 1 load',
      'deliver 0 from 1',
    ],
  },
  {
    name: 'a cleared tab stays apart from the others',
    property: 'tabs-converge',
    lines: [...TOUCHED, 'clear_cache 0', 'respond 0 touch 0', 'deliver 1 from 0', 'deliver 1 from 0'],
  },
];

for (const { name, property, stage, lines, releases = ALL } of FINDINGS) {
  test(`${name}: ${property}, in ${lines.length} events on ${releases.join(', ')}`, async () => {
    for (const version of ALL) {
      const history = await play(bundles.get(version), stage, lines);
      const violation = firstViolation(property, history);
      const expected = releases.includes(version) ? lines.length : null;
      assert.equal(violation?.step ?? null, expected, `${version}: ${violation?.shows ?? 'nothing wrong'}`);
    }
  });
}

/** What tab 0 shows at the end, on every release. */
async function endsOf(stage, lines) {
  const histories = await Promise.all(ALL.map((version) => play(bundles.get(version), stage, lines)));
  return histories.map((history) => history.at(-1));
}

for (const request of ['background', 'touch 0']) {
  test(`a ${request.split(' ')[0]} answered after the sign-out fills the emptied slot, arms its timer and posts`, async () => {
    const asks = request === 'background' ? 'refresh 0' : 'touch 0';
    const lines = [asks, `mint 0 ${request}`, ...SIGN_OUT, `respond 0 ${request}`];
    for (const { tabs, posts } of await endsOf({}, lines)) {
      const { phase, slot, armed } = tabs[0];
      assert.deepEqual({ phase, slot, armed }, { phase: 'out', slot: [1, 1, 0, 1], armed: true });
      assert.deepEqual(posts, [{ tab: 0, token: [1, 1, 0, 1], key: 0 }]);
    }
  });
}

test('a sign-out message finds a loading tab and does nothing', async () => {
  const lines = ['open 1', ...SIGN_OUT, 'deliver_sign_out 1 from 0'];
  for (const { tabs, requests } of await endsOf({ absent: [1] }, lines)) {
    assert.deepEqual([tabs[1].phase, requests], ['loading', []]);
  }
});

test("a token under another organization's key is never posted", async () => {
  const lines = ['switch 0', 'refresh 0', 'mint 0 background', 'respond 0 background'];
  for (const { tabs, posts } of await endsOf({ keys: 2 }, lines)) {
    assert.deepEqual([tabs[0].slot, posts], [[1, 1, 0, 1, 0, 1], []]);
  }
});

// What the model does not have, and every release does.

test('a switch answered after the sign-out signs the tab in again', async () => {
  const lines = ['switch 0', 'mint 0 switch 0', ...SIGN_OUT, 'respond 0 switch 0'];
  for (const { tabs, cookie, context_cookie } of await endsOf({ tabs: 1, keys: 2 }, lines)) {
    const { phase, context, session_org } = tabs[0];
    assert.deepEqual({ phase, context, session_org }, { phase: 'live', context: 1, session_org: 1 });
    assert.deepEqual([cookie, context_cookie], [[1, 1, 0, 1, 0, 1], null]);
  }
});

test('a switch answered during the sign-out brings the tab back, and the end of the session does not end it', async () => {
  const lines = [
    'switch 0',
    'mint 0 switch 0',
    'sign_out 0',
    'respond 0 switch 0',
    'mint 0 end',
    'respond 0 end',
  ];
  for (const { tabs, cookie, sign_outs } of await endsOf({ tabs: 1, keys: 2 }, lines)) {
    assert.deepEqual([tabs[0].phase, tabs[0].slot, tabs[0].key1.slot], ['live', 'none', 'none']);
    assert.deepEqual([cookie, sign_outs], [null, [0]]);
  }
});

test('a reload answered in a tab that is leaving takes its session away', async () => {
  const lines = [...SIGN_OUT, 'deliver_sign_out 1 from 0', 'sign_out 1', 'mint 1 reload', 'respond 1 reload'];
  for (const { tabs } of await endsOf({}, lines)) {
    assert.deepEqual([tabs[1].phase, tabs[1].seed, tabs[1].slot], ['out', null, [1, 1, 0, 1]]);
  }
});

test('a fetch that a focus has sent writes its token twice, the second time in the context of a switch meanwhile', async () => {
  const focused = ['clear_cache 0', 'focus 0', 'tick', 'mint 0 touch 0 carries last', 'respond 0 touch 0'];
  const lines = [...focused, 'switch 0', 'mint 0 fetch 0', 'respond 0 fetch 0'];
  for (const { writes, context_cookie } of await endsOf({ keys: 2, unfocused: [0] }, lines)) {
    assert.deepEqual(
      writes.map(({ context }) => context),
      [0, 1],
    );
    assert.equal(context_cookie, 1);
  }
});
