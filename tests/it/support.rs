//! What several modules need: the models of the repository, models of a test's own, and the program
//! run as its users run it.

use freshest::catalog::Catalog;
use freshest::check::{Check, RunResult};
use freshest::design::Design;
use freshest::scenario::Scenario;
use freshest::source::Document;
use freshest::vocabulary::ModelToken;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;
use tempfile::TempDir;

/// The designs and scenarios of the repository.
pub fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models")
}

/// The same, loaded once for all tests.
pub fn catalog() -> &'static Catalog {
    static CATALOG: LazyLock<Catalog> =
        LazyLock::new(|| Catalog::load(&models()).unwrap_or_else(|faults| panic!("{faults}")));
    &CATALOG
}

/// One design of the repository.
pub fn design(name: &str) -> &'static Design {
    let design = catalog().design(name);
    design.unwrap_or_else(|| panic!("there is no design {name}"))
}

/// One scenario of the repository.
pub fn known_scenario(name: &str) -> &'static Scenario {
    let scenario = catalog().scenario(name);
    scenario.unwrap_or_else(|| panic!("there is no scenario {name}"))
}

/// A scenario from the text of its file.
pub fn scenario(text: &str) -> Scenario {
    let document = Document::new("scenario.toml", text);
    Scenario::load("scenario", &document).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Runs one design in one scenario to its end, and compares with what is expected.
pub fn run(design: &Design, scenario: &Scenario) -> RunResult {
    let result = Check::new(design, scenario).run();
    result.unwrap_or_else(|error| panic!("{error}"))
}

/// A token that tells its `oiat`.
pub const fn token(oiat: u8, iat: u8) -> ModelToken {
    ModelToken::read_at(oiat, iat)
}

/// A token of a server older than `oiat`, fresh from the database.
pub const fn legacy(iat: u8) -> ModelToken {
    ModelToken {
        oiat: None,
        iat,
        fmt: 0,
        claims: iat,
        epoch: 0,
        org: freshest::freshness::Org::PERSONAL,
    }
}

/// A directory of designs and scenarios that a test may change.
pub struct Models(TempDir);

impl Models {
    /// Without any file.
    pub fn empty() -> Models {
        let directory = TempDir::new().expect("a temporary directory");
        for folder in ["designs", "scenarios"] {
            fs::create_dir(directory.path().join(folder)).expect("a folder");
        }
        Models(directory)
    }

    /// Some of the repository's.
    pub fn of(designs: &[&str], scenarios: &[&str]) -> Models {
        let copy = Models::empty();
        let designs = designs.iter().map(|name| format!("designs/{name}.toml"));
        let scenarios = scenarios
            .iter()
            .map(|name| format!("scenarios/{name}.toml"));
        for file in designs.chain(scenarios) {
            let bytes = fs::read(models().join(&file)).expect(&file);
            copy.write(&file, bytes);
        }
        copy
    }

    /// All of the repository's.
    pub fn copy() -> Models {
        let copy = Models::empty();
        for folder in ["designs", "scenarios"] {
            for entry in fs::read_dir(models().join(folder)).expect("models") {
                let path = entry.expect("an entry").path();
                let name = path.file_name().expect("a name").to_string_lossy();
                let bytes = fs::read(&path).expect("a file");
                copy.write(&format!("{folder}/{name}"), bytes);
            }
        }
        copy
    }

    /// Where they are.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The same, as an argument of the program.
    pub fn as_arg(&self) -> &str {
        self.path().to_str().expect("a path in UTF-8")
    }

    /// Writes a file.
    pub fn write(&self, file: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.path().join(file), contents).expect("a writable file");
    }

    /// Replaces a part of a file, which has to be there.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.path().join(file);
        let text = fs::read_to_string(&path).expect("a readable file");
        assert!(text.contains(from), "{file} does not contain {from:?}");
        self.write(file, text.replacen(from, to, 1));
    }

    /// What is in it, loaded.
    pub fn catalog(&self) -> Catalog {
        Catalog::load(self.path()).unwrap_or_else(|faults| panic!("{faults}"))
    }

    /// The program, to be run on these models.
    pub fn freshest(&self, args: &[&str]) -> Run {
        let mut all = args.to_vec();
        all.extend(["--models", self.as_arg()]);
        freshest(&all)
    }
}

/// The program, in the repository, run by a person: what a service for continuous integration or a
/// terminal sets is not set.
pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_freshest"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(args);
    for variable in ["CI", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command
}

/// Runs the program in the repository to its end.
pub fn freshest(args: &[&str]) -> Run {
    Run::from(command(args).output().expect("the program runs"))
}

/// How the program ended.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        let text = |bytes| String::from_utf8(bytes).expect("output in UTF-8");
        Run {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

impl Run {
    /// Fails the test unless the program ended with this code and did not panic.
    #[track_caller]
    pub fn ends_with(self, code: i32) -> Run {
        let Run { stdout, stderr, .. } = &self;
        let told = format!("\nstdout:\n{stdout}\nstderr:\n{stderr}");
        assert!(!stderr.contains("panicked"), "it panicked:{told}");
        assert_eq!(self.code, Some(code), "exit code:{told}");
        self
    }

    /// Fails the test unless standard error has all of these.
    #[track_caller]
    pub fn tells(self, parts: &[&str]) -> Run {
        for part in parts {
            let stderr = &self.stderr;
            assert!(stderr.contains(part), "no {part:?} in:\n{stderr}");
        }
        self
    }

    /// Fails the test unless standard output has all of these.
    #[track_caller]
    pub fn prints(self, parts: &[&str]) -> Run {
        for part in parts {
            let stdout = &self.stdout;
            assert!(stdout.contains(part), "no {part:?} in:\n{stdout}");
        }
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).expect("JSON on standard output")
    }
}
