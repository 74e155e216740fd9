// The page: a form that edits texts, a worker that checks them, and the report in a frame.
const $ = (id) => document.getElementById(id);
const h = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

const { module: bytes, worker: WORKER, engine: ENGINE } = globalThis.unpacked;

/** A worker with the module in it. `ask` resolves to an answer, or throws what is wrong; `end` ends it at once. */
class Bench {
  #worker;
  #waiting = new Map();
  #next = 0;
  #ended = false;
  constructor(bytes) {
    const url = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
    this.#worker = new Worker(url);
    URL.revokeObjectURL(url);
    this.#worker.onmessage = ({ data: { id, answer } }) => {
      const waiting = id === null ? [...this.#waiting.values()] : [this.#waiting.get(id)];
      if (id === null) this.#waiting.clear();
      else this.#waiting.delete(id);
      for (const one of waiting) answer.error ? one?.reject(new Error(answer.error)) : one?.resolve(answer);
    };
    this.#worker.onerror = (event) => this.#fail(event.message);
    this.ready = this.#post({ bytes });
    // It may be ended before anybody waits for it.
    this.ready.catch(() => undefined);
  }
  #post(message) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...message });
    });
  }
  #fail(message) {
    for (const one of this.#waiting.values()) one.reject(new Error(message));
    this.#waiting.clear();
  }
  ask(request) {
    return this.#ended ? Promise.reject(new Error("stopped")) : this.#post({ request });
  }
  end() {
    this.#ended = true;
    this.#worker.terminate();
    this.#fail("stopped");
  }
}

const desk = new Bench(bytes);
/** Who checks: two where the machine has processors for them, the second once there is something to share. */
let runners = [new Bench(bytes)];
const MOST = Math.min(2, navigator.hardwareConcurrency || 1);
await runners[0].ready;
const known = await runners[0].ask({ do: "list" });
const { rows, schemas } = known;
const byName = (list) => new Map(list.map((one) => [one.name, one]));
const designs = byName(known.designs);
const scenarios = byName(known.scenarios);
$("version").textContent = known.version;

/** What is edited: texts and, as far as they can be read, their values. */
const state = { design: undefined, scenario: "", text: { design: "", scenario: "" }, value: { design: {}, scenario: {} }, open: "" };
const original = (kind) => (kind === "design" ? designs.get(state.design) : scenarios.get(state.scenario))?.text ?? "";
const values = new Map();
const valueOf = async (text) => {
  if (!values.has(text)) values.set(text, (await desk.ask({ do: "read", text })).value);
  return values.get(text);
};

// The form, made of what designs and scenarios may say.

const definition = (schema, of) => (of.$ref ? schema.$defs[of.$ref.split("/").pop()] : of);
const fields = [];

/** A control for a place: `get` reads what the control says, `set` shows a value. */
const field = (kind, path, control, get, set) => {
  fields.push({ kind, path, control, get, set });
  return control;
};

const choice = (kind, path, label, options, usual) => {
  const select = h("select", { "aria-label": label }, ...options.map((name) => h("option", { value: name }, name)));
  const get = () => (select.value === usual ? null : select.value);
  const set = (value) => {
    const name = typeof value === "object" ? "a script" : (value ?? usual);
    if (![...select.options].some((option) => option.value === name)) select.append(h("option", { value: name, disabled: true }, name));
    select.value = name;
  };
  return field(kind, path, select, get, set);
};

const marks = (kind, path, options) => {
  const boxes = options.map((name) => h("input", { type: "checkbox", value: name }));
  const group = h("div", {}, ...boxes.map((box) => h("label", {}, box, box.value)));
  const get = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const set = (value) => boxes.forEach((box) => (box.checked = (value ?? []).includes(box.value)));
  return field(kind, path, group, get, set);
};

const amount = (kind, path, label, least, most, usual) => {
  const input = h("input", { type: "number", min: least, max: most });
  const get = () => (input.value === "" || Number(input.value) === usual ? null : Number(input.value));
  const set = (value) => (input.value = value ?? usual);
  return h("label", {}, label, field(kind, path, input, get, set));
};

