//! `every-post-arrives`: when a post is lost for good, when none is, and when nothing could be.

use crate::support::{Models, design, run, scenario};
use freshest::property::{Property, Verdict};

/// What is said of posts in a scenario with this many tabs and this budget.
fn judged(name: &str, tabs: u8, budget: &str) -> (Verdict, Option<u32>) {
    let text = format!("title = \"x\"\ntabs = {tabs}\n[budget]\n{budget}\n");
    let result = run(design(name), &scenario(&text));
    let mut of = result.properties.iter();
    let found = of.find(|of| of.property == Property::EveryPostArrives);
    let found = found.expect("it is judged");
    (found.verdict, found.steps)
}

const HOLDS: (Verdict, Option<u32>) = (Verdict::Holds, None);
const VACUOUS: (Verdict, Option<u32>) = (Verdict::Vacuous, None);

fn violated(steps: u32) -> (Verdict, Option<u32>) {
    (Verdict::Violated, Some(steps))
}

#[test]
fn what_is_posted_arrives_where_nothing_gets_lost() {
    for name in ["pr-8097", "pr-9030", "pr-9284", "lock", "proposal"] {
        for tabs in [2, 3] {
            assert_eq!(judged(name, tabs, "refresh = 1"), HOLDS, "{name}");
        }
        assert_eq!(judged(name, 2, "skip_cache = 1"), HOLDS, "{name}");
    }
}

#[test]
fn a_broadcast_that_is_lost_never_arrives_although_a_timer_may_bring_another() {
    for budget in [
        "refresh = 1\nlose = 1",
        // What may happen need not.
        "refresh = 2\nlose = 1",
        "refresh = 1\nget_token = 1\nlose = 1",
    ] {
        assert_eq!(judged("pr-9284", 2, budget), violated(5), "{budget}");
        // It reached one of two others.
        assert_eq!(
            judged("pr-9284", 3, budget).0,
            Verdict::Violated,
            "{budget}"
        );
    }
}

#[test]
fn a_post_is_lost_to_an_answer_that_a_cleared_cache_does_not_keep() {
    let asked = "refresh = 1\nskip_cache = 1\nget_token = 1";
    assert_eq!(judged("pr-9284", 2, asked), HOLDS);
    let cleared = format!("{asked}\nclear_cache = 1");
    assert_eq!(judged("pr-9284", 2, &cleared), violated(9));
    // Under a lock no fetch is under way beside the one that posts.
    assert_eq!(judged("lock", 2, &cleared), HOLDS);
}

#[test]
fn a_tab_that_closes_or_signs_out_is_owed_nothing() {
    for end in ["close = 1", "sign_out = 1"] {
        let budget = format!("refresh = 1\n{end}");
        assert_eq!(judged("pr-9284", 2, &budget), HOLDS, "{end}");
    }
}

#[test]
fn without_another_tab_or_without_a_post_of_a_token_nothing_could_get_lost() {
    assert_eq!(judged("pr-9284", 1, "refresh = 2\nskip_cache = 1"), VACUOUS);
    assert_eq!(judged("invalidate", 2, "refresh = 1\nlose = 1"), VACUOUS);
    // Nothing that is posted is news to anybody.
    assert_eq!(judged("pr-9284", 2, "get_token = 1"), VACUOUS);
}

#[test]
fn the_tab_that_goes_without_and_the_one_that_posted_are_told() {
    let models = Models::of(&[], &[]);
    let text = "title = \"x\"\ntabs = 2\n[budget]\nrefresh = 1\nlose = 1\n";
    models.write("scenarios/lossy.toml", text);
    let plain =
        "title = \"x\"\n[rule]\ncomparator = \"table\"\n[guards]\nsites = [\"broadcast\"]\n";
    models.write("designs/plain.toml", plain);
    let run = models.freshest(&["explain", "plain", "lossy", "every-post-arrives"]);
    let told = "tab 1 never gets [oiat 1, iat 2], which tab 0 posted, nor anything as fresh";
    run.ends_with(0).prints(&["VIOLATED in step 5", told]);
}
