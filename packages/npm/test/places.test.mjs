import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { Misleading, places } from "../places.mjs";

const nothing = () => false;
const all = () => true;

test("the current folder and all above it have the names by which they are reached", () => {
  assert.deepEqual(places("/a/b", [], path.posix, nothing, all), { ".": "/a/b", "..": "/a", "../..": "/" });
  assert.deepEqual(places("/", [], path.posix, nothing, all), { ".": "/" });
  assert.deepEqual(places("C:\\a", [], path.win32, nothing, all), { ".": "C:\\a", "..": "C:\\" });
});

test("a whole path is reached where an argument names it, and no other is", () => {
  const args = ["check", "--models", "/tmp/models", "--output", "json=/var/x.json", "--receipt=/srv/r"];
  const there = places("/a", args, path.posix, nothing, all);
  assert.deepEqual(there, { ".": "/a", "..": "/", "/tmp": "/tmp", "/var": "/var", "/srv": "/srv" });
});

test("a whole path that is also one from here is refused: the wrong file would be read, or written", () => {
  const refused = (args, isThere) => assert.throws(() => places("/a", args, path.posix, isThere, all), Misleading);
  refused(["--models", "/tmp/models"], (name) => name === "/a/tmp");
  refused(["--models", "/tmp/models", "--output", "json=tmp/x.json"], nothing);
  refused(["--models", "/../x"], nothing);
  assert.throws(() => places("/a", ["--output", "json=/x.json"], path.posix, nothing, nothing), Misleading);
});