const fieldset = (legend, ...children) => h("fieldset", {}, h("legend", {}, legend), ...children);

const makeForms = () => {
  const schema = schemas.design;
  const at = (name) => definition(schema, schema.properties[name]).properties;
  const enumOf = (of) => definition(schema, of).enum;
  const row = ({ name, when, why, winner }) =>
    h("div", { class: "row", title: why }, h("b", {}, name), h("span", {}, when), choice("design", ["rule", name], `Row ${name}: ${when}`, ["existing", "incoming"], winner));
  const comparator = choice("design", ["rule", "comparator"], "Comparator", schema.$defs.comparator.enum, undefined);
  const seed = choice("design", ["guards", "seed"], "Seed", enumOf(at("guards").seed), "last-active");
  const tabs = Object.entries(at("tabs")).map(([name, of]) => h("label", {}, name, choice("design", ["tabs", name], `Tabs: ${name}`, enumOf(of), enumOf(of)[0])));
  $("design-form").append(
    fieldset("The rule", h("label", {}, "comparator", comparator), ...rows.map(row)),
    fieldset("Guard sites: where it is asked", marks("design", ["guards", "sites"], enumOf(at("guards").sites.items))),
    fieldset("Seed: which token a request starts from", seed),
    fieldset("Measures: what is done beside", marks("design", ["guards", "measures"], enumOf(at("guards").measures.items))),
    fieldset("Tabs", ...tabs),
  );
  const budgets = Object.keys(definition(schemas.scenario, schemas.scenario.properties.budget).properties);
  $("scenario-form").append(
    fieldset("The scenario", amount("scenario", ["tabs"], "tabs", 1, 8), amount("scenario", ["keys"], "keys", 1, 2, 1)),
    h("fieldset", { class: "budgets" }, h("legend", {}, "How often each may happen"), ...budgets.map((name) => amount("scenario", ["budget", name], name, 0, 9, 0))),
  );
};


/** Shows what the texts say, and what of it is edited. */
const show = async () => {
  for (const kind of ["design", "scenario"]) {
    const area = $(`${kind}-text`);
    if (area.value !== state.text[kind]) area.value = state.text[kind];
  }
  const was = { design: await valueOf(original("design")), scenario: state.scenario ? await valueOf(original("scenario")) : {} };
  for (const { kind, path, control, set } of fields) {
    const value = valueAt(state.value[kind], path);
    set(value);
    const edited = JSON.stringify(value) !== JSON.stringify(valueAt(was[kind], path));
    control.toggleAttribute("data-edited", edited);
  }
  $("design-title").textContent = designs.get(state.design).title;
  $("scenario-title").textContent = state.scenario ? scenarios.get(state.scenario).title : "All scenarios that the design can be run in.";
  $("scenario-form").hidden = $("scenario-more").hidden = !state.scenario;
  $("reset").disabled = !isEdited();
  const link = await linkOf();
  if (location.hash !== link) history.replaceState(null, "", link);
};

const isEdited = () => ["design", "scenario"].some((kind) => state.text[kind] !== original(kind));

/** What is wrong: with a text, with a run, with a link. Each stays until it is mended. */
const faults = { text: undefined, run: undefined, link: undefined };
const tell = (what, error) => {
  faults[what] = error;
  const all = Object.values(faults).filter(Boolean).join("\n");
  $("error").hidden = !all;
  $("error").textContent = all;
};

/** The link to what is edited: in words, where words say all of it. */
const linkOf = async () => {
  const words = [];
  const says = async (kind, from, text, some) => {
    if (text === from) return true;
    const set = changes(some)[kind];
    const said = await desk.ask({ do: "edit", text: from, set }).catch(() => undefined);
    return said && JSON.stringify(await valueOf(said.text)) === JSON.stringify(state.value[kind]);
  };
  const design = designWords(await valueOf(original("design")), state.value.design);
  if (await says("design", original("design"), state.text.design, design)) words.push(...design);
  else words.push(["toml", await pack(state.text.design)]);
  if (state.scenario) {
    words.push(["scenario", state.scenario]);
    const scenario = scenarioWords(await valueOf(original("scenario")), state.value.scenario);
    if (await says("scenario", original("scenario"), state.text.scenario, scenario)) words.push(...scenario);
    else words.push(["scenario-toml", await pack(state.text.scenario)]);
  }
  if (state.open) words.push(["open", state.open]);
  return write(state.design, [...words, ["v", known.version]]);
};

