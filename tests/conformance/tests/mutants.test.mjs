// The comparison must be able to fail: a copy of the release with one rule changed is told from the model.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bundle } from '../bundle.mjs';
import { compare } from '../comparison.mjs';
import { MUTANTS, MUTANT_VERSION, replacing } from './mutants.mjs';
import { needsFreshest } from './program.mjs';

const DESIGN = 'pr-9284';

for (const [does, scenario, text, instead] of MUTANTS) {
  test(`a copy of ${MUTANT_VERSION} that ${does} diverges in ${scenario}`, needsFreshest(), async () => {
    const bundle = new Bundle(MUTANT_VERSION, replacing(text, instead));
    const { divergences } = await compare(bundle, { design: DESIGN, scenario, options: [] }, () => {});
    assert.ok(divergences > 0, 'no divergence');
  });
}

test('a patch that fits no place of the bundle is refused', () => {
  assert.throws(() => new Bundle(MUTANT_VERSION, replacing('no such text', '')), /stands in 0 places/);
});
