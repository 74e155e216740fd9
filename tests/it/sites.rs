//! A comparator for each guard site: what a design may say, what comes of it, and who says so.

use crate::support::{Models, Run};
use freshest::script::Host;

const SITES: &str = "[guards]\nsites = [\"broadcast\", \"baseline\", \"seed\", \"cookie\"]\n";

/// A design with the guards of #9030 and this `[rule]`, in scenarios in which tokens tie.
fn models(rule: &str) -> Models {
    let models = Models::of(&[], &["fmt-s2g1", "s2"]);
    models.write(
        "designs/mine.toml",
        format!("title = \"Mine\"\n[rule]\n{rule}\n{SITES}"),
    );
    models
}

/// The table, but where a full tie keeps what is there at this site.
fn tie_at(site: &str) -> String {
    format!("comparator = \"table\"\n[rule.at.{site}]\ncomparator = \"table\"\nA5 = \"existing\"")
}

/// What is violated when two tokens tie, with the length of the shortest counterexample.
#[track_caller]
fn violated(models: &Models) -> Vec<(String, u64)> {
    let run = models.freshest(&["check", "--scenario", "fmt-s2g1", "--format", "json"]);
    assert_ne!(run.code, Some(2), "{}", run.stderr);
    let json = run.json();
    let properties = json["results"][0]["properties"].as_array().expect("a list");
    // What calls get is another matter: whoever waited for a request gets its answer.
    let is_returned = |p: &&serde_json::Value| p["name"].to_string().starts_with("\"returned-");
    let properties = properties.iter().filter(|p| !is_returned(p));
    let violated = properties.filter(|p| p["verdict"] == "violated");
    let told = violated.map(|p| {
        let name = p["name"].as_str().expect("a name").to_owned();
        (name, p["steps"].as_u64().expect("a length"))
    });
    told.collect()
}

#[test]
fn a_tie_that_goes_to_existing_here_goes_to_incoming_there() {
    // In every case the shortest way is: two forced fetches within one instant, a change of the format
    // between them. What differs is which of them meets the guard that keeps what is there.
    let nothing: &[(&str, u64)] = &[];
    for (site, expected) in [
        // What tab 1 posts is turned away by tab 0 as soon as it comes.
        ("broadcast", &[("tie-is-adopted", 5)][..]),
        // It waits for tab 0's own fetch and passes the guard of broadcasts; then the baseline keeps the
        // other: four events later.
        ("baseline", &[("tie-is-adopted", 9)]),
        // Both answers reach the cookie without a post.
        ("cookie", &[("update-reaches-cookie", 4)]),
        // No property is about a seed of another format.
        ("seed", nothing),
    ] {
        let found = violated(&models(&tie_at(site)));
        let found: Vec<_> = found.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        assert_eq!(found, expected, "{site}");
    }
    // The other way round: it is kept everywhere but for one site.
    let everywhere = "comparator = \"table\"\nA5 = \"existing\"\n";
    let but = |site: &str| format!("{everywhere}[rule.at.{site}]\ncomparator = \"table\"");
    let all = violated(&models(everywhere));
    let names = |found: &[(String, u64)]| -> Vec<String> {
        found.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&all), ["tie-is-adopted", "update-reaches-cookie"]);
    assert_eq!(
        names(&violated(&models(&but("cookie")))),
        ["tie-is-adopted"]
    );
    let late = violated(&models(&but("broadcast")));
    assert_eq!(late[0], ("tie-is-adopted".to_owned(), 9));
}

#[test]
fn a_site_may_have_a_script_and_every_script_is_in_the_receipt_and_reloaded_when_it_changes() {
    freshest::script::run_in(Host::Program(env!("CARGO_BIN_EXE_freshest").into()));
    let rank = "const rank = t => (t.header.oiat ?? -1) * 1e12 + t.claims.iat;\n";
    let keeps = format!("{rank}export default (a, b) => rank(a) >= rank(b) ? a : b;");
    let models = models(
        "comparator = \"table\"\n[rule.at.broadcast]\ncomparator = { script = \"tie.ts\" }\n\
         [rule.at.cookie]\ncomparator = { script = \"tie.ts\" }",
    );
    models.write("designs/tie.ts", &keeps);
    let found = violated(&models);
    assert_eq!(found[0], ("tie-is-adopted".to_owned(), 5));
    let receipt = models.path().join("receipt.json");
    let receipt = receipt.to_str().expect("a path");
    models
        .freshest(&["check", "--receipt", receipt])
        .ends_with(1);
    let text = std::fs::read_to_string(receipt).expect("a receipt");
    assert!(text.contains("\"designs/tie.ts\""), "{text}");
    models.freshest(&["verify", receipt]).ends_with(0);
    models.write("designs/tie.ts", format!("{keeps}\n// another\n"));
    models.freshest(&["verify", receipt]).ends_with(1);
}

