//! A script and the files that it needs: who reads them, and from where.

use super::comparator::{exchange, no_answer};
use super::failure::unreadable;
use super::host::Runner;
use super::protocol::{Failure, Import, Reply, Request, When};
use super::{ENDINGS, READ_TIME};
use crate::source::{Document, Fault, Faults, canonical};
use std::path::{Path, PathBuf};

/// The most files that a comparator may consist of.
const MOST_FILES: usize = 64;

/// The most that all of them may hold together, in bytes.
const MOST_BYTES: usize = 4 << 20;

/// What a script consists of.
pub(super) struct Files {
    /// The script, and then what is needed in the order in which it is met.
    pub(super) documents: Vec<Document>,
    /// For each, the numbers of those that it needs.
    pub(super) links: Vec<Vec<usize>>,
}

/// Why they cannot be read.
pub(super) enum Unread {
    /// Something went wrong where scripts run.
    Failed(Box<Failure>),
    /// Something is wrong with the files.
    Faulty(Faults),
}

impl From<Faults> for Unread {
    fn from(faults: Faults) -> Unread {
        Unread::Faulty(faults)
    }
}

impl From<Failure> for Unread {
    fn from(failure: Failure) -> Unread {
        Unread::Failed(Box::new(failure))
    }
}

/// Has a script read, and all that it needs.
pub(super) fn read(runner: &mut dyn Runner, script: Document) -> Result<Files, Unread> {
    let mut known = vec![canonical(&script.path)];
    let mut bytes = script.text.len();
    let mut files = Files {
        documents: vec![script],
        links: Vec::new(),
    };
    while let Some(document) = files.documents.get(files.links.len()).cloned() {
        let needs = read_one(runner, &document)?;
        let mut links = Vec::new();
        for import in needs {
            let path = find(&document, &import)?;
            let found = canonical(&path);
            if let Some(at) = known.iter().position(|other| *other == found) {
                links.push(at);
                continue;
            }
            let next = document.read_at(&path, &ENDINGS)?;
            bytes += next.text.len();
            if known.len() == MOST_FILES || bytes > MOST_BYTES {
                let message = format!(
                    "a comparator may consist of {MOST_FILES} files with {} MiB, and this is more",
                    MOST_BYTES >> 20
                );
                return Err(Faults::from(Fault::at(&document, import.place, message)).into());
            }
            links.push(known.len());
            known.push(found);
            files.documents.push(next);
        }
        files.links.push(links);
    }
    Ok(files)
}

fn read_one(runner: &mut dyn Runner, document: &Document) -> Result<Vec<Import>, Unread> {
    let name = document.path.file_name().unwrap_or_default();
    let request = Request::Read {
        name: name.to_string_lossy().into_owned(),
        text: document.text.to_string(),
    };
    match exchange(runner, request, READ_TIME, When::Reading, String::new) {
        Ok(Reply::Needs(needs)) => Ok(needs),
        Ok(_) => Err(no_answer().into()),
        Err(Failure::Unreadable(problems)) => {
            let faults = problems.into_iter().map(|one| unreadable(document, one));
            Err(Faults::new(faults.collect()).into())
        }
        Err(failure) => Err(failure.into()),
    }
}

/// The file that is meant, as TypeScript and bundlers look for it.
fn find(importer: &Document, import: &Import) -> Result<PathBuf, Faults> {
    let from = &import.from;
    let fault = |message: String, help: &str| {
        Faults::from(Fault::at(importer, import.place.clone(), message).help(help))
    };
    let is_local = ["./", "../"].iter().any(|start| from.starts_with(start));
    if !is_local || from.contains(['\\', '\0', '?', '#']) {
        return Err(fault(
            format!("a comparator cannot load `{}`", super::plain::plain(from)),
            "it may load files of its own, by names that begin with ./ or ../; put what it needs \
             from elsewhere into a file; imports of types are fine",
        ));
    }
    let path = importer.path.with_file_name(from);
    let found = candidates(&path).into_iter().find(|path| path.is_file());
    let ending = found.as_deref().and_then(Path::extension);
    if found.is_some() && !ENDINGS.iter().any(|known| ending == Some(known.as_ref())) {
        return Err(fault(
            format!(
                "a comparator cannot load `{}`, which is no script",
                super::plain::plain(from)
            ),
            "write what it holds into a script: `export default { ... };` in a file that ends in .ts or .js",
        ));
    }
    found.ok_or_else(|| {
        fault(
            format!("there is no file `{}` beside it", super::plain::plain(from)),
            "files are looked for by their names, with the endings of TypeScript and JavaScript, \
             and as index files of folders",
        )
    })
}

fn candidates(path: &Path) -> Vec<PathBuf> {
    let mut paths = vec![path.to_owned()];
    let ending = path.extension().and_then(|ending| ending.to_str());
    // TypeScript names what it will write.
    let sources: &[&str] = match ending {
        Some("js") => &["ts", "tsx"],
        Some("mjs") => &["mts"],
        Some("cjs") => &["cts"],
        _ => &[],
    };
    paths.extend(sources.iter().map(|source| path.with_extension(source)));
    let with = |ending: &&str| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{ending}"));
        PathBuf::from(name)
    };
    paths.extend(ENDINGS.iter().map(with));
    paths.extend(
        ENDINGS
            .iter()
            .map(|ending| path.join(format!("index.{ending}"))),
    );
    paths
}
