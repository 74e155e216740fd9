import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RECORDER } from '../recorder.mjs';
import { needsFreshest, runProgram, scratch } from './program.mjs';

const MAX_BYTES = 4096;

test('the recorder is at most 4 KB when it is minified', async () => {
  const { transform } = await import('esbuild');
  const { code } = await transform(RECORDER, { minify: true });
  assert.ok(Buffer.byteLength(code) <= MAX_BYTES, `${Buffer.byteLength(code)} bytes`);
});

test('the recorder names no address but loopback ones', () => {
  const addresses = RECORDER.match(/https?:\/\/[^\s'"`/]*/g) ?? [];
  assert.deepEqual(addresses, []);
});

for (const version of ['6.11.1', '6.40.0']) {
  for (const scenario of ['r1s1', 'clear-s2k1', 'out-o1', 'org-w1g1']) {
    test(`${version} does in ${scenario} what it does without the recorder`, needsFreshest(), (t) => {
      const recorded = scratch(t).path('figures.json');
      const args = ['--version', version, '--scenario', scenario];
      const { status, stdout, stderr } = runProgram('run.mjs', args, { RECORDED: recorded });
      assert.equal(status, 0, stdout + stderr);
      // It was there, and saw what there was to see: answers here cannot be read twice, those of a browser can.
      const seen = Object.keys(JSON.parse(readFileSync(recorded, 'utf8')));
      for (const event of ['cached', 'cookie', 'posted'])
        assert.ok(seen.includes(event), `${event} is not among ${seen}`);
      const without = runProgram('run.mjs', args);
      const figures = (text) => text.replaceAll(/[\d.]+ ?s\b/g, '');
      assert.equal(figures(stdout), figures(without.stdout));
    });
  }
}

test('the monitor finds in logs of Chromium what the pages did', needsFreshest(), (t) => {
  const logs = scratch(t);
  const { status, stdout, stderr } = runProgram('recorded.mjs', ['--logs', logs.path('logs')]);
  assert.equal(status, 0, stdout + stderr);
  if (stdout.startsWith('skipped:')) {
    t.skip(stdout.trim());
    return;
  }
  for (const line of [
    /^6\.11\.1 late-refresh: cached-oiat-never-decreases, .*cookie-oiat-never-decreases, returned-oiat-never-decreases; as expected$/m,
    /^6\.24\.0 late-refresh: nothing is violated; as expected$/m,
    /^6\.40\.0 signed-out: no-cookie-after-signout; as expected$/m,
    /^6\.40\.0 unauthorized: rejected-only-without-token; as expected$/m,
  ]) {
    assert.match(stdout, line);
  }
  const log = readFileSync(logs.path('logs/6.11.1-late-refresh.jsonl'), 'utf8');
  assert.doesNotMatch(log, /eyJ/, 'a token is in the log');
});
