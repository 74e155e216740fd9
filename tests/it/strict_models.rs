//! A gate that cannot shrink in silence: what is in a models directory is checked, or is an error.

use crate::support::{Models, Run};
use freshest::property::Property;
use std::fs;
use std::path::Path;

/// Says of one more thing in the directory that it would not be checked.
fn told(make: impl Fn(&Path), name: &str) -> Run {
    let models = Models::of(&["pr-9030"], &["s2"]);
    make(models.path());
    let run = models.freshest(&["check"]).ends_with(2);
    run.tells(&[name, "would not be checked"])
}

#[test]
fn another_ending_is_told() {
    for name in [
        "designs/pr-9030.toml.bak",
        "designs/mine",
        "designs/mine.tom",
        "scenarios/mine.yaml",
        "scenarios/s2.toml~",
        "scenarios/.toml",
        "designs/.DS_Store",
    ] {
        told(
            |models| fs::write(models.join(name), "x").expect("a file"),
            name,
        );
    }
}

#[test]
fn an_ending_in_capital_letters_is_told_with_the_remedy() {
    for name in ["designs/X.TOML", "scenarios/y.Toml", "scenarios/z.tOML"] {
        let copied = |models: &Path| {
            let (kind, _) = name.split_once('/').expect("a folder");
            let from = match kind {
                "designs" => "designs/pr-9030.toml",
                _ => "scenarios/s2.toml",
            };
            fs::copy(models.join(from), models.join(name)).expect("a copy");
        };
        told(copied, name).tells(&["write the ending in small letters"]);
    }
}

