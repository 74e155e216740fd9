// The model checker's own program, from which traces come and which judges runs.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from './errors.mjs';

const EXECUTABLE = process.platform === 'win32' ? 'freshest.exe' : 'freshest';

/** The repository that this directory is part of; null where this is an installed package. */
const CHECKOUT = checkout();

function checkout() {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  return existsSync(join(root, 'Cargo.toml')) && existsSync(join(root, 'models')) ? root : null;
}

/** Where the program runs: paths that it is given are relative to this. */
export const WORKPLACE = CHECKOUT ?? process.cwd();

/** FRESHEST_BIN, or where cargo puts it in the repository, or the one on the path. */
export function programPath() {
  if (process.env.FRESHEST_BIN) return resolve(process.env.FRESHEST_BIN);
  const built = CHECKOUT === null ? null : join(CHECKOUT, 'target', 'release', EXECUTABLE);
  if (built !== null && existsSync(built)) return built;
  return onPath() ?? built ?? EXECUTABLE;
}

function onPath() {
  const places = (process.env.PATH ?? '').split(delimiter).filter((place) => isAbsolute(place));
  return places.map((place) => join(place, EXECUTABLE)).find((path) => existsSync(path)) ?? null;
}

function program() {
  const path = programPath();
  if (existsSync(path)) return path;
  if (CHECKOUT !== null) {
    throw new InputError(
      `there is no ${path}: build it with \`cargo build --release\` in ${CHECKOUT}, or point FRESHEST_BIN at it`,
    );
  }
  const missing = process.env.FRESHEST_BIN ? `there is no ${path}` : 'there is no `freshest` on the path';
  throw new InputError(
    `${missing}: install it (in a clone of its repository, \`cargo install --path .\`), or point FRESHEST_BIN at it`,
  );
}

/** The program knows the models that it carries; in CI it wants to be told so. */
export function usualModels() {
  if (CHECKOUT !== null || existsSync(join(WORKPLACE, 'models'))) return [];
  return ['--models', 'builtin'];
}

/**
 * Runs it with `args`. `ended` resolves to {code, complaint}, where `complaint`
 * is what it wrote to standard error.
 */
export function startFreshest(args) {
  const child = spawn(program(), args, { cwd: WORKPLACE, stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaint += text;
  });
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code: code ?? signal, complaint: complaint.trim() });
    });
  });
  return { output: child.stdout, ended, stop: () => child.kill() };
}

/** Runs it to its end; resolves to what it wrote to standard output, if it ended with one of these codes. */
export async function runFreshest(args, codes = [0]) {
  const { output, ended } = startFreshest(args);
  let text = '';
  output.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  const { code, complaint } = await ended;
  if (!codes.includes(code)) throw failure(args, code, complaint);
  return text;
}

export function failure(args, code, complaint) {
  return new InputError(`\`freshest ${args.join(' ')}\` ended with ${code}: ${complaint}`);
}
