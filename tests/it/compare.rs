//! `freshest compare`: two real tokens, which never appear in full.

use crate::support::{Run, freshest};
use std::fs;

/// A compact JWS with this header and these claims.
pub fn jws(header: &str, claims: &str) -> String {
    use base64_simd::URL_SAFE_NO_PAD as CODE;
    let encode = |text: &str| CODE.encode_to_string(text);
    format!(
        "{}.{}.{}",
        encode(header),
        encode(claims),
        encode("signature")
    )
}

fn session(oiat: u64, iat: u64) -> String {
    jws(
        &format!("{{\"alg\":\"none\",\"oiat\":{oiat}}}"),
        &format!("{{\"iat\":{iat},\"exp\":{},\"sid\":\"sess_1\"}}", iat + 60),
    )
}

fn compare(args: &[&str]) -> Run {
    let mut all = vec!["compare", "--now", "1700000300"];
    all.extend(args);
    freshest(&all)
}

#[test]
fn two_tokens_are_compared_with_dates_and_ages_and_the_rows_of_missing_stamps() {
    let (existing, incoming) = (
        session(1_700_000_200, 1_700_000_200),
        session(1_700_000_100, 1_700_000_230),
    );
    let run = compare(&[&existing, &incoming]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    for said in [
        "The existing token wins: row A1, existing oiat later",
        "incoming claims are older",
        "2023-11-14T22:16:40Z, 1 min ago",
        "2023-11-14T22:17:40Z, 40 s ago",
        "both oiat",
        "No signature was verified",
    ] {
        assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    }
    let strict = compare(&["--design", "iat-guard", &existing, &incoming]);
    assert!(
        strict.stdout.contains("The incoming token wins"),
        "{}",
        strict.stdout
    );
}

#[test]
fn tokens_come_from_files_and_lines_and_the_existing_one_may_be_none() {
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join("some.jwt");
    fs::write(&path, format!("{}\n", session(1, 1))).expect("a file");
    let path = path.to_str().expect("UTF-8");
    let run = compare(&["--existing", "none", path, "--format", "json"]);
    let record = run.json();
    assert_eq!(record["winner"], "incoming");
    assert!(record["existing"].is_null() && record["row"].is_null());
    let run = compare(&["--existing", path, path]);
    assert!(run.stdout.contains("row A5"), "{}", run.stdout);
}

#[test]
fn what_is_wrong_with_a_token_is_told_by_its_part_and_without_the_token() {
    let good = session(1, 1);
    let secret = "U0VDUkVUU0VDUkVU";
    let bad = [
        (format!("{good}.x"), "three parts"),
        ("no-such-file.jwt".to_owned(), "no file of this name"),
        (format!("{secret}!.e30.e30"), "the header is not base64url"),
        (
            jws("{\"oiat\":\"1\"}", "{}"),
            "the header has a string as `oiat`",
        ),
        (
            jws("{}", "{\"iat\":-1}"),
            "the payload has a negative `iat`",
        ),
        (String::new(), "three parts"),
    ];
    for (token, told) in bad {
        let run = compare(&[&good, &token]);
        assert_eq!(run.code, Some(2), "{}", run.stdout);
        assert!(run.stderr.contains(told), "{told}: {}", run.stderr);
        assert!(run.stderr.contains("incoming"), "{}", run.stderr);
        assert!(token.len() < 20 || !run.stderr.contains(&token));
        assert!(!run.stderr.contains(secret), "{}", run.stderr);
    }
}

#[test]
fn a_token_typed_where_none_belongs_is_not_shown() {
    let token = session(1, 1);
    let calls: [&[&str]; 7] = [
        &[&token],
        &[&token, &token],
        &["compare", &token, &token, &token],
        &["compare", "--design", &token, &token, &token],
        &["compare", "--format", &token],
        &["compare", &format!("--{token}")],
        &["explain", &token],
    ];
    for call in calls {
        let run = freshest(call);
        assert_eq!(run.code, Some(2), "{call:?}");
        let body = token.split('.').nth(1).expect("claims");
        assert!(!run.stderr.contains(body), "{}", run.stderr);
        assert!(!run.stdout.contains(body), "{}", run.stdout);
    }
}
