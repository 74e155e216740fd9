// Checking: questions to the workers, and a check that begins before anybody asks for it.

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
/** How long the last one took of the workers, in seconds: where it is little, another is not noticed. */
let effort = Infinity;

const begin = () => {
  if (effort > 3 || $("check").disabled || !$("form").checkValidity()) return;
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
    effort = report.results.reduce((sum, of) => sum + of.seconds, 0);
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
