// The recorder of recorder/recorder.js, for pages and for the tabs of this process.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import vm from 'node:vm';

const FILE = new URL('../../recorder/recorder.js', import.meta.url);

/** Its text, to be run in a page before anything else; null where this directory is on its own, as a package. */
export const RECORDER = existsSync(FILE) ? readFileSync(FILE, 'utf8') : null;

const start = process.env.RECORDED && RECORDER !== null ? vm.compileFunction(RECORDER, ['globalThis']) : null;

const windows = [];

/** Whether every tab has the recorder: RECORDED names a file. */
export const isRecorded = start !== null;

/** Starts the recorder on a tab's window, before the SDK is. */
export function record(window, number) {
  window.freshestRecorder = { tab: `tab ${number}` };
  start({ window });
  windows.push(window);
}

/** Writes into the file that RECORDED names how many lines of each event there are. */
export function writeFigures() {
  const figures = {};
  for (const { freshestRecorder } of windows) {
    for (const line of freshestRecorder.lines().trimEnd().split('\n')) {
      const { event } = JSON.parse(line);
      figures[event] = (figures[event] ?? 0) + 1;
    }
  }
  writeFileSync(process.env.RECORDED, JSON.stringify(figures));
}
