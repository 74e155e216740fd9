//! Which parts of a script ran.
//!
//! The code is copied, and in the copy each branch begins with a call that says so. The copy is asked the
//! same questions in a context of its own, and its answers count for nothing: no verdict comes from
//! code other than the team's own.

use super::protocol::Branch;
use super::strip::Stripped;
use oxc_allocator::Allocator;
use oxc_ast::ast::{
    ArrowFunctionExpression, CatchClause, ConditionalExpression, DoWhileStatement, ForInStatement,
    ForOfStatement, ForStatement, FunctionBody, IfStatement, LogicalExpression, Statement,
    SwitchCase, WhileStatement,
};
use oxc_ast_visit::{Visit, walk};
use oxc_parser::Parser;
use oxc_span::{GetSpan, SourceType, Span};
use std::cell::RefCell;
use std::rc::Rc;

/// As many are told as anybody wants to read.
const MOST: usize = 100;

/// As much of a branch's text as is told, in characters.
const TEXT: usize = 60;

/// Says that the branch of this number is reached.
pub(super) type Mark = Box<dyn Fn(usize)>;

/// The branches of all files of a script.
pub(super) struct Branches {
    /// The code of each file, and in it the calls.
    marked: Vec<String>,
    /// The global function that is called.
    mark: String,
    /// Where the branches are: the file, and the place in its code without the calls.
    spans: Vec<(usize, Span)>,
}

impl Branches {
    /// Of codes that are valid: modules.
    pub(super) fn of(codes: &[&str]) -> Branches {
        let mut mark = "reached".to_owned();
        while codes.iter().any(|code| code.contains(&mark)) {
            mark.push('_');
        }
        let (mut marked, mut all) = (Vec::new(), Vec::new());
        for (file, code) in codes.iter().enumerate() {
            let allocator = Allocator::default();
            let parsed = Parser::new(&allocator, code, SourceType::mjs()).parse();
            let mut finder = Finder {
                mark: &mark,
                before: all.len(),
                spans: Vec::new(),
                added: Vec::new(),
            };
            finder.visit_program(&parsed.program);
            let Finder { spans, added, .. } = finder;
            all.extend(spans.into_iter().map(|span| (file, span)));
            marked.push(with(code, added));
        }
        Branches {
            marked,
            mark,
            spans: all,
        }
    }

    /// Which of them a run of the marked code reaches.
    pub(super) fn reached_by(&self, run: impl FnOnce(&[String], (&str, Mark))) -> Vec<bool> {
        let reached = Rc::new(RefCell::new(vec![false; self.spans.len()]));
        let shared = Rc::clone(&reached);
        let mark: Mark = Box::new(move |branch| {
            if let Some(reached) = shared.borrow_mut().get_mut(branch) {
                *reached = true;
            }
        });
        run(&self.marked, (&self.mark, mark));
        reached.take()
    }

    /// Where the others are in the script, but for those that are in others of the others.
    pub(super) fn unreached(&self, reached: &[bool], files: &[(&str, &Stripped)]) -> Vec<Branch> {
        let spans = self.spans.iter().zip(reached);
        let mut spans: Vec<_> = spans.filter(|(_, r)| !**r).map(|(span, _)| *span).collect();
        spans.sort_by_key(|(file, span)| (*file, span.start, std::cmp::Reverse(span.end)));
        let mut told: Vec<Branch> = Vec::new();
        let mut end = (0, 0);
        for (file, span) in spans {
            if (file, span.end) <= end {
                continue;
            }
            end = (file, span.end);
            let branch = located(file, span, files[file]);
            if let Some(branch) = branch.filter(|branch| told.last() != Some(branch)) {
                told.push(branch);
            }
        }
        told.truncate(MOST);
        told
    }
}

/// A branch, and the line of the script that it comes from.
fn located(file: usize, span: Span, (text, stripped): (&str, &Stripped)) -> Option<Branch> {
    if !stripped.own.contains(&(span.start as usize)) {
        return None;
    }
    let before = stripped.code.get(..span.start as usize)?;
    let line = before.matches('\n').count() as u32 + 1;
    let last = before.rsplit('\n').next().unwrap_or_default();
    let column = last.encode_utf16().count() as u32 + 1;
    let place = stripped.origin(text, line, column)?;
    let before = text.get(..place.start)?;
    let code = stripped.code.get(span.start as usize..span.end as usize)?;
    let words: Vec<&str> = code.split_whitespace().collect();
    let told: String = words.join(" ").chars().take(TEXT).collect();
    Some(Branch {
        file,
        line: before.matches('\n').count() + 1,
        text: super::plain::plain(&told),
    })
}

