//! A directory in which a page's commands are run as a reader would run them.

use super::repository;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io};
use tempfile::TempDir;

/// What a page finds in its directory.
const COPIED: [&str; 3] = ["models", "examples", "benches/models"];

pub struct Sandbox {
    directory: TempDir,
}

/// How a command ended.
pub struct Ended {
    pub code: Option<i32>,
    /// Standard output and error, as a terminal mixes them.
    pub printed: String,
}

impl Sandbox {
    pub fn new() -> Sandbox {
        let directory = TempDir::new().expect("a temporary directory");
        for folder in COPIED {
            copy(&repository().join(folder), &directory.path().join(folder)).expect(folder);
        }
        Sandbox { directory }
    }

    /// Writes a file of the page.
    pub fn write(&self, file: &str, text: &str) {
        let path = self.directory.path().join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Runs a command line. What a reader who has not installed anything types is the same program.
    pub fn run(&self, line: &str) -> Ended {
        let line = match line.strip_prefix("cargo run --release") {
            Some(arguments) => format!("freshest{}", arguments.replacen(" -- ", " ", 1)),
            None => line.to_owned(),
        };
        let program = Path::new(env!("CARGO_BIN_EXE_freshest"));
        let mut path = vec![program.parent().expect("a folder").to_owned()];
        path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        let output = Command::new("bash")
            .args(["-c", &format!("exec 2>&1; {line}")])
            .current_dir(self.directory.path())
            .env("PATH", env::join_paths(path).expect("paths"))
            .env("EDITOR", "true")
            .env("COLUMNS", "80")
            .env_remove("CI")
            .stdin(Stdio::null())
            .output()
            .expect("bash");
        Ended {
            code: output.status.code(),
            printed: String::from_utf8(output.stdout).expect("output in UTF-8"),
        }
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target: PathBuf = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
