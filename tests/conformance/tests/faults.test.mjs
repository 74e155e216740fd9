// What the published releases make of faults, those of the model among them. docs/faults.md says it in words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bundle } from '../bundle.mjs';
import { play } from '../schedule.mjs';

const LATE = ['6.24.0', '6.40.0'];
const ALL = ['6.11.1', ...LATE];

const bundles = new Map(ALL.map((version) => [version, new Bundle(version)]));

const FIRST = [1, 1, 0, 1];
const FORCED = [2, 2, 0, 2];
const EDGE = [1, 2, 0, 1];

/** What is seen after the last of these lines, with calls that go on until they are out of retries. */
async function end(version, lines) {
  return (await play(bundles.get(version), { retries: true }, lines)).at(-1);
}

/** {slot, armed, cookie} of tab 0 and what its calls got: the token, null, or `rejected`. */
function told({ tabs, cookie, returned }) {
  const { slot, armed } = tabs[0];
  return {
    slot,
    armed,
    cookie,
    returned: returned.map(({ token, rejected }) => (rejected ? 'rejected' : token)),
  };
}

function onAll(name, judge, releases = ALL) {
  test(`${name} (${releases.join(', ')})`, async () => {
    for (const version of releases) await judge(version);
  });
}

onAll(
  'an answer lost after the mint is a failure of the network: the call tries again after three seconds',
  async (version) => {
    const lost = await end(version, ['skip_cache 0', 'tick', 'mint 0 fetch 0', 'lose_answer 0 fetch 0']);
    assert.deepEqual(told(lost), { slot: 'none', armed: false, cookie: FIRST, returned: [] });
    assert.deepEqual(lost.retries, [[3000], []]);
  },
);

onAll(
  'a background refresh whose answer is lost is not tried again, and no timer is set',
  async (version) => {
    const lost = await end(version, ['refresh 0', 'mint 0 background', 'lose_answer 0 background']);
    assert.deepEqual(told(lost), { slot: FIRST, armed: false, cookie: FIRST, returned: [] });
    assert.deepEqual(lost.retries, [[], []]);
  },
);

for (const how of ['network', 500, 429]) {
  onAll(`a fetch that fails with ${how} is tried again`, async (version) => {
    const failed = await end(version, ['skip_cache 0', `fail 0 fetch 0 with ${how}`]);
    assert.deepEqual(told(failed), { slot: 'none', armed: false, cookie: FIRST, returned: [] });
    assert.deepEqual(failed.retries, [[3000], []]);
  });
}

onAll('whoever joined the failed fetch waits and tries again, too', async (version) => {
  const failed = await end(version, ['skip_cache 0', 'get_token 0', 'fail 0 fetch 0 with network']);
  assert.deepEqual(failed.retries, [[3000, 3000], []]);
});

onAll('a call is rejected after eight retries, which are further and further apart', async (version) => {
  const lines = ['skip_cache 0', 'fail 0 fetch 0 with network'];
  for (const delay of [3000, 4650, 7208, 11172, 17316, 26840, 41602, 50000]) {
    const waiting = await end(version, lines);
    assert.deepEqual(waiting.retries[0].map(Math.round), [delay]);
    lines.push('retry 0', 'fail 0 fetch 0 with network');
  }
  const given = await end(version, lines);
  assert.deepEqual([told(given).returned, given.retries], [['rejected'], [[], []]]);
});

onAll('a retry looks into the cache first, and gives what came meanwhile', async (version) => {
  const meanwhile = ['skip_cache 1', 'tick', 'mint 1 fetch 0', 'respond 1 fetch 0', 'deliver 0 from 1'];
  const lines = ['clear_cache 0', 'get_token 0', 'fail 0 fetch 0 with network', ...meanwhile, 'retry 0'];
  const { returned, requests } = await end(version, lines);
  assert.deepEqual([returned, requests], [[{ tab: 0, token: FORCED, rejected: false }], []]);
});

onAll('a retry of a call that skips the cache skips it again, with the old seed', async (version) => {
  const meanwhile = ['skip_cache 1', 'tick', 'mint 1 fetch 0', 'respond 1 fetch 0', 'deliver 0 from 1'];
  const { tabs, requests } = await end(version, [
    'skip_cache 0',
    'fail 0 fetch 0 with network',
    ...meanwhile,
    'retry 0',
  ]);
  assert.equal(tabs[0].slot, 'pending');
  assert.deepEqual(
    requests.map(({ forced, parent }) => ({ forced, parent })),
    [{ forced: true, parent: FIRST }],
  );
});

