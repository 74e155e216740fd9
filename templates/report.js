// The page's own script: filters, and one verdict at a time with its trace.
// Words and verdicts come from the data; nothing is decided here.
"use strict";
(async () => {
  const $ = (id) => document.getElementById(id);

  // Data -------------------------------------------------------------------------------------

  // Equal parts are written once: see src/report/html/pool.rs. A trace is read when it is looked at.
  const unpool = ({ keys, pool }) => {
    const made = new Array(pool.length);
    const get = (index) => (made[index] === undefined ? (made[index] = make(pool[index])) : made[index]);
    const make = (entry) => {
      if (!Array.isArray(entry)) return entry;
      if (!(entry[0] < 0)) return entry.map(get);
      const object = {};
      keys[-entry[0] - 1].forEach((key, n) => {
        const index = entry[n + 1];
        if (key === "trace") Object.defineProperty(object, key, { get: () => get(index) });
        else object[key] = get(index);
      });
      return object;
    };
    return get(pool.length - 1);
  };
  const unpack = async (text) => {
    const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    return unpool(await new Response(stream).json());
  };
  // Without it the verdicts can still be read.
  if (!("DecompressionStream" in window)) return ($("old").hidden = false);
  // Where a page is to be seen at once, its traces come a little later, from what it is part of.
  const late = new Promise((resolve) => addEventListener("message", ({ data }) => data?.traces && resolve(data.traces)));
  const data = await unpack($("data").textContent);
  const models = data.report.models === "models" ? "" : ` --models ${data.report.models}`;
  const key = (design, scenario, property) => `${design}/${scenario}/${property}`;
  const byCell = (stories) => new Map(stories.map((s) => [key(s.design, s.scenario, s.property), s]));
  let stories = data.stories && byCell(data.stories);
  const cells = new Map();
  for (const run of data.report.results) {
    for (const result of run.properties) cells.set(key(run.design, run.scenario, result.name), { run, result });
  }

  // Elements ---------------------------------------------------------------------------------

  // A token never breaks across lines.
  const TOKEN = /(\[(?:no oiat|oiat )[^\]]*\])/;
  const unbroken = (text) => {
    const span = document.createElement("span");
    span.className = "token";
    span.textContent = text;
    return span;
  };
  const parts = (child) => (typeof child !== "string" || !TOKEN.test(child) ? [child]
    : child.split(TOKEN).map((part, n) => (n % 2 === 1 ? unbroken(part) : part)));
  const build = (make, parts = (child) => [child]) => (tag, attributes = {}, ...children) => {
    const element = make(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== false && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.flat().filter((child) => child !== undefined).flatMap(parts));
    return element;
  };
  const h = build((tag) => document.createElement(tag), parts);
  const s = build((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));

  // Verdicts ---------------------------------------------------------------------------------

  // The page says each verdict in as few letters as can be; here it becomes what one can open, when
  // its design is first unfolded.
  const VERDICTS = { k: "violated", h: "holds", q: "inconclusive", v: "vacuous" };
  const matrices = new Map();
  const matrix = (design) => {
    if (matrices.has(design)) return matrices.get(design);
    const table = design.querySelector(".matrix");
    const headings = [...table.querySelectorAll("th[data-property]")];
    const rows = [...table.tBodies[0].rows].map((row) => ({ row, cells: headings.map((heading, n) => {
      const cell = row.cells[n + 1];
      const { property } = heading.dataset;
      const verdict = VERDICTS[cell.className];
      const words = cell.textContent.replace("!", ", not as expected");
      cell.replaceChildren(h("a", {
        class: `verdict ${verdict}`, href: `#${key(design.dataset.design, row.dataset.scenario, property)}`,
        "aria-label": `${property}: ${verdict}${verdict === "violated" ? ` in ${words} events` : words.slice(2)}`,
      }, cell.textContent));
      return { cell, property, verdict, unexpected: "unexpected" in cell.dataset };
    }) }));
    walkable(table);
    matrices.set(design, { headings, rows });
    return matrices.get(design);
  };

  // One tab stop for each table; arrow keys move within it.
  const links = (row) => [...row.querySelectorAll("td:not([hidden]) a.verdict")];
  const walkable = (table) => {
    const all = table.querySelectorAll("a.verdict");
    all.forEach((link, n) => (link.tabIndex = n === 0 ? 0 : -1));
    table.addEventListener("focusin", (event) => {
      if (!event.target.matches("a.verdict")) return;
      all.forEach((link) => (link.tabIndex = link === event.target ? 0 : -1));
    });
    table.addEventListener("keydown", (event) => {
      const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
      const row = event.target.closest("tr");
      if (!move || !row || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const rows = [...table.querySelectorAll("tbody tr:not([hidden])")];
      const next = rows[rows.indexOf(row) + move[0]];
      next && links(next)[links(row).indexOf(event.target) + move[1]]?.focus();
    });
  };

  // What is folded is opened while it is looked for, and on paper.
  const folds = [...document.querySelectorAll("details")];
  const atFirst = new Map(folds.map((fold) => [fold, fold.open]));
  let before;
  addEventListener("beforeprint", () => {
    before = folds.map((fold) => fold.open);
    for (const fold of folds) fold.open = true;
  });
  addEventListener("afterprint", () => before && folds.forEach((fold, n) => (fold.open = before[n])));

  // Filters ----------------------------------------------------------------------------------

  const form = $("filters");
  const looked = () => Object.fromEntries(new FormData(form));
  const passes = (wanted, property, verdict, unexpected) =>
    (!wanted.property || property === wanted.property) &&
    (!wanted.verdict || verdict === wanted.verdict) &&
    (!wanted.unexpected || unexpected);
  // What passes is shown in the tables that are unfolded.
  const sift = (design, wanted) => {
    const { headings, rows } = matrix(design);
    const hidden = (property) => Boolean(wanted.property) && property !== wanted.property;
    for (const heading of headings) heading.hidden = hidden(heading.dataset.property);
    for (const { row, cells: all } of rows) {
      let shown = 0;
      for (const { cell, property, verdict, unexpected } of all) {
        const ok = passes(wanted, property, verdict, unexpected);
        cell.classList.toggle("dim", !ok);
        cell.hidden = hidden(property);
        shown += ok ? 1 : 0;
      }
      row.hidden = shown === 0 || (Boolean(wanted.scenario) && row.dataset.scenario !== wanted.scenario);
    }
  };
  const designs = [...document.querySelectorAll(".design")];
  for (const design of designs) design.addEventListener("toggle", () => design.open && sift(design, looked()));
  const filter = () => {
    const wanted = looked();
    const looksFor = Object.values(wanted).some(Boolean);
    const passing = new Map();
    for (const { run, result } of cells.values()) {
      const ok = (!wanted.design || run.design === wanted.design) &&
        (!wanted.scenario || run.scenario === wanted.scenario) &&
        passes(wanted, result.name, result.verdict, result.agreement !== "agrees");
      if (ok) passing.set(run.design, (passing.get(run.design) ?? 0) + 1);
    }
    let count = 0;
    for (const design of designs) {
      const some = passing.get(design.dataset.design) ?? 0;
      count += some;
      design.hidden = some === 0;
      design.open = some > 0 && (looksFor || atFirst.get(design));
      if (design.open) sift(design, wanted);
    }
    for (const group of document.querySelectorAll(".group")) {
      group.hidden = !group.querySelector(".design:not([hidden])");
    }
    for (const list of document.querySelectorAll(".run-list")) {
      list.hidden = Boolean(wanted.design) && list.dataset.design !== wanted.design;
    }
    $("count").textContent = `${count} of ${cells.size} verdicts`;
    $("none").hidden = count > 0;
  };
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());

  // Drawing ----------------------------------------------------------------------------------

  // Everything has its place already: see src/report/diagram/marks.rs. A mark is a letter, its
  // class, whole pixels, and its words.
  const marks = (text) => text.split("\n").filter(Boolean).map((line) => {
    const [letter, name, a, b, c, d] = line.split(" ");
    const classes = name.replaceAll(".", " ");
    if (letter === "R") return s("rect", { class: classes, x: a, y: b, width: c, height: d, rx: 4 });
    if (letter === "L") return s("line", { class: classes, x1: a, y1: b, x2: c, y2: d });
    if (letter === "T") {
      const words = line.split(" ").slice(5).join(" ");
      return s("text", { class: classes, x: a, y: b, "text-anchor": c }, words);
    }
    const transform = `translate(${a} ${b}) rotate(${c})`;
    return letter === "H" ? s("path", { class: "head", d: "M0 0L-10-4.5V4.5Z", transform })
      : s("path", { class: "cross", d: "M-14-5L-4 5M-14 5L-4-5", transform });
  });

  // The names of the lanes, which stay in sight, and the diagram below them.
  const draw = (story, { width, top, heads, rows, across }, select) => {
    let lower = top;
    const bands = [];
    const words = [];
    rows.forEach(({ height, marks: all }, number) => {
      const last = number === rows.length - 1;
      const row = s("g", { class: last ? "step last" : "step", "data-step": number },
        s("rect", { x: 1, y: lower, width: width - 2, height }),
        s("rect", { class: "mark", x: 1, y: lower, width: 5, height }));
      row.addEventListener("click", () => select(number));
      bands.push(row);
      words.push(s("g", { transform: `translate(0 ${lower})` }, marks(all)));
      lower += height;
    });
    const name = `Sequence diagram of ${story.steps.length} steps; the slider tells the same in words`;
    const overlay = s("g", { "pointer-events": "none" }, marks(across), words);
    return [
      h("div", { class: "heads" }, s("svg", { viewBox: `0 0 ${width} ${top}`, "aria-hidden": true }, marks(heads))),
      s("svg", { class: "diagram", viewBox: `0 ${top} ${width} ${lower - top + 2}`, role: "img", "aria-label": name }, bands, overlay),
    ];
  };

  // A verdict --------------------------------------------------------------------------------

  const table = (name, caption, heads, rows) =>
    h("table", { class: name, "aria-label": caption },
      h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, rows));

  // What everybody holds, and what it was a step before where that is something else.
  const stateTable = (held, before) => {
    const was = new Map((before?.holders ?? []).map((holder) => [holder.who, new Map(holder.holds)]));
    const rows = held.holders.flatMap(({ who, holds }) => [
      h("tr", {}, h("th", { scope: "rowgroup", colspan: 2 }, who)),
      ...holds.map(([what, value]) => {
        const earlier = was.get(who)?.get(what);
        const changed = before !== undefined && earlier !== value;
        return h("tr", {}, h("th", { scope: "row" }, what), h("td", { class: changed ? "changed" : false }, value,
          changed && earlier !== undefined ? h("span", { class: "faint" }, ` was ${earlier}`) : ""));
      }),
    ]);
    return h("table", { class: "state", "aria-label": "What everybody holds" }, h("tbody", {}, rows));
  };

  const token = ([oiat, iat, format, claims, epoch = 0]) =>
    (oiat === null ? `[no oiat, iat ${iat}, claims of ${claims}` : `[oiat ${oiat}, iat ${iat}`) +
    (epoch === 0 ? "" : `, epoch ${epoch}`) +
    (format === 0 ? "]" : `, format ${format}]`);

  const decided = (decisions) =>
    decisions.length === 0
      ? h("p", { class: "stats" }, "No row: nothing was compared in this step.")
      : table("decided", "Rows of the decision table that decided", ["row", "where, when", "existing", "incoming", "winner"],
          decisions.map((d) => h("tr", {}, h("th", { scope: "row" }, d.row ?? "none"),
            h("td", {}, `${d.place}: ${d.condition ?? "nothing to compare"}`),
            h("td", {}, token(d.existing)), h("td", {}, token(d.incoming)), h("td", {}, h("b", {}, d.winner)))));

  // The trace with its slider.
  const trace = (story) => {
    const last = story.steps.length;
    const title = (step) => (step === 0 ? `At first, ${story.start}` : story.steps[step - 1].title);
    const slider = h("input", { type: "range", id: "slider", min: 0, max: last, value: 0, step: 1 });
    const heading = h("label", { for: "slider" });
    const back = h("button", { type: "button", "aria-label": "Previous step" }, "◀");
    const forth = h("button", { type: "button", "aria-label": "Next step" }, "▶");
    const now = h("div", { class: "now", "aria-live": "polite" });
    const drawing = h("div", { class: "drawing" });
    const show = (step) => {
      slider.value = step;
      heading.replaceChildren(h("b", {}, `Step ${step} of ${last}`), h("span", { class: "told" }, ` ${title(step)}`));
      slider.setAttribute("aria-valuetext", `step ${step}: ${title(step)}`);
      back.disabled = step === 0;
      forth.disabled = step === last;
      const told = story.steps[step - 1];
      const before = step === 0 ? undefined : step === 1 ? story.held : story.steps[step - 2].held;
      now.replaceChildren(
        h("h3", {}, title(step)),
        h("ul", {}, (told?.details ?? []).map((line) => h("li", {}, line))),
        h("h4", {}, "Afterwards"), stateTable(told?.held ?? story.held, before),
        h("h4", {}, "Decided by"), decided(told?.decisions ?? []));
      for (const row of drawing.querySelectorAll(".step")) {
        row.classList.toggle("current", Number(row.dataset.step) === step);
      }
    };
    // The step is brought into sight, below everything that stays there.
    const look = () => {
      const row = drawing.querySelector(".current");
      const heads = drawing.querySelector(".heads");
      if (!row || !heads) return;
      const [{ top, bottom }, frame] = [row.getBoundingClientRect(), dialog.getBoundingClientRect()];
      const upper = heads.getBoundingClientRect().bottom;
      if (bottom > frame.bottom) dialog.scrollTop += Math.min(bottom - frame.bottom + 12, top - upper);
      else if (top < upper) dialog.scrollTop -= upper - top;
    };
    const by = (count) => () => {
      show(Math.min(last, Math.max(0, Number(slider.value) + count)));
      look();
    };
    slider.addEventListener("input", by(0));
    back.addEventListener("click", by(-1));
    forth.addEventListener("click", by(1));
    let shape;
    const fit = () => {
      if (drawing.clientWidth === 0) return;
      const wanted = drawing.clientWidth < 620 ? story.narrow : story.wide;
      if (wanted === shape) return;
      shape = wanted;
      drawing.classList.toggle("narrow", shape === story.narrow);
      drawing.replaceChildren(...draw(story, shape, show), h("p", { class: "stats" }, data.legend));
      show(Number(slider.value));
    };
    show(0);
    const controls = h("div", { class: "controls" }, heading, back, slider, forth);
    const observer = new ResizeObserver(() => {
      fit();
      // What stays in sight stands below what stays in sight already.
      dialog.style.setProperty("--controls", `${controls.offsetHeight}px`);
      dialog.style.setProperty("--header", `${dialog.querySelector("header")?.offsetHeight ?? 0}px`);
    });
    observer.observe(drawing);
    observer.observe(controls);
    const toLast = h("button", { type: "button" }, "Show it");
    toLast.addEventListener("click", () => {
      show(last);
      look();
    });
    return { toLast, element: h("div", { class: "trace" }, h("div", { class: "panel" }, controls, now), drawing) };
  };

  const outcome = (result) => {
    const steps = result.steps === null ? "" : ` in ${result.steps} events`;
    const symbol = { holds: "ok", vacuous: "--", inconclusive: "??" }[result.verdict] ?? String(result.steps);
    const expected = result.agreement === "agrees" ? "as expected"
      : `expected: ${result.expected}${result.expected_steps ? ` in ${result.expected_steps} events` : ""}`;
    return h("p", { class: "outcome" }, h("span", { class: `verdict ${result.verdict}` }, symbol),
      `${result.verdict}${steps}, ${expected}. `, h("span", { class: "faint" }, result.because ?? ""));
  };

  const describe = (design, scenario, property) => {
    const { run, result } = cells.get(key(design, scenario, property));
    const story = stories.get(key(design, scenario, property))?.trace;
    const named = (list, name) => list.find((entry) => entry.name === name);
    const meaning = named(data.list.properties, property);
    const close = h("button", { type: "button", class: "close" }, "Close");
    close.addEventListener("click", () => dialog.close());
    const numbers = `${run.states.toLocaleString("en")} states, ${run.transitions.toLocaleString("en")} transitions, ` +
      `depth ${run.depth}, ${run.seconds.toFixed(2)} s; ${run.bound ?? "explored to the end"}; ` +
      `rows that decided: ${run.rows.join(" ") || "none"}`;
    const told = story && trace(story);
    const why = story ? [
      h("div", { class: "blame" }, h("p", {}, h("b", {}, `Violated in step ${story.steps.length}`), told.toLast),
        story.moment.map((line) => h("p", {}, line)),
        story.advice === null ? undefined : h("p", { class: "faint" }, `What to look at: ${story.advice}`)),
      told.element,
    ] : [h("p", { class: "faint" }, result.verdict === "holds"
      ? `It could have been violated: ${meaning.witness}. The command below tells the shortest such opportunity.`
      : `What it takes for a verdict: ${meaning.witness}.`)];
    return h("div", { class: "cell" },
      h("header", {}, h("h2", { id: "cell-title" }, property), close),
      h("p", { class: "path" }, h("b", {}, design), `: ${named(data.list.designs, design).title}`),
      h("p", { class: "path" }, h("b", {}, scenario), `: ${named(data.list.scenarios, scenario).title}`),
      outcome(result),
      h("p", { class: "meaning" }, meaning.meaning),
      ...why,
      h("p", { class: "stats" }, numbers),
      h("pre", {}, `freshest explain ${design} ${scenario} ${property}${models}\n` +
        `freshest check --design ${design} --scenario ${scenario} --property ${property}${models}`));
  };

  const dialog = $("cell");
  const here = () => decodeURIComponent(location.hash.slice(1));
  let opener;
  const route = () => {
    if (!cells.has(here())) return dialog.open && dialog.close();
    // It is opened once they are there.
    if (!stories) return;
    dialog.replaceChildren(describe(...here().split("/")));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    dialog.querySelector("#slider")?.focus();
  };
  document.addEventListener("click", (event) => {
    opener = event.target.closest?.("a.verdict, .cards a") ?? opener;
  });
  dialog.addEventListener("close", () => {
    if (cells.has(here())) history.replaceState(null, "", location.pathname + location.search);
    opener?.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  window.addEventListener("hashchange", route);

  $("save").addEventListener("click", () => {
    const url = URL.createObjectURL(new Blob([JSON.stringify(data.report, null, 2)], { type: "application/json" }));
    h("a", { href: url, download: "freshest.json" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  });

  // Without this script none of these would do anything.
  for (const id of ["filters", "hint", "save"]) $(id).hidden = false;
  filter();
  route();
  if (!stories) {
    stories = byCell(await unpack(await late));
    route();
  }
})();
