// Trace files: JSON Lines, a header and then one trace a line, as
// `freshest traces` writes them.

import { createInterface } from 'node:readline';
import { InputError } from './errors.mjs';

const FORMAT = 1;
const STARTS = ['tokens', 'legacy', 'empty'];

const EVENT_FIELDS = {
  tick: [],
  age: [],
  rollout: [],
  oiat_on: [],
  cookie_loss: [],
  refresh: ['tab'],
  skip_cache: ['tab'],
  get_token: ['tab'],
  evict: ['tab'],
  clear_cache: ['tab'],
  mint: ['tab', 'fetch'],
  respond: ['tab', 'fetch'],
  fail: ['tab', 'fetch'],
  deliver: ['to', 'from'],
  lose: ['to', 'from'],
};

/** What a trace file says of an observation. It has no place for timers. */
export function observationRecord({ tabs, ...rest }) {
  return { ...rest, tabs: tabs.map(({ slot, armed, seed }) => ({ slot, armed, seed })) };
}

export class TraceFile {
  #lines;
  #name;
  #line = 0;

  /** @param name what to call the source in an error */
  constructor(stream, name) {
    this.#lines = createInterface({ input: stream, crlfDelay: Infinity })[Symbol.asyncIterator]();
    this.#name = name;
  }

  async header() {
    const header = await this.#next();
    if (header === null) throw new InputError(`${this.#name} is empty; expected a header line`);
    this.#check(header.kind === 'header', 'the first line must have kind "header"');
    this.#check(header.format === FORMAT, `format must be ${FORMAT}, found ${header.format}`);
    this.#check(isText(header.design) && isText(header.scenario), 'the header names no design and scenario');
    this.#check(isCount(header.tabs) && header.tabs > 0, '"tabs" must be a positive number');
    this.#check(STARTS.includes(header.start), `"start" must be one of ${STARTS.join(', ')}`);
    for (const key of ['states', 'transitions', 'covered', 'traces', 'steps']) {
      this.#check(isCount(header[key]), `"${key}" must be a number`);
    }
    return header;
  }

  /** The traces after the header, each with its line number, as {line, steps}. */
  async *traces(header) {
    let count = 0;
    let steps = 0;
    for (let trace = await this.#next(); trace !== null; trace = await this.#next()) {
      this.#check(trace.kind === 'trace', 'expected a line of kind "trace"');
      this.#check(
        Array.isArray(trace.steps) && trace.steps.length > 0,
        '"steps" must be a list with a step in it',
      );
      trace.steps.forEach((step, index) => this.#checkStep(step, index, header));
      count++;
      steps += trace.steps.length;
      yield { line: this.#line, steps: trace.steps };
    }
    if (count !== header.traces || steps !== header.steps) {
      throw new InputError(
        `${this.#name} holds ${count} traces with ${steps} steps, its header promises ` +
          `${header.traces} with ${header.steps}; is it cut off?`,
      );
    }
  }

  async #next() {
    const { value, done } = await this.#lines.next();
    if (done) return null;
    this.#line++;
    let parsed;
    try {
      parsed = JSON.parse(value);
    } catch (error) {
      throw this.#error(`not JSON: ${error.message}`);
    }
    this.#check(parsed !== null && typeof parsed === 'object', 'expected a JSON object');
    return parsed;
  }

  #checkStep(step, index, { tabs }) {
    const where = `step ${index + 1}`;
    const fields = EVENT_FIELDS[step?.event?.kind];
    this.#check(fields !== undefined, `${where}: unknown event kind ${JSON.stringify(step?.event?.kind)}`);
    for (const field of fields) {
      const value = step.event[field];
      const fits = field === 'fetch' ? value === null || isCount(value) : isCount(value) && value < tabs;
      this.#check(fits, `${where}: "${field}" of ${step.event.kind} is ${JSON.stringify(value)}`);
    }
    this.#check(typeof step.new === 'boolean', `${where}: "new" must be true or false`);
    this.#checkObservation(step.after, where, tabs);
  }

  #checkObservation(after, where, tabs) {
    const clock = after?.clock;
    this.#check(
      isCount(clock?.now) && isCount(clock?.age),
      `${where}: "after" has no clock with now and age`,
    );
    this.#check(
      Array.isArray(after.tabs) && after.tabs.length === tabs,
      `${where}: "after" must show ${tabs} tabs`,
    );
    for (const tab of after.tabs) {
      this.#check(
        tab?.slot === 'none' || tab?.slot === 'pending' || isToken(tab?.slot),
        `${where}: bad "slot"`,
      );
      this.#check(isTokenOrNull(tab.seed), `${where}: bad "seed"`);
      this.#check(typeof tab.armed === 'boolean', `${where}: bad "armed"`);
    }
    this.#check(isTokenOrNull(after.cookie), `${where}: bad "cookie"`);
    this.#check(
      Array.isArray(after.posts) && after.posts.every((post) => isToken(post?.token)),
      `${where}: bad "posts"`,
    );
    const requests =
      Array.isArray(after.requests) && after.requests.every((sent) => isTokenOrNull(sent?.parent));
    this.#check(requests, `${where}: bad "requests"`);
  }

  #check(holds, message) {
    if (!holds) throw this.#error(message);
  }

  #error(message) {
    return new InputError(`${this.#name}, line ${this.#line}: ${message}`);
  }
}

function isCount(value) {
  return Number.isInteger(value) && value >= 0;
}

function isText(value) {
  return typeof value === 'string' && value !== '';
}

function isToken(value) {
  if (!Array.isArray(value) || value.length !== 4) return false;
  const [oiat, ...rest] = value;
  return (oiat === null || isCount(oiat)) && rest.every(isCount);
}

function isTokenOrNull(value) {
  return value === null || isToken(value);
}
