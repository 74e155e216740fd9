//! Runs that are interrupted, or that nobody listens to any more.

use super::*;

fn wait(mut child: Child) -> Run {
    let deadline = Instant::now() + Duration::from_secs(120);
    while child.try_wait().expect("a child").is_none() {
        if Instant::now() > deadline {
            child.kill().expect("a child to kill");
            panic!("the program did not end");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Run::from(child.wait_with_output().expect("a child"))
}

#[test]
fn whoever_stops_reading_causes_no_error() {
    for args in [
        &["list"][..],
        &[
            "check",
            "--design",
            "pr-9030",
            "--scenario",
            "s2",
            "--format",
            "json",
        ],
        &["traces", "pr-8097", "r1s1"],
        &["traces", "pr-8097", "r3"],
    ] {
        let mut child = command(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let run = wait(child).ends_with(0);
        let error = run.stderr.contains("error") || run.stderr.contains("Broken pipe");
        assert!(!error, "{args:?}: {}", run.stderr);
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_long_run_with_what_is_known_so_far() {
    let models = endless();
    let directory = models.path().to_str().expect("a path in UTF-8");
    let mut child = command(&ENDLESS)
        .args(["--models", directory])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // Nothing tells from outside that the handler is in place; the run itself is endless.
    std::thread::sleep(Duration::from_millis(1500));
    assert!(
        child.try_wait().expect("a child").is_none(),
        "it is still running"
    );
    let interrupt = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupt.expect("kill runs").success());
    let run = wait(child);
    assert_eq!(run.code, None, "it ends by the signal");
    run.prints(&["guarded in endless: interrupted", "UNKNOWN", "??"]);
}

#[test]
fn output_that_cannot_be_written_is_an_error_and_no_panic() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        // Only Linux has a device that is always full.
        return;
    };
    let mut child = command(&["list"])
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut told = String::new();
    let stderr = child.stderr.as_mut().expect("a pipe");
    stderr.read_to_string(&mut told).expect("text");
    assert_eq!(child.wait().expect("a child").code(), Some(2), "{told}");
    assert!(
        told.contains("standard output") && !told.contains("panicked"),
        "{told}"
    );
}
