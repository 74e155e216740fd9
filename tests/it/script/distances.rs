//! A model knows the order of instants, and not how far apart they are.

use super::*;

#[track_caller]
fn refused(body: &str, told: &str) {
    let script = format!(
        "const oiat = t => t.jwt.header.oiat ?? 0, iat = t => t.jwt.claims.iat;\n\
             export function pickFreshestJwt(a, b) {{ {body} }}"
    );
    let models = models("rule.js", &script);
    let run = models.freshest(&["check", "--scenario", "s2"]).ends_with(2);
    assert_eq!(run.stdout, "", "no verdict");
    let depends = "this comparator depends on how far apart instants are: ";
    run.tells(&[depends, told, "existing: [", "incoming: [", "distances = ["]);
}

#[test]
fn a_tolerance_is_told_with_the_distances_that_tell() {
    for (seconds, told) in [
        (1, "1 s incoming, 2 s existing"),
        (10, "10 s incoming, 30 s existing"),
        (30, "30 s incoming, 1 min existing"),
        (45, "30 s incoming, 1 min existing"),
        (3_600, "1 h incoming, 1 day existing"),
        (86_400 * 20, "7 days incoming, 30 days existing"),
    ] {
        refused(
            &format!("return oiat(a) > oiat(b) + {seconds} ? a : b;"),
            told,
        );
    }
}

#[test]
fn a_ratio_of_distances_is_told_by_uneven_ones() {
    for ratio in [
        "b.claims.iat - b.header.oiat > 2 * (a.claims.iat - a.header.oiat)",
        "a.claims.iat - a.header.oiat < b.claims.iat - b.header.oiat",
        "2 * b.claims.iat > a.claims.iat + a.header.oiat",
    ] {
        let script = format!("export const pickFreshestJwt = (a, b) => {ratio} ? a : b;");
        let run = table(&script).ends_with(2);
        run.tells(&["depends on how far apart instants are: ", "existing: ["]);
    }
}

#[test]
fn an_age_and_a_lifetime_are_distances_too() {
    for (body, told) in [
        (
            "return iat(a) - (a.jwt.header.oiat ?? iat(a)) < 1_800 ? a : b;",
            "5 min existing, 1 h incoming",
        ),
        (
            "return a.jwt.claims.exp > iat(b) ? a : b;",
            "30 s existing, 1 min incoming",
        ),
    ] {
        let script = format!(
            "const oiat = t => t.jwt.header.oiat ?? 0, iat = t => t.jwt.claims.iat;\n\
                 export function pickFreshestJwt(a, b) {{ {body} }}"
        );
        table(&script).ends_with(2).tells(&[told]);
    }
}
