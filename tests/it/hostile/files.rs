//! What is no regular file, or is outside of the models directory.

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
