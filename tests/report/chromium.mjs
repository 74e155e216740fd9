// The browser that the tests look through, and the program under test.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";

// What the tests say when they are skipped; false if there is a browser.
export const skip = existsSync(EXECUTABLE)
  ? false
  : `no Chromium at ${EXECUTABLE}: install Debian's chromium, or name another with CHROMIUM=PATH`;

export const launch = () =>
  chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });

// The program under test.
export const program = () => {
  const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
  const path = process.env.FRESHEST ?? join(target, "release", "freshest");
  if (!existsSync(path)) throw new Error(`${path} is missing: run cargo build --release first`);
  return path;
};

// Runs freshest where models/ is. The exit code of a gate is not what is tested here.
export const freshest = (...args) => {
  const options = { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 26 };
  const { stdout, stderr, status } = spawnSync(program(), args, options);
  if (status === 2 || status === null) throw new Error(stderr);
  return stdout;
};
