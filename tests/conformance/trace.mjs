// Trace files: JSON Lines, a header and then one trace a line, as
// `freshest traces` and `freshest explain --save` write them.

import { InputError } from './errors.mjs';
import { linesOf } from './lines.mjs';

const FORMAT = 1;
const STARTS = ['tokens', 'legacy', 'empty'];

const FIGURES = ['states', 'transitions', 'covered', 'traces', 'steps'];

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

/** What a trace file says of an observation, its keys in the order in which the model checker writes them. */
export function observationRecord({ tabs, ...rest }) {
  return { ...rest, tabs: tabs.map(({ slot, armed, seed }) => ({ slot, armed, seed })) };
}

export class TraceFile {
  #lines;
  #name;
  #line = 0;

  /** @param name what to call the source in an error */
  constructor(stream, name) {
    this.#lines = linesOf(stream);
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
    if (header.property !== undefined) this.#checkExplanation(header);
    else for (const key of FIGURES) this.#check(isCount(header[key]), `"${key}" must be a number`);
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
    this.#checkEnd(header, count, steps);
  }

  /** What `explain --save` writes is one trace, about one property, and claims no coverage. */
  #checkExplanation({ property, claim }) {
    this.#check(isText(property) && isText(claim), '"property" and "claim" must be texts');
  }

  #checkEnd(header, count, steps) {
    const promised =
      header.property === undefined
        ? `${header.traces} traces with ${header.steps} steps`
        : `1 traces with ${steps} steps`;
    const found = `${count} traces with ${steps} steps`;
    if (found === promised) return;
    throw new InputError(`${this.#name} holds ${found}, its header promises ${promised}; is it cut off?`);
  }

  async #next() {
    const { value, done } = await this.#lines.next().catch((error) => {
      throw new InputError(`${this.#name} cannot be read beyond line ${this.#line}: ${error.message}`);
    });
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
