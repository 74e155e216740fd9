// A published clerk-js bundle, compiled once and callable once per tab.

import { readFileSync, statSync } from 'node:fs';
import vm from 'node:vm';
import { InputError } from './errors.mjs';

/**
 * What the bundle reads as globals and the harness must own. They become the
 * parameters of the compiled function, so every tab can be given its own
 * without a V8 context of its own. `Map` is among them because the token
 * cache keeps its entries in one, which is how a slot is read without asking
 * the SDK (a getToken writes the cookie, so it is no probe).
 */
export const GLOBAL_NAMES = [
  'exports',
  'window',
  'self',
  'globalThis',
  'document',
  'navigator',
  'location',
  'history',
  'localStorage',
  'fetch',
  'crypto',
  'console',
  'process',
  'isSecureContext',
  'BroadcastChannel',
  'Worker',
  'Date',
  'Map',
  'Math',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
];

const PACKAGE_PREFIX = 'clerk-js-';

const WANTED = "give the file that clerk-js's own build writes to dist/clerk.no-rhc.js";

/** Larger than any bundle, in bytes. */
const MAX_BYTES = 64 << 20;

/** The releases that package.json installs side by side, under a name of their own each. */
export function installedVersions() {
  const { devDependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  return Object.keys(devDependencies)
    .filter((name) => name.startsWith(PACKAGE_PREFIX))
    .map((name) => name.slice(PACKAGE_PREFIX.length));
}

export function bundlePath(version, file) {
  return new URL(`node_modules/${PACKAGE_PREFIX}${version}/dist/${file}`, import.meta.url);
}

export class Bundle {
  #start;

  /** A published release. @param patch what to change in its text before it is compiled */
  constructor(version, patch = (text) => text) {
    this.version = version;
    const path = bundlePath(version, 'clerk.no-rhc.js');
    let source;
    try {
      source = readFileSync(path, 'utf8');
    } catch {
      throw new InputError(
        `clerk-js ${version} is not installed (${path.pathname} cannot be read): run \`npm ci\` in ` +
          `tests/conformance, or give --release ${version}, which fetches it`,
      );
    }
    this.#start = vm.compileFunction(patch(source), GLOBAL_NAMES, { filename: path.pathname });
  }

  /** Runs the bundle with these globals and returns its Clerk class, with singletons of its own. */
  instantiate(globals) {
    return evaluate(this.#start, globals);
  }
}

/** Any build, in a file of its own. */
export class LocalBundle {
  #start;
  #path;

  /** @param name what it is called where results are told */
  constructor(path, name) {
    this.version = name;
    this.#path = path;
    const source = readBuild(path);
    try {
      this.#start = vm.compileFunction(source, GLOBAL_NAMES, { filename: path });
    } catch (error) {
      throw unfit(path, `it is no script: ${error.message}`);
    }
  }

  instantiate(globals) {
    let Clerk;
    try {
      Clerk = evaluate(this.#start, globals);
    } catch (error) {
      throw unfit(this.#path, `it throws when it is run: ${error?.message ?? error}`);
    }
    if (typeof Clerk !== 'function') throw unfit(this.#path, 'it exports no class `Clerk`');
    return Clerk;
  }
}

function evaluate(start, globals) {
  const exports = {};
  const given = { ...globals, exports };
  start(...GLOBAL_NAMES.map((name) => given[name]));
  return exports.Clerk;
}

function readBuild(path) {
  let size;
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new InputError(`${path} is no file; ${WANTED}`);
    ({ size } = stat);
    if (size <= MAX_BYTES) return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`cannot read the bundle ${path}: ${error.message}; ${WANTED}`);
  }
  throw new InputError(`${path} has ${size} bytes, more than the ${MAX_BYTES} that a bundle may have`);
}

/** What cannot be run as a build of the SDK, and what to give instead. */
export function unfit(path, why) {
  return new InputError(`${path} is no build of clerk-js that can be run here: ${why}; ${WANTED}`);
}
