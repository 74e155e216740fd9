//! A story as a Mermaid sequence diagram, in the syntax that GitHub renders.
//!
//! Mermaid has no arrows that take their time. A request is drawn when it is sent, an answer and a
//! broadcast when they arrive: so the order of what a tab sees is the order in the picture. Nor can
//! a lane begin or end without a message: where tabs open, close or sign out, a bar on its lane says
//! how long a tab is there.

use super::sequence::{Arrow, Fate, Item, Lane, Message, Sequence};
use crate::report::Story;
use crate::trace::Claim;
use std::fmt::Write;

/// What is behind the last step: a red that can be read on light and on dark.
const HIGHLIGHT: &str = "rgba(210, 60, 60, 0.15)";

/// Draws a story.
pub fn mermaid(story: &Story) -> String {
    let steps = story.steps.iter().map(|step| step.title.as_str());
    let mark = match story.claim {
        Claim::Violated => "VIOLATED",
        Claim::Witnessed => "OPPORTUNITY",
    };
    let closing = format!("{mark}: {}", story.moment.join("; "));
    sequence(&story.diagram, &story.start, steps, &closing)
}

/// Draws a sequence: how it begins, its steps by their titles, and what it comes to.
pub fn sequence<'a>(
    sequence: &Sequence,
    start: &str,
    titles: impl Iterator<Item = &'a str>,
    closing: &str,
) -> String {
    let mut text = String::from("sequenceDiagram\n");
    for (column, lane) in sequence.lanes.iter().enumerate() {
        // Writing to a string cannot fail; so everywhere below.
        let _ = writeln!(
            text,
            "    participant L{column} as {}",
            plain(&sequence.title(*lane))
        );
    }
    let everybody = format!("L0,L{}", sequence.lanes.len() - 1);
    let barred = bars(sequence);
    for column in barred
        .iter()
        .filter(|&&column| !sequence.absent.contains(&sequence.lanes[column]))
    {
        let _ = writeln!(text, "    activate L{column}");
    }
    let _ = writeln!(text, "    Note over {everybody}: 0. {}", plain(start));
    for (number, (moment, title)) in (1..).zip(sequence.steps.iter().zip(titles)) {
        let title = plain(title);
        let is_last = number == sequence.steps.len();
        if is_last {
            let _ = writeln!(text, "    rect {HIGHLIGHT}");
        }
        let _ = writeln!(text, "    Note over {everybody}: {number}. {title}");
        for item in &moment.items {
            draw(&mut text, sequence, item);
        }
        if is_last {
            let _ = writeln!(text, "    Note over {everybody}: {}", plain(closing));
            let _ = writeln!(text, "    end");
        }
    }
    if sequence.steps.is_empty() {
        let _ = writeln!(text, "    Note over {everybody}: {}", plain(closing));
    }
    text
}

/// The lanes whose tabs open, close or sign out.
fn bars(sequence: &Sequence) -> Vec<usize> {
    let items = || sequence.steps.iter().flat_map(|step| &step.items);
    let is_barred = |lane: Lane| {
        let bars = |item: &Item| match item {
            Item::Begins { lane: of } | Item::Ends { lane: of } => *of == lane,
            Item::Leaves { .. }
            | Item::Arrives { .. }
            | Item::Across { .. }
            | Item::Note { .. }
            | Item::Everywhere { .. } => false,
        };
        items().any(bars)
    };
    let columns = (0..).zip(&sequence.lanes);
    let barred = columns.filter(|(_, lane)| is_barred(**lane));
    barred.map(|(column, _)| column).collect()
}

fn draw(text: &mut String, sequence: &Sequence, item: &Item) {
    let line = match item {
        Item::Note { lane, text, .. } => {
            let column = sequence.column(*lane);
            format!("Note over L{column}: {}", plain(text))
        }
        Item::Leaves { arrow } => {
            let arrow = &sequence.arrows[*arrow];
            if arrow.what != Message::Request {
                return;
            }
            cross(sequence, arrow, "-)")
        }
        Item::Arrives { arrow } => {
            let arrow = &sequence.arrows[*arrow];
            if arrow.what == Message::Request {
                return;
            }
            match arrow.fate == Fate::Stopped {
                true => cross(sequence, arrow, "--x"),
                false => cross(sequence, arrow, "--)"),
            }
        }
        Item::Across { arrow } => match &sequence.arrows[*arrow] {
            arrow if arrow.fate == Fate::Stopped => cross(sequence, arrow, "-x"),
            arrow => cross(sequence, arrow, "->>"),
        },
        Item::Begins { lane } => format!("activate L{}", sequence.column(*lane)),
        Item::Ends { lane } => format!("deactivate L{}", sequence.column(*lane)),
        // The step's own title says it.
        Item::Everywhere { .. } => return,
    };
    let _ = writeln!(text, "    {line}");
}

fn cross(sequence: &Sequence, arrow: &Arrow, line: &str) -> String {
    let (from, to) = (sequence.column(arrow.from), sequence.column(arrow.to));
    format!("L{from}{line}L{to}: {}", plain(&arrow.text))
}

/// Mermaid reads `;` as the end of a statement, `#` as the start of an entity and `%%` as that of a
/// comment, and `<` would be read as HTML.
fn plain(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            ';' => ",".to_owned(),
            '#' => "#35;".to_owned(),
            '%' => "#37;".to_owned(),
            '<' => "#lt;".to_owned(),
            '>' => "#gt;".to_owned(),
            '\n' => " ".to_owned(),
            character => character.to_string(),
        })
        .collect()
}
