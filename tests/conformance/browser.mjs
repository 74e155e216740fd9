// Stories in a real browser: real pages, a real BroadcastChannel, real cookies.
// `node tests/conformance/browser.mjs --help` says how.

import { Pages } from './chromium.mjs';
import { launch } from './launch.mjs';
import { exitWith, parseOptions } from './options.mjs';
import { STORIES } from './stories.mjs';

const HELP = `Replays counterexamples in Chromium, in real pages.

usage: node tests/conformance/browser.mjs [--help]

${STORIES.map(({ name, about }) => `  ${name}: ${about}`).join('\n')}

CHROMIUM names the browser (default /usr/bin/chromium). Without one the replay
is skipped, with exit code 0.

Exit codes: 0 every release does as expected, 1 one does not, 2 wrong use or input.
`;

async function main(args) {
  const { help } = parseOptions(args, { help: { type: 'boolean', default: false } });
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  const browser = await launch();
  if (browser === null) return 0;
  try {
    let failed = false;
    for (const story of STORIES) failed = !(await tellOnAll(browser, story)) || failed;
    return failed ? 1 : 0;
  } finally {
    await browser.close();
  }
}

/** Whether every release does what is expected of it. */
async function tellOnAll(browser, { name, tell, words, expected }) {
  let asExpected = true;
  for (const [version, end] of Object.entries(expected)) {
    const context = await browser.newContext();
    const pages = await Pages.in(context, version);
    const seen = await tell(pages);
    pages.check();
    await context.close();
    const isExpected = JSON.stringify(seen) === JSON.stringify(end);
    const judged = isExpected ? 'as expected' : `expected ${JSON.stringify(end)}`;
    process.stdout.write(`${version} ${name}: ${words(seen)}; ${judged}\n`);
    asExpected &&= isExpected;
  }
  return asExpected;
}

await exitWith(() => main(process.argv.slice(2)));
