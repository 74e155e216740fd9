// Trace files: JSON Lines, a header and then one trace a line, as
// `freshest traces` and `freshest explain --save` write them.

import { InputError } from './errors.mjs';
import { NAMED_REQUESTS, NUMBERED_REQUESTS } from './events.mjs';
import { linesOf } from './lines.mjs';
import { checkObservation, isCount } from './observation.mjs';
import { checkStage, stageOf } from './stage.mjs';

const FORMAT = 1;
const STARTS = ['tokens', 'legacy', 'empty', 'empty-legacy'];

const FIGURES = ['states', 'transitions', 'covered', 'traces', 'steps'];

/** By event kind, the fields that it needs. Those of events about a request depend on it. */
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
  open: ['tab'],
  close: ['tab'],
  orphan: ['tab'],
  touch: ['tab'],
  switch: ['tab'],
  sign_out: ['tab'],
  poll: ['tab'],
  focus: ['tab'],
  blur: ['tab'],
  drop: ['tab'],
  mint: ['tab'],
  respond: ['tab'],
  fail: ['tab'],
  lose_answer: ['tab'],
  empty_answer: ['tab'],
  unauthorized: ['tab'],
  deliver: ['to', 'from'],
  deliver_sign_out: ['to', 'from'],
  lose: ['to', 'from'],
};

/** Events about a request. */
const SETTLING = ['mint', 'respond', 'fail', 'lose_answer', 'empty_answer', 'unauthorized'];

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
    const stage = stageOf(header);
    checkStage(stage, (holds, message) => this.#check(holds, message));
    if (header.property !== undefined) this.#checkExplanation(header);
    else for (const key of FIGURES) this.#check(isCount(header[key]), `"${key}" must be a number`);
    return stage;
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
      this.#checkField(isCount(value) && value < tabs, field, step.event, where);
    }
    if (SETTLING.includes(step.event.kind)) this.#checkRequest(step.event, where);
    const { key = 0 } = step.event;
    this.#checkField(key === 0 || key === 1, 'key', step.event, where);
    this.#check(typeof step.new === 'boolean', `${where}: "new" must be true or false`);
    checkObservation(step.after, tabs, (holds, message) => this.#check(holds, `${where}: ${message}`));
  }

  /** Which request an event settles: a token request by its fetch, others by their name; a recheck has both. */
  #checkRequest(event, where) {
    const { fetch, request, number } = event;
    if (request === undefined || request === 'recheck') {
      this.#checkField(fetch === null || isCount(fetch), 'fetch', event, where);
      return;
    }
    this.#checkField(NAMED_REQUESTS.includes(request), 'request', event, where);
    if (NUMBERED_REQUESTS.includes(request)) this.#checkField(isCount(number), 'number', event, where);
  }

  #checkField(fits, field, event, where) {
    this.#check(fits, `${where}: "${field}" of ${event.kind} is ${JSON.stringify(event[field])}`);
  }

  #check(holds, message) {
    if (!holds) throw this.#error(message);
  }

  #error(message) {
    return new InputError(`${this.#name}, line ${this.#line}: ${message}`);
  }
}

function isText(value) {
  return typeof value === 'string' && value !== '';
}
