//! What differs between two receipts.

use super::{Hashed, Receipt, RunReceipt, VerdictReceipt};
use crate::check::{Agreement, Bounds, Share};
use crate::explore::Bound;
use crate::property::Verdict;
use std::fmt;
use std::time::Duration;

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Another version of freshest, or another engine.
    Program {
        /// What the receipt says.
        was: String,
        /// What this run says instead.
        is: String,
    },
    /// Another outcome, another selection, or other sums.
    Whole {
        /// What of the receipt as a whole.
        what: &'static str,
        /// What the receipt says.
        was: String,
        /// What this run says instead.
        is: String,
    },
    /// A file has other contents, or is gone.
    File {
        /// `models` or `comparator`.
        part: &'static str,
        path: String,
        /// What became of it.
        fate: &'static str,
    },
    /// A run has another size, or was cut short by another bound.
    Run {
        of: String,
        /// What the receipt says.
        was: String,
        /// What this run says instead.
        is: String,
    },
    /// A run could not be made again, since a file is gone.
    Gone { of: String },
    /// Something else was expected.
    Expectation {
        of: String,
        /// What the receipt says.
        was: String,
        /// What this run says instead.
        is: String,
    },
    /// Another verdict, or another length of the shortest counterexample.
    Verdict {
        of: String,
        /// What the receipt says.
        was: String,
        /// What this run says instead.
        is: String,
    },
}

impl Difference {
    /// Whether it is about what was found, and not only about what was looked at, or with what.
    pub fn is_about_verdicts(&self) -> bool {
        matches!(self, Difference::Verdict { .. })
    }

    /// Whether it is that a run could not be made again.
    pub fn is_about_a_run_that_is_gone(&self) -> bool {
        matches!(self, Difference::Gone { .. })
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Whole { what, was, is } => write!(f, "{what}: was {was}, is {is}"),
            Difference::Program { was, is } => write!(f, "program: was {was}, is {is}"),
            Difference::File { part, path, fate } => write!(f, "{part}: {path} {fate}"),
            Difference::Run { of, was, is } => write!(f, "run: {of}: was {was}, is {is}"),
            Difference::Gone { of } => write!(f, "run: {of}: not made, since a file is gone"),
            Difference::Expectation { of, was, is } => {
                write!(f, "expected: {of}: was {was}, is {is}")
            }
            Difference::Verdict { of, was, is } => write!(f, "verdict: {of}: was {was}, is {is}"),
        }
    }
}

