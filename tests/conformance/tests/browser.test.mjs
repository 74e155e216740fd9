import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProgram } from './program.mjs';

test('in Chromium every release does what is expected of it in every story', (t) => {
  const { status, stdout, stderr } = runProgram('browser.mjs', []);
  assert.equal(status, 0, stdout + stderr);
  if (stdout.startsWith('skipped:')) {
    t.skip(stdout.trim());
    return;
  }
  for (const line of [
    /^6\.11\.1 late-refresh: oiat 2, then 1: .*; as expected$/m,
    /^6\.24\.0 late-refresh: oiat 2, then 2: .*; as expected$/m,
    /^6\.40\.0 signed-out: the session cookie goes, and a late answer writes it again; as expected$/m,
    /^6\.11\.1 other-organization: in no organization getToken gives a token of org 0, .*; as expected$/m,
    /^6\.40\.0 other-organization: in no organization getToken gives a token of org 1, .*; as expected$/m,
    /^6\.40\.0 no-token: in a page with a session the call that joined is given null, .*; as expected$/m,
    /^6\.40\.0 unauthorized: the call is rejected, the session goes on, and the next call is given oiat 2; as expected$/m,
  ]) {
    assert.match(stdout, line);
  }
});

test('without Chromium the replay is skipped with a clear word', () => {
  const { status, stdout } = runProgram('browser.mjs', [], { CHROMIUM: '/nowhere/chromium' });
  assert.deepEqual([status, stdout], [0, 'skipped: no Chromium at /nowhere/chromium\n']);
});
