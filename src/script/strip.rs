//! From TypeScript to JavaScript: the types go, the places stay known.

use super::beyond::{self, Beyond};
use super::modules::{self, CommonJs};
use super::plain::plain;
use super::protocol::{Import, Problem};
use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions, CommentOptions};
use oxc_parser::Parser;
use oxc_semantic::SemanticBuilder;
use oxc_span::SourceType;
use oxc_transformer::{TransformOptions, Transformer};
use std::ops::Range;
use std::path::Path;

pub const ENDINGS: [&str; 7] = ["ts", "tsx", "mts", "cts", "js", "mjs", "cjs"];

/// As many mistakes are told as anybody wants to read.
const MOST: usize = 20;

/// A script that an engine can run.
#[derive(Debug)]
pub(super) struct Stripped {
    /// JavaScript, a module.
    pub(super) code: String,
    /// The files that it needs, each once, by the names that its imports have.
    pub(super) imports: Vec<Import>,
    /// What of the code is the script's own, in bytes.
    pub(super) own: Range<usize>,
    /// Where its parts come from, in the order of the code.
    places: Vec<Mapped>,
}

/// A place in the code and the place in the script that it comes from: lines and columns from 0.
#[derive(Clone, Copy, Debug)]
struct Mapped {
    code: (u32, u32),
    script: (u32, u32),
}

/// By the ending: there are types in `.ts`, `.mts` and `.cts`, and markup as well in `.tsx`.
fn source_type(path: &Path) -> SourceType {
    let ending = path.extension().and_then(|ending| ending.to_str());
    match ending {
        Some("ts" | "mts" | "cts") => SourceType::ts(),
        Some("tsx") => SourceType::tsx(),
        _ => SourceType::mjs(),
    }
}

/// Takes the types away from the text of a file of this name.
pub(super) fn strip(path: &Path, text: &str) -> Result<Stripped, Vec<Problem>> {
    let allocator = Allocator::default();
    let kind = source_type(path);
    let parsed = Parser::new(&allocator, text, kind).parse();
    let located = |errors: Vec<_>| -> Result<(), Vec<Problem>> {
        let problems = errors.iter().take(MOST).map(|error| problem(text, error));
        let mut problems: Vec<Problem> = problems.collect();
        if let (Some(last), 1..) = (problems.last_mut(), errors.len().saturating_sub(MOST)) {
            let more = errors.len() - MOST;
            last.message.push_str(&format!(" (and {more} more)"));
        }
        match problems.is_empty() {
            true => Ok(()),
            false => Err(problems),
        }
    };
    located(parsed.errors)?;
    let mut program = parsed.program;
    let checked = SemanticBuilder::new()
        .with_check_syntax_error(true)
        .build(&program);
    located(checked.errors)?;
    let scoping = checked.semantic.into_scoping();
    let beyond = Beyond::of(&program);
    if let Some(problem) = beyond.problem(|span| range(text, span.start, span.end)) {
        return Err(vec![problem]);
    }
    let common = !beyond.is_module() && (beyond.is_common() || modules::is_common(&scoping));
    let options = TransformOptions::default();
    let transformed =
        Transformer::new(&allocator, path, &options).build_with_scoping(scoping, &mut program);
    located(transformed.errors)?;
    let (spans, common) = match common {
        true => {
            program
                .body
                .retain(|statement| !beyond::is_left_over(statement));
            let common = CommonJs::of(&program);
            (common.requires.clone(), Some(common))
        }
        false => (modules::imports(&program), None),
    };
    let imports = spans.into_iter().map(|(from, span)| Import {
        from,
        place: range(text, span.start, span.end),
    });
    let printed = Codegen::new()
        .with_options(CodegenOptions {
            comments: CommentOptions::disabled(),
            source_map_path: Some(path.to_owned()),
            ..CodegenOptions::default()
        })
        .build(&program);
    let places = printed.map.iter().flat_map(|map| map.get_tokens());
    // A module of CommonJS begins on the second line of what is made of it.
    let lines = u32::from(common.is_some());
    let places = places.map(|token| Mapped {
        code: (token.get_dst_line() + lines, token.get_dst_col()),
        script: (token.get_src_line(), token.get_src_col()),
    });
    let (imports, places) = (imports.collect(), places.collect());
    let (code, begin) = match common {
        Some(common) => common.as_module(&printed.code),
        None => (printed.code.clone(), 0),
    };
    Ok(Stripped {
        own: begin..begin + printed.code.len(),
        code,
        imports,
        places,
    })
}

/// What oxc says, at the place where it says it.
fn problem(text: &str, error: &oxc_diagnostics::OxcDiagnostic) -> Problem {
    let label = error.labels.as_ref().and_then(|labels| labels.first());
    let place = label.map(|label| {
        let start = label.offset() as u32;
        range(text, start, start + label.len() as u32)
    });
    let own = match error.message.contains("Flow") {
        true => Some("write the types as TypeScript, in a file that ends in .ts".to_owned()),
        false => None,
    };
    Problem {
        message: format!("not valid as a script: {}", plain(&error.message)),
        place,
        help: error.help.as_ref().map(|help| plain(help)).or(own),
    }
}

/// A range that ends in the text and at the bounds of characters.
fn range(text: &str, start: u32, end: u32) -> Range<usize> {
    let bound = |at: u32| {
        let at = (at as usize).min(text.len());
        (0..=at).rfind(|&at| text.is_char_boundary(at)).unwrap_or(0)
    };
    bound(start)..bound(end)
}

impl Stripped {
    /// The place in the script, in bytes, that a line and column of the code (from 1) come from.
    pub(super) fn origin(&self, text: &str, line: u32, column: u32) -> Option<Range<usize>> {
        let wanted = (line.checked_sub(1)?, column.saturating_sub(1));
        let before = self.places.partition_point(|place| place.code <= wanted);
        let (line, column) = self.places.get(before.checked_sub(1)?)?.script;
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let text = lines.get(line as usize)?;
        let begin: usize = lines[..line as usize].iter().map(|line| line.len()).sum();
        // Source maps count UTF-16 units.
        let mut units = 0;
        let at = text.char_indices().find(|(_, c)| {
            let found = units >= column;
            units += c.len_utf16() as u32;
            found
        });
        let at = at.map_or(text.trim_end().len(), |(at, _)| at);
        let rest = text[at..].trim_end().len();
        Some(begin + at..begin + at + rest)
    }
}
