//! Comparators that ask for the time, or for the organisation.

use crate::support::{Models, Run};
use freshest::freshness::Expiry;
use freshest::script::Host;

/// As the native SDKs decide, but for the time.
const RANK: &str = "
const order = (a, b) => {
  const [x, y] = [a.header.oiat, b.header.oiat];
  if (x === undefined && y === undefined) return a.claims.iat - b.claims.iat;
  if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
  return x - y || a.claims.iat - b.claims.iat;
};
const fresher = (a, b) => order(a, b) > 0 ? a : b;
";

const TIMED: &str = "parameters = [\"existing\", \"incoming\", \"now\"]";

/// A script with the guards of #9030, in these scenarios.
fn models(settings: &str, script: &str, scenarios: &[&str]) -> Models {
    freshest::script::run_in(Host::Program(env!("CARGO_BIN_EXE_freshest").into()));
    let models = Models::of(&[], scenarios);
    models.write("designs/timed.ts", format!("{RANK}{script}"));
    let rule = format!("[rule]\ncomparator = {{ script = \"timed.ts\", {settings} }}\n");
    let sites = "[guards]\nsites = [\"broadcast\", \"baseline\", \"seed\", \"cookie\"]\n";
    models.write(
        "designs/timed.toml",
        format!("title = \"Timed\"\n{rule}{sites}"),
    );
    models
}

/// The same with a comparator that is built in.
fn built_in(models: &Models, comparator: &str) {
    let rule = format!("[rule]\ncomparator = \"{comparator}\"\n");
    let sites = "[guards]\nsites = [\"broadcast\", \"baseline\", \"seed\", \"cookie\"]\n";
    models.write(
        "designs/built-in.toml",
        format!("title = \"Built in\"\n{rule}{sites}"),
    );
}

fn table(settings: &str, script: &str) -> Run {
    models(settings, script, &["s2"]).freshest(&["table", "--design", "timed"])
}

#[track_caller]
fn refused(settings: &str, script: &str, told: &[&str]) {
    table(settings, script).ends_with(2).tells(told);
}

const LIVE_FIRST: &str = "export default (a, b, now) => {
  const [x, y] = [a.claims.exp <= now, b.claims.exp <= now];
  return x && !y ? b : y && !x ? a : fresher(a, b);
};";

#[test]
fn a_script_that_is_told_the_time_gives_what_the_built_in_comparator_gives() {
    // Ages, a cookie that is lost, a rollout: whatever makes classes meet.
    let scenarios = [
        "expiry",
        "base-expiry",
        "age-r1g1a2",
        "age-s1g1a2",
        "touch-t1g1a2",
        "legacy-s2",
        "poll-p2a2",
    ];
    let seconds = models(TIMED, LIVE_FIRST, &scenarios);
    let order = "parameters = [\"now-ms\", \"incoming\", \"existing\"]";
    let milliseconds = LIVE_FIRST
        .replace("(a, b, now)", "(now, b, a)")
        .replace("exp <= now", "exp * 1000 <= now");
    let milliseconds = models(order, &milliseconds, &scenarios);
    for models in [seconds, milliseconds] {
        built_in(&models, "live-then-table");
        let json = models.freshest(&["check", "--format", "json"]).json();
        let results = json["results"].as_array().expect("results");
        assert_eq!(results.len(), 2 * scenarios.len());
        let of = |name: &str| -> Vec<_> {
            let runs = results.iter().filter(|run| run["design"] == name);
            runs.map(|run| {
                let found = run["properties"].as_array().expect("properties").iter();
                let found =
                    found.map(|p| (p["name"].clone(), p["verdict"].clone(), p["steps"].clone()));
                let counts = [&run["states"], &run["transitions"], &run["rows"]].map(Clone::clone);
                (run["scenario"].clone(), counts, found.collect::<Vec<_>>())
            })
            .collect()
        };
        assert_eq!(of("timed"), of("built-in"));
    }
}

#[test]
fn a_live_token_is_not_lost_to_a_dead_one_where_the_comparator_asks_for_the_time() {
    // By the table alone a dead token of later claims is kept; so says the property about it.
    let verdict = |comparator: &str| {
        let models = models(TIMED, LIVE_FIRST, &["base-expiry"]);
        built_in(&models, comparator);
        let args = ["check", "--design", "built-in", "--format", "json"];
        let json = models.freshest(&args).json();
        let found = json["results"][0]["properties"].as_array().expect("a list");
        let found = found.iter().find(|p| p["name"] == "live-token-is-kept");
        found.expect("the property")["verdict"].clone()
    };
    assert_eq!(verdict("table-then-iat"), "violated");
    assert_eq!(verdict("live-then-table"), "holds");
}

