//! Files, names and words that somebody chose in order to break something: the program stays
//! short, quick and readable, shows nothing that is not its own to show, and ends with 2.

#[cfg(unix)]
mod files;

use crate::support::{Models, Run, command};
use std::path::Path;
use std::process::{Command, Stdio};

const DESIGN: &str = "designs/hostile.toml";
const SCENARIO: &str = "scenarios/hostile.toml";

/// A whole design, whose comparator is in a script beside it.
const SCRIPTED: &str = "title = \"Scripted\"\n[rule]\ncomparator = { script = \"rule.ts\" }\n\
                        [guards]\nsites = [\"broadcast\"]\n";

fn models() -> Models {
    let models = Models::of(&[], &["s2"]);
    models.write("designs/fine.toml", design("title = \"Fine\""));
    models
}

/// A whole design with something put in front of it.
fn design(head: &str) -> String {
    format!("{head}\n[rule]\ncomparator = \"table\"\n[guards]\nsites = [\"broadcast\"]\n")
}

/// A whole scenario with something put in front of it.
fn scenario(head: &str) -> String {
    format!("{head}\ntabs = 2\n[budget]\nrefresh = 1\n")
}

/// `freshest list` on these models, with little memory.
fn list(models: &Models) -> Run {
    let list = "ulimit -v 1500000; exec \"$0\" list --models \"$1\"";
    let output = Command::new("sh")
        .args(["-c", list, env!("CARGO_BIN_EXE_freshest")])
        .arg(models.path())
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    Run::from(output)
}

/// What is shown is fit for a terminal, and no line of it is a command of a CI.
#[track_caller]
fn is_fit(text: &str) {
    for line in text.lines() {
        let hostile = |c: &char| {
            c.is_control() || "\u{202e}\u{2066}\u{200f}\u{feff}\u{fdd0}\u{2028}".contains(*c)
        };
        assert_eq!(line.chars().find(hostile), None, "in {line:?}");
        assert!(!line.trim_start().starts_with("::"), "{line}");
        assert!(!line.contains("##["), "{line}");
    }
}

#[test]
fn many_faults_share_one_text_and_twenty_of_them_are_told() {
    let many = |count: usize, item: fn(usize) -> String| (0..count).map(item).collect::<String>();
    let whole = design("title = \"x\"");
    let cases = [
        (
            "guard sites",
            DESIGN,
            whole.replace("\"broadcast\"", &many(100_000, |_| "\"a\",".to_owned())),
            "and 99,980 more",
        ),
        (
            "unknown keys",
            DESIGN,
            many(60_000, |n| format!("k{n} = 1\n")) + &whole,
            "and 59,980 more",
        ),
        (
            "expectations of unknown properties for reasons that are not there",
            DESIGN,
            format!(
                "{whole}[because]\n{}[expect.s2]\n{}",
                many(10_000, |n| format!("r{n} = \"x\"\n")),
                many(10_000, |n| format!("p{n} = {{ because = \"q{n}\" }}\n"))
            ),
            // Each is about a property, and about a reason; no reason is used.
            "and 29,980 more",
        ),
        (
            "properties that do not exist",
            SCENARIO,
            scenario("title = \"x\"")
                + "[vacuous]\n"
                + &many(50_000, |n| format!("p{n} = \"x\"\n")),
            "and 49,980 more",
        ),
        (
            "keys that cannot be shown",
            SCENARIO,
            scenario("title = \"x\"") + &many(30_000, |n| format!("\"\\u202e{n}\" = 1\n")),
            "and 29,980 more",
        ),
    ];
    for (what, file, text, more) in cases {
        assert!(text.len() < 1 << 20, "{what}: a file that is read");
        let models = models();
        models.write(file, text);
        let run = list(&models).ends_with(2);
        assert!(
            run.stderr.trim_end().ends_with(more),
            "{what}: {}",
            run.stderr
        );
        assert_eq!(run.stderr.matches("error: ").count(), 20, "{what}");
        assert!(run.stderr.len() < 20_000, "{what}: {}", run.stderr.len());
    }
}

#[test]
fn twenty_faults_are_told_of_all_files_together() {
    let models = models();
    for file in 0..15 {
        let text = design("title = \"\"\nfirst = 1\nsecond = 2");
        models.write(&format!("designs/d{file}.toml"), text);
    }
    let run = list(&models).ends_with(2).tells(&["and 25 more"]);
    assert_eq!(run.stderr.matches("error: ").count(), 20);
}