for (const how of [400, 403, 404, 422]) {
  onAll(`a fetch that fails with ${how} rejects all its calls at once`, async (version) => {
    const failed = await end(version, ['skip_cache 0', 'get_token 0', `fail 0 fetch 0 with ${how}`]);
    assert.deepEqual(told(failed), {
      slot: 'none',
      armed: false,
      cookie: FIRST,
      returned: ['rejected', 'rejected'],
    });
    assert.deepEqual(failed.requests, []);
  });
}

for (const how of [404, 429]) {
  onAll(`a background refresh that fails with ${how} leaves the token, without a timer`, async (version) => {
    const failed = await end(version, ['refresh 0', `fail 0 background with ${how}`]);
    assert.deepEqual(told(failed), { slot: FIRST, armed: false, cookie: FIRST, returned: [] });
    assert.deepEqual([failed.requests, failed.retries], [[], [[], []]]);
  });
}

onAll('a poll that fails with 404 frees the lock, with 500 it keeps it until a retry', async (version) => {
  const lines = ['clear_cache 0', 'poll 0'];
  await end(version, [...lines, 'fail 0 fetch 0 with 404', 'poll 1']);
  await assert.rejects(
    end(version, [...lines, 'fail 0 fetch 0 with 500', 'poll 0']),
    /the poller has no timer/,
  );
});

onAll('after a 422 the poller asks whether there is a session at all; a caller does not', async (version) => {
  const asked = await end(version, ['clear_cache 0', 'poll 0', 'fail 0 fetch 0 with 422']);
  assert.deepEqual(
    asked.requests.map(({ kind }) => kind),
    ['reload'],
  );
  assert.deepEqual((await end(version, ['skip_cache 0', 'fail 0 fetch 0 with 422'])).requests, []);
});

onAll('a 401 first asks for the client, and the entry is pending meanwhile', async (version) => {
  const asked = await end(version, ['skip_cache 0', 'fail 0 fetch 0 with 401']);
  assert.deepEqual(told(asked), { slot: 'pending', armed: false, cookie: FIRST, returned: [] });
  assert.deepEqual(
    asked.requests.map(({ kind }) => kind),
    ['reload'],
  );
});

onAll(
  'a 401 of a session that has ended signs out, tells the other tabs and rejects the call',
  async (version) => {
    const lines = ['skip_cache 0', 'fail 0 fetch 0 with 401', 'mint 0 reload', 'respond 0 reload'];
    const ended = await end(version, lines);
    assert.deepEqual(told(ended), { slot: 'none', armed: false, cookie: null, returned: ['rejected'] });
    assert.deepEqual([ended.tabs[0].phase, ended.context_cookie, ended.sign_outs], ['out', null, [0]]);
  },
);

onAll('a 401 of a background refresh signs out, too, and leaves the token in its slot', async (version) => {
  const lines = ['refresh 0', 'fail 0 background with 401', 'mint 0 reload', 'respond 0 reload'];
  const ended = await end(version, lines);
  assert.deepEqual(told(ended), { slot: FIRST, armed: false, cookie: null, returned: [] });
  assert.deepEqual([ended.tabs[0].phase, ended.sign_outs], ['out', [0]]);
});

onAll(
  'after a 401 a session that goes on gives a token to the cache and a rejection to the callers',
  async (version) => {
    const lines = [
      'skip_cache 0',
      'get_token 0',
      'fail 0 fetch 0 with 401',
      'tick',
      'respond_session 0 reload',
    ];
    const ended = await end(version, lines);
    assert.deepEqual(told(ended), {
      slot: FORCED,
      armed: true,
      cookie: FORCED,
      returned: ['rejected', 'rejected'],
    });
    assert.deepEqual(ended.posts, [{ tab: 0, token: FORCED, key: 0 }]);
  },
);

onAll('a poll that meets a 401 asks for the client twice', async (version) => {
  const lines = ['clear_cache 0', 'poll 0', 'fail 0 fetch 0 with 401', 'respond_session 0 reload'];
  const { requests } = await end(version, lines);
  assert.deepEqual(
    requests.map(({ kind }) => kind),
    ['reload'],
  );
});

