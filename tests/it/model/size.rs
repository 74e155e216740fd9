//! How large a graph is.

use super::*;

/// The small graphs, which a person could draw.
fn graph(tabs: u8, budget: &str) -> (u64, u64) {
    let text = format!("title = \"test\"\ntabs = {tabs}\n[budget]\n{budget}\n");
    let run = run(design("pr-9030"), &scenario(&text));
    assert!(run.complete);
    (run.states, run.transitions)
}

#[test]
fn without_a_budget_nothing_ever_happens() {
    for tabs in [1, 2, 8] {
        let text = format!("title = \"test\"\ntabs = {tabs}\n[budget]\nrefresh = 1\n");
        let mut scenario = scenario(&text);
        scenario.setup.budgets = Budgets::default();
        let run = run(design("pr-9030"), &scenario);
        assert_eq!((run.complete, run.states, run.transitions), (true, 1, 0));
    }
}

#[test]
fn one_refresh_of_a_single_tab_is_a_graph_of_seven_states() {
    // Asked; ticked or not; minted; answered, in either instant.
    assert_eq!(graph(1, "refresh = 1"), (7, 6));
}

#[test]
fn four_tabs_run_to_the_end_and_each_of_them_may_act() {
    let text = "title = \"test\"\ntabs = 4\n[budget]\nrefresh = 1\nskip_cache = 1\n";
    let result = run(design("pr-9030"), &scenario(text));
    assert!(result.complete);
    assert_eq!(
        (result.states, result.transitions),
        (10_936, 30_056),
        "as measured here"
    );
    let violated: Vec<_> = result
        .properties
        .iter()
        .filter(|p| p.steps.is_some())
        .map(|p| p.property)
        .collect();
    // What a call gets is the raw answer, whatever the cache keeps.
    assert_eq!(violated, [Property::ReturnedIsNotOutranked]);
}

#[test]
fn tabs_that_do_the_same_are_interchangeable() {
    let acting = |tab: u8| {
        let only = |name| format!("{name} = {{ count = 1, by = [{tab}] }}\n");
        graph(4, &(only("refresh") + &only("skip_cache")))
    };
    assert!((1..4).all(|tab| acting(tab) == acting(0)));
}

#[test]
fn what_is_under_way_can_always_go_on_without_a_stimulus() {
    let walk = Walk::of("pr-8097", 2, "refresh = 1\nskip_cache = 1\nfail = 1");
    for (system, events) in reachable(&walk.model) {
        let idle = events.iter().all(|event| event.stimulus().is_some());
        assert!(!idle || system.is_quiescent(), "{system:?}");
    }
}
