use std::collections::BTreeSet;

use super::{Mutant, weave};

/// `source` with one mutant, at the place of `<` (which is not part of it), woven on one line.
fn woven(genre: &str, replacement: &str, source: &str) -> String {
    let start = source.find('<').expect("the place of the mutant");
    let mutants = [Mutant {
        number: 7,
        genre: genre.into(),
        replacement: replacement.into(),
        start,
    }];
    let source = source.replacen('<', "", 1);
    let constant = BTreeSet::from(["Kept::of".to_owned()]);
    weave(&source, &mutants, &constant)
        .source
        .replace("crate::woven::", "")
}

#[test]
fn a_function_returns_something_else_first() {
    let found = woven("FnValue", "1", "fn f() -> u8 { <let a = 2; a }");
    assert_eq!(
        found,
        "fn f() -> u8 { if on(7) { return 1; } let a = 2; a }"
    );
}

#[test]
fn an_iterator_without_a_name_is_emptied_and_goes_on() {
    let source = "fn f() -> impl Iterator { <let a = 2; once(a) }";
    let emptied = "fn f() -> impl Iterator { ({ let a = 2; once(a) }).filter(move |_| !on(7))";
    let found = woven("FnValue", "::std::iter::empty()", source);
    assert_eq!(found, format!("{emptied} }}"));
    let found = woven("FnValue", "::std::iter::once((1, 2))", source);
    assert_eq!(
        found,
        format!("{emptied}.chain(on(7).then(|| ((1, 2)))) }}")
    );
}

#[test]
fn an_operator_chooses_and_the_right_side_of_a_condition_stands_once() {
    let found = woven("BinaryOperator", "-", "fn f() { a <+ b }");
    assert_eq!(found, "fn f() { (if on(7) { a - b } else { a + b }) }");
    let found = woven("BinaryOperator", "||", "fn f() { a <&& b }");
    assert_eq!(
        found,
        "fn f() { (match a { left => if left == on(7) { left } else { b } }) }"
    );
    let found = woven("BinaryOperator", "&&", "fn f() { a <|| b }");
    assert_eq!(
        found,
        "fn f() { (match a { left => if left != on(7) { left } else { b } }) }"
    );
    let found = woven("UnaryOperator", "", "fn f() { <!a }");
    assert_eq!(found, "fn f() { (if on(7) { a } else { !a }) }");
}

#[test]
fn a_condition_that_binds_a_name_stays() {
    let source = "fn f() { if let Some(a) = b <&& a {} }";
    assert_eq!(
        woven("BinaryOperator", "||", source),
        source.replace('<', "")
    );
}

#[test]
fn an_arm_and_its_guard_hang_on_it() {
    let found = woven("MatchArm", "", "fn f() { match a { <1 => 2, _ => 3 } }");
    assert_eq!(found, "fn f() { match a { 1 if !on(7) => 2, _ => 3 } }");
    let found = woven(
        "MatchArm",
        "",
        "fn f() { match a { <1 if b => 2, _ => 3 } }",
    );
    assert_eq!(
        found,
        "fn f() { match a { 1 if !on(7) && ((b)) => 2, _ => 3 } }"
    );
    let found = woven(
        "MatchArmGuard",
        "true",
        "fn f() { match a { 1 if <b => 2, _ => 3 } }",
    );
    assert_eq!(
        found,
        "fn f() { match a { 1 if (on(7) || (b)) => 2, _ => 3 } }"
    );
    let found = woven(
        "MatchArmGuard",
        "false",
        "fn f() { match a { 1 if <b => 2, _ => 3 } }",
    );
    assert_eq!(
        found,
        "fn f() { match a { 1 if (!on(7) && (b)) => 2, _ => 3 } }"
    );
}

#[test]
fn a_field_is_that_of_the_rest() {
    let found = woven("StructField", "", "fn f() { A { a, <b: 1, ..c } }");
    let both = "(if on(7) { A { a, ..c } } else { A { a, b: 1, ..c } })";
    assert_eq!(found, format!("fn f() {{ {both} }}"));
}

#[test]
fn functions_are_not_constant_but_those_that_have_to_be() {
    let found = woven("FnValue", "1", "impl Other { const fn of() -> u8 { <2 } }");
    assert_eq!(
        found,
        "impl Other {  fn of() -> u8 { if on(7) { return 1; } 2 } }"
    );
    let kept = "impl Kept { const fn of() -> u8 { <2 } }";
    assert_eq!(woven("FnValue", "1", kept), kept.replace('<', ""));
}

#[test]
fn mutants_inside_of_others_are_there_wherever_the_code_is() {
    let source = "fn f() { a + b == c }";
    let mutant = |number, replacement: &str, text| Mutant {
        number,
        genre: "BinaryOperator".into(),
        replacement: replacement.into(),
        start: source.find(text).unwrap(),
    };
    let mutants = [mutant(1, "-", "+"), mutant(2, "!=", "==")];
    let woven = weave(source, &mutants, &BTreeSet::new());
    let sum = "(if crate::woven::on(1) { a - b } else { a + b })";
    let whole = format!("(if crate::woven::on(2) {{ {sum} != c }} else {{ {sum} == c }})");
    assert_eq!(woven.source, format!("fn f() {{ {whole} }}"));
    assert_eq!(woven.places[&1].len(), 2);
    assert_eq!(&woven.source[woven.places[&1][1].clone()], sum);
    assert_eq!(&woven.source[woven.places[&2][0].clone()], whole);
}
