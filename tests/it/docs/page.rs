//! One page: its commands are run, and what it shows is compared with what they print.

use super::block::{Block, Picture, parts};
use super::repository;
use super::sandbox::Sandbox;
use std::env;
use std::fmt::Write;
use std::fs;

pub struct Page {
    /// Below the repository's directory.
    path: String,
    pub text: String,
}

/// A command in a block, and what is shown below it.
struct Shown {
    command: String,
    output: Vec<String>,
}

impl Page {
    pub fn read(path: &str) -> Page {
        let text = fs::read_to_string(repository().join(path));
        Page {
            path: path.to_owned(),
            text: text.unwrap_or_else(|error| panic!("{path}: {error}")),
        }
    }

    /// Fails unless everything ends as it says and prints what is shown; or makes it so.
    pub fn run(&self) {
        let overwrite = env::var_os("DOCS").is_some_and(|value| value == "overwrite");
        let lines: Vec<String> = self.text.lines().map(str::to_owned).collect();
        let parts = parts(&lines);
        let sandbox = Sandbox::new();
        let mut wrong = String::new();
        let mut replaced: Vec<(Block, Vec<String>)> = Vec::new();
        for block in &parts.blocks {
            let place = format!("{}:{}", self.path, block.lines.start);
            let inside = &lines[block.lines.clone()];
            if let Some(file) = &block.file {
                sandbox.write(file, &(inside.join("\n") + "\n"));
            } else if block.not_run {
                continue;
            }
            match block.language.as_str() {
                "console" => {
                    let now = console(&sandbox, block, inside, &place, &mut wrong);
                    if !alike(inside, &now) {
                        replaced.push((block.clone(), now));
                    }
                }
                "sh" if block.file.is_none() => {
                    commands(&sandbox, block, inside, &place, &mut wrong)
                }
                "toml" | "ts" if block.file.is_none() => {
                    writeln!(
                        wrong,
                        "{place}: say which file this is, or why it is not run"
                    )
                    .expect("text");
                }
                _ => {}
            }
        }
        for picture in &parts.pictures {
            self.draw(&sandbox, picture, overwrite, &mut wrong);
        }
        match overwrite {
            true => self.replace(lines, replaced),
            false => replaced.iter().for_each(|(block, now)| {
                let place = format!("{}:{}", self.path, block.lines.start);
                let now = now.join("\n");
                writeln!(wrong, "{place}: this is printed now:\n{now}\n").expect("text");
            }),
        }
        let hint = "DOCS=overwrite cargo test --test it docs:: puts what is printed into the pages";
        assert!(wrong.is_empty(), "{wrong}\n{hint}");
    }

    /// Writes the page with other blocks.
    fn replace(&self, mut lines: Vec<String>, mut replaced: Vec<(Block, Vec<String>)>) {
        if replaced.is_empty() {
            return;
        }
        // From the end, so that the places in front stay where they are.
        while let Some((block, now)) = replaced.pop() {
            lines.splice(block.lines, now);
        }
        fs::write(repository().join(&self.path), lines.join("\n") + "\n").expect("a page");
    }

    fn draw(&self, sandbox: &Sandbox, picture: &Picture, overwrite: bool, wrong: &mut String) {
        let place = format!("{}:{}", self.path, picture.line);
        let Some(command) = &picture.drawn_by else {
            if !picture.measured && picture.path.ends_with(".svg") {
                writeln!(
                    wrong,
                    "{place}: say in front of it what draws {}",
                    picture.path
                )
                .expect("text");
            }
            return;
        };
        let folder = repository().join(&self.path);
        let file = folder.parent().expect("a folder").join(&picture.path);
        let ended = sandbox.run(command);
        if ended.code != Some(0) {
            writeln!(
                wrong,
                "{place}: `{command}` ends with {:?}:\n{}",
                ended.code, ended.printed
            )
            .expect("text");
        } else if overwrite {
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, ended.printed).expect("a picture");
        } else if fs::read_to_string(&file).ok() != Some(ended.printed) {
            writeln!(
                wrong,
                "{place}: {} is not what `{command}` draws",
                picture.path
            )
            .expect("text");
        }
    }
}

