//! A design that is named, is in a file, or is in a revision of a git repository.

use super::failure::Failure;
use super::select;
use crate::catalog::Catalog;
use crate::design::Design;
use crate::source::{Document, Fault, Faults, MAX_FILE_BYTES};
use std::borrow::Cow;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

/// The design that an operand means: by name; as a file, if there is one of that name with a folder
/// or an ending; as `REVISION:FILE` in git.
pub(crate) fn design<'a>(catalog: &'a Catalog, operand: &str) -> Result<Cow<'a, Design>, Failure> {
    if let Some(design) = catalog.design_anywhere(operand) {
        return Ok(Cow::Borrowed(design));
    }
    let path = Path::new(operand);
    let is_path = operand.contains(['/', '\\']) || operand.ends_with(".toml");
    let document = match operand.split_once(':') {
        _ if is_path && path.exists() => Document::read_named(path, &["toml"])?,
        Some((revision, file)) if revision != "builtin" => of_revision(operand, revision, file)?,
        None if is_path => Document::read_named(path, &["toml"])?,
        Some(_) | None => return select::design(catalog, operand).map(Cow::Borrowed),
    };
    check_shown(operand)?;
    let design = Design::load(operand, &document)?;
    // Its script would be that of today.
    if !design.scripts.is_empty() && !path.exists() {
        let message = format!("{operand}: its comparator is a script, and only the design is read");
        let help = "check the revision out beside this one (git worktree add DIR REVISION), and \
                    name the file in it";
        return Err(Failure::new(message).help(help));
    }
    match <[Design; 1]>::try_from(design.by_distance()) {
        Ok([design]) => Ok(Cow::Owned(design)),
        Err(several) => {
            let names: Vec<_> = several.iter().map(|design| design.name.as_str()).collect();
            let message = format!("{operand} stands for several designs: {}", names.join(", "));
            Err(Failure::new(message).help("put it into designs/, and name one of them"))
        }
    }
}

/// The operand is what the design is called in tables, Markdown and commands.
fn check_shown(operand: &str) -> Result<(), Failure> {
    let unfit = |c: char| c.is_control() || matches!(c, '`' | '|' | '<' | '>' | '"' | '\'');
    match operand.contains(unfit) {
        true => {
            let message = format!("`{operand}` cannot be what a design is called in a comparison");
            Err(Failure::new(message)
                .help("name a file without quotes, `|`, `<`, `>` and the like"))
        }
        false => Ok(()),
    }
}

/// A file as it was in a revision. `git cat-file` runs no filter of anybody's, unlike `git show`.
fn of_revision(operand: &str, revision: &str, file: &str) -> Result<Document, Failure> {
    let refuse = |message: &str, help: &str| {
        let failure = Failure::new(format!("{operand}: {message}"));
        Failure::help(failure, help)
    };
    if cfg!(target_family = "wasm") {
        return Err(refuse(
            "WebAssembly cannot run git",
            "name a file, for example one of a work tree (git worktree add DIR REVISION), or take \
             the program for your platform",
        ));
    }
    let form = "write REVISION:FILE, for example main:models/designs/mine.toml";
    // Git would take it for an option.
    if revision.starts_with('-') || revision.is_empty() || file.is_empty() {
        return Err(refuse(
            "is neither a design, nor a file, nor one in git",
            form,
        ));
    }
    if !file.ends_with(".toml") {
        return Err(refuse("the name of a design's file ends in .toml", form));
    }
    let mut git = Command::new("git");
    git.args(["cat-file", "blob", operand])
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let unrun = |error: std::io::Error| {
        refuse(
            &format!("git cannot be run: {error}"),
            "install git, or name files",
        )
    };
    let mut child = git.spawn().map_err(unrun)?;
    let mut bytes = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        let limited = &mut stdout.take(MAX_FILE_BYTES + 1);
        limited.read_to_end(&mut bytes).map_err(unrun)?;
    }
    if bytes.len() as u64 > MAX_FILE_BYTES {
        // It has ended, or is ended here; neither is of interest any more.
        let _ = child.kill();
        let _ = child.wait();
        return Err(refuse("is larger than a design may be, 1 MiB", form));
    }
    let ended = child.wait_with_output().map_err(unrun)?;
    if !ended.status.success() {
        let told = String::from_utf8_lossy(&ended.stderr);
        let told = told.lines().next().unwrap_or("git says nothing");
        let told = told.trim_start_matches("fatal: ");
        let help = "files in git are named from the top of the repository; REVISION:./FILE is \
                    from here";
        return Err(refuse(&format!("git cannot read it: {told}"), help));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Document::new(operand, text)),
        Err(_) => {
            let fault = Fault::of_file(Path::new(operand), "is not text in UTF-8".to_owned());
            Err(Faults::from(fault).into())
        }
    }
}
