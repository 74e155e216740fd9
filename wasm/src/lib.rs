//! freshest as a bare WebAssembly module. [`answer`] is all of it; where there is no system, the exports
//! in `module` hand texts in and out.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
mod module;
mod pasted;
mod text;

use freshest::catalog::{Catalog, Models};
use freshest::check::{Options, Report, matrix};
use freshest::explore::Limits;
use freshest::freshness::{Row, Table, Winner};
use freshest::receipt;
use freshest::report::{Html, RenderError};
use freshest::source::Document;
use pasted::Pasted;
use serde::Deserialize;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

/// What designs may say, and scenarios: the form is made of it.
const SCHEMAS: [&str; 2] = [
    include_str!("../../docs/schema/design.schema.json"),
    include_str!("../../docs/schema/scenario.schema.json"),
];

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
enum Request {
    /// The version, the hash of the comparator, all models with their texts, and the schemas.
    List,
    /// Runs designs in scenarios: `{"report": …}`, what `check --format json` prints.
    Check {
        #[serde(flatten)]
        models: Texts,
        /// By name; none: all.
        #[serde(default)]
        design: Vec<String>,
        /// By name; none: all.
        #[serde(default)]
        scenario: Vec<String>,
        /// The bounds of each run.
        #[serde(default)]
        max_states: Option<u64>,
        #[serde(default)]
        time_limit_seconds: Option<f64>,
        #[serde(default)]
        memory_limit_bytes: Option<u64>,
    },
    /// A report as `--format html` prints it, but for its traces: `{"text": …}`.
    Render {
        #[serde(flatten)]
        models: Texts,
        report: Box<Report>,
        /// What to type to get the same report.
        command: String,
    },
    /// The traces, which the report's script waits for: `{"text": …}`.
    Traces {
        #[serde(flatten)]
        models: Texts,
        report: Box<Report>,
    },
    /// What the script answers to a request that was open: `{"reply": …}`. For the instance that has an engine
    /// at hand, and nothing else.
    Serve { request: String },
    /// A TOML text as JSON: `{"value": …}`.
    Read { text: String },
    /// A TOML text with other values at some places: `{"text": …}`.
    Edit {
        text: String,
        set: Vec<text::Change>,
    },
}

/// Texts by name.
type Named = BTreeMap<String, String>;

/// Models beside those in the program, or in their place: texts of TOML files by name.
#[derive(Debug, Default, Deserialize)]
struct Texts {
    #[serde(default)]
    designs: Named,
    #[serde(default)]
    scenarios: Named,
    /// A script that decides for one of the designs.
    #[serde(default)]
    comparator: Option<Pasted>,
}

impl Texts {
    /// The program's models, with these; the comparator's design is the only one then.
    fn catalog(&self) -> Result<Rc<Catalog>, String> {
        match &self.comparator {
            Some(pasted) => pasted.tried(Catalog::clone(&*self.kept()?)).map(Rc::new),
            None => self.kept(),
        }
    }

    /// What the texts say, from the last time where they are the same: a page asks about one scenario
    /// after the other.
    fn kept(&self) -> Result<Rc<Catalog>, String> {
        thread_local! {
            static KEPT: RefCell<Option<([Named; 2], Rc<Catalog>)>> = const { RefCell::new(None) };
        }
        if self.designs.is_empty() && self.scenarios.is_empty() {
            return builtin();
        }
        KEPT.with_borrow_mut(|kept| match kept {
            Some(([designs, scenarios], catalog))
                if (&*designs, &*scenarios) == (&self.designs, &self.scenarios) =>
            {
                Ok(Rc::clone(catalog))
            }
            _ => {
                let catalog = Rc::new(self.read()?);
                let texts = [self.designs.clone(), self.scenarios.clone()];
                *kept = Some((texts, Rc::clone(&catalog)));
                Ok(catalog)
            }
        })
    }

    /// The program's models, with these.
    fn read(&self) -> Result<Catalog, String> {
        let designs = documents("designs", &self.designs);
        let with = builtin()?.with(designs, documents("scenarios", &self.scenarios));
        with.map_err(|faults| faults.to_string())
    }

