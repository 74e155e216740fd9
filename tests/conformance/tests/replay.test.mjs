import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bundle } from '../bundle.mjs';
import { signature } from '../divergence.mjs';
import { Replayer } from '../replay.mjs';
import { tellStory } from '../story.mjs';
import { headline } from './headline.mjs';

async function replayHeadline(version, design) {
  const [header, trace] = headline(design);
  return new Replayer(new Bundle(version), header).replay({ line: 2, steps: trace.steps });
}

for (const [version, design] of [
  ['6.11.1', 'pr-8097'],
  ['6.24.0', 'pr-9030'],
  ['6.40.0', 'pr-9284'],
]) {
  test(`the headline story of ${design} is what ${version} does`, async () => {
    assert.deepEqual(await replayHeadline(version, design), { compared: 8, covered: 8, divergence: null });
  });
}

test('a late edge refresh overwrites the fresher broadcast on 6.11.1, which pr-9030 does not expect', async () => {
  const { covered, divergence } = await replayHeadline('6.11.1', 'pr-9030');
  assert.equal(covered, 7);
  const { field, part, expected, observed } = divergence;
  assert.deepEqual(
    { field, part, expected, observed },
    { field: 'slot', part: 0, expected: [2, 2, 0, 2], observed: [1, 2, 0, 1] },
  );
  assert.equal(
    signature(divergence),
    'slot after respond of a background refresh: a token instead of a token',
  );
});

test('6.24.0 keeps the fresher broadcast, which pr-8097 does not expect', async () => {
  const { divergence } = await replayHeadline('6.24.0', 'pr-8097');
  assert.deepEqual([divergence.index, divergence.observed], [7, [2, 2, 0, 2]]);
});

test('an event that the code does not offer is a divergence', async () => {
  const [header, trace] = headline('pr-8097');
  trace.steps[1] = { ...trace.steps[0] };
  const { divergence } = await new Replayer(new Bundle('6.11.1'), header).replay({
    line: 2,
    steps: trace.steps,
  });
  assert.equal(signature(divergence), 'event after refresh: the entry has no refresh timer');
});

for (const [field, spoil] of [
  ['slot', (after) => (after.tabs[1].slot = 'none')],
  ['seed', (after) => (after.tabs[1].seed = null)],
  ['cookie', (after) => (after.cookie = null)],
  ['posts', (after) => after.posts.pop()],
  ['requests', (after) => after.requests.push({ tab: 0, fetch: 0, forced: true, parent: null })],
]) {
  test(`a wrong expectation of the ${field} is noticed`, async () => {
    const [header, trace] = structuredClone(headline('pr-8097'));
    spoil(trace.steps[4].after);
    const { divergence } = await new Replayer(new Bundle('6.11.1'), header).replay({
      line: 2,
      steps: trace.steps,
    });
    assert.deepEqual([divergence.field, divergence.index], [field, 4]);
  });
}

test('a refresh timer that the trace expects and the code has not set is a divergence', async () => {
  const [header, trace] = structuredClone(headline('pr-8097'));
  const { tabs } = trace.steps[5].after;
  // An entry adopted from a broadcast has no timer.
  assert.equal(tabs[0].armed, false);
  tabs[0].armed = true;
  const { divergence } = await new Replayer(new Bundle('6.11.1'), header).replay({
    line: 2,
    steps: trace.steps,
  });
  assert.deepEqual([divergence.field, divergence.part, divergence.index], ['armed', 0, 5]);
});

test('a recorded replay shows the start, every step and what each brought', async () => {
  const [header, { steps }] = headline('pr-9030');
  const { divergence, history } = await new Replayer(new Bundle('6.40.0'), header).record({ line: 2, steps });
  assert.equal(divergence, null);
  assert.deepEqual(
    history.map(({ event }) => event),
    [null, ...steps.map(({ event }) => event)],
  );
  const brought = history.map(({ arrived }) => arrived);
  assert.deepEqual(brought.slice(4), [null, [2, 2, 0, 2], [2, 2, 0, 2], null, [1, 2, 0, 1]]);
  assert.deepEqual([history[0].idle, history[1].idle, history[8].idle], [true, false, false]);
});

test('a trace that no real seconds fit is refused by its line', async () => {
  const [header, trace] = structuredClone(headline('pr-8097'));
  trace.steps[1].after.clock.age = 1;
  for (const { after } of trace.steps.slice(2)) after.clock = { now: 3, age: 0 };
  const refused = new Replayer(new Bundle('6.11.1'), header).replay({ line: 2, steps: trace.steps });
  await assert.rejects(
    refused,
    /trace on line 2 cannot happen in real time: no real seconds fit the ages 0, 1, 0/,
  );
});

test('used tabs do what new tabs do, on the right release and on the wrong one', async () => {
  const bundle = new Bundle('6.11.1');
  for (const design of ['pr-8097', 'pr-9030']) {
    const [header, { steps }] = headline(design);
    const used = new Replayer(bundle, header);
    await used.replay({ line: 2, steps });
    const again = await used.replay({ line: 3, steps });
    const anew = await new Replayer(bundle, header).replayAnew({ line: 3, steps });
    assert.deepEqual(again, anew);
  }
});

test('the story of a divergence names every step, the expectation and what was seen', async () => {
  const { divergence } = await replayHeadline('6.11.1', 'pr-9030');
  const story = tellStory(divergence);
  assert.match(story, /1\. tab 0's refresh timer fires/);
  assert.match(story, /6\. tab 0 receives the oldest broadcast of tab 1/);
  assert.match(
    story,
    /then tab 0's slot:\n.*model expects \[oiat 2, .*\n.*SDK shows +\[oiat 1, /,
  );
});

test('what callers receive is compared where the trace says it', async () => {
  const [header, { steps }] = structuredClone(headline('pr-9284'));
  for (const { after } of steps) after.returned = [];
  steps[4].after.returned = [{ tab: 1, token: [2, 2, 0, 2] }];
  const replay = () => new Replayer(new Bundle('6.40.0'), header).replay({ line: 2, steps });
  assert.equal((await replay()).divergence, null);
  steps[4].after.returned = [{ tab: 1, rejected: true }];
  const { divergence } = await replay();
  assert.deepEqual([divergence.field, divergence.index], ['returned', 4]);
});
