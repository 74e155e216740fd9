//! More inputs of kinds that once made a gate pass, hang, or keep something to itself: a table for each
//! kind. Files and scripts that fight are in `hostile` and `script`, receipts in `evidence`.

use crate::support::{Models, design, run, scenario};
use freshest::check::Check;
use freshest::property::{Property, PropertySet, Verdict};
#[cfg(feature = "script")]
use std::time::{Duration, Instant};

/// A fetch that was under way for so long that its answer has expired goes to the caller all the same.
#[test]
fn a_dead_answer_to_a_caller_is_a_verdict_and_a_cache_that_is_asked_instead_mends_it() {
    for (text, steps) in [
        ("tabs = 1\n[budget]\nskip_cache = 1\nage = 2", 5),
        (
            "tabs = 1\nstart = \"empty\"\n[budget]\nget_token = 1\nage = 2",
            5,
        ),
        ("tabs = 2\n[budget]\nskip_cache = 2\nage = 2", 5),
        ("tabs = 2\n[budget]\nskip_cache = 1\nfail = 1\nage = 2", 5),
        // The token has to be gone before anybody asks for another one.
        ("tabs = 1\n[budget]\nrefresh = 1\nget_token = 1\nage = 3", 9),
    ] {
        let scenario = scenario(&format!("title = \"A long way\"\n{text}"));
        let returned = |name| {
            let only = PropertySet::from_iter([Property::ReturnedTokenIsNotDead]);
            let check = Check::new(design(name), &scenario).properties(only);
            let found = check.run().expect("no script");
            let found = found.property(Property::ReturnedTokenIsNotDead);
            found.map(|one| (one.verdict, one.steps)).expect("judged")
        };
        let violated = (Verdict::Violated, Some(steps));
        assert_eq!(returned("pr-9030"), violated, "{text}");
        assert_eq!(returned("proposal-callers"), (Verdict::Holds, None));
    }
    let young =
        scenario("title = \"Nothing expires\"\ntabs = 2\n[budget]\nskip_cache = 2\nage = 1");
    let found = run(design("pr-9030"), &young);
    let found = found.property(Property::ReturnedTokenIsNotDead);
    assert_eq!(found.map(|one| one.verdict), Some(Verdict::Vacuous));
}

#[test]
fn what_is_named_twice_is_checked_once() {
    let models = Models::of(&["pr-9030", "pr-8097"], &["s2", "lose"]);
    let check = |args: &str| {
        let args: Vec<&str> = args.split(' ').collect();
        models.freshest(&[&["check"][..], &args].concat())
    };
    let runs = |args: &str| {
        let json = check(&format!("{args} --format json")).json();
        let named = json["results"].as_array().expect("results").iter();
        let named = named.map(|one| format!("{} {}", one["design"], one["scenario"]));
        named.collect::<Vec<_>>().join(", ").replace('"', "")
    };
    for (args, told) in [
        (
            "--design pr-9030 --design pr-9030 --scenario s2",
            "pr-9030 s2",
        ),
        (
            "--design pr-90* --design pr-9030 --scenario s2",
            "pr-9030 s2",
        ),
        (
            "--design pr-8097 --scenario s2 --scenario lose --scenario s2",
            "pr-8097 s2, pr-8097 lose",
        ),
        (
            "--design pr-8* --design *97 --scenario l* --scenario *e",
            "pr-8097 lose",
        ),
    ] {
        assert_eq!(runs(args), told, "{args}");
    }
    let twice = "--design pr-9030 --scenario s2 --property tabs-converge";
    let told = check(&format!("{twice} {twice}"));
    told.ends_with(0).prints(&["1 verdict: 1 hold"]);
}

