// The model checker's own program, from which traces come and which judges runs.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from './errors.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** FRESHEST_BIN, or where cargo puts it. */
export function programPath() {
  return resolve(process.env.FRESHEST_BIN ?? `${ROOT}target/release/freshest`);
}

function program() {
  const path = programPath();
  if (existsSync(path)) return path;
  throw new InputError(
    `there is no ${path}: build it with \`cargo build --release\` in ${ROOT}, or point FRESHEST_BIN at it`,
  );
}

/**
 * Runs it with `args`. `ended` resolves to {code, complaint}, where `complaint`
 * is what it wrote to standard error.
 */
export function startFreshest(args) {
  const child = spawn(program(), args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
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
