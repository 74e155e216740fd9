// Runs before a team's script where it is asked as in a page: what a page has beside the language is there,
// and nothing ever comes of it. What a build put in the place of a name stays.
(nothing) => {
  const make = () =>
    new Proxy(function () {}, {
      __proto__: null,
      get: (_, name) => (typeof name === "string" && name !== "then" ? nothing : undefined),
      construct: make,
    });
  const things = "document navigator location history screen localStorage sessionStorage indexedDB caches crypto Intl WebAssembly";
  const makers = "AbortController BroadcastChannel Blob CustomEvent Event EventTarget Headers MessageChannel Request Response TextDecoder TextEncoder URL URLSearchParams WebSocket Worker XMLHttpRequest";
  const functions = "addEventListener removeEventListener dispatchEvent postMessage setTimeout clearTimeout setInterval clearInterval requestAnimationFrame fetch structuredClone";
  const add = (value) => (name) => {
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value: value(), writable: true, configurable: true });
  };
  "window self top parent frames".split(" ").forEach(add(() => globalThis));
  things.split(" ").forEach(add(() => new Proxy({}, { __proto__: null, get: (_, name) => (typeof name === "string" ? nothing : undefined) })));
  makers.split(" ").forEach(add(make));
  functions.split(" ").forEach(add(() => nothing));
  globalThis.performance = { __proto__: { now: performance.now } };
}