/// Tokens of two organisations that are compared: nobody sees that where there is one.
#[cfg(feature = "script")]
#[test]
fn a_wrong_branch_for_organisations_is_told_where_it_never_runs_and_is_violated_where_it_does() {
    const RANK: &str =
        "const oiat = (t) => t.header.oiat ?? -1, org = (t) => t.claims.org_id ?? '';
        const later = (a, b) => oiat(a) === oiat(b) && oiat(a) >= 0 && a.claims.iat > b.claims.iat;
        const fresher = (a, b) => oiat(a) > oiat(b) || later(a, b) ? a : b;
        export function pickFreshestJwt(a, b) {\n";
    let models = Models::of(&["pr-9030"], &["own-refresh", "org-w1r1"]);
    let script = models.path().join("rule.js");
    let check = |scenario, branch: &str| {
        models.write("rule.js", format!("{RANK}{branch} }}\n"));
        let script = script.to_str().expect("a path in UTF-8");
        let args = ["check", "--comparator", script, "--like", "pr-9030"];
        models.freshest(&[&args[..], &["--scenario", scenario]].concat())
    };
    for (branch, unreached) in [
        (
            "if (org(a) !== org(b)) { return a; }\nreturn fresher(a, b);",
            ":5: { return a; }",
        ),
        (
            "if (!org(a) && org(b)) return a;\nreturn fresher(a, b);",
            ":5: return a;",
        ),
        (
            "return org(a) === org(b) ? fresher(a, b)\n: fresher(b, a);",
            ":6: fresher(b, a)",
        ),
        (
            "switch (org(a) === org(b)) { case true: return fresher(a, b);\ncase false: return a; }",
            ":6: case false: return a;",
        ),
    ] {
        check("own-refresh", branch)
            .ends_with(0)
            .prints(&["no verdict is about them", unreached]);
        let found = check("org-w1r1", branch).ends_with(1);
        assert!(!found.stdout.contains(unreached), "{}", found.stdout);
    }
    let right = "if (org(a) !== org(b)) return b;\nreturn fresher(a, b);";
    check("org-w1r1", right).ends_with(0);
}

/// Whatever a script does with its time and its memory, the program says so, and soon.
#[cfg(feature = "script")]
#[test]
fn a_script_that_does_not_come_back_is_ended_in_time() {
    // Two seconds where nothing else runs; a minute is still an end.
    const SOON: Duration = Duration::from_secs(60);
    let late = "did not end within 1000 ms";
    let full = "more than 32 MiB of memory";
    let neither = "which is neither of its arguments";
    for (before, body, told) in [
        (
            "",
            "return [].sort.call({ length: 2 ** 53 - 1 }, () => 0)",
            late,
        ),
        ("", "return Array(2 ** 32 - 2).join('') ? a : b", late),
        (
            "",
            "return Object.keys(new Proxy({}, { ownKeys() { for (;;); } })) ? a : b",
            late,
        ),
        ("", "(async () => { for (;;) await 0; })(); return b", late),
        ("", "class Of { static { for (;;); } } return b", late),
        (
            "",
            "const f = () => { try { f(); } finally { f(); } }; f()",
            late,
        ),
        (
            "",
            "throw Object.defineProperty(new Error(), 'stack', { get() { for (;;); } })",
            late,
        ),
        // Not in the first calls, and not with the first clock.
        ("let n = 0;", "while (++n > 500); return b", late),
        ("", "while (Date.now() > 2e12); return b", late),
        ("", "return { toJSON() { for (;;); } }", neither),
        ("", "return new Proxy({}, { get() { for (;;); } })", neither),
        (
            "",
            "return '\\u0344'.repeat(5e6).normalize('NFD') ? a : b",
            full,
        ),
        (
            "",
            "return [...(function* () { for (;;) yield 1; })()] ? a : b",
            full,
        ),
        (
            "",
            "let o = []; for (let n = 0; n < 1e6; n++) o = [o]; return o.flat(1e9)",
            full,
        ),
    ] {
        let models = Models::of(&[], &["s2"]);
        models.write(
            "designs/rule.js",
            format!("{before} export function pick(a, b) {{ {body} }}"),
        );
        models.write(
            "designs/scripted.toml",
            "title = \"Scripted\"\n[rule]\ncomparator = { script = \"rule.js\", function = \"pick\" }\n\
             [guards]\nsites = [\"broadcast\"]\n",
        );
        let since = Instant::now();
        let run = models.freshest(&["check"]).ends_with(2);
        assert!(since.elapsed() < SOON, "{body}: {:?}", since.elapsed());
        let tokens = ["existing: [oiat", "incoming: [oiat"];
        run.tells(&[told, "`pick`", "scripted.toml"]).tells(&tokens);
    }
}
