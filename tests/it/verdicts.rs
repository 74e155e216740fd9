//! The verdicts: what is known of the designs, our own regression values, and mutants.

mod mutants;

use crate::support::{self, Models, catalog, freshest};
use freshest::catalog::Catalog;
use freshest::check::{Agreement, Check, PropertyResult, Report, RunResult};
use freshest::design::Design;
use freshest::freshness::{Org, Row, Table, Winner};
use freshest::model::System;
use freshest::property::{Cause, Group, Monitored, Property, Reading, Verdict};
use freshest::report::document::Screen;
use freshest::report::{Detail, Render, Text};
use freshest::scenario::Scenario;
use freshest::trace::walk_records;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The designs whose behaviour was measured in published releases.
const MEASURED: [&str; 3] = ["iat-guard", "pr-8097", "pr-9030"];

/// Unique states and transitions, by scenario and design, given likewise.
const GRAPHS: [(&str, [(u64, u64); 3]); 6] = [
    ("r1s1", [(483, 750), (517, 784), (447, 730)]),
    ("s2", [(283, 449), (305, 469), (265, 441)]),
    ("r3", [(1158, 2360), (1283, 2540), (1127, 2229)]),
    ("legacy-s2", [(1082, 1891), (1160, 1985), (1080, 1937)]),
    ("age-s1g1a2", [(1658, 2688), (1634, 2680), (1370, 2450)]),
    ("t3-r1s1", [(2572, 5274), (2783, 5601), (2216, 4545)]),
];

/// The whole gate, once for all tests: every design in every scenario under `models/`.
fn gate() -> &'static Report {
    static GATE: LazyLock<Report> = LazyLock::new(|| {
        let run = freshest(&["check", "--format", "json"]);
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
    });
    &GATE
}

/// What takes nineteen of twenty parts of the gate's time.
const LARGE: &str = "\
    app-late clear cookie expiry fail-retry failures fmt-s2g1 legacy-empty legacy-needs-oiat \
    legacy-rollout null-r1s1g1 open-r1s1 open-s2 org-w2r1 org-w2r1-1tab org-w2r1g1-1tab \
    orphan own-refresh rollout-format t3-r1s1 three-tabs touch-t1g1a2 touch-t1r1s1 \
    touch-t1r2 two-forced";

/// The result of a design in a scenario, if the gate ran it.
fn run_of<'r>(gate: &'r Report, design: &str, scenario: &str) -> Option<&'r RunResult> {
    let mut results = gate.results.iter();
    results.find(|r| (&*r.design, &*r.scenario) == (design, scenario))
}

#[track_caller]
fn result(design: &str, scenario: &str) -> &'static RunResult {
    let found = run_of(gate(), design, scenario);
    found.unwrap_or_else(|| panic!("{design} was not run in {scenario}"))
}

/// Whether a line of a data file is more than a comment.
fn says_something(line: &&str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}

/// Length of the shortest counterexample of this property, if it is violated.
fn steps(run: &RunResult, property: Property) -> Option<u32> {
    let found = run.property(property);
    found.expect("every property is judged").steps
}

/// A table of `data/lengths.txt`: its heading names the scenario and the designs, each line a
/// property and, for each design, the length or a dash.
fn compare_lengths(table: &str) {
    let mut lines = table.lines().filter(says_something);
    let heading = lines.next().expect("a heading").split_whitespace();
    let heading: Vec<_> = heading.collect();
    let (scenario, designs) = (heading[0], &heading[1..]);
    let mut known: BTreeMap<(&str, Property), Option<u32>> = BTreeMap::new();
    for line in lines {
        let fields: Vec<_> = line.split_whitespace().collect();
        assert_eq!(fields.len(), heading.len(), "{scenario}: {line}");
        let property = Property::from_name(fields[0]).expect(line);
        for (design, cell) in designs.iter().zip(&fields[1..]) {
            let steps = (*cell != "-").then(|| cell.parse().expect(line));
            let twice = known.insert((design, property), steps);
            assert!(twice.is_none(), "{scenario}: {property} has two lines");
        }
    }
    for design in designs {
        for property in given() {
            let expected = known.get(&(design, property)).copied().flatten();
            let found = steps(result(design, scenario), property);
            assert_eq!(found, expected, "{design} in {scenario}: {property}");
        }
    }
}

/// The violations of a run in the form of `data/life.txt`: `property=length`.
fn violations(run: &RunResult) -> BTreeSet<String> {
    let cell = |property| Some(format!("{property}={}", steps(run, property)?));
    given().filter_map(cell).collect()
}

/// The properties that `data/lengths.txt` and `data/life.txt` are about.
fn given() -> impl Iterator<Item = Property> {
    let all = Property::ALL.into_iter();
    all.filter(|&property| property != Property::LiveTokenIsKept)
        // Of these there are the models' own expectations only.
        .filter(|property| !matches!(property.group(), Group::Callers | Group::Requests))
        .filter(|&property| property != Property::TabsConvergeInRank)
        .filter(|&property| property != Property::EveryPostArrives)
}

