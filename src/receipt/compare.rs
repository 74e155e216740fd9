//! What differs between two receipts.

use super::{Hashed, Receipt, RunReceipt, VerdictReceipt};
use crate::property::Verdict;
use std::fmt;

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Another version of freshest, or another engine.
    Program {
        /// As in the receipt.
        was: String,
        /// Now.
        is: String,
    },
    /// A file has other contents, or is gone.
    File {
        /// `models` or `comparator`.
        part: &'static str,
        /// Its path.
        path: String,
        /// What became of it.
        fate: &'static str,
    },
    /// A run has another size, or was cut short by another bound.
    Run {
        /// Its design and scenario.
        of: String,
        /// As in the receipt.
        was: String,
        /// Now.
        is: String,
    },
    /// Another verdict, or another length of the shortest counterexample.
    Verdict {
        /// Its design, scenario and property.
        of: String,
        /// As in the receipt.
        was: String,
        /// Now.
        is: String,
    },
}

impl Difference {
    /// Whether it is about what was found, and not only about what was looked at, or with what.
    pub fn is_about_verdicts(&self) -> bool {
        matches!(self, Difference::Verdict { .. })
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Program { was, is } => write!(f, "program: was {was}, is {is}"),
            Difference::File { part, path, fate } => write!(f, "{part}: {path} {fate}"),
            Difference::Run { of, was, is } => write!(f, "run: {of}: was {was}, is {is}"),
            Difference::Verdict { of, was, is } => write!(f, "verdict: {of}: was {was}, is {is}"),
        }
    }
}

impl Receipt {
    /// Everything in which a second receipt, made for the same selection, differs from this one.
    pub fn differences(&self, now: &Receipt) -> Vec<Difference> {
        let mut differences = Vec::new();
        let programs = [
            (
                format!("freshest {}", self.freshest),
                format!("freshest {}", now.freshest),
            ),
            (self.engine.clone(), now.engine.clone()),
        ];
        let changed = programs.into_iter().filter(|(was, is)| was != is);
        differences.extend(changed.map(|(was, is)| Difference::Program { was, is }));
        differences.extend(files("models", &self.models, &now.models));
        differences.extend(files("comparator", &self.comparator, &now.comparator));
        for run in &self.runs {
            let same = |other: &&RunReceipt| {
                (&other.design, &other.scenario) == (&run.design, &run.scenario)
            };
            differences.extend(run.differences(now.runs.iter().find(same)));
        }
        differences
    }
}

fn files(part: &'static str, was: &Hashed, is: &Hashed) -> Vec<Difference> {
    let difference = |path: &str, fate| Difference::File {
        part,
        path: path.to_owned(),
        fate,
    };
    let mut differences = Vec::new();
    for file in &was.files {
        match is.file(&file.path) {
            None => differences.push(difference(&file.path, "is gone")),
            Some(hash) if hash != file.sha256 => {
                differences.push(difference(&file.path, "has changed"));
            }
            Some(_) => {}
        }
    }
    let new = is
        .files
        .iter()
        .filter(|file| was.file(&file.path).is_none());
    differences.extend(new.map(|file| difference(&file.path, "is new")));
    differences
}

impl RunReceipt {
    fn differences(&self, now: Option<&RunReceipt>) -> Vec<Difference> {
        let of = format!("{} in {}", self.design, self.scenario);
        let Some(now) = now else {
            return vec![Difference::Verdict {
                of,
                was: "run".to_owned(),
                is: "not run, since a file is gone".to_owned(),
            }];
        };
        let mut differences = Vec::new();
        let (was, is) = (self.size(), now.size());
        if was != is {
            differences.push(Difference::Run { of, was, is });
        }
        for verdict in &self.verdicts {
            let found = now.verdicts.iter().find(|v| v.property == verdict.property);
            let is = found.map_or_else(|| "not judged".to_owned(), VerdictReceipt::in_words);
            let was = verdict.in_words();
            if was != is {
                let property = verdict.property;
                let of = format!("{}, {}: {property}", self.design, self.scenario);
                differences.push(Difference::Verdict { of, was, is });
            }
        }
        differences
    }

    fn size(&self) -> String {
        let (states, transitions, depth) = (self.states, self.transitions, self.depth);
        let bound = match &self.bound {
            Some(bound) => format!(", {bound}"),
            None => String::new(),
        };
        format!("{states} states, {transitions} transitions, depth {depth}{bound}")
    }
}

impl VerdictReceipt {
    fn in_words(&self) -> String {
        match (self.verdict, self.steps) {
            (Verdict::Violated, Some(steps)) => format!("violated in {steps} events"),
            (verdict, _) => verdict.to_string(),
        }
    }
}
