// Runs a comparator that somebody pasted, in a worker of its own. Before its first line runs, everything is
// taken away but the language: no network, no storage, no timers, no messages. What it is asked comes from an
// instance of the module, the same questions as from the program, and goes back through a port that the
// comparator cannot reach. Whoever waits for an answer ends the worker when a call takes too long.
"use strict";
(() => {
  const { apply, construct, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, has, ownKeys } = Reflect;
  const { parse, stringify } = JSON;
  const { is: same, freeze } = Object;
  const now = performance.now.bind(performance);
  const { createObjectURL, revokeObjectURL } = URL;
  const BlobOf = Blob;
  const EncoderOf = TextEncoder;
  const DecoderOf = TextDecoder;
  const { instantiate } = WebAssembly;
  const sourceOf = Function.prototype.toString;
  const asText = String;
  const ErrorOf = Error;
  const TypeErrorOf = TypeError;

  /** How long a decision may take, and loading a script, in milliseconds. */
  const CALL_TIME = 1000;
  /** As many contexts as one request may need: each is the script, evaluated anew. */
  const CONTEXTS = 14;
  /** So often are two tokens compared where the answer does not count. */
  const SAME_TOKENS = 20;

  // What a script perceives beside its arguments: a clock and chance, neither of them real.
  const senses = { clock: 0, drawn: 0, looked: false, gambled: false };
  const clock = () => {
    senses.looked = true;
    return senses.clock++;
  };
  const chance = () => {
    senses.gambled = true;
    const drawn = senses.drawn++;
    const small = (drawn % 997) / 100000;
    return drawn % 2 === 0 ? small : 0.999 - small;
  };

  // What the language has. Everything else goes.
  const LANGUAGE =
    "globalThis Infinity NaN undefined eval isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape " +
    "Object Function Boolean Symbol Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError Number BigInt Math Date String RegExp " +
    "Array Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array " +
    "Map Set WeakMap WeakSet WeakRef FinalizationRegistry ArrayBuffer SharedArrayBuffer DataView Atomics JSON Promise Reflect Proxy Iterator Float16Array";
  const lockDown = () => {
    const kept = new Set(LANGUAGE.split(" "));
    const left = [];
    for (let at = globalThis; at && at !== Object.prototype; at = getPrototypeOf(at)) {
      for (const name of ownKeys(at)) {
        if (kept.has(name) || name === "constructor" || deleteProperty(at, name)) continue;
        if (defineProperty(at, name, { value: undefined, writable: false, configurable: false })) continue;
        // A number that stays reaches nothing.
        const stays = getOwnPropertyDescriptor(at, name);
        if (!("value" in stays) || Object(stays.value) === stays.value) left.push(asText(name));
      }
      // The way from the scope to what it is made by.
      if (at !== globalThis) deleteProperty(at, "constructor");
    }
    const there = ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "importScripts", "indexedDB", "caches", "Worker", "postMessage", "addEventListener", "navigator", "BroadcastChannel", "WebAssembly", "setTimeout"];
    for (const name of there) if (globalThis[name] !== undefined) left.push(name);
    if (left.length) throw new ErrorOf(`this browser does not let go of ${left.join(", ")}`);
    THE_ENVIRONMENT(clock, chance, () => undefined);
  };

  // The script, evaluated anew for each context, ahead of the requests: only that takes time to come back.
  let code;
  let isCommon = false;
  const urls = [];
  const fresh = [];
  const evaluate = async () => {
    const url = createObjectURL(new BlobOf([code], { type: "text/javascript" }));
    urls[urls.length] = url;
    let made;
    try {
      const exports = await import(url);
      made = { exports: isCommon && isObject(exports.default) ? { __proto__: null, ...exports.default, default: exports.default } : exports };
    } catch (error) {
      made = { trouble: trouble(error) };
    }
    revokeObjectURL(url);
    fresh[fresh.length] = made;
  };

  /** What was thrown, and where: line and column of the script. */
  const trouble = (error) => {
    let told = { Value: `a value of type ${typeof error}` };
    let at = null;
    if (typeof error === "string") told = { Value: stringify(error) };
    else if (error === null || ["number", "boolean", "undefined"].includes(typeof error)) told = { Value: asText(error) };
    else if (error instanceof ErrorOf) {
      const { name, message, stack } = error;
      told = { Error: message ? `${asText(name)}: ${asText(message)}` : asText(name) };
      for (const line of asText(stack).split("\n")) {
        const place = /(blob:[^\s()]+?):(\d+):(\d+)/.exec(line);
        if (place && urls.includes(place[1])) {
          at = [0, Number(place[2]), Number(place[3])];
          break;
        }
      }
    }
    return { Threw: { thrown: told, at } };
  };
  class Trouble {
    constructor(what) {
      this.what = what;
    }
  }
  const fail = (what) => {
    throw new Trouble(what);
  };

  // Which of the things that a script exports is its comparator; as the program chooses.
  const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";
  const names = (exports) => ownKeys(exports).filter((name) => typeof name === "string").slice(0, 20);
  const walk = (exports, parts) => {
    let of;
    let value = exports;
    for (let at = 0; at < parts.length; at++) {
      if (!isObject(value)) return {};
      [of, value] = [value === exports ? undefined : value, value[parts[at]]];
    }
    return { of, value };
  };
  const named = (exports, name) => {
    const [path, method] = name.split("#");
    const parts = path.split(".");
    let { value } = walk(exports, parts);
    let instance;
    if (method !== undefined) {
      if (typeof value !== "function") fail({ NoExport: names(exports) });
      instance = construct(value, []);
      value = isObject(instance) ? instance[method] : undefined;
    }
    if (value === undefined) fail({ NoExport: names(exports) });
    if (typeof value !== "function") fail("NoFunction");
    if (/^class\b/.test(apply(sourceOf, value, []))) fail("Class");
    return { name, exports, parts, method, instance };
  };
  // The function as it is now: a script may give its export another value, which is then what all call.
  const current = ({ name, exports, parts, method, instance }) => {
    const { of, value } = method === undefined ? walk(exports, parts) : { of: instance, value: instance[method] };
    if (typeof value !== "function") throw new TypeErrorOf(`\`${name}\` is no function any more`);
    return { pick: value, of };
  };
  const found = (exports, name) => {
    try {
      return named(exports, name);
    } catch (error) {
      if (error instanceof Trouble) return undefined;
      throw error;
    }
  };
  const usual = (exports) => {
    const name = "pickFreshestJwt";
    if (has(exports, name)) return named(exports, name);
    for (const other of ["default", `default.${name}`, "default.default"]) {
      const one = found(exports, other);
      if (one) return one;
    }
    const all = names(exports);
    const functions = all.filter((one) => found(exports, one));
    if (functions.length === 1) return named(exports, functions[0]);
    return fail(functions.length ? { NoChoice: functions } : { NoExport: all });
  };

  // Calls. Both tokens are made anew for each question, so that none carries anything from one to another.
  const made = THE_TOKENS;
  const tokenOf = ({ raw, jwt: text }, shape) => {
    const jwt = parse(text);
    if (shape === "Decoded") return jwt;
    if (shape !== "Both") return made(jwt, raw, shape === "Instance");
    const { encoded, header, claims } = jwt;
    return { object: "token", jwt, getRawString: () => raw, encoded, header, claims };
  };
  const relay = (frames, pick, of, given) => (frames > 1 ? relay(frames - 1, pick, of, given) : apply(pick, of, given));
  const contexts = new Map();
  const pickIn = (engine, call, parameters, [existing, incoming]) => {
    const { pick, of } = current(contexts.get(engine));
    const given = parameters.map((one) => ({ Existing: existing, Incoming: incoming, Now: call.now, NowMilliseconds: call.now * 1000 })[one]);
    return call.frames === 0 && of === undefined ? apply(pick, undefined, given) : relay(call.frames, pick, of, given);
  };
  const tokensOf = (call) => [tokenOf(call.existing, call.shape), tokenOf(call.incoming, call.shape)];
  const described = (result, existing, incoming) => {
    const known = [
      [existing, "the existing token"],
      [incoming, "the incoming token"],
      [existing.jwt, "the jwt inside of the existing token"],
      [incoming.jwt, "the jwt inside of the incoming token"],
    ];
    for (const [one, what] of known) if (result === one) return what;
    if (result === undefined || result === null) return asText(result);
    if (typeof result !== "object") return typeof result === "bigint" ? "a bigint" : `a ${typeof result}`;
    if (result instanceof Promise) return "a promise";
    try {
      const text = stringify(result);
      if (known.some(([one]) => stringify(one) === text)) return "a copy of a token";
    } catch {
      // Whatever a `toJSON` or a proxy threw.
    }
    return "another object";
  };

  const doers = {
    Load({ engine, function: name }) {
      const made = fresh.shift();
      if (!made) return { Failed: { Engine: "there is no context left" } };
      if (made.trouble) return { Failed: made.trouble };
      const chosen = name === null ? usual(made.exports) : named(made.exports, name);
      contexts.set(engine, chosen);
      return { Loaded: chosen.name };
    },
    Ask({ engine, call, parameters, again }) {
      [senses.clock, senses.drawn] = [call.clock, call.chance];
      const [existing, incoming] = tokensOf(call);
      if (again) {
        for (const tokens of [[incoming, existing], [existing, incoming]]) {
          try {
            pickIn(engine, call, parameters, tokens);
          } catch {
            // What counts is the answer that comes after these.
          }
        }
      }
      const result = pickIn(engine, call, parameters, [existing, incoming]);
      return {
        Returned: {
          existing: result === existing ? true : result === incoming ? false : null,
          truth: typeof result === "boolean" ? result : null,
          // Only its sign counts, and JSON has no infinity.
          number: typeof result !== "number" || same(result, NaN) ? null : result > 0 ? 1 : result < 0 ? -1 : 0,
          what: described(result, existing, incoming),
        },
      };
    },
    Exercise({ engine, call, parameters, times, milliseconds }) {
      [senses.clock, senses.drawn] = [call.clock, call.chance];
      const since = now();
      let tokens = tokensOf(call);
      for (let n = 1; n <= times && now() - since < milliseconds; n++) {
        pickIn(engine, call, parameters, tokens);
        if (n % SAME_TOKENS === 0) tokens = tokensOf(call);
      }
      return "Done";
    },
  };
  const ordered = (order) => {
    if (order === "Used") return { Used: [senses.looked && "the clock", senses.gambled && "Math.random()"].filter(Boolean).join(" and ") };
    const since = now();
    const [[what, arguments_]] = Object.entries(order);
    let answer;
    try {
      answer = doers[what](arguments_);
    } catch (error) {
      answer = { Failed: error instanceof Trouble ? error.what : trouble(error) };
    }
    return now() - since > CALL_TIME ? { Failed: "Late" } : answer;
  };

  // The module, whose session asks.
  let module;
  const memory = (at, length) => new Uint8Array(module.memory.buffer, at >>> 0, length);
  const encoder = new EncoderOf();
  const decoder = new DecoderOf();
  const put = (text) => {
    const bytes = encoder.encode(text);
    memory(module.room(bytes.length), bytes.length).set(bytes);
  };
  const imports = {
    now,
    panicked: (at, length) => {
      throw new ErrorOf(`a bug of freshest: ${decoder.decode(memory(at, length))}`);
    },
    engine: (at, length) => put(stringify(ordered(parse(decoder.decode(memory(at, length)))))),
  };
  const serve = (request) => {
    put(stringify({ do: "serve", request }));
    const length = module.ask() >>> 0;
    return decoder.decode(memory(module.answered(), length));
  };

  globalThis.onmessage = async ({ data: { bytes, text, port } }) => {
    globalThis.onmessage = null;
    const post = port.postMessage.bind(port);
    // As a build would: CommonJS is a module that exports what it leaves there. Lines stay where they are.
    isCommon = !/^\s*(export|import)\b/m.test(text) && /\bexports\b/.test(text);
    code = isCommon ? `const module = { exports: {} }; let exports = module.exports; ${text}\n;export default module.exports;` : text;
    try {
      module = (await instantiate(bytes, { freshest: imports })).instance.exports;
      port.onmessage = async ({ data: { id, request } }) => {
        try {
          if (!request.startsWith('{"Read"')) while (fresh.length < CONTEXTS) await evaluate();
          post({ id, answer: serve(request) });
        } catch (error) {
          post({ id, answer: stringify({ trouble: { Engine: asText(error) } }) });
        }
      };
      lockDown();
      post({ ready: true });
    } catch (error) {
      post({ ready: false, why: asText(error) });
    }
  };
  freeze(imports);
})();