#[test]
fn every_known_verdict_and_shortest_length_is_found_again() {
    let tables = include_str!("data/lengths.txt").split("\n\n").skip(1);
    assert_eq!(tables.map(compare_lengths).count(), 9);
}

#[test]
fn every_known_graph_has_the_known_states_and_transitions() {
    for (scenario, row) in GRAPHS {
        for (design, expected) in MEASURED.into_iter().zip(row) {
            let run = result(design, scenario);
            assert_eq!(
                (run.states, run.transitions),
                expected,
                "{design} in {scenario}"
            );
        }
    }
}

/// Compares the runs of the gate that `data/graphs.txt` has, and counts them.
fn compare_graphs(gate: &Report) -> usize {
    let lines = include_str!("data/graphs.txt").lines();
    let mut compared = 0;
    for line in lines.filter(says_something) {
        let fields: Vec<_> = line.split_whitespace().collect();
        let [scenario, design, states, transitions, depth] = fields[..] else {
            panic!("not a line of five fields: {line}");
        };
        let Some(run) = run_of(gate, design, scenario) else {
            continue;
        };
        let found = [run.states, run.transitions, run.depth.into()].map(|n| n.to_string());
        assert_eq!(
            found,
            [states, transitions, depth],
            "{design} in {scenario}"
        );
        compared += 1;
    }
    compared
}

/// The same for `data/life.txt`: sizes and sets of violations compared.
fn compare_life(gate: &Report) -> [usize; 2] {
    let lines = include_str!("data/life.txt").lines();
    let mut cells = [0; 2];
    for line in lines.filter(says_something) {
        let fields: Vec<_> = line.split_whitespace().collect();
        let [scenario, design, states, transitions, violated @ ..] = &fields[..] else {
            panic!("not a line of five fields: {line}");
        };
        let Some(run) = run_of(gate, design, scenario) else {
            continue;
        };
        if *states != "-" {
            let found = [run.states, run.transitions].map(|n| n.to_string());
            assert_eq!(found, [*states, *transitions], "{design} in {scenario}");
            cells[0] += 1;
        }
        let known: BTreeSet<String> = match violated {
            ["-"] => continue,
            ["none"] => BTreeSet::new(),
            violated => violated.iter().map(|&cell| cell.to_owned()).collect(),
        };
        assert_eq!(violations(run), known, "{design} in {scenario}");
        cells[1] += 1;
    }
    cells
}

#[test]
fn the_graphs_of_the_base_scenarios_have_not_changed() {
    let expected = 12 * 15 + 23 * 17;
    let compared = compare_graphs(gate());
    assert_eq!(compared, expected, "every base scenario and every design");
}

#[test]
fn what_was_published_of_the_life_of_tabs_is_found_again() {
    assert_eq!(compare_life(gate()), [141, 129], "all that was published");
}

