//! What no pair of tokens reached is said: no verdict is about it.

use super::*;

#[track_caller]
fn unreached(script: &str) -> String {
    let models = models("rule.ts", script);
    let run = models.freshest(&["check", "--scenario", "s2"]);
    let parts = run.stdout.split("no verdict is about them:\n").nth(1);
    let lines = parts.unwrap_or_default().lines();
    let lines = lines.take_while(|line| line.starts_with("  "));
    let lines = lines.map(|line| match line.split_once("rule.ts:") {
        Some((_, part)) => part.to_owned(),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_branch_a_function_and_a_case_that_never_ran_are_said_with_their_lines() {
    let script = "type T = any;
export function pickFreshestJwt(existing: T, incoming: T): T {
  if (existing == null) return incoming;
  if (existing.claims.sid !== incoming.claims.sid) return incoming;
  if ((existing.claims.org_id ?? '') !== (incoming.claims.org_id ?? '')) return existing;
  switch (existing.header.alg) {
    case 'none':
      return existing;
    case 'RS256':
      break;
  }
  const helper = () => unused(1);
  for (const x of []) { helper(); }
  return existing.header.oiat > incoming.header.oiat ? existing : incoming;
}
function unused(n: number) {
  return n ? 1 : 2;
}
";
    let told = unreached(script);
    for line in [
        "3: return incoming;",
        "4: return incoming;",
        "5: return existing;",
        "7: case",
        "12: unused(1)",
        "13: { helper(); }",
    ] {
        assert!(told.contains(line), "{line} is not in:\n{told}");
    }
    let lines = told.lines().filter_map(|line| line.split_once(':'));
    let lines: Vec<&str> = lines.map(|(line, _)| line).collect();
    assert_eq!(lines, ["3", "4", "5", "7", "12", "13", "16"], "{told}");
}

#[test]
fn nothing_is_said_where_everything_ran() {
    let script = "export const pickFreshestJwt = (a, b) =>
            a.header.oiat > b.header.oiat && a.claims ? a : b;";
    assert_eq!(unreached(script), "");
}

#[test]
fn a_branch_that_another_scenario_reaches_is_not_said() {
    let script = "export const pickFreshestJwt = (a, b) => a.claims.azp ? a : b;";
    assert_eq!(unreached(script), "1: a");
    let models = models("rule.ts", script);
    let run = models.freshest(&["check"]);
    assert!(
        !run.stdout.contains("no verdict is about"),
        "{}",
        run.stdout
    );
}

#[test]
fn the_results_as_json_have_them_too() {
    let script = "export const pickFreshestJwt = (a, b) => a.claims.org_id ? a : b;";
    let run = models("rule.ts", script).freshest(&["check", "--format", "json"]);
    let results: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(
        results["unreached"][0]["line"], 1,
        "{}",
        results["unreached"]
    );
}
