//! `[rule]`: how a design compares two tokens.

use crate::cache::{Guards, Rules, Site};
use crate::freshness::{Row, Rule, Table, Winner};
#[cfg(feature = "script")]
use crate::script::{self, Asked, Parameter, Returns};
#[cfg(feature = "script")]
use crate::source::Scalar;
use crate::source::{Document, Fault, Faults, Item, Reader, suggestion};
use std::borrow::Cow;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

/// A script that a design names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptFile {
    /// The guard site that it decides at, if it does not at all.
    pub site: Option<Site>,
    /// Where it was read from.
    pub path: PathBuf,
    /// The files that it needs.
    pub needs: Vec<PathBuf>,
    /// SHA-256 of its contents, and of those of the files that it needs, in hexadecimal.
    pub sha256: String,
    /// The line of the function that is called, from 1.
    pub line: usize,
    /// Seconds between instants that the design wants explored, each with the rule for it; none if the
    /// order of instants is all that may count.
    pub distances: Vec<(u32, Rule)>,
}

/// A script in words, as a command line has them.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScriptWords<'a> {
    /// What is called, if it is not the usual one.
    pub function: Option<&'a str>,
    /// What its answers mean, if not the token that stays.
    pub returns: Option<&'a str>,
    /// What it is called with, if not the two tokens: names with commas between them.
    pub parameters: Option<&'a str>,
    /// What a build replaces, `NAME=VALUE` each.
    pub define: &'a [String],
}

impl ScriptFile {
    /// All its files.
    pub fn files(&self) -> impl Iterator<Item = &PathBuf> {
        std::iter::once(&self.path).chain(&self.needs)
    }

    /// Its path as seen from a models directory, with slashes; as it is where it is elsewhere.
    pub fn below(&self, models: &Path) -> String {
        let mut names: Vec<Cow<'_, str>> = Vec::new();
        let below = self.path.strip_prefix(models).unwrap_or(&self.path);
        for part in below.components() {
            match (part, names.last().map(Cow::as_ref)) {
                (Component::CurDir | Component::RootDir, _) => {}
                (Component::ParentDir, Some(name)) if name != ".." => {
                    names.pop();
                }
                (part, _) => names.push(part.as_os_str().to_string_lossy()),
            }
        }
        names.join("/")
    }
}

/// What `[rule]` says.
pub(super) struct RuleRead {
    pub(super) rules: Rules,
    /// Those that are scripts.
    pub(super) scripts: Vec<ScriptFile>,
    /// The sites that are named, and where.
    named: Vec<(Site, Range<usize>)>,
}

/// `[rule]`: the comparator of all sites, and in `[rule.at.SITE]` those of single sites.
pub(super) fn read_rule(table: &mut Reader<'_>) -> Option<RuleRead> {
    let usual = read_one(table);
    let at = table.take("at");
    let own = match at {
        Some(item) => table.table(item, |sites| Some(read_sites(sites)))?,
        None => Vec::new(),
    };
    let (usual, script) = usual?;
    let mut read = RuleRead {
        rules: usual.into(),
        scripts: script.into_iter().collect(),
        named: Vec::new(),
    };
    for (site, span, rule) in own {
        read.named.push((site, span));
        let (rule, script) = rule?;
        read.rules = read.rules.with(site, rule);
        read.scripts.extend(script.map(|script| ScriptFile {
            site: Some(site),
            ..script
        }));
    }
    Some(read)
}

/// A site, where it is named, and its rule if it could be read.
type SiteRead = (Site, Range<usize>, Option<(Rule, Option<ScriptFile>)>);

fn read_sites(sites: &mut Reader<'_>) -> Vec<SiteRead> {
    let mut own = Vec::new();
    for item in sites.take_all() {
        let span = item.key_span.clone();
        let Some(site) = Site::from_name(&item.key) else {
            let message = format!("`{}`: there is no guard site `{}`", item.path, item.key);
            let help = suggestion(&item.key, Site::ALL.map(Site::name));
            sites.fault(span, message, Some(help));
            continue;
        };
        own.push((site, span, sites.table(item, read_one)));
    }
    own
}

