//! What is called: which function, and under which name it is exported.

use super::*;

const PICK: &str = "(a, b) => order(a, b) > 0 ? a : b";

#[test]
fn the_usual_name_needs_no_setting() {
    runs(
        "",
        "a.js",
        &format!("export const pickFreshestJwt = {PICK};"),
    );
    runs(
        "",
        "a.js",
        &format!("const f = {PICK}; export {{ f as pickFreshestJwt }};"),
    );
}

#[test]
fn the_default_export_is_meant_where_the_usual_name_is_not_there() {
    runs(
        "",
        "a.mjs",
        &format!("export const other = 1; export default {PICK};"),
    );
    let both = format!("export const unrelated = () => 1; export default {PICK};");
    runs("", "a.mjs", &both);
}

#[test]
fn the_only_function_is_meant_whatever_its_name() {
    runs(
        "",
        "a.ts",
        &format!("export const LIMIT: number = 3; export const freshest = {PICK};"),
    );
}

#[test]
fn of_several_functions_one_has_to_be_named() {
    let text = format!("{RANKS}export const one = {PICK}; export const two = {PICK};");
    refused(
        "script = \"a.js\"",
        &[("a.js", &text)],
        &["several functions", "one, two"],
    );
    runs(
        ", function = \"two\"",
        "a.js",
        &format!("export const one = () => 0; export const two = {PICK};"),
    );
}

#[test]
fn a_static_method_and_a_member_of_an_object_are_named_with_a_dot() {
    let class = "export class Freshness {
            static order(a, b) { return order(a, b); }
            static pick(a, b) { return this.order(a, b) > 0 ? a : b; } }";
    runs(", function = \"Freshness.pick\"", "a.js", class);
    let object = format!("export const rules = {{ jwt: {{ pick: {PICK} }} }};");
    runs(", function = \"rules.jwt.pick\"", "a.js", &object);
    let default = format!("export default {{ pickFreshestJwt: {PICK} }};");
    runs("", "a.js", &default);
}

#[test]
fn a_method_of_an_instance_is_named_with_a_hash() {
    let class = "export default class Freshness {
            #ties = 0; order(a, b) { return order(a, b); }
            pick(a, b) { return this.order(a, b) > this.#ties ? a : b; } }";
    runs(", function = \"default#pick\"", "a.ts", class);
    let instance = "class Freshness { pick(a, b) { return order(a, b) > 0 ? a : b; } }
            export const freshness = new Freshness();";
    runs(", function = \"freshness.pick\"", "a.ts", instance);
}

#[test]
fn a_class_is_no_function_and_the_message_says_how_to_name_its_method() {
    let text = "export class Freshness { static pick(a) { return a; } }";
    let named = "script = \"a.js\", function = \"Freshness\"";
    let told = ["which is a class", "Freshness.pick", "Freshness#pick"];
    refused(named, &[("a.js", text)], &told);
    let missing = "script = \"a.js\", function = \"Freshness.pack\"";
    refused(missing, &[("a.js", text)], &["exports no `Freshness.pack`"]);
}

#[test]
fn what_a_name_leads_through_may_be_nothing_at_all() {
    for function in ["a.b.c", "nothing.b", "number#m", ".", "#", "a#b#c"] {
        let comparator = format!("script = \"a.js\", function = \"{function}\"");
        let text = "export const nothing = null, number = 1, a = {};";
        refused(&comparator, &[("a.js", text)], &["a.js"]);
    }
}
