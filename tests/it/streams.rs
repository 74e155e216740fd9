//! Streams that are closed or full, Ctrl-C, and options before and after a command.

use crate::support::{Models, Run, command, freshest};

const ONE: [&str; 2] = ["pr-9030", "s2"];

/// Each command, once ending well, and its exit code.
fn commands() -> Vec<(Vec<&'static str>, i32)> {
    let gate = ["--design", "pr-9030", "--scenario", "s2"];
    let quick = |command: &'static str| [&[command][..], &gate].concat();
    vec![
        (quick("check"), 0),
        (quick("report"), 0),
        ([&["explain"][..], &ONE].concat(), 0),
        (quick("liveness"), 0),
        (vec!["table"], 0),
        (vec!["list"], 0),
        (vec!["diff", "pr-9030", "pr-9030", "--scenario", "s2"], 0),
        (
            vec![
                "prove",
                "pr-9030",
                "--property",
                "cached-oiat-never-decreases",
            ],
            0,
        ),
        ([&["traces"][..], &ONE].concat(), 0),
        (vec!["mutate", "pr-9030", "--scenario", "s2"], 0),
        (vec!["completions", "bash"], 0),
        (vec!["man"], 0),
        (vec!["--help"], 0),
        (vec!["--version"], 0),
        (vec!["explain", "--help"], 0),
        // What is wrong is told on standard error.
        (vec!["explain", "pr-9030", "nope"], 2),
        (vec!["check", "--design", "nope"], 2),
        (vec!["check", "--nope"], 2),
        (vec!["new", "a b", "--from", "pr-9030"], 2),
        (vec!["replay", "/nowhere"], 2),
        (vec!["verify", "/nowhere"], 2),
        (vec!["list", "--models", "/nowhere"], 2),
        (vec!["nope"], 2),
    ]
}

#[cfg(target_os = "linux")]
mod full_and_closed {
    use super::*;
    use std::fs::OpenOptions;
    use std::process::{Command, Stdio};

    fn full() -> Stdio {
        let device = OpenOptions::new().write(true).open("/dev/full");
        device.expect("a device that is always full").into()
    }

    /// The other end is closed before the program begins.
    fn closed() -> Stdio {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        writer.into()
    }

    fn code(command: &mut Command) -> Option<i32> {
        let output = command.output().expect("it runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!told.contains("panicked"), "{told}");
        output.status.code()
    }

    #[test]
    fn standard_error_that_is_full_or_closed_changes_no_exit_code() {
        for (args, wanted) in commands() {
            let run = |stderr: Stdio| code(command(&args).stderr(stderr));
            assert_eq!(run(full()), Some(wanted), "{args:?}, full");
            assert_eq!(run(closed()), Some(wanted), "{args:?}, closed");
            let shell = "exec \"$0\" \"$@\" 2>&-";
            let mut without = Command::new("sh");
            without
                .args(["-c", shell, env!("CARGO_BIN_EXE_freshest")])
                .args(&args);
            without.current_dir(env!("CARGO_MANIFEST_DIR"));
            assert_eq!(code(&mut without), Some(wanted), "{args:?}, without");
        }
    }

    #[test]
    fn standard_output_that_is_full_is_an_error_and_a_reader_that_left_is_none() {
        for (args, wanted) in commands() {
            let run = |stdout: Stdio| code(command(&args).stdout(stdout));
            assert_eq!(run(full()), Some(2), "{args:?}, full");
            assert_eq!(run(closed()), Some(wanted), "{args:?}, closed");
        }
    }

    #[test]
    fn a_gate_that_fails_says_so_when_nothing_can_be_printed() {
        let models = Models::copy();
        let expected = "tabs-converge = { steps = 5, because = \"lost\" }";
        models.edit(
            "designs/pr-9030.toml",
            expected,
            &expected.replace('5', "6"),
        );
        let models = models.path().to_str().expect("a path in UTF-8");
        let args = [
            "check",
            "--design",
            "pr-9030",
            "--scenario",
            "lose",
            "--models",
            models,
        ];
        for stdout in [closed(), Stdio::null()] {
            let mut run = command(&args);
            run.stdout(stdout).stderr(full());
            assert_eq!(run.status().expect("it runs").code(), Some(1));
        }
    }
}

#[cfg(target_os = "linux")]
mod ctrl_c {
    use super::*;
    use std::fs;
    use std::io::{BufRead, BufReader, Read};
    use std::os::unix::process::{CommandExt, ExitStatusExt};
    use std::process::{Command, ExitStatus, Stdio};
    use std::time::Duration;

