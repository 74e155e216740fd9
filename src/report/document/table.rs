//! Tables, and how wide their columns are.

use super::{Line, Tone};

/// A table with one line of headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The headings; in text, the words above numbers stand on top of each other.
    pub head: Vec<String>,
    /// How each column is set; as many as headings.
    pub align: Vec<Align>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row.
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
    /// Numbers.
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

    /// The same in tables of at most so many columns of characters, each with the first column.
    pub(super) fn fitted(&self, width: usize) -> Vec<Table> {
        let widths = self.widths();
        let mut parts: Vec<Vec<usize>> = Vec::new();
        let mut used = 0;
        for column in 1..self.head.len() {
            let needed = widths[column] + 1;
            let least = match self.align[column] {
                Align::Wrap => needed.min(LEAST_WRAPPED),
                Align::Left | Align::Right => needed,
            };
            match parts.last_mut() {
                Some(part) if used + least <= width => {
                    part.push(column);
                    used += needed;
                }
                _ => {
                    parts.push(vec![0, column]);
                    used = widths[0] + needed;
                }
            }
        }
        match parts.len() {
            0 | 1 => vec![self.clone()],
            _ => parts.iter().map(|columns| self.only(columns)).collect(),
        }
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
    pub fn is_within(&self, width: usize) -> bool {
        let columns: usize = self.widths().iter().map(|width| width + 1).sum();
        columns <= width + 1
    }

    /// How many characters each column takes: those of its widest cell, or word of the heading.
    pub(super) fn widths(&self) -> Vec<usize> {
        let of_column = |(column, head): (usize, &String)| {
            let words = heading(head, self.align[column]);
            let words = words.into_iter().map(width).max().unwrap_or(0);
            let cells = self.rows.iter().map(|row| match row {
                Row::Cells(cells) => width(&cells[column].line.text()),
                Row::Group(_) => 0,
            });
            cells.max().unwrap_or(0).max(words)
        };
        self.head.iter().enumerate().map(of_column).collect()
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
