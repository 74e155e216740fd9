// Unpacks the page: its style, its scripts and the module, which are one text. First four bytes, how long the other
// texts are, in JSON; then these; then the module.
const decoded = async () => {
  const value = new Uint8Array(128);
  for (let index = 0; index < 91; index++) value[LETTERS.charCodeAt(index)] = index;
  const bytes = new Uint8Array(MODULE_BYTES + 2);
  let [bits, count, to] = [0, 0, 0];
  for (let at = 0; at < MODULE.length; at += 2) {
    bits |= (value[MODULE.charCodeAt(at)] * 91 + value[MODULE.charCodeAt(at + 1)]) << count;
    for (count += 13; count >= 8; count -= 8, bits >>= 8) bytes[to++] = bits;
  }
  const stream = new Blob([bytes.subarray(0, MODULE_BYTES)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

const whole = await decoded();
const texts = 4 + new DataView(whole.buffer).getUint32(0, true);
const { css, page, worker, engine } = JSON.parse(new TextDecoder().decode(whole.subarray(4, texts)));
globalThis.unpacked = { module: whole.subarray(texts), worker, engine };
for (const [kind, text] of [["style", css], ["script", page]]) {
  const element = document.createElement(kind);
  if (kind === "script") element.type = "module";
  element.textContent = text;
  document.head.append(element);
}
