//! Whether posts arrive in the end: the tables, and the lasso as a story.

use super::document::{Align, Block, Cell, Document, Line, Screen, Table, Tone};
use super::story::steps;
use super::words::{bound, number};
use crate::check::{LassoRecord, LivenessReport, LivenessResult};
use crate::explore::{FAIRNESS, MEANING, WITNESS};
use crate::property::Verdict;

impl LivenessReport {
    /// The report as text: a table for each design and, where there is only one run, its story.
    pub fn as_text(&self, screen: Screen) -> String {
        self.document().as_text(screen)
    }

    fn document(&self) -> Document {
        let mut document = Document::default();
        document.say(MEANING);
        let mut rest = self.results.as_slice();
        while let Some(first) = rest.first() {
            let end = rest.iter().position(|result| result.design != first.design);
            let (of_design, others) = rest.split_at(end.unwrap_or(rest.len()));
            document.add(Block::Title(first.design.as_str().into()));
            document.add(Block::Table(table(of_design)));
            rest = others;
        }
        document.add(Block::Items(self.footing()));
        if let [result] = &self.results[..]
            && let Some(lasso) = &result.lasso
        {
            document.append(story(lasso));
        }
        document
    }

    fn footing(&self) -> Vec<Line> {
        let cycles: u64 = self.results.iter().map(|r| r.cyclic_components).sum();
        let hit = self.results.iter().find_map(|r| r.bound);
        vec![
            format!("fair, so they happen at some time: {FAIRNESS}").into(),
            format!("vacuous unless {WITNESS}").into(),
            "in debt: states in which some tab has yet to get something".into(),
            format!("cycles among those states: {}", number(cycles)).into(),
            match hit {
                None => "bounds: none was hit, everything reachable was explored".into(),
                Some(hit) => {
                    format!("bounds: {}; nothing is said of such a run", bound(hit)).into()
                }
            },
        ]
    }
}

fn table(results: &[LivenessResult]) -> Table {
    let mut table = Table::new([
        ("scenario", Align::Left),
        ("verdict", Align::Left),
        ("stem", Align::Right),
        ("cycle", Align::Right),
        ("states", Align::Right),
        ("in debt", Align::Right),
    ]);
    for result in results {
        let length = |of: fn(&LassoRecord) -> usize| {
            let lasso = result.lasso.as_ref();
            Cell::from(lasso.map_or(String::new(), |lasso| of(lasso).to_string()))
        };
        table.row([
            Cell::from(result.scenario.as_str()),
            Cell {
                line: result.verdict.name().into(),
                tone: tone(result.verdict),
            },
            length(|lasso| lasso.stem.len()),
            length(|lasso| lasso.cycle.len()),
            Cell::from(number(result.states)),
            Cell::from(number(result.indebted_states)),
        ]);
    }
    table
}

const fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Holds => Tone::Good,
        Verdict::Violated => Tone::Bad,
        Verdict::Vacuous => Tone::Faint,
        Verdict::Inconclusive => Tone::Open,
    }
}

fn story(lasso: &LassoRecord) -> Document {
    let mut document = Document::from_iter([Block::Steps(steps(&lasso.start, &lasso.stem))]);
    if !lasso.cycle.is_empty() {
        let mut around = steps(&lasso.start, &lasso.cycle);
        around.remove(0);
        document.say("and from there around");
        document.add(Block::Steps(around));
    }
    let outcome = Block::Paragraph(lasso.outcome.as_str().into());
    document.section("FOR EVER", vec![outcome]);
    document
}
