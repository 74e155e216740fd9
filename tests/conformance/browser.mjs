#!/usr/bin/env node
// Stories in a real browser: real pages, a real BroadcastChannel, real cookies.
// `node tests/conformance/browser.mjs --help` says how.

import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Catalog } from './catalog.mjs';
import { Pages } from './chromium.mjs';
import { InputError } from './errors.mjs';
import { launch } from './launch.mjs';
import { exitWith, parseOptions } from './options.mjs';
import { STORIES } from './stories.mjs';

const HELP = `Replays counterexamples in Chromium, in real pages.

usage: node tests/conformance/browser.mjs [options]      (as a package: freshest-conformance-browser [options])

  --bundle FILE   a build of your own instead of releases: the file that clerk-js's
                  build writes to dist/clerk.browser.js, with its chunks beside it
  --design D      the design that it is to follow; without one it is said which
                  releases end as it does
  --models DIR    where freshest finds the design
  --help

${STORIES.map(({ name, about }) => `  ${name}: ${about}`).join('\n')}

CHROMIUM names the browser (default /usr/bin/chromium). Without one the replay
is skipped, with exit code 0.

Exit codes: 0 every build does as expected, 1 one does not, 2 wrong use or input.
`;

const OPTIONS = {
  bundle: { type: 'string' },
  design: { type: 'string' },
  models: { type: 'string' },
  help: { type: 'boolean', default: false },
};

async function main(args) {
  const { bundle, design, models, help } = parseOptions(args, OPTIONS);
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (bundle === undefined && design !== undefined) throw new InputError('--design is about a --bundle');
  if (bundle !== undefined && !existsSync(bundle)) throw new InputError(`there is no ${bundle}`);
  const releases = design === undefined ? null : await releasesOf(design, models);
  const browser = await launch();
  if (browser === null) return 0;
  try {
    let failed = false;
    for (const story of STORIES) {
      const asExpected =
        bundle === undefined
          ? await tellOnAll(browser, story)
          : await tellOn(browser, story, resolve(bundle), releases);
      failed = !asExpected || failed;
    }
    return failed ? 1 : 0;
  } finally {
    await browser.close();
  }
}

/** The releases of which a story may know how it ends. */
async function releasesOf(design, models) {
  const releases = (await Catalog.read(models)).releases().filter(([, name]) => name === design);
  if (releases.length > 0) return releases.map(([version]) => version);
  throw new InputError(`the stories know how releases end, and ${design} is a design of none; leave --design out`);
}

/** Whether a build of one's own ends a story as these releases do, if it is to do as any. */
async function tellOn(browser, { name, tell, words, expected }, build, releases) {
  const seen = await inPages(browser, build, tell).catch((error) => {
    throw new InputError(`${build} does not get through "${name}": ${error.message.split('\n')[0]}`);
  });
  const all = Object.entries(expected);
  const alike = all.filter(([, end]) => JSON.stringify(end) === JSON.stringify(seen)).map(([version]) => version);
  const known = all.map(([version]) => version).filter((version) => releases === null || releases.includes(version));
  const told = alike.length > 0 ? `as in ${alike.join(', ')}` : 'as in no release that was tried';
  const isExpected = releases === null || known.length === 0 || known.some((version) => alike.includes(version));
  const judged = isExpected ? told : `${told}, expected as in ${known.join(', ')}`;
  process.stdout.write(`${basename(build)} ${name}: ${words(seen)}; ${judged}\n`);
  return isExpected;
}

async function inPages(browser, build, tell) {
  const context = await browser.newContext();
  try {
    const pages = await Pages.in(context, build);
    const seen = await tell(pages);
    pages.check();
    return seen;
  } finally {
    await context.close();
  }
}

/** Whether every release does what is expected of it. */
async function tellOnAll(browser, { name, tell, words, expected }) {
  let asExpected = true;
  for (const [version, end] of Object.entries(expected)) {
    const seen = await inPages(browser, version, tell);
    const isExpected = JSON.stringify(seen) === JSON.stringify(end);
    const judged = isExpected ? 'as expected' : `expected ${JSON.stringify(end)}`;
    process.stdout.write(`${version} ${name}: ${words(seen)}; ${judged}\n`);
    asExpected &&= isExpected;
  }
  return asExpected;
}

await exitWith(() => main(process.argv.slice(2)));
