// The page's own script: filters, and one verdict at a time with its trace.
// Words and verdicts come from the data; nothing is decided here.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);

  // Data -------------------------------------------------------------------------------------

  // Equal parts are written once: see src/report/html/pool.rs.
  const unpool = ({ keys, pool }) => {
    const made = new Array(pool.length);
    const get = (index) => (made[index] === undefined ? (made[index] = make(pool[index])) : made[index]);
    const make = (entry) => {
      if (!Array.isArray(entry)) return entry;
      if (!(entry[0] < 0)) return entry.map(get);
      return Object.fromEntries(keys[-entry[0] - 1].map((key, n) => [key, get(entry[n + 1])]));
    };
    return get(pool.length - 1);
  };
  const data = unpool(JSON.parse($("data").textContent));
  const models = data.report.models === "models" ? "" : ` --models ${data.report.models}`;
  const key = (design, scenario, property) => `${design}/${scenario}/${property}`;
  const stories = new Map(data.stories.map((s) => [key(s.design, s.scenario, s.property), s]));
  const cells = new Map();
  for (const run of data.report.results) {
    for (const result of run.properties) cells.set(key(run.design, run.scenario, result.name), { run, result });
  }

  // Elements ---------------------------------------------------------------------------------

  const build = (make) => (tag, attributes = {}, ...children) => {
    const element = make(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== false && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.flat().filter((child) => child !== undefined));
    return element;
  };
  const h = build((tag) => document.createElement(tag));
  const s = build((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));

  // Filters ----------------------------------------------------------------------------------

  const form = $("filters");
  const filter = () => {
    const wanted = Object.fromEntries(new FormData(form));
    const passes = (cell) =>
      (!wanted.property || cell.dataset.property === wanted.property) &&
      (!wanted.verdict || cell.dataset.verdict === wanted.verdict) &&
      (!wanted.unexpected || "unexpected" in cell.dataset);
    let count = 0;
    for (const design of document.querySelectorAll(".design")) {
      const ofDesign = !wanted.design || design.dataset.design === wanted.design;
      let some = false;
      for (const row of design.querySelectorAll("tbody tr")) {
        const ofRow = ofDesign && (!wanted.scenario || row.dataset.scenario === wanted.scenario);
        let shown = 0;
        for (const cell of row.querySelectorAll("td[data-property]")) {
          const ok = passes(cell);
          cell.classList.toggle("dim", !ok);
          cell.hidden = Boolean(wanted.property) && cell.dataset.property !== wanted.property;
          shown += ok ? 1 : 0;
        }
        row.hidden = !ofRow || shown === 0;
        if (!row.hidden) count += shown;
        some ||= !row.hidden;
      }
      design.hidden = !some;
      for (const heading of design.querySelectorAll("th[data-property]")) {
        heading.hidden = Boolean(wanted.property) && heading.dataset.property !== wanted.property;
      }
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

  // One tab stop for each table; arrow keys move within it.
  const links = (row) => [...row.querySelectorAll("td:not([hidden]) a.verdict")];
  for (const table of document.querySelectorAll(".matrix")) {
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
  }

  // Drawing ----------------------------------------------------------------------------------

  const LINE = 15;
  const CHARACTER = 6.3;
  const PADDING = 9;
  const GAP = 5;
  const LEGEND = "solid: request, post, cookie write · dashed: answer, broadcast on its way · " +
    "slope: time under way · cross: lost, failed or turned away";

  // Lines of at most this width, estimated. A token is kept in one piece where it fits.
  const wrap = (text, width) => {
    const columns = Math.max(6, Math.floor(width / CHARACTER));
    const glued = text.replace(/\[[^\]]*\]/g, (token) => token.replaceAll(" ", "\u00a0"));
    const fits = glued.split(" ").every((word) => word.length <= columns);
    const lines = [];
    for (const word of (fits ? glued : text).split(" ")) {
      const line = lines.at(-1);
      if (line !== undefined && line.length + 1 + word.length <= columns) lines[lines.length - 1] = `${line} ${word}`;
      else lines.push(word);
    }
    return lines;
  };

  const label = (x, y, name, anchor, text) => s("text", { x, y, class: name, "text-anchor": anchor }, text);

  // The diagram at a width. On a narrow screen the words stand above each step, not beside it.
  const draw = (story, width, select) => {
    const { lanes, arrows, steps, start } = story.diagram;
    const beside = width >= 720;
    const gutter = beside ? 220 : 0;
    const laneWidth = (width - gutter) / lanes.length;
    const x = (lane) => gutter + laneWidth * (lanes.indexOf(lane) + 0.5);
    const ends = arrows.map(() => ({}));
    const top = 30;
    const front = [];
    let lower = top;

    const item = (entry, y, before) => {
      if (entry.kind === "note") {
        const lines = wrap(entry.text, laneWidth - 12);
        const height = lines.length * LINE + 6;
        const wide = Math.max(...lines.map((line) => line.length)) * CHARACTER + 10;
        const middle = Math.min(Math.max(x(entry.lane), gutter + wide / 2 + 1), width - wide / 2 - 1);
        front.push(s("rect", { class: `box ${entry.tone}`, x: middle - wide / 2, y, width: wide, height, rx: 4 }));
        lines.forEach((line, n) => front.push(label(middle, y + LINE * (n + 1) - 1, "", "middle", line)));
        return { anchor: y + height / 2, next: y + height + GAP };
      }
      if (entry.kind === "everywhere") {
        front.push(label(gutter + (width - gutter) / 2, y + 11, "halo faint", "middle", `— ${entry.text} —`));
        return { anchor: y + LINE, next: y + LINE + GAP };
      }
      const arrow = arrows[entry.arrow];
      const [from, to] = [x(arrow.from), x(arrow.to)];
      const end = ends[entry.arrow];
      if (entry.kind === "arrives") {
        end.head = [to, y + 2];
        return { anchor: y + 2, next: y + 2 + 2 * GAP };
      }
      if (entry.kind === "leaves" && arrow.what !== "request") {
        // It leaves from what stands above: the minted token, or the post.
        end.tail = [from, before];
        return { anchor: before, next: y };
      }
      const lines = wrap(arrow.text, Math.max(Math.abs(to - from) - 12, 60));
      const left = to < from;
      lines.forEach((line, n) =>
        front.push(label(from + (left ? -6 : 6), y + LINE * n + 11, "halo", left ? "end" : "start", line)));
      const anchor = y + lines.length * LINE + 1;
      end.tail = [from, anchor];
      if (entry.kind === "across") end.head = [to, anchor];
      return { anchor, next: anchor + 2 * GAP };
    };

    const rows = [story.start, ...story.steps.map((step) => step.title)].map((title, number) => {
      const rowTop = lower;
      const told = wrap(`${number}. ${title}`, (beside ? gutter : width) - 22);
      let y = rowTop + PADDING + (beside ? 0 : told.length * LINE + 4);
      let before = y;
      for (const entry of number === 0 ? [] : steps[number - 1].items) {
        const placed = item(entry, y, before);
        [before, y] = [placed.anchor, placed.next];
      }
      lower = Math.max(rowTop + told.length * LINE + 2 * PADDING, y + PADDING - GAP);
      const last = number === story.steps.length;
      const row = s("g", { class: last ? "step last" : "step", "data-step": number },
        s("rect", { x: 1, y: rowTop, width: width - 2, height: lower - rowTop }),
        s("rect", { class: "mark", x: 1, y: rowTop, width: 5, height: lower - rowTop }));
      told.forEach((line, n) => front.push(label(14, rowTop + PADDING + 11 + n * LINE, "halo strong", "start", line)));
      row.addEventListener("click", () => select(number));
      return row;
    });

    const lines = lanes.map((lane) => s("line", { class: "lane", x1: x(lane), x2: x(lane), y1: top, y2: lower }));
    const heads = lanes.map((lane) => label(x(lane), top - 10, "strong", "middle", lane));
    const crossing = arrows.flatMap((arrow, index) => drawArrow(arrow, ends[index], x(arrow.to), lower));
    const name = `Sequence diagram of ${story.steps.length} steps; the slider tells the same in words`;
    const overlay = s("g", { "pointer-events": "none" }, lines, heads, crossing, front);
    return s("svg", { viewBox: `0 0 ${width} ${lower + 2}`, role: "img", "aria-label": name }, rows, overlay);
  };

  const drawArrow = (arrow, { tail, head }, to, lower) => {
    if (!tail) return [];
    if (!head) {
      // A broadcast that nobody has received yet would end nowhere in particular.
      if (arrow.what === "broadcast") return [];
      head = [tail[0] + (to - tail[0]) * 0.4, lower - 4];
    }
    const [x1, y1, x2, y2] = [...tail, ...head].map(Math.round);
    const flight = arrow.what === "answer" || arrow.what === "broadcast";
    const line = s("line", { class: flight ? "arrow flight" : "arrow", x1, y1, x2, y2 });
    const turn = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
    const transform = `translate(${x2} ${y2}) rotate(${turn.toFixed(1)})`;
    if (arrow.fate === "arrived") return [line, s("path", { class: "head", d: "M0 0L-10-4.5V4.5Z", transform })];
    if (arrow.fate === "stopped") return [line, s("path", { class: "cross", d: "M-14-5L-4 5M-14 5L-4-5", transform })];
    return [line];
  };

  // A verdict --------------------------------------------------------------------------------

  const table = (name, caption, heads, rows) =>
    h("table", { class: name, "aria-label": caption },
      h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, rows));

  const stateTable = (snapshot, before) => {
    const cell = (value, was) =>
      h("td", { class: was !== undefined && was !== value ? "changed" : false }, value,
        was !== undefined && was !== value ? h("span", { class: "faint" }, ` was ${was}`) : "");
    const tabs = snapshot.tabs.map((tab, n) =>
      h("tr", {}, h("th", { scope: "row" }, `tab ${n}`),
        cell(tab.cache, before?.tabs[n].cache), cell(tab.seed, before?.tabs[n].seed), h("td", {}, tab.got)));
    const cookie = h("tr", {}, h("th", { scope: "row" }, "cookie"), cell(snapshot.cookie, before?.cookie), h("td", {}, ""), h("td", {}, ""));
    return table("state", "What everybody holds", ["", "cache", "seed", "getToken got"], [...tabs, cookie]);
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
    const { diagram } = story;
    const last = story.steps.length;
    const slider = h("input", { type: "range", id: "slider", min: 0, max: last, value: last, step: 1 });
    const heading = h("label", { for: "slider" });
    const back = h("button", { type: "button", "aria-label": "Previous step" }, "◀");
    const forth = h("button", { type: "button", "aria-label": "Next step" }, "▶");
    const now = h("div", { class: "now", "aria-live": "polite" });
    const drawing = h("div", { class: "drawing" });
    const show = (step) => {
      slider.value = step;
      heading.textContent = `Step ${step} of ${last}`;
      slider.setAttribute("aria-valuetext", `step ${step}: ${step === 0 ? story.start : story.steps[step - 1].title}`);
      back.disabled = step === 0;
      forth.disabled = step === last;
      const told = story.steps[step - 1];
      const moment = diagram.steps[step - 1];
      const before = step === 0 ? undefined : step === 1 ? diagram.start : diagram.steps[step - 2].after;
      now.replaceChildren(
        h("h3", {}, step === 0 ? `At first, ${story.start}` : told.title),
        h("ul", {}, (told?.details ?? []).map((line) => h("li", {}, line))),
        h("h4", {}, "Afterwards"), stateTable(moment?.after ?? diagram.start, before),
        h("h4", {}, "Decided by"), decided(moment?.decisions ?? []));
      for (const row of drawing.querySelectorAll(".step")) {
        row.classList.toggle("current", Number(row.dataset.step) === step);
      }
    };
    const by = (count) => () => show(Math.min(last, Math.max(0, Number(slider.value) + count)));
    slider.addEventListener("input", by(0));
    back.addEventListener("click", by(-1));
    forth.addEventListener("click", by(1));
    let width = 0;
    new ResizeObserver(() => {
      // Laid out again only where it matters, and not for every pixel.
      const room = Math.floor(drawing.clientWidth / 20) * 20;
      if (room === 0 || room === width) return;
      width = room;
      drawing.replaceChildren(draw(story, Math.max(width, 320), show), h("p", { class: "stats" }, LEGEND));
      show(Number(slider.value));
    }).observe(drawing);
    show(last);
    const controls = h("div", { class: "controls" }, heading, back, slider, forth);
    return h("div", { class: "trace" }, h("div", { class: "panel" }, controls, now), drawing);
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
    const story = stories.get(key(design, scenario, property));
    const named = (list, name) => list.find((entry) => entry.name === name);
    const meaning = named(data.list.properties, property);
    const close = h("button", { type: "button", class: "close" }, "Close");
    close.addEventListener("click", () => dialog.close());
    const numbers = `${run.states.toLocaleString("en")} states, ${run.transitions.toLocaleString("en")} transitions, ` +
      `depth ${run.depth}, ${run.seconds.toFixed(2)} s; ${run.bound ?? "explored to the end"}; ` +
      `rows that decided: ${run.rows.join(" ") || "none"}`;
    const why = story ? [
      h("div", { class: "blame" }, h("p", {}, h("b", {}, `Violated in step ${story.steps.length}`)),
        story.moment.map((line) => h("p", {}, line)),
        story.advice === null ? undefined : h("p", { class: "faint" }, `What to look at: ${story.advice}`)),
      trace(story),
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
})();
