// What was edited, in the words of a link: `pr-9030&A3=incoming&sites=broadcast,seed&scenario=own-refresh`.
// Nothing of it is sent anywhere: it is the address's fragment.

/** Names in a link, and where they are in a design's file. */
const PLACES = {
  comparator: ["rule", "comparator"],
  sites: ["guards", "sites"],
  seed: ["guards", "seed"],
  measures: ["guards", "measures"],
  post: ["tabs", "post"],
  answer: ["tabs", "answer"],
  request: ["tabs", "request"],
  timer: ["tabs", "timer"],
};
const ROW = /^[AB][1-5]$/;
const BUDGETS = /^budget\.[a-z]+(_[a-z]+)*$/;

const placeOf = (name) => (ROW.test(name) ? ["rule", name] : Object.hasOwn(PLACES, name) ? PLACES[name] : undefined);
const valueAt = (value, path) => path.reduce((at, key) => at?.[key], value);
const inWords = (value) => (value === undefined ? "-" : Array.isArray(value) ? value.join(",") : String(value));

/** The changes from one design's values to another's, in words. */
export function designWords(from, to) {
  const rows = Object.keys({ ...from.rule, ...to.rule }).filter((name) => ROW.test(name));
  const names = [...rows.sort(), ...Object.keys(PLACES)];
  return names
    .map((name) => [name, valueAt(from, placeOf(name)), valueAt(to, placeOf(name))])
    .filter(([, before, after]) => JSON.stringify(before) !== JSON.stringify(after))
    .map(([name, , after]) => [name, inWords(after)]);
}

/** The changes from one scenario's values to another's, in words. */
export function scenarioWords(from, to) {
  const budgets = Object.keys({ ...from.budget, ...to.budget }).sort();
  const places = [["tabs"], ["keys"], ...budgets.map((name) => ["budget", name])];
  return places
    .map((path) => [path.join("."), valueAt(from, path), valueAt(to, path)])
    .filter(([, before, after]) => JSON.stringify(before) !== JSON.stringify(after))
    .map(([name, , after]) => [name, inWords(after)]);
}

/** The inverse: what to set in a design's text and in a scenario's. */
export function changes(words) {
  const design = [];
  const scenario = [];
  for (const [name, text] of words) {
    const nothing = text === "-";
    if (placeOf(name)) {
      const list = name === "sites" || name === "measures";
      const value = list ? text.split(",").filter(Boolean) : text;
      design.push({ path: placeOf(name), value: nothing ? null : value });
    } else if (name === "tabs" || name === "keys" || BUDGETS.test(name)) {
      if (!nothing && !/^\d{1,3}$/.test(text)) continue;
      scenario.push({ path: name.split("."), value: nothing ? null : Number(text) });
    }
  }
  return { design, scenario };
}

/** What a fragment says: the design's name, and pairs of a name and a text. */
export function parse(fragment) {
  const parts = fragment.replace(/^#/, "").split("&").filter(Boolean);
  const plain = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  const pairs = parts.filter((part) => part.includes("="));
  const words = pairs.map((part) => [part.slice(0, part.indexOf("=")), plain(part.slice(part.indexOf("=") + 1))]);
  const design = parts.find((part) => !part.includes("="));
  return { design: design && plain(design), words };
}

/** A fragment that says it; commas, dots and slashes stay readable. */
export function write(design, words) {
  const said = (text) => encodeURIComponent(text).replaceAll("%2C", ",").replaceAll("%2F", "/");
  return `#${said(design)}${words.map(([name, text]) => `&${name}=${said(text)}`).join("")}`;
}

const pump = async (bytes, stream) => new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());

/** A text that no words say, packed. */
export async function pack(text) {
  const bytes = await pump(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The inverse; at most 64 KiB, whatever somebody packed. */
export async function unpack(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts = [];
  for (let total = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    total += value.length;
    if (total > 65536) throw new Error("the text in the link is longer than 64 KiB");
    parts.push(value);
  }
  return new Blob(parts).text();
}

/** What an edit changed: verdicts that are others, or counterexamples of another length. Shortest first, what
 * is newly violated before everything else. */
export function changed(before, after) {
  const key = (run, of) => `${run.scenario}/${of.name}`;
  const known = new Map(before.results.flatMap((run) => run.properties.map((of) => [key(run, of), of])));
  const found = after.results.flatMap((run) =>
    run.properties.map((of) => ({ cell: key(run, of), run, was: known.get(key(run, of)), is: of })),
  );
  const kind = ({ was, is }) => {
    if (is.verdict === "violated" && was?.verdict !== "violated") return "newly violated";
    if (is.verdict === "inconclusive") return "not known any more";
    if (was?.verdict === "violated" && is.verdict === "holds") return "newly met";
    if (is.verdict === "vacuous") return "nothing left that could violate it";
    return is.verdict === was?.verdict ? "other length" : "other verdict";
  };
  const order = ["newly violated", "not known any more", "nothing left that could violate it", "newly met", "other verdict", "other length"];
  return found
    .filter(({ was, is }) => was?.verdict !== is.verdict || was?.steps !== is.steps)
    .map((one) => ({ ...one, kind: kind(one) }))
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.is.steps ?? a.was?.steps ?? 0) - (b.is.steps ?? b.was?.steps ?? 0) || a.cell.localeCompare(b.cell));
}
