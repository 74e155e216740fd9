// A published release that is not installed: fetched by npm into a temporary directory.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from './errors.mjs';

const PACKAGE = '@clerk/clerk-js';

/** A version as npm has them, or a tag. */
const VERSION = /^[0-9A-Za-z][0-9A-Za-z.+-]{0,63}$/;

/**
 * @returns {path, remove}: where the release's file is, and what takes it away again
 * @throws InputError where npm has no such release, or the release no such file
 */
export function fetchRelease(version, file = 'clerk.no-rhc.js') {
  if (!VERSION.test(version)) {
    throw new InputError(`--release must be a version such as 6.40.0, found ${JSON.stringify(version)}`);
  }
  const directory = mkdtempSync(join(tmpdir(), 'freshest-release-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    // No dependency is fetched and no script of the package is run.
    const told = run('npm', ['pack', `${PACKAGE}@${version}`, '--loglevel', 'error', '--pack-destination', '.'], directory);
    const archive = told.trim().split('\n').at(-1);
    run('tar', ['-xzf', archive, 'package/dist'], directory);
    const path = join(directory, 'package', 'dist', file);
    if (!existsSync(path)) throw new InputError(`${PACKAGE} ${version} has no dist/${file}`);
    return { path, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function run(program, args, cwd) {
  // On Windows npm is a script, which only a shell can start; the version is of harmless characters.
  const shell = process.platform === 'win32' && program === 'npm';
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', shell });
  if (error !== undefined) throw new InputError(`\`${program}\` cannot be run: ${error.message}`);
  if (status === 0) return stdout;
  const why = stderr.trim().split('\n').slice(0, 3).join('; ');
  throw new InputError(`\`${program} ${args.join(' ')}\` ended with ${status}: ${why}`);
}
