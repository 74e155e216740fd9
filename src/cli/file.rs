//! Files that the program writes: whole, or not at all.

use super::failure::Failure;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Whether a file can be written at this place, as far as one can tell without trying.
pub fn check_place(path: &Path) -> Result<(), Failure> {
    let directory = directory(path);
    if path.is_dir() || path.file_name().is_none() {
        let message = format!("{} cannot be written: it is a directory", path.display());
        return Err(Failure::new(message).help("name a file in it"));
    }
    if !directory.is_dir() {
        let (path, directory) = (path.display(), directory.display());
        let message = format!("{path} cannot be written: there is no directory {directory}");
        return Err(Failure::new(message).help(format!("create it first: mkdir -p {directory}")));
    }
    Ok(())
}

/// Writes a file in one step: under another name next to it, which then becomes the file. What is
/// no plain file (a pipe, /dev/stderr) is written to directly: it must not be replaced.
pub fn write(path: &Path, text: &str) -> Result<(), Failure> {
    check_place(path)?;
    let written = match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => fs::write(path, text),
        _ => replace(path, text),
    };
    written.map_err(|error| Failure::of_file(path, "cannot be written", &error))
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    // The process id keeps two runs that write the same file from writing into one another.
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.partial", std::process::id()));
    let partial = directory(path).join(name);
    fs::write(&partial, text)
        .and_then(|()| fs::rename(&partial, path))
        .inspect_err(|_| {
            // Best effort: the failure itself is reported either way.
            let _ = fs::remove_file(&partial);
        })
}

fn directory(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// The largest file that is read as a whole, in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// Reads a text file.
pub fn read(path: &Path) -> Result<String, Failure> {
    let unreadable =
        |error: &dyn std::fmt::Display| Err(Failure::of_file(path, "cannot be read", error));
    let mut text = String::new();
    let read =
        fs::File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_string(&mut text));
    match read {
        Ok(length) if length as u64 > MAX_BYTES => {
            unreadable(&format!("it is larger than {MAX_BYTES} bytes"))
        }
        Ok(_) => Ok(text),
        Err(error) => unreadable(&error),
    }
}