impl RuleRead {
    /// Notes what can mean nothing: a comparator for a site without a guard, which nobody would ask, and
    /// distances that differ.
    pub(super) fn check(&self, file: &mut Reader<'_>, guards: Guards) {
        for (site, span) in &self.named {
            if !guards.has(*site) {
                let site = site.name();
                let message =
                    format!("`rule.at.{site}`: there is no guard at `{site}` that would ask it");
                let help =
                    format!("add \"{site}\" to `guards.sites`, or remove `[rule.at.{site}]`");
                file.fault(span.clone(), message, Some(help));
            }
        }
        let mut distances = self
            .scripts
            .iter()
            .filter(|script| !script.distances.is_empty());
        let Some(first) = distances.next() else {
            return;
        };
        let seconds = |script: &ScriptFile| -> Vec<u32> {
            script
                .distances
                .iter()
                .map(|(seconds, _)| *seconds)
                .collect()
        };
        if let Some(other) = distances.find(|other| seconds(other) != seconds(first)) {
            let named = self
                .named
                .iter()
                .find(|(site, _)| Some(*site) == other.site);
            let span = named.map_or(0..0, |(_, span)| span.clone());
            let message = "the scripts of one design name different `distances`".to_owned();
            let help = format!("name {:?} everywhere, in this order", seconds(first));
            file.fault(span, message, Some(help));
        }
    }
}

/// A comparator by name, for whose table rows may be replaced, or a script.
fn read_one(table: &mut Reader<'_>) -> Option<(Rule, Option<ScriptFile>)> {
    let comparator = match table.required("comparator") {
        Some(item) if Reader::is_table(&item) => {
            let design = table.document();
            table.table(item, |script| read_script(design, script))
        }
        Some(item) => read_name(table, item).map(|rule| (rule, None)),
        None => None,
    };
    let rows = Row::ALL.map(|row| {
        let item = table.take(row.name())?;
        let span = item.key_span.clone();
        let winners = ["existing", "incoming"];
        let winner = table.one_of(item, &winners, |name| match name {
            "existing" => Some(Winner::Existing),
            "incoming" => Some(Winner::Incoming),
            _ => None,
        })?;
        Some((row, winner, span))
    });
    let (mut rule, script) = comparator?;
    for (row, winner, span) in rows.into_iter().flatten() {
        match &mut rule {
            Rule::Table(standard) | Rule::ExpiredYields(standard) => {
                *standard = standard.with(row, winner);
            }
            Rule::TableThenIat(standard) | Rule::LiveThenTable(standard) if row != Row::B3 => {
                *standard = standard.with(row, winner);
            }
            Rule::TableThenIat(_) | Rule::LiveThenTable(_) => table.fault(
                span,
                "row B3 cannot be set: two tokens without oiat are compared by iat".to_owned(),
                Some("there rows A3 to A5 decide by iat".to_owned()),
            ),
            _ => table.fault(
                span,
                format!("row {row} can only be set with comparator = \"table\""),
                Some("the other comparators do not decide by rows".to_owned()),
            ),
        }
    }
    Some((rule, script))
}

fn read_name<'a>(table: &mut Reader<'a>, item: Item<'a>) -> Option<Rule> {
    const COMPARATORS: [(&str, Rule); 8] = [
        ("table", Rule::Table(Table::STANDARD)),
        ("table-then-iat", Rule::TableThenIat(Table::STANDARD)),
        ("iat-only", Rule::IatOnly),
        ("iat-strict", Rule::IatStrict),
        ("oiat-else-iat", Rule::OiatElseIat),
        ("epoch", Rule::Epoch),
        ("expired-yields", Rule::ExpiredYields(Table::STANDARD)),
        ("live-then-table", Rule::LiveThenTable(Table::STANDARD)),
    ];
    let names = COMPARATORS.map(|(name, _)| name);
    table.one_of(item, &names, |name| {
        let found = COMPARATORS.into_iter().find(|(known, _)| *known == name);
        found.map(|(_, rule)| rule)
    })
}