/** Edits a text: by its form, or as a whole. A text that cannot be read stays, and is told; `then`, if it can. */
const setText = async (kind, text, then) => {
  state.text[kind] = text;
  state.open = "";
  try {
    state.value[kind] = await valueOf(text);
    tell("text");
  } catch (error) {
    tell("text", error.message);
    return;
  }
  then?.();
  await show();
};

const choose = async (design, scenario) => {
  state.design = design;
  state.scenario = scenario;
  $("design").value = design;
  $("scenario").value = scenario;
  for (const kind of ["design", "scenario"]) {
    state.text[kind] = original(kind);
    state.value[kind] = await valueOf(original(kind));
  }
};

/** Takes over what a link says. */
const follow = async () => {
  const { design, words } = parse(location.hash);
  const said = Object.fromEntries(words);
  const notes = [];
  if (design && !designs.has(design)) notes.push(`There is no design "${design}" in this version.`);
  if (said.scenario && !scenarios.has(said.scenario)) notes.push(`There is no scenario "${said.scenario}" in this version.`);
  if (said.v && said.v !== known.version) notes.push(`The link was made by version ${said.v}; this page is version ${known.version}, and may find something else.`);
  await choose(designs.has(design) ? design : "pr-9030", scenarios.has(said.scenario) ? said.scenario : "");
  const set = changes(words);
  for (const kind of ["design", "scenario"]) {
    const packed = said[kind === "design" ? "toml" : "scenario-toml"];
    try {
      if (packed) await setText(kind, await unpack(packed));
      else if (set[kind].length && (kind === "design" || state.scenario)) await setText(kind, (await desk.ask({ do: "edit", text: state.text[kind], set: set[kind] })).text);
    } catch (error) {
      notes.push(`The link's ${kind} cannot be read: ${error.message}`);
    }
  }
  state.open = said.open ?? "";
  await show();
  tell("link", notes.join("\n"));
};

// Checking.

/** An answer, once everything is known that a comparator has to be asked for it. */
const complete = async (bench, own, request) => {
  if (!own) return bench.ask(request);
  for (;;) {
    const answer = await bench.ask({ ...request, comparator: { ...request.comparator, replies: own.replies } });
    if (!answer.open) return answer;
    // Answers are confirmed in a context that knows nothing of them.
    let again = answer.open[0].startsWith('{"Confirm"') ? await own.ask('"Reload"') : undefined;
    if (again === '{"reply":"Done"}') again = undefined;
    for (const open of answer.open) {
      const reply = again ?? (await own.ask(open));
      own.replies.push([open, reply]);
      if (!reply.startsWith('{"reply"') || reply.startsWith('{"reply":{"Failed"')) break;
    }
  }
};

/** How long each scenario took when it was last run. */
const took = new Map();

/** How long what is asked for at once may take: a question by itself takes a millisecond. */
const TOGETHER = 0.02;

/** Runs a design in every scenario, what takes longest first, and says how far it is. */
const run = async ({ of, models, names, limits }, told, own) => {
  // A comparator that is pasted answers one after the other.
  while (!own && runners.length < Math.min(MOST, names.length)) runners.push(new Bench(bytes));
  const last = (name) => took.get(name) ?? TOGETHER / 4;
  const waiting = names.toSorted((a, b) => last(b) - last(a));
  /** What takes longest of what waits, and with it, as long as that is short, what follows. */
  const some = () => {
    const all = waiting.splice(0, 1);
    for (let sum = last(all[0]); waiting.length && !own && (sum += last(waiting[0])) <= TOGETHER; ) all.push(waiting.shift());
    return all;
  };
  let first;
  const results = new Map();
  const design = [own ? "comparator" : of];
  let done = 0;
  const work = async (bench) => {
    await bench.ready;
    while (waiting.length) {
      const scenario = some();
      told(done, scenario[0]);
      const { report } = await complete(bench, own, { do: "check", ...models, design, scenario, ...limits });
      first ??= report;
      for (const of of report.results) {
        results.set(of.scenario, of);
        took.set(of.scenario, of.seconds);
      }
      done += scenario.length;
    }
  };
  await Promise.all((own ? runners.slice(0, 1) : runners).map(work));
  const report = { ...first, results: names.flatMap((name) => results.get(name) ?? []) };
  if (!report.results.length) throw new Error("error: the design cannot be run in any of these scenarios: none is of its platform");
  report.extent.scenarios.checked = report.results.length;
  return report;
};

