// Starts the browser, or says that there is none.

import { existsSync } from 'node:fs';

const LAUNCH_TIMEOUT_MS = 120_000;

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-blink-features=AutomationControlled',
];

/** The browser that CHROMIUM names; null, with a word on standard output, where there is none. */
export async function launch() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) {
    process.stdout.write(`skipped: no Chromium at ${executablePath}\n`);
    return null;
  }
  const playwright = await import('playwright-core').catch(() => null);
  if (playwright === null) {
    process.stdout.write('skipped: there is no playwright-core; install it beside this package\n');
    return null;
  }
  const { chromium } = playwright;
  return chromium.launch({ executablePath, headless: true, args: FLAGS, timeout: LAUNCH_TIMEOUT_MS });
}