/// The rule that asks a script, in the words of a design: what is called in it, what its answers mean
/// (`existing-wins`), and what stands for names (`NAME=VALUE`). `named_by` is what messages name as the
/// place that asked for it.
///
/// # Errors
///
/// If these words mean nothing, or the script cannot be loaded.
#[cfg(feature = "script")]
pub fn script_rule(
    named_by: &Path,
    script: &Path,
    words: ScriptWords<'_>,
) -> Result<(Rule, ScriptFile), Faults> {
    let refuse = |message: String| Faults::from(Fault::of_file(script, message));
    let returns = match words.returns {
        Some(name) => returns_named(name).ok_or_else(|| {
            let names = RETURNS.map(|(name, _)| name).join(", ");
            refuse(format!(
                "its answers cannot mean `{name}`; they can mean {names}"
            ))
        })?,
        None => Returns::default(),
    };
    let define = words.define.iter().map(|one| {
        let (name, text) = one.split_once('=').unwrap_or((one, ""));
        match is_dotted_name(name) {
            true => Ok((name.to_owned(), Scalar::of(text))),
            false => Err(refuse(format!("`{one}` does not say NAME=VALUE"))),
        }
    });
    let parameters = match words.parameters {
        Some(names) => parameters_named(names).map_err(refuse)?,
        None => Vec::new(),
    };
    let asked = Asked {
        function: words.function.map(str::to_owned),
        distance: None,
        returns,
        parameters,
        define: define.collect::<Result<_, _>>()?,
    };
    let document = Document::read_named(script, &script::ENDINGS)?;
    rule_of(named_by, document, &asked, &[])
}

/// What answers can mean.
#[cfg(feature = "script")]
const RETURNS: [(&str, Returns); 5] = [
    ("token", Returns::Token),
    ("existing-wins", Returns::ExistingWins),
    ("incoming-wins", Returns::IncomingWins),
    ("sort", Returns::Sort),
    ("sort-descending", Returns::SortDescending),
];

#[cfg(feature = "script")]
fn returns_named(name: &str) -> Option<Returns> {
    RETURNS
        .into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, returns)| returns)
}

/// `existing,incoming,now`: what a script is called with, or what is wrong with that.
#[cfg(feature = "script")]
fn parameters_named(names: &str) -> Result<Vec<Parameter>, String> {
    let named = |name: &str| {
        let name = name.trim();
        Parameter::from_name(name).ok_or_else(|| {
            let names = Parameter::ALL.map(Parameter::name).join(", ");
            format!("it cannot be called with `{name}`, only with {names}")
        })
    };
    let named: Vec<Parameter> = names.split(',').map(named).collect::<Result<_, _>>()?;
    match parameters_fault(&named) {
        Some(fault) => Err(fault),
        None => Ok(named),
    }
}

/// What is wrong with what a script is called with.
#[cfg(feature = "script")]
fn parameters_fault(parameters: &[Parameter]) -> Option<String> {
    let count = |wanted: Parameter| parameters.iter().filter(|one| **one == wanted).count();
    for token in [Parameter::Existing, Parameter::Incoming] {
        let name = token.name();
        match count(token) {
            0 => return Some(format!("it is not called with `{name}`")),
            1 => {}
            _ => return Some(format!("it is called with `{name}` more than once")),
        }
    }
    match count(Parameter::Now) + count(Parameter::NowMilliseconds) {
        0 | 1 => None,
        _ => Some("it is told the time more than once".to_owned()),
    }
}

/// `parameters = ["existing", "incoming", "now"]`: what a script is called with.
#[cfg(feature = "script")]
fn read_parameters<'a>(table: &mut Reader<'a>, item: Item<'a>) -> Option<Vec<Parameter>> {
    let (path, span) = (item.path.clone(), item.span.clone());
    let names = Parameter::ALL.map(Parameter::name);
    let mut parameters = Vec::new();
    for item in table.list(item)? {
        parameters.push(table.one_of(item, &names, Parameter::from_name)?);
    }
    if let Some(fault) = parameters_fault(&parameters) {
        let help = "write what the function takes, in its order, such as \
                    [\"existing\", \"incoming\", \"now\"]";
        table.fault(span, format!("`{path}`: {fault}"), Some(help.to_owned()));
        return None;
    }
    Some(parameters)
}

/// `process.env.NODE_ENV`, `__DEV__`: what a build can replace.
#[cfg(feature = "script")]
fn is_dotted_name(name: &str) -> bool {
    let is_name = |part: &str| {
        let mut letters = part.chars();
        let begins = letters
            .next()
            .is_some_and(|c| c.is_ascii_alphabetic() || c == '_' || c == '$');
        begins && letters.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
    };
    name.split('.').all(is_name) && name.split('.').count() <= 8 && !name.contains("__proto__")
}

