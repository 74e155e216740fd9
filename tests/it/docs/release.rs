//! A release's archive, as far as it can be made without building once more: `.ci/run` builds, too.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;
use yaml_rust2::{Yaml, YamlLoader};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn release(args: &[&str]) -> Output {
    let script = repository().join(".ci/release");
    let output = Command::new(script).args(args).output();
    output.expect("the script runs")
}

fn packaged(target: &str) -> (TempDir, PathBuf) {
    let dist = TempDir::new().expect("a temporary directory");
    let program = env!("CARGO_BIN_EXE_freshest");
    let folder = dist.path().to_str().expect("UTF-8");
    let output = release(&["package", target, program, folder]);
    assert!(output.status.success(), "{output:?}");
    let archive = String::from_utf8(output.stdout).expect("a path");
    (dist, PathBuf::from(archive.trim()))
}

#[test]
fn what_is_packaged_is_installed_and_checks_in_an_empty_directory() {
    let (_dist, archive) = packaged("x86_64-unknown-linux-musl");
    let version = env!("CARGO_PKG_VERSION");
    let name = format!("freshest-{version}-x86_64-unknown-linux-musl.tar.gz");
    assert_eq!(
        archive.file_name().and_then(|name| name.to_str()),
        Some(&*name)
    );
    let output = release(&["try", archive.to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{output:?}");
    let printed = String::from_utf8(output.stdout).expect("text");
    assert!(printed.contains("PASS"), "{printed}");
}

#[test]
fn an_archive_that_was_changed_on_the_way_is_not_installed() {
    let (_dist, archive) = packaged("x86_64-unknown-linux-musl");
    let mut bytes = fs::read(&archive).expect("an archive");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&archive, bytes).expect("an archive");
    let output = release(&["try", archive.to_str().expect("UTF-8")]);
    assert!(!output.status.success(), "{output:?}");
}

#[test]
fn a_release_is_built_by_a_profile_of_the_manifest_that_strips_it() {
    let script = fs::read_to_string(repository().join(".ci/release")).expect("the script");
    let (_, after) = script.split_once("--profile ").expect("a profile");
    let profile = after.split_whitespace().next().expect("its name");
    assert!(
        script.contains(&format!("/$target/{profile}/freshest$suffix")),
        "the program is taken from where {profile} puts it"
    );
    let manifest = fs::read_to_string(repository().join("Cargo.toml")).expect("Cargo.toml");
    let (_, after) = manifest
        .split_once(&format!("\n[profile.{profile}]\n"))
        .expect("the manifest has the profile");
    let (settings, _) = after.split_once("\n\n").expect("more follows");
    assert!(
        settings.lines().any(|line| line == "strip = \"symbols\""),
        "{settings}"
    );
}

#[test]
fn an_archive_is_called_as_cargo_binstall_looks_for_it() {
    let manifest = fs::read_to_string(repository().join("Cargo.toml")).expect("Cargo.toml");
    let url =
        "{ repo }/releases/download/v{ version }/{ name }-{ version }-{ target }{ archive-suffix }";
    assert!(manifest.contains(url), "the archive's name, in Cargo.toml");
    assert!(
        manifest.contains("bin-dir = \"{ name }-{ version }-{ target }/{ bin }{ binary-ext }\"")
    );
}

#[test]
fn every_action_of_every_workflow_is_pinned_by_its_commit() {
    for file in [".github/workflows/release.yml", "action.yml"] {
        let text = fs::read_to_string(repository().join(file)).expect(file);
        for line in text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("- uses: "))
        {
            let (_, pin) = line
                .split_once('@')
                .unwrap_or_else(|| panic!("{file}: {line}"));
            let commit = pin.split(' ').next().unwrap_or_default();
            let is_commit = commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit());
            assert!(is_commit, "{file}: {line}");
        }
    }
}

