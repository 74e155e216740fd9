// The comparison must be able to fail: wrong pairings and wrong models diverge.

import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { needsFreshest, runProgram, scratch } from './program.mjs';

const MODELS = fileURLToPath(new URL('../../../models', import.meta.url));

function run(version, design, scenario = 'r1s1', ...more) {
  return runProgram('run.mjs', ['--version', version, '--design', design, '--scenario', scenario, ...more]);
}

for (const [version, design] of [
  ['6.10.0', 'iat-guard'],
  ['6.11.1', 'pr-8097'],
  ['6.24.0', 'pr-9030'],
  ['6.40.0', 'pr-9284'],
]) {
  for (const scenario of ['r1s1', 'org-w1g1']) {
    test(`every transition of ${design} in ${scenario} is what ${version} does`, needsFreshest(), () => {
      const { status, stdout, stderr } = run(version, design, scenario);
      assert.equal(status, 0, stdout + stderr);
      const [, covered, all] = /: (\d+) of (\d+) transitions/.exec(stdout);
      assert.equal(covered, all);
    });
  }
}

for (const [version, design, scenario] of [
  ['6.11.1', 'pr-9030', 'r1s1'],
  ['6.24.0', 'pr-8097', 'r1s1'],
  ['6.10.0', 'pr-8097', 'r1s1'],
  ['6.40.0', 'iat-guard', 'r1s1'],
  // What the client guard changes, for payloads and for touches, and then the focus rule.
  ['6.24.0', 'pr-9284', 'touch-t1s1'],
  ['6.40.0', 'pr-9030', 'touch-t1s1'],
  ['6.24.0', 'pr-9284', 'bare-t2'],
  ['6.40.0', 'pr-9030', 'bare-t2'],
  ['6.24.0', 'pr-9284', 'unf-r1s1'],
  ['6.40.0', 'pr-9030', 'unf-r1s1'],
  ['6.24.0', 'pr-9284', 'org-w1g1'],
  ['6.40.0', 'pr-9030', 'org-w1g1'],
]) {
  test(`${version} diverges from ${design} in ${scenario}`, needsFreshest(), () => {
    const { status, stdout } = run(version, design, scenario);
    assert.equal(status, 1);
    assert.match(stdout, /the model expects .*\n +the SDK shows /);
  });
}

for (const [rule, scenario, change] of [
  ['its client guard', 'touch-t1s1', (design) => withoutSite(design, 'client')],
  ['its focus rule', 'unf-r1s1', (design) => design.replace('timer = "focused"', 'timer = "always"')],
]) {
  test(`a copy of pr-9284 without ${rule} is caught`, needsFreshest(), (t) => {
    const models = modelsWith(t, 'pr-9284', change);
    const { status, stdout, stderr } = run('6.40.0', 'pr-9284', scenario, '--models', models);
    assert.equal(status, 1, stdout + stderr);
  });
}

// Without the broadcast guard the baseline keeps all tokens right, and only a refresh timer is wrong.
for (const site of ['broadcast', 'baseline', 'seed', 'cookie']) {
  test(`a copy of pr-9030 without its ${site} guard is caught`, needsFreshest(), (t) => {
    const models = modelsWith(t, 'pr-9030', (design) => withoutSite(design, site));
    const { status, stdout, stderr } = run('6.24.0', 'pr-9030', 'r1s1', '--models', models);
    assert.equal(status, 1, stdout + stderr);
  });
}

test('a copy of pr-8097 that trusts iat alone is caught', needsFreshest(), (t) => {
  const models = modelsWith(t, 'pr-8097', (design) =>
    design.replace('comparator = "table"', 'comparator = "iat-only"'),
  );
  const { status, stdout, stderr } = run('6.11.1', 'pr-8097', 'r1s1', '--models', models);
  assert.equal(status, 1, stdout + stderr);
});

/** A copy of the models directory in which one design is changed. */
function modelsWith(t, name, change) {
  const models = scratch(t).path('models');
  cpSync(MODELS, models, { recursive: true });
  const file = join(models, 'designs', `${name}.toml`);
  const design = readFileSync(file, 'utf8');
  const changed = change(design);
  assert.notEqual(changed, design, `the change finds nothing to change in ${name}.toml`);
  writeFileSync(file, changed);
  return models;
}

function withoutSite(design, site) {
  return design.replace(/^sites = \[(.*)\]$/m, (_line, sites) => {
    const left = sites.split(', ').filter((quoted) => quoted !== `"${site}"`);
    return `sites = [${left.join(', ')}]`;
  });
}
