//! Where outputs are written to.

use super::*;
use std::os::unix::fs::{PermissionsExt, symlink};

#[test]
fn links_and_second_names_are_seen_through() {
    let (_keep, out) = directory();
    let file = out.join("a.json");
    symlink("a.json", out.join("link.json")).expect("a link");
    symlink("link.json", out.join("far.json")).expect("a link");
    symlink(".", out.join("here")).expect("a link");
    // None of them is there yet, so the links dangle.
    for other in [
        "link.json",
        "far.json",
        "here/a.json",
        "here/here/link.json",
    ] {
        let run = check(&models(), &[("json", &file), ("junit", &out.join(other))]);
        run.ends_with(2)
            .tells(&["are one file, named for two results"]);
    }
    fs::write(&file, "old").expect("a file");
    fs::hard_link(&file, out.join("hard.json")).expect("a link");
    let run = check(
        &models(),
        &[("json", &file), ("junit", &out.join("hard.json"))],
    );
    run.ends_with(2)
        .tells(&["are one file, named for two results"]);
    assert_eq!(fs::read_to_string(&file).expect("a file"), "old");
}

#[test]
fn a_link_to_a_model_is_no_place_for_an_output() {
    let models = models();
    let (_keep, out) = directory();
    let design = models.path().join("designs/pr-9030.toml");
    symlink(&design, out.join("link.json")).expect("a link");
    symlink(models.path().join("designs"), out.join("folder")).expect("a link");
    fs::hard_link(&design, out.join("hard.json")).expect("a link");
    for name in ["link.json", "folder/x.json", "hard.json"] {
        let run = check(&models, &[("json", &out.join(name))]);
        run.ends_with(2).tells(&["models are kept there"]);
    }
}

#[test]
fn a_link_stays_and_the_file_behind_it_is_written() {
    let (_keep, out) = directory();
    fs::create_dir(out.join("real")).expect("a directory");
    for target in ["real/old.json", "real/new.json"] {
        let link = out.join("link.json");
        let _ = fs::remove_file(&link);
        if target.contains("old") {
            fs::write(out.join(target), "old").expect("a file");
        }
        symlink(target, &link).expect("a link");
        check(&models(), &[("json", &link)]).ends_with(0);
        assert_eq!(fs::read_link(&link).expect("a link"), Path::new(target));
        let written = fs::read_to_string(out.join(target)).expect("a file");
        assert!(written.starts_with('{'), "{written}");
    }
    holds(&out, &["link.json", "real"]);
    holds(&out.join("real"), &["new.json", "old.json"]);
}

#[test]
fn links_in_a_circle_are_an_error() {
    let (_keep, out) = directory();
    symlink("b.json", out.join("a.json")).expect("a link");
    symlink("a.json", out.join("b.json")).expect("a link");
    let run = check(&models(), &[("json", &out.join("a.json"))]);
    run.ends_with(2).tells(&["a.json cannot be written"]);
}

#[test]
fn the_mode_of_a_file_is_kept_and_a_new_one_has_the_usual() {
    let (_keep, out) = directory();
    let mode = |name: &str| {
        let metadata = fs::metadata(out.join(name)).expect("a file");
        metadata.permissions().mode() & 0o777
    };
    for wanted in [0o600, 0o640, 0o664, 0o755] {
        let old = out.join("old.json");
        fs::write(&old, "old").expect("a file");
        fs::set_permissions(&old, fs::Permissions::from_mode(wanted)).expect("a mode");
        check(&models(), &[("json", &old)]).ends_with(0);
        assert_eq!(mode("old.json"), wanted);
    }
    check(&models(), &[("json", &out.join("new.json"))]).ends_with(0);
    fs::write(out.join("usual"), "").expect("a file");
    assert_eq!(mode("new.json"), mode("usual"));
}

/// Root may write everywhere, and the tests may run as root: it is the mode that counts.
#[test]
fn a_file_that_is_read_only_is_neither_replaced_nor_opened_to_others() {
    let models = models();
    for mode in [0o444, 0o400, 0o555, 0o440] {
        let (_keep, out) = directory();
        let kept = out.join("kept");
        fs::write(&kept, "kept").expect("a file");
        fs::set_permissions(&kept, fs::Permissions::from_mode(mode)).expect("a mode");
        symlink(&kept, out.join("link")).expect("a link");
        symlink("link", out.join("far")).expect("a link");
        for name in ["kept", "link", "far"] {
            let place = out.join(name);
            let place = text(&place);
            let output = format!("--output=markdown={place}");
            let first = format!("--output=json={}", text(&out.join("first")));
            let counterexample = ["explain", "pr-9030", "own-refresh", "tabs-converge"];
            for args in [
                &["report", "-o", place][..],
                &["check", "--receipt", place],
                &["check", &first, &output],
                &["diff", "pr-8097", "pr-9030", &output],
                &["prove", "pr-9030", "--certificate", place],
                &[&counterexample[..], &["--save", place]].concat(),
                &["monitor", &output, "none.jsonl"],
            ] {
                let run = models.freshest(args).ends_with(2);
                run.tells(&[name, "cannot be written: it is read-only", "help: allow"]);
            }
        }
        assert_eq!(fs::read_to_string(&kept).expect("a file"), "kept");
        let now = fs::metadata(&kept).expect("a file").permissions().mode();
        assert_eq!(now & 0o777, mode);
        holds(&out, &["far", "kept", "link"]);
    }
}

