import { existsSync, statSync } from "node:fs";
import path from "node:path";

/** A name that would lead to another file. */
export class Misleading extends Error {}

const isFolder = (name) => statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;

/**
 * What the program calls a folder, and where it is. WASI gives a program single folders, and it has no current
 * one: a name begins with one of these, or leads nowhere. So it gets the current folder and every one
 * above it, since `../models` is a name of its own.
 *
 * WASI's library drops the `/` that a whole path begins with, so `/tmp/x` and `tmp/x` are the same to it. Hence
 * the program gets `/tmp` only where an argument names it so, and then nothing here may be called `tmp`.
 */
export function places(cwd, args, { parse, dirname, join } = path, isThere = existsSync, isFolderThere = isFolder) {
  const places = { ".": cwd };
  const { root } = parse(cwd);
  let up = "..";
  for (let at = cwd; at !== root; at = dirname(at)) {
    places[up] = dirname(at);
    up = `../${up}`;
  }
  // A path may stand behind an option's `=`, or behind a format's.
  const names = args.flatMap((arg) => [arg, arg.slice(arg.indexOf("=") + 1), arg.slice(arg.lastIndexOf("=") + 1)]);
  for (const name of names) {
    const [whole, top] = /^\/+([^/]+)/.exec(name) ?? [];
    if (!whole) continue;
    const isRelative = (other) => other === top || other.startsWith(`${top}/`);
    if (top === "." || top === ".." || isThere(join(cwd, top)) || names.some(isRelative)) {
      throw new Misleading(`${name} and ${name.replace(/^\/+/, "")} are one name in WebAssembly`);
    }
    if (!isFolderThere(`/${top}`)) throw new Misleading(`${name}: there is no folder /${top}`);
    places[`/${top}`] = `/${top}`;
  }
  return places;
}
