//! Files, names and words that somebody chose in order to break something: the program stays
//! short, quick and readable, shows nothing that is not its own to show, and ends with 2.

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
        list(&models).ends_with(2).tells(&["nesting depth"]);
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

#[cfg(unix)]
mod files {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use tempfile::TempDir;

    fn pipe(path: &Path) {
        let made = Command::new("mkfifo").arg(path).status().expect("mkfifo");
        assert!(made.success());
    }

    /// Places in a models directory from which something is read.
    const PLACES: [&str; 3] = [DESIGN, SCENARIO, "designs/rule.ts"];

    fn with_script() -> Models {
        let models = models();
        models.write("designs/scripted.toml", SCRIPTED);
        models
    }

    #[test]
    fn what_is_no_regular_file_is_an_error_at_once() {
        for place in PLACES {
            let models = with_script();
            pipe(&models.path().join(place));
            list(&models).ends_with(2).tells(&[place, "a pipe"]);

            let models = with_script();
            fs::create_dir(models.path().join(place)).expect("a directory");
            list(&models).ends_with(2).tells(&[place, "a directory"]);

            let models = with_script();
            UnixListener::bind(models.path().join(place)).expect("a socket");
            list(&models).ends_with(2).tells(&[place, "a socket"]);
        }
    }

    #[test]
    fn a_link_to_what_is_no_model_is_an_error_at_once() {
        for target in [
            "/dev/zero",
            "/dev/stdin",
            "/dev/tty",
            "/proc/self/environ",
            "/proc/kmsg",
            "/etc/passwd",
            "/nowhere",
        ] {
            for place in PLACES {
                let models = with_script();
                symlink(target, models.path().join(place)).expect("a link");
                let run = list(&models).ends_with(2).tells(&[place]);
                assert!(run.stderr.len() < 1_000, "{}", run.stderr);
                assert!(!run.stderr.contains("root:"), "{}", run.stderr);
            }
        }
    }

    #[test]
    fn a_link_to_a_pipe_with_a_fitting_name_is_an_error_at_once() {
        let outside = TempDir::new().expect("a directory");
        for (place, name) in PLACES.into_iter().zip(["p.toml", "q.toml", "p.ts"]) {
            let models = with_script();
            pipe(&outside.path().join(name));
            symlink(outside.path().join(name), models.path().join(place)).expect("a link");
            list(&models).ends_with(2).tells(&[place, "a pipe"]);
        }
    }

    #[test]
    fn an_error_shows_nothing_of_a_file_outside_the_models_directory() {
        let secret = "s3cr3t";
        let outside = TempDir::new().expect("a directory");
        for (text, name) in [
            ("s3cr3t\n", "syntax.toml"),
            ("[registry]\ntoken = \"s3cr3t\"\n", "credentials.toml"),
            ("s3cr3t = 1\n", "key.toml"),
            ("title = \"\\u001bs3cr3t\"\n", "escape.toml"),
            (&design("title = \"x\"\n\"s3cr3t\" = 2"), "design.toml"),
            (
                &scenario("title = \"x\"\nstart = \"s3cr3t\""),
                "scenario.toml",
            ),
            (
                &design("title = \"x\"").replace("table", "s3cr3t"),
                "rule.toml",
            ),
            (
                &(design("title = \"x\"") + "[expect.s3cr3t]\ntabs-converge = 1\n"),
                "expect.toml",
            ),
        ] {
            let target = outside.path().join(name);
            fs::write(&target, text).expect("a file");
            for place in [DESIGN, SCENARIO] {
                let models = models();
                symlink(&target, models.path().join(place)).expect("a link");
                let run = list(&models)
                    .ends_with(2)
                    .tells(&[place, "outside the models"]);
                assert!(!run.stderr.contains(secret), "{name}: {}", run.stderr);
            }
        }
    }

    #[test]
    fn an_error_shows_nothing_of_a_script_outside_the_models_directory() {
        let outside = TempDir::new().expect("a directory");
        for (name, text) in [
            ("syntax.ts", "s3cr3t s3cr3t s3cr3t\n"),
            ("password.js", "{ \"password\": \"s3cr3t\" }\n"),
            (
                "import.ts",
                "import { x } from 's3cr3t';\nexport const y = x;\n",
            ),
            ("twice.mjs", "let s3cr3t = 1;\nlet s3cr3t = 2;\n"),
            ("word.js", "s3cr3t\n"),
            ("environment.js", "token=s3cr3t\n"),
            ("member.js", "const x = {};\nx.s3cr3t.y;\n"),
        ] {
            let target = outside.path().join(name);
            fs::write(&target, text).expect("a file");
            let target = target.to_str().expect("a path in UTF-8");
            let linked = models();
            let link = format!("designs/{name}");
            symlink(target, linked.path().join(&link)).expect("a link");
            linked.write(DESIGN, SCRIPTED.replace("rule.ts", name));
            let named = models();
            named.write(DESIGN, SCRIPTED.replace("rule.ts", target));
            for models in [linked, named] {
                let run = list(&models)
                    .ends_with(2)
                    .tells(&[name, "outside the models"]);
                assert!(!run.stderr.contains("s3cr3t"), "{name}: {}", run.stderr);
            }
        }
    }

