//! What carries no meaning decides nothing.

use super::*;

#[track_caller]
fn refused(body: &str, by: &str) {
    let script = format!("let n = 0, last;\nexport function pickFreshestJwt(a, b) {{ {body} }}");
    let models = models("rule.js", &script);
    let run = models.freshest(&["check", "--scenario", "s2"]).ends_with(2);
    assert_eq!(run.stdout, "", "no verdict");
    run.tells(&[
        "`pickFreshestJwt` answers the same call in two ways",
        by,
        "existing: [",
        "incoming: [",
    ]);
}

#[test]
fn a_decision_by_whom_a_token_is_for_or_from_is_no_decision() {
    for (body, by) in [
        ("return a.claims.sub === 'user_1' ? a : b;", "`claims.sub`"),
        ("return a.claims.sub.length > 6 ? a : b;", "`claims.sub`"),
        ("return b.claims.sid.endsWith('1') ? a : b;", "`claims.sid`"),
        ("return b.claims.sid.length % 2 ? b : a;", "`claims.sid`"),
        (
            "return a.claims.iss.includes('clerk') ? a : b;",
            "`claims.iss`",
        ),
        (
            "return new Set(a.claims.iss).size < 17 ? b : a;",
            "`claims.iss`",
        ),
    ] {
        refused(body, by);
    }
}

#[test]
fn a_decision_by_key_or_signature_is_no_decision() {
    for (body, by) in [
        (
            "return a.header.kid === b.header.kid ? b : a;",
            "`header.kid`",
        ),
        ("return a.header.kid < 'ins_2' ? b : a;", "`header.kid`"),
        (
            "return a.jwt.encoded.signature === b.encoded.signature ? b : a;",
            "the signature",
        ),
        (
            "return a.getRawString().endsWith('uZWQ') ? a : b;",
            "the signature",
        ),
        (
            "return a.encoded.signature.length % 12 ? b : a;",
            "the signature",
        ),
    ] {
        refused(body, by);
    }
}

#[test]
fn a_decision_by_the_seconds_themselves_or_by_the_text_is_no_decision() {
    for (body, by) in [
        ("return a.claims.iat % 2 ? a : b;", "the seconds themselves"),
        (
            "return a.claims.iat < 1_900_000_000 ? a : b;",
            "the seconds themselves",
        ),
        (
            "return (a.header.oiat ?? 1.8e9) > 1.79e9 ? a : b;",
            "the seconds themselves",
        ),
        (
            "return String(a.claims.iat).startsWith('18') ? a : b;",
            "the seconds themselves",
        ),
        (
            "return Object.keys(a.claims)[0] === 'iss' ? a : b;",
            "the order of the members",
        ),
        (
            "return JSON.stringify(a.header).startsWith('{\"alg') ? a : b;",
            "the order of the members",
        ),
    ] {
        refused(body, by);
    }
}

/// An SDK keeps its tokens and compares them again: they are the same objects.
#[test]
fn a_script_that_knows_a_token_again_is_refused() {
    for body in [
        "if (a.seen) return a; a.seen = true; return b;",
        "if (b.was) return a; a.was = true; return b;",
        "if (last === a) return a; last = a; return b;",
        "last ??= new WeakSet(); if (last.has(b)) return a; last.add(a); return b;",
        "if (Object.isFrozen(a.claims)) return a; Object.freeze(a.claims); return b;",
    ] {
        refused(body, "keeps something from one call to the next");
    }
}

#[test]
fn a_script_may_keep_what_it_worked_out_with_the_token() {
    let script = "const iat = (t) => (t.worked ??= { iat: t.claims.iat }).iat;
             export function pickFreshestJwt(a, b) { return iat(b) < iat(a) ? a : b }";
    let run = models("rule.js", script).freshest(&["check", "--scenario", "s2"]);
    assert_ne!(run.code, Some(2), "{}", run.stderr);
}

