//! Changes of a design, each with the scenario that catches it and the exit code of the gate.

use super::*;

/// A line of a design file, what becomes of it, and who notices.
struct Mutant {
    design: &'static str,
    from: String,
    to: String,
    scenario: &'static str,
    exit: i32,
}

/// The standard table with one row turned round.
fn row(design: &'static str, row: Row, scenario: &'static str, exit: i32) -> Mutant {
    let other = match Table::STANDARD.winner(row) {
        Winner::Existing => Winner::Incoming,
        Winner::Incoming => Winner::Existing,
    };
    let from = "comparator = \"table\"".to_owned();
    let to = format!("{from}\n{row} = \"{other}\"");
    Mutant {
        design,
        from,
        to,
        scenario,
        exit,
    }
}

/// A design without one of its guards.
fn without(design: &'static str, site: &str, scenario: &'static str) -> Mutant {
    let sites = support::design(design)
        .policy
        .guards
        .sites()
        .map(|site| site.name());
    let list = |sites: &[&str]| format!("sites = {sites:?}");
    let all: Vec<_> = sites.collect();
    let rest: Vec<_> = all.iter().copied().filter(|&name| name != site).collect();
    assert_ne!(all, rest, "{design} has no guard at {site}");
    let (from, to) = (list(&all), list(&rest));
    Mutant {
        design,
        from,
        to,
        scenario,
        exit: 1,
    }
}

impl Mutant {
    fn models(&self) -> Models {
        let models = Models::copy();
        let file = format!("designs/{}.toml", self.design);
        models.edit(&file, &self.from, &self.to);
        models
    }

    /// The gate has to fail in the scenario that catches the mutant, and to pass without it.
    fn is_caught(&self) {
        let args = [
            "check",
            "--design",
            self.design,
            "--scenario",
            self.scenario,
        ];
        freshest(&args).ends_with(0);
        self.models().freshest(&args).ends_with(self.exit);
    }
}

#[test]
fn the_gate_of_8097_fails_when_a_row_of_its_table_is_turned_round() {
    let caught = [
        (Row::A1, "empty-g2f1"),
        (Row::A2, "empty-g2f1"),
        (Row::A4, "broadcast-only"),
        (Row::A5, "fmt-s2g1"),
        (Row::B1, "legacy-s2"),
        (Row::B2, "legacy-s2"),
        (Row::B3, "legacy-s2"),
    ];
    for (which, scenario) in caught {
        row("pr-8097", which, scenario, 1).is_caught();
    }
}

/// In #8097 only the broadcast guard asks the comparator. To take a broadcast that has the same
/// claims and an earlier `iat` lowers no `oiat`, makes no claims older and changes no seed: only
/// the ranks that tabs end with tell.
#[test]
fn row_a3_of_8097_turned_round_is_noticed_by_the_ranks_that_tabs_end_with_and_nothing_else() {
    let mutant = row("pr-8097", Row::A3, "r1s1", 1);
    let args = ["check", "--design", "pr-8097", "--format", "json"];
    let run = mutant.models().freshest(&args).ends_with(1);
    let report: Report = serde_json::from_str(&run.stdout).expect("a report");
    let noticed: BTreeSet<_> = report.deviations().map(|(_, of)| of.property).collect();
    assert_eq!(noticed, BTreeSet::from([Property::TabsConvergeInRank]));
}

#[test]
fn the_gate_of_9030_fails_when_a_row_of_its_table_is_turned_round() {
    let caught = [
        (Row::A1, "empty-g2f1", 1),
        (Row::A2, "empty-g2f1", 1),
        (Row::A3, "own-refresh", 1),
        (Row::A4, "broadcast-only", 1),
        (Row::A5, "fmt-s2g1", 1),
        (Row::B1, "legacy-s2", 1),
        // No token with oiat gets in any more, so that nothing is left that could go wrong, not
        // even what is known to.
        (Row::B2, "legacy-s2", 1),
        (Row::B3, "legacy-s2", 1),
    ];
    for (which, scenario, exit) in caught {
        row("pr-9030", which, scenario, exit).is_caught();
    }
}

#[test]
fn the_gate_fails_when_a_guard_is_dropped() {
    without("pr-8097", "broadcast", "empty-g2f1").is_caught();
    without("pr-9030", "broadcast", "two-forced").is_caught();
    without("pr-9030", "baseline", "broadcast-only").is_caught();
    without("pr-9030", "seed", "own-refresh").is_caught();
    without("pr-9030", "cookie", "empty-g2f1").is_caught();
}

#[test]
fn the_gate_fails_when_a_draft_takes_the_rule_or_the_seed_of_another_design() {
    let mutant = |design, from: &str, to: &str, scenario| Mutant {
        design,
        from: from.to_owned(),
        to: to.to_owned(),
        scenario,
        exit: 1,
    };
    mutant(
        "cache-seed",
        "seed = \"cache\"",
        "seed = \"last-active\"",
        "r3",
    )
    .is_caught();
    mutant("iat-guard", "\"iat-only\"", "\"table\"", "broadcast-only").is_caught();
    mutant("four-guards", "\"oiat-else-iat\"", "\"table\"", "fmt-s2g1").is_caught();
    mutant("session-guards", "A5 = \"existing\"\n", "", "fmt-s2g1").is_caught();
}

#[test]
fn the_gate_fails_when_a_guard_of_a_draft_is_dropped() {
    without("four-guards", "broadcast", "own-refresh").is_caught();
    without("four-guards", "install", "r1s1").is_caught();
    without("four-guards", "dispatch", "legacy-s2").is_caught();
    without("four-guards", "cookie", "s2").is_caught();
    without("session-guards", "broadcast", "s2").is_caught();
    without("session-guards", "dispatch", "s2").is_caught();
}

#[test]
fn the_gate_fails_when_the_guard_of_a_family_is_dropped() {
    without("high-water", "high-water", "own-refresh").is_caught();
}

#[test]
fn the_gate_fails_when_a_family_loses_what_makes_it_one() {
    for (design, from, to) in [
        ("epoch", "\"epoch\"", "\"table\""),
        ("iat-strict", "\"iat-strict\"", "\"iat-only\""),
        ("iat-or-tie", "\"iat-only\"", "\"iat-strict\""),
        ("invalidate", "\"invalidation\"", "\"token\""),
        ("compare-and-swap", "\"compare-and-swap\"", "\"install\""),
        ("lock", "\"locked\"", "\"free\""),
    ] {
        let mutant = Mutant {
            design,
            from: from.to_owned(),
            to: to.to_owned(),
            scenario: "own-refresh",
            exit: 1,
        };
        mutant.is_caught();
    }
}
