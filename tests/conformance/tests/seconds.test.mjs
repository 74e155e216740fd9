import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leastSeconds, secondsLeft } from '../seconds.mjs';
import { LIFETIME_SECONDS } from '../tokens.mjs';

/** Ages by instant, and the ordinals at which tokens were minted. */
function solve(ages, minted) {
  return leastSeconds(
    ages,
    ages.map((_, index) => minted.includes(index + 1)),
  );
}

test('instants without aging are one second apart', () => {
  assert.deepEqual(solve([0, 0, 0], [1, 2, 3]), [0, 1, 2]);
});

test('a near token has at most five seconds left and a dead one none', () => {
  assert.deepEqual(solve([0, 1, 2], [1]), [0, LIFETIME_SECONDS - 5, LIFETIME_SECONDS]);
});

test('a token minted late enough not to be near moves its instant away from the first', () => {
  const [first, second, third] = solve([0, 0, 1], [1, 2]);
  assert.equal(third - first, LIFETIME_SECONDS - 5);
  assert.ok(second + LIFETIME_SECONDS - third >= 18, 'the second token must still be able to refresh');
  assert.equal(second, 13);
});

test('every demand is met by a run with two agings', () => {
  const ages = [0, 0, 1, 1, 2, 3];
  const minted = [1, 2, 3, 5];
  const seconds = solve(ages, minted);
  for (let now = 1; now <= ages.length; now++) {
    for (const iat of minted.filter((ordinal) => ordinal <= now)) {
      const left = seconds[iat - 1] + LIFETIME_SECONDS - seconds[now - 1];
      const { atLeast, atMost } = secondsLeft(iat, ages[now - 1]);
      assert.ok(atLeast <= left && left <= atMost, `token ${iat} has ${left} s left at instant ${now}`);
    }
  }
});

test('ages that no seconds fit are refused', () => {
  // Both instants lie within the near token's last five seconds, so their
  // tokens cannot differ in being near later on.
  assert.throws(() => solve([0, 1, 1, 2, 3], [1, 2, 3]), /no real seconds fit the ages 0, 1, 1, 2, 3/);
});
