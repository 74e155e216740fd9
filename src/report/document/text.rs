//! A document as text.

use super::table::{self, Row, width};
use super::{Align, Block, Cell, Command, Detail, Document, Line, Step, Table, Tone};
use crate::report::wrap::{columns, keep_together, let_apart};
use anstyle::{AnsiColor, Style};

/// Where text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Characters in a line.
    pub width: usize,
    /// Whether it shows colours.
    pub coloured: bool,
}

impl Default for Screen {
    fn default() -> Screen {
        Screen {
            width: 80,
            coloured: false,
        }
    }
}

impl Document {
    /// The document as text for a screen, with a line break at the end.
    pub fn as_text(&self, screen: Screen) -> String {
        let mut text = String::new();
        for block in &self.blocks {
            let told = screen.block(block, 0);
            if !told.is_empty() && !text.is_empty() {
                text.push('\n');
            }
            text += &told;
        }
        text
    }
}

impl Screen {
    fn block(self, block: &Block, indent: usize) -> String {
        let margin = " ".repeat(indent);
        match block {
            Block::Title(line) => self.heading(line, ""),
            Block::Section(heading, blocks) => {
                let body = blocks.iter().map(|block| self.block(block, indent + 2));
                self.heading(heading, &margin) + &body.collect::<String>()
            }
            Block::Paragraph(line) => self.fill(&line.text(), &margin, &margin),
            Block::Items(items) => {
                let rest = " ".repeat(indent + 2);
                let item = |item: &Line| self.fill(&item.text(), &margin, &rest);
                items.iter().map(item).collect()
            }
            Block::Facts(facts) => self.facts(facts, &margin),
            Block::Table(table) => {
                let tables = table.fitted(self.width - indent);
                let tables = tables.iter().map(|table| self.table(table, &margin));
                tables.collect::<Vec<_>>().join("\n")
            }
            Block::Steps(steps) => steps.iter().map(|step| self.step(step)).collect(),
            Block::Commands(commands) => self.commands(commands, &margin),
            Block::Drawing(lines) => lines
                .iter()
                .map(|line| self.cut(&format!("{margin}{line}")) + "\n")
                .collect(),
            Block::Mermaid(_) | Block::Fold { .. } => String::new(),
            Block::Verdict(tone, line) => {
                let style = style(*tone).bold();
                let lines = self.fill(line, "", "");
                lines
                    .lines()
                    .map(|line| self.paint(line, style) + "\n")
                    .collect()
            }
        }
    }

    /// A paragraph, with what its first line and the others begin with, and a line break.
    fn fill(self, text: &str, first: &str, rest: &str) -> String {
        let options = columns(self.width)
            .initial_indent(first)
            .subsequent_indent(rest);
        let_apart(&textwrap::fill(&keep_together(text), options)) + "\n"
    }

    /// What has no room is left out.
    fn cut(self, line: &str) -> String {
        let mut cut = line.trim_end().to_owned();
        while width(&cut) > self.width {
            cut.pop();
        }
        cut
    }

    fn heading(self, line: &Line, margin: &str) -> String {
        let lines = self.fill(&line.text(), margin, &format!("{margin}  "));
        let paint = |line: &str| self.paint(line, Style::new().bold()) + "\n";
        lines.lines().map(paint).collect()
    }

    fn facts(self, facts: &[(&str, Line)], margin: &str) -> String {
        let label = facts
            .iter()
            .map(|(label, _)| width(label))
            .max()
            .unwrap_or(0);
        let rest = " ".repeat(margin.len() + label + 2);
        let fact = |(what, line): &(&str, Line)| {
            let first = format!("{margin}{what:label$}  ");
            self.fill(&line.text(), &first, &rest)
        };
        facts.iter().map(fact).collect()
    }

    fn step(self, step: &Step) -> String {
        let mut text = self.fill(&step.title, &format!("{:>3}. ", step.number), "     ");
        let mut design = None;
        for Detail {
            design: of,
            text: detail,
        } in &step.details
        {
            if let (Some(name), true) = (of, *of != design) {
                text += &format!("       {name}:\n");
            }
            design.clone_from(of);
            let (first, rest) = match of {
                Some(_) => ("         - ", "           "),
                None => ("       - ", "         "),
            };
            text += &self.fill(detail, first, rest);
        }
        text
    }

    /// Commands are never broken: they are copied as they stand.
    fn commands(self, commands: &[Command], margin: &str) -> String {
        let widest = commands
            .iter()
            .map(|c| width(&c.command))
            .max()
            .unwrap_or(0);
        let line = |Command { command, shows }: &Command| {
            let fits = margin.len() + widest + 2 + width(shows) <= self.width;
            match (shows.is_empty(), fits) {
                (true, _) => format!("{margin}{command}\n"),
                (false, true) => {
                    let gap = " ".repeat(widest - width(command));
                    format!("{margin}{command}{gap}  {shows}\n")
                }
                (false, false) => format!("{margin}{command}\n{margin}    {shows}\n"),
            }
        };
        commands.iter().map(line).collect()
    }