    /// A text that is made of a report with these models.
    fn told(
        &self,
        command: &str,
        make: impl FnOnce(Html<'_>) -> Result<String, RenderError>,
    ) -> Result<Value, String> {
        let catalog = self.catalog()?;
        let html = Html {
            catalog: &catalog,
            command,
            playground: None,
        };
        Ok(json!({ "text": make(html).map_err(told)? }))
    }

    /// What was made of it; or, where a script would have to be asked first, `{"open": [REQUEST, …]}`.
    fn unless_open(&self, made: Result<Value, String>) -> Result<Value, String> {
        if self.comparator.is_none() {
            return made;
        }
        match freshest::script::open() {
            open if open.is_empty() => made,
            open => Ok(json!({ "open": open })),
        }
    }
}

/// The program's models. Reading all of them takes longer than most runs, so it is done once.
fn builtin() -> Result<Rc<Catalog>, String> {
    thread_local! {
        static BUILTIN: RefCell<Option<Rc<Catalog>>> = const { RefCell::new(None) };
    }
    BUILTIN.with_borrow_mut(|kept| {
        if let Some(catalog) = kept {
            return Ok(Rc::clone(catalog));
        }
        let catalog = Catalog::open(Models::Builtin).map_err(|faults| faults.to_string())?;
        Ok(Rc::clone(kept.insert(Rc::new(catalog))))
    })
}

/// Texts that stand for files.
fn documents(kind: &str, texts: &Named) -> Vec<Document> {
    let texts = texts.iter();
    texts
        .map(|(name, text)| Document::new(format!("{kind}/{name}.toml"), text.as_str()))
        .collect()
}

/// Answers a request. What is wrong is told as `{"error": TEXT}`, with the place where there is one.
pub fn answer(request: &str) -> String {
    let answered = serde_json::from_str(request)
        .map_err(|error| format!("error: the request cannot be read: {error}"))
        .and_then(|request| answer_to(&request));
    let value = answered.unwrap_or_else(|error| json!({ "error": error }));
    value.to_string()
}

fn answer_to(request: &Request) -> Result<Value, String> {
    match request {
        Request::List => list(),
        Request::Check {
            models,
            design,
            scenario,
            max_states,
            time_limit_seconds,
            memory_limit_bytes,
        } => {
            let time_limit = match time_limit_seconds {
                Some(seconds) => Some(
                    Duration::try_from_secs_f64(*seconds)
                        .map_err(|error| format!("error: time_limit_seconds: {error}"))?,
                ),
                None => None,
            };
            let limits = Limits {
                max_states: *max_states,
                time_limit,
                memory_limit: *memory_limit_bytes,
            };
            let checked = models
                .catalog()
                .and_then(|catalog| check(&catalog, (design, scenario), limits));
            models.unless_open(checked)
        }
        Request::Render {
            models,
            report,
            command,
        } => {
            // Not by a format's name: the others would be in the module, too.
            let page = |html: Html<'_>| html.without_traces(report);
            models.unless_open(models.told(command, page))
        }
        Request::Traces { models, report } => {
            models.unless_open(models.told("", |html| html.traces(report)))
        }
        Request::Serve { request } => serde_json::from_str(&freshest::script::serve(request))
            .map_err(|error| format!("error: {error}")),
        Request::Read { text } => Ok(json!({ "value": text::read(text)? })),
        Request::Edit { text, set } => Ok(json!({ "text": text::edit(text, set)? })),
    }
}

/// What is in the program.
fn list() -> Result<Value, String> {
    let catalog = builtin()?;
    let designs = catalog.designs.iter().map(|design| {
        json!({
            "name": design.name,
            "title": design.title,
            "group": design.group.name(),
            "text": &*design.document.text,
        })
    });
    let mut scenarios = Vec::new();
    for scenario in &catalog.scenarios {
        let document = freshest::catalog::document(&scenario.path);
        let document = document.map_err(|faults| faults.to_string())?;
        scenarios.push(json!({
            "name": scenario.name,
            "title": scenario.title,
            "text": &*document.text,
        }));
    }
    let [design, scenario] = SCHEMAS.map(serde_json::from_str::<Value>);
    let schema = |schema: serde_json::Result<Value>| schema.map_err(|error| error.to_string());
    let rows = Row::ALL.map(|row| {
        let winner = match Table::STANDARD.winner(row) {
            Winner::Existing => "existing",
            Winner::Incoming => "incoming",
        };
        json!({
            "name": row.name(),
            "when": row.condition(),
            "why": row.reason(),
            "winner": winner,
        })
    });
    Ok(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "rows": rows,
        "comparator": receipt::comparator().sha256,
        "designs": designs.collect::<Vec<_>>(),
        "scenarios": scenarios,
        "schemas": { "design": schema(design)?, "scenario": schema(scenario)? },
    }))
}

/// An error in words; what a script does wrong has its own already.
fn told(error: impl std::fmt::Display) -> String {
    let text = error.to_string();
    match text.starts_with("error: ") {
        true => text,
        false => format!("error: {text}"),
    }
}

/// Runs what is named, or all.
fn check(
    catalog: &Catalog,
    (design, scenario): (&[String], &[String]),
    limits: Limits,
) -> Result<Value, String> {
    for (kind, names, known) in [
        (
            "design",
            design,
            catalog
                .designs
                .iter()
                .map(|of| &of.name)
                .collect::<Vec<_>>(),
        ),
        (
            "scenario",
            scenario,
            catalog.scenarios.iter().map(|of| &of.name).collect(),
        ),
    ] {
        if let Some(name) = names.iter().find(|name| !known.contains(name)) {
            return Err(format!("error: there is no {kind} `{name}`"));
        }
    }
    let is_asked = |names: &[String], name: &String| names.is_empty() || names.contains(name);
    let designs = catalog
        .designs
        .iter()
        .filter(|of| is_asked(design, &of.name));
    let scenarios = catalog
        .scenarios
        .iter()
        .filter(|of| is_asked(scenario, &of.name));
    let options = Options {
        limits,
        ..Options::default()
    };
    let report = matrix(designs, scenarios).options(options).run();
    let report = Report {
        models: catalog.models.to_string(),
        ..report.map_err(told)?
    };
    let report = report.out_of(catalog.designs.len(), catalog.scenarios.len());
    Ok(json!({ "report": report }))
}

#[cfg(test)]
mod tests;
