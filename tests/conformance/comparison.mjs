// One comparison: all traces of one design and scenario on one version.

import { open } from 'node:fs/promises';
import { DivergenceGroups } from './divergence.mjs';
import { InputError } from './errors.mjs';
import { failure, startFreshest } from './freshest.mjs';
import { Replayer } from './replay.mjs';
import { stageRecord } from './stage.mjs';
import { TraceFile } from './trace.mjs';

/**
 * @param source {file} or {design, scenario, options}
 * @param onTrace called with (replayed, all) after every trace
 * @param until {first, steps}: whether the first divergence is enough, and how long a trace may be at most
 */
export async function compare(bundle, source, onTrace, until = {}) {
  const started = performance.now();
  const { stream, name, finish, stop } = await openTraces(source);
  try {
    const traces = new TraceFile(stream, name);
    const { isWhole, ...result } = await replayAll(bundle, traces, finish, onTrace, until);
    // A writer whose traces nobody wants any more ends as it likes.
    if (isWhole) await finish();
    return { ...result, seconds: Number(((performance.now() - started) / 1000).toFixed(3)) };
  } finally {
    stop();
  }
}

/** @param finish waits for the writer of the traces and throws if it failed */
async function replayAll(bundle, traces, finish, onTrace, until) {
  try {
    return await replayEach(bundle, traces, onTrace, until);
  } catch (error) {
    // Of a writer that failed half-way its own complaint says more than the half file does.
    if (error instanceof InputError) await finish();
    throw error;
  }
}

async function replayEach(bundle, traces, onTrace, { first = false, steps: longest = Infinity }) {
  const header = await traces.header();
  const promised = promisedBy(header);
  const replayer = new Replayer(bundle, header);
  const groups = new DivergenceGroups();
  let replayed = 0;
  let steps = 0;
  let covered = 0;
  let isWhole = true;
  for await (const trace of traces.traces(header)) {
    if (trace.steps.length > longest) {
      isWhole = false;
      break;
    }
    const outcome = await replayer.replay(trace);
    replayed++;
    steps += outcome.compared;
    covered += outcome.covered;
    if (outcome.divergence !== null) groups.add(outcome.divergence);
    onTrace(replayed, promised.traces);
    if (first && groups.count > 0) {
      isWhole = false;
      break;
    }
  }
  if (isWhole && groups.count === 0 && promised.covered !== null && covered !== promised.covered) {
    throw new InputError(
      `the traces of ${header.design} ${header.scenario} mark ${covered} steps as new, ` +
        `the header promises ${promised.covered} covered transitions`,
    );
  }
  return {
    isWhole,
    version: bundle.version,
    design: header.design,
    scenario: header.scenario,
    stage: stageRecord(header),
    property: header.property ?? null,
    sample: header.sample ?? null,
    states: promised.states,
    transitions: promised.transitions,
    covered,
    traces: replayed,
    steps,
    divergences: groups.count,
    groups: groups.list(),
  };
}

/** The figures of the header. One trace that explains a property has none: it covers nothing. */
function promisedBy(header) {
  if (header.property !== undefined) return { states: null, transitions: null, covered: null, traces: 1 };
  return header;
}

async function openTraces(source) {
  if (source.file !== undefined) return openFile(source.file);
  const args = ['traces', source.design, source.scenario, ...source.options];
  const { output, ended, stop } = startFreshest(args);
  const finish = async () => {
    // What nobody reads any more must not keep the writer from its end. A closed pipe is none of its failures.
    output.destroy();
    const { code, complaint } = await ended;
    if (code !== 0) throw failure(args, code, complaint);
  };
  return { stream: output, name: `\`freshest ${args.join(' ')}\``, finish, stop };
}

async function openFile(path) {
  // Opened first: a stream that fails to open never ends the reading of its lines.
  const file = await open(path).catch((error) => {
    throw new InputError(`cannot read the traces: ${error.message}`);
  });
  const stream = file.createReadStream();
  return { stream, name: path, finish: async () => {}, stop: () => stream.destroy() };
}
