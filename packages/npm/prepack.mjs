// Before `npm pack` and `npm publish`: the program has to be there, of this version, and be small.
import { copyFileSync, existsSync, readFileSync, statSync } from "node:fs";

const here = (name) => new URL(name, import.meta.url);
const fail = (message) => {
  console.error(`error: ${message}`);
  process.exit(1);
};

copyFileSync(here("../../LICENSE"), here("LICENSE"));
if (!existsSync(here("freshest.wasm"))) fail("there is no freshest.wasm here: .ci/wasm build makes it");
const { version } = JSON.parse(readFileSync(here("package.json"), "utf8"));
const manifest = readFileSync(here("../../Cargo.toml"), "utf8");
if (!manifest.includes(`\nversion = "${version}"\n`)) fail(`Cargo.toml is of another version than ${version}`);
const { size } = statSync(here("freshest.wasm"));
if (size > 7 * 2 ** 20) fail(`freshest.wasm has ${size} bytes, more than 7 MiB`);
