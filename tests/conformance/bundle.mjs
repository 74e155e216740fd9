// A published clerk-js bundle, compiled once and callable once per tab.

import { readFileSync } from 'node:fs';
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

/** The releases that package.json installs side by side, under a name of their own each. */
export function installedVersions() {
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  return Object.keys(dependencies)
    .filter((name) => name.startsWith(PACKAGE_PREFIX))
    .map((name) => name.slice(PACKAGE_PREFIX.length));
}

export function bundlePath(version, file) {
  return new URL(`node_modules/${PACKAGE_PREFIX}${version}/dist/${file}`, import.meta.url);
}

export class Bundle {
  #start;

  /** @param patch what to change in the published text before it is compiled */
  constructor(version, patch = (text) => text) {
    const path = bundlePath(version, 'clerk.no-rhc.js');
    let source;
    try {
      source = readFileSync(path, 'utf8');
    } catch {
      throw new InputError(
        `clerk-js ${version} is not installed (${path.pathname} cannot be read): ` +
          'run `npm ci` in tests/conformance; the versions are those of package.json',
      );
    }
    this.version = version;
    this.#start = vm.compileFunction(patch(source), GLOBAL_NAMES, { filename: path.pathname });
  }

  /** Runs the bundle with these globals and returns its Clerk class, with singletons of its own. */
  instantiate(globals) {
    const exports = {};
    const given = { ...globals, exports };
    this.#start(...GLOBAL_NAMES.map((name) => given[name]));
    return exports.Clerk;
  }
}
