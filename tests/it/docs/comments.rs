//! A doc comment says more than the name of what it stands above, or it is not there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Words that say nothing by themselves.
const FILLERS: &str = "a all an and any are as at be been by did do each for from has have here how if in is it its \
    no not of on one only or out same so than that the their them there they this to under up was were what when \
    where whether which who whose with";

/// Begins of a line below which, further in, there are an item's own.
const OWNERS: [&str; 4] = ["struct ", "enum ", "trait ", "impl"];

/// The words of a text, without the endings that a verb or a plural has.
fn stems(text: &str) -> BTreeSet<String> {
    let mut spaced = String::new();
    for letter in text.chars() {
        if letter.is_uppercase() {
            spaced.push(' ');
        }
        spaced.push(letter.to_ascii_lowercase());
    }
    let words = spaced.split(|letter: char| !letter.is_alphabetic());
    let stem = |word: &str| {
        let endings = ["ies", "es", "s", "ed", "ing", "e", "y"].into_iter();
        let mut shorter = endings.filter_map(|ending| word.strip_suffix(ending));
        let stem = shorter.find(|shorter| shorter.len() >= 3).unwrap_or(word);
        stem.to_owned()
    };
    words.filter(|word| !word.is_empty()).map(stem).collect()
}

/// Whether a line of documentation has only words of the item below it, and of what that is in. Numbers and code say
/// something.
fn is_hollow(comment: &str, item: &str, around: &str) -> bool {
    let mut words = &stems(comment) - &stems(FILLERS);
    words = &words - &stems(item);
    words = &words - &stems(around);
    words.is_empty() && !comment.contains(|letter: char| letter == '`' || letter.is_ascii_digit())
}

/// Every source, but for those whose doc comments are what `--help` prints.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("cli/args") {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn a_doc_comment_says_more_than_the_name_below_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut hollow = String::new();
    for file in files {
        let source = fs::read_to_string(&file).expect("a source file");
        let lines: Vec<&str> = source.lines().map(str::trim_start).collect();
        let place = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy();
        let mut owner = "";
        let is_doc = |at: usize| lines.get(at).is_some_and(|line| line.starts_with("///"));
        for (at, (line, whole)) in lines.iter().zip(source.lines()).enumerate() {
            let is_outermost = whole.len() == line.len() && !line.starts_with('/');
            if is_outermost && OWNERS.iter().any(|owner| line.contains(owner)) {
                owner = line;
            }
            let is_alone = is_doc(at) && !is_doc(at + 1) && (at == 0 || !is_doc(at - 1));
            let mut below = lines[at + 1..]
                .iter()
                .skip_while(|line| line.starts_with("#["));
            if let (true, Some(item)) = (is_alone, below.next())
                && is_hollow(&line[3..], item, &format!("{owner} {place}"))
            {
                hollow += &format!("{place}:{}: {line} | {item}\n", at + 1);
            }
        }
    }
    assert!(
        hollow.is_empty(),
        "say a unit, a reason or a source, or nothing:\n{hollow}"
    );
}

#[test]
fn what_is_hollow_is_told_from_what_is_not() {
    let around = "pub struct Design { design/file.rs";
    assert!(is_hollow(
        "The name of the design.",
        "pub name: String,",
        around
    ));
    assert!(!is_hollow(
        "The name of the design.",
        "pub name: String,",
        ""
    ));
    assert!(is_hollow("Which sites.", "pub sites: Set<Site>,", ""));
    assert!(!is_hollow(
        "The name in a folder.",
        "pub name: String,",
        around
    ));
    assert!(!is_hollow("The line, from 1.", "pub line: usize,", around));
    assert!(!is_hollow("Of its `oiat`.", "Oiat,", around));
}