#[test]
fn what_fails_at_one_site_gives_no_verdict() {
    freshest::script::run_in(Host::Program(env!("CARGO_BIN_EXE_freshest").into()));
    let models =
        models("comparator = \"table\"\n[rule.at.cookie]\ncomparator = { script = \"late.ts\" }");
    models.write(
        "designs/late.ts",
        "export default () => { throw new Error('no') };",
    );
    let run = models.freshest(&["check"]).ends_with(2);
    let run = run.tells(&["late.ts", "no"]);
    assert!(!run.stdout.contains("PASS"), "{}", run.stdout);
    models.freshest(&["table", "--design", "mine"]).ends_with(2);
    models
        .freshest(&["diff", "mine", "builtin:pr-9030"])
        .ends_with(2);
}

#[track_caller]
fn refused(rule: &str, told: &[&str]) {
    let run = models(rule).freshest(&["table", "--design", "mine"]);
    run.ends_with(2).tells(told).tells(&["designs/mine.toml:"]);
}

#[test]
fn a_site_that_means_nothing_is_refused_where_it_is_named() {
    refused(
        "comparator = \"table\"\n[rule.at.install]\ncomparator = \"table\"",
        &[":4:10", "there is no guard at `install`", "guards.sites"],
    );
    refused(
        "comparator = \"table\"\n[rule.at.cooky]\ncomparator = \"table\"",
        &[":4:10", "there is no guard site `cooky`", "`cookie`"],
    );
    let twice = "comparator = \"table\"\n[rule.at.cookie]\ncomparator = \"table\"\n";
    let twice = format!("{twice}[rule.at.cookie]\ncomparator = \"iat-only\"");
    refused(&twice, &[":6:"]);
    refused(
        "comparator = \"table\"\n[rule.at.cookie]\nA5 = \"existing\"",
        &["has no `comparator`"],
    );
    refused(
        "comparator = \"table\"\n[rule.at.cookie]\ncomparator = \"tabel\"",
        &["rule.at.cookie.comparator", "`table`"],
    );
    refused(
        "comparator = \"table\"\n[rule.at.cookie]\ncomparator = \"iat-only\"\nA5 = \"existing\"",
        &["row A5 can only be set with"],
    );
    refused(
        "comparator = \"table\"\nat = \"cookie\"",
        &["`rule.at` must be a table"],
    );
    refused(
        "comparator = \"table\"\n[rule.at.cookie.at.seed]\ncomparator = \"table\"",
        &["has no `comparator`", "unknown key `rule.at.cookie.at`"],
    );
}

#[test]
fn tables_differences_and_changes_say_which_site_decides_otherwise() {
    let models = models(&tie_at("cookie"));
    models.write(
        "designs/plain.toml",
        format!("title = \"Plain\"\n[rule]\ncomparator = \"table\"\n{SITES}"),
    );
    let told = |run: Run| run.ends_with(0);
    let table = told(models.freshest(&["table", "--design", "mine"]));
    table.prints(&[
        "At the guard site cookie, which has a rule of its own",
        "existing *",
    ]);
    let json = told(models.freshest(&["table", "--design", "mine", "--format", "json"])).json();
    assert_eq!(json["at"][0]["site"], "cookie");
    assert_eq!(json["at"][0]["rows"][4]["winner"], "existing");
    assert_eq!(json["rows"][4]["winner"], "incoming");
    let diff = models.freshest(&["diff", "plain", "mine", "--scenario", "fmt-s2g1"]);
    let diff = diff.prints(&["row A5 at cookie (same oiat, same iat): incoming -> existing"]);
    diff.prints(&["rule.at: none -> cookie: table", "update-reaches-cookie"]);
    let mutated = models.freshest(&["mutate", "mine", "--scenario", "s2"]);
    mutated.prints(&["cookie:A5=incoming", "cookie=usual"]);
    let explained = models.freshest(&[
        "mutate",
        "mine",
        "--scenario",
        "s2",
        "--explain",
        "cookie:A1=incoming",
    ]);
    assert_ne!(explained.code, Some(2), "{}", explained.stderr);
}

#[test]
fn a_proof_is_about_the_rules_of_all_sites() {
    // The slot's guards decide as #9030 has it, so what is proved of the slot there is proved here.
    let proof = |rule: &str| models(rule).freshest(&["prove", "mine", "--format", "json"]);
    let verdicts = |run: Run| -> Vec<String> {
        let json = run.json();
        let found = json["results"][0]["properties"].as_array().cloned();
        let found = found.unwrap_or_else(|| panic!("{json}"));
        let told = found
            .iter()
            .map(|p| format!("{} {}", p["name"], p["verdict"]));
        told.collect()
    };
    let plain = verdicts(proof("comparator = \"table\""));
    let cookie = verdicts(proof(&tie_at("cookie")));
    let differ: Vec<_> = plain.iter().zip(&cookie).filter(|(a, b)| a != b).collect();
    assert!(
        differ.iter().all(|(_, b)| b.contains("cookie")),
        "{differ:?}"
    );
    // A site that counts reads of the database is beyond the argument, whichever it is.
    let counted = "comparator = \"table\"\n[rule.at.cookie]\ncomparator = \"epoch\"";
    let json = proof(counted).json();
    assert_eq!(json["results"][0]["complete"], false, "{json}");
    let obstacle = json["results"][0]["obstacle"].to_string();
    assert!(obstacle.contains("comparator"), "{json}");
}
