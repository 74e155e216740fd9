//! `[rule]`: how a design compares two tokens.

use crate::freshness::{Row, Rule, Table, Winner};
#[cfg(feature = "script")]
use crate::script::{self, Asked, Returns};
#[cfg(feature = "script")]
use crate::source::Scalar;
use crate::source::{Document, Fault, Faults, Item, Reader};
use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

/// A script that a design names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptFile {
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

/// A comparator by name, for whose table rows may be replaced, or a script.
pub(super) fn read_rule(table: &mut Reader<'_>) -> Option<(Rule, Option<ScriptFile>)> {
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
            Rule::Table(standard) => *standard = standard.with(row, winner),
            Rule::TableThenIat(standard) if row != Row::B3 => {
                *standard = standard.with(row, winner);
            }
            Rule::TableThenIat(_) => table.fault(
                span,
                "row B3 cannot be set with comparator = \"table-then-iat\"".to_owned(),
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
    const COMPARATORS: [(&str, Rule); 6] = [
        ("table", Rule::Table(Table::STANDARD)),
        ("table-then-iat", Rule::TableThenIat(Table::STANDARD)),
        ("iat-only", Rule::IatOnly),
        ("iat-strict", Rule::IatStrict),
        ("oiat-else-iat", Rule::OiatElseIat),
        ("epoch", Rule::Epoch),
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
    let asked = Asked {
        function: words.function.map(str::to_owned),
        distance: None,
        returns,
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

#[cfg(not(feature = "script"))]
const HOW_TO_BUILD: &str = "build it with them: `cargo build --release --features script`";

/// `{ script = "FILE", function = "NAME", distances = [30] }`, which this build cannot run.
#[cfg(not(feature = "script"))]
fn read_script(_: &Document, table: &mut Reader<'_>) -> Option<(Rule, Option<ScriptFile>)> {
    let file = table.required("script");
    for key in ["function", "distances", "returns", "define"] {
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
    let distances = match table.take("distances") {
        Some(item) => read_distances(table, item)?,
        None => Vec::new(),
    };
    let file = file?;
    let (key, span) = (file.path.clone(), file.span.clone());
    let name = table.string(file)?;
    let path = design.path.with_file_name(&name);
    if let Err(error) = std::fs::metadata(&path) {
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
