//! What TypeScript has beyond types: what is written like that is no type, and does not go with them.

use super::protocol::Problem;
use oxc_ast::ast::{
    Decorator, ImportOrExportKind, Program, Statement, TSExportAssignment,
    TSImportEqualsDeclaration, TSModuleReference,
};
use oxc_ast_visit::{Visit, walk};
use oxc_span::Span;
use std::ops::Range;

/// Where such things are in a file.
#[derive(Default)]
pub(super) struct Beyond {
    decorator: Option<Span>,
    /// `export =`, or `import name = require("...")`: CommonJS in the words of TypeScript.
    common: Option<Span>,
    /// Something is imported or exported that is no type.
    module: bool,
}

impl Beyond {
    pub(super) fn of(program: &Program<'_>) -> Beyond {
        let mut found = Beyond {
            module: program.body.iter().any(is_of_module),
            ..Beyond::default()
        };
        found.visit_program(program);
        found
    }

    /// Whether it is a module of the language and not of CommonJS.
    pub(super) fn is_module(&self) -> bool {
        self.module
    }

    pub(super) fn is_common(&self) -> bool {
        self.common.is_some()
    }

    /// What would not run.
    pub(super) fn problem(&self, place: impl Fn(Span) -> Range<usize>) -> Option<Problem> {
        let told = |span: Span, message: &str, help: &str| Problem {
            message: message.to_owned(),
            place: Some(place(span)),
            help: Some(help.to_owned()),
        };
        if let Some(span) = self.decorator {
            let message = "decorators are no types, and no engine runs them yet";
            let help = "leave it out of the comparator's files, or call what it does as a function";
            return Some(told(span, message, help));
        }
        let span = self.common.filter(|_| self.module)?;
        let message = "this is CommonJS, and does not go with `import` and `export` in one file";
        let help = "write `export default` for `export =`, and `import * as name from \"./file\"` for \
                    `import name = require(\"./file\")`";
        Some(told(span, message, help))
    }
}

fn is_of_module(statement: &Statement<'_>) -> bool {
    match statement {
        Statement::ImportDeclaration(import) => import.import_kind == ImportOrExportKind::Value,
        Statement::ExportNamedDeclaration(export) => {
            export.export_kind == ImportOrExportKind::Value
        }
        Statement::ExportAllDeclaration(_) | Statement::ExportDefaultDeclaration(_) => true,
        _ => false,
    }
}

/// Once the types are gone, `export {}` may stand where only they were imported.
pub(super) fn is_left_over(statement: &Statement<'_>) -> bool {
    match statement {
        Statement::ExportNamedDeclaration(export) => {
            export.declaration.is_none() && export.source.is_none() && export.specifiers.is_empty()
        }
        _ => false,
    }
}

impl<'a> Visit<'a> for Beyond {
    fn visit_decorator(&mut self, it: &Decorator<'a>) {
        self.decorator.get_or_insert(it.span);
        walk::walk_decorator(self, it);
    }

    fn visit_ts_export_assignment(&mut self, it: &TSExportAssignment<'a>) {
        self.common.get_or_insert(it.span);
        walk::walk_ts_export_assignment(self, it);
    }

    fn visit_ts_import_equals_declaration(&mut self, it: &TSImportEqualsDeclaration<'a>) {
        if let TSModuleReference::ExternalModuleReference(_) = it.module_reference {
            self.common.get_or_insert(it.span);
        }
        walk::walk_ts_import_equals_declaration(self, it);
    }
}
