//! `ARCHITECTURE.md` is true: its map says which room may use which, and what none of a room's files
//! may name. The table there is the only place where that is said; it is read here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A row of the map.
struct Room {
    name: String,
    uses: BTreeSet<String>,
    never_names: Vec<String>,
}

/// A file of a room, without its comments and without what is compiled for tests only.
struct Source {
    room: String,
    path: PathBuf,
    code: String,
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The words in backticks of a cell.
fn quoted(cell: &str) -> Vec<String> {
    let words = cell.split('`').skip(1).step_by(2);
    words.map(str::to_owned).collect()
}

/// The map, in its order: from what everybody uses to what nobody does.
fn map() -> Vec<Room> {
    let page = fs::read_to_string(repository().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let (_, map) = page.split_once("\n## Map\n").expect("a heading `Map`");
    let rows = map.lines().skip_while(|line| !line.starts_with("|---"));
    let rows = rows.skip(1).take_while(|line| line.starts_with('|'));
    let rooms = rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        let [name, _, uses, never] = cells[..] else {
            panic!("a row of the map has four cells: {row}");
        };
        Room {
            name: quoted(name).pop().expect("the room's name"),
            uses: quoted(uses).into_iter().collect(),
            never_names: quoted(never),
        }
    });
    rooms.collect()
}

/// Every source file of the library.
fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![repository().join("src")];
    while let Some(folder) = folders.pop() {
        let mut for_tests = BTreeSet::new();
        let mut files = Vec::new();
        for entry in fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            match path.extension().and_then(|ending| ending.to_str()) {
                Some("rs") => {
                    let text = fs::read_to_string(&path).expect("a source file");
                    for_tests.extend(modules_for_tests(&text));
                    files.push((path, text));
                }
                _ if path.is_dir() => folders.push(path),
                _ => {}
            }
        }
        let is_for_tests = |path: &Path| {
            let module = path.file_stem().expect("a name").to_string_lossy();
            for_tests.contains(&*module)
        };
        folders.retain(|path| !is_for_tests(path) || path.parent() != Some(&folder));
        files.retain(|(path, _)| !is_for_tests(path));
        sources.extend(files.into_iter().map(|(path, text)| Source {
            room: room_of(&path),
            code: code(&text),
            path,
        }));
    }
    sources
}

/// The first step from `src` to the file.
fn room_of(path: &Path) -> String {
    let below = path
        .strip_prefix(repository().join("src"))
        .expect("below src");
    let first = below.components().next().expect("a room");
    let first = Path::new(first.as_os_str());
    first
        .file_stem()
        .expect("a name")
        .to_string_lossy()
        .into_owned()
}