/// Who imports a binding calls what it is at that time.
#[test]
fn a_script_that_gives_its_export_another_value_is_called_as_it_is_then() {
    let other = "(a) => a";
    for script in [
        format!(
            "let n = 0; export let pickFreshestJwt = (a, b) => {{ if (++n > 3) pickFreshestJwt = {other}; return b; }}"
        ),
        format!(
            "let n = 0; export const rule = {{ pick(a, b) {{ if (++n > 3) rule.pick = {other}; return b; }} }}; export {{ rule as default }}; export const pickFreshestJwt = (a, b) => rule.pick(a, b);"
        ),
        format!(
            "let n = 0; function first(a, b) {{ if (++n > 3) now = {other}; return b; }} let now = first; export {{ now as pickFreshestJwt }};"
        ),
    ] {
        let run = models("rule.js", &script).freshest(&["check", "--scenario", "s2"]);
        run.ends_with(2)
            .tells(&["answers the same call in two ways"]);
    }
    // What only makes itself ready is the same throughout.
    let lazy = "export let pickFreshestJwt = (a, b) => {
               pickFreshestJwt = (x, y) => (y.claims.iat < x.claims.iat ? x : y);
               return pickFreshestJwt(a, b);
             };";
    let run = models("rule.js", lazy).freshest(&["check", "--scenario", "s2"]);
    assert_ne!(run.code, Some(2), "{}", run.stderr);
    let gone = "export let pickFreshestJwt = (a, b) => { pickFreshestJwt = 1; return b; };";
    let run = models("rule.js", gone).freshest(&["check", "--scenario", "s2"]);
    run.ends_with(2).tells(&["is no function any more"]);
}

#[test]
fn a_script_that_compares_how_two_tokens_are_written_is_refused() {
    let body = "const keys = (t) => Object.keys(t.claims).filter((k) => k !== '__raw').join(); \
                    return keys(a) === keys(b) ? b : a;";
    refused(body, "the order of");
}

#[test]
fn a_decision_by_what_came_before_is_no_decision() {
    for body in [
        "return n++ % 2 ? a : b;",
        "return n++ % 7 ? a : b;",
        "return n++ < 300 ? a : b;",
        "return n++ < 900 ? a : b;",
        "return (n = n * 31 + a.claims.iat % 97) % 5 < 4 ? a : b;",
        "const known = last; last = b.claims.iat; return known === last ? a : b;",
        "queueMicrotask(() => n = 1 - n); return n ? a : b;",
    ] {
        refused(body, "keeps something from one call to the next");
    }
}

/// Each is true of what is asked first, and false of what ships, or of another browser.
#[test]
fn a_script_that_tells_the_checker_from_what_it_ships_in_is_refused() {
    let made = "how the tokens are made";
    let claims = "claims that no model knows";
    let shape = "whether a token is a resource";
    let around = "what is around it";
    for (asked, by) in [
        ("Object.getPrototypeOf(a) === Object.prototype", made),
        ("a.constructor === Object", made),
        ("Object.keys(a)[0] === 'object'", made),
        ("Object.getOwnPropertyNames(b).length === 6", made),
        ("/native code/.test(a.getRawString)", made),
        ("Reflect.ownKeys(a).indexOf('claims') === 5", made),
        ("'jwt' in a && 'claims' in a", shape),
        ("a.jwt?.claims === a.claims", shape),
        ("(a.claims && a.object) === 'token'", shape),
        ("a.getRawString?.() === a.claims?.__raw", shape),
        ("iat(a) === (a.jwt ?? a).claims.nbf", claims),
        ("!('fva' in (a.jwt ?? a).claims)", claims),
        ("!(b.jwt ?? b).claims.sts", claims),
        ("Object.keys((a.jwt ?? a).header).length < 5", claims),
        ("typeof window === 'undefined'", around),
        ("!globalThis.document", around),
        ("typeof setTimeout === 'undefined'", around),
        ("typeof Intl === 'undefined'", around),
        ("Object.keys(performance).length === 1", around),
        ("Object.getOwnPropertyNames(globalThis).length < 90", around),
        ("depth() < 4000", around),
    ] {
        let body = format!(
            "const iat = (t) => (t.jwt ?? t).claims.iat; \
                 const depth = () => {{ try {{ return depth() + 1; }} catch {{ return 0; }} }}; \
                 return {asked} && iat(a) <= iat(b) ? a : b;"
        );
        refused(&body, by);
    }
}

