//! From TypeScript to JavaScript: the types go, the places stay known.

use crate::source::{Document, Fault, Faults};
use oxc_allocator::Allocator;
use oxc_ast::ast::{Program, Statement};
use oxc_codegen::{Codegen, CodegenOptions, CommentOptions};
use oxc_parser::Parser;
use oxc_semantic::SemanticBuilder;
use oxc_span::{SourceType, Span};
use oxc_transformer::{TransformOptions, Transformer};
use std::ops::Range;
use std::path::Path;

/// The endings of scripts, and whether there are types in them.
const ENDINGS: [(&str, bool); 4] = [("ts", true), ("mts", true), ("js", false), ("mjs", false)];

/// A script that an engine can run.
#[derive(Debug)]
pub(super) struct Stripped {
    /// JavaScript, a module without imports.
    pub(super) code: String,
    /// Where its parts come from, in the order of the code.
    places: Vec<Mapped>,
}

/// A place in the code and the place in the script that it comes from: lines and columns from 0.
#[derive(Clone, Copy, Debug)]
struct Mapped {
    code: (u32, u32),
    script: (u32, u32),
}

/// Whether a file's name is that of a script.
pub(super) fn has_known_ending(path: &Path) -> bool {
    source_type(path).is_some()
}

fn source_type(path: &Path) -> Option<SourceType> {
    let ending = path.extension()?.to_str()?;
    let (_, typed) = ENDINGS.into_iter().find(|(known, _)| *known == ending)?;
    Some(if typed {
        SourceType::ts()
    } else {
        SourceType::mjs()
    })
}

/// Takes the types away. Faults are located in the script.
pub(super) fn strip(script: &Document) -> Result<Stripped, Faults> {
    let allocator = Allocator::default();
    let kind = source_type(&script.path).unwrap_or_default();
    let parsed = Parser::new(&allocator, &script.text, kind).parse();
    let located = |errors: Vec<_>| -> Result<(), Faults> {
        let faults: Vec<Fault> = errors.iter().map(|error| fault(script, error)).collect();
        match faults.is_empty() {
            true => Ok(()),
            false => Err(Faults::new(faults)),
        }
    };
    located(parsed.errors)?;
    let mut program = parsed.program;
    let checked = SemanticBuilder::new()
        .with_check_syntax_error(true)
        .build(&program);
    located(checked.errors)?;
    let scoping = checked.semantic.into_scoping();
    let options = TransformOptions::default();
    let transformed = Transformer::new(&allocator, &script.path, &options)
        .build_with_scoping(scoping, &mut program);
    located(transformed.errors)?;
    check_imports(script, &program)?;
    let printed = Codegen::new()
        .with_options(CodegenOptions {
            comments: CommentOptions::disabled(),
            source_map_path: Some(script.path.clone()),
            ..CodegenOptions::default()
        })
        .build(&program);
    let places = printed.map.iter().flat_map(|map| map.get_tokens());
    let places = places.map(|token| Mapped {
        code: (token.get_dst_line(), token.get_dst_col()),
        script: (token.get_src_line(), token.get_src_col()),
    });
    Ok(Stripped {
        places: places.collect(),
        code: printed.code,
    })
}

/// What is left of the imports once the types are gone would have to be loaded.
fn check_imports(script: &Document, program: &Program<'_>) -> Result<(), Faults> {
    let source = |statement: &Statement<'_>| -> Option<(Span, String)> {
        let (span, source) = match statement {
            Statement::ImportDeclaration(import) => (import.span, &import.source),
            Statement::ExportAllDeclaration(export) => (export.span, &export.source),
            Statement::ExportNamedDeclaration(export) => (export.span, export.source.as_ref()?),
            _ => return None,
        };
        Some((span, source.value.to_string()))
    };
    let faults: Vec<Fault> = program
        .body
        .iter()
        .filter_map(source)
        .map(|(span, from)| {
            let message = format!("a comparator cannot load `{from}`: it is run by itself");
            let help = "put what it needs into this file; imports of types are fine";
            Fault::at(script, range(script, span.start, span.end), message).help(help)
        })
        .collect();
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Faults::new(faults)),
    }
}

/// What oxc says, at the place where it says it.
fn fault(script: &Document, error: &oxc_diagnostics::OxcDiagnostic) -> Fault {
    let label = error.labels.as_ref().and_then(|labels| labels.first());
    let message = format!("not valid as a script: {}", error.message);
    let fault = match label {
        Some(label) => {
            let start = label.offset() as u32;
            let place = range(script, start, start + label.len() as u32);
            Fault::at(script, place, message)
        }
        None => Fault::of_file(&script.path, message),
    };
    match &error.help {
        Some(help) => fault.help(help.to_string()),
        None => fault,
    }
}

/// A range that ends in the text and at the bounds of characters.
fn range(script: &Document, start: u32, end: u32) -> Range<usize> {
    let text = &script.text;
    let bound = |at: u32| {
        let at = (at as usize).min(text.len());
        (0..=at).rfind(|&at| text.is_char_boundary(at)).unwrap_or(0)
    };
    bound(start)..bound(end)
}

impl Stripped {
    /// The place in the script, in bytes, that a line and column of the code (from 1) come from.
    pub(super) fn origin(&self, script: &Document, line: u32, column: u32) -> Option<Range<usize>> {
        let wanted = (line.checked_sub(1)?, column.saturating_sub(1));
        let before = self.places.partition_point(|place| place.code <= wanted);
        let (line, column) = self.places.get(before.checked_sub(1)?)?.script;
        let lines: Vec<&str> = script.text.split_inclusive('\n').collect();
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
