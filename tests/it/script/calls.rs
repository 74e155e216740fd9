//! One call has nothing of another, and one run hears of what another found out.

use super::*;
use std::sync::Barrier;
use std::thread;

/// Puts something before the standard script, and a function around its own.
fn standard_with(before: &str, around: &str) -> String {
    let own = STANDARD.replace("export function pickFreshestJwt", "function pick");
    format!("{before}\n{own}\nexport const pickFreshestJwt = (a, b) => {{ {around} }};\n")
}

#[test]
fn what_a_script_writes_on_any_part_of_a_token_it_meets_again_when_an_answer_is_confirmed() {
    let script = r"
            const mark = (value, visited) => {
              if (Object(value) !== value || visited.has(value)) return;
              visited.add(value);
              if (Object.hasOwn(value, 'seen')) throw new Error('a token from before');
              value.seen = true;
              Object.values(value).forEach(inner => mark(inner, visited));
            };
            export const pickFreshestJwt = (a, b) => {
              mark(a, new Set());
              mark(b, new Set());
              for (const part of [b, b.getRawString, b.jwt, b.encoded, b.header, b.claims])
                if (!part.seen) throw new Error('not visited');
              return b;
            };";
    table(script).ends_with(2).tells(&["a token from before"]);
}

#[test]
fn a_script_that_changes_a_token_is_refused_and_what_became_of_others_changes_no_answer() {
    let script = standard_with(
        "const kept = [];",
        "for (const old of kept.filter((one) => one !== a && one !== b)) {
               old.header.oiat = 9;
               old.claims.iat = 9;
               old.jwt = null;
             }
             kept.push(a, b);
             return pick(a, b);",
    );
    assert_eq!(winners(&script), AS_8097);
    for change in [
        "token.header.oiat = 7;",
        "delete token.claims.iat;",
        "token.jwt.claims = Object.freeze(token.encoded);",
    ] {
        let around = format!(
            "const winner = pick(a, b); for (const token of [a, b]) {{ {change} }} return winner;"
        );
        table(&standard_with("", &around)).ends_with(2);
    }
}

#[test]
fn a_script_that_replaces_what_the_language_brings_gets_the_same_tokens() {
    let script = standard_with(
        "const other = () => { throw new Error('replaced'); };
             for (const name of ['concat', 'split', 'slice']) String.prototype[name] = other;
             for (const name of ['push', 'join', 'map']) Array.prototype[name] = other;
             Array.prototype[Symbol.iterator] = other;
             JSON.parse = JSON.stringify = Object.assign = Object.create = Reflect.get = other;
             Object.defineProperty(Object.prototype, '__raw', { set: other, get: () => 1 });
             Object.defineProperty(Object.prototype, 'alg', { set: other, get: () => 1 });",
        "if (a.claims.__raw === 1 || a.header.alg !== 'RS256') throw new Error('not its own');
             if (a.claims.__raw !== a.getRawString()) throw new Error('raw');
             return pick(a, b);",
    );
    assert_eq!(winners(&script), AS_8097);
}

#[test]
fn every_run_that_shares_an_answer_hears_that_it_cannot_be_relied_on() {
    // The first call decides what later ones say, so another order gives other answers. Slow,
    // so that some run asks for a check while another one's is under way.
    let script = "let first;
            export const pickFreshestJwt = (a, b) => {
              for (let i = 0; i < 30_000; i++);
              first ??= b.claims.iat;
              return b.claims.iat === first ? a : b;
            };";
    let models = models("rule.ts", script);
    let rule = models.catalog().designs[0].policy.rules.usual();
    let stamps = |iat| TokenView {
        oiat: Some(1),
        iat: Some(iat),
        ..TokenView::default()
    };
    const RUNS: usize = 6;
    let start = Barrier::new(RUNS);
    let failed = thread::scope(|scope| {
        let run = || {
            start.wait();
            for iat in 1..12 {
                rule.decide(&stamps(0), &stamps(iat));
            }
            rule.check().is_err()
        };
        let runs: Vec<_> = (0..RUNS).map(|_| scope.spawn(run)).collect();
        runs.into_iter()
            .map(|run| run.join().expect("a run that ends"))
            .filter(|failed| *failed)
            .count()
    });
    assert_eq!(failed, RUNS);
    assert!(rule.has_failed());
}

#[test]
fn an_answer_that_only_a_script_with_a_past_gives_is_found_in_a_later_run_too() {
    // Settles after some calls, as a context would that is kept from one check to the next.
    let script = "let calls = 0;
            export const pickFreshestJwt = (a, b) => calls++ < 60 && b.claims.v === 2 ? a : b;";
    let models = models("rule.ts", script);
    let rule = models.catalog().designs[0].policy.rules.usual();
    let stamps = |iat, format| TokenView {
        oiat: Some(1),
        iat: Some(iat),
        format,
        ..TokenView::default()
    };
    for iat in 0..60 {
        rule.decide(&stamps(0, 0), &stamps(iat, 0));
        rule.check().expect("nothing to be seen yet");
    }
    rule.decide(&stamps(0, 0), &stamps(1, 1));
    let failure = rule.check().expect_err("two answers to one call");
    assert!(failure.message.contains("keeps something"), "{failure}");
}
