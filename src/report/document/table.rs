//! Tables, and how wide their columns are.

use super::{Line, Tone};
use std::ops::Range;

/// A table with one line of headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The headings; in text, the words above numbers stand on top of each other, and a long word that
    /// neighbours share stands once over all of them.
    pub head: Vec<String>,
    /// How each column is set; as many as headings.
    pub align: Vec<Align>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// As many cells as there are headings.
    Cells(Vec<Cell>),
    /// What the rows below it have in common.
    Group(String),
}

/// What a column of wrapped words needs at the least: a token with its stamps stays in one line.
const LEAST_WRAPPED: usize = 20;

/// How a column is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    Right,
    /// Words that are wrapped in what is left of a line. The last column only.
    Wrap,
}

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The words.
    pub line: Line,
    /// What a colour stresses in them.
    pub tone: Tone,
}

impl<T: Into<Line>> From<T> for Cell {
    fn from(line: T) -> Cell {
        Cell {
            line: line.into(),
            tone: Tone::Plain,
        }
    }
}

impl Table {
    /// A table without rows, of columns with these headings.
    pub fn new(columns: impl IntoIterator<Item = (impl Into<String>, Align)>) -> Table {
        let columns = columns.into_iter();
        let (head, align) = columns.map(|(head, align)| (head.into(), align)).unzip();
        Table {
            head,
            align,
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(Row::Cells(cells.into_iter().collect()));
    }

    /// Adds what the next rows have in common.
    pub fn group(&mut self, heading: impl Into<String>) {
        self.rows.push(Row::Group(heading.into()));
    }

    /// The same in tables of at most so many columns of characters, each with the first column. None
    /// is left with a single other one: then each gets about as many.
    pub(super) fn fitted(&self, width: usize) -> Vec<Table> {
        let widths = self.widths();
        let units = self.units();
        let greedy = self.parts(&units, &widths, width, usize::MAX);
        let is_alone = greedy.last().is_some_and(|part| part.len() == 2);
        let others = self.head.len() - 1;
        let parts = match greedy.len() {
            0 | 1 => return vec![self.clone()],
            tables if is_alone && !self.align.contains(&Align::Wrap) => {
                let even = self.parts(&units, &widths, width, others.div_ceil(tables));
                if even.len() == tables { even } else { greedy }
            }
            _ => greedy,
        };
        parts.iter().map(|columns| self.only(columns)).collect()
    }

    /// The columns but the first; what one word stands over is together.
    fn units(&self) -> Vec<Range<usize>> {
        let shared = self.shared_words();
        let mut units = Vec::new();
        let mut column = 1;
        while column < self.head.len() {
            let over = shared.iter().find(|span| span.start == column);
            let unit = over.cloned().unwrap_or(column..column + 1);
            column = unit.end;
            units.push(unit);
        }
        units
    }

    /// As many columns in each table as have room, but not many more than these.
    fn parts(
        &self,
        units: &[Range<usize>],
        widths: &[usize],
        width: usize,
        most: usize,
    ) -> Vec<Vec<usize>> {
        let mut parts: Vec<Vec<usize>> = Vec::new();
        let mut used = 0;
        for unit in units {
            let needed: usize = unit.clone().map(|column| widths[column] + 1).sum();
            let least = match self.align[unit.start] {
                Align::Wrap => needed.min(LEAST_WRAPPED),
                Align::Left | Align::Right => needed,
            };
            match parts.last_mut() {
                // The first of them is the name.
                Some(part) if used + least <= width && part.len() <= most => {
                    part.extend(unit.clone());
                    used += needed;
                }
                Some(_) | None => {
                    parts.push([0].into_iter().chain(unit.clone()).collect());
                    used = widths[0] + needed;
                }
            }
        }
        parts
    }

    fn only(&self, columns: &[usize]) -> Table {
        let row = |row: &Row| match row {
            Row::Cells(cells) => Row::Cells(
                columns
                    .iter()
                    .map(|&column| cells[column].clone())
                    .collect(),
            ),
            Row::Group(heading) => Row::Group(heading.clone()),
        };
        Table {
            head: columns
                .iter()
                .map(|&column| self.head[column].clone())
                .collect(),
            align: columns.iter().map(|&column| self.align[column]).collect(),
            rows: self.rows.iter().map(row).collect(),
        }
    }

    /// Whether it has at most so many characters in a line.
    pub(crate) fn is_within(&self, width: usize) -> bool {
        let columns: usize = self.widths().iter().map(|width| width + 1).sum();
        columns <= width + 1
    }

    /// How many characters each column takes: those of its widest cell, or word of the heading. A word
    /// that stands once over several columns makes none of them wider.
    pub(super) fn widths(&self) -> Vec<usize> {
        let shared = self.shared_words();
        let of_column = |(column, head): (usize, &String)| {
            let words = heading(head, self.align[column]);
            let own = usize::from(shared.iter().any(|span| span.contains(&column)));
            let words = words.into_iter().skip(own).map(width);
            self.widest_cell(column).max(words.max().unwrap_or(0))
        };
        self.head.iter().enumerate().map(of_column).collect()
    }

    /// Neighbouring columns over which the first of two words is written once, because over each of
    /// them it would make the column wider: `cookie` over `oiat gets`.
    pub(super) fn shared_words(&self) -> Vec<Range<usize>> {
        let words = |column: usize| match *heading(&self.head[column], self.align[column]) {
            [first, second] => Some((first, width(second).max(self.widest_cell(column)))),
            _ => None,
        };
        let mut spans: Vec<Range<usize>> = Vec::new();
        let mut column = 0;
        while column < self.head.len() {
            let start = column;
            column += 1;
            let Some((word, mut room)) = words(start) else {
                continue;
            };
            let mut narrow = room < width(word);
            while let Some((_, more)) = (column < self.head.len())
                .then(|| words(column))
                .flatten()
                .filter(|(first, _)| *first == word)
            {
                narrow &= more < width(word);
                room += 1 + more;
                column += 1;
            }
            if column - start > 1 && narrow && width(word) <= room {
                spans.push(start..column);
            }
        }
        spans
    }

    fn widest_cell(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| match row {
            Row::Cells(cells) => width(&cells[column].line.text()),
            Row::Group(_) => 0,
        });
        cells.max().unwrap_or(0)
    }
}

