// What is edited: texts of a design and a scenario, the form that says the same, and the link to them.
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
