//! Whatever a script does, the program goes on, and says what it was.

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
