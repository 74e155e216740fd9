// Holds one instance of the module, and answers one request after the other. Whoever wants a run to stop ends
// the worker.
let module;

const load = async (bytes) => {
  const memory = () => new Uint8Array(module.memory.buffer);
  const freshest = {
    now: () => performance.now(),
    panicked: (at, length) => {
      const text = new TextDecoder().decode(memory().slice(at, at + length));
      postMessage({ id: null, answer: { error: `a bug of freshest: ${text}` } });
    },
  };
  // Scripts run in another worker, with another instance.
  freshest.engine = () => {
    throw new Error("there is no engine here");
  };
  const { instance } = await WebAssembly.instantiate(bytes, { freshest });
  module = instance.exports;
};

const ask = (request) => {
  const text = new TextEncoder().encode(JSON.stringify(request));
  const at = module.room(text.length) >>> 0;
  new Uint8Array(module.memory.buffer, at, text.length).set(text);
  const length = module.ask() >>> 0;
  const answer = new Uint8Array(module.memory.buffer, module.answered() >>> 0, length);
  return JSON.parse(new TextDecoder().decode(answer));
};

onmessage = async ({ data: { id, bytes, request } }) => {
  try {
    if (bytes) await load(bytes);
    postMessage({ id, answer: bytes ? {} : ask(request) });
  } catch (error) {
    const full = module?.memory.buffer.byteLength > 3 * 2 ** 30;
    const why = full ? "the memory of the page is full: set a smaller limit" : String(error);
    postMessage({ id, answer: { error: `error: ${why}`, ended: true } });
  }
};