/** Verdicts of originals, by everything that they depend on. */
const remembered = new Map();
let checks = 0;

/** The comparator that is pasted, and how it is called. */
const pasted = () => {
  const said = { like: state.design, text: $("own-text").value };
  if ($("own-function").value) said.function = $("own-function").value;
  if ($("own-returns").value !== "token") said.returns = $("own-returns").value;
  if ($("own-parameters").value !== "existing,incoming") said.parameters = $("own-parameters").value;
  return said;
};

/** The last edit of a form, until the texts have it. */
let editing = Promise.resolve();

/** What is to be checked, and a key of all that its verdicts depend on. */
const wanted = () => {
  const limits = {
    max_states: $("max-states").valueAsNumber,
    time_limit_seconds: $("seconds").valueAsNumber,
    memory_limit_bytes: $("memory").valueAsNumber * 2 ** 20,
  };
  const names = state.scenario ? [state.scenario] : [...scenarios.keys()];
  const models = {};
  if (state.text.design !== original("design")) models.designs = { [state.design]: state.text.design };
  if (state.scenario && state.text.scenario !== original("scenario")) models.scenarios = { [state.scenario]: state.text.scenario };
  const of = state.design;
  return { of, models, names, limits, key: JSON.stringify([of, names, limits, models]) };
};

/** A check that began with an edit: whoever edits mostly asks for it a moment later. */
let ahead;
/** Whether the last one took so little that another is not noticed. */
let isQuick = false;

const begin = () => {
  if (!isQuick || $("check").disabled || !$("form").checkValidity()) return;
  const it = wanted();
  if (ahead?.key === it.key) return;
  leave();
  const mine = (ahead = { key: it.key, told: () => undefined, done: false });
  mine.report = run(it, (...how) => mine.told(...how)).finally(() => (mine.done = true));
  mine.report.catch(() => undefined);
};
/** Nobody asked for it. */
const leave = () => {
  if (ahead && !ahead.done) renew();
  ahead = undefined;
};

/** What is asked at present of a comparator that is pasted. */
let owned;

