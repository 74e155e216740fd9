//! All mutants in one program: `freshest-mutants LIST ROOT SKIPPED CONST`.
//!
//! LIST is what `cargo mutants --list --json` prints. In the sources below ROOT every mutant of it stands beside the
//! code that it replaces, and `woven::on(N)` chooses. N is its place in the list; those that the JSON list SKIPPED
//! names are left out. Functions are no longer constant, but for those that the JSON list CONST names, as `Type::name`
//! or `name`: what they hold stays as it is. Prints as JSON where each came to stand in the new file, `[N, file, first
//! byte, byte after the last]`; what is not told has no form that a running program can choose.
//! As in Untch, Offutt and Harrold, "Mutation analysis using mutant schemata", 1993.

#![expect(
    clippy::disallowed_methods,
    reason = "it reads and writes a tree of its own"
)]

mod weave;

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use serde_json::{Value, json};

use weave::{Mutant, weave};

/// The byte that a line and a column of the list, both from 1, are.
fn byte(source: &str, at: &Value) -> usize {
    let number = |key: &str| at[key].as_u64().expect("a place of the list") as usize;
    let line: usize = source
        .split_inclusive('\n')
        .take(number("line") - 1)
        .map(str::len)
        .sum();
    let column = source[line..].char_indices().nth(number("column") - 1);
    line + column.map_or(0, |(byte, _)| byte)
}

/// All sources below a directory but tests, which have no mutants, by their names from `root`.
fn sources(root: &Path, below: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(below).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.to_string_lossy().ends_with("tests.rs")
        {
            let name = path
                .strip_prefix(root)
                .expect("it is below")
                .to_str()
                .expect("a name in UTF-8");
            found.push(name.to_owned());
        }
    }
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [list, root, skipped, constant] = &arguments[..] else {
        panic!("freshest-mutants LIST ROOT SKIPPED CONST");
    };
    let list: Vec<Value> =
        serde_json::from_str(&fs::read_to_string(list).expect("the list")).expect("a list");
    let skipped: BTreeSet<usize> = serde_json::from_str(skipped).expect("a list of numbers");
    let constant: BTreeSet<String> = serde_json::from_str(constant).expect("a list of names");
    let root = Path::new(root);
    let mut files = Vec::new();
    sources(root, &root.join("src"), &mut files);

    let mut told = Vec::new();
    for file in files {
        let path = root.join(&file);
        let source = fs::read_to_string(&path).expect("a source file");
        let of_file = list.iter().enumerate().filter(|(number, mutant)| {
            mutant["file"] == file.as_str() && !skipped.contains(number)
        });
        let mutants: Vec<Mutant> = of_file
            .map(|(number, mutant)| Mutant {
                number,
                genre: mutant["genre"].as_str().expect("a genre").into(),
                replacement: mutant["replacement"]
                    .as_str()
                    .expect("a replacement")
                    .into(),
                start: byte(&source, &mutant["span"]["start"]),
            })
            .collect();
        let woven = weave(&source, &mutants, &constant);
        for (number, places) in woven.places {
            told.extend(
                places
                    .into_iter()
                    .map(|place| json!([number, file, place.start, place.end])),
            );
        }
        if woven.source != source {
            fs::write(&path, woven.source).expect("the woven file is written");
        }
    }
    println!("{}", Value::from(told));
}
