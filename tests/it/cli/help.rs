//! What the program says of itself.

use super::*;

#[test]
fn every_command_shows_an_example_that_it_understands() {
    let commands = [
        "check", "explain", "table", "list", "explore", "replay", "traces",
    ];
    for name in commands {
        let help = freshest(&[name, "--help"]).ends_with(0).stdout;
        let example = help.split("Example").nth(1).unwrap_or_default();
        assert!(
            example.contains(&format!("freshest {name}")),
            "{name}:\n{help}"
        );
    }
    let help = freshest(&["--help"]).ends_with(0);
    help.prints(&["Examples:", "Exit codes:"]).prints(&commands);
}

#[test]
fn the_version_is_that_of_the_package() {
    let run = freshest(&["--version"]).ends_with(0);
    run.prints(&[env!("CARGO_PKG_VERSION")]);
}