impl Receipt {
    /// Everything in which a second receipt, made for the same selection, differs from this one.
    ///
    /// A run that a time limit cut short ends elsewhere each time, so of its verdicts only what it
    /// found is compared, and of a receipt with such a run neither sums nor outcome.
    pub fn differences(&self, now: &Receipt) -> Vec<Difference> {
        let mut differences = self.of_the_whole(now);
        let programs = [
            (
                format!("freshest {}", self.freshest),
                format!("freshest {}", now.freshest),
            ),
            (self.engine.clone(), now.engine.clone()),
            (
                format!("symmetry {}", self.symmetry),
                format!("symmetry {}", now.symmetry),
            ),
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

impl Receipt {
    fn of_the_whole(&self, now: &Receipt) -> Vec<Difference> {
        let listed = |names: &[String]| match names {
            [] => "none".to_owned(),
            names => names.join(", "),
        };
        let judged = |receipt: &Receipt| {
            let names: Vec<&str> = receipt.properties.iter().map(|p| p.name()).collect();
            match names.as_slice() {
                [] => "none".to_owned(),
                names => names.join(", "),
            }
        };
        let mut whole = vec![
            ("designs", listed(&self.designs), listed(&now.designs)),
            ("scenarios", listed(&self.scenarios), listed(&now.scenarios)),
            ("not run", listed(&self.not_run), listed(&now.not_run)),
            ("properties", judged(self), judged(now)),
            ("bounds", bounds(&self.bounds), bounds(&now.bounds)),
        ];
        let words = |share: Share| format!("{} of {}", share.checked, share.of);
        let (was, is) = (&self.extent, &now.extent);
        for (what, was, is) in [
            ("extent of designs", was.designs, is.designs),
            ("extent of scenarios", was.scenarios, is.scenarios),
            ("extent of properties", was.properties, is.properties),
        ] {
            whole.push((what, words(was), words(is)));
        }
        if self.cut_short_by_time() == 0 {
            let gate = |receipt: &Receipt| receipt.gate.name().to_owned();
            whole.push(("gate", gate(self), gate(now)));
            whole.push(("totals", self.totals.to_string(), now.totals.to_string()));
        }
        let differing = whole.into_iter().filter(|(_, was, is)| was != is);
        differing
            .map(|(what, was, is)| Difference::Whole { what, was, is })
            .collect()
    }

    /// How many runs a time limit cut short: another machine, or the same one, would end them
    /// elsewhere.
    pub(crate) fn cut_short_by_time(&self) -> usize {
        self.runs.iter().filter(|run| run.is_cut_by_time()).count()
    }
}

/// Bounds in words; times to the nanosecond, which is what a run keeps to.
fn bounds(bounds: &Bounds) -> String {
    let number = |bound: Option<u64>| bound.map_or("none".to_owned(), |bound| bound.to_string());
    let time = bounds.time_limit_seconds.map(Duration::try_from_secs_f64);
    format!(
        "states {}, time {}, bytes {}",
        number(bounds.max_states),
        time.map_or("none".to_owned(), |time| format!("{time:?}")),
        number(bounds.memory_limit_bytes)
    )
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
            return vec![Difference::Gone { of }];
        };
        let mut differences = Vec::new();
        let (was, is) = (self.size(), now.size());
        let by_time = self.is_cut_by_time();
        // Where time ends a run depends on the machine, but nowhere is there more than everything.
        let is_part = now.bound.is_some()
            || self.states <= now.states
                && self.transitions <= now.transitions
                && self.depth <= now.depth;
        if was != is && !(by_time && is_part) {
            differences.push(Difference::Run { of, was, is });
        }
        for verdict in &self.verdicts {
            let found = now.verdicts.iter().find(|v| v.property == verdict.property);
            let of = format!("{}, {}: {}", self.design, self.scenario, verdict.property);
            differences.extend(verdict.difference(of, found, by_time, now.is_cut_by_time()));
        }
        differences
    }

    fn is_cut_by_time(&self) -> bool {
        matches!(self.bound, Some(Bound::Time(_)))
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
    /// What differs in the verdict that was found now, given whether time cut each of the two runs.
    fn difference(
        &self,
        of: String,
        now: Option<&VerdictReceipt>,
        was_cut: bool,
        is_cut: bool,
    ) -> Option<Difference> {
        let was = self.in_words();
        let is = now.map_or_else(|| "not judged".to_owned(), VerdictReceipt::in_words);
        let is_open = |one: &VerdictReceipt| one.verdict == Verdict::Inconclusive;
        let depends_on_time = is_open(self) || is_cut && now.is_some_and(is_open);
        if was != is && !(was_cut && depends_on_time) {
            return Some(Difference::Verdict { of, was, is });
        }
        let was = said(self.expected, self.expected_steps);
        let is = now.map(|now| said(now.expected, now.expected_steps))?;
        (was != is).then_some(Difference::Expectation { of, was, is })
    }

    fn in_words(&self) -> String {
        let found = said(self.verdict, self.steps);
        match self.agreement() {
            Agreement::Agrees => found,
            Agreement::Unknown | Agreement::Differs => {
                let expected = said(self.expected, self.expected_steps);
                format!("{found} (expected: {expected})")
            }
        }
    }
}

fn said(verdict: Verdict, steps: Option<u32>) -> String {
    match steps {
        Some(steps) => format!("{verdict} in {steps} events"),
        None => verdict.to_string(),
    }
}
