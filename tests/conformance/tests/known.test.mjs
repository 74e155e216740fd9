import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputError } from '../errors.mjs';
import { judge, readKnown } from '../known.mjs';
import { scratch } from './program.mjs';

const ENTRY = {
  version: '6.11.1',
  design: 'pr-8097',
  scenario: '*',
  signature: 'seed after mint',
  reason: 'an example',
};

function result(signatures, changes = {}) {
  const groups = signatures.map((signature) => ({ signature, count: 1 }));
  return { version: '6.11.1', design: 'pr-8097', scenario: 'r1s1', sample: null, groups, ...changes };
}

test('a divergence that is not on the list is unexpected', () => {
  const { unexpected, vanished } = judge([result(['slot after mint'])], []);
  assert.deepEqual([unexpected.length, vanished.length], [1, 0]);
});

test('a known divergence is neither unexpected nor gone', () => {
  assert.deepEqual(judge([result(['seed after mint'])], [ENTRY]), { unexpected: [], vanished: [] });
});

test('a known divergence of another version excuses nothing', () => {
  const { unexpected } = judge([result(['seed after mint'], { version: '6.24.0' })], [ENTRY]);
  assert.equal(unexpected.length, 1);
});

test('a known divergence that does not occur any more is reported', () => {
  assert.deepEqual(judge([result([])], [ENTRY]).vanished, [ENTRY]);
});

test('a known divergence is not missed by a sample or by a run that does not look for it', () => {
  assert.deepEqual(judge([result([], { sample: { seed: 1 } })], [ENTRY]).vanished, []);
  assert.deepEqual(judge([result([])], [{ ...ENTRY, scenario: 's2' }]).vanished, []);
});

test('an entry without a reason is refused by its number', (t) => {
  const file = scratch(t).write('known.json', JSON.stringify([ENTRY, { ...ENTRY, reason: '' }]));
  assert.throws(
    () => readKnown(file),
    (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, /entry 2: reason must be a text/);
      return true;
    },
  );
});
