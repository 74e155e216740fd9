//! A comparator from a file, tried without a design's file.

use super::args::{CallArgs, CheckArgs, ModelsArgs, RealArgs, TryArgs};
use super::failure::Failure;
use super::{models, new, output, select};
use crate::cache::Rules;
use crate::catalog::Catalog;
use crate::check::decision_table;
use crate::design::{Design, ScriptFile, script_rule};
use crate::freshness::{Rule, Table};
use crate::report::Format;
use crate::source::shell_word;
use std::path::Path;

/// The design whose guards and expectations a comparator gets unless another is named: the latest
/// release's.
pub(crate) const LIKE: &str = "pr-9284";

/// The models, and where a comparator is tried, one design in the place of theirs: the one that
/// `--like` names, but that it decides by the script. What is expected is what is expected of that design, so that exactly what
/// the script changes is unexpected.
pub(crate) fn catalog(mut catalog: Catalog, args: &TryArgs) -> Result<Catalog, Failure> {
    if let Some(script) = &args.comparator {
        catalog.designs = vec![design(&catalog, script, args)?];
    }
    Ok(catalog)
}

/// The options that try the same once more.
pub(crate) fn options(args: &TryArgs) -> Option<String> {
    let script = args.comparator.as_deref()?.to_string_lossy();
    let mut options = format!("--comparator {}", shell_word(&script));
    if let Some(function) = &args.call.function {
        options += &format!(" --function {}", shell_word(function));
    }
    if let Some(returns) = &args.call.returns {
        options += &format!(" --returns {}", shell_word(returns));
    }
    if let Some(parameters) = &args.call.parameters {
        options += &format!(" --parameters {}", shell_word(parameters));
    }
    for define in &args.call.define {
        options += &format!(" --define {}", shell_word(define));
    }
    if let Some(like) = &args.like {
        options += &format!(" --like {}", shell_word(like));
    }
    Some(options)
}

fn design(catalog: &Catalog, script: &Path, args: &TryArgs) -> Result<Design, Failure> {
    let like = select::design(catalog, args.like.as_deref().unwrap_or(LIKE))?;
    let (rule, file) = rule(script, args)?;
    let name = script.file_stem().unwrap_or_default().to_string_lossy();
    new::check_name(&name)?;
    let title = script.display().to_string();
    Ok(catalog.tried(like, name.into_owned(), &title, rule, file))
}

pub(crate) fn rule(script: &Path, args: &TryArgs) -> Result<(Rule, ScriptFile), Failure> {
    Ok(script_rule(script, script, args.call.words())?)
}

/// Says which rows the script decides in another way than #8097, in front of its verdicts.
pub(crate) fn tell(args: &CheckArgs, catalog: &Catalog) -> Result<(), Failure> {
    let (Some(script), [design]) = (&args.trying.comparator, &catalog.designs[..]) else {
        return Ok(());
    };
    if args.format != Format::Text {
        return Ok(());
    }
    let table = decision_table(String::new(), &design.policy.rules)?;
    let others: Vec<_> = table.rows.iter().filter(|row| row.differs).collect();
    let mut text = format!("{}: ", script.display());
    text += match others.is_empty() {
        true => "decides every row as #8097 does\n",
        false => "decides these rows in another way than #8097\n",
    };
    for row in others {
        let winner = row.winner.as_deref().unwrap_or("depends");
        text += &format!("  {} ({}): {winner}\n", row.row.name(), row.condition);
    }
    output::print(&(text + "\n"))
}

/// The rules that `--design` or `--comparator` names, with what it is called and, of a design, its title;
/// the standard one where neither does.
pub(crate) fn named_rules(
    design: Option<&str>,
    comparator: Option<&Path>,
    call: &CallArgs,
    models: &ModelsArgs,
) -> Result<NamedRules, Failure> {
    let (name, title, rules) = match (design, comparator) {
        (None, Some(script)) => {
            let (rule, _) = script_rule(script, script, call.words())?;
            (script.display().to_string(), None, rule.into())
        }
        (Some(name), _) => {
            let catalog = models::open(models)?;
            let design = select::design(&catalog, name)?;
            (
                name.to_owned(),
                Some(design.title.clone()),
                design.policy.rules,
            )
        }
        (None, None) => {
            let rule = Rule::Table(Table::STANDARD);
            ("pull request #8097".to_owned(), None, rule.into())
        }
    };
    Ok(NamedRules { name, title, rules })
}

/// By what real tokens are decided.
pub(crate) fn real_rules(args: &RealArgs) -> Result<NamedRules, Failure> {
    let (design, script) = (args.design.as_deref(), args.comparator.as_deref());
    named_rules(design, script, &args.call, &args.models)
}

/// See [`named_rules`].
pub(crate) struct NamedRules {
    /// A design's, a file's, or the pull request's.
    pub name: String,
    /// A design's.
    pub title: Option<String>,
    pub rules: Rules,
}
