// The figures of summaries as a Markdown table, so that nobody types them.
// `node tests/conformance/table.mjs --help` says how.

import { readFileSync } from 'node:fs';
import { InputError } from './errors.mjs';
import { figuresTable } from './figures.mjs';
import { exitWith, parseOptions } from './options.mjs';

const HELP = `Prints the figures of run.mjs as a Markdown table.

usage: node tests/conformance/table.mjs [--summary FILE]...

  --summary FILE  what \`run.mjs --summary\` wrote; repeatable, a later file's
                  figures replace an earlier one's (default: figures.json)
  --help
`;

const OPTIONS = {
  summary: { type: 'string', multiple: true, default: [] },
  help: { type: 'boolean', default: false },
};

const FIGURES_FILE = new URL('figures.json', import.meta.url);

function main(args) {
  const options = parseOptions(args, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const files = options.summary.length > 0 ? options.summary : [FIGURES_FILE];
  process.stdout.write(figuresTable(files.flatMap(readSummary)));
  return 0;
}

function readSummary(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InputError(`cannot read the summary ${file}: ${error.message}`);
  }
}

await exitWith(() => main(process.argv.slice(2)));