onAll(
  'an answer without a token removes the entry: the caller tries again, and whoever joined gets null',
  async (version) => {
    for (const how of ['token', 'text', 'null']) {
      const empty = await end(version, [
        'skip_cache 0',
        'get_token 0',
        `respond_empty 0 fetch 0 with ${how}`,
      ]);
      assert.deepEqual(told(empty), { slot: 'none', armed: false, cookie: FIRST, returned: [null] }, how);
      assert.deepEqual(empty.retries, [[3000], []], how);
    }
  },
);

onAll('an answer without a token to a background refresh changes nothing', async (version) => {
  const empty = await end(version, ['refresh 0', 'respond_empty 0 background with token']);
  assert.deepEqual(told(empty), { slot: FIRST, armed: false, cookie: FIRST, returned: [] });
});

onAll('a broadcast that waits for a fetch is adopted when its answer has no token', async (version) => {
  const other = ['skip_cache 1', 'tick', 'mint 1 fetch 0', 'respond 1 fetch 0', 'deliver 0 from 1'];
  const empty = await end(version, ['skip_cache 0', ...other, 'respond_empty 0 fetch 0 with token']);
  assert.deepEqual(told(empty), { slot: FORCED, armed: false, cookie: FORCED, returned: [] });
});

const MUTE_FETCH = ['mute 0', 'skip_cache 0', 'tick', 'mint 0 fetch 0', 'respond 0 fetch 0'];
const MUTE_REFRESH = ['mute 0', 'refresh 0', 'tick', 'mint 0 background', 'respond 0 background'];

test('a post that throws removes the entry on 6.11.1, though caller and cookie get the token', async () => {
  const fetched = await end('6.11.1', MUTE_FETCH);
  assert.deepEqual(told(fetched), { slot: 'none', armed: false, cookie: FORCED, returned: [FORCED] });
  const refreshed = await end('6.11.1', MUTE_REFRESH);
  assert.deepEqual(told(refreshed), { slot: 'none', armed: false, cookie: EDGE, returned: [] });
});

test('a post that throws on 6.11.1 is an answer whose broadcast is lost, and a cleared cache', async () => {
  const lost = ['lose 1 from 0', 'clear_cache 0'];
  const late = ['refresh 0', 'skip_cache 0', 'tick', 'mint 0 background', 'respond 0 background'];
  for (const [answered, later] of [
    [MUTE_FETCH.slice(1), ['get_token 0', 'mint 0 fetch 0']],
    [MUTE_REFRESH.slice(1), ['skip_cache 0', 'tick', 'mint 0 fetch 0']],
    // The entry of a fetch that is still under way has been replaced by the one that is removed.
    [late, ['mint 0 fetch 0', 'respond 0 fetch 0', 'get_token 0']],
    [late, ['get_token 0', 'mint 0 fetch 1']],
  ]) {
    const thrown = await play(bundles.get('6.11.1'), {}, ['mute 0', ...answered, ...later]);
    const cleared = await play(bundles.get('6.11.1'), {}, [...answered, ...lost, ...later]);
    const seen = ({ tabs, cookie, context_cookie, requests, posts, returned, idle }) => ({
      tabs,
      cookie,
      context_cookie,
      requests,
      posts,
      returned,
      idle,
    });
    // At once, but for the answer's own calls, and after each later event.
    const [first, ...rest] = [thrown, cleared].map((frames) => frames.slice(-later.length - 1));
    for (const [place, frame] of first.entries()) {
      const [one, other] = [frame, rest[0][place]].map(seen);
      if (place === 0) [one, other].forEach((told) => Object.assign(told, { returned: null, posts: null }));
      assert.deepEqual(one, other, [...answered, ...later.slice(0, place)].join(', '));
    }
  }
});

onAll(
  'a post that throws is a post that nobody hears',
  async (version) => {
    const fetched = await end(version, MUTE_FETCH);
    assert.deepEqual(told(fetched), { slot: FORCED, armed: true, cookie: FORCED, returned: [FORCED] });
    const refreshed = await end(version, MUTE_REFRESH);
    assert.deepEqual(told(refreshed), { slot: EDGE, armed: true, cookie: EDGE, returned: [] });
  },
  LATE,
);

onAll(
  'a sign-out whose announcement throws removes the cookies, and no other tab hears of it',
  async (version) => {
    const ended = await end(version, ['mute 0', 'sign_out 0', 'mint 0 end', 'respond 0 end']);
    assert.deepEqual([ended.cookie, ended.context_cookie, ended.sign_outs], [null, null, []]);
  },
);
