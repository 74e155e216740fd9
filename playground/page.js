// What a check comes to, and what a person does.
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