/// A rule for each distance, or one by the order of instants; the first one is the design's.
#[cfg(feature = "script")]
fn rule_of(
    named_by: &Path,
    document: Document,
    asked: &Asked,
    distances: &[u32],
) -> Result<(Rule, ScriptFile), Faults> {
    let load = |distance| {
        let asked = Asked {
            distance,
            ..asked.clone()
        };
        script::rule(named_by, document.clone(), asked)
    };
    let first = load(distances.first().copied())?;
    let at = |&seconds: &u32| Ok((seconds, load(Some(seconds))?.rule));
    let distances = distances.iter().map(at).collect::<Result<_, Faults>>()?;
    let script = ScriptFile {
        site: None,
        path: document.path.clone(),
        needs: first.files[1..].to_vec(),
        sha256: first.sha256,
        line: line_of(&document.text, &first.function),
        distances,
    };
    Ok((first.rule, script))
}

/// The rule that asks a function of a script, which this build cannot do.
#[cfg(not(feature = "script"))]
pub fn script_rule(
    _: &Path,
    script: &Path,
    _: ScriptWords<'_>,
) -> Result<(Rule, ScriptFile), Faults> {
    let fault = Fault::of_file(script, WITHOUT_SCRIPTS.to_owned());
    Err(fault.help(HOW_TO_BUILD).into())
}

#[cfg(not(feature = "script"))]
const WITHOUT_SCRIPTS: &str = "this freshest was built without scripts";

#[cfg(all(not(feature = "script"), not(target_family = "wasm")))]
const HOW_TO_BUILD: &str = "build it with them: `cargo build --release --features script`";

/// There the engine that runs scripts has no process of its own, so nothing would keep its limits.
#[cfg(all(not(feature = "script"), target_family = "wasm"))]
const HOW_TO_BUILD: &str = "WebAssembly cannot give a script a process with limits of its own: take \
                            the program for your platform: the archive of a release, or `cargo \
                            install --path .` in its sources";

/// `{ script = "FILE", function = "NAME", distances = [30] }`, which this build cannot run.
#[cfg(not(feature = "script"))]
fn read_script(_: &Document, table: &mut Reader<'_>) -> Option<(Rule, Option<ScriptFile>)> {
    let file = table.required("script");
    for key in ["function", "distances", "returns", "define", "parameters"] {
        table.take(key);
    }
    let file = file?;
    let message = format!("`{}`: {WITHOUT_SCRIPTS}", file.path);
    table.fault(file.span.clone(), message, Some(HOW_TO_BUILD.to_owned()));
    None
}

/// The line, from 1, that declares a function of a script; the first where none is found, for example
/// because the name is that of an export.
#[cfg(feature = "script")]
fn line_of(script: &str, function: &str) -> usize {
    let declares = |line: &str| {
        let words: Vec<&str> = line
            .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
            .filter(|word| !word.is_empty())
            .collect();
        let function = function.rsplit(['.', '#']).next().unwrap_or(function);
        let keywords = ["function", "const", "let", "var", "static", "export"];
        words
            .windows(2)
            .any(|pair| keywords.contains(&pair[0]) && pair[1] == function)
    };
    script.lines().position(declares).map_or(1, |line| line + 1)
}

/// `define = { "process.env.NODE_ENV" = "production" }`: what stands for names in a build.
#[cfg(feature = "script")]
fn read_define<'a>(table: &mut Reader<'a>, item: Item<'a>) -> Option<Vec<(String, Scalar)>> {
    table.table(item, |names| {
        let mut define = Vec::new();
        for item in names.take_all() {
            let name = item.key.clone();
            if !is_dotted_name(&name) {
                let message = format!("`{}` is no name that a build replaces", item.path);
                let help = "write names with dots, such as \"process.env.NODE_ENV\"";
                names.fault(item.key_span.clone(), message, Some(help.to_owned()));
                return None;
            }
            define.push((name, names.scalar(&item)?));
        }
        Some(define)
    })
}

/// The farthest apart that instants may be, in seconds: a year.
#[cfg(feature = "script")]
const FARTHEST: u32 = 366 * 86_400;

