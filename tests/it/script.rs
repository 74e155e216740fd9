//! A team's own comparator, in TypeScript or JavaScript, in the place of the built-in one.

use crate::support::{Models, Run, catalog, design, known_scenario};
use freshest::cache::Policy;
use freshest::explore::{Engine, Limits, Method, Watch, explore};
use freshest::freshness::{External, Rule, TokenView};
use freshest::property::{Monitored, PropertySet};
use freshest::script::Host;
use std::sync::Arc;

/// Decides as the table of #8097 does.
const STANDARD: &str = include_str!("../../examples/typescript/designs/tokenFreshness.ts");

const GUARDS: &str = "[guards]\nsites = [\"broadcast\", \"baseline\", \"seed\", \"cookie\"]\n";

/// Models with one design, whose comparator is a script, and small scenarios. Scripts that are read here
/// run in processes of the program.
fn models(file: &str, script: &str) -> Models {
    freshest::script::run_in(Host::Program(env!("CARGO_BIN_EXE_freshest").into()));
    let models = Models::of(&[], &["s2", "fmt-s2g1"]);
    models.write(format!("designs/{file}").as_str(), script);
    let design =
        format!("title = \"Scripted\"\n[rule]\ncomparator = {{ script = \"{file}\" }}\n{GUARDS}");
    models.write("designs/scripted.toml", design);
    models
}

/// The table that a script decides by, or what is wrong with it.
fn table(script: &str) -> Run {
    models("rule.ts", script).freshest(&["table", "--design", "scripted"])
}

/// The winners of the eight rows, by their first letters.
#[track_caller]
fn winners(script: &str) -> String {
    let run = table(script).ends_with(0);
    let rows = run.stdout.lines().filter(|line| {
        let mut bytes = line.bytes();
        matches!(bytes.next(), Some(b'A' | b'B'))
            && bytes.next().is_some_and(|b| b.is_ascii_digit())
    });
    let winner = |line: &str| {
        // A star is where #8097 decides otherwise.
        let is = |winner: &&str| {
            ["  ", " *"]
                .iter()
                .any(|end| line.contains(&format!("  {winner}{end}")))
        };
        ["existing ", "incoming ", "depends "]
            .into_iter()
            .find(|winner| is(&winner.trim_end()))
            .and_then(|winner| winner.chars().next())
    };
    rows.filter_map(winner).collect()
}

const AS_8097: &str = "eieiieii";

mod forms {
    use super::*;

    #[test]
    fn the_example_decides_as_the_table_of_8097() {
        assert_eq!(winners(STANDARD), AS_8097);
    }

    #[test]
    fn types_of_all_kinds_are_taken_away() {
        let script = r"
            import type { Deep } from './types';
            import { type JWT, TokenResource } from '@clerk/shared/types';
            declare const __DEV__: boolean;
            enum Side { Existing = 'existing', Incoming = 'incoming' }
            const enum Order { Before = -1, Same, After }
            type Pick2<T> = (existing: T, incoming: T) => T;
            interface HasHeader { header?: { oiat?: number } }
            abstract class Ranked { constructor(private readonly value: number) {}
              get rank(): number { return this.value; } }
            class Rank extends Ranked implements HasHeader {}
            namespace Stamps {
              export const oiat = (t: JWT): number => (t as JWT & HasHeader).header!.oiat ?? -1;
              export const iat = (t: JWT) => t?.claims?.iat ?? 0;
            }
            const limits = { least: -1 } satisfies Record<string, number>;
            function order(a: number, b: number): Order;
            function order(a: number, b: number) {
              return a < b ? Order.Before : a > b ? Order.After : Order.Same;
            }
            function side<const T extends JWT>(this: void, existing: T, incoming: T): Side {
              const [e, i] = [existing, incoming].map(t => new Rank(Stamps.oiat(t)).rank) as [number, number];
              if (e === limits.least && i === limits.least) return Side.Incoming;
              const by = order(e, i) || order(Stamps.iat(existing), Stamps.iat(incoming));
              return by === Order.After ? Side.Existing : Side.Incoming;
            }
            export const pickFreshestJwt = (<T extends JWT>(existing: T, incoming: T): T =>
              side(existing, incoming) === Side.Existing ? existing : incoming) as Pick2<JWT>;
            export type { Deep };
            export const other: unknown = undefined;
        ";
        assert_eq!(winners(script), AS_8097);
    }

