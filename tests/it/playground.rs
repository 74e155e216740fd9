//! Links to the playground, in text and in HTML.

use super::support::{command, models};
use std::fs;

fn said(args: &[&str]) -> (Option<i32>, String, String) {
    let output = command(args).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

const RUN: [&str; 4] = ["--design", "pr-9030", "--scenario", "own-refresh"];

#[test]
fn a_design_of_the_program_is_linked_by_its_name_and_only_where_somebody_says_where() {
    let base = ["check", "--models", "builtin"];
    let at = ["--playground", "https://example.com/play.html"];
    let (code, text, error) = said(&[&base[..], &RUN, &at].concat());
    assert_eq!(code, Some(0), "{error}");
    let version = env!("CARGO_PKG_VERSION");
    let line = format!("try a change: https://example.com/play.html#pr-9030&v={version}\n");
    assert!(text.ends_with(&line), "{text}");
    let (_, text, _) = said(&[&base[..], &RUN].concat());
    assert!(!text.contains("try a change"), "{text}");
    // A format for machines is what it is.
    let (_, json, _) = said(&[&base[..], &RUN, &at, &["--format", "json"]].concat());
    assert!(!json.contains("example.com"));
}

#[test]
fn a_design_that_nobody_has_is_linked_with_its_text_which_unpacks_to_it() {
    let folder = tempfile::tempdir().expect("a folder");
    for kind in ["designs", "scenarios"] {
        fs::create_dir(folder.path().join(kind)).expect("a folder");
    }
    let from = |path: &str| fs::read_to_string(models().join(path)).expect("a model");
    let text = from("designs/pr-9030.toml").replace("title = \"#9030", "title = \"mine, not #9030");
    let mine = folder.path().join("designs/mine.toml");
    fs::write(&mine, &text).expect("written");
    let scenario = "scenarios/own-refresh.toml";
    fs::write(folder.path().join(scenario), from(scenario)).expect("written");
    let models = folder.path().display().to_string();
    let page = folder.path().join("report.html").display().to_string();
    let args = [
        "report",
        "--models",
        &models,
        "--scenario",
        "own-refresh",
        "-o",
        &page,
        "--playground",
        "play.html",
    ];
    let (code, _, error) = said(&args);
    assert_eq!(code, Some(0), "{error}");
    let html = fs::read_to_string(&page).expect("a page");
    let (_, link) = html.split_once("href=\"play.html#").expect("a link");
    let (link, _) = link.split_once('"').expect("its end");
    let (_, packed) = link.split_once("toml=").expect("a text");
    let packed = packed.split('&').next().unwrap_or_default();
    let bytes = base64_simd::URL_SAFE_NO_PAD
        .decode_to_vec(packed)
        .expect("base64url");
    let unpacked = miniz_oxide::inflate::decompress_to_vec(&bytes).expect("deflated");
    assert_eq!(String::from_utf8(unpacked).as_deref(), Ok(&*text));
}

#[test]
fn an_address_that_would_run_a_script_or_has_a_fragment_is_refused() {
    for bad in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "https://example.com/#x",
        "https://example.com/?q=\"><script>",
        "https://user:password@example.com/",
        "https://",
        "http:play.html",
        "//example.com/play.html",
        "\"onmouseover=alert(1)",
        "play here.html",
        "",
    ] {
        let (code, _, error) = said(&["check", "--playground", bad]);
        assert_eq!(code, Some(2), "{bad}: {error}");
        assert!(error.contains("--playground"), "{error}");
    }
}

#[test]
fn an_address_of_the_web_and_one_of_a_file_are_taken() {
    for good in [
        "HTTPS://example.com:8080/play.html?a=b",
        "file:///srv/play.html",
        "../play.html",
        "pläne/play(1).html",
    ] {
        let (code, _, error) = said(&["check", "-q", "--scenario", "s2", "--playground", good]);
        assert_eq!(code, Some(0), "{good}: {error}");
    }
}

#[test]
fn a_comparator_that_is_a_script_is_not_put_into_a_link() {
    let args = [
        "check",
        "--models",
        "examples/typescript",
        "--scenario",
        "own-refresh",
        "--playground",
        "play.html",
    ];
    let (_, text, error) = said(&args);
    assert!(text.ends_with("try a change: play.html\n"), "{text}{error}");
}
