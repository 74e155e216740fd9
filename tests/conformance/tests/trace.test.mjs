import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { test } from 'node:test';
import { InputError } from '../errors.mjs';
import { TraceFile } from '../trace.mjs';
import { asText, headline } from './headline.mjs';

async function read(text) {
  const file = new TraceFile(Readable.from([text]), 'a.jsonl');
  const header = await file.header();
  const traces = [];
  for await (const trace of file.traces(header)) traces.push(trace);
  return { header, traces };
}

function refuses(text, message) {
  return assert.rejects(read(text), (error) => {
    assert.ok(error instanceof InputError, error.stack);
    assert.match(error.message, message);
    return true;
  });
}

test('a well-formed file gives its header and its traces with their lines', async () => {
  const { header, traces } = await read(asText(headline('pr-8097')));
  assert.equal(header.design, 'pr-8097');
  assert.deepEqual(
    traces.map(({ line, steps }) => [line, steps.length]),
    [[2, 8]],
  );
});

test('an empty file is refused', () => refuses('', /a\.jsonl is empty/));

test('a line that is no JSON is refused by its number', () => {
  const [header] = headline('pr-8097');
  return refuses(`${JSON.stringify(header)}\n{"kind":\n`, /a\.jsonl, line 2: not JSON/);
});

test('another format is refused', () => {
  const [header, trace] = headline('pr-8097');
  return refuses(asText([{ ...header, format: 2 }, trace]), /line 1: format must be 1, found 2/);
});

test('an unknown event is refused by line and step', () => {
  const [header, trace] = headline('pr-8097');
  trace.steps[1].event.kind = 'tock';
  return refuses(asText([header, trace]), /line 2: step 2: unknown event kind "tock"/);
});

test('a tab that the header does not have is refused', () => {
  const [header, trace] = headline('pr-8097');
  trace.steps[0].event.tab = 2;
  return refuses(asText([header, trace]), /line 2: step 1: "tab" of refresh is 2/);
});

test('a token of the wrong shape is refused', () => {
  const [header, trace] = headline('pr-8097');
  trace.steps[7].after.tabs[0].slot = [1, 2];
  return refuses(asText([header, trace]), /line 2: step 8: bad "slot"/);
});

test('a tab that does not say whether its refresh timer is armed is refused', () => {
  const [header, trace] = headline('pr-8097');
  delete trace.steps[4].after.tabs[1].armed;
  return refuses(asText([header, trace]), /line 2: step 5: bad "armed"/);
});

test('the trace of an explanation has a property and no figures', async () => {
  const { header, traces } = await read(asText(explanation()));
  assert.deepEqual([header.property, traces.length], ['cached-oiat-never-decreases', 1]);
});

test('an explanation without its trace is refused', () =>
  refuses(asText(explanation().slice(0, 1)), /holds 0 traces .* promises 1 traces .*; is it cut off/));

test('a stream that breaks off is an error, not an end', async () => {
  const stream = new PassThrough();
  const file = new TraceFile(stream, 'a pipe');
  stream.write(asText(headline('pr-8097')));
  const header = await file.header();
  const reading = (async () => {
    for await (const _ of file.traces(header)) stream.destroy();
  })();
  await assert.rejects(reading, /a pipe cannot be read beyond line 2: Premature close/);
});

function explanation() {
  const [{ kind, format, design, scenario, tabs, start }, trace] = headline('pr-8097');
  const about = { property: 'cached-oiat-never-decreases', claim: 'violated' };
  return [{ kind, format, design, scenario, tabs, start, ...about }, trace];
}

test('a file with fewer traces than its header promises is refused', () => {
  const [header, trace] = headline('pr-8097');
  return refuses(
    asText([{ ...header, traces: 2 }, trace]),
    /holds 1 traces with 8 steps, .* promises 2 traces with 8 steps; is it cut off/,
  );
});