#[test]
fn only_classes_may_count() {
    let within = |seconds: u32| {
        format!("export default (a, b, now) => a.claims.exp - now < {seconds} ? b : fresher(a, b);")
    };
    // What a cache reads as absent, and what has expired, is what the model tells apart.
    table(TIMED, &within(5)).ends_with(0);
    table(TIMED, &within(0)).ends_with(0);
    table(TIMED, &within(1)).ends_with(0);
    for seconds in [2, 3, 4, 7, 10, 30, 50] {
        let told = [
            "depends on how far apart instants are, or the time is",
            "exp - now < 5",
        ];
        refused(TIMED, &within(seconds), &told);
    }
    for script in [
        // Odd seconds.
        "export default (a, b, now) => now % 2 ? a : fresher(a, b);",
        // How old it is.
        "export default (a, b, now) => now - a.claims.iat > 20 ? b : fresher(a, b);",
        // A long time after.
        "export default (a, b, now) => now - a.claims.exp > 86400 ? b : fresher(a, b);",
        // How far apart they are.
        "export default (a, b, now) => a.claims.iat - b.claims.iat > 15 ? a : b;",
    ] {
        let run = table(TIMED, script).ends_with(2);
        run.tells(&["comparator of"]);
    }
    let clock = "export default (a, b) => a.claims.exp * 1000 < Date.now() ? b : a;";
    refused(
        "returns = \"token\"",
        clock,
        &["the clock", "parameters = "],
    );
}

#[test]
fn parameters_that_mean_nothing_are_located_errors() {
    let told = |settings: &str, told: &[&str]| {
        refused(settings, "export default fresher;", told);
    };
    let place = "designs/timed.toml:3:";
    told("parameters = []", &[place, "not called with `existing`"]);
    told(
        "parameters = [\"existing\", \"now\"]",
        &[place, "not called with `incoming`"],
    );
    told(
        "parameters = [\"existing\", \"incoming\", \"existing\"]",
        &[place, "`existing` more than once"],
    );
    told(
        "parameters = [\"existing\", \"incoming\", \"now\", \"now-ms\"]",
        &[place, "the time more than once"],
    );
    told(
        "parameters = [\"existing\", \"incoming\", \"time\"]",
        &[place, "there is no `time`", "`now`"],
    );
    told("parameters = \"now\"", &[place, "must be a list"]);
    told(
        "parameters = [\"existing\", \"incoming\", \"now\"], distances = [30]",
        &[place, "distances cannot count"],
    );
    // Both tokens in the other order are only that.
    let swapped = "export default (incoming, existing) => order(existing, incoming) > 0 ? existing : incoming;";
    table("parameters = [\"incoming\", \"existing\"]", swapped).ends_with(0);
}

#[test]
fn a_command_line_says_the_same_as_a_design() {
    let models = models(TIMED, LIVE_FIRST, &["base-expiry"]);
    let script = models.path().join("designs/timed.ts");
    let script = script.to_str().expect("a path");
    let table = |names: &str| {
        crate::support::freshest(&["table", "--comparator", script, "--parameters", names])
    };
    table("existing,incoming,now")
        .ends_with(0)
        .prints(&["depends"]);
    table("existing, incoming, now").ends_with(0);
    table("existing,incoming,noon")
        .ends_with(2)
        .tells(&["`noon`", "now-ms"]);
    table("now")
        .ends_with(2)
        .tells(&["not called with `existing`"]);
    let args = [
        "check",
        "--comparator",
        script,
        "--parameters",
        "existing,incoming,now",
        "--scenario",
        "s2",
    ];
    let run = crate::support::freshest(&args);
    assert_ne!(run.code, Some(2), "{}", run.stderr);
}

#[test]
fn two_tokens_cannot_be_so_that_the_older_one_lives_longer() {
    for (one, other) in (0..9).map(|n| (Expiry::ALL[n / 3], Expiry::ALL[n % 3])) {
        assert_eq!(one.can_be(Some(1), other, Some(1)), one == other);
        assert_eq!(one.can_be(Some(1), other, Some(2)), one >= other);
        assert_eq!(one.can_be(Some(2), other, Some(1)), one <= other);
    }
}

const CONTEXT: &str = "export default (existing, incoming) => {
  const org = t => t.claims.org_id ?? t.claims.o?.id ?? '';
  if (org(existing) !== org(incoming)) {
    return existing;
  }
  return fresher(existing, incoming);
};";

/// Where nothing ran, by the branch's text.
#[track_caller]
fn unreached(scenario: &str, script: &str) -> String {
    let models = models("returns = \"token\"", script, &[scenario]);
    let json = models.freshest(&["check", "--format", "json"]).json();
    json["unreached"].to_string()
}

#[test]
fn a_branch_for_organisations_runs_where_there_are_two_and_is_told_where_there_is_one() {
    assert!(unreached("own-refresh", CONTEXT).contains("return existing"));
    assert!(!unreached("org-w1r1", CONTEXT).contains("return existing"));
    // It is not the name that decides, but whether it is the same.
    let names = "export default (a, b) => a.claims.org_id > 'org_2' ? a : fresher(a, b);";
    let models = models("returns = \"token\"", names, &["org-w1r1"]);
    models
        .freshest(&["check"])
        .ends_with(2)
        .tells(&["the organisation's name"]);
}
