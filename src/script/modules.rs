//! What a file needs of others, and files that are no modules of the language but of CommonJS.

use oxc_ast::ast::{
    Argument, AssignmentExpression, AssignmentTarget, CallExpression, Expression,
    ObjectPropertyKind, Program, PropertyKey, Statement,
};
use oxc_ast_visit::{Visit, walk};
use oxc_semantic::Scoping;
use oxc_span::Span;

/// The name under which a module of CommonJS exports all that it exports, as in Node.
pub(super) const EXPORTS: &str = "module.exports";

pub(super) type Needed = (String, Span);

/// What is left of the imports once the types are gone: each file once.
pub(super) fn imports(program: &Program<'_>) -> Vec<Needed> {
    let source = |statement: &Statement<'_>| -> Option<Needed> {
        let (span, source) = match statement {
            Statement::ImportDeclaration(import) => (import.span, &import.source),
            Statement::ExportAllDeclaration(export) => (export.span, &export.source),
            Statement::ExportNamedDeclaration(export) => (export.span, export.source.as_ref()?),
            _ => return None,
        };
        Some((source.value.to_string(), span))
    };
    let mut needed = Vec::new();
    for one in program.body.iter().filter_map(source) {
        add(&mut needed, one);
    }
    needed
}

fn add(needed: &mut Vec<Needed>, one: Needed) {
    if !needed.iter().any(|(from, _)| *from == one.0) {
        needed.push(one);
    }
}

/// Whether what is no module by its syntax speaks of what CommonJS puts around it.
pub(super) fn is_common(scoping: &Scoping) -> bool {
    let outside = scoping.root_unresolved_references();
    let names = ["module", "exports", "require"];
    names.iter().any(|name| outside.contains_key(*name))
}

/// A module of CommonJS.
#[derive(Default)]
pub(super) struct CommonJs {
    /// What it requires by plain names.
    pub(super) requires: Vec<Needed>,
    /// The names that it is seen to export.
    names: Vec<String>,
}

impl CommonJs {
    pub(super) fn of(program: &Program<'_>) -> CommonJs {
        let mut found = CommonJs::default();
        found.visit_program(program);
        found
    }

    /// The same as a module of the language: what it assigns to `exports` is exported by name, and
    /// `module.exports` is its default. The code is on the second line and on; where, in bytes.
    pub(super) fn as_module(&self, code: &str) -> (String, usize) {
        let mut own = "commonJs".to_owned();
        while code.contains(&own) {
            own.push('_');
        }
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let (mut imports, mut known) = (String::new(), String::new());
        for (number, (from, _)) in self.requires.iter().enumerate() {
            let from = quoted(from);
            imports += &format!("import * as {own}{number} from {from}; ");
            let all = format!("{own}{number}");
            known +=
                &format!("case {from}: return {EXPORTS:?} in {all} ? {all}[{EXPORTS:?}] : {all}; ");
        }
        let mut exports = String::new();
        for (number, name) in self.names.iter().enumerate() {
            exports += &format!(
                "const {own}Name{number} = {own}.exports?.[{name}]; export {{ {own}Name{number} as {name} }}; ",
                name = quoted(name)
            );
        }
        let begin = format!(
            "{imports}const {own} = {{ exports: {{}} }}; (function (exports, require, module) {{\n"
        );
        let end = format!(
            "\n}}).call({own}.exports, {own}.exports, (name) => {{ switch (name) {{ {known}\
             default: throw new Error(`cannot require ${{name}}`); }} }}, {own}); \
             export default {own}.exports; const {own}All = {own}.exports; \
             export {{ {own}All as {EXPORTS:?} }}; {exports}"
        );
        (format!("{begin}{code}{end}"), begin.len())
    }

    fn export(&mut self, name: &str) {
        if name != "default" && !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
    }
}

/// Whether it is `exports` or `module.exports`.
fn is_exports(expression: &Expression<'_>) -> bool {
    match expression {
        Expression::Identifier(name) => name.name == "exports",
        Expression::StaticMemberExpression(member) => {
            let of_module =
                matches!(&member.object, Expression::Identifier(name) if name.name == "module");
            of_module && member.property.name == "exports"
        }
        _ => false,
    }
}

impl<'a> Visit<'a> for CommonJs {
    fn visit_call_expression(&mut self, it: &CallExpression<'a>) {
        let callee = matches!(&it.callee, Expression::Identifier(name) if name.name == "require");
        if let (true, [Argument::StringLiteral(from)]) = (callee, it.arguments.as_slice()) {
            add(&mut self.requires, (from.value.to_string(), it.span));
        }
        walk::walk_call_expression(self, it);
    }

    fn visit_assignment_expression(&mut self, it: &AssignmentExpression<'a>) {
        if let AssignmentTarget::StaticMemberExpression(member) = &it.left {
            let is_all = matches!(&member.object, Expression::Identifier(name) if name.name == "module")
                && member.property.name == "exports";
            if is_exports(&member.object) {
                self.export(&member.property.name);
            } else if let (true, Expression::ObjectExpression(object)) = (is_all, &it.right) {
                for property in &object.properties {
                    let ObjectPropertyKind::ObjectProperty(property) = property else {
                        continue;
                    };
                    match &property.key {
                        PropertyKey::StaticIdentifier(name) => self.export(&name.name),
                        PropertyKey::StringLiteral(name) => self.export(&name.value),
                        _ => {}
                    }
                }
            }
        }
        walk::walk_assignment_expression(self, it);
    }
}