#[test]
fn a_release_is_built_for_five_targets() {
    let text = fs::read_to_string(repository().join(".github/workflows/release.yml")).expect("it");
    let workflow = YamlLoader::load_from_str(&text)
        .expect("YAML")
        .swap_remove(0);
    let matrix = &workflow["jobs"]["build"]["strategy"]["matrix"]["include"];
    let targets = matrix.as_vec().expect("targets").iter();
    let targets: Vec<&str> = targets
        .filter_map(|entry| entry["target"].as_str())
        .collect();
    assert_eq!(
        targets,
        [
            "x86_64-unknown-linux-musl",
            "aarch64-unknown-linux-musl",
            "x86_64-apple-darwin",
            "aarch64-apple-darwin",
            "x86_64-pc-windows-msvc",
        ]
    );
    assert_ne!(workflow["jobs"]["publish"]["needs"], Yaml::BadValue);
}

/// A `curl` that takes files from a directory, and the directory's program fetched with it.
fn fetched(dist: &Path, repository_name: &str) -> (TempDir, String) {
    let directory = TempDir::new().expect("a temporary directory");
    let bin = directory.path().join("fake");
    fs::create_dir(&bin).expect("a folder");
    let curl = bin.join("curl");
    let script = format!(
        "#!/bin/bash\nwhile [ $# -gt 1 ]; do [ \"$1\" = --output ] && to=$2; shift; done\n\
         case $1 in https://github.com/owner/freshest/releases/download/v*) ;; *) exit 22 ;; esac\n\
         cp '{}'/\"$(basename \"$1\")\" \"$to\"\n",
        dist.display()
    );
    fs::write(&curl, script).expect("a script");
    let made = Command::new("chmod")
        .arg("+x")
        .arg(&curl)
        .status()
        .expect("chmod");
    assert!(made.success());
    let path = format!(
        "{}:{}",
        bin.display(),
        std::env::var("PATH").expect("a path")
    );
    let output = Command::new(repository().join(".ci/fetch-release"))
        .arg(directory.path())
        .env("PATH", path)
        .env("REPOSITORY", repository_name)
        .env_remove("GITHUB_SERVER_URL")
        .output()
        .expect("the script runs");
    assert!(output.status.success(), "{output:?}");
    (directory, String::from_utf8(output.stdout).expect("text"))
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn the_action_takes_a_release_made_from_its_own_sources_and_nothing_else() {
    let (dist, archive) = packaged("x86_64-unknown-linux-musl");
    let (root, told) = fetched(dist.path(), "owner/freshest");
    assert!(
        told.contains("is used: it was made from these sources"),
        "{told}"
    );
    let program = root.path().join("bin/freshest");
    let version = Command::new(program)
        .arg("--version")
        .output()
        .expect("the program runs");
    assert!(version.status.success());
    // No repository, no archive of this name, an archive that was changed, other sources.
    let (_, told) = fetched(dist.path(), "");
    assert!(told.contains("no release is used"), "{told}");
    let (_, told) = fetched(dist.path(), "somebody/else");
    assert!(told.contains("cannot be had"), "{told}");
    let sum = archive.with_file_name(format!(
        "{}.sha256",
        archive.file_name().expect("a name").display()
    ));
    let right = fs::read_to_string(&sum).expect("a checksum");
    fs::write(
        &sum,
        right.replacen(|c: char| c.is_ascii_hexdigit(), "x", 1),
    )
    .expect("a checksum");
    let (root, told) = fetched(dist.path(), "owner/freshest");
    assert!(told.contains("checksum"), "{told}");
    assert!(!root.path().join("bin").exists());
}

/// Whoever publishes it puts a name into one place, and nothing that looks like an address of
/// somebody is anywhere before.
#[test]
fn who_publishes_it_is_said_in_the_manifest_and_nowhere_else() {
    let placeholder = concat!("OWN", "ER/freshest");
    let listed = Command::new("git")
        .args(["grep", "-I", "-l", "-F", placeholder])
        .current_dir(repository())
        .output()
        .expect("git");
    let files = String::from_utf8(listed.stdout).expect("paths in UTF-8");
    assert_eq!(files, "Cargo.toml\n");
    let manifest = fs::read_to_string(repository().join("Cargo.toml")).expect("the manifest");
    assert_eq!(manifest.matches(placeholder).count(), 1);
    let address = manifest
        .lines()
        .find(|line| line.starts_with("repository = "));
    assert!(address.is_some_and(|line| line.contains(placeholder)));
}
