// Writes the playground as one file: node playground/build.mjs MODULE.wasm OUTPUT.html
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const [module, output] = process.argv.slice(2);
if (!output) {
  console.error("usage: node playground/build.mjs MODULE.wasm OUTPUT.html");
  process.exit(2);
}
const here = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
const text = (value) => JSON.stringify(value).replaceAll("<", "\\u003c");
// Base 91, thirteen bits in two letters: base64 needs a twelfth more.
const LETTERS = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).filter((letter) => !"\"\\<".includes(letter)).join("");
const letters = (bytes) => {
  const pairs = [];
  let [bits, count] = [0, 0];
  const put = (value) => pairs.push(LETTERS[Math.floor(value / 91)] + LETTERS[value % 91]);
  for (const byte of bytes) {
    bits |= byte << count;
    count += 8;
    if (count >= 13) {
      put(bits & 8191);
      bits >>= 13;
      count -= 13;
    }
  }
  if (count) put(bits);
  return pairs.join("");
};
// Lines that are comments, and indentation: the page is to be small, and what is read is here.
const lean = (script) => script.replaceAll(/^\s*(\/\/.*|\/\*\*.*\*\/)?\n/gm, "").replaceAll(/^\s+/gm, "");
const texts = Buffer.from(
  JSON.stringify({
    css: (here("../templates/report.css") + here("page.css")).replaceAll(/\/\*.*?\*\//gs, "").replaceAll(/^\s+/gm, ""),
    page: lean(here("link.js").replaceAll(/^export /gm, "")) + ["own.js", "bench.js", "form.js", "check.js", "page.js"].map((name) => lean(here(name))).join(""),
    worker: lean(here("worker.js")),
    engine: lean(
      here("comparator.js")
        .replace("THE_ENVIRONMENT", () => `(${here("../src/script/environment.js")})`)
        .replace("THE_TOKENS", () => here("../src/script/tokens.js").trim()),
    ),
  }),
);
const length = Buffer.alloc(4);
length.writeUInt32LE(texts.length);
const packed = gzipSync(Buffer.concat([length, texts, readFileSync(module)]), { level: 9, memLevel: 9 });
const script = [
  `const MODULE = ${text(letters(packed))};`,
  `const MODULE_BYTES = ${packed.length};`,
  `const LETTERS = ${text(LETTERS)};`,
  lean(here("unpack.js")),
].join("\n");
const page = here("page.html").replaceAll(/^ +/gm, "")
  .replace("/*{SCRIPT}*/", () => script);
const most = 1_000_000;
if (page.length > most) {
  console.error(`error: the page has ${page.length} bytes, more than ${most}`);
  process.exit(1);
}
writeFileSync(output, page);
console.log(`${output}: ${page.length} bytes`);
