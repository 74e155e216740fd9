// The calls of getToken that the schedule makes, and how each of them ends.
// The poller, a focus and a switch ask for tokens, too; nobody gets those.

export class Calls {
  /** Calls that have not ended: {tab, fetch}, where `fetch` is what they wait for. */
  #open = new Set();
  #ended = [];
  /** By tab and key: the fetch that was sent last, for which a pending entry waits. */
  #latestFetch = new Map();

  /** @param promise what getToken returned */
  note(tab, key, promise) {
    const call = { tab, key, fetch: null };
    this.#open.add(call);
    promise.then(
      (jwt) => this.#end(call, { tab, jwt }),
      () => this.#end(call, { tab, jwt: null, rejected: true }),
    );
  }

  #end(call, outcome) {
    // A call whose tab is gone, or which counts as rejected already, has no caller any more.
    if (this.#open.delete(call)) this.#ended.push(outcome);
  }

  /** Says for which fetch each call waits, once its event has run to completion. */
  noteSent(sent) {
    for (const { tab, kind, key, number } of sent) {
      if (kind === 'fetch') this.#latestFetch.set(`${tab} ${key}`, number);
    }
    for (const call of this.#open) call.fetch ??= this.#latestFetch.get(`${call.tab} ${call.key}`);
  }

  /**
   * Ends the calls that wait for a failed fetch. Most failures are tried again
   * after seconds, and again, which the model has not: for it the call is
   * rejected. That nobody waits for anything else is seen from the timers.
   *
   * @param retries how many calls began to wait until they try again
   */
  noteFailure(tab, fetch, retries) {
    const waiting = [...this.#open].filter((call) => call.tab === tab && call.fetch === fetch);
    if (waiting.length > retries) {
      throw new Error(
        `${waiting.length} calls wait for a failed fetch, but ${retries} are about to try again`,
      );
    }
    for (const call of waiting) this.#end(call, { tab, jwt: null, rejected: true });
  }

  /** Ends the calls that wait for a fetch which was answered, and have got nothing all the same. */
  noteAnswer(tab, fetch) {
    for (const call of this.#open) {
      if (call.tab === tab && call.fetch === fetch) this.#end(call, { tab, jwt: null });
    }
  }

  /** How calls ended since the last call: {tab, jwt}, without a token {tab, jwt: null}, or {tab, jwt: null, rejected: true}. */
  takeEnded() {
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  forgetTab(tab) {
    for (const call of this.#open) if (call.tab === tab) this.#open.delete(call);
  }

  clear() {
    this.#open.clear();
    this.#latestFetch.clear();
    this.#ended = [];
  }
}