#[test]
fn expectations_are_accepted_in_every_design_or_in_none() {
    let models = models();
    let design = fs::read_to_string(models.path().join("designs/pr-9030.toml")).expect("one");
    let (rules, _) = design.split_once("[because]").expect("reasons");
    models.write("designs/first.toml", rules);
    models.write("designs/second.toml", rules);
    let second = models.path().join("designs/second.toml");
    fs::set_permissions(&second, fs::Permissions::from_mode(0o444)).expect("a mode");
    let accept = [
        "check",
        "--design",
        "first",
        "--design",
        "second",
        "--scenario",
        "s2",
        "--accept",
        "--because",
        "tried",
    ];
    let run = models.freshest(&accept).ends_with(2);
    run.tells(&["second.toml", "cannot be written: it is read-only"]);
    for name in ["first", "second"] {
        let path = models.path().join(format!("designs/{name}.toml"));
        assert_eq!(fs::read_to_string(path).expect("a design"), rules);
    }
    fs::set_permissions(&second, fs::Permissions::from_mode(0o644)).expect("a mode");
    models.freshest(&accept).ends_with(0);
    let path = models.path().join("designs/first.toml");
    assert_ne!(fs::read_to_string(path).expect("a design"), rules);
}

/// `init` and `new` write no file that is there, whatever its mode.
#[test]
fn what_is_new_is_not_written_over_a_file_that_is_read_only() {
    let models = models();
    models.write("designs/mine.toml", "kept");
    let mine = models.path().join("designs/mine.toml");
    fs::set_permissions(&mine, fs::Permissions::from_mode(0o444)).expect("a mode");
    let run = models.freshest(&["new", "mine", "--from", "pr-9030"]);
    run.ends_with(2);
    let run = command(&["init", text(models.path())])
        .output()
        .expect("it ends");
    assert_eq!(run.status.code(), Some(2));
    assert_eq!(fs::read_to_string(&mine).expect("a file"), "kept");
    let now = fs::metadata(&mine).expect("a file").permissions().mode();
    assert_eq!(now & 0o777, 0o444);
}

#[test]
fn nothing_is_written_through_what_somebody_put_in_the_way() {
    // The name of a partial file was once the output's, with the number of the process.
    let (_keep, out) = directory();
    fs::write(out.join("victim"), "mine").expect("a file");
    for number in 1..3000 {
        let name = format!(".gate.json.{number}.partial");
        symlink("victim", out.join(name)).expect("a link");
    }
    check(&models(), &[("json", &out.join("gate.json"))]).ends_with(0);
    assert_eq!(
        fs::read_to_string(out.join("victim")).expect("a file"),
        "mine"
    );
}

#[test]
fn a_device_and_a_stream_are_written_to_and_not_replaced() {
    let models = models();
    let (_keep, out) = directory();
    let null = Path::new("/dev/null");
    check(&models, &[("json", null)]).ends_with(0);
    assert!(!fs::metadata(null).expect("a device").is_file());
    // Standard output may be a file: what was printed to it before must not be lost.
    let printed = out.join("printed");
    let status = command(&["check", "--quiet", "--output=json=/dev/stdout"])
        .args(QUICK)
        .stdout(fs::File::create(&printed).expect("a file"))
        .status()
        .expect("it runs");
    assert_eq!(status.code(), Some(0));
    let printed = fs::read_to_string(&printed).expect("a file");
    assert!(
        printed.starts_with('{') && printed.contains("\nPASS: "),
        "{printed}"
    );
    holds(&out, &["printed"]);
}

/// A pipe with a name.
fn pipe(place: &Path) {
    let made = std::process::Command::new("mkfifo").arg(place).status();
    assert!(made.expect("mkfifo").success());
}

#[test]
fn a_pipe_that_nobody_reads_from_is_an_error_and_one_with_a_reader_is_written_to() {
    let (_keep, out) = directory();
    let place = out.join("pipe");
    pipe(&place);
    check(&models(), &[("json", &place)])
        .ends_with(2)
        .tells(&["pipe cannot be written", "nobody reads from"]);
    let file = place.clone();
    let reader = std::thread::spawn(move || fs::read_to_string(file).expect("text"));
    check(&models(), &[("json", &place)]).ends_with(0);
    let read = reader.join().expect("a reader");
    assert!(
        read.starts_with('{') && read.trim_end().ends_with('}'),
        "{read}"
    );
    holds(&out, &["pipe"]);
}

/// As on a disk that is full, nothing is left of it.
#[test]
fn a_file_that_may_not_become_so_large_is_an_error_and_no_part_of_it_is_left() {
    let (_keep, out) = directory();
    let models = models();
    let limited = "ulimit -f 4; exec \"$0\" check -q --design pr-9030 --scenario s2 \
                       --models \"$1\" --output json=\"$2\"";
    for old in [false, true] {
        let place = out.join("gate.json");
        if old {
            fs::write(&place, "old").expect("a file");
        }
        let output = std::process::Command::new("sh")
            .args(["-c", limited, env!("CARGO_BIN_EXE_freshest")])
            .arg(models.path())
            .arg(&place)
            .output()
            .expect("a shell");
        Run::from(output)
            .ends_with(2)
            .tells(&["gate.json cannot be written", "too large"]);
        holds(&out, if old { &["gate.json"] } else { &[] });
        let kept = fs::read_to_string(&place).unwrap_or_default();
        assert_eq!(kept, if old { "old" } else { "" });
    }
}
