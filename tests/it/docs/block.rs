//! Blocks of code in a page, and what their comments say.

use std::ops::Range;

/// A block of code.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// What is written behind the opening fence.
    pub language: String,
    /// The lines between the fences, numbered from 0.
    pub lines: Range<usize>,
    /// `<!-- exit: N -->`
    pub exit: i32,
    /// `<!-- file: PATH -->`
    pub file: Option<String>,
    /// `<!-- not run: REASON -->`
    pub not_run: bool,
}

/// A picture, the line that shows it, and the command that draws it.
#[derive(Clone, Debug)]
pub struct Picture {
    pub path: String,
    pub line: usize,
    pub drawn_by: Option<String>,
    pub measured: bool,
}

/// A page in parts.
#[derive(Debug, Default)]
pub struct Parts {
    pub blocks: Vec<Block>,
    pub pictures: Vec<Picture>,
}

/// Reads the blocks and pictures of a page.
pub fn parts(lines: &[String]) -> Parts {
    let mut parts = Parts::default();
    let mut comments: Vec<(&str, &str)> = Vec::new();
    let mut number = 0;
    while number < lines.len() {
        let line = lines[number].as_str();
        if let Some(language) = line.strip_prefix("```") {
            let begin = number + 1;
            let length = lines[begin..].iter().position(|line| line == "```");
            let end = begin + length.unwrap_or_else(|| panic!("line {begin}: no closing fence"));
            parts.blocks.push(block(language, begin..end, &comments));
            comments.clear();
            number = end;
        } else if let Some(path) = picture(line) {
            let said = |key: &str| {
                comments
                    .iter()
                    .find(|(said, _)| *said == key)
                    .map(|(_, value)| *value)
            };
            parts.pictures.push(Picture {
                path: path.to_owned(),
                line: number + 1,
                drawn_by: said("drawn by").map(str::to_owned),
                measured: said("measured by").is_some(),
            });
            comments.clear();
        } else if let Some(comment) = comment(line) {
            comments.push(comment);
        } else if !line.is_empty() {
            comments.clear();
        }
        number += 1;
    }
    parts
}

fn block(language: &str, lines: Range<usize>, comments: &[(&str, &str)]) -> Block {
    let mut block = Block {
        language: language.to_owned(),
        lines,
        ..Block::default()
    };
    for (key, value) in comments {
        match *key {
            "exit" => block.exit = value.parse().expect("an exit code"),
            "file" => block.file = Some((*value).to_owned()),
            "not run" => block.not_run = true,
            key => panic!("`{key}` says nothing about a block of code"),
        }
    }
    block
}

/// `<!-- key: value -->`
fn comment(line: &str) -> Option<(&str, &str)> {
    let inner = line.strip_prefix("<!-- ")?.strip_suffix(" -->")?;
    inner.split_once(": ")
}

/// The path in `![text](path)`, alone on a line.
fn picture(line: &str) -> Option<&str> {
    let (_, path) = line.strip_prefix("![")?.split_once("](")?;
    path.strip_suffix(')')
}
