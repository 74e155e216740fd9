//! A sequence diagram in characters: a column for each lane, a line for each item.

use super::sequence::{Arrow, Fate, Item, Lane, Sequence};
use textwrap::core::display_width as width;

/// Characters for all lanes together.
const ROOM: usize = 42;

/// The widest column of a lane, and the narrowest, in characters.
const COLUMN: std::ops::RangeInclusive<usize> = 3..=10;

/// Draws a sequence, its steps numbered as `numbers` says. Lanes stand in columns; a note is a dot in
/// its lane.
pub(crate) fn drawn_in_columns(sequence: &Sequence, numbers: &[usize]) -> Vec<String> {
    let lanes = sequence.lanes.len().max(1);
    let column = (ROOM / lanes).clamp(*COLUMN.start(), *COLUMN.end());
    let mut lines = vec![heading(sequence, column)];
    for (number, moment) in numbers.iter().zip(&sequence.steps) {
        for item in &moment.items {
            let mut cells = vec!['|'; lanes];
            let (gaps, text) = match item {
                Item::Note { lane, text, .. } => {
                    cells[sequence.column(*lane)] = 'o';
                    (None, text)
                }
                Item::Leaves { arrow } | Item::Arrives { arrow } | Item::Across { arrow } => {
                    let arrow = &sequence.arrows[*arrow];
                    (Some(arrow), &arrow.text)
                }
                Item::Everywhere { text } => (None, text),
                // Their notes say so.
                Item::Begins { .. } | Item::Ends { .. } => continue,
            };
            let drawn = row(sequence, column, &cells, gaps);
            lines.push(format!("{number:>3} {drawn} {text}"));
        }
    }
    lines
}

/// Names above their lanes, cut where they would run into each other.
fn heading(sequence: &Sequence, column: usize) -> String {
    let names = sequence.lanes.iter().map(|lane| {
        let title = sequence.title(*lane);
        let mut name: String = title.chars().take(column.saturating_sub(1)).collect();
        while width(&name) >= column {
            name.pop();
        }
        let rest = column - width(&name);
        name + &" ".repeat(rest)
    });
    let names: String = names.collect();
    format!("    {}", names.trim_end())
}

fn row(sequence: &Sequence, column: usize, cells: &[char], arrow: Option<&Arrow>) -> String {
    let span = arrow.map(|arrow| Span::of(sequence, arrow.from, arrow.to, arrow.fate));
    let mut line = String::new();
    for (position, cell) in cells.iter().enumerate() {
        let within = span.as_ref().and_then(|span| span.cell(position));
        line.push(within.unwrap_or(*cell));
        let is_last = position + 1 == cells.len();
        let inside = span.as_ref().is_some_and(|span| span.crosses(position));
        for at in 1..if is_last { 2 } else { column } {
            line.push(match &span {
                Some(span) if inside => span.dash(position, at, column),
                Some(_) | None => ' ',
            });
        }
    }
    line
}

/// From where to where an arrow goes, by position.
struct Span {
    left: usize,
    right: usize,
    to_right: bool,
    stopped: bool,
}

impl Span {
    fn of(sequence: &Sequence, from: Lane, to: Lane, fate: Fate) -> Span {
        let (from, to) = (sequence.column(from), sequence.column(to));
        Span {
            left: from.min(to),
            right: from.max(to),
            to_right: from < to,
            stopped: fate == Fate::Stopped,
        }
    }

    /// Whether it goes over the gap to the right of a lane.
    fn crosses(&self, lane: usize) -> bool {
        (self.left..self.right).contains(&lane)
    }

    /// In a lane that it passes.
    fn cell(&self, lane: usize) -> Option<char> {
        (self.left + 1..self.right).contains(&lane).then_some('-')
    }

    fn dash(&self, lane: usize, at: usize, column: usize) -> char {
        let head = match self.stopped {
            true => 'x',
            false if self.to_right => '>',
            false => '<',
        };
        let is_head = match self.to_right {
            true => lane + 1 == self.right && at + 1 == column,
            false => lane == self.left && at == 1,
        };
        if is_head { head } else { '-' }
    }
}
