//! What is written for people is true. The README and the pages under `docs/`: their commands are run, what they show is what the program
//! prints and draws, and their links lead somewhere.
//!
//! A page is run from top to bottom in a directory of its own that has copies of the repository's
//! `models`, `examples` and `benches/models`. Its blocks of code:
//!
//! - `console` has commands behind `$ ` and, below each, what it prints (errors, too);
//! - `sh` has commands, a line each, whose output is not looked at;
//! - `toml` is a file, or a part that is not run.
//!
//! Comments in front of a block say more, and no reader sees them:
//!
//! - `<!-- exit: 1 -->`: how its last command ends; every other one ends with 0;
//! - `<!-- file: models/designs/mine.toml -->`: the block is written there;
//! - `<!-- not run: reason -->`: the block is neither;
//! - `<!-- drawn by: freshest ... -->`, in front of a picture: what draws it;
//! - `<!-- measured by: ... -->`, in front of a picture: nothing can draw it again.
//!
//! Durations (`0.4 s`) depend on the machine, so all are alike. A line `...` stands for any lines.
//! `DOCS=overwrite cargo test --test it docs::` writes what the program prints and draws into the pages.

mod architecture;
mod block;
mod comments;
mod findings;
mod links;
mod own_models;
mod page;
mod release;
mod sandbox;
mod schemas;

use page::Page;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// One test for each page, so that one can be asked for by name.
macro_rules! pages {
    ($($name:ident: $path:literal,)*) => {
        const PAGES: &[&str] = &[$($path),*];
        $(
            #[test]
            fn $name() {
                Page::read($path).run();
            }
        )*
    };
}

pages! {
    readme: "README.md",
    browser: "docs/browser.md",
    change_a_rule: "docs/change-a-rule.md",
    ci: "docs/ci.md",
    cluster: "docs/cluster.md",
    commands: "docs/commands.md",
    comparator: "docs/comparator.md",
    engines: "docs/engines.md",
    families: "docs/families.md",
    faults: "docs/faults.md",
    proof_life: "docs/proof-life.md",
    bundle: "docs/bundle.md",
    findings: "docs/findings.md",
    findings_callers: "docs/findings-callers.md",
    findings_life_cycle: "docs/findings-life-cycle.md",
    life: "docs/life.md",
    liveness: "docs/liveness.md",
    monitor: "docs/monitor.md",
    mutation: "docs/mutation.md",
    native: "docs/native.md",
    proofs: "docs/proofs.md",
    properties: "docs/properties.md",
    proposal: "docs/proposal.md",
    receipts_and_traces: "docs/receipts-and-traces.md",
    trust: "docs/trust.md",
}

/// The longest that a reader is asked to read at once, in lines.
const MAX_LINES: usize = 250;
const MAX_README_LINES: usize = 200;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Markdown files of the repository that are for people, below its directory.
fn markdown() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
    ]
    .iter()
    .map(PathBuf::from)
    .collect();
    for entry in fs::read_dir(repository().join("docs")).expect("docs") {
        let name = entry.expect("an entry").file_name();
        if Path::new(&name)
            .extension()
            .is_some_and(|ending| ending == "md")
        {
            files.push(Path::new("docs").join(name));
        }
    }
    files.retain(|file| repository().join(file).exists());
    files.sort();
    files
}

#[test]
fn every_page_is_run() {
    let run: BTreeSet<PathBuf> = PAGES.iter().map(PathBuf::from).collect();
    let all = markdown().into_iter();
    let there: BTreeSet<PathBuf> = all
        .filter(|file| file.starts_with("docs") || file == Path::new("README.md"))
        .collect();
    assert_eq!(run, there, "name each page in `pages!` above");
}

#[test]
fn no_page_is_too_long_to_be_read() {
    for path in PAGES {
        let lines = Page::read(path).text.lines().count();
        let most = match *path {
            "README.md" => MAX_README_LINES,
            _ => MAX_LINES,
        };
        assert!(
            lines <= most,
            "{path} has {lines} lines, at most {most} are allowed"
        );
    }
}

#[test]
fn no_markup_of_tests_is_visible_to_a_reader() {
    for path in PAGES {
        for line in Page::read(path).text.lines() {
            let marked = line.contains("[..]") || line.starts_with("? ");
            assert!(!marked, "{path}: `{line}` is not what a reader sees");
        }
    }
}

#[test]
fn every_page_can_be_reached_from_the_readme() {
    let mut reached = BTreeSet::from([PathBuf::from("README.md")]);
    let mut open = vec![PathBuf::from("README.md")];
    while let Some(page) = open.pop() {
        for link in links::files(&page) {
            if link.extension().is_some_and(|ending| ending == "md") && reached.insert(link.clone())
            {
                open.push(link);
            }
        }
    }
    for page in markdown() {
        assert!(
            reached.contains(&page),
            "no link leads from README.md to {}",
            page.display()
        );
    }
}

#[test]
fn every_link_leads_somewhere() {
    let dead: Vec<String> = markdown()
        .iter()
        .flat_map(|page| links::dead(page))
        .collect();
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}