/// `distances = [10, 30]`: seconds from one instant to the next, each to be explored.
#[cfg(feature = "script")]
fn read_distances<'a>(table: &mut Reader<'a>, item: Item<'a>) -> Option<Vec<u32>> {
    let (path, span) = (item.path.clone(), item.span.clone());
    let mut distances = Vec::new();
    for item in table.list(item)? {
        let seconds = table.number(&item, 1..=FARTHEST)?;
        if distances.contains(&seconds) {
            let message = format!("`{}`: {seconds} s is there already", item.path);
            table.fault(item.span.clone(), message, Some("remove it".to_owned()));
            return None;
        }
        distances.push(seconds);
    }
    if distances.is_empty() {
        let message = format!("`{path}` is empty, so there would be nothing to explore");
        let help =
            "name some, in seconds, or leave it out: then the order of instants counts alone";
        table.fault(span, message, Some(help.to_owned()));
        return None;
    }
    Some(distances)
}

/// `{ script = "FILE", function = "NAME", distances = [30] }`, the file as seen from the design's.
#[cfg(feature = "script")]
fn read_script(design: &Document, table: &mut Reader<'_>) -> Option<(Rule, Option<ScriptFile>)> {
    let file = table.required("script");
    let function = match table.take("function") {
        Some(item) => Some(table.string(item)?),
        None => None,
    };
    let returns = match table.take("returns") {
        Some(item) => table.one_of(item, &RETURNS.map(|(name, _)| name), returns_named)?,
        None => Returns::default(),
    };
    let define = match table.take("define") {
        Some(item) => read_define(table, item)?,
        None => Vec::new(),
    };
    let parameters = match table.take("parameters") {
        Some(item) => read_parameters(table, item)?,
        None => Vec::new(),
    };
    let at = table.take("distances");
    let place = at.as_ref().map(|item| item.span.clone());
    let distances = match at {
        Some(item) => read_distances(table, item)?,
        None => Vec::new(),
    };
    let is_time = |one: &Parameter| matches!(one, Parameter::Now | Parameter::NowMilliseconds);
    if let Some(place) = place.filter(|_| parameters.iter().any(is_time)) {
        let message = "distances cannot count for a script that is told the time".to_owned();
        let help = "leave them out: seconds are found that fit the time";
        table.fault(place, message, Some(help.to_owned()));
        return None;
    }
    let file = file?;
    let (key, span) = (file.path.clone(), file.span.clone());
    let name = table.string(file)?;
    let path = design.path.with_file_name(&name);
    #[allow(clippy::disallowed_methods, reason = "scripts are files")]
    let there = std::fs::metadata(&path);
    if let Err(error) = there {
        let message = format!("`{key}`: {} cannot be read: {error}", path.display());
        let help = "the path is relative to the design's file".to_owned();
        table.fault(span, message, Some(help));
        return None;
    }
    let document = design.read_beside(&name, &script::ENDINGS);
    let asked = Asked {
        function,
        distance: None,
        returns,
        define,
        parameters,
    };
    let rule = |document| rule_of(&design.path, document, &asked, &distances);
    match document.and_then(rule) {
        Ok((rule, script)) => Some((rule, Some(script))),
        Err(faults) => {
            table.adopt(faults);
            None
        }
    }
}

#[cfg(all(test, not(feature = "script")))]
mod tests {
    use crate::design::Design;
    use crate::source::Document;

    /// What is said of a design with this `[rule]`.
    fn faults(comparator: &str) -> String {
        let text = format!("title = \"Scripted\"\n[rule]\ncomparator = {comparator}\n");
        let text = format!("{text}[guards]\nsites = [\"broadcast\"]\n");
        let document = Document::new("designs/mine.toml", text);
        let faults = Design::load("mine", &document).expect_err("no scripts in this build");
        faults.to_string()
    }

    #[test]
    fn a_design_that_names_a_script_is_told_where_and_how_to_build_with_scripts() {
        for comparator in [
            "{ script = \"rule.ts\" }",
            "{ script = \"/dev/zero\", function = \"pick\" }",
            "{ function = \"pick\", script = \"\" }",
        ] {
            let faults = faults(comparator);
            let told = [
                "`rule.comparator.script`: this freshest was built without scripts",
                "designs/mine.toml:3:",
                "cargo build --release --features script",
            ];
            for part in told {
                assert!(faults.contains(part), "{part} is not in {faults}");
            }
            assert_eq!(faults.matches("error: ").count(), 1, "{faults}");
        }
    }
}