/// Runs the commands of a `console` block; what the block would look like with what they print.
fn console(
    sandbox: &Sandbox,
    block: &Block,
    lines: &[String],
    place: &str,
    wrong: &mut String,
) -> Vec<String> {
    let mut shown: Vec<Shown> = Vec::new();
    for line in lines {
        match (line.strip_prefix("$ "), shown.last_mut()) {
            (Some(command), _) => shown.push(Shown {
                command: command.to_owned(),
                output: Vec::new(),
            }),
            (None, Some(last)) => last.output.push(line.clone()),
            (None, None) => panic!("{place}: a block of output begins with a command"),
        }
    }
    let mut now = Vec::new();
    for (index, shown) in shown.iter().enumerate() {
        let is_last = index + 1 == lines.iter().filter(|line| line.starts_with("$ ")).count();
        let ended = sandbox.run(&shown.command);
        let code = if is_last { block.exit } else { 0 };
        if ended.code != Some(code) {
            let (command, printed) = (&shown.command, &ended.printed);
            writeln!(
                wrong,
                "{place}: `{command}` ends with {:?}, not {code}:\n{printed}",
                ended.code
            )
            .expect("text");
        }
        now.push(format!("$ {}", shown.command));
        let printed: Vec<String> = ended
            .printed
            .trim_end()
            .lines()
            .map(str::to_owned)
            .collect();
        let before = trimmed(&shown.output);
        // What only the machine decides stays as it was.
        now.extend(match alike(before, &printed) {
            true => before.to_vec(),
            false => printed,
        });
        if !is_last {
            now.push(String::new());
        }
    }
    now
}

/// Runs the commands of a `sh` block.
fn commands(sandbox: &Sandbox, block: &Block, lines: &[String], place: &str, wrong: &mut String) {
    let lines: Vec<&String> = lines.iter().filter(|line| !line.is_empty()).collect();
    for (index, line) in lines.iter().enumerate() {
        let code = match index + 1 == lines.len() {
            true => block.exit,
            false => 0,
        };
        let ended = sandbox.run(line);
        if ended.code != Some(code) {
            let printed = ended.printed;
            writeln!(
                wrong,
                "{place}: `{line}` ends with {:?}, not {code}:\n{printed}",
                ended.code
            )
            .expect("text");
        }
    }
}

fn trimmed(lines: &[String]) -> &[String] {
    let end = lines.iter().rposition(|line| !line.is_empty());
    &lines[..end.map_or(0, |end| end + 1)]
}

/// Whether a page may show `shown` where `printed` is printed.
fn alike(shown: &[String], printed: &[String]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((first, rest)) if first == "..." => {
            (0..=printed.len()).any(|skipped| alike(rest, &printed[skipped..]))
        }
        Some((first, rest)) => printed.split_first().is_some_and(|(line, others)| {
            without_durations(first) == without_durations(line) && alike(rest, others)
        }),
    }
}

/// The line with every duration in seconds replaced by one and the same.
fn without_durations(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let is_unit = |word: &&str| word.trim_end_matches(|c: char| c.is_ascii_punctuation()) == "s";
    let mut text = String::new();
    for (index, word) in words.iter().enumerate() {
        let number = word.trim_start_matches('(').parse::<f64>().is_ok();
        let replaced = match words.get(index + 1) {
            Some(unit) if number && is_unit(unit) => "some",
            _ => word,
        };
        text.push_str(replaced);
        text.push(' ');
    }
    text
}

#[test]
fn durations_are_alike_and_other_numbers_are_not() {
    let same = |one: &str, other: &str| without_durations(one) == without_durations(other);
    assert!(same("2 runs, 0.1 s of runs", "2 runs, 12.3 s of runs"));
    assert!(same("1673 tabs, 0.4 s", "1673 tabs, 3.0 s"));
    assert!(!same("2 runs, 0.1 s of runs", "3 runs, 0.1 s of runs"));
    assert!(!same("violated in 7 events", "violated in 8 events"));
}

#[test]
fn three_dots_stand_for_any_lines_and_nothing_else_does() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(alike(&lines("a\n...\nd"), &lines("a\nb\nc\nd")));
    assert!(alike(&lines("a\n..."), &lines("a")));
    assert!(!alike(&lines("a\n...\nd"), &lines("a\nb\nc")));
    assert!(!alike(&lines("a"), &lines("a\nb")));
}
