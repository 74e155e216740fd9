//! Models of one's own, from nothing: what is in the program, `init`, `--comparator`, `--trial`,
//! `--accept`, `--watch`.

mod accept;
mod builtin;
mod comparator;
mod init;
mod watch;

use crate::support::Run;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Somebody else's directory.
pub struct Elsewhere(TempDir);

impl Elsewhere {
    pub fn new() -> Elsewhere {
        Elsewhere(TempDir::new().expect("a temporary directory"))
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    pub fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    pub fn has(&self, file: &str) -> bool {
        self.path(file).exists()
    }

    /// Everything in it, by its path.
    pub fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        let mut folders = vec![self.0.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                let below = path.strip_prefix(self.0.path()).expect("below");
                files.push(below.to_string_lossy().into_owned());
                if path.is_dir() {
                    folders.push(path);
                }
            }
        }
        files.sort();
        files
    }

    /// The program, to be run here by a person.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_freshest"));
        command
            .current_dir(self.0.path())
            .env_remove("CI")
            .args(args);
        command
    }

    pub fn freshest(&self, args: &[&str]) -> Run {
        Run::from(self.command(args).output().expect("the program runs"))
    }

    /// The same where `CI` is set.
    pub fn in_ci(&self, args: &[&str]) -> Run {
        let output = self.command(args).env("CI", "true").output();
        Run::from(output.expect("the program runs"))
    }

    /// Puts some of the repository's models here, under `models/`.
    pub fn copy_models(&self, files: &[&str]) {
        for file in files {
            let text = fs::read_to_string(
                Path::new(env!("CARGO_MANIFEST_DIR"))
                    .join("models")
                    .join(file),
            );
            self.write(&format!("models/{file}"), &text.expect(file));
        }
    }
}

/// The comparator of #8097 as a team might write it.
pub const AS_8097: &str = "\
export function pickFreshestJwt(existing: any, incoming: any) {
  const [was, is] = [existing.header.oiat, incoming.header.oiat];
  if (was === undefined) return incoming;
  if (is === undefined) return existing;
  if (was !== is) return was > is ? existing : incoming;
  return existing.claims.iat > incoming.claims.iat ? existing : incoming;
}
";
