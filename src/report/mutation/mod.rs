//! What became of a design's mutants, as text and as Markdown.

mod markdown;
mod text;

use crate::mutate::{Fate, KillResult, MutantResult, Mutation, ShiftResult};
use crate::property::{Property, Verdict};

impl Mutation {
    /// How many mutants a property kills, and how many of these no other does.
    fn score(&self, property: Property) -> (usize, usize) {
        let kills = |result: &&MutantResult| result.kills.iter().any(|k| k.property == property);
        let killed: Vec<_> = self.results.iter().filter(kills).collect();
        let alone = killed.iter().filter(|result| result.kills.len() == 1);
        (killed.len(), alone.count())
    }

    /// `pr-8097: 20 mutants in 27 scenarios`
    fn headline(&self) -> String {
        let what = if self.tables {
            "other rule tables"
        } else {
            "mutants"
        };
        let (design, count, scenarios) = (&self.design, self.results.len(), self.scenarios.len());
        format!("{design}: {count} {what} in {scenarios} scenarios")
    }

    /// What is left in the end, in one sentence.
    fn conclusion(&self) -> String {
        let what = if self.tables { "table" } else { "policy" };
        let design = &self.design;
        if !self.is_conclusive() {
            return "Some runs were cut short, so nothing follows about sets of properties.".into();
        }
        match self.survivors.len() {
            0 => format!("Under each of these sets the {what} of {design} is the only survivor."),
            1 => format!(
                "No set of properties singles out the {what} of {design}: one other survives all of \
                 them."
            ),
            count => format!(
                "No set of properties singles out the {what} of {design}: {count} others survive \
                 all of them."
            ),
        }
    }
}

impl MutantResult {
    /// The kill with the fewest events.
    fn shortest(&self) -> Option<&KillResult> {
        self.kills.iter().min_by_key(|kill| kill.steps)
    }

    /// Why it is not killed, in words.
    fn why_alive(&self) -> String {
        match self.fate {
            Fate::Killed => String::new(),
            Fate::Noticed => match self.shifts.as_slice() {
                [] => String::new(),
                [first, rest @ ..] => {
                    let more = match rest.len() {
                        0 => String::new(),
                        more => format!(", and {more} more"),
                    };
                    format!("nothing is worse, but {}{more}", first.in_words())
                }
            },
            Fate::Missed => "every verdict and length is the same, the behaviour is not".into(),
            Fate::Same => "every step from every reachable state leads where it led".into(),
            Fate::Unknown => "a run was cut short".into(),
        }
    }
}

impl ShiftResult {
    /// `seed-is-not-stale in r3: violated in 9 -> holds`
    fn in_words(&self) -> String {
        let told = |verdict: Verdict, steps: Option<usize>| match steps {
            Some(steps) => format!("{verdict} in {steps}"),
            None => verdict.to_string(),
        };
        let before = told(self.before, self.steps_before);
        let after = told(self.after, self.steps_after);
        let (property, scenario) = (self.property, &self.scenario);
        format!("{property} in {scenario}: {before} -> {after}")
    }
}
