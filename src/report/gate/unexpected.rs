//! What is not as expected, once for each design and property.

use crate::check::{Agreement, PropertyResult, Report, RunResult};
use crate::property::Property;
use crate::report::document::{Block, Command, Line, name};
use crate::report::words::count;
use std::collections::BTreeMap;

/// The most that is told one by one, in four lines each at most: with the sums, forty lines hold it.
pub(super) const MAX_TOLD: usize = 8;

/// A property of a design that is not as expected, where that shows in the fewest events.
#[derive(Clone, Copy)]
pub(crate) struct Unexpected<'a> {
    pub run: &'a RunResult,
    pub result: &'a PropertyResult,
    /// In how many other scenarios it is not as expected either.
    pub others: usize,
}

/// Everything that is not as expected: what differs before what is not known, property by property,
/// and what takes the fewest events first.
pub(crate) fn unexpected(report: &Report) -> Vec<Unexpected<'_>> {
    let mut found: BTreeMap<(Property, &str), Unexpected<'_>> = BTreeMap::new();
    for (run, result) in report.deviations() {
        let key = (result.property, run.design.as_str());
        let one = Unexpected {
            run,
            result,
            others: 0,
        };
        let known = found.entry(key).and_modify(|known| known.others += 1);
        let known = known.or_insert(one);
        if urgency(result) < urgency(known.result) {
            (known.run, known.result) = (run, result);
        }
    }
    let mut first: BTreeMap<Property, Urgency> = BTreeMap::new();
    for one in found.values() {
        let urgency = urgency(one.result);
        let known = first.entry(one.result.property).or_insert(urgency);
        *known = urgency.min(*known);
    }
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by_key(|one| {
        let property = one.result.property;
        let of_property = first.get(&property).copied();
        (of_property, property, urgency(one.result))
    });
    found
}

/// The smallest comes first.
type Urgency = (bool, u32);

fn urgency(result: &PropertyResult) -> Urgency {
    let is_known = result.agreement == Agreement::Differs;
    (!is_known, result.steps.unwrap_or(u32::MAX))
}

impl Unexpected<'_> {
    /// The same as a sentence.
    pub(crate) fn in_words(&self) -> String {
        self.line().text()
    }

    /// `tie-is-adopted: mine is violated in 4 events, expected: holds (r1s1; 3 more scenarios)`
    pub(super) fn line(&self) -> Line {
        let Unexpected { run, result, .. } = self;
        let (said, wanted) = (result.said(), result.wanted());
        let others = match self.others {
            0 => String::new(),
            others => format!("; {}", count(others, "more scenario")),
        };
        name(result.property.name())
            .plain(": ")
            .name(&run.design)
            .plain(format!(" {said}, expected: {wanted} ("))
            .name(&run.scenario)
            .plain(format!("{others})"))
    }
}

/// The first of them, each with the place of its expectation and the command that tells its story.
pub(super) fn blocks(
    report: &Report,
    all: &[Unexpected<'_>],
    most: usize,
    rest: &str,
) -> Vec<Block> {
    let mut blocks = Vec::new();
    for one in all.iter().take(most) {
        // Where it is expected, or where it would be.
        let line = match &one.result.place {
            Some(place) => one.line().plain(", at ").name(place.to_string()),
            None => one.line(),
        };
        blocks.push(Block::Items(vec![line]));
        let command = report.command(one.run, one.result);
        let command = command.or_else(|| one.run.bound.map(crate::report::words::bound));
        let told = command.map(|command| Command::plain(format!("    {command}")));
        blocks.extend(told.map(|command| Block::Commands(vec![command])));
    }
    if all.len() > most {
        let more = all.len() - most;
        blocks.push(Block::Paragraph(format!("and {more} more: {rest}").into()));
    }
    blocks
}
