//! A script in a design's file or on a command line, read and loaded.

use super::{ScriptFile, ScriptWords};
use crate::freshness::Rule;
use crate::script::{self, Asked, Parameter, Returns};
use crate::source::{Document, Fault, Faults, Item, Reader, Scalar};
use std::path::Path;

/// The rule that asks a script, in the words of a design: what is called in it, what its answers mean
/// (`existing-wins`), and what stands for names (`NAME=VALUE`). `named_by` is what messages name as the
/// place that asked for it.
///
/// # Errors
///
/// If these words mean nothing, or the script cannot be loaded.
pub fn script_rule(
    named_by: &Path,
    script: &Path,
    words: ScriptWords<'_>,
) -> Result<(Rule, ScriptFile), Faults> {
    let document = Document::read_named(script, &script::ENDINGS);
    script_rule_of(named_by, script, document, words)
}

/// The same of a script that may not be in a file; what is wrong with the words is told first.
///
/// # Errors
///
/// As [`script_rule`].
pub fn script_rule_of(
    named_by: &Path,
    script: &Path,
    document: Result<Document, Faults>,
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
    rule_of(named_by, document?, &asked, &[])
}

/// What answers can mean.
const RETURNS: [(&str, Returns); 5] = [
    ("token", Returns::Token),
    ("existing-wins", Returns::ExistingWins),
    ("incoming-wins", Returns::IncomingWins),
    ("sort", Returns::Sort),
    ("sort-descending", Returns::SortDescending),
];

fn returns_named(name: &str) -> Option<Returns> {
    RETURNS
        .into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, returns)| returns)
}

/// `existing,incoming,now`: what a script is called with, or what is wrong with that.
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

/// The line, from 1, that declares a function of a script; the first where none is found, for example
/// because the name is that of an export.
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
const FARTHEST: u32 = 366 * 86_400;

/// The most distances: each is a design of its own, with a process that runs its script.
const MOST_DISTANCES: usize = 32;

/// `distances = [10, 30]`: seconds from one instant to the next, each to be explored.
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
        if distances.len() == MOST_DISTANCES {
            let message = format!("`{path}` names more than {MOST_DISTANCES} distances");
            table.fault(span, message, Some("each is a run of its own".to_owned()));
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
pub(in crate::design) fn read_script(
    design: &Document,
    table: &mut Reader<'_>,
) -> Option<(Rule, Option<ScriptFile>)> {
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
        let help = match cfg!(feature = "script") {
            true => "the path is relative to the design's file",
            false => "there are no files here: paste its text as a comparator of your own",
        };
        table.fault(span, message, Some(help.to_owned()));
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