    #[test]
    fn a_script_outside_the_models_directory_may_be_used_and_its_place_is_told() {
        let outside = TempDir::new().expect("a directory");
        let script = outside.path().join("rule.ts");
        let models = models();
        let path = script.to_str().expect("a path in UTF-8");
        models.write(DESIGN, SCRIPTED.replace("rule.ts", path));
        let rule = "export function pickFreshestJwt(a: any, b: any) { return b }\n";
        fs::write(&script, rule).expect("a file");
        list(&models).ends_with(0);
        let rule = "\nexport function pickFreshestJwt(a: any, b: any) { s3cr3t;; return ) }\n";
        fs::write(&script, rule).expect("a file");
        let run = list(&models).ends_with(2).tells(&["rule.ts:2:"]);
        assert!(!run.stderr.contains("s3cr3t"), "{}", run.stderr);
    }

    #[test]
    fn a_link_within_the_models_directory_is_read_and_its_faults_are_shown() {
        let models = models();
        models.write("shared.toml", design("title = \"x\"\nunknown = 1"));
        symlink("../shared.toml", models.path().join(DESIGN)).expect("a link");
        list(&models)
            .ends_with(2)
            .tells(&[DESIGN, "unknown key `unknown`", "unknown = 1"]);
    }

    #[test]
    fn the_ending_of_a_script_is_looked_at_before_it_is_read() {
        for name in [
            "/etc/passwd",
            "../../../../../../etc/passwd",
            "/dev/zero",
            "rule.json",
            "x",
        ] {
            let models = models();
            pipe(&models.path().join("designs/rule.json"));
            pipe(&models.path().join("designs/x"));
            models.write(DESIGN, SCRIPTED.replace("rule.ts", name));
            let run = list(&models).ends_with(2);
            assert!(
                run.stderr
                    .contains("end in .ts, .tsx, .mts, .cts, .js, .mjs or .cjs"),
                "{}",
                run.stderr
            );
        }
    }

    #[test]
    fn an_input_of_a_command_is_a_regular_file_too() {
        let models = models();
        let fifo = models.path().join("fifo");
        pipe(&fifo);
        let fifo = fifo.to_str().expect("a path in UTF-8").to_owned();
        for (path, what) in [
            (fifo.as_str(), "a pipe"),
            ("/dev/zero", "a device"),
            ("/tmp", "a directory"),
            ("/nowhere", "No such file"),
        ] {
            for args in [
                &["replay", path][..],
                &["verify", path][..],
                &["report", "--from", path][..],
            ] {
                models.freshest(args).ends_with(2).tells(&[path, what]);
            }
        }
    }

    /// Regular by its name, and who may read it waits for what the system says next.
    #[cfg(target_os = "linux")]
    #[test]
    fn an_input_that_never_comes_is_an_error_at_once() {
        let models = models();
        for path in ["/proc/kmsg", "/proc/self/mem"] {
            for args in [
                &["replay", path][..],
                &["verify", path],
                &["report", "--from", path],
                &["check", "-q", "--require-design", path],
            ] {
                models.freshest(args).ends_with(2).tells(&[path]);
            }
        }
    }

    #[test]
    fn no_value_of_an_input_of_a_command_is_shown() {
        let models = models();
        let file = models.path().join("input.json");
        let path = file.to_str().expect("a path in UTF-8");
        for text in [
            "{\"receipt\": \"s3cr3t\"}",
            "[\"s3cr3t\"]",
            "\"s3cr3t, expected s3cr3t\"",
            "s3cr3t!",
            "password=s3cr3t",
            "{\"receipt\": 3, \"digest\": [\"s3cr3t\"]}",
            "{\"freshest\": 1, \"results\": \"s3cr3t\"}",
            "{\"#meta\": {\"freshest-trace\": \"1\", \"claim\": \"s3cr3t\"}, \"states\": [{}]}",
        ] {
            models.write("input.json", text);
            fs::copy(&file, models.path().join("input.itf.json")).expect("a copy");
            let itf = models.path().join("input.itf.json");
            for args in [
                &["replay", path][..],
                &["replay", itf.to_str().expect("a path in UTF-8")],
                &["verify", path],
                &["report", "--from", path],
                &["check", "-q", "--require-design", path],
            ] {
                let run = models.freshest(args).ends_with(2).tells(&["input."]);
                assert!(!run.stderr.contains("s3cr3t"), "{text}: {}", run.stderr);
            }
        }
    }
}
