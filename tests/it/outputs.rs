//! Files that the program writes: whole or not at all, never over an input, wherever links lead.

#[cfg(unix)]
mod links;

use crate::support::{Models, Run, command};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const QUICK: [&str; 4] = ["--design", "pr-9030", "--scenario", "s2"];

fn models() -> Models {
    Models::copy()
}

fn directory() -> (TempDir, PathBuf) {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().to_owned();
    (directory, path)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// `freshest check` with these outputs.
fn check(models: &Models, outputs: &[(&str, &Path)]) -> Run {
    let outputs: Vec<_> = outputs
        .iter()
        .map(|(format, path)| format!("--output={format}={}", text(path)))
        .collect();
    let mut args = vec!["check", "--quiet"];
    args.extend(QUICK);
    args.extend(outputs.iter().map(String::as_str));
    models.freshest(&args)
}

/// Nothing but these is in the directory: no partial file is left behind.
#[track_caller]
fn holds(directory: &Path, names: &[&str]) {
    let mut found: Vec<_> = fs::read_dir(directory)
        .expect("a directory")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    found.sort();
    assert_eq!(found, names);
}

#[test]
fn two_names_of_one_file_are_an_error_and_nothing_is_written() {
    let (_keep, out) = directory();
    fs::create_dir(out.join("sub")).expect("a directory");
    let plain = out.join("a.json");
    for other in [
        plain.clone(),
        out.join("sub/../a.json"),
        out.join("./a.json"),
        out.join("sub/./.././a.json"),
    ] {
        let run = check(&models(), &[("json", &plain), ("junit", &other)]).ends_with(2);
        run.tells(&["named for two results", "a file of its own"]);
        holds(&out, &["sub"]);
    }
    let models = models();
    let receipt = [
        "check",
        "--design=pr-9030",
        "--scenario=s2",
        "--receipt",
        text(&plain),
    ];
    let output = format!("--output=json={}", text(&out.join("sub/../a.json")));
    let run = models.freshest(&[&receipt[..], &[&output]].concat());
    run.ends_with(2)
        .tells(&["are one file, named for two results"]);
    let markdown = format!("--output=markdown={}", text(&plain));
    let json = format!("--output=json={}", text(&out.join("sub/../a.json")));
    let run = models.freshest(&["diff", "pr-8097", "pr-9030", &markdown, &json]);
    run.ends_with(2)
        .tells(&["are one file, named for two results"]);
    holds(&out, &["sub"]);
}

#[test]
fn a_model_is_not_written_over_and_nothing_is_put_beside_it() {
    let places = [
        "designs/pr-9030.toml",
        "scenarios/s2.toml",
        "designs/new.json",
        "scenarios/../designs/pr-9030.toml",
    ];
    for place in places {
        let models = models();
        let before = models.catalog().hashes;
        let path = models.path().join(place);
        let page = text(&path);
        let output = format!("--output=markdown={page}");
        for args in [
            &["report", "-o", page][..],
            &["check", "--receipt", page],
            &["check", &output],
            &["diff", "pr-8097", "pr-9030", &output],
            &[
                "explain",
                "pr-9030",
                "own-refresh",
                "tabs-converge",
                "--save",
                page,
            ],
        ] {
            models
                .freshest(args)
                .ends_with(2)
                .tells(&["models are kept there"]);
        }
        assert_eq!(models.catalog().hashes, before);
    }
}

#[test]
fn a_script_that_decides_is_not_written_over() {
    let models = models();
    let (_keep, out) = directory();
    let script = out.join("rule.ts");
    let rule = "export function pickFreshestJwt(a: any, b: any) { return b }\n";
    fs::write(&script, rule).expect("a file");
    let path = text(&script);
    models.write(
        "designs/scripted.toml",
        format!(
            "title = \"x\"\n[rule]\ncomparator = {{ script = \"{path}\" }}\n[guards]\nsites = []\n"
        ),
    );
    check(&models, &[("json", &script)])
        .ends_with(2)
        .tells(&["models are kept there"]);
    assert_eq!(fs::read_to_string(&script).expect("a file"), rule);
}

#[test]
fn results_are_not_replaced_by_the_page_that_is_made_of_them() {
    let models = models();
    let (_keep, out) = directory();
    let results = out.join("gate.json");
    check(&models, &[("json", &results)]).ends_with(0);
    let run = models.freshest(&["report", "--from", text(&results), "-o", text(&results)]);
    run.ends_with(2).tells(&["it is read"]);
    let page = out.join("page.html");
    let run = models.freshest(&["report", "--from", text(&results), "-o", text(&page)]);
    run.ends_with(0);
    holds(&out, &["gate.json", "page.html"]);
}

#[test]
fn a_copy_of_a_design_never_replaces_another_one() {
    let models = models();
    let programs: Vec<_> = ["pr-8097", "pr-9030"]
        .iter()
        .cycle()
        .take(8)
        .map(|from| {
            let models = text(models.path());
            command(&["new", "mine", "--from", from, "--models", models])
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn()
                .expect("the program starts")
        })
        .collect();
    let codes: Vec<_> = programs
        .into_iter()
        .map(|mut program| program.wait().expect("it ends").code())
        .collect();
    assert_eq!(
        codes.iter().filter(|code| **code == Some(0)).count(),
        1,
        "{codes:?}"
    );
    assert_eq!(
        codes.iter().filter(|code| **code == Some(2)).count(),
        7,
        "{codes:?}"
    );
    let copy = models.catalog();
    assert!(copy.design("mine").is_some());
    let designs = fs::read_dir(models.path().join("designs")).expect("a directory");
    assert_eq!(
        designs.count(),
        copy.designs.len(),
        "no partial file is left behind"
    );
    models
        .freshest(&["new", "mine", "--from", "pr-8097"])
        .ends_with(2)
        .tells(&["exists already"]);
}

/// Several programs do the same at once, each from another script.
#[test]
fn of_several_that_make_one_directory_one_makes_all_of_it() {
    let (_keep, out) = directory();
    let rule = |number: usize| {
        format!("export function pickFreshestJwt(a, b) {{ /* {number} */ return b }}\n")
    };
    for number in 0..8 {
        fs::create_dir(out.join(number.to_string())).expect("a directory");
        fs::write(out.join(format!("{number}/rule.ts")), rule(number)).expect("a script");
    }
    let programs = (0..8).map(|number| {
        let script = format!("{number}/rule.ts");
        command(&["init", "deep/down/models", "--script", &script])
            .current_dir(&out)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("the program starts")
    });
    let programs: Vec<_> = programs.collect();
    let codes = programs
        .into_iter()
        .map(|mut program| program.wait().expect("it ends").code());
    let codes: Vec<_> = codes.collect();
    let made: Vec<usize> = (0..8).filter(|number| codes[*number] == Some(0)).collect();
    assert_eq!(made.len(), 1, "{codes:?}");
    assert!(
        codes.iter().all(|code| matches!(code, Some(0 | 2))),
        "{codes:?}"
    );
    let models = out.join("deep/down/models");
    let design = fs::read_to_string(models.join("designs/rule.toml")).expect("a design");
    assert!(design.contains(&format!("{}/rule.ts", made[0])), "{design}");
    let listed = command(&["list", "--models", text(&models)])
        .output()
        .expect("it runs");
    assert!(listed.status.success(), "{listed:?}");
}

#[test]
fn a_place_that_is_named_as_a_directory_is_none() {
    let (_keep, out) = directory();
    for name in ["new/", "new//", "./new/"] {
        let place = format!("{}/{name}", text(&out));
        check(&models(), &[("json", Path::new(&place))])
            .ends_with(2)
            .tells(&["it is a directory", "name a file in it"]);
        holds(&out, &[]);
    }
}