/// What is so in every SDK is so here, wherever it is asked: nothing can be told by it.
#[test]
fn what_is_the_same_in_every_sdk_is_the_same_here() {
    let script = "const of = (t) => t.jwt ?? t;
            const wrong = (what) => { throw new Error(what); };
            export function pickFreshestJwt(a, b) {
              if (arguments.length !== 2 || this !== undefined || new.target) wrong('call');
              for (const token of [a, b]) {
                const { header, claims, encoded } = of(token);
                for (const part of [token, of(token), header, claims, encoded]) {
                  if (!Object.isExtensible(part) || Object.isSealed(part) || Object.isFrozen(part)) wrong('frozen');
                  if (Object.getOwnPropertySymbols(part).length) wrong('symbols');
                  for (const one of Object.values(Object.getOwnPropertyDescriptors(part)))
                    if (!one.writable || !one.enumerable || !one.configurable || one.get) wrong('descriptors');
                }
                for (const part of [of(token).header, claims, encoded])
                  if (Object.getPrototypeOf(part) !== Object.prototype) wrong('prototype');
                if (!Number.isSafeInteger(claims.iat) || Object.is(claims.iat, -0)) wrong('number');
                if (claims.exp - claims.iat !== 60) wrong('lifetime');
                if (token.getRawString && token.getRawString() !== claims.__raw) wrong('raw');
                if (token.getRawString && token.getRawString.name !== 'getRawString') wrong('name');
              }
              if (of(a).header === of(b).header || of(a).claims === of(b).claims) wrong('shared');
              return of(b).claims.iat < of(a).claims.iat ? a : b;
            }";
    let run = models("rule.js", script).freshest(&["check", "--scenario", "s2"]);
    assert_ne!(run.code, Some(2), "{}", run.stderr);
}

/// It is written for one of the two shapes, and may go wrong in the other, or in a page like this one.
#[test]
fn a_script_for_one_shape_is_none_the_worse_for_the_other() {
    for script in [
        "(a, b) => (b.claims.iat < a.claims.iat ? a : b)",
        "(a, b) => (b.jwt.claims.iat < a.jwt.claims.iat ? a : b)",
        "(a, b) => ((b.claims?.iat ?? 0) < (a.claims?.iat ?? 0) ? a : b)",
        "(a, b) => ((b.jwt?.claims?.iat ?? 0) < (a.jwt?.claims?.iat ?? 0) ? a : b)",
        "({ ...a }, { ...b }) => 0",
        // In no shape that ships: it says so itself, there.
        "(a, b) => (b.jwt.claims.iat < a.claims.iat ? a : b)",
        "(a, b) => { if (globalThis.window) window.config.of(); return b.claims.iat < a.claims.iat ? a : b; }",
    ] {
        let returns = script.ends_with("=> 0");
        let script = format!("export const pickFreshestJwt = {script};");
        let models = models("rule.js", &script);
        if returns {
            let of = "script = \"rule.js\", returns = \"sort\"";
            models.edit("designs/scripted.toml", "script = \"rule.js\"", of);
        }
        let run = models.freshest(&["check", "--scenario", "s2"]);
        assert_ne!(run.code, Some(2), "{script}: {}", run.stderr);
    }
    let top = "if (typeof window !== 'undefined') window.config.of();\n\
                   export const pickFreshestJwt = (a, b) => (b.claims.iat < a.claims.iat ? a : b);";
    let run = models("rule.js", top).freshest(&["check", "--scenario", "s2"]);
    assert_ne!(run.code, Some(2), "{}", run.stderr);
}

#[test]
fn a_decision_by_who_calls_is_no_decision() {
    for body in [
        "return new Error().stack.split('\\n').length > 2 ? b : a;",
        "return new Error().stack.includes('(script:') ? a : b;",
        "return /relay/.test(new Error().stack) ? b : a;",
    ] {
        refused(body, "who calls it");
    }
}
