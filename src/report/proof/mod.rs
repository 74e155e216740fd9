//! What is proved of a design, as text and as Markdown.

mod markdown;
mod text;

use crate::prove::{ProofProperty, ProofReport, ProofResult, ProofSummary, ProofVerdict};

impl ProofReport {
    /// The last line.
    fn summary_line(&self) -> &'static str {
        match self.summary() {
            ProofSummary::Proved => "PROVED: every property of one tab",
            ProofSummary::Open => "UNKNOWN: some properties are not proved",
            ProofSummary::Violated => "VIOLATED: some properties, confirmed by scenarios",
        }
    }

    /// The command that tells a confirmed counterexample, or the story of one tab.
    fn command(&self, result: &ProofResult, property: &ProofProperty) -> String {
        let (design, name) = (&result.design, property.property);
        let command = match &property.confirmed_by {
            Some(scenario) => format!("freshest explain {design} {scenario} {name}"),
            None => format!("freshest prove {design} --property {name}"),
        };
        super::with_models(command, &self.models)
    }

    /// Properties of this verdict, each once, though it may be of several kinds of tokens.
    fn of_verdict(&self, verdict: ProofVerdict) -> Vec<(&ProofResult, &ProofProperty)> {
        let mut found: Vec<(&ProofResult, &ProofProperty)> = Vec::new();
        for (result, property) in self.properties().filter(|(_, p)| p.verdict == verdict) {
            let same = |(other, known): &(&ProofResult, &ProofProperty)| {
                (&other.design, known.property, &known.confirmed_by)
                    == (&result.design, property.property, &property.confirmed_by)
            };
            if !found.iter().any(same) {
                found.push((result, property));
            }
        }
        found
    }
}

/// What stands behind the verdicts of a result, in lines.
fn footing(report: &ProofReport) -> Vec<String> {
    let mut lines = vec![
        "proved: for any number of tabs, messages, mints, failures and fetches under way,"
            .to_owned(),
        "and any timestamps".to_owned(),
    ];
    let waiting = report.results.iter().filter_map(|r| r.bounds.waiting).max();
    lines.push(match waiting {
        None => "and any number of broadcasts that wait for a fetch".to_owned(),
        Some(n) => {
            format!("bound: at most {n} broadcasts wait for one fetch; more might do more")
        }
    });
    let sum = |of: fn(&ProofResult) -> u64| report.results.iter().map(of).sum::<u64>();
    let seconds: f64 = report.results.iter().map(|result| result.seconds).sum();
    lines.push(format!(
        "{} tabs up to the order of their instants, {} steps, {seconds:.1} s",
        sum(|result| result.states),
        sum(|result| result.transitions),
    ));
    for result in &report.results {
        if let Some(obstacle) = &result.obstacle {
            let tokens = result.tokens.meaning();
            lines.push(format!("inconclusive where {tokens}: {obstacle}"));
        }
    }
    lines
}
