// Stories in a real browser with the recorder in every page, and what `freshest monitor` says of its log.
// `node tests/conformance/recorded.mjs --help` says how.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pages } from './chromium.mjs';
import { programPath } from './freshest.mjs';
import { launch } from './launch.mjs';
import { exitWith, parseOptions } from './options.mjs';
import { RECORDER } from './recorder.mjs';
import { STORIES } from './stories.mjs';

const HELP = `Records stories in Chromium, and has \`freshest monitor\` judge the logs.

usage: node tests/conformance/recorded.mjs --logs DIRECTORY

Writes one log for each release and story, and prints what the monitor finds violated in it. CHROMIUM
names the browser (default /usr/bin/chromium). Without one nothing is recorded, with exit code 0.

Exit codes: 0 the monitor finds what is expected, 1 it does not, 2 wrong use or input.
`;

/** What the monitor must find: nothing more, and nothing less. */
const EXPECTED = {
  'late-refresh': {
    '6.11.1': [
      'cached-oiat-never-decreases',
      'tab-oiat-never-decreases',
      'cookie-oiat-never-decreases',
      'returned-oiat-never-decreases',
    ],
    '6.24.0': [],
  },
  'signed-out': { '6.40.0': ['no-cookie-after-signout'] },
  'no-token': { '6.40.0': [] },
  unauthorized: { '6.40.0': ['rejected-only-without-token'] },
};

async function main(args) {
  const { help, logs } = parseOptions(args, {
    help: { type: 'boolean', default: false },
    logs: { type: 'string', default: '.' },
  });
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  const browser = await launch();
  if (browser === null) return 0;
  mkdirSync(logs, { recursive: true });
  try {
    let failed = false;
    for (const [name, releases] of Object.entries(EXPECTED)) {
      for (const [version, expected] of Object.entries(releases)) {
        const log = join(logs, `${version}-${name}.jsonl`);
        writeFileSync(log, await record(browser, name, version));
        const found = judge(log);
        const isExpected = JSON.stringify(found) === JSON.stringify(expected);
        const words = found.length === 0 ? 'nothing is violated' : found.join(', ');
        process.stdout.write(`${version} ${name}: ${words}; ${isExpected ? 'as expected' : 'not as expected'}\n`);
        failed ||= !isExpected;
      }
    }
    return failed ? 1 : 0;
  } finally {
    await browser.close();
  }
}

/** The story told in pages with the recorder: their logs, one after the other. */
async function record(browser, name, version) {
  const story = STORIES.find((one) => one.name === name);
  const context = await browser.newContext();
  const pages = await Pages.in(context, version, RECORDER);
  const seen = await story.tell(pages);
  pages.check();
  if (JSON.stringify(seen) !== JSON.stringify(story.expected[version]))
    throw new Error(`${version} ${name} ends in another way with the recorder: ${JSON.stringify(seen)}`);
  const logs = await Promise.all(context.pages().map((page) => page.evaluate(() => window.freshestRecorder.lines())));
  await context.close();
  // Lines of several pages, in the order of time.
  const lines = logs.flatMap((log) => log.trimEnd().split('\n').map((line) => JSON.parse(line)));
  lines.sort((one, other) => one.at - other.at);
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** The properties that the monitor finds violated. */
function judge(log) {
  const { stdout, stderr, status } = spawnSync(programPath(), ['monitor', log, '--format', 'json'], { encoding: 'utf8' });
  if (status !== 0 && status !== 1) throw new Error(`freshest monitor ended with ${status}: ${stderr}${stdout}`);
  const { properties } = JSON.parse(stdout);
  return properties.filter(({ verdict }) => verdict === 'violated').map(({ property }) => property);
}

await exitWith(() => main(process.argv.slice(2)));
