//! Whether posts arrive and calls end: the tables, and lassos as stories.

use super::document::{Align, Block, Cell, Document, Line, Screen, Table, Tone};
use super::story::steps;
use super::words::{bound, number};
use crate::check::{LassoRecord, LivenessReport, LivenessResult, QuestionRecord};
use crate::explore::{FAIRNESS, Question};
use crate::property::Verdict;

impl LivenessReport {
    /// The report as text: for each question a table for each design and, where there is only one
    /// run, its story.
    pub fn as_text(&self, screen: Screen) -> String {
        self.document().as_text(screen)
    }

    fn document(&self) -> Document {
        let mut document = Document::default();
        for question in &self.questions {
            let results = self.results.iter();
            let results = results.filter(|result| result.question == question.name);
            document.append(of_question(question, &results.collect::<Vec<_>>()));
        }
        document.add(Block::Items(self.footing()));
        document
    }

    fn footing(&self) -> Vec<Line> {
        let cycles: u64 = self.results.iter().map(|r| r.cyclic_components).sum();
        let hit = self.results.iter().find_map(|r| r.bound);
        vec![
            format!("fair, so they happen at some time: {FAIRNESS}").into(),
            format!("cycles among states that are open: {}", number(cycles)).into(),
            match hit {
                None => "bounds: none was hit, everything reachable was explored".into(),
                Some(hit) => {
                    format!("bounds: {}; nothing is said of such a run", bound(hit)).into()
                }
            },
        ]
    }
}

fn of_question(question: &QuestionRecord, results: &[&LivenessResult]) -> Document {
    let mut document = Document::default();
    let mut rest = results;
    while let Some(first) = rest.first() {
        let end = rest.iter().position(|result| result.design != first.design);
        let (of_design, others) = rest.split_at(end.unwrap_or(rest.len()));
        document.add(Block::Title(first.design.as_str().into()));
        document.add(Block::Table(table(of_design)));
        rest = others;
    }
    let debt = Question::from_name(question.name).map_or("", Question::debt);
    document.add(Block::Items(vec![
        format!("vacuous unless {}", question.witness).into(),
        format!("open: states in which {debt}").into(),
    ]));
    if let [result] = results
        && let Some(lasso) = &result.lasso
    {
        document.append(story(lasso));
    }
    let mut all = Document::default();
    let meaning = Block::Paragraph(question.meaning.into());
    all.section(question.name, vec![meaning]);
    all.append(document);
    all
}

fn table(results: &[&LivenessResult]) -> Table {
    let mut table = Table::new([
        ("scenario", Align::Left),
        ("verdict", Align::Left),
        ("stem", Align::Right),
        ("cycle", Align::Right),
        ("states", Align::Right),
        ("open", Align::Right),
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
