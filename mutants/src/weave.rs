//! One file with all its mutants.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::Visit;

/// One mutant of the list.
pub struct Mutant {
    pub number: usize,
    pub genre: String,
    pub replacement: String,
    /// The first byte that it replaces.
    pub start: usize,
}

/// A file that holds its mutants, and where each came to stand.
pub struct Woven {
    pub source: String,
    pub places: BTreeMap<usize, Vec<Range<usize>>>,
}

/// Puts the mutants of a file beside what they replace; functions but those of `constant` are no longer constant.
pub fn weave(source: &str, mutants: &[Mutant], constant: &BTreeSet<String>) -> Woven {
    let tree = syn::parse_file(source).expect("Rust");
    let mut finder = Finder {
        source,
        mutants,
        constant,
        of: String::new(),
        edits: Vec::new(),
    };
    finder.visit_file(&tree);
    let mut edits = finder.edits;
    edits.sort_by_key(|edit| {
        let longest_first = usize::MAX - edit.place.end;
        (edit.place.start, !edit.place.is_empty(), longest_first)
    });
    let woven = Woven {
        source: String::new(),
        places: BTreeMap::new(),
    };
    let mut weaver = Weaver {
        source,
        edits: &edits,
        woven,
    };
    weaver.write(0..source.len(), 0);
    weaver.woven
}

/// A piece of an expression: new text, or what stood there, with its own mutants.
enum Part {
    Text(String),
    Old(Range<usize>),
    /// What is there for one mutant only.
    Of(usize, String),
}

/// What becomes of a piece of the file: an expression that chooses among others, or where the place is
/// empty, something that goes before what stands there.
struct Edit {
    place: Range<usize>,
    ids: Vec<usize>,
    parts: Vec<Part>,
}

/// Finds the syntax that mutants are about.
struct Finder<'a> {
    source: &'a str,
    mutants: &'a [Mutant],
    /// Functions that have to be constant.
    constant: &'a BTreeSet<String>,
    /// The type whose methods these are.
    of: String,
    edits: Vec<Edit>,
}

fn bytes(node: &impl Spanned) -> Range<usize> {
    node.span().byte_range()
}

fn text(text: impl Into<String>) -> Part {
    Part::Text(text.into())
}

fn on(number: usize) -> String {
    format!("crate::woven::on({number})")
}

impl<'a> Finder<'a> {
    /// The mutants of this genre that begin here.
    fn at(&self, genre: &str, start: usize) -> Vec<&'a Mutant> {
        let here = |mutant: &&Mutant| mutant.genre == genre && mutant.start == start;
        self.mutants.iter().filter(here).collect()
    }

    fn choose(&mut self, place: Range<usize>, ids: Vec<usize>, parts: Vec<Part>) {
        self.edits.push(Edit { place, ids, parts });
    }

    fn before(&mut self, at: usize, ids: Vec<usize>, words: String) {
        self.choose(at..at, ids, vec![text(words)]);
    }

    /// `if on(1) { first } else if on(2) { second } else { as it was }`
    fn alternatives(
        &mut self,
        whole: Range<usize>,
        found: &[&Mutant],
        mutated: impl Fn(&Mutant) -> Vec<Part>,
        old: Vec<Part>,
    ) {
        let mut parts = vec![text("(")];
        for mutant in found {
            parts.push(text(format!("if {} {{ ", on(mutant.number))));
            parts.extend(mutated(mutant));
            parts.push(text(" } else "));
        }
        parts.push(text("{ "));
        parts.extend(old);
        parts.push(text(" })"));
        let ids = found.iter().map(|mutant| mutant.number).collect();
        self.choose(whole, ids, parts);
    }

    /// Whether what the function does can be chosen while it runs.
    fn loosened(&mut self, signature: &syn::Signature) -> bool {
        let Some(constant) = &signature.constness else {
            return true;
        };
        let name = signature.ident.to_string();
        if self.constant.contains(&name) || self.constant.contains(&format!("{}::{name}", self.of))
        {
            return false;
        }
        self.choose(bytes(constant), vec![], vec![]);
        true
    }

    fn body(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let (Some(first), Some(last)) = (block.stmts.first(), block.stmts.last()) else {
            return;
        };
        let start = bytes(first).start;
        let found = self.at("FnValue", start);
        if let syn::ReturnType::Type(_, returned) = &signature.output
            && let syn::Type::ImplTrait(_) = **returned
        {
            // Of a type without a name there is one value, here an iterator: it can be emptied, and go on.
            let body = start..bytes(last).end;
            let mut parts = vec![text("({ "), Part::Old(body.clone()), text(" })")];
            for mutant in &found {
                let on = on(mutant.number);
                let mut words = format!(".filter(move |_| !{on})");
                if let Some(once) = mutant.replacement.strip_prefix("::std::iter::once") {
                    words += &format!(".chain({on}.then(|| {once}))");
                }
                parts.push(Part::Of(mutant.number, words));
            }
            if !found.is_empty() {
                self.choose(body, vec![], parts);
            }
            return;
        }
        for mutant in found {
            let line = format!(
                "if {} {{ return {}; }} ",
                on(mutant.number),
                mutant.replacement
            );
            self.before(start, vec![mutant.number], line);
        }
    }
}

