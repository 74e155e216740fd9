//! What a command says, before it is text or Markdown: headings, paragraphs, tables, stories.
//!
//! Commands put a [`Document`] together once; how it is wrapped, escaped and coloured is said here
//! for all of them.

mod markdown;
mod table;
mod text;

pub use markdown::{GITHUB_LIMIT, code, escape};
pub use table::{Align, Cell, Row, Table};
pub use text::Screen;

/// Blocks, from top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// What the whole document is about.
    Title(Line),
    /// A heading, and what stands below it.
    Section(Line, Vec<Block>),
    /// Words that are wrapped.
    Paragraph(Line),
    /// Things, one after the other.
    Items(Vec<Line>),
    Facts(Vec<(&'static str, Line)>),
    Table(Table),
    Steps(Vec<Step>),
    /// What to type, with what it shows.
    Commands(Vec<Command>),
    /// A drawing in characters; only text has it.
    Drawing(Vec<String>),
    /// The source of a sequence diagram; only Markdown has it.
    Mermaid(String),
    /// What is opened on request; text has no room for it.
    Fold {
        /// What is always seen.
        summary: Line,
        /// Whether the rest is seen at first.
        open: bool,
        /// The rest.
        blocks: Vec<Block>,
    },
    /// What it comes to, in one line.
    Verdict(Tone, String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// From 0, which is the start.
    pub number: usize,
    pub title: String,
    /// What follows at once, in one design alone where two are compared.
    pub details: Vec<Detail>,
}

/// Something that follows from a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// The design in which it does; `None`: there is only one, or it does in both.
    pub design: Option<String>,
    pub text: String,
}

/// A command to copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// As it is typed.
    pub command: String,
    /// What it shows; empty where that is clear.
    pub shows: &'static str,
}

impl Command {
    /// A command that needs no explanation.
    pub fn plain(command: impl Into<String>) -> Command {
        Command {
            command: command.into(),
            shows: "",
        }
    }
}

/// What a colour stresses. None is a signal of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing.
    #[default]
    Plain,
    /// What is as it should be.
    Good,
    /// A violation that is known.
    Known,
    /// What is not as expected.
    Bad,
    Open,
    /// What says little.
    Faint,
}

/// Words in a row, some of them names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    kind: Kind,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    /// Set as code where that is possible.
    Name,
    Strong,
}

impl Line {
    /// Adds words.
    #[must_use]
    pub fn plain(self, text: impl Into<String>) -> Line {
        self.with(Kind::Plain, text.into())
    }

    /// Adds a name, or another thing that is typed as it stands.
    #[must_use]
    pub fn name(self, text: impl Into<String>) -> Line {
        self.with(Kind::Name, text.into())
    }

    /// Adds words that are stressed.
    #[must_use]
    pub(crate) fn strong(self, text: impl Into<String>) -> Line {
        self.with(Kind::Strong, text.into())
    }

    fn with(mut self, kind: Kind, text: String) -> Line {
        self.pieces.push(Piece { kind, text });
        self
    }

    /// The words alone.
    pub fn text(&self) -> String {
        self.pieces
            .iter()
            .map(|piece| piece.text.as_str())
            .collect()
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Line {
        Line::default().plain(text)
    }
}

impl From<String> for Line {
    fn from(text: String) -> Line {
        Line::default().plain(text)
    }
}

/// A line that begins with a name.
pub fn name(text: impl Into<String>) -> Line {
    Line::default().name(text)
}

impl Document {
    /// Adds a block at the end.
    pub fn add(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// Adds a paragraph at the end.
    pub fn say(&mut self, line: impl Into<Line>) {
        self.add(Block::Paragraph(line.into()));
    }

    /// Adds a section at the end, unless there is nothing in it.
    pub(crate) fn section(&mut self, heading: impl Into<Line>, blocks: Vec<Block>) {
        if !blocks.is_empty() {
            self.add(Block::Section(heading.into(), blocks));
        }
    }

    /// Adds what another document says.
    pub fn append(&mut self, other: Document) {
        self.blocks.extend(other.blocks);
    }
}

impl FromIterator<Block> for Document {
    fn from_iter<I: IntoIterator<Item = Block>>(blocks: I) -> Document {
        Document {
            blocks: blocks.into_iter().collect(),
        }
    }
}
