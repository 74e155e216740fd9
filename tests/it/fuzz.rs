//! What the fuzzer checks, checked of every file that it begins with or once stumbled over.

#[path = "../../fuzz/checks.rs"]
mod checks;

use std::path::Path;

fn each_file_of(target: &str, check: fn(&[u8])) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(target);
    let files = std::fs::read_dir(&directory).expect("a corpus");
    let mut count = 0;
    for file in files {
        let path = file.expect("an entry").path();
        // The name of the file is what the panic's output ends with.
        println!("{}", path.display());
        check(&std::fs::read(path).expect("a file"));
        count += 1;
    }
    assert!(count > 0, "nothing in {}", directory.display());
}

#[test]
fn tokens() {
    each_file_of("token", checks::token);
}

#[test]
fn designs() {
    each_file_of("design", checks::design);
}

#[test]
fn scenarios() {
    each_file_of("scenario", checks::scenario);
}

#[test]
fn traces() {
    each_file_of("trace", checks::trace);
}

#[test]
fn traces_in_itf() {
    each_file_of("itf", checks::itf);
}

#[test]
fn receipts() {
    each_file_of("receipt", checks::receipt);
}

#[test]
fn results() {
    each_file_of("results", checks::results);
}

#[test]
fn logs() {
    each_file_of("monitor", checks::monitor);
}

#[test]
fn scripts() {
    each_file_of("strip", checks::strip);
}

/// A list here that the fuzzer's own contradicts would leave a target out.
#[test]
fn every_target_has_a_corpus_and_is_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let names = |directory: &str| -> Vec<String> {
        let entries = std::fs::read_dir(root.join(directory)).expect("a directory");
        let stem = |entry: std::io::Result<std::fs::DirEntry>| {
            let path = entry.expect("an entry").path();
            path.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        };
        let mut names: Vec<String> = entries.map(stem).collect();
        names.sort();
        names
    };
    assert_eq!(names("fuzz_targets"), names("corpus"));
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).expect("a manifest");
    for name in names("fuzz_targets") {
        let path = format!("path = \"fuzz_targets/{name}.rs\"");
        assert!(manifest.contains(&path), "{name} is not built");
    }
}
