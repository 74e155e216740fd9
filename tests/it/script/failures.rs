//! What a script can do wrong, and how it is told.

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