/// The modules behind `#[cfg(test)]` that are files of their own.
fn modules_for_tests(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let pairs = lines
        .windows(2)
        .filter(|pair| pair[0].trim() == "#[cfg(test)]");
    pairs
        .filter_map(|pair| pair[1].trim().strip_prefix("mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect()
}

/// Without comments, and without a test module at the end.
fn code(text: &str) -> String {
    let text = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or(text);
    let lines = text
        .lines()
        .map(|line| match line.trim_start().starts_with("//") {
            true => "",
            false => line,
        });
    lines.collect::<Vec<_>>().join("\n")
}

/// The rooms that a file names behind `crate::`.
fn used(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        let names: Vec<&str> = match after.strip_prefix('{') {
            Some(list) => list
                .split('}')
                .next()
                .unwrap_or_default()
                .split(',')
                .collect(),
            None => vec![after],
        };
        for name in names {
            let name = name.trim_start();
            let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let (name, rest) = name.split_at(end.unwrap_or(name.len()));
            let is_module = name.starts_with(|c: char| c.is_ascii_lowercase());
            if is_module && !rest.starts_with('!') {
                used.insert(name.to_owned());
            }
        }
    }
    used
}

/// Whether the code names a path: not as a part of a longer word.
fn names(code: &str, path: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    code.match_indices(path).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + path.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

fn shown(path: &Path) -> String {
    let below = path.strip_prefix(repository()).unwrap_or(path);
    below.display().to_string()
}

#[test]
fn the_map_has_a_row_for_each_room_and_no_other() {
    let mapped: Vec<String> = map().into_iter().map(|room| room.name).collect();
    let once: BTreeSet<String> = mapped.iter().cloned().collect();
    assert_eq!(once.len(), mapped.len(), "a room stands in the map twice");
    let mut there: BTreeSet<String> = sources().into_iter().map(|file| file.room).collect();
    for dispatch in ["lib", "main"] {
        there.remove(dispatch);
    }
    assert_eq!(once, there, "the map, and the rooms under src/");
}

#[test]
fn a_room_uses_only_what_the_map_allows() {
    let map: BTreeMap<String, Room> = map()
        .into_iter()
        .map(|room| (room.name.clone(), room))
        .collect();
    let mut forbidden = Vec::new();
    for file in sources() {
        let Some(room) = map.get(&file.room) else {
            continue;
        };
        for used in used(&file.code) {
            if used != file.room && !room.uses.contains(&used) {
                forbidden.push(format!(
                    "{}: `{}` must not use `{used}`",
                    shown(&file.path),
                    file.room
                ));
            }
        }
    }
    assert!(forbidden.is_empty(), "{}", forbidden.join("\n"));
}

#[test]
fn the_map_allows_nothing_that_no_room_needs() {
    let mut needed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in sources() {
        let used = used(&file.code)
            .into_iter()
            .filter(|used| *used != file.room);
        needed.entry(file.room.clone()).or_default().extend(used);
    }
    for room in map() {
        let needed = needed.remove(&room.name).unwrap_or_default();
        let idle: Vec<_> = room.uses.difference(&needed).collect();
        assert!(
            idle.is_empty(),
            "`{}` does not use {idle:?}: take it out of the map",
            room.name
        );
    }
}

#[test]
fn every_arrow_of_the_map_leads_up_to_an_earlier_row() {
    let mut earlier = BTreeSet::new();
    for room in map() {
        let later: Vec<_> = room.uses.difference(&earlier).collect();
        assert!(
            later.is_empty(),
            "`{}` uses {later:?}, which the map has further down",
            room.name
        );
        earlier.insert(room.name);
    }
}

#[test]
fn no_file_names_what_its_room_never_names() {
    let map: BTreeMap<String, Room> = map()
        .into_iter()
        .map(|room| (room.name.clone(), room))
        .collect();
    let mut named = Vec::new();
    for file in sources() {
        let Some(room) = map.get(&file.room) else {
            continue;
        };
        for path in &room.never_names {
            if names(&file.code, path) {
                named.push(format!(
                    "{}: `{}` never names `{path}`",
                    shown(&file.path),
                    file.room
                ));
            }
        }
    }
    assert!(named.is_empty(), "{}", named.join("\n"));
}

#[test]
fn every_file_that_the_architecture_page_names_exists() {
    let page = fs::read_to_string(repository().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    for name in quoted(&page.replace("```", "")) {
        let is_path = name.contains('/') && !name.contains([' ', '*', '<']);
        let folders = ["", "src", "tests"].map(|folder| repository().join(folder).join(&name));
        assert!(
            !is_path || folders.iter().any(|path| path.exists()),
            "there is no {name}"
        );
    }
}

#[test]
fn imports_are_read_in_every_form() {
    let rooms = |code: &str| used(code).into_iter().collect::<Vec<_>>();
    assert_eq!(rooms("use crate::cache::Policy;"), ["cache"]);
    assert_eq!(
        rooms("use crate::{cache::Policy, model::{Tab, Event}};"),
        ["cache", "model"]
    );
    assert_eq!(
        rooms("let hash = crate::receipt::sha256(bytes);"),
        ["receipt"]
    );
    assert_eq!(rooms("use crate::script;"), ["script"]);
    assert_eq!(rooms("use super::Tab;"), Vec::<String>::new());
    assert!(names("use std::fs;", "std::fs"));
    assert!(!names("use toml_editor::X;", "toml_edit"));
}