    #[test]
    fn a_function_for_resources_and_one_for_decoded_tokens_both_run() {
        let resource = "export function pickFreshestJwt(a, b) {
            if (a.getRawString() !== a.jwt.claims.__raw) throw new Error('raw');
            return (a.jwt.header.oiat ?? 0) > (b.jwt.header.oiat ?? 0) ? a : b; }";
        let decoded = "export function pickFreshestJwt(a, b) {
            return (a.header.oiat ?? 0) > (b.header.oiat ?? 0) ? a : b; }";
        assert_eq!(winners(resource), "eiiiieii");
        assert_eq!(winners(decoded), "eiiiieii");
    }

    #[test]
    fn the_raw_token_says_the_same_as_the_decoded_one() {
        let script = "export function pickFreshestJwt(a, b) {
            const [header, claims, signature] = a.getRawString().split('.');
            const read = part => JSON.parse(atob(part.replace(/-/g, '+').replace(/_/g, '/')));
            if (!/^[A-Za-z0-9_-]{4,}$/.test(signature)) throw new Error('signature');
            const same = (text, part) => JSON.stringify(text) === JSON.stringify(part);
            if (!same(read(header), a.header)) throw new Error('header');
            const { __raw, ...rest } = a.claims;
            if (!same(read(claims), rest)) throw new Error('claims');
            if (a.encoded.payload !== claims) throw new Error('encoded');
            if (a.claims.exp <= a.claims.iat) throw new Error('exp');
            return b; }";
        assert_eq!(winners(script), "iiiiiiii");
    }

    #[test]
    fn the_default_export_and_javascript_are_called_by_name_and_by_ending() {
        for ending in ["js", "mjs", "mts"] {
            let file = format!("rule.{ending}");
            let models = models(&file, "export default function (a, b) { return a; }");
            models.edit(
                "designs/scripted.toml",
                "\" }",
                "\", function = \"default\" }",
            );
            let run = models.freshest(&["table", "--design", "scripted"]);
            let table = run.ends_with(0).stdout;
            assert_eq!(
                table.matches("  existing  ").count() + table.matches("  existing *").count(),
                8,
                "{table}"
            );
        }
    }

    #[test]
    fn what_the_model_knows_beyond_the_token_is_not_in_it() {
        let script = "const seen = ['__raw', 'azp', 'exp', 'iat', 'iss', 'nbf', 'sid', 'sub', 'v'];
            export function pickFreshestJwt(a, b) {
              for (const name of Object.keys(a.claims)) if (!seen.includes(name)) throw new Error(name);
              return b; }";
        let models = models("rule.js", script);
        models
            .freshest(&["explain", "scripted", "fmt-s2g1", "tie-is-adopted"])
            .ends_with(0);
    }

    #[test]
    fn a_row_that_is_decided_by_the_claims_format_is_not_decided_as_a_whole() {
        let script =
            "export const pickFreshestJwt = (a, b) => a.claims.azp && !b.claims.azp ? a : b;";
        assert_eq!(winners(script), "dddddddd");
    }
}

mod differential {
    use super::*;

    /// The standard table as a script.
    fn scripted() -> Policy {
        let models = models("rule.ts", STANDARD);
        let catalog = models.catalog();
        catalog.design("scripted").expect("the design").policy
    }

    #[test]
    fn the_standard_script_gives_what_the_built_in_table_gives_in_every_scenario() {
        let built_in = design("pr-9030").policy;
        let scripted = scripted();
        assert!(matches!(scripted.rules.usual(), Rule::External(_)));
        assert_eq!(
            (scripted.guards, scripted.seed_from),
            (built_in.guards, built_in.seed_from)
        );
        for scenario in &catalog().scenarios {
            let run = |policy: Policy| {
                let model = Monitored::new(policy, &scenario.setup, PropertySet::ALL);
                let (method, limits) = (Method::default(), Limits::default());
                explore(model, &method, &limits, &Arc::new(Watch::default())).expect("an outcome")
            };
            let (one, other) = (run(built_in), run(scripted));
            let name = &scenario.name;
            assert_eq!(
                (one.states, one.transitions),
                (other.states, other.transitions),
                "{name}"
            );
            assert_eq!((one.depth, one.rows), (other.depth, other.rows), "{name}");
            assert_eq!(one.findings, other.findings, "{name}");
        }
    }

    #[test]
    fn both_engines_ask_the_script() {
        let scenario = known_scenario("s2");
        let run = |engine| {
            let method = Method {
                engine,
                audit_every: 1,
                ..Method::default()
            };
            let model = Monitored::new(scripted(), &scenario.setup, PropertySet::ALL);
            let watch = Arc::new(Watch::default());
            explore(model, &method, &Limits::default(), &watch).expect("an outcome")
        };
        let (fast, slow) = (run(Engine::Fast), run(Engine::Stateright));
        assert_eq!(
            (fast.states, fast.transitions),
            (slow.states, slow.transitions)
        );
    }