/// What mutants of this program meet first: most of the gate's runs, in a twentieth of its time.
#[test]
fn small_scenarios_are_as_known() {
    let scenarios = catalog().scenarios.iter().map(|scenario| &*scenario.name);
    let large: Vec<_> = LARGE.split(' ').collect();
    let small: Vec<_> = scenarios.filter(|name| !large.contains(name)).collect();
    assert_eq!(small.len() + large.len(), catalog().scenarios.len());
    let run = freshest(&["check", "--scenario", &small.join(","), "--format", "json"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let gate: Report = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {run:?}"));
    assert!(compare_graphs(&gate) > 200);
    assert!(compare_life(&gate).into_iter().all(|cells| cells > 60));
}

#[test]
fn every_verdict_is_as_the_models_say() {
    let differing = |(run, property): (&RunResult, &PropertyResult)| {
        (property.agreement != Agreement::Agrees).then(|| {
            let (design, scenario, name) = (&run.design, &run.scenario, property.property);
            format!("{design}, {scenario}: {name} is {}", property.verdict)
        })
    };
    let all: Vec<_> = gate().properties().filter_map(differing).collect();
    assert!(all.is_empty(), "{all:#?}");
    assert_eq!(gate().agreement(), Agreement::Agrees);
}

#[test]
fn every_run_of_the_gate_was_complete_and_every_design_met_every_scenario() {
    let catalog = catalog();
    // A design of one platform does not run in the scenarios of another.
    let met = |design: &Design| {
        let met = catalog
            .scenarios
            .iter()
            .filter(|scenario| design.runs_in(scenario));
        met.count()
    };
    assert!(catalog.designs.iter().all(|design| met(design) > 0));
    assert_eq!(
        gate().results.len(),
        catalog.designs.iter().map(met).sum::<usize>()
    );
    for run in &gate().results {
        assert!(run.complete && run.bound.is_none(), "{run:?}");
        assert_eq!(run.properties.len(), Property::ALL.len());
    }
}

#[test]
fn every_verdict_that_is_not_holds_has_its_reason() {
    for (run, property) in gate().properties() {
        if property.verdict != Verdict::Holds {
            let because = property.because.as_deref().unwrap_or_default();
            assert!(
                because.len() > 20,
                "{} {} {property:?}",
                run.design,
                run.scenario
            );
        }
    }
}

#[test]
fn every_counterexample_is_as_long_as_its_steps_say() {
    for (run, property) in gate().properties() {
        let length = property.counterexample.as_ref().map(Vec::len);
        let steps = property.steps.map(|steps| steps as usize);
        assert_eq!(length, steps, "{} in {}", run.design, run.scenario);
        assert_eq!(property.verdict == Verdict::Violated, steps.is_some());
    }
}

#[test]
fn every_counterexample_ends_with_what_violates_its_property_and_nothing_before_does() {
    for (run, result) in gate().properties() {
        let Some(events) = &result.counterexample else {
            continue;
        };
        let place = format!("{}: {} in {}", result.property, run.design, run.scenario);
        let design = support::design(&run.design);
        let setup = &support::known_scenario(&run.scenario).setup;
        let model = Monitored::new(
            design.policy,
            setup,
            [result.property].into_iter().collect(),
        );
        let steps = walk_records(&model, events).unwrap();
        let (last, before) = steps.split_last().expect("a violation takes a step");
        assert!(
            before.iter().all(|step| step.violations.is_empty()),
            "{place}"
        );
        assert!(!last.violations.is_empty(), "{place}");
        for violation in &last.violations {
            assert_eq!(violation.property, result.property, "{place}");
            let told = violation.cause.to_string();
            assert!(told.len() > 20 && !told.contains('\n'), "{place}: {told}");
            if let Cause::Older {
                tab,
                held,
                holds,
                reading,
            } = &violation.cause
            {
                let older = match reading {
                    Reading::Oiat => holds.oiat < held.oiat,
                    Reading::Claims => holds.claims < held.claims,
                };
                let has = |system: &System, token| {
                    let tab = system.tab(*tab);
                    Org::ALL.iter().any(|&key| tab.readable(key) == Some(token))
                };
                assert!(older && has(&last.after, holds), "{place}: {told}");
                let once = steps.iter().any(|step| has(&step.before, held));
                assert!(once, "{place}: {told}");
            }
        }
    }
}

#[test]
fn every_row_of_the_table_decides_something_somewhere() {
    for row in Row::ALL {
        let decides = |run: &RunResult| run.rows.contains(&row);
        for design in MEASURED {
            let mut runs = gate().results.iter().filter(|run| run.design == design);
            assert!(runs.any(decides), "{design} never decided by row {row}");
        }
    }
}

#[test]
fn every_property_is_violated_by_some_design_and_held_by_another() {
    // No scenario here limits requests: tests of their own do.
    let all = Property::ALL.into_iter();
    for property in all.filter(|property| property.group() != Group::Requests) {
        let verdicts = gate().properties().filter(|(_, p)| p.property == property);
        let verdicts: Vec<_> = verdicts.map(|(_, p)| p.verdict).collect();
        assert!(verdicts.contains(&Verdict::Violated), "{property}");
        assert!(verdicts.contains(&Verdict::Holds), "{property}");
    }
}

#[test]
fn the_table_of_the_whole_gate_fits_in_80_columns() {
    let catalog = crate::support::catalog();
    for detail in [Detail::Digest, Detail::Full] {
        let text = Text {
            screen: Screen::default(),
            detail,
            catalog: Some(catalog),
        };
        let text = text
            .render(gate())
            .unwrap_or_else(|error| panic!("{error}"));
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
        if detail == Detail::Digest {
            assert!(text.lines().count() <= 40, "{text}");
        }
    }
}

#[test]
fn of_a_late_answer_after_sign_out_the_design_that_discards_it_is_not_blamed_and_the_others_are() {
    let models = Models::of(&["compare-and-swap", "pr-9030", "proposal-life"], &[]);
    let budgets = [
        "skip_cache = 1\nsign_out = 1",
        "touch = 1\nsign_out = 1",
        "refresh = 1\nskip_cache = 1\nsign_out = 1",
    ];
    for (number, budget) in budgets.iter().enumerate() {
        let text = format!("title = \"Late\"\ntabs = 1\n[budget]\n{budget}\n");
        models.write(&format!("scenarios/late-{number}.toml"), text);
    }
    let catalog = Catalog::load(models.path()).expect("models");
    let violated = |design: &str, scenario: &Scenario| {
        let design = catalog.design(design).expect("a design");
        let run = Check::new(design, scenario).run().expect("a run");
        let violated = run
            .properties
            .into_iter()
            .filter(|one| one.verdict == Verdict::Violated);
        violated.map(|one| one.property).collect::<Vec<_>>()
    };
    for scenario in &catalog.scenarios {
        let out = Property::NoCookieAfterSignout;
        assert!(
            violated("pr-9030", scenario).contains(&out),
            "{}",
            scenario.name
        );
        for property in [out, Property::UpdateReachesCookie] {
            assert!(!violated("proposal-life", scenario).contains(&property));
        }
    }
    let fetch = catalog.scenario("late-0").expect("a scenario");
    assert_eq!(violated("compare-and-swap", fetch), []);
}
