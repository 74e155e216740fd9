// Replays traces on the shipped code, step by step, up to the first
// difference from what the model predicts.

import { InputError } from './errors.mjs';
import { endsSession, mintsToken } from './events.mjs';
import { completed, firstDifference } from './observation.mjs';
import { leastSeconds } from './seconds.mjs';
import { isEmpty, stageOf } from './stage.mjs';
import { TokenBook, wallSeconds } from './tokens.mjs';
import { World } from './world.mjs';

export class Replayer {
  #bundle;
  #stage;
  #world = null;

  constructor(bundle, header) {
    this.#bundle = bundle;
    this.#stage = stageOf(header);
  }

  /**
   * The tabs of the last trace are used again, for opening them takes most of
   * the time. A divergence counts only if newly opened tabs show it too.
   *
   * @param trace {line, steps}
   * @returns {compared, covered, divergence}: how many steps agreed, how many
   *   of them covered a new transition, and the first that did not (or null)
   */
  async replay(trace) {
    const reused = this.#world !== null;
    const outcome = await this.#replayIn(await this.#enter(trace), trace);
    if (!reused || outcome.divergence === null) return outcome;
    const confirmed = await this.replayAnew(trace);
    if (confirmed.divergence === null) {
      throw new Error(
        `trace on line ${trace.line} diverges in used tabs only: a restart leaves something behind`,
      );
    }
    return confirmed;
  }

  /** The same in newly opened tabs. */
  async replayAnew(trace) {
    this.#world = null;
    return this.#replayIn(await this.#enter(trace), trace);
  }

  /**
   * The same, with all that the tabs showed: `history` has the start and then
   * every step that agreed, each with its event, the token that it brought to
   * a tab, what was seen after it, and whether anything was still under way.
   */
  async record(trace) {
    this.#world = null;
    const world = await this.#enter(trace);
    const history = [{ event: null, arrived: null, ...world.observe(), idle: world.isIdle }];
    const outcome = await this.#replayIn(world, trace, (frame) => history.push(frame));
    return { ...outcome, history };
  }

  async #enter(trace) {
    const secondsOf = wallClock(this.#stage.start, trace);
    const life = { secondsOf, book: new TokenBook(secondsOf) };
    if (this.#world === null) this.#world = await World.open(this.#bundle, this.#stage, life);
    else await this.#world.restart(life);
    return this.#world;
  }

  async #replayIn(world, trace, note = null) {
    let covered = 0;
    for (let index = 0; index < trace.steps.length; index++) {
      const step = trace.steps[index];
      const arrived = note === null ? null : world.arriving(step.event);
      const { observed, difference } = await compareStep(world, step, this.#stage);
      if (difference !== null) {
        // Nobody knows what such tabs have become.
        this.#world = null;
        return { compared: index, covered, divergence: { ...difference, trace, index } };
      }
      if (step.new) covered++;
      note?.({ event: step.event, arrived, ...observed, idle: world.isIdle });
    }
    return { compared: trace.steps.length, covered, divergence: null };
  }
}

async function compareStep(world, { event, after }, stage) {
  let observed;
  try {
    const impossible = await world.step(event, after.clock);
    if (impossible !== null) {
      return { difference: { field: 'event', expected: 'possible', observed: impossible } };
    }
    observed = world.observe();
  } catch (error) {
    // The code did what the harness has no eyes for: a finding, not a crash.
    return { difference: { field: 'harness', expected: 'an observation', observed: error.message } };
  }
  return { observed, difference: firstDifference(completed(after, stage), observed) };
}

/** The wall-clock seconds of the trace's instants. */
function wallClock(start, trace) {
  const ages = [0];
  const minted = [!isEmpty(start)];
  let hasEnded = false;
  for (const { event, after } of trace.steps) {
    const { now, age } = after.clock;
    ages[now - 1] = age;
    if (event.kind === 'mint' && mintsToken(event, hasEnded)) minted[now - 1] = true;
    hasEnded ||= endsSession(event);
  }
  const seconds = secondsFor(ages, minted, trace.line);
  return (ordinal) => wallSeconds(seconds[ordinal - 1]);
}

function secondsFor(ages, minted, line) {
  try {
    return leastSeconds(ages, minted);
  } catch (error) {
    throw new InputError(`the trace on line ${line} cannot happen in real time: ${error.message}`);
  }
}
