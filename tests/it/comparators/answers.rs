//! What a comparator may return, and what it may not.

use super::*;

#[test]
fn a_boolean_says_who_wins_where_the_design_says_what_it_means() {
    let stays = "export const pickFreshestJwt = (a, b) => order(a, b) > 0;";
    runs(", returns = \"existing-wins\"", "a.js", stays);
    let replaces = "export function isFresher(a, b) { return order(a, b) <= 0; }";
    runs(", returns = \"incoming-wins\"", "a.js", replaces);
}

#[test]
fn a_number_orders_as_in_a_sort() {
    let sort = "export const compare = (a, b) => order(a, b);";
    runs(", returns = \"sort\"", "a.js", sort);
    let descending = "export const compare = (a, b) => -order(a, b);";
    runs(", returns = \"sort-descending\"", "a.js", descending);
    let infinite = "export const compare = (a, b) => order(a, b) > 0 ? Infinity : -Infinity;";
    runs(", returns = \"sort\"", "a.js", infinite);
}

#[test]
fn an_answer_of_another_kind_is_refused_with_what_to_write() {
    let file = |body: &str| format!("export const pickFreshestJwt = (a, b) => {body};");
    for (settings, body, told) in [
        ("", "true", ["returned a boolean", "existing-wins"]),
        ("", "1", ["returned a number", "`returns = \"sort\"`"]),
        (
            ", returns = \"existing-wins\"",
            "a",
            ["the existing token", "neither true nor false"],
        ),
        (
            ", returns = \"incoming-wins\"",
            "1",
            ["returned a number", "neither true nor false"],
        ),
        (
            ", returns = \"sort\"",
            "NaN",
            ["returned a number", "which is no number"],
        ),
        (
            ", returns = \"sort\"",
            "1n",
            ["a bigint", "which is no number"],
        ),
        (
            ", returns = \"sort\"",
            "Promise.resolve(1)",
            ["a promise", "decide at once"],
        ),
    ] {
        let comparator = format!("script = \"a.js\"{settings}");
        refused(&comparator, &[("a.js", &file(body))], &told);
    }
}

#[test]
fn a_meaning_that_there_is_not_is_a_located_error() {
    let told = ["rule.comparator.returns", "existing-win", "existing-wins"];
    let comparator = "script = \"a.js\", returns = \"existing-win\"";
    refused(comparator, &[("a.js", "export default a => a;")], &told);
}