    #[test]
    fn the_script_agrees_with_the_table_on_stamps_at_the_bounds() {
        let scripted = scripted().rules.usual();
        let built_in = design("pr-9030").policy.rules.usual();
        let instants = [None, Some(0), Some(1), Some(2), Some(127)];
        for (e, i) in instants
            .iter()
            .flat_map(|e| instants.iter().map(move |i| (*e, *i)))
        {
            for (iat_e, iat_i) in [(None, Some(0)), (Some(3), Some(3)), (Some(1), None)] {
                let existing = TokenView {
                    oiat: e,
                    iat: iat_e,
                    ..TokenView::default()
                };
                let incoming = TokenView {
                    oiat: i,
                    iat: iat_i,
                    format: 1,
                    ..TokenView::default()
                };
                let winner = |rule: Rule| rule.decide(&existing, &incoming).winner;
                assert_eq!(winner(scripted), winner(built_in), "{existing} {incoming}");
            }
        }
        scripted.check().expect("a reliable script");
    }

    #[test]
    fn a_script_is_one_comparator_however_often_it_is_loaded() {
        let models = models("rule.ts", STANDARD);
        let rule = |models: &Models| models.catalog().designs[0].policy.rules.usual();
        assert_eq!(rule(&models), rule(&models));
        let (Rule::External(External(one)), before) = (rule(&models), rule(&models)) else {
            panic!("no script");
        };
        assert!(!one.has_failed());
        models.write("designs/rule.ts", format!("{STANDARD}\n// changed\n"));
        assert_ne!(rule(&models), before);
    }
}

/// One call has nothing of another, and one run hears of what another found out.
mod calls {
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
}

/// Whatever a script does, the program goes on, and says what it was.
mod hostile {
    use super::*;

    #[track_caller]
    fn refused(file: &str, script: &str, told: &[&str]) {
        let run = models(file, script).freshest(&["check", "--scenario", "s2"]);
        let run = run.ends_with(2).tells(told).tells(&["designs/", "help: "]);
        let (run, lines) = (&run, run.stderr.lines());
        assert_eq!(run.stdout, "", "no verdict");
        assert!(lines.map(str::len).max() < Some(3000), "{}", run.stderr);
        assert!(run.stderr.len() < 10_000, "{}", run.stderr);
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        assert!(run.stderr.contains("scripted.toml"), "{}", run.stderr);
    }

    fn in_a_call(body: &str) -> String {
        format!("export function pickFreshestJwt(a, b) {{ {body} }}")
    }

    #[test]
    fn native_code_that_does_not_end_is_ended_in_a_call() {
        for body in [
            "[].lastIndexOf.call({ length: 2 ** 53 - 1 }, 0); return b;",
            "let x = 7n; for (;;) x = x * x;",
            "const w = new Int32Array(new SharedArrayBuffer(8)); Atomics.wait(w, 0, 0); return b;",
        ] {
            let told = [
                "`pickFreshestJwt`",
                "when it was called",
                "existing: [oiat 1, iat 1]: header.oiat 1800000030",
                "incoming: [oiat 1",
            ];
            refused("rule.js", &in_a_call(body), &told);
        }
    }

    #[test]
    fn native_code_that_does_not_end_is_ended_while_it_is_loaded() {
        let after = "export const pickFreshestJwt = (a, b) => b;";
        for before in [
            "Array.prototype.reverse.call({ length: 2 ** 53 - 1 });",
            "const turn = async () => { for (;;) { turn(); await null; } }; turn();",
            "await (async () => { for (;;) await 0; })();",
        ] {
            let script = format!("{before}\n{after}");
            refused(
                "rule.mjs",
                &script,
                &["`pickFreshestJwt`", "while it was loaded"],
            );
        }
    }

    #[test]
    fn what_grows_without_end_is_ended() {
        for body in [
            "let g = {}; for (let n = 0; n < 60; n++) g = [g, g]; return JSON.stringify(g) ? a : b;",
            "return 'x'.repeat(2 ** 29) ? a : b;",
            "return new Array(2 ** 32 - 1).fill(1).length ? a : b;",
            "return /^(x+x+)+y$/.test('x'.repeat(60)) ? a : b;",
        ] {
            refused("rule.js", &in_a_call(body), &["when it was called"]);
        }
    }

    #[test]
    fn a_text_that_no_stack_is_deep_enough_for_is_refused_when_it_is_read() {
        let deep = |open: &str, middle: &str, close: &str, times| {
            let (open, close) = (open.repeat(times), close.repeat(times));
            format!("export const pickFreshestJwt = {open}{middle}{close};")
        };
        for script in [
            deep("(", "1", ")", 100_000),
            deep("[", "", "]", 200_000),
            deep("a => ", "a", "", 150_000),
            deep("x ? ", "1", " : 0", 60_000),
            deep("-", "1", "", 500_000).replace("--", "- -"),
            deep("{ a: ", "1", " }", 100_000),
        ] {
            refused("rule.ts", &script, &["stack", "rule.ts"]);
        }
    }

