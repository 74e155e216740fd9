//! What the fuzzer checks, checked of every file that it begins with or once stumbled over.

#[path = "../../fuzz/checks.rs"]
mod checks;

use std::path::{Path, PathBuf};

/// A name, and what must hold of any bytes.
type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 9] = [
    ("design", checks::design),
    ("itf", checks::itf),
    ("monitor", checks::monitor),
    ("receipt", checks::receipt),
    ("results", checks::results),
    ("scenario", checks::scenario),
    ("strip", checks::strip),
    ("token", checks::token),
    ("trace", checks::trace),
];

/// The entries of a directory below `fuzz`, in order.
fn entries(directory: &str) -> Vec<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz")
        .join(directory);
    let entries = std::fs::read_dir(path).expect("a directory");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}

#[test]
fn what_is_checked_holds_of_every_file_of_the_corpus() {
    for (target, check) in TARGETS {
        let files = entries(&format!("corpus/{target}"));
        assert!(!files.is_empty(), "no corpus for {target}");
        for file in files {
            // A panic's output ends with the file.
            println!("{}", file.display());
            check(&std::fs::read(file).expect("a file"));
        }
    }
}

#[test]
fn every_target_is_built_tested_and_has_a_corpus() {
    let stems = |directory: &str| -> Vec<String> {
        let stem = |path: PathBuf| {
            path.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        };
        entries(directory).into_iter().map(stem).collect()
    };
    let targets = TARGETS.map(|(target, _)| target.to_owned());
    assert_eq!(stems("fuzz_targets"), targets);
    assert_eq!(stems("corpus"), targets);
    let manifest = include_str!("../../fuzz/Cargo.toml");
    for target in targets {
        let path = format!("path = \"fuzz_targets/{target}.rs\"");
        assert!(manifest.contains(&path), "{target} is not built");
    }
}
