//! A violation in a log as a sequence diagram.

use super::{Logged, told};
use crate::monitor::{Entry, Finding, RealToken};
use crate::property::Property;
use crate::report::diagram::{
    Picture, Sequence, drawn_in_columns, log_sequence, mermaid_sequence, picture,
};

/// The most lines of a log that are drawn.
const DRAWN: usize = 12;

/// What is said where nothing is drawn.
pub(super) const NOTHING: &str = "nothing is violated";

/// A picture that says so.
pub(super) fn nothing() -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 200 32\" width=\"200\" role=\"img\">\
         <title>{NOTHING}</title><text x=\"8\" y=\"20\" font-size=\"12\" fill=\"gray\">{NOTHING}</text>\
         </svg>\n"
    )
}

impl Logged<'_> {
    pub(super) fn mermaid(&self, property: Property, finding: &Finding) -> String {
        let (sequence, titles) = self.drawn(finding);
        let closing = format!("VIOLATED {property}: {}", finding.said);
        let titles = titles.iter().map(String::as_str);
        mermaid_sequence(&sequence, "what the log says", titles, &closing)
    }

    /// As a picture.
    pub(super) fn svg(&self, property: Property, finding: &Finding) -> String {
        let (sequence, mut titles) = self.drawn(finding);
        titles.insert(0, "what the log says".to_owned());
        picture(&Picture {
            sequence: &sequence,
            titles: &titles,
            name: format!("{property} in a log"),
            heading: format!("{property} is violated"),
            lines: [
                format!("at {}", self.record.place(finding.place)),
                "as recorded; nothing was verified".to_owned(),
            ],
            mark: "VIOLATED in the last line".to_owned(),
            moment: std::slice::from_ref(&finding.said),
        })
    }

    /// What is drawn of a story, and what is told beside it.
    fn drawn(&self, finding: &Finding) -> (Sequence, Vec<String>) {
        let (positions, entries) = chosen(finding);
        let sequence = log_sequence(&entries, ToString::to_string);
        let mut titles = told(self.record, finding);
        let titles = positions
            .into_iter()
            .filter_map(|position| titles.get_mut(position).map(std::mem::take));
        (sequence, titles.collect())
    }
}

/// In characters: lines are numbered as in the story, stamps count from the earliest one.
pub(super) fn in_columns(finding: &Finding) -> Vec<String> {
    let (positions, entries) = chosen(finding);
    let tokens = entries.iter().filter_map(|entry| entry.token.as_ref());
    let stamps = tokens.flat_map(|token| [token.oiat, token.iat]);
    let first = stamps.flatten().min().unwrap_or(0);
    let sequence = log_sequence(&entries, |token| since(token, first));
    let numbers: Vec<usize> = positions.iter().map(|position| position + 1).collect();
    let mut lines = drawn_in_columns(&sequence, &numbers);
    lines.push(format!("    +n: n seconds after {first}"));
    lines
}

fn since(token: &RealToken, first: u64) -> String {
    let stamp = |name: &str, stamp: Option<u64>| match stamp {
        Some(stamp) => format!("{name} +{}", stamp.saturating_sub(first)),
        None => format!("no {name}"),
    };
    format!(
        "[{}, {}]",
        stamp("oiat", token.oiat),
        stamp("iat", token.iat)
    )
}

/// The lines of a story that are drawn, with their positions: those that it is about, and the last.
fn chosen(finding: &Finding) -> (Vec<usize>, Vec<&Entry>) {
    let all = finding.entries.iter().enumerate();
    let is_about = |entry: &Entry| finding.about.contains(&entry.place);
    let about = all.clone().filter(|(_, entry)| is_about(entry)).count();
    let others = finding.entries.len() - about;
    let first = others.saturating_sub(DRAWN.saturating_sub(about));
    let mut other = 0;
    let chosen = all.filter(|(_, entry)| {
        let is_about = is_about(entry);
        other += usize::from(!is_about);
        is_about || other > first
    });
    chosen.map(|(position, entry)| (position, &**entry)).unzip()
}
