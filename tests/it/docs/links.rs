//! Links between pages and to other files of the repository.

use super::repository;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// A link of a page that does not lead out of the repository.
struct Link {
    file: PathBuf,
    heading: Option<String>,
}

/// The files that a page links to, below the repository's directory.
pub fn files(page: &Path) -> Vec<PathBuf> {
    links(page).into_iter().map(|link| link.file).collect()
}

/// The links that lead nowhere, each with what is missing.
pub fn dead(page: &Path) -> Vec<String> {
    let missing = |link: Link| {
        let (page, file) = (page.display(), link.file.display());
        let path = repository().join(&link.file);
        if !path.exists() {
            return Some(format!("{page}: there is no {file}"));
        }
        let heading = link.heading?;
        let text = fs::read_to_string(path).expect("a page");
        match anchors(&text).contains(&heading) {
            true => None,
            false => Some(format!("{page}: {file} has no heading #{heading}")),
        }
    };
    links(page).into_iter().filter_map(missing).collect()
}

fn links(page: &Path) -> Vec<Link> {
    let text = fs::read_to_string(repository().join(page)).expect("a page");
    let folder = page.parent().expect("a folder");
    let targets = text.split("](").skip(1);
    let targets = targets.filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
    targets
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        .filter(|target| !target.contains(char::is_whitespace))
        .map(|target| {
            let (file, heading) = match target.split_once('#') {
                Some((file, heading)) => (file, Some(heading.to_owned())),
                None => (target, None),
            };
            let file = match file {
                "" => page.to_owned(),
                file => plain(&folder.join(file)),
            };
            Link { file, heading }
        })
        .collect()
}

/// Without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

/// What GitHub makes of the headings of a page.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut inside = false;
    let mut anchors = BTreeSet::new();
    for line in text.lines() {
        inside ^= line.starts_with("```");
        if inside || !line.starts_with('#') {
            continue;
        }
        let heading = line.trim_start_matches('#').trim().to_lowercase();
        let kept = heading
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        anchors.insert(kept.collect::<String>().replace(' ', "-"));
    }
    anchors
}