#[test]
fn a_folder_is_told_whatever_is_in_it() {
    for (folder, file) in [
        ("designs/sub", Some("x.toml")),
        ("scenarios/old", Some("deep/er.toml")),
        ("scenarios/empty", None),
    ] {
        let made = |models: &Path| {
            let folder = models.join(folder);
            fs::create_dir(&folder).expect("a folder");
            if let Some(file) = file {
                let path = folder.join(file);
                fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
                fs::write(path, "title = \"x\"\n").expect("a file");
            }
        };
        told(made, folder).tells(&["is a folder"]);
    }
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_to_folders_or_in_circles_are_told() {
    use std::os::unix::fs::symlink;
    for (name, to) in [
        ("designs/gone", "nowhere"),
        ("scenarios/all", "../designs"),
        ("scenarios/me", "me"),
    ] {
        told(
            |models| symlink(to, models.join(name)).expect("a link"),
            name,
        );
    }
    // As a design or scenario it is read, and that fails.
    let models = Models::of(&["pr-9030"], &["s2"]);
    symlink("round.toml", models.path().join("designs/round.toml")).expect("a link");
    let run = models.freshest(&["check"]).ends_with(2);
    run.tells(&["designs/round.toml", "cannot be read"]);
}

#[test]
fn a_script_is_no_stranger_where_a_design_names_it() {
    let models = Models::of(&["pr-9030"], &["s2"]);
    let script = include_str!("../../examples/typescript/designs/tokenFreshness.ts");
    fs::create_dir(models.path().join("designs/lib")).expect("a folder");
    models.write("designs/lib/rule.ts", script);
    let design = |file: &str| {
        format!(
            "title = \"Scripted\"\n[rule]\ncomparator = {{ script = \"{file}\" }}\n[guards]\n\
             sites = [\"broadcast\"]\n"
        )
    };
    models.write("designs/scripted.toml", design("lib/rule.ts"));
    models.freshest(&["list"]).ends_with(0);
    // What lies beside it is.
    models.write("designs/lib/other.ts", script);
    let run = models.freshest(&["list"]).ends_with(2);
    run.tells(&[
        "designs/lib/other.ts",
        "nor a script that a design names, or needs",
    ]);
    fs::remove_file(models.path().join("designs/lib/other.ts")).expect("a file");
    models.write("designs/lib/hidden.toml", design("rule.ts"));
    let run = models.freshest(&["list"]).ends_with(2);
    run.tells(&["designs/lib/hidden.toml", "would not be checked"]);
    fs::remove_file(models.path().join("designs/lib/hidden.toml")).expect("a file");
    // Nobody names it any more.
    models.write("designs/rule.ts", script);
    models.write("designs/scripted.toml", design("rule.ts"));
    let run = models.freshest(&["list"]).ends_with(2);
    run.tells(&["designs/lib", "is a folder"]);
}

#[test]
fn every_stranger_is_told_at_once() {
    let models = Models::of(&["pr-9030"], &["s2"]);
    models.write("designs/a.txt", "");
    models.write("designs/b.TOML", "");
    models.write("scenarios/c", "");
    let run = models.freshest(&["check"]).ends_with(2);
    let run = run.tells(&["designs/a.txt", "designs/b.TOML", "scenarios/c"]);
    assert_eq!(run.stderr.matches("error: ").count(), 3, "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_utf8_or_that_no_design_may_have_is_told() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    for name in [
        &b"designs/\xff.toml"[..],
        b"designs/a b.toml",
        b"scenarios/-x.toml",
        b"scenarios/..toml",
        "designs/caf\u{e9}.toml".as_bytes(),
    ] {
        let models = Models::of(&["pr-9030"], &["s2"]);
        let from = models.path().join("designs/pr-9030.toml");
        fs::copy(from, models.path().join(OsStr::from_bytes(name))).expect("a copy");
        let run = models.freshest(&["check"]).ends_with(2);
        run.tells(&["cannot be the name of one of"]);
    }
    // Nor may anything else have such a name: it would not be read at all.
    let models = Models::of(&["pr-9030"], &["s2"]);
    fs::write(models.path().join(OsStr::from_bytes(b"designs/\xff")), "x").expect("a file");
    let run = models.freshest(&["check"]).ends_with(2);
    run.tells(&["would not be checked"]);
}

#[test]
fn a_folder_that_is_called_like_a_file_is_told() {
    let models = Models::of(&["pr-9030"], &["s2"]);
    fs::create_dir(models.path().join("designs/x.toml")).expect("a folder");
    let run = models.freshest(&["check"]).ends_with(2);
    run.tells(&["designs/x.toml", "cannot be read"]);
}

#[test]
fn every_format_says_how_much_of_what_there_is_was_checked() {
    let models = Models::of(&["pr-9030", "pr-8097"], &["s2", "lose", "bystander"]);
    let few = ["--design", "pr-9030", "--scenario", "s2,lose"];
    let with = |format: &str| {
        let more = ["check", "--full", "--format", format];
        let args: Vec<&str> = more.iter().chain(&few).copied().collect();
        models.freshest(&args).ends_with(0)
    };
    let said = "1 of 2 designs, 2 of 3 scenarios of";
    for format in ["text", "markdown", "github"] {
        with(format).prints(&[said]);
    }
    with("junit").prints(&[
        "<property name=\"designs\" value=\"1 of 2 designs\"/>",
        "<property name=\"scenarios\" value=\"2 of 3 scenarios\"/>",
    ]);
    let share = serde_json::json!({"checked": 2, "of": 3});
    assert_eq!(with("json").json()["extent"]["scenarios"], share);
    let sarif = with("sarif").json();
    assert_eq!(sarif["runs"][0]["properties"]["scenarios"], share);
    let page = models.freshest(&["report", "--design", "pr-9030", "--scenario", "s2,lose"]);
    page.ends_with(0).prints(&[said]);
    // The digest, which there is of more designs.
    let models = Models::of(
        &["pr-9030", "pr-8097", "pr-9284", "lock"],
        &["s2", "lose", "bystander"],
    );
    let run = models.freshest(&["--scenario", "*"]).ends_with(0);
    let all = Property::ALL.len();
    let properties = format!("{all} of {all} properties");
    run.prints(&["4 of 4 designs, 3 of 3 scenarios of", &properties]);
}

/// A gate of two of three designs and one of two scenarios, with more arguments.
fn requiring(models: &Models, args: &[&str]) -> Run {
    let few = [
        "check",
        "-q",
        "--design",
        "pr-9030,pr-8097",
        "--scenario",
        "s2",
    ];
    let all: Vec<&str> = few.iter().chain(args).copied().collect();
    models.freshest(&all)
}

#[test]
fn a_gate_that_lacks_what_is_required_does_not_pass() {
    let models = Models::of(&["pr-9030", "pr-8097", "lock"], &["s2", "lose"]);
    for required in [
        &["--require-design", "pr-9030"][..],
        &[
            "--require-design",
            "pr-9030,pr-8097",
            "--require-scenario",
            "s2",
        ],
        &["--require-design", "pr-9030", "--require-design", "pr-8097"],
        &["--require-scenario", "s2", "--require-scenario", "s2"],
    ] {
        requiring(&models, required).ends_with(0);
    }
    for (required, told) in [
        // It is there, and not checked.
        (&["--require-design", "lock"][..], "`lock`"),
        (&["--require-scenario", "lose"], "`lose`"),
        // It is not there.
        (&["--require-design", "pr-9284"], "`pr-9284`"),
        (&["--require-design", "pr-9030,gone,lost"], "`gone`, `lost`"),
        (
            &["--require-design", "pr-9030", "--require-design", "gone"],
            "`gone`",
        ),
        (&["--require-scenario", "s2,S2"], "`S2`"),
        // Nothing fits by accident.
        (&["--require-design", "pr-*"], "`pr-*` is no name"),
        (&["--require-design", ""], "`` is no name"),
        (&["--require-scenario", "s2,"], "`` is no name"),
        (&["--require-scenario", "*"], "`*` is no name"),
    ] {
        let run = requiring(&models, required).ends_with(2).tells(&[told]);
        assert_eq!(run.stdout, "", "{required:?}");
    }
    let many: Vec<String> = (0..100).map(|number| format!("gone-{number}")).collect();
    let run = requiring(&models, &["--require-scenario", &many.join(",")]).ends_with(2);
    run.tells(&["`gone-19` is required", "(and 80 more)"]);
}

#[test]
fn a_file_of_names_requires_each_of_them() {
    let models = Models::of(&["pr-9030", "pr-8097", "lock"], &["s2", "lose"]);
    let file = models.path().join("required.txt");
    let file = file.to_str().expect("a path in UTF-8");
    for (text, code, told) in [
        ("pr-9030\npr-8097\n", 0, ""),
        (
            "# the released\r\n\r\n  pr-9030  # with ties\r\npr-8097",
            0,
            "",
        ),
        ("\u{feff}pr-9030\n", 0, ""),
        ("pr-9030\nlock\n", 2, "`lock`"),
        (
            "pr-9030 pr-8097\n",
            2,
            "required.txt:1: what the line says is no name",
        ),
        (
            "pr-9030\n[x]\n",
            2,
            "required.txt:2: what the line says is no name",
        ),
        ("", 2, "names nothing"),
        ("# pr-9030\n\n", 2, "names nothing"),
    ] {
        models.write("required.txt", text);
        requiring(&models, &["--require-design", file])
            .ends_with(code)
            .tells(&[told]);
    }
    let gone = models.path().join("gone.txt");
    let gone = gone.to_str().expect("a path in UTF-8");
    let run = requiring(&models, &["--require-design", &format!("pr-9030,{gone}")]);
    run.ends_with(2).tells(&["gone.txt", "cannot be read"]);
    requiring(&models, &["--require-scenario", "/dev/null"]).ends_with(2);
}

#[test]
fn what_results_from_a_file_lack_is_missing_too() {
    let models = Models::of(&["pr-9030", "pr-8097"], &["s2", "lose"]);
    let results = models.path().join("gate.json");
    let results = results.to_str().expect("a path in UTF-8");
    let gate = [
        "check",
        "-q",
        "--scenario",
        "*",
        "--design",
        "pr-9030",
        "--output",
        &format!("json={results}"),
    ];
    models.freshest(&gate).ends_with(0);
    let page = models.path().join("page.html");
    let from = [
        "report",
        "--from",
        results,
        "-o",
        page.to_str().expect("a path in UTF-8"),
    ];
    let report = |required: &[&str]| {
        let all: Vec<&str> = from.iter().chain(required).copied().collect();
        models.freshest(&all)
    };
    report(&["--require-design", "pr-9030"]).ends_with(0);
    report(&["--require-design", "pr-8097"])
        .ends_with(2)
        .tells(&["`pr-8097`"]);
    let filtered = report(&["--require-scenario", "s2", "--scenario", "lose"]);
    filtered.ends_with(2).tells(&["`s2`"]);
}

/// What no tab can violate, since nothing happens that could.
const IDLE: &str = "title = \"Nothing happens\"\ntabs = 1\n[budget]\nevict = 1\n[vacuous]\n";

#[test]
fn a_gate_in_which_no_verdict_says_anything_is_unknown() {
    let all = freshest::property::Property::ALL;
    let excuses: String = all
        .map(|p| format!("{p} = \"Nothing happens.\"\n"))
        .concat();
    let models = Models::of(&["pr-9030", "pr-8097"], &["lose"]);
    models.write("scenarios/idle.toml", format!("{IDLE}{excuses}"));
    let unknown = "UNKNOWN: no verdict holds or is violated, so nothing was checked\n";
    let selections = [
        // One design, several; a property that is vacuous in a scenario in which others are not.
        &["--scenario", "idle", "--design", "pr-9030"][..],
        &["--scenario", "idle"],
        &["--scenario", "lose", "--property", "signed-out-at-rest"],
    ];
    for selection in selections {
        let args: Vec<&str> = ["check", "--quiet"]
            .iter()
            .chain(selection)
            .copied()
            .collect();
        let run = models.freshest(&args).ends_with(3);
        assert_eq!(run.stdout, unknown, "{selection:?}");
        let args: Vec<&str> = ["report"].iter().chain(selection).copied().collect();
        models
            .freshest(&args)
            .ends_with(3)
            .prints(&["so nothing was checked"]);
    }
    for format in ["text", "markdown", "github"] {
        let run = models.freshest(&["check", "--scenario", "idle", "--format", format]);
        run.ends_with(3).prints(&[unknown.trim_end()]);
    }
    // Among others it is no matter.
    models
        .freshest(&["check", "-q", "--scenario", "*"])
        .ends_with(0);
}
