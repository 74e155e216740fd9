// Runs the programs of this directory as a user does.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programPath } from '../freshest.mjs';

export function runProgram(name, args, environment = {}) {
  const path = fileURLToPath(new URL(`../${name}`, import.meta.url));
  const env = { ...process.env, ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], { encoding: 'utf8', env });
  return { status, stdout, stderr };
}

/** A directory of the test's own, with a writer of files in it. */
export function scratch(test) {
  const directory = mkdtempSync(join(tmpdir(), 'conformance-'));
  test.after(() => rmSync(directory, { recursive: true }));
  const path = (name) => join(directory, name);
  return {
    path,
    write(name, text) {
      writeFileSync(path(name), text);
      return path(name);
    },
  };
}

/** For test(): skips, in words, what cannot be tested before the model checker is built. */
export function needsFreshest() {
  const path = programPath();
  return existsSync(path) ? {} : { skip: `no ${path}; run \`cargo build --release\`` };
}
