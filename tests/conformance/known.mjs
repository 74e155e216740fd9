// Known divergences: asserted, not skipped. A listed one that occurs does not
// fail; a listed one that no longer occurs does.

import { readFileSync } from 'node:fs';
import { InputError } from './errors.mjs';

export const KNOWN_FILE = new URL('known.json', import.meta.url);

const KEYS = ['version', 'design', 'scenario', 'signature', 'reason'];

export function readKnown(file) {
  const name = file instanceof URL ? file.pathname : file;
  let entries;
  try {
    entries = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InputError(`${name}: ${error.message}`);
  }
  if (!Array.isArray(entries)) throw new InputError(`${name}: expected a list of known divergences`);
  entries.forEach((entry, index) => {
    const missing = KEYS.filter((key) => typeof entry?.[key] !== 'string' || entry[key] === '');
    if (missing.length > 0)
      throw new InputError(`${name}, entry ${index + 1}: ${missing.join(', ')} must be a text`);
  });
  return entries;
}

/** Splits the divergences of all results into known and new ones, and names the known that did not occur. */
export function judge(results, known) {
  const occurred = new Set();
  const unexpected = [];
  for (const result of results) {
    for (const group of result.groups) {
      const entry = known.find(
        (candidate) => isAbout(candidate, result) && candidate.signature === group.signature,
      );
      if (entry === undefined) unexpected.push({ result, group });
      else occurred.add(entry);
    }
  }
  const vanished = known.filter((entry) => !occurred.has(entry) && wasLookedFor(entry, results));
  return { unexpected, vanished };
}

function isAbout(entry, { version, design, scenario }) {
  const sameScenario = entry.scenario === '*' || entry.scenario === scenario;
  return entry.version === version && entry.design === design && sameScenario;
}

/** A sample may miss what is there, so only complete runs say that something is gone. */
function wasLookedFor(entry, results) {
  return results.some((result) => result.sample === null && isAbout(entry, result));
}