/// The lines of a heading.
pub(super) fn heading(heading: &str, align: Align) -> Vec<&str> {
    match align {
        Align::Right => heading.split(' ').collect(),
        Align::Left | Align::Wrap => vec![heading],
    }
}

pub(super) fn width(text: &str) -> usize {
    textwrap::core::display_width(text)
}

#[cfg(test)]
mod tests {
    use crate::report::document::{Align, Block, Cell, Document, Screen, Table};

    fn text(headings: &[&str], cells: &[&str]) -> String {
        let names = [("scenario", Align::Left)].into_iter();
        let columns = headings.iter().map(|&heading| (heading, Align::Right));
        let mut table = Table::new(names.chain(columns));
        let cells = cells.iter().map(|&cell| Cell::from(cell));
        table.row([Cell::from("idle")].into_iter().chain(cells));
        Document::from_iter([Block::Table(table)]).as_text(Screen::default())
    }

    #[test]
    fn a_word_wider_than_its_columns_stands_once_over_those_that_share_it() {
        assert_eq!(
            text(
                &[
                    "tie kept",
                    "cookie oiat",
                    "cookie gets",
                    "tabs same",
                    "states"
                ],
                &["ok", "7", "11", "--", "12"],
            ),
            "          tie   cookie  tabs\n\
             scenario kept oiat gets same states\n\
             idle       ok    7   11   --     12\n",
        );
    }

    #[test]
    fn a_shared_word_with_nothing_behind_it_ends_its_line() {
        assert_eq!(
            text(&["cookie oiat", "cookie gets", "states"], &["7", "ok", "1"]),
            "           cookie\n\
             scenario oiat gets states\n\
             idle        7   ok      1\n",
        );
    }

    #[test]
    fn what_has_no_room_is_halved_and_leaves_no_column_alone() {
        let headings = [
            "cookie oiat",
            "cookie gets",
            "tabs same",
            "tabs rank",
            "seed",
            "states",
        ];
        let names = [("scenario", Align::Left)].into_iter();
        let mut table = Table::new(names.chain(headings.map(|heading| (heading, Align::Right))));
        table.row(["idle", "7", "11", "--", "ok", "5", "100,000"].map(Cell::from));
        let text = Document::from_iter([Block::Table(table)]).as_text(Screen {
            width: 40,
            coloured: false,
        });
        assert_eq!(
            text,
            "           cookie  tabs\n\
             scenario oiat gets same\n\
             idle        7   11   --\n\
             \n\
             \u{20}        tabs\n\
             scenario rank seed  states\n\
             idle       ok    5 100,000\n",
        );
    }

    #[test]
    fn a_word_over_one_column_makes_it_as_wide() {
        assert_eq!(
            text(&["cookie org", "out cookie"], &["7", "ok"]),
            "         cookie    out\n\
             scenario    org cookie\n\
             idle          7     ok\n",
        );
    }

    #[test]
    fn a_word_that_fits_over_each_of_its_columns_stands_over_each() {
        assert_eq!(
            text(&["call oiat", "call clms"], &["7", "ok"]),
            "         call call\n\
             scenario oiat clms\n\
             idle        7   ok\n",
        );
    }
}