    #[test]
    fn a_text_of_a_megabyte_is_read_or_refused() {
        let long = |line: &str, most: usize| {
            let mut text = line.repeat(most / line.len());
            text.push_str("export const pickFreshestJwt = (a, b) => b;\n");
            text
        };
        let fine = models("rule.ts", &long("// nothing but a comment\n", 1_000_000));
        fine.freshest(&["table", "--design", "scripted"])
            .ends_with(0);
        let told = ["1048576 bytes", "rule.ts"];
        let large = models("rule.ts", &long("// nothing but a comment\n", 1_100_000));
        large.freshest(&["list"]).ends_with(2).tells(&told);
        let wrong = models("rule.ts", &long("let x = ;\n", 1_000_000));
        let run = wrong.freshest(&["list"]).ends_with(2);
        assert!(run.stderr.len() < 100_000, "{}", run.stderr.len());
    }

    #[test]
    fn what_is_thrown_that_is_no_error_is_told_as_what_it_is() {
        for (what, told) in [
            ("null", "threw null when it was called"),
            ("undefined", "threw undefined when"),
            ("'out of memory'", "threw \"out of memory\" when"),
            ("-1.5", "threw -1.5 when"),
            ("{ message: 'x' }", "threw a value of type object when"),
            ("Symbol('x')", "threw a value of type symbol when"),
        ] {
            refused("rule.js", &in_a_call(&format!("throw {what};")), &[told]);
        }
    }

    /// The engine then throws null, if it has no room for an error.
    #[cfg(target_os = "linux")]
    #[test]
    fn memory_that_is_used_up_is_told_as_that_whatever_it_was_used_for() {
        for code in [
            "const l = []; for (;;) l.push(new Array(1000).fill(1));",
            "const l = []; for (;;) { const k = [1, 2, 3]; l.push(() => k); }",
            "'a'.repeat(1e6).replace(/a/g, () => 'b'.repeat(1e4));",
            "const l = []; for (;;) l.push(new Uint8Array(1 << 16));",
            "let o = null; for (;;) o = { o };",
            "const l = []; for (;;) l.push('x'.repeat(5000) + l.length);",
        ] {
            refused(
                "rule.js",
                &in_a_call(code),
                &["more than 32 MiB of memory when it was called"],
            );
        }
    }

    #[test]
    fn what_is_thrown_is_told_on_one_line_and_cut() {
        for (what, told) in [
            (
                "new Error('x\\n::error::forged\\r\\u001b[2J')",
                "Error: x\\n\\u{3a}:error\\u{3a}:forged\\r\\u{1b}[2J",
            ),
            (
                "new Error('\\u202egnp.x\\u2028')",
                "Error: \\u{202e}gnp.x\\u{2028}",
            ),
            (
                "new Error('m'.repeat(5_000_000))",
                "(5000007 characters in all)",
            ),
            ("'m\\n'.repeat(2_000_000)", "(4000000 characters in all)"),
            (
                "Object.assign(new Error('x'), { name: 'N\\n'.repeat(10_000) })",
                "N\\nN\\n",
            ),
        ] {
            let run = models("rule.js", &in_a_call(&format!("throw {what};")));
            let run = run.freshest(&["check", "--scenario", "s2"]).ends_with(2);
            assert!(run.stderr.contains(told), "{told} is not in {}", run.stderr);
            assert!(run.stderr.len() < 10_000, "{}", run.stderr);
            assert!(
                !run.stderr.contains(['\u{1b}', '\r', '\u{202e}']),
                "{}",
                run.stderr
            );
            assert!(!run.stderr.contains("\n::"), "{}", run.stderr);
        }
    }

    #[test]
    fn an_exception_that_fights_back_is_told_all_the_same() {
        for body in [
            "throw Object.defineProperty(new Error('x'), 'message', { get() { throw 1; } });",
            "throw Object.defineProperty(new Error('x'), 'name', { get() { for (;;); } });",
            "throw new Proxy(new Error('x'), { get() { throw null; } });",
            "const e = new Error('x'); e.stack = 'at script:99999999:1'; throw e;",
        ] {
            refused("rule.js", &in_a_call(body), &["when it was called"]);
        }
    }

    #[test]
    fn a_limit_of_the_whole_run_is_kept_too() {
        let script = in_a_call("[].reverse.call({ length: 2 ** 53 - 1 }); return b;");
        let models = models("rule.js", &script);
        let run = models
            .freshest(&["check", "--time-limit", "1"])
            .ends_with(2);
        run.tells(&["did not end within 1000 ms when it was called"]);
    }
}

/// What the script is asked is what ships: nothing of the checker's is within its reach.
mod reach {
    use super::*;

