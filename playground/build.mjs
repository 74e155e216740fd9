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
// Base 85, four bytes in five letters: base64 would make the page larger by a sixteenth.
const LETTERS = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).filter((letter) => !"\"\\<&'`$>/".includes(letter)).join("");
const letters = (bytes) => {
  const padded = Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  const words = [];
  for (let at = 0; at < padded.length; at += 4) {
    let number = padded.readUInt32LE(at);
    for (let digit = 0; digit < 5; digit++, number = Math.floor(number / 85)) words.push(LETTERS[number % 85]);
  }
  return words.join("");
};
const packed = gzipSync(readFileSync(module), { level: 9 });
const script = [
  here("link.js").replaceAll(/^export /gm, ""),
  `const MODULE = ${text(letters(packed))};`,
  `const MODULE_BYTES = ${packed.length};`,
  `const LETTERS = ${text(LETTERS)};`,
  `const WORKER = ${text(here("worker.js"))};`,
  here("page.js"),
]
  .join("\n")
  // Else the page's script would end there.
  .replaceAll("</script", "<\\/script");
const page = here("page.html")
  .replace("/*{CSS}*/", () => here("../templates/report.css") + here("page.css"))
  .replace("/*{SCRIPT}*/", () => script);
const most = 1 << 20;
if (page.length > most) {
  console.error(`error: the page has ${page.length} bytes, more than ${most}`);
  process.exit(1);
}
writeFileSync(output, page);
console.log(`${output}: ${page.length} bytes`);