/// Whether a binding of the condition is seen after it: such a condition has to stay as it is.
fn binds(condition: &syn::Expr) -> bool {
    match condition {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(binary) => binds(&binary.left) || binds(&binary.right),
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if self.loosened(&item.sig) {
            self.body(&item.sig, &item.block);
            syn::visit::visit_item_fn(self, item);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let outer = match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        let outer = std::mem::replace(&mut self.of, outer.unwrap_or_default());
        syn::visit::visit_item_impl(self, item);
        self.of = outer;
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if self.loosened(&item.sig) {
            self.body(&item.sig, &item.block);
            syn::visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.body(&item.sig, block);
        }
        syn::visit::visit_trait_item_fn(self, item);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        let found = self.at("BinaryOperator", bytes(&binary.op).start);
        if !found.is_empty() && !binds(&binary.left) && !binds(&binary.right) {
            let (left, right) = (bytes(&binary.left), bytes(&binary.right));
            let whole = bytes(binary);
            let lazy = match (&binary.op, &found[..]) {
                (syn::BinOp::And(_), [mutant]) => Some(("==", mutant.number)),
                (syn::BinOp::Or(_), [mutant]) => Some(("!=", mutant.number)),
                _ => None,
            };
            if let Some((sign, number)) = lazy {
                // The right side stands once: conditions are long.
                let parts = vec![
                    text("(match "),
                    Part::Old(left),
                    text(format!(
                        " {{ left => if left {sign} {} {{ left }} else {{ ",
                        on(number)
                    )),
                    Part::Old(right),
                    text(" } })"),
                ];
                self.choose(whole, vec![number], parts);
            } else {
                let sides = |operator: &str| {
                    let (left, right) = (Part::Old(left.clone()), Part::Old(right.clone()));
                    vec![left, text(format!(" {operator} ")), right]
                };
                let old = sides(&self.source[bytes(&binary.op)]);
                self.alternatives(whole, &found, |mutant| sides(&mutant.replacement), old);
            }
        }
        syn::visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_unary(&mut self, unary: &'ast syn::ExprUnary) {
        let found = self.at("UnaryOperator", bytes(&unary.op).start);
        if !found.is_empty() {
            let inner = || Part::Old(bytes(&unary.expr));
            let old = vec![text(&self.source[bytes(&unary.op)]), inner()];
            self.alternatives(bytes(unary), &found, |_| vec![inner()], old);
        }
        syn::visit::visit_expr_unary(self, unary);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let deleted: Vec<_> = self.at("MatchArm", bytes(arm).start);
        let deleted: Vec<usize> = deleted.iter().map(|mutant| mutant.number).collect();
        let stays: Vec<String> = deleted
            .iter()
            .map(|number| format!("!{}", on(*number)))
            .collect();
        let stays = stays.join(" && ");
        if let Some((_, guard)) = &arm.guard {
            let mut parts = Vec::new();
            let mut ids = deleted.clone();
            if !deleted.is_empty() {
                parts.push(text(format!("{stays} && ")));
            }
            parts.push(text("("));
            for mutant in self.at("MatchArmGuard", bytes(guard).start) {
                ids.push(mutant.number);
                parts.push(text(match mutant.replacement.as_str() {
                    "true" => format!("{} || ", on(mutant.number)),
                    _ => format!("!{} && ", on(mutant.number)),
                }));
            }
            if !ids.is_empty() {
                // `a || !b && (guard)`: one of them is on at most.
                parts.extend([text("("), Part::Old(bytes(guard)), text("))")]);
                self.choose(bytes(guard), ids, parts);
            }
        } else if !deleted.is_empty() {
            self.before(bytes(&arm.pat).end, deleted, format!(" if {stays}"));
        }
        syn::visit::visit_arm(self, arm);
    }

    fn visit_expr_struct(&mut self, whole: &'ast syn::ExprStruct) {
        if let Some(rest) = &whole.rest {
            let without = |mutant: &Mutant| {
                let stays = |field: &&syn::FieldValue| bytes(*field).start != mutant.start;
                let path = &self.source[bytes(&whole.path)];
                let mut parts = vec![text(format!("{path} {{ "))];
                for field in whole.fields.iter().filter(stays) {
                    parts.extend([Part::Old(bytes(field)), text(", ")]);
                }
                parts.extend([text(".."), Part::Old(bytes(rest)), text(" }")]);
                parts
            };
            let fields = whole.fields.iter();
            let found = fields.flat_map(|field| self.at("StructField", bytes(field).start));
            let found: Vec<_> = found.collect();
            if !found.is_empty() {
                let place = bytes(whole);
                self.alternatives(place.clone(), &found, without, vec![Part::Old(place)]);
            }
        }
        syn::visit::visit_expr_struct(self, whole);
    }
}

/// Writes the new file.
struct Weaver<'a> {
    source: &'a str,
    /// By start; what goes before others, or holds them, comes before them.
    edits: &'a [Edit],
    woven: Woven,
}

impl Weaver<'_> {
    /// Writes what stood in `old`, with the edits from `next` on that are inside.
    fn write(&mut self, old: Range<usize>, mut next: usize) {
        let mut at = old.start;
        while let Some(edit) = self.edits.get(next) {
            if edit.place.start > old.end || edit.place.end > old.end {
                break;
            }
            if edit.place.start < at {
                next += 1;
                continue;
            }
            self.woven
                .source
                .push_str(&self.source[at..edit.place.start]);
            let start = self.woven.source.len();
            for part in &edit.parts {
                match part {
                    Part::Text(text) => self.woven.source.push_str(text),
                    Part::Old(range) => self.write(range.clone(), next + 1),
                    Part::Of(id, text) => {
                        let start = self.woven.source.len();
                        self.woven.source.push_str(text);
                        let places = self.woven.places.entry(*id).or_default();
                        places.push(start..self.woven.source.len());
                    }
                }
            }
            let stands = start..self.woven.source.len();
            for id in &edit.ids {
                let places = self.woven.places.entry(*id).or_default();
                places.push(stands.clone());
            }
            at = edit.place.end;
            next += 1;
        }
        self.woven.source.push_str(&self.source[at..old.end]);
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