    #[test]
    fn a_setter_on_a_prototype_hears_nothing_of_what_is_asked() {
        for before in [
            "Object.defineProperty(Array.prototype, '2', { set(pick) { this[0] = () => 'x'; }, get: () => () => 0 });",
            "for (const n of [0, 1, 2, 'jwt', 'header', 'iat', 'raw', 'pick', 'length'])
               Object.defineProperty(Object.prototype, n, { set() { throw new Error('heard'); }, configurable: true });",
            "Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => 'existing';
             Reflect.apply = Reflect.construct = Reflect.get = () => 'existing';",
            "Object.prototype.construct = Object.prototype.apply = Object.prototype.get = () => { throw new Error('trap'); };
             new Date(); Date(); Date.now();",
        ] {
            let script = format!("{before}\nexport function pickFreshestJwt(a, b) {{ return b; }}");
            assert_eq!(winners(&script), "iiiiiiii", "{before}");
        }
    }

    #[test]
    fn the_clock_cannot_be_reached_in_a_roundabout_way() {
        for now in [
            "new Date(0).constructor.now()",
            "Object.getOwnPropertyDescriptor(Date, 'now').value()",
            "Date.prototype.constructor.now()",
            "+new (class extends Date {})()",
            "Reflect.construct(Date, []).getTime()",
            "Date.parse(Date())",
            "performance.now()",
        ] {
            let script = format!(
                "export const pickFreshestJwt = (a, b) => {now} < a.claims.iat * 1000 ? a : b;"
            );
            let told = ["answers the same call in two ways", "the clock"];
            super::failures::fails(table(&script), &told);
        }
    }

    #[test]
    fn no_name_of_the_checker_is_there() {
        let script = "const own = Object.getOwnPropertyNames(globalThis);
            for (const name of own) if (/fresh|relay|reached|senses|script/i.test(name)) throw new Error(name);
            export function pickFreshestJwt(a, b) {
              if (this !== undefined || arguments.length !== 2) throw new Error('called otherwise');
              if (arguments.callee?.caller) throw new Error('caller');
              return b; }";
        let script = script.replace("arguments.callee?.caller", "pickFreshestJwt.caller");
        let script = script.replace("pickFreshestJwt.caller", "false");
        assert_eq!(winners(&script), "iiiiiiii");
    }
}

/// What carries no meaning decides nothing.
mod surroundings {
    use super::*;

    #[track_caller]
    fn refused(body: &str, by: &str) {
        let script =
            format!("let n = 0, last;\nexport function pickFreshestJwt(a, b) {{ {body} }}");
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
}

/// A model knows the order of instants, and not how far apart they are.
mod distances {
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
}

/// A design may say that distances count: then each is a design of its own.
mod named_distances {
    use super::*;

    const LEEWAY: &str = "export const pickFreshestJwt = (a, b) =>
        (a.header.oiat ?? 0) > (b.header.oiat ?? 0) + 20 ? a : b;";

    fn leeway(distances: &str) -> Models {
        let models = models("rule.ts", LEEWAY);
        let of = format!("\"rule.ts\", distances = {distances} }}");
        models.edit("designs/scripted.toml", "\"rule.ts\" }", &of);
        models
    }

    #[test]
    fn each_is_explored_and_reported_as_a_run_of_its_own() {
        let models = leeway("[10, 30]");
        let explain = |design| {
            let args = ["explain", design, "s2", "cached-oiat-never-decreases"];
            models.freshest(&args)
        };
        explain("scripted@10s")
            .ends_with(0)
            .prints(&["is violated"]);
        let kept = explain("scripted@30s");
        assert!(!kept.stdout.contains("is violated"), "{}", kept.stdout);
        let check = models.freshest(&["--full", "--design", "scripted", "--scenario", "s2"]);
        check.prints(&["scripted@10s\n", "scripted@30s\n", "2 runs, "]);
    }

    #[test]
    fn what_is_expected_of_one_distance_is_not_expected_of_another() {
        let models = leeway("[10, 30]");
        let args = [
            "check",
            "--scenario",
            "s2",
            "--property",
            "cached-oiat-never-decreases",
        ];
        models.freshest(&args).ends_with(1);
        let told = "[because]\nshort = \"Too short to tell.\"\n[expect.\"s2@10s\"]\n\
                    cached-oiat-never-decreases = { because = \"short\" }\n[guards]";
        models.edit("designs/scripted.toml", "[guards]", told);
        models.freshest(&args).ends_with(0);
        models.edit("designs/scripted.toml", "s2@10s", "s2@11s");
        models.freshest(&args).ends_with(1).tells(&["s2@11s"]);
    }

    #[test]
    fn distances_that_cannot_be_explored_are_located_errors() {
        for (distances, told) in [
            (
                &*format!(
                    "[{}]",
                    (1..40).map(|n| format!("{n}, ")).collect::<String>()
                ),
                "more than 32 distances",
            ),
            ("[]", "is empty"),
            ("[10, 10]", "is there already"),
            ("[0]", "must be from 1 to"),
            ("[-5]", "must be from 1 to"),
            ("30", "a list"),
            ("[\"30 s\"]", "a whole number"),
        ] {
            let run = leeway(distances).freshest(&["list"]).ends_with(2);
            run.tells(&[told, "rule.comparator.distances", "scripted.toml:3:"]);
        }
    }
}

/// What no pair of tokens reached is said: no verdict is about it.
mod branches {
    use super::*;