    fn table(self, table: &Table, margin: &str) -> String {
        let mut widths = table.widths();
        if table.align.last() == Some(&Align::Wrap) {
            let others: usize = widths[..widths.len() - 1]
                .iter()
                .map(|width| width + 2)
                .sum();
            let left = self.width.saturating_sub(margin.len() + others);
            if let Some(last) = widths.last_mut() {
                *last = left.max(20);
            }
        }
        let gap = match table.align.contains(&Align::Wrap) {
            true => "  ",
            false => " ",
        };
        let mut text = self.table_head(table, &widths, gap, margin);
        let is_wrapped = |column: usize| table.align[column] == Align::Wrap;
        for row in &table.rows {
            match row {
                Row::Group(heading) => text += &format!("{margin}{heading}\n"),
                Row::Cells(cells) => {
                    let last = cells.len() - 1;
                    let mut lines = vec![cells.clone()];
                    if is_wrapped(last) {
                        lines = wrapped(cells, widths[last]);
                    }
                    for cells in &lines {
                        text += &self.table_line(cells, &table.align, &widths, gap, margin);
                    }
                }
            }
        }
        text
    }

    /// The headings, which stand at the bottom.
    fn table_head(self, table: &Table, widths: &[usize], gap: &str, margin: &str) -> String {
        let heads = table.head.iter().zip(&table.align);
        let heads = heads.map(|(head, &align)| table::heading(head, align));
        let words: Vec<Vec<&str>> = heads.collect();
        let height = words.iter().map(Vec::len).max().unwrap_or(0);
        let has_head = table.head.iter().any(|head| !head.is_empty());
        let shared = table.shared_words();
        let mut text = String::new();
        for line in (0..height).filter(|_| has_head) {
            let (mut cells, mut align, mut wide) = (Vec::new(), Vec::new(), Vec::new());
            let mut column = 0;
            while column < words.len() {
                let index = line.checked_sub(height - words[column].len());
                let word = index.map_or("", |index| words[column][index]);
                let over = shared.iter().find(|span| span.start == column);
                let Some(over) = over.filter(|_| index == Some(0)) else {
                    cells.push(Cell::from(word));
                    align.push(table.align[column]);
                    wide.push(widths[column]);
                    column += 1;
                    continue;
                };
                // Once, in the middle.
                let room =
                    widths[over.clone()].iter().sum::<usize>() + gap.len() * (over.len() - 1);
                let before = " ".repeat(room.saturating_sub(width(word)).div_ceil(2));
                cells.push(Cell::from(before + word));
                align.push(Align::Left);
                wide.push(room);
                column = over.end;
            }
            text += &self.table_line(&cells, &align, &wide, gap, margin);
        }
        text
    }

    fn table_line(
        self,
        cells: &[Cell],
        align: &[Align],
        widths: &[usize],
        gap: &str,
        margin: &str,
    ) -> String {
        let mut line = margin.to_owned();
        // Spaces at the end of a line are left out.
        let mut owed = String::new();
        for (column, cell) in cells.iter().enumerate() {
            let words = cell.line.text();
            let free = " ".repeat(widths[column].saturating_sub(width(&words)));
            if column > 0 {
                owed += gap;
            }
            if words.is_empty() {
                owed += &free;
                continue;
            }
            let painted = self.paint(&words, style(cell.tone));
            match align[column] {
                Align::Right => line += &format!("{owed}{free}{painted}"),
                Align::Left | Align::Wrap => line += &format!("{owed}{painted}"),
            }
            owed = match align[column] {
                Align::Right => String::new(),
                Align::Left | Align::Wrap => free,
            };
        }
        line + "\n"
    }

    fn paint(self, text: &str, style: Style) -> String {
        match self.coloured && style != Style::new() {
            true => format!("{style}{text}{style:#}"),
            false => text.to_owned(),
        }
    }
}

/// A row as several lines, because its last cell does not fit in one.
fn wrapped(cells: &[Cell], width: usize) -> Vec<Vec<Cell>> {
    let Some((last, others)) = cells.split_last() else {
        return Vec::new();
    };
    let text = let_apart(&textwrap::fill(
        &keep_together(&last.line.text()),
        columns(width),
    ));
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let others = match lines.is_empty() {
            true => others.to_vec(),
            false => vec![Cell::default(); others.len()],
        };
        let last = Cell {
            line: line.into(),
            tone: last.tone,
        };
        lines.push(others.into_iter().chain([last]).collect());
    }
    lines
}

fn style(tone: Tone) -> Style {
    let of = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    match tone {
        Tone::Plain => Style::new(),
        Tone::Good => of(AnsiColor::Green),
        Tone::Known => of(AnsiColor::Yellow),
        Tone::Bad => of(AnsiColor::Red).bold(),
        Tone::Open => of(AnsiColor::Magenta),
        Tone::Faint => of(AnsiColor::BrightBlack),
    }
}
