// Command lines of the programs in this directory.

import { parseArgs } from 'node:util';
import { InputError } from './errors.mjs';

export function parseOptions(args, options) {
  try {
    return parseArgs({ args, options, allowPositionals: false }).values;
  } catch (error) {
    throw new InputError(`${error.message} (see --help)`);
  }
}

export function count(name, text, { atLeast }) {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < atLeast || !Number.isSafeInteger(value)) {
    throw new InputError(
      `--${name} must be a whole number of at least ${atLeast}, found ${JSON.stringify(text)}`,
    );
  }
  return value;
}

export function required(name, value) {
  if (value === undefined) throw new InputError(`--${name} is missing (see --help)`);
  return value;
}

/** Ends the process as every program here does: 2 for what the user can put right, with no stack. */
export async function exitWith(main) {
  // Whoever reads the output may have seen enough; the exit code still tells the rest.
  process.stdout.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(error instanceof InputError ? `error: ${error.message}\n` : `${error.stack}\n`);
    process.exitCode = 2;
  }
}
