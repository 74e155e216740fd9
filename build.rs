//! Lists the designs and scenarios under `models/`: the program carries them with it, so that it can
//! be used, and compared with, in any directory.

#![allow(clippy::disallowed_methods, reason = "it reads and writes files")]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, error, fs};

fn main() -> Result<(), Box<dyn error::Error>> {
    println!("cargo::rerun-if-changed=models");
    let models = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("models");
    let mut list = String::from("[\n");
    for kind in ["designs", "scenarios"] {
        for path in toml_files(&models.join(kind))? {
            let name = path.file_stem().and_then(|name| name.to_str());
            let name = name.ok_or("a name in UTF-8")?;
            // Where this package is, is asked when the list is compiled: a `target/` that was built
            // elsewhere, and moved or restored by a cache, would carry the models of there.
            let file = format!("/models/{kind}/{name}.toml");
            let place = format!("concat!(env!(\"CARGO_MANIFEST_DIR\"), {file:?})");
            writeln!(list, "    ({kind:?}, {name:?}, include_str!({place})),")?;
        }
    }
    list.push(']');
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("models.rs"), list)?;
    Ok(())
}

fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn error::Error>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            paths.push(path);
        }
    }
    // By name, as the files of a directory are read.
    paths.sort_by(|a, b| a.file_stem().cmp(&b.file_stem()));
    Ok(paths)
}
