//! A document as GitHub's Markdown.

use super::table::Row;
use super::{Align, Block, Cell, Command, Document, Kind, Line, Step, Table, Tone};

/// The most characters that are written for GitHub, which refuses a comment or a description of more
/// than 65,536.
pub const GITHUB_LIMIT: usize = 60_000;

/// The most characters that the note about what was left out may take.
const NOTE: usize = 200;

impl Document {
    /// The document as Markdown of fewer than [`GITHUB_LIMIT`] characters. What is folded, and
    /// diagrams, go first if it is too long, from the end; then the end itself. `all` is what prints
    /// everything.
    pub fn as_markdown(&self, all: &str) -> String {
        let mut parts: Vec<(bool, String)> = Vec::new();
        for block in &self.blocks {
            put(block, &mut parts);
        }
        let length = |parts: &[(bool, String)]| -> usize {
            parts.iter().map(|(_, part)| part.chars().count() + 1).sum()
        };
        let room = GITHUB_LIMIT - NOTE;
        let whole = parts.len();
        while length(&parts) > room {
            match parts.iter().rposition(|(optional, _)| *optional) {
                Some(position) => parts.remove(position),
                None => break,
            };
        }
        let mut is_short = parts.len() < whole;
        let mut text = parts
            .into_iter()
            .map(|(_, part)| part)
            .collect::<Vec<_>>()
            .join("\n");
        if text.chars().count() > room {
            let end = text
                .char_indices()
                .nth(room)
                .map_or(text.len(), |(at, _)| at);
            let end = text[..end].rfind('\n').map_or(0, |at| at + 1);
            text.truncate(end);
            is_short = true;
        }
        if is_short {
            text += &format!(
                "\nGitHub takes no more than this; {} has all of it.\n",
                code(all)
            );
        }
        text
    }
}

/// The parts of a block, and whether each can be left out.
fn put(block: &Block, parts: &mut Vec<(bool, String)>) {
    match block {
        Block::Section(heading, blocks) => {
            parts.push((false, format!("### {}\n", set(heading))));
            for block in blocks {
                put(block, parts);
            }
        }
        Block::Drawing(_) => {}
        Block::Mermaid(_) | Block::Fold { .. } => parts.push((true, told(block))),
        Block::Title(_)
        | Block::Paragraph(_)
        | Block::Items(_)
        | Block::Facts(_)
        | Block::Table(_)
        | Block::Steps(_)
        | Block::Commands(_)
        | Block::Verdict(..) => parts.push((false, told(block))),
    }
}

fn told(block: &Block) -> String {
    match block {
        Block::Title(line) => format!("## {}\n", set(line)),
        Block::Section(heading, blocks) => {
            let body: Vec<String> = blocks.iter().map(told).collect();
            format!("### {}\n\n{}", set(heading), body.join("\n"))
        }
        Block::Paragraph(line) => set(line) + "\n",
        Block::Items(items) => items
            .iter()
            .map(|item| format!("- {}\n", set(item)))
            .collect(),
        Block::Facts(facts) => {
            let fact = |(what, line): &(&str, Line)| format!("- {what}: {}\n", set(line));
            facts.iter().map(fact).collect()
        }
        Block::Table(table) => tabled(table),
        Block::Steps(steps) => steps.iter().map(step).collect(),
        Block::Commands(commands) => {
            let width = commands.iter().map(|c| c.command.chars().count()).max();
            let width = width.unwrap_or(0);
            let line = |Command { command, shows }: &Command| match *shows {
                "" => format!("{command}\n"),
                shows => format!("{command:width$}  # {shows}\n"),
            };
            format!(
                "```sh\n{}```\n",
                commands.iter().map(line).collect::<String>()
            )
        }
        Block::Drawing(_) => String::new(),
        Block::Mermaid(source) => format!("```mermaid\n{source}```\n"),
        Block::Fold {
            summary,
            open,
            blocks,
        } => {
            let open = if *open { " open" } else { "" };
            let body: Vec<String> = blocks.iter().map(told).collect();
            let summary = html(summary);
            format!(
                "<details{open}><summary>{summary}</summary>\n\n{}\n</details>\n",
                body.join("\n")
            )
        }
        Block::Verdict(_, line) => format!("**{}**\n", escape(line)),
    }
}

fn step(step: &Step) -> String {
    let mut text = match step.number {
        // A list that begins with 0 would be one of its own.
        0 => format!("At first {}.\n\n", escape(&step.title)),
        number => format!("{number}. {}\n", escape(&step.title)),
    };
    for detail in &step.details {
        let of = match &detail.design {
            Some(design) => format!("{}: ", code(design)),
            None => String::new(),
        };
        text += &format!("   - {of}{}\n", escape(&detail.text));
    }
    text
}

fn tabled(table: &Table) -> String {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = row(table.head.iter().map(|head| escape(head)).collect());
    let rule = table.align.iter().map(|align| match align {
        Align::Right => "---:",
        Align::Left | Align::Wrap => "---",
    });
    text += &format!("|{}|\n", rule.collect::<Vec<_>>().join("|"));
    for line in &table.rows {
        text += &row(match line {
            Row::Cells(cells) => cells.iter().map(cell).collect(),
            Row::Group(heading) => {
                let mut cells = vec![String::new(); table.head.len()];
                if let Some(first) = cells.first_mut() {
                    *first = format!("**{}**", escape(heading));
                }
                cells
            }
        });
    }
    text
}

fn cell(cell: &Cell) -> String {
    // In a table, a bar ends a cell even within code.
    let piece = |piece: &super::Piece| match piece.kind {
        Kind::Name => code(&piece.text).replace('|', "\\|"),
        Kind::Plain | Kind::Strong => set_piece(piece),
    };
    let words: String = cell.line.pieces.iter().map(piece).collect();
    match cell.tone {
        Tone::Bad => format!("**{words}**"),
        Tone::Plain | Tone::Good | Tone::Known | Tone::Open | Tone::Faint => words,
    }
}

fn set(line: &Line) -> String {
    line.pieces.iter().map(set_piece).collect()
}

fn set_piece(piece: &super::Piece) -> String {
    match piece.kind {
        Kind::Plain => escape(&piece.text),
        Kind::Name => code(&piece.text),
        Kind::Strong => format!("**{}**", escape(&piece.text)),
    }
}

/// Inside an HTML element, where Markdown is not read.
fn html(line: &Line) -> String {
    let piece = |piece: &super::Piece| {
        let text = escape_html(&piece.text);
        match piece.kind {
            Kind::Plain => text,
            Kind::Name => format!("<code>{text}</code>"),
            Kind::Strong => format!("<b>{text}</b>"),
        }
    };
    line.pieces.iter().map(piece).collect()
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Names come from file names, which may hold anything.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (index, character) in text.chars().enumerate() {
        match character {
            '<' => escaped += "&lt;",
            '&' => escaped += "&amp;",
            // Within a table or a list a line must not end.
            '\n' | '\r' => escaped.push(' '),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' => {
                escaped.push('\\');
                escaped.push(character);
            }
            // A heading, or a reference to an issue of another repository.
            '#' => escaped += "\\#",
            // What would be a list or a quotation at the beginning of a line.
            '-' | '+' | '>' if index == 0 => {
                escaped.push('\\');
                escaped.push(character);
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

/// As code, which no escape reaches into.
pub fn code(text: &str) -> String {
    format!("`{}`", text.replace(['`', '\n', '\r'], "'"))
}
