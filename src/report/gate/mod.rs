//! What the gate says to people: a digest, or everything.
//!
//! What is not as expected comes first in either. The digest has a line for each design and fits on a
//! screen; everything is a table for each design.

mod digest;
mod full;
mod markdown;
mod unexpected;

pub use markdown::Markdown;
pub(crate) use unexpected::Unexpected;
pub(crate) use unexpected::unexpected;

use super::document::{Document, Screen, Tone};
use super::{Render, RenderError, verdict_line};
use crate::catalog::Catalog;
use crate::check::{Agreement, PropertyResult, Report};
use crate::property::Verdict;

/// The most lines that the digest takes, and tables below what is not as expected.
const MAX_LINES: usize = 40;

/// How much text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// A line for each design.
    Digest,
    /// A table for each design.
    Full,
}

impl Detail {
    /// The most designs of which everything is said without being asked for.
    pub(crate) const FEW: usize = 3;

    /// What is said if nobody asks for anything: of a few designs everything, but what is not as
    /// expected may not be lost in tables.
    pub fn of(report: &Report) -> Detail {
        let fits = || {
            let text = full::full(report).as_text(Screen::default());
            text.lines().count() <= MAX_LINES
        };
        let is_few = report.designs().len() <= Detail::FEW;
        match is_few && (report.agreement() == Agreement::Agrees || fits()) {
            true => Detail::Full,
            false => Detail::Digest,
        }
    }
}

pub struct Text<'a> {
    pub screen: Screen,
    /// How much of it.
    pub detail: Detail,
    /// What designs are; without it they are all drafts.
    pub catalog: Option<&'a Catalog>,
}

impl Text<'_> {
    /// The tables alone, without what they come to.
    pub fn tables(&self, report: &Report) -> String {
        full::tables(report).as_text(self.screen)
    }
}

impl Render for Text<'_> {
    fn render(&self, report: &Report) -> Result<String, RenderError> {
        let document = match self.detail {
            Detail::Digest => digest::digest(report, self.catalog, self.screen),
            Detail::Full => full::full(report),
        };
        Ok(document.as_text(self.screen))
    }
}

/// The last line alone.
pub fn verdict_text(report: &Report, screen: Screen) -> String {
    let (tone, line) = verdict(report);
    Document::from_iter([super::document::Block::Verdict(tone, line)]).as_text(screen)
}

fn verdict(report: &Report) -> (Tone, String) {
    let tone = match report.agreement() {
        Agreement::Agrees => Tone::Good,
        Agreement::Unknown => Tone::Open,
        Agreement::Differs => Tone::Bad,
    };
    (tone, verdict_line(report))
}

/// A verdict as short as it gets; `!` marks what is not as expected.
fn cell(property: &PropertyResult) -> String {
    let verdict = match (property.verdict, property.steps) {
        (Verdict::Violated, Some(steps)) => steps.to_string(),
        (Verdict::Violated, None) => "x".to_owned(),
        (Verdict::Holds, _) => "ok".to_owned(),
        (Verdict::Vacuous, _) => "--".to_owned(),
        (Verdict::Inconclusive, _) => "??".to_owned(),
    };
    match property.agreement {
        Agreement::Agrees => verdict,
        Agreement::Unknown | Agreement::Differs => verdict + "!",
    }
}

fn tone(property: &PropertyResult) -> Tone {
    match (property.agreement, property.verdict) {
        (Agreement::Differs, _) => Tone::Bad,
        (Agreement::Unknown, _) | (_, Verdict::Inconclusive) => Tone::Open,
        (_, Verdict::Violated) => Tone::Known,
        (_, Verdict::Holds) => Tone::Good,
        (_, Verdict::Vacuous) => Tone::Faint,
    }
}
