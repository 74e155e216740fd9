// A worker process: compares one (version, design, scenario) after another.

import { Bundle, LocalBundle, unfit } from './bundle.mjs';
import { compare } from './comparison.mjs';
import { InputError } from './errors.mjs';
import { stageOf } from './stage.mjs';
import { TokenBook, wallSeconds } from './tokens.mjs';
import { World } from './world.mjs';
import { isRecorded, writeFigures } from './recorder.mjs';

const PROGRESS_EVERY_MS = 200;

/** How often a worker says that it is alive: whoever waits for it can tell it from one that loops. */
const ALIVE_EVERY_MS = 1000;

const bundles = new Map();

setInterval(() => process.send({ alive: true }), ALIVE_EVERY_MS);

process.on('message', async ({ version, file, source, until }) => {
  try {
    const bundle = await bundleOf(version, file);
    const result = await compare(bundle, source, throttled(), until);
    if (isRecorded) writeFigures();
    process.send({ result });
  } catch (error) {
    const input = error instanceof InputError;
    process.send({ error: input ? error.message : error.stack, input });
  }
});

async function bundleOf(version, file) {
  const name = file ?? version;
  if (!bundles.has(name)) {
    const bundle = file === undefined ? new Bundle(version) : new LocalBundle(file, version);
    if (file !== undefined) await tryOut(bundle, file);
    bundles.set(name, bundle);
  }
  return bundles.get(name);
}

/** Whether it opens at all is a question of its own: what cannot be opened diverges from nothing. */
async function tryOut(bundle, file) {
  const secondsOf = (ordinal) => wallSeconds(ordinal);
  const life = { secondsOf, book: new TokenBook(secondsOf) };
  try {
    const world = await World.open(bundle, stageOf({ tabs: 2, start: 'tokens' }), life);
    world.observe();
  } catch (error) {
    throw error instanceof InputError ? error : unfit(file, `no tab opens with it: ${error?.message ?? error}`);
  }
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
