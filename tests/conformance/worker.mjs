// A worker process: compares one (version, design, scenario) after another.

import { Bundle } from './bundle.mjs';
import { compare } from './comparison.mjs';
import { InputError } from './errors.mjs';
import { isRecorded, writeFigures } from './recorder.mjs';

const PROGRESS_EVERY_MS = 200;

const bundles = new Map();

process.on('message', async ({ version, source }) => {
  try {
    const result = await compare(bundleOf(version), source, throttled());
    if (isRecorded) writeFigures();
    process.send({ result });
  } catch (error) {
    const input = error instanceof InputError;
    process.send({ error: input ? error.message : error.stack, input });
  }
});

function bundleOf(version) {
  if (!bundles.has(version)) bundles.set(version, new Bundle(version));
  return bundles.get(version);
}

function throttled() {
  let last = 0;
  return (replayed, all) => {
    const now = performance.now();
    if (now - last < PROGRESS_EVERY_MS) return;
    last = now;
    process.send({ progress: { replayed, all } });
  };
}
