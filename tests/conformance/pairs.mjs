// Which release is checked against which design, and on what.

import { InputError } from './errors.mjs';

/** The scenarios that were made for this comparison: small enough for every transition. */
export const SMALL_SCENARIOS = [
  'r1s1',
  's2',
  'r3',
  'r1s1f1',
  'r2f1g1',
  'lose',
  'legacy-s2',
  'legacy-edge-r1s1',
  'fmt-s2g1',
  'age-r1g1a2',
  'age-s1g1a2',
  'base-expiry',
  'clear-s2k1',
  'empty-g2f1',
  't3-r1s1',
  't3-s2',
  'open-s1g1',
  'open-s2',
  'open-t1',
  'stale-open-s1',
  'touch-t1',
  'touch-t1s1',
  'touch-t1r1',
  'touch-t2',
  'bare-t1r1',
  'bare-t2',
  'org-w1',
  'org-w1g1',
  'org-w2',
  'org-r1',
  'org-w1s1g1-1tab',
  'out-o1',
  'poll-p2s1',
  'poll-p2a2',
  'focus-f1',
  'focus-f1s1',
  'focus-f1r1',
  'unf-r1s1',
  'drop-s2',
  'lost-r1s1',
  'lost-t1s1',
  'null-s1g1',
  'null-r1s1g1',
  'unauth-s1g1',
  'unauth-r1s1',
  'unauth-o1s1',
];

/** All of these scenarios, the small ones first. */
export function everyScenario(names) {
  const small = SMALL_SCENARIOS.filter((name) => names.includes(name));
  return [...small, ...names.filter((name) => !small.includes(name))];
}

/**
 * With versions and designs given, exactly their cross product, so that a
 * wrong pairing can be run on purpose; else every release with its own design.
 *
 * @param releases [version, design] for every release that a design has
 */
export function pairsToRun({ versions, designs, scenarios }, releases) {
  const chosenScenarios = scenarios.length > 0 ? scenarios : SMALL_SCENARIOS;
  return versionDesigns(versions, designs, releases).flatMap(([version, design]) =>
    chosenScenarios.map((scenario) => ({ version, design, scenario })),
  );
}

function versionDesigns(versions, designs, releases) {
  if (versions.length > 0 && designs.length > 0) {
    return versions.flatMap((version) => designs.map((design) => [version, design]));
  }
  const chosen = releases
    .filter(([version]) => versions.length === 0 || versions.includes(version))
    .filter(([, design]) => designs.length === 0 || designs.includes(design));
  if (chosen.length === 0) {
    const asked = [...versions, ...designs].join(', ');
    throw new InputError(`no design has a release to run for ${asked}; name both --version and --design`);
  }
  return chosen;
}