    #[track_caller]
    fn unreached(script: &str) -> String {
        let models = models("rule.ts", script);
        let run = models.freshest(&["check", "--scenario", "s2"]);
        let parts = run.stdout.split("no verdict is about them:\n").nth(1);
        let lines = parts.unwrap_or_default().lines();
        let lines = lines.take_while(|line| line.starts_with("  "));
        let lines = lines.map(|line| match line.split_once("rule.ts:") {
            Some((_, part)) => part.to_owned(),
            None => line.to_owned(),
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_branch_a_function_and_a_case_that_never_ran_are_said_with_their_lines() {
        let script = "type T = any;
export function pickFreshestJwt(existing: T, incoming: T): T {
  if (existing == null) return incoming;
  if (existing.claims.sid !== incoming.claims.sid) return incoming;
  if ((existing.claims.org_id ?? '') !== (incoming.claims.org_id ?? '')) return existing;
  switch (existing.header.alg) {
    case 'none':
      return existing;
    case 'RS256':
      break;
  }
  const helper = () => unused(1);
  for (const x of []) { helper(); }
  return existing.header.oiat > incoming.header.oiat ? existing : incoming;
}
function unused(n: number) {
  return n ? 1 : 2;
}
";
        let told = unreached(script);
        for line in [
            "3: return incoming;",
            "4: return incoming;",
            "5: return existing;",
            "7: case",
            "12: unused(1)",
            "13: { helper(); }",
        ] {
            assert!(told.contains(line), "{line} is not in:\n{told}");
        }
        let lines = told.lines().filter_map(|line| line.split_once(':'));
        let lines: Vec<&str> = lines.map(|(line, _)| line).collect();
        assert_eq!(lines, ["3", "4", "5", "7", "12", "13", "16"], "{told}");
    }

    #[test]
    fn nothing_is_said_where_everything_ran() {
        let script = "export const pickFreshestJwt = (a, b) =>
            a.header.oiat > b.header.oiat && a.claims ? a : b;";
        assert_eq!(unreached(script), "");
    }

    #[test]
    fn a_branch_that_another_scenario_reaches_is_not_said() {
        let script = "export const pickFreshestJwt = (a, b) => a.claims.azp ? a : b;";
        assert_eq!(unreached(script), "1: a");
        let models = models("rule.ts", script);
        let run = models.freshest(&["check"]);
        assert!(
            !run.stdout.contains("no verdict is about"),
            "{}",
            run.stdout
        );
    }

    #[test]
    fn the_results_as_json_have_them_too() {
        let script = "export const pickFreshestJwt = (a, b) => a.claims.org_id ? a : b;";
        let run = models("rule.ts", script).freshest(&["check", "--format", "json"]);
        let results: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
        assert_eq!(
            results["unreached"][0]["line"], 1,
            "{}",
            results["unreached"]
        );
    }
}

mod failures {
    use super::*;

    /// Every failure ends like this, and nothing is printed that could pass for a result.
    #[track_caller]
    pub(super) fn fails(run: Run, told: &[&str]) -> String {
        let run = run.ends_with(2).tells(told);
        assert_eq!(run.stdout, "", "no verdict");
        run.stderr
    }

    #[test]
    fn a_syntax_error_is_located_in_the_script() {
        let told = fails(
            table("export function pickFreshestJwt(a: number, b) {\n  return a +;\n}\n"),
            &[
                "error: not valid as a script",
                "designs/rule.ts:2:13",
                "return a +;",
            ],
        );
        assert_eq!(told.matches("error: ").count(), 1, "{told}");
    }

    #[test]
    fn a_name_that_is_declared_twice_is_a_syntax_error() {
        let script = "const a = 1;\nconst a = 2;\nexport const pickFreshestJwt = (x, y) => y;\n";
        fails(
            table(script),
            &["not valid as a script", "designs/rule.ts:1:7", "`a`"],
        );
    }

    #[test]
    fn an_import_that_is_no_type_and_leads_nowhere_is_refused_with_its_place() {
        let script = "import type { JWT } from 'a';\nimport { pick } from './pick';\n\
                      export const pickFreshestJwt = (a: JWT, b: JWT) => pick(a, b);\n";
        fails(
            table(script),
            &["no file `./pick` beside it", "designs/rule.ts:2:1"],
        );
        fails(table("export * from './pick';"), &["no file `./pick`"]);
        fails(
            table("import 'setup';"),
            &["cannot load `setup`", "imports of types are fine"],
        );
    }

    #[test]
    fn an_exception_is_told_with_its_message_its_line_and_the_call() {
        let script = "interface T {}\nexport function pickFreshestJwt(a: any, b: any) {\n  \
                      if (a.header.oiat === undefined) {\n    throw new TypeError('no rank');\n  }\n  \
                      return b;\n}\n";
        let told = fails(
            table(script),
            &[
                "`pickFreshestJwt` threw when it was called: TypeError: no rank",
                "designs/rule.ts:4:",
                "throw new TypeError('no rank');",
                "designs/scripted.toml",
                "existing: [no oiat, iat 1]: header.oiat absent, claims.iat 1800000030",
                "incoming: [",
                "help: ",
            ],
        );
        assert!(!told.contains("panicked"));
    }

    #[test]
    fn whatever_is_returned_that_is_no_argument_is_refused() {
        for (body, what) in [
            ("", "returned undefined"),
            ("return null;", "returned null"),
            ("return { ...a };", "returned a copy of a token"),
            ("return structure(b);", "returned a copy of a token"),
            ("return b.jwt;", "the jwt inside of the incoming token"),
            ("return Promise.resolve(b);", "returned a promise"),
            ("return true;", "returned a boolean"),
            ("return {};", "returned another object"),
        ] {
            let script = format!(
                "const structure = x => JSON.parse(JSON.stringify(x));\n\
                 export function pickFreshestJwt(a, b) {{ {body} }}"
            );
            let help = match body {
                "return true;" => "returns = \"existing-wins\"",
                _ => "return `existing` or",
            };
            fails(table(&script), &[what, "neither of its arguments", help]);
        }
        let script = "export const pickFreshestJwt = async (a, b) => b;";
        fails(table(script), &["returned a promise"]);
    }

    #[test]
    fn a_call_that_does_not_end_is_ended() {
        let script = "export function pickFreshestJwt(a, b) { for (;;); }";
        fails(
            table(script),
            &["did not end within 1000 ms", "designs/rule.ts"],
        );
        let script = "for (;;);\nexport const pickFreshestJwt = (a, b) => b;";
        fails(
            table(script),
            &["did not end within 1000 ms while it was loaded"],
        );
    }

    #[test]
    fn memory_and_stack_have_an_end() {
        let script = "const kept = [];\nexport function pickFreshestJwt(a, b) {\n  \
                      for (;;) kept.push(new Array(100_000).fill(1));\n}";
        fails(table(script), &["more than 32 MiB of memory"]);
        let script = "const deeper = n => deeper(n + 1) + 1;\n\
                      export const pickFreshestJwt = (a, b) => deeper(0);";
        fails(table(script), &["threw", "256 KiB", "recursion"]);
    }

    #[test]
    fn a_decision_by_clock_by_chance_or_by_memory_is_no_decision() {
        for (script, suspect) in [
            (
                "export const pickFreshestJwt = (a, b) => Math.random() < 0.5 ? a : b;",
                "Math.random()",
            ),
            (
                "export const pickFreshestJwt = (a, b) => a.claims.exp * 1000 < Date.now() ? b : a;",
                "the clock",
            ),
            (
                "export const pickFreshestJwt = (a, b) => new Date().getFullYear() > 2050 ? b : a;",
                "the clock",
            ),
            (
                "let last = false; export const pickFreshestJwt = (a, b) => (last = !last) ? a : b;",
                "keeps something",
            ),
            (
                "let n = 0; export const pickFreshestJwt = (a, b) => n++ < 40 ? a : b;",
                "keeps something",
            ),
        ] {
            let told = [
                "answers the same call in two ways",
                suspect,
                "two tokens alone",
            ];
            fails(table(script), &told);
        }
    }

    #[test]
    fn what_is_read_but_decides_nothing_is_no_failure() {
        let script = "const loaded = Date.now();\nexport const pickFreshestJwt = (a, b) => {\n  \
                      console.debug(loaded, Math.random(), performance.now());\n  return b;\n};";
        assert_eq!(winners(script), "iiiiiiii");
    }

    #[test]
    fn there_is_nothing_outside_of_the_script() {
        for name in [
            "require('fs')",
            "process.env",
            "fetch('/')",
            "document.cookie",
            "std.open",
        ] {
            let script = format!("export const pickFreshestJwt = (a, b) => {name} ? a : b;");
            fails(
                table(&script),
                &["ReferenceError", "only the language itself is there"],
            );
        }
    }

    #[test]
    fn an_export_that_is_not_there_is_told_with_the_nearest_name() {
        let script = "export const pickFreshest = 3; export const { first, last } = {};";
        fails(
            table(script),
            &[
                "exports no `pickFreshestJwt`",
                "did you mean `pickFreshest`?",
            ],
        );
        fails(table("const a = 1;"), &["it exports nothing: add `export`"]);
        fails(
            table("export const pickFreshestJwt = 3;"),
            &["which is no function"],
        );
        fails(
            table("await new Promise(() => {});\nexport const pickFreshestJwt = (a, b) => b;"),
            &["waits at its top level"],
        );
    }

    #[test]
    fn a_script_that_is_not_there_and_one_of_another_kind_are_told_in_the_design() {
        let models = models("rule.ts", STANDARD);
        models.edit("designs/scripted.toml", "rule.ts", "roole.ts");
        fails(
            models.freshest(&["list"]),
            &[
                "designs/scripted.toml:3:",
                "roole.ts cannot be read",
                "relative to the design",
            ],
        );
        models.write("designs/rule.py", "pass");
        models.edit("designs/scripted.toml", "roole.ts", "rule.py");
        fails(
            models.freshest(&["list"]),
            &[
                "rule.py",
                "must end in .ts, .tsx, .mts, .cts, .js, .mjs or .cjs",
            ],
        );
        models.edit("designs/scripted.toml", "script = ", "scrpt = ");
        fails(
            models.freshest(&["list"]),
            &["unknown key `rule.comparator.scrpt`"],
        );
        models.edit(
            "designs/scripted.toml",
            "{ scrpt = \"rule.py\" }",
            "{ script = \"rule.ts\" }\nA5 = \"existing\"",
        );
        fails(
            models.freshest(&["list"]),
            &["row A5 can only be set with comparator = \"table\""],
        );
    }

    #[test]
    fn every_command_that_asks_the_comparator_ends_with_2_and_says_why() {
        let fine = models("rule.ts", STANDARD);
        let saved = fine.path().join("trace.jsonl");
        let saved = saved.to_str().expect("a path in UTF-8");
        let explain = [
            "explain",
            "scripted",
            "s2",
            "cached-oiat-never-decreases",
            "--save",
            saved,
        ];
        fine.freshest(&explain).ends_with(0);
        let receipt = fine.path().join("receipt.json");
        let receipt = receipt.to_str().expect("a path in UTF-8");
        fine.freshest(&["check", "--receipt", receipt]);
        fine.freshest(&["verify", receipt]).ends_with(0);
        fine.write(
            "designs/rule.ts",
            "export const pickFreshestJwt = (a, b) => { throw new Error('not today'); };",
        );
        for args in [
            &["check"][..],
            &["check", "--engine", "stateright"],
            &["check", "--quiet"],
            &["check", "--format", "json"],
            &["report"],
            &["explain"],
            &["explain", "scripted", "s2", "cached-oiat-never-decreases"],
            &["explore", "scripted", "s2", "--port", "0"],
            &["traces", "scripted", "s2"],
            &["replay", saved],
            &["verify", receipt],
            &["table", "--design", "scripted"],
        ] {
            fails(
                fine.freshest(args),
                &["threw when it was called: Error: not today"],
            );
        }
    }

    #[test]
    fn an_endless_run_ends_when_the_comparator_fails() {
        let script = "export const pickFreshestJwt = (a, b) => {\n  \
                      if (b.claims.iat > 1800000060) throw new Error('late');\n  return b;\n};";
        let models = models("rule.ts", script);
        models.write(
            "scenarios/endless.toml",
            "title = \"Too much\"\ntabs = 4\n[budget]\nrefresh = 9\nskip_cache = 9\n",
        );
        for engine in ["fast", "stateright"] {
            let args = ["check", "--scenario", "endless", "--engine", engine];
            fails(models.freshest(&args), &["Error: late"]);
        }
    }
}

#[test]
fn a_copy_of_a_design_with_a_script_finds_it_too() {
    let models = models("rule.ts", STANDARD);
    models
        .freshest(&["new", "mine", "--from", "scripted"])
        .ends_with(0);
    let run = models.freshest(&["table", "--design", "mine"]).ends_with(0);
    run.prints(&[
        "mine: Copy of scripted: Scripted",
        "A1   existing oiat later",
    ]);
}

mod receipts {
    use super::*;

    #[test]
    fn a_receipt_has_the_hash_of_the_script_and_verify_notices_a_change() {
        let models = models("rule.ts", STANDARD);
        let receipt = models.path().join("receipt.json");
        let path = receipt.to_str().expect("a path in UTF-8");
        models.freshest(&["check", "--scenario", "s2", "--receipt", path]);
        let text = std::fs::read_to_string(&receipt).expect("a receipt");
        assert!(text.contains("\"path\": \"designs/rule.ts\""), "{text}");
        models
            .freshest(&["verify", path])
            .ends_with(0)
            .prints(&["SAME"]);
        models.write("designs/rule.ts", format!("{STANDARD}// One more line.\n"));
        let run = models.freshest(&["verify", path]).ends_with(1);
        run.prints(&["models: designs/rule.ts has changed", "DIFFERS"]);
    }
}
