import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProgram } from './program.mjs';

test('in Chromium the late edge refresh wins on 6.11.1 and not on 6.24.0', (t) => {
  const { status, stdout, stderr } = runProgram('browser.mjs', []);
  assert.equal(status, 0, stdout + stderr);
  if (stdout.startsWith('skipped:')) {
    t.skip(stdout.trim());
    return;
  }
  assert.match(stdout, /^6\.11\.1: oiat 2, then 1: .*; as expected$/m);
  assert.match(stdout, /^6\.24\.0: oiat 2, then 2: .*; as expected$/m);
});

test('without Chromium the replay is skipped with a clear word', () => {
  const { status, stdout } = runProgram('browser.mjs', [], { CHROMIUM: '/nowhere/chromium' });
  assert.deepEqual([status, stdout], [0, 'skipped: no Chromium at /nowhere/chromium\n']);
});
