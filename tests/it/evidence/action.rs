//! The steps of `action.yml`, run by the shell that a runner would use.

use super::wrong_models;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;
use yaml_rust2::{Yaml, YamlLoader};

/// A job under way.
struct Runner {
    action: Yaml,
    directory: TempDir,
    inputs: BTreeMap<String, String>,
    /// `steps.ID.outputs.NAME`
    outputs: BTreeMap<String, String>,
    log: String,
}

impl Runner {
    /// A runner with these inputs, the rest as by default, and a `cargo` that installs the program
    /// under test.
    fn new(given: &[(&str, &str)]) -> Runner {
        let text = fs::read_to_string("action.yml").unwrap();
        let action = YamlLoader::load_from_str(&text).unwrap().remove(0);
        let mut inputs = BTreeMap::new();
        for (name, input) in action["inputs"].as_hash().unwrap() {
            let default = input["default"].as_str().expect("each input has a default");
            inputs.insert(name.as_str().unwrap().to_owned(), default.to_owned());
        }
        for (name, value) in given {
            *inputs.get_mut(*name).expect(name) = (*value).to_owned();
        }
        let directory = TempDir::new().unwrap();
        let runner = Runner {
            action,
            directory,
            inputs,
            outputs: BTreeMap::new(),
            log: String::new(),
        };
        fs::create_dir(runner.path("bin")).unwrap();
        fs::create_dir(runner.path("temp")).unwrap();
        let cargo = format!(
            "#!/bin/sh\necho \"$@\" >> '{}'\n[ \"$1 $2 $3 $4 $5\" = 'install --locked --path . --root' ] || exit 9\n\
             mkdir -p \"$6/bin\" && cp '{}' \"$6/bin/\"\n",
            runner.path("cargo.log").display(),
            env!("CARGO_BIN_EXE_freshest"),
        );
        fs::write(runner.path("bin/cargo"), cargo).unwrap();
        let made = Command::new("chmod")
            .arg("+x")
            .arg(runner.path("bin/cargo"))
            .status()
            .unwrap();
        assert!(made.success());
        runner
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// What a runner puts in place of `${{ ... }}`.
    fn expand(&self, text: &str) -> String {
        let mut expanded = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${{ ") {
            let (expression, after) = after.split_once(" }}").unwrap();
            expanded += before;
            expanded += &match expression.split('.').collect::<Vec<_>>()[..] {
                ["inputs", name] => self.inputs[name].clone(),
                ["github", "action_path"] => env!("CARGO_MANIFEST_DIR").to_owned(),
                _ => self.outputs.get(expression).cloned().unwrap_or_default(),
            };
            rest = after;
        }
        expanded + rest
    }

    /// Runs every step that is a script, until one fails; returns the exit code.
    fn run(&mut self) -> i32 {
        for step in self.action["runs"]["steps"].clone() {
            let Some(script) = step["run"].as_str() else {
                continue;
            };
            assert_eq!(step["shell"].as_str(), Some("bash"));
            assert!(
                !script.contains("${{"),
                "an expression in a script could be code"
            );
            let code = self.step(&step, script);
            if code != 0 {
                return code;
            }
        }
        0
    }

    fn step(&mut self, step: &Yaml, script: &str) -> i32 {
        let file = self.path("script.sh");
        fs::write(&file, script).unwrap();
        let step_outputs = self.path("outputs");
        fs::write(&step_outputs, "").unwrap();
        let directory = match step["working-directory"].as_str() {
            Some(directory) => self.expand(directory),
            None => env!("CARGO_MANIFEST_DIR").to_owned(),
        };
        let path = format!(
            "{}:{}",
            self.path("bin").display(),
            std::env::var("PATH").unwrap()
        );
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-e", "-o", "pipefail"])
            .arg(&file)
            .current_dir(directory)
            .env("PATH", path)
            .env("RUNNER_TEMP", self.path("temp"))
            .env("GITHUB_OUTPUT", &step_outputs)
            .env("GITHUB_STEP_SUMMARY", self.path("summary.md"));
        if let Some(variables) = step["env"].as_hash() {
            for (name, value) in variables {
                bash.env(name.as_str().unwrap(), self.expand(value.as_str().unwrap()));
            }
        }
        let output = bash.output().unwrap();
        self.log += &String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        if let Some(id) = step["id"].as_str() {
            for line in fs::read_to_string(&step_outputs).unwrap().lines() {
                let (name, value) = line.split_once('=').unwrap();
                self.outputs
                    .insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
            }
        }
        output.status.code().unwrap()
    }

    /// An output of the action.
    fn output(&self, name: &str) -> String {
        self.expand(self.action["outputs"][name]["value"].as_str().unwrap())
    }
}

const ONE: (&str, &str) = ("args", "--design pr-9030 --scenario lose");

#[test]
fn a_gate_that_passes_leaves_its_reports_and_a_summary() {
    let mut runner = Runner::new(&[ONE]);
    assert_eq!(runner.run(), 0, "{}", runner.log);
    assert_eq!(runner.output("exit-code"), "0");
    let report = PathBuf::from(runner.output("report"));
    for file in ["verdicts.json", "summary.md", "junit.xml", "freshest.sarif"] {
        assert!(report.join(file).is_file(), "{file}");
    }
    assert_eq!(
        PathBuf::from(runner.output("sarif")),
        report.join("freshest.sarif")
    );
    assert!(runner.read("summary.md").starts_with("## PASS"));
    assert!(!runner.log.contains("::error"), "{}", runner.log);
}

#[test]
fn a_gate_that_fails_annotates_reports_and_then_fails_the_job() {
    let models = wrong_models();
    let mut runner = Runner::new(&[ONE, ("models", models.as_arg())]);
    assert_eq!(runner.run(), 1);
    assert_eq!(runner.output("exit-code"), "1");
    assert!(runner.log.contains("::error file="), "{}", runner.log);
    assert!(runner.read("summary.md").starts_with("## FAIL"));
    assert!(
        PathBuf::from(runner.output("report"))
            .join("verdicts.json")
            .is_file()
    );
}

#[test]
fn a_job_may_go_on_after_a_gate_that_fails() {
    let models = wrong_models();
    let mut runner = Runner::new(&[ONE, ("models", models.as_arg()), ("fail", "false")]);
    assert_eq!(runner.run(), 0);
    assert_eq!(runner.output("exit-code"), "1");
}

#[test]
fn an_input_error_says_so_in_the_summary_and_leaves_no_reports_of_earlier_runs() {
    let mut runner = Runner::new(&[ONE]);
    assert_eq!(runner.run(), 0);
    runner
        .inputs
        .insert("args".into(), "--design nobody".into());
    assert_eq!(runner.run(), 2);
    assert!(
        runner.log.contains("there is no design `nobody`"),
        "{}",
        runner.log
    );
    assert!(
        runner
            .read("summary.md")
            .ends_with("freshest ended with exit code 2; see the log.\n")
    );
    let report = PathBuf::from(runner.output("report"));
    assert!(!report.join("verdicts.json").exists());
}

#[test]
fn nothing_in_an_input_is_run() {
    let mut runner = Runner::new(&[(
        "args",
        "--design $(touch${IFS}pwned) `touch pwned`; touch pwned",
    )]);
    assert_eq!(runner.run(), 2);
    assert!(!PathBuf::from("pwned").exists());
}

#[test]
fn arguments_that_end_well_and_check_nothing_are_refused() {
    for args in [
        "--help",
        "-h",
        "--design pr-9030 -qh",
        "--scenario lose --help",
    ] {
        let mut runner = Runner::new(&[("args", args)]);
        assert_eq!(runner.run(), 2, "{args}: {}", runner.log);
        assert!(runner.log.contains("asks for help"), "{}", runner.log);
    }
}

#[test]
fn a_build_from_the_cache_is_not_built_again() {
    let mut runner = Runner::new(&[ONE]);
    assert_eq!(runner.run(), 0);
    assert_eq!(runner.run(), 0);
    assert_eq!(runner.read("cargo.log").lines().count(), 1);
}

#[test]
fn formats_and_the_place_for_the_reports_may_be_chosen() {
    let mut runner = Runner::new(&[ONE, ("formats", "text")]);
    let report = runner.path("my reports").display().to_string();
    runner.inputs.insert("report".into(), report.clone());
    assert_eq!(runner.run(), 0, "{}", runner.log);
    assert_eq!(runner.output("report"), report);
    assert_eq!(runner.output("sarif"), "");
    assert!(runner.read("my reports/text.txt").contains("pr-9030"));
    assert_eq!(fs::read_dir(report).unwrap().count(), 1);
}

#[test]
fn a_job_fails_where_the_gate_would_not_check_what_is_required() {
    for (input, value, code) in [
        ("require-design", "pr-9030", 0),
        ("require-scenario", "lose", 0),
        ("require-design", "pr-9030,pr-9284", 2),
        ("require-scenario", "s2", 2),
        // They stay one argument.
        ("require-design", "pr-9030 --design=pr-9284", 2),
        ("require-scenario", "lose; true", 2),
        ("require-design", "$(echo pr-9030)", 2),
    ] {
        let mut runner = Runner::new(&[ONE, (input, value)]);
        assert_eq!(runner.run(), code, "{input}: {value}\n{}", runner.log);
        let is_told = runner.log.contains("::error title=freshest::");
        assert_eq!(is_told, code == 2, "{}", runner.log);
    }
}

#[test]
fn every_action_that_is_used_is_pinned_to_a_commit() {
    let workflows = fs::read_dir(".github/workflows").unwrap();
    let workflows = workflows.map(|entry| entry.unwrap().path());
    let files: Vec<_> = workflows.chain(["action.yml".into()]).collect();
    let text: Vec<_> = files
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    let text = text.concat();
    for line in text.lines().filter(|line| line.contains("uses: ")) {
        let version = line.split_once('@').unwrap().1;
        let (commit, comment) = version.split_once(" # v").unwrap();
        assert!(
            commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()),
            "{line}"
        );
        assert!(comment.starts_with(|c: char| c.is_ascii_digit()), "{line}");
    }
}

#[test]
fn a_workflow_of_the_repository_runs_the_gate_once() {
    let text = fs::read_to_string(".github/workflows/gate.yml").unwrap();
    assert_eq!(text.matches("-- check").count(), 1);
    // Nor for two events of one commit, nor among the rest of the checks.
    let workflow = &YamlLoader::load_from_str(&text).unwrap()[0];
    let pushes = &workflow["on"]["push"]["branches"];
    assert_eq!(pushes[0].as_str(), Some("main"), "{pushes:?}");
    let steps = workflow["jobs"]["checks"]["steps"].as_vec().unwrap();
    let run = steps
        .iter()
        .find(|step| step["run"].as_str() == Some(".ci/run"));
    assert_eq!(
        run.unwrap()["env"]["FRESHEST_GATE_BESIDE"].as_str(),
        Some("1")
    );
    let run = fs::read_to_string(".ci/run").unwrap();
    assert!(
        run.contains(
            "if [ -z \"${FRESHEST_GATE_BESIDE:-}\" ]; then\n    step cargo run --release\n"
        )
    );
}

#[test]
fn only_the_word_false_lets_a_job_go_on() {
    let models = wrong_models();
    for fail in [
        "true", "", "False", "FALSE", "no", "0", "off", " false", "false ", "falsey",
    ] {
        let mut runner = Runner::new(&[ONE, ("models", models.as_arg()), ("fail", fail)]);
        assert_eq!(runner.run(), 1, "fail: {fail:?}");
    }
}

#[test]
fn a_line_break_in_any_input_is_refused_before_anything_runs() {
    let inputs = Runner::new(&[]).inputs;
    for name in inputs.keys() {
        for value in [
            "x\nexit-code=0",
            "x\r::add-mask::y",
            "\n",
            "json\n::error::forged",
            "a\tb",
        ] {
            let mut runner = Runner::new(&[ONE]);
            runner.inputs.insert(name.clone(), value.into());
            assert_eq!(runner.run(), 2, "{name}: {value:?}");
            assert!(
                runner.log.contains("::error title=freshest::the input"),
                "{}",
                runner.log
            );
            assert_eq!(runner.log.lines().count(), 1, "{}", runner.log);
            assert_eq!(runner.output("exit-code"), "");
        }
    }
}

#[test]
fn a_format_or_an_artifact_is_a_name_and_no_path() {
    for (name, value) in [
        ("formats", "../../../etc/passwd"),
        ("formats", "json=/tmp/x"),
        ("formats", "json /tmp/x"),
        ("formats", "jsn"),
        ("formats", "text.txt"),
        ("artifact", "../x"),
        ("artifact", "a/b"),
        ("artifact", ".hidden"),
        ("artifact", "$(x)"),
        ("models", ""),
        ("models", "--quiet"),
        ("report", "-rf"),
    ] {
        let mut runner = Runner::new(&[ONE]);
        runner.inputs.insert(name.into(), value.into());
        assert_eq!(runner.run(), 2, "{name}: {value:?}");
        assert!(
            runner.log.contains("::error title=freshest::"),
            "{}",
            runner.log
        );
    }
}

#[test]
fn a_gate_that_does_not_say_how_it_ended_fails_the_job() {
    let mut runner = Runner::new(&[ONE]);
    let steps = runner.action["runs"]["steps"].clone();
    let verdict = steps.into_iter().last().unwrap();
    let script = verdict["run"].as_str().unwrap().to_owned();
    for code in ["", "x", "-1", "1 2"] {
        runner
            .outputs
            .insert("steps.gate.outputs.exit-code".into(), code.into());
        assert_eq!(runner.step(&verdict, &script), 2, "{code:?}");
    }
}

#[test]
fn the_key_of_the_cache_changes_with_everything_that_is_compiled_in() {
    let key = || {
        let output = Command::new(".ci/source-key").output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    // A copy of what the key is made of, so that it can be changed.
    let copy = TempDir::new().unwrap();
    let script = "cp -r .ci Cargo.toml Cargo.lock build.rs models src templates \"$0\" \
                  && mkdir \"$0/docs\" && cp -r docs/schema \"$0/docs\"";
    let copied = Command::new("sh")
        .args(["-c", script])
        .arg(copy.path())
        .status();
    assert!(copied.unwrap().success());
    let of_copy = || {
        let output = Command::new(copy.path().join(".ci/source-key"))
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let mut known = vec![key()];
    assert_eq!(known[0], of_copy());
    for file in [
        "templates/report.js",
        "templates/report.css",
        "templates/report.html",
        "Cargo.lock",
        "build.rs",
        "models/designs/pr-9030.toml",
        "src/script/environment.js",
        "docs/schema/design.schema.json",
    ] {
        let path = copy.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text + "\n").unwrap();
        let changed = of_copy();
        assert!(!known.contains(&changed), "{file}");
        known.push(changed);
    }
    let text = fs::read_to_string("action.yml").unwrap();
    assert!(text.contains("rustc --version"), "and with the toolchain");
}