    const SIGINT: i32 = 2;

    /// A scenario that takes much longer than the test.
    const ENDLESS: &str = "title = \"Endless\"\ntabs = 4\n[budget]\nrefresh = 4\nskip_cache = 4\n\
                           get_token = 4\nfail = 2\n";

    fn endless() -> Models {
        let models = Models::of(&["pr-9030", "pr-8097"], &[]);
        // Nothing else is expected of the design here, but about other scenarios.
        for design in ["pr-9030", "pr-8097"] {
            let path = models.path().join(format!("designs/{design}.toml"));
            let text = std::fs::read_to_string(path).expect("a design");
            let end = text.find("[because]").unwrap_or(text.len());
            models.write(&format!("designs/{design}.toml"), &text[..end]);
        }
        models.write("scenarios/endless.toml", ENDLESS);
        models
    }

    /// Waits until a process is the program and listens for Ctrl-C: a shell that is about to become it
    /// listens, too.
    fn listens(process: u32) {
        let path = format!("/proc/{process}/status");
        loop {
            let status = fs::read_to_string(&path).expect("it runs");
            let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
            let caught = u64::from_str_radix(caught.expect("a mask").trim(), 16).expect("a mask");
            if status.starts_with("Name:\tfreshest\n") && caught >> (SIGINT - 1) & 1 == 1 {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Sends the signal to a process, or to a group: a minus and its number.
    fn interrupt(target: &str) {
        let sent = Command::new("kill").args(["-INT", "--", target]).status();
        assert!(sent.expect("kill").success());
    }

    /// Starts, interrupts once the program listens, and waits for the end.
    fn interrupted(models: &Models, args: &[&str]) -> (ExitStatus, String, String) {
        let mut command = command(args);
        command.arg("--models").arg(models.path());
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        listens(child.id());
        interrupt(&child.id().to_string());
        let read = |pipe: Box<dyn Read + Send>| {
            std::thread::spawn(move || std::io::read_to_string(pipe).expect("text"))
        };
        let printed = read(Box::new(child.stdout.take().expect("a pipe")));
        let told = read(Box::new(child.stderr.take().expect("a pipe")));
        let status = child.wait().expect("it ends");
        (
            status,
            printed.join().expect("text"),
            told.join().expect("text"),
        )
    }

    #[test]
    fn what_was_found_is_printed_and_the_program_ends_by_the_signal() {
        let models = endless();
        let design = ["--design", "pr-9030"];
        // It holds: what is violated is told at once, as a difference.
        let holds = ["--property", "cached-oiat-never-decreases"];
        for (args, found) in [
            ([&["check"][..], &design, &holds].concat(), "UNKNOWN"),
            ([&["report"][..], &design, &holds].concat(), "inconclusive"),
            ([&["liveness"][..], &design].concat(), "inconclusive"),
            (
                vec!["explain", "pr-9030", "endless", "tab-oiat-never-decreases"],
                "",
            ),
        ] {
            let (status, printed, told) = interrupted(&models, &args);
            assert_eq!(status.signal(), Some(SIGINT), "{args:?}: {status} {told}");
            assert!(told.contains("interrupted"), "{args:?}: {told}");
            assert!(printed.contains(found), "{args:?}: {printed}");
        }
    }

    #[test]
    fn files_are_written_and_no_receipt() {
        let models = endless();
        let json = models.path().join("gate.json");
        let receipt = models.path().join("receipt.json");
        let output = format!("--output=json={}", json.display());
        let receipts = format!("--receipt={}", receipt.display());
        let property = "--property=cached-oiat-never-decreases";
        let args = ["check", "--design=pr-9030", property, &output, &receipts];
        let (status, printed, told) = interrupted(&models, &args);
        assert_eq!(status.signal(), Some(SIGINT), "{told}");
        assert!(printed.contains("UNKNOWN"), "{printed}");
        assert!(told.contains("no receipt"), "{told}");
        assert!(json.is_file() && !receipt.exists());
    }

    #[test]
    fn a_loop_of_a_shell_ends_with_the_program() {
        let models = endless();
        let program = env!("CARGO_BIN_EXE_freshest");
        let script = format!(
            "for i in 1 2 3; do echo run $i; '{program}' -q --design pr-9030 --models '{}'; done",
            models.path().display()
        );
        // As a terminal does it: everybody in the group hears the signal, also where these tests are a job
        // in the background of a script, whose shell lets its jobs ignore it.
        let mut shell = Command::new("env")
            .args(["--default-signal=INT", "bash", "-c", &script])
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("bash");
        let mut printed = BufReader::new(shell.stdout.take().expect("a pipe"));
        let mut first = String::new();
        printed.read_line(&mut first).expect("text");
        assert_eq!(first, "run 1\n");
        let id = shell.id();
        let child = loop {
            let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
            let children = children.expect("the shell runs");
            if let Some(child) = children.split_whitespace().next() {
                break child.parse().expect("a number");
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        listens(child);
        interrupt(&format!("-{id}"));
        let rest = std::io::read_to_string(printed).expect("text");
        assert!(!rest.contains("run 2"), "{rest}");
        assert_eq!(shell.wait().expect("it ends").signal(), Some(SIGINT));
    }

    #[test]
    fn the_second_time_the_program_ends_at_once() {
        let models = endless();
        // It cannot end by itself: nobody reads what it prints, and it is more than a pipe holds.
        let mut child = command(&["report", "--design", "pr-9030", "--models"])
            .arg(models.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        listens(child.id());
        interrupt(&child.id().to_string());
        let mut told = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        told.read_line(&mut line).expect("text");
        assert!(line.contains("again to quit at once"), "{line}");
        interrupt(&child.id().to_string());
        let status = child.wait().expect("it ends");
        assert_eq!(status.signal(), Some(SIGINT), "{status}");
    }
}

#[test]
fn models_and_color_and_quiet_stand_before_or_after_a_command() {
    let models = Models::copy();
    let models = models.path().to_str().expect("a path in UTF-8");
    let equals = format!("--models={models}");
    for command in [
        &["list"][..],
        &["explain", "pr-9030", "s2"],
        &["table", "--design", "pr-9030"],
        &["check", "--scenario", "s2", "--design", "pr-9030"],
        &["diff", "pr-9030", "pr-9030", "--scenario", "s2"],
        &["traces", "pr-9030", "s2"],
    ] {
        let wanted = freshest(&[command, &["--models", models]].concat());
        let wanted = wanted.ends_with(0).stdout;
        for before in [
            &["--models", models][..],
            &[&equals],
            &["--color", "never", "--models", models],
        ] {
            let run = freshest(&[before, command].concat()).ends_with(0);
            let seconds = |text: &str| text.lines().filter(|line| !line.contains(" s")).count();
            assert_eq!(
                seconds(&run.stdout),
                seconds(&wanted),
                "{before:?} {command:?}"
            );
        }
        for quiet in ["--quiet", "-q"] {
            freshest(&[&[quiet, &equals], command].concat()).ends_with(0);
            freshest(&[command, &[quiet, &equals]].concat()).ends_with(0);
        }
    }
}

#[test]
fn the_last_place_of_an_option_counts_and_none_is_lost() {
    let run = freshest(&["--models", "/nowhere", "list", "--models", "models"]);
    run.ends_with(0);
    freshest(&["--models", "/nowhere", "list"])
        .ends_with(2)
        .tells(&["/nowhere/designs"]);
    let run = freshest(&["-q", "check", "--design", "pr-9030", "--scenario", "s2"]);
    assert_eq!(
        run.ends_with(0).stdout,
        "PASS: every verdict is as expected\n"
    );
    let run = freshest(&["check", "--design", "pr-9030", "--scenario", "s2", "-q"]);
    assert_eq!(
        run.ends_with(0).stdout,
        "PASS: every verdict is as expected\n"
    );
}

#[test]
fn colors_before_and_after_a_command_paint_what_is_wrong() {
    for args in [
        &["--color", "always", "explain", "nope"][..],
        &["explain", "nope", "--color", "always"],
        &["--color=always", "--design", "nope"],
    ] {
        let run = freshest(args).ends_with(2);
        assert!(
            run.stderr.starts_with("\u{1b}["),
            "{args:?}: {}",
            run.stderr
        );
    }
    let run = freshest(&["explain", "--color", "never", "nope"]).ends_with(2);
    assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
}

#[test]
fn options_of_the_gate_do_not_stand_before_another_command() {
    for (args, option) in [
        (&["--design", "pr-9030", "list"][..], "--design"),
        (&["--format", "json", "table"], "--format"),
        (&["--scenario=s2", "explain", "pr-9030"], "--scenario"),
        (&["--max-states", "5", "check"], "--max-states"),
    ] {
        let told = format!("{option} stands before the command");
        freshest(args)
            .ends_with(2)
            .tells(&[&told, "--models, --color and --quiet"]);
    }
    let run: Run = command(&["--quiet", "--format", "json"])
        .output()
        .expect("it runs")
        .into();
    run.ends_with(2)
        .tells(&["--quiet prints the verdict line only"]);
}
