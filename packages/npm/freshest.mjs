#!/usr/bin/env node
// Runs the program, which is WebAssembly, by Node's own WASI: arguments, environment, standard streams
// and files are the program's, and so is the exit code.
import { readFile } from "node:fs/promises";
import { Misleading, places } from "./places.mjs";

// Node calls its WASI experimental at every start. Every other warning is shown.
const warn = process.emitWarning;
process.emitWarning = (warning, ...rest) =>
  String(warning).includes("WASI is an experimental feature")
    ? undefined
    : warn.call(process, warning, ...rest);
const { WASI } = await import("node:wasi");

const args = process.argv.slice(2);
let preopens;
try {
  preopens = places(process.cwd(), args);
} catch (error) {
  if (!(error instanceof Misleading)) throw error;
  process.stderr.write(`error: ${error.message}\n  help: name the file as seen from here, such as ../FILE\n`);
  process.exit(2);
}
const wasi = new WASI({ version: "preview1", args: ["freshest", ...args], env: process.env, preopens });

// A pipe may be one that does not block, because whoever started this set it so: what does not fit into it
// now will in a moment.
const EAGAIN = 6;
const moment = new Int32Array(new SharedArrayBuffer(4));
const { fd_write } = wasi.wasiImport;
const patient = (...args) => {
  for (;;) {
    const errno = fd_write(...args);
    if (errno !== EAGAIN) return errno;
    Atomics.wait(moment, 0, 0, 1);
  }
};

const program = await readFile(new URL("freshest.wasm", import.meta.url));
const imports = { wasi_snapshot_preview1: { ...wasi.wasiImport, fd_write: patient } };
const { instance } = await WebAssembly.instantiate(program, imports);
try {
  process.exitCode = wasi.start(instance);
} catch (error) {
  if (!(error instanceof WebAssembly.RuntimeError)) throw error;
  // What the program said before it stopped is on standard error.
  const full = instance.exports.memory.buffer.byteLength > 1.5 * 2 ** 30;
  const why = full
    ? "error: WebAssembly's memory is full, 4 GiB; nothing is known\n  help: bound the run with" +
      " --memory-limit 1500MiB (what is open then is inconclusive), or take the program for your platform\n"
    : `error: the program stopped: ${error.message}\n`;
  process.stderr.write(why);
  process.exitCode = full ? 2 : 101;
}