#[test]
fn a_name_as_long_as_a_file_is_not_compared_and_not_repeated() {
    let long = "k".repeat(900_000);
    let cases = [
        design(&format!("title = \"x\"\n{long} = 1")),
        design(&format!("title = \"{long}\"")),
        design("title = \"x\"").replace("\"table\"", &format!("\"{long}\"")),
        design("title = \"x\"") + &format!("[expect.{long}]\ntabs-converge = 1\n"),
        design("title = \"x\"") + &format!("[because]\n{long} = \"x\"\n"),
    ];
    for text in cases {
        let models = models();
        models.write(DESIGN, text);
        let run = list(&models).ends_with(2).tells(&["bytes, more than"]);
        assert!(run.stderr.len() < 2_000, "{}", run.stderr.len());
    }
}

#[test]
fn nesting_without_end_is_an_error() {
    let deep = 200_000;
    for text in [
        format!("a = {}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("a = {}1{}", "{a=".repeat(deep), "}".repeat(deep)),
        format!("{}a = 1", "a.".repeat(deep)),
        format!("[{}a]", "a.".repeat(deep)),
    ] {
        let models = models();
        models.write(DESIGN, text);
        list(&models).ends_with(2).tells(&["recur"]);
    }
}

/// What has no control characters in it when TOML is done with it is no attack.
const UNFIT: [(&str, &str); 12] = [
    (r"a\u001b[2Jb", "U+001B"),
    (r"\u009b2J", "U+009B"),
    (r"a\u0000b", "U+0000"),
    (r"a\nb", "U+000A"),
    (r"a\tb", "U+0009"),
    (r"a\u202eb", "U+202E"),
    (r"a\u2066b", "U+2066"),
    (r"a\u200fb", "U+200F"),
    (r"a\uFDD0b", "U+FDD0"),
    (r"a\U0010FFFFb", "U+10FFFF"),
    (r"::error file=a::b", "two colons"),
    (r"a ##[error]b", "`##` and a bracket"),
];

#[test]
fn what_cannot_be_shown_is_refused_wherever_a_design_says_it() {
    for (text, told) in UNFIT {
        let cases = [
            ("a title", design(&format!("title = \"{text}\""))),
            (
                "a release",
                design(&format!(
                    "title = \"x\"\nreleases = [\"6.1.0\", \"{text}\"]"
                )),
            ),
            (
                "a source",
                design(&format!("title = \"x\"\nsources = [\"https://a/{text}\"]")),
            ),
            (
                "a reason",
                design("title = \"x\"") + &format!("[because]\nwhy = \"{text}\"\n"),
            ),
            (
                "the name of a reason",
                design("title = \"x\"") + &format!("[because]\n\"{text}\" = \"x\"\n"),
            ),
            (
                "the name of a scenario",
                design("title = \"x\"") + &format!("[expect.\"{text}\"]\n"),
            ),
            ("a key", design(&format!("title = \"x\"\n\"{text}\" = 1"))),
            (
                "a comparator",
                design("title = \"x\"").replace("\"table\"", &format!("\"{text}\"")),
            ),
            ("a script", SCRIPTED.replace("rule.ts", text)),
        ];
        for (what, contents) in cases {
            let models = models();
            models.write(DESIGN, contents);
            let run = list(&models).ends_with(2).tells(&[DESIGN, told]);
            is_fit(&run.stderr);
            assert_eq!(run.stderr.matches("error: ").count(), 1, "{what}");
        }
    }
}

#[test]
fn what_cannot_be_shown_is_refused_wherever_a_scenario_says_it() {
    for (text, told) in UNFIT {
        for contents in [
            scenario(&format!("title = \"{text}\"")),
            scenario("title = \"x\"") + &format!("[vacuous]\ntie-is-adopted = \"{text}\"\n"),
            scenario(&format!("title = \"x\"\nstart = \"{text}\"")),
            scenario(&format!("title = \"x\"\n\"{text}\" = 1")),
        ] {
            let models = models();
            models.write(SCENARIO, contents);
            let run = list(&models).ends_with(2).tells(&[SCENARIO, told]);
            is_fit(&run.stderr);
        }
    }
}

#[test]
fn what_is_shown_of_a_broken_file_is_escaped() {
    for text in [
        "title = \u{1b}[2J\n",
        "title = \u{9b}2J\n",
        "# \u{202e}\ntitle = x\u{202e}\n",
        "title = ##[error]x\n",
        "title =\n::error file=a::b\n",
        "\u{feff}\u{fdd0} = 1 = 2\u{2028}\n",
        "title = \"x\"\r= 2\n",
    ] {
        let models = models();
        models.write(DESIGN, text);
        let run = list(&models).ends_with(2).tells(&[DESIGN]);
        is_fit(&run.stderr);
    }
}

#[test]
fn ordinary_text_of_any_language_is_read() {
    let models = models();
    models.write(
        DESIGN,
        design("title = \"Ärger, 漢字, نص, 👩‍👩‍👧, a:b #8097 $(x) <b>&amp;</b>\""),
    );
    list(&models).ends_with(0).prints(&["Ärger, 漢字, نص, 👩‍👩‍👧"]);
}

#[test]
fn a_source_that_is_no_link_into_the_web_is_refused() {
    for source in [
        "javascript:alert(document.domain)",
        " javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.com",
        "github.com/clerk",
        "https://user:password@example.com",
        "https://example.com/ x",
        "https://",
        "see pull request 8097",
    ] {
        let models = models();
        models.write(
            DESIGN,
            design(&format!(
                "title = \"x\"\nsources = [\"https://a.example/\", \"{source}\"]"
            )),
        );
        let told = ["`sources[1]` is no http(s) link", "hostile.toml:2:"];
        list(&models).ends_with(2).tells(&told);
    }
}

#[test]
fn a_file_whose_name_no_command_could_take_is_refused() {
    for kind in ["designs", "scenarios"] {
        for name in [
            "a b",
            "-rf",
            ".hidden",
            "$(touch pwned)",
            "a;b",
            "ä",
            "a\u{1b}[2J",
            "a\nb",
            "\u{202e}x",
            "<img src=x onerror=alert(1)>",
            &"n".repeat(101),
        ] {
            let models = models();
            let text = match kind {
                "designs" => design("title = \"x\""),
                _ => scenario("title = \"x\""),
            };
            models.write(&format!("{kind}/{name}.toml"), text);
            let run = list(&models)
                .ends_with(2)
                .tells(&["cannot be the name of", kind]);
            is_fit(&run.stderr);
        }
    }
}

#[test]
fn what_a_script_throws_stays_on_its_line() {
    for thrown in [
        r#""x\n::stop-commands::abc\n::error file=a,line=1::forged\n::add-mask::PASS""#,
        r#""\u001b[2J\u001b]0;pwned\u0007""#,
        r#""\u202Egnp.exe""#,
        r#""\r##[error]forged""#,
        r#""\u2028\uFDD0\uFEFF""#,
    ] {
        for script in [
            format!("export function pickFreshestJwt(a, b) {{ throw new Error({thrown}) }}"),
            format!("export function pickFreshestJwt(a, b) {{ throw {thrown} }}"),
            format!("throw new Error({thrown}); export function pickFreshestJwt(a) {{ return a }}"),
            format!(
                "export function pickFreshestJwt(a, b) {{ const e = new Error('x'); e.name = {thrown}; throw e }}"
            ),
        ] {
            let models = models();
            models.write(DESIGN, SCRIPTED);
            models.write("designs/rule.ts", &script);
            let run = models
                .freshest(&["check", "--design", "hostile"])
                .ends_with(2);
            is_fit(&run.stderr);
            is_fit(&run.stdout);
            assert!(run.stderr.contains("threw"), "{}", run.stderr);
        }
    }
}

#[test]
fn an_argument_that_cannot_be_shown_is_refused() {
    for word in [
        "a\u{1b}[2J",
        "a\n::error::b",
        "\u{202e}",
        "##[group]x",
        "a\tb",
    ] {
        for args in [
            vec!["check", "--design", word],
            vec!["explain", word],
            vec![word],
            vec!["--models", word, "list"],
            vec!["replay", word],
        ] {
            let run = Run::from(command(&args).output().expect("it runs")).ends_with(2);
            is_fit(&run.stderr);
        }
    }
}
