//! Whether posts arrive in the end, as text: the table, and the lasso as a story.

use super::wrap::fill;
use crate::check::{LassoRecord, LivenessReport, LivenessResult};
use crate::explore::{FAIRNESS, MEANING, WITNESS};
use std::fmt::Write;

impl LassoRecord {
    fn as_text(&self) -> String {
        let mut text = format!("  0. {}\n", self.start);
        for step in &self.stem {
            text += &step.as_text();
        }
        if !self.cycle.is_empty() {
            text += "\nand from there around\n";
        }
        for step in &self.cycle {
            text += &step.as_text();
        }
        text + "\nFOR EVER\n" + &fill(&self.outcome, "  ", "  ")
    }
}

impl LivenessReport {
    /// The report as text, 80 columns wide: a table for each design and, where there is only one
    /// run, its story.
    pub fn as_text(&self) -> String {
        let mut text = fill(MEANING, "", "");
        let mut design = "";
        for result in &self.results {
            if result.design != design {
                design = &result.design;
                text += &format!(
                    "\n{design}\n{:<20} {:<12} {:>5} {:>5} {:>10} {:>10}\n",
                    "scenario", "verdict", "stem", "cycle", "states", "in debt"
                );
            }
            text += &line(result);
        }
        text.push('\n');
        let fair = format!("fair, so they happen at some time: {FAIRNESS}");
        text += &fill(&fair, "", "  ");
        text += &fill(&format!("vacuous unless {WITNESS}"), "", "  ");
        text += "in debt: states in which some tab has yet to get something\n";
        let cycles: u64 = self.results.iter().map(|r| r.cyclic_components).sum();
        let _ = writeln!(text, "cycles among those states: {cycles}");
        text += &self.bounds_in_words();
        if let [result] = &self.results[..]
            && let Some(lasso) = &result.lasso
        {
            text.push('\n');
            text += &lasso.as_text();
        }
        text
    }

    fn bounds_in_words(&self) -> String {
        let mut hit = self.results.iter().filter_map(|r| r.bound).peekable();
        match hit.peek() {
            None => "bounds: none was hit, everything reachable was explored\n".to_owned(),
            Some(bound) => format!("bounds: {bound}; nothing is said of such a run\n"),
        }
    }
}

fn line(result: &LivenessResult) -> String {
    let lengths = result.lasso.as_ref();
    let length = |steps: Option<usize>| steps.map_or(String::new(), |steps| steps.to_string());
    format!(
        "{:<20} {:<12} {:>5} {:>5} {:>10} {:>10}\n",
        result.scenario,
        result.verdict,
        length(lengths.map(|lasso| lasso.stem.len())),
        length(lengths.map(|lasso| lasso.cycle.len())),
        result.states,
        result.indebted_states
    )
}