fn with(code: &str, mut added: Vec<Added>) -> String {
    // What ends at a place is before what begins there. What begins first is the outer one.
    added.sort_by_key(|added| (added.at, added.begins));
    let mut marked = String::with_capacity(code.len() * 2);
    let mut done = 0;
    for Added { at, text, .. } in added {
        let at = at as usize;
        marked.push_str(&code[done..at]);
        marked.push_str(&text);
        done = at;
    }
    marked.push_str(&code[done..]);
    marked
}

/// Something that is added to the code.
struct Added {
    at: u32,
    begins: bool,
    text: String,
}

struct Finder<'m> {
    mark: &'m str,
    /// Branches of the files before.
    before: usize,
    spans: Vec<Span>,
    added: Vec<Added>,
}

impl Finder<'_> {
    /// A call that says that this branch is reached.
    fn call(&mut self, span: Span) -> String {
        let call = format!("{}({})", self.mark, self.before + self.spans.len());
        self.spans.push(span);
        call
    }

    fn begins(&mut self, at: u32, text: String) {
        self.added.push(Added {
            at,
            begins: true,
            text,
        });
    }

    fn ends(&mut self, at: u32, text: &str) {
        self.added.push(Added {
            at,
            begins: false,
            text: text.to_owned(),
        });
    }

    /// Notes a statement's start, as the first of a block.
    fn statement<'a>(&mut self, statement: &Statement<'a>) {
        let span = statement.span();
        let call = self.call(span);
        self.begins(span.start, format!("{{ {call}; "));
        self.visit_statement(statement);
        self.ends(span.end, " }");
    }

    /// Notes an expression's start, before its value.
    fn expression(&mut self, span: Span, visit: impl FnOnce(&mut Self)) {
        let call = self.call(span);
        self.begins(span.start, format!("({call}, "));
        visit(self);
        self.ends(span.end, ")");
    }
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_if_statement(&mut self, it: &IfStatement<'a>) {
        self.visit_expression(&it.test);
        self.statement(&it.consequent);
        if let Some(alternate) = &it.alternate {
            self.statement(alternate);
        }
    }

    fn visit_conditional_expression(&mut self, it: &ConditionalExpression<'a>) {
        self.visit_expression(&it.test);
        for arm in [&it.consequent, &it.alternate] {
            self.expression(arm.span(), |finder| finder.visit_expression(arm));
        }
    }

    fn visit_logical_expression(&mut self, it: &LogicalExpression<'a>) {
        self.visit_expression(&it.left);
        // A default that is a plain value decides nothing.
        if !it.right.is_literal() {
            self.expression(it.right.span(), |finder| finder.visit_expression(&it.right));
        }
    }

    fn visit_arrow_function_expression(&mut self, it: &ArrowFunctionExpression<'a>) {
        self.visit_formal_parameters(&it.params);
        match (it.expression, it.body.statements.first()) {
            (true, Some(Statement::ExpressionStatement(body))) => {
                let body = &body.expression;
                self.expression(body.span(), |finder| finder.visit_expression(body));
            }
            _ => self.visit_function_body(&it.body),
        }
    }

    fn visit_function_body(&mut self, it: &FunctionBody<'a>) {
        let call = self.call(it.span);
        self.begins(it.span.start + 1, format!(" {call}; "));
        walk::walk_function_body(self, it);
    }

    fn visit_switch_case(&mut self, it: &SwitchCase<'a>) {
        if let Some(first) = it.consequent.first() {
            let call = self.call(it.span);
            self.begins(first.span().start, format!("{call}; "));
        }
        walk::walk_switch_case(self, it);
    }

    fn visit_catch_clause(&mut self, it: &CatchClause<'a>) {
        let call = self.call(it.body.span);
        self.begins(it.body.span.start + 1, format!(" {call}; "));
        walk::walk_catch_clause(self, it);
    }

    fn visit_for_statement(&mut self, it: &ForStatement<'a>) {
        if let Some(init) = &it.init {
            self.visit_for_statement_init(init);
        }
        for part in [&it.test, &it.update].into_iter().flatten() {
            self.visit_expression(part);
        }
        self.statement(&it.body);
    }

    fn visit_for_in_statement(&mut self, it: &ForInStatement<'a>) {
        self.visit_for_statement_left(&it.left);
        self.visit_expression(&it.right);
        self.statement(&it.body);
    }

    fn visit_for_of_statement(&mut self, it: &ForOfStatement<'a>) {
        self.visit_for_statement_left(&it.left);
        self.visit_expression(&it.right);
        self.statement(&it.body);
    }

    fn visit_while_statement(&mut self, it: &WhileStatement<'a>) {
        self.visit_expression(&it.test);
        self.statement(&it.body);
    }

    fn visit_do_while_statement(&mut self, it: &DoWhileStatement<'a>) {
        self.statement(&it.body);
        self.visit_expression(&it.test);
    }
}