/** Checks the design, or, `withOwn`, the pasted comparator in its place. */
const check = async (withOwn = false) => {
  owned?.end();
  owned = undefined;
  const number = ++checks;
  const isOld = () => number !== checks;
  tell("run");
  $("stop").disabled = false;
  $("check").disabled = true;
  $("progress").hidden = false;
  const begun = performance.now();
  await editing;
  const it = wanted();
  const { models, names, limits } = it;
  let own;
  if (withOwn) {
    models.comparator = pasted();
    own = owned = new Own(bytes, models.comparator.text);
    own.replies = [];
  }
  const edited = Object.keys(models).length > 0;
  const texts = JSON.stringify([state.design, state.text]);
  const told = (what, from, share) => (index, scenario) => {
    $("progress").value = from + (share * index) / names.length;
    $("status").textContent = `${what}: ${scenario}, ${index + 1} of ${names.length}`;
  };
  try {
    await own?.ready;
    const checking = told("Checking", 0, edited ? 0.5 : 0.9);
    if (own || ahead?.key !== it.key) leave();
    else ahead.told = checking;
    const report = await (ahead?.report ?? run(it, checking, own));
    ahead = undefined;
    let before;
    const key = JSON.stringify([state.design, names, limits]);
    if (!edited) remembered.set(key, report);
    else {
      if (!remembered.has(key)) remembered.set(key, await run({ ...it, models: {} }, told("The original", 0.5, 0.4)));
      before = remembered.get(key);
    }
    const command = commandOf(models);
    const { text } = await complete(runners[0], own, { do: "render", ...models, report, command: command.split("\n").pop() });
    if (isOld() || texts !== JSON.stringify([state.design, state.text])) return;
    present(report, before, text, command, own && (await sha256(models.comparator.text)));
    const open = report.results.flatMap((of) => of.properties).filter((of) => of.verdict === "inconclusive").length;
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    isQuick = !own && performance.now() - begun < 3000;
    $("status").textContent = `${report.results.length} run${report.results.length === 1 ? "" : "s"} in ${seconds} s.` + (open ? ` ${open} verdicts are inconclusive: a limit was hit.` : "");
    // Most of the time goes into them, and nobody has looked at one yet.
    await shown;
    const traces = (await complete(runners[0], own, { do: "traces", ...models, report })).text;
    if (!isOld()) $("report").contentWindow.postMessage({ traces }, "*");
  } catch (error) {
    if (isOld()) return;
    if (error.message !== "stopped") tell("run", error.message);
    $("status").textContent = error.message === "stopped" ? "Stopped: nothing is known of what was not shown before." : "Nothing was checked.";
    if (error.message !== "stopped") renew();
  } finally {
    own?.end();
    // Comparators that were read stay in its memory.
    if (own && !isOld()) renew();
    if (!isOld()) {
      $("stop").disabled = true;
      $("check").disabled = false;
      $("progress").hidden = true;
    }
  }
};

const renew = () => {
  owned?.end();
  ahead = undefined;
  for (const runner of runners) runner.end();
  runners = [new Bench(bytes)];
};

