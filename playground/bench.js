// What everything else is made with: elements, and workers with the module in them.
const $ = (id) => document.getElementById(id);
const h = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

const { module: bytes, worker: WORKER, engine: ENGINE } = globalThis.unpacked;

/** A worker with the module in it. `ask` resolves to an answer, or throws what is wrong; `end` ends it at once. */
class Bench {
  #worker;
  #waiting = new Map();
  #next = 0;
  #ended = false;
  constructor(bytes) {
    const url = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
    this.#worker = new Worker(url);
    URL.revokeObjectURL(url);
    this.#worker.onmessage = ({ data: { id, answer } }) => {
      const waiting = id === null ? [...this.#waiting.values()] : [this.#waiting.get(id)];
      if (id === null) this.#waiting.clear();
      else this.#waiting.delete(id);
      for (const one of waiting) answer.error ? one?.reject(new Error(answer.error)) : one?.resolve(answer);
    };
    this.#worker.onerror = (event) => this.#fail(event.message);
    this.ready = this.#post({ bytes });
    // It may be ended before anybody waits for it.
    this.ready.catch(() => undefined);
  }
  #post(message) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...message });
    });
  }
  #fail(message) {
    for (const one of this.#waiting.values()) one.reject(new Error(message));
    this.#waiting.clear();
  }
  ask(request) {
    return this.#ended ? Promise.reject(new Error("stopped")) : this.#post({ request });
  }
  end() {
    this.#ended = true;
    this.#worker.terminate();
    this.#fail("stopped");
  }
}