/** What to type to get the same verdicts from the program. */
const commandOf = ({ designs, scenarios, comparator }) => {
  const scenario = state.scenario ? ` --scenario ${state.scenario}` : "";
  const bounds = ` --max-states ${$("max-states").value} --time-limit ${$("seconds").value} --memory-limit ${$("memory").value}MiB`;
  const word = (text) => (/^[\w.,#-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  const options = ["function", "returns", "parameters"].filter((name) => comparator?.[name]).map((name) => ` --${name} ${word(comparator[name])}`);
  const of = comparator ? `--comparator comparator.js --like ${state.design}${options.join("")}` : `--design ${state.design}`;
  const builtin = `freshest check --models builtin ${of}${scenario}${bounds}`;
  if (!designs && !scenarios) return comparator ? `# with comparator.js, which has the text that was pasted\n${builtin}` : builtin;
  const files = [comparator && "comparator.js", designs && `models/designs/${state.design}.toml`, scenarios && `models/scenarios/${state.scenario}.toml`].filter(Boolean);
  return `# with ${files.join(" and ")} saved from here, in a directory that has the other models\nfreshest check ${of}${scenario}${bounds}`;
};

/** A report within the page: its own script, in a frame that can reach nothing. */
const framed = (page, open) => {
  // The page's policy is that of the frame, too. In a frame without an address of its own, links within the
  // report have to be told where they are, and its history has no path.
  const script =
    `<base href="about:srcdoc"><script>{const r=history.replaceState;history.replaceState=(s,t)=>r.call(history,s,t,"#");` +
    `if(${JSON.stringify(open).replaceAll("<", "\\u003c")})location.hash=${JSON.stringify(open).replaceAll("<", "\\u003c")};` +
    `addEventListener("message",(e)=>{if(typeof e.data==="string")location.hash=e.data});}</script>`;
  return page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, script);
};

/** When the frame has the report, and hears what to open. */
let shown;

const sha256 = async (text) => {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** What the design is called in the report that is shown. */
let reported;

/** `own`: the SHA-256 of the comparator that was pasted, if one was. */
const present = (report, before, page, command, own) => {
  reported = own ? "comparator" : state.design;
  const at = (cell) => `${reported}/${cell}`;
  const list = $("changed");
  list.hidden = !before;
  if (before) {
    const all = changed(before, report);
    const item = ({ cell, was, is, kind }) => {
      const said = (of) => (of ? of.verdict + (of.steps ? ` in ${of.steps}` : "") : "not there");
      const name = is.verdict === "violated" ? h("a", { href: "#", "data-open": cell }, cell) : h("b", {}, cell);
      return h("li", {}, h("span", { class: `badge ${is.verdict === "violated" ? "fail" : is.verdict === "holds" ? "pass" : "unknown"}` }, kind), " ", name, ` (${said(was)}, now ${said(is)})`);
    };
    const count = all.length === 1 ? "1 verdict" : `${all.length} verdicts`;
    list.replaceChildren(h("h2", {}, all.length ? `${own ? "The comparator" : "The edit"} changed ${count}` : `${own ? "The comparator" : "The edit"} changed no verdict here`), h("ol", {}, ...all.map(item)));
  }
  const evidence = $("evidence");
  evidence.hidden = false;
  evidence.replaceChildren(
    h("b", {}, "No evidence of record. "),
    `Checked in this browser by freshest ${known.version}; the comparator's SHA-256 is `,
    h("code", {}, known.comparator),
    ...(own ? [", that of the comparator that was pasted ", h("code", {}, own)] : []),
    ". What repeats it:",
    h("pre", {}, command),
  );
  const frame = $("report");
  frame.hidden = false;
  shown = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  // For whoever looks at it from outside: what `check --format json` prints.
  frame.results = report;
  frame.srcdoc = framed(page, state.open && at(state.open));
};

// What a person does.

$("design").append(...known.designs.map(({ name, group }) => h("option", { value: name }, `${name} (${group})`)));
$("scenario").append(h("option", { value: "" }, "all"), ...known.scenarios.map(({ name }) => h("option", { value: name }, name)));
makeForms();

const edit = async (one) => {
  const set = [{ path: one.path, value: one.get() }];
  try {
    const { text } = await desk.ask({ do: "edit", text: state.text[one.kind], set });
    await setText(one.kind, text, begin);
  } catch (error) {
    tell("text", error.message);
  }
};
const changedForm = (event) => {
  const one = fields.find(({ control }) => control.contains(event.target));
  if (one) editing = editing.then(() => edit(one));
};
for (const id of ["design-form", "scenario-form"]) $(id).addEventListener("change", changedForm);
for (const kind of ["design", "scenario"]) $(`${kind}-text`).addEventListener("input", (event) => setText(kind, event.target.value));
$("design").addEventListener("change", async () => {
  state.open = "";
  await choose($("design").value, state.scenario);
  await show();
});
$("scenario").addEventListener("change", async () => {
  state.open = "";
  state.scenario = $("scenario").value;
  state.text.scenario = original("scenario");
  state.value.scenario = await valueOf(original("scenario"));
  await show();
});
$("reset").addEventListener("click", async () => {
  await choose(state.design, state.scenario);
  for (const what of Object.keys(faults)) tell(what);
  await show();
});
$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  check();
});
$("own-text").addEventListener("input", () => ($("own-check").disabled = !$("own-text").value.trim()));
$("own-check").addEventListener("click", () => $("form").reportValidity() && check(true));
$("stop").addEventListener("click", () => renew());
$("changed").addEventListener("click", async (event) => {
  const cell = event.target.closest("[data-open]")?.dataset.open;
  if (!cell) return;
  event.preventDefault();
  state.open = cell;
  history.replaceState(null, "", await linkOf());
  await shown;
  $("report").contentWindow.postMessage(`${reported}/${cell}`, "*");
  $("report").scrollIntoView({ block: "nearest" });
});
$("form").addEventListener("click", (event) => {
  const kind = event.target.dataset?.save;
  if (!kind) return;
  const url = URL.createObjectURL(new Blob([state.text[kind]], { type: "text/plain" }));
  h("a", { href: url, download: `${state[kind]}.toml` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
});
addEventListener("hashchange", async () => {
  await follow();
  check();
});

await follow();
$("check").disabled = false;
$("status").textContent = "Ready.";
// A link is there to be looked at.
if (location.hash.includes("&")) await check();
document.documentElement.dataset.ready = "";
