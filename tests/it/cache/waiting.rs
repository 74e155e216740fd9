//! A broadcast that arrives during a fetch waits for it.

use super::*;

/// A tab with a pending fetch for which these wait.
fn with_waiting(name: &str, cached: ModelToken, waiting: &[ModelToken]) -> Tab {
    let mut tab = Tab::holding(name, cached);
    tab.skip_cache();
    for token in waiting {
        tab.broadcast(*token);
    }
    tab
}

#[test]
fn waiting_broadcasts_run_after_the_dispatch() {
    let mut tab = with_waiting("pr-8097", T0, &[FRESHEST]);
    tab.answer(F0, FRESH);
    let position =
        |wanted: &dyn Fn(&Effect<ModelToken>) -> bool| tab.effects.iter().position(wanted);
    let written = position(&|effect| *effect == write(FRESH));
    let compared = position(&|effect| matches!(effect, Effect::Saw(Observation::Compared(_))));
    assert!(written.is_some() && written < compared, "{:?}", tab.effects);
    assert_eq!(tab.last(), Some(FRESH), "an adopted broadcast is no seed");
}

/// Who judges has to know what was there to be kept.
#[test]
fn that_waiting_broadcasts_ran_is_told_if_there_were_any() {
    let ran = |effect: &Effect<ModelToken>| match effect {
        Effect::Saw(Observation::WaitingRan { key, waiting }) => Some((*key, waiting.clone())),
        _ => None,
    };
    for name in ["pr-8097", "pr-9030"] {
        let told = |waiting: &[ModelToken]| {
            let mut tab = with_waiting(name, T0, waiting);
            tab.answer(F0, FRESH).effects.iter().find_map(ran)
        };
        assert_eq!(
            told(&[STALE, FRESHEST]),
            Some((KEY, vec![STALE, FRESHEST])),
            "{name}"
        );
        assert_eq!(told(&[]), None, "{name}");
    }
}

#[test]
fn a_waiting_broadcast_is_rejected_only_if_the_answer_is_strictly_fresher() {
    for name in ["pr-8097", "pr-9030", "session-guards-tie"] {
        let after = |broadcast| {
            let mut tab = with_waiting(name, T0, &[broadcast]);
            tab.answer(F0, FRESH).cache.at(KEY).token().copied()
        };
        assert_eq!(after(STALE), Some(FRESH), "{name}");
        assert_eq!(after(TWIN), Some(TWIN), "{name}");
        assert_eq!(after(FRESHEST), Some(FRESHEST), "{name}");
    }
}

#[test]
fn before_9030_the_last_accepted_broadcast_wins_even_over_a_fresher_one() {
    for name in ["iat-guard", "pr-8097"] {
        let mut tab = with_waiting(name, T0, &[FRESHEST, token(3, 3), T0]);
        tab.answer(F0, FRESH);
        assert_eq!(tab.slot(), resolved(token(3, 3), false, false), "{name}");
        assert_eq!(tab.asked(), posts_and_writes(FRESH, FRESH), "{name}");
    }
}

#[test]
fn in_9030_the_accepted_broadcasts_are_folded_to_the_freshest() {
    let mut tab = with_waiting("pr-9030", T0, &[FRESHEST, token(3, 3), T0]);
    tab.answer(F0, FRESH);
    assert_eq!(
        tab.slot(),
        resolved(FRESHEST, false, false),
        "one put, not own"
    );
    assert_eq!(
        tab.asked(),
        posts_and_writes(FRESH, FRESH),
        "and no post of it"
    );
}

#[test]
fn waiting_broadcasts_are_compared_with_the_answer_and_not_with_the_slot() {
    for name in ["pr-8097", "pr-9030", "iat-guard"] {
        let mut tab = Tab::of(name);
        tab.refresh().skip_cache().broadcast(FRESH);
        tab.background(FRESHEST).answer(F0, token(1, 1));
        let guard: Vec<_> = tab
            .compared()
            .into_iter()
            .filter(|comparison| comparison.0 == Site::Broadcast)
            .collect();
        assert_eq!(guard, [(Site::Broadcast, T0, FRESH)], "{name}");
    }
}

#[test]
fn before_9030_an_accepted_broadcast_replaces_a_slot_that_became_fresher() {
    let mut tab = Tab::of("pr-8097");
    tab.refresh().skip_cache().broadcast(FRESH);
    tab.background(FRESHEST).answer(F0, T0);
    assert_eq!(tab.slot(), resolved(FRESH, false, false));
}

#[test]
fn in_9030_the_fold_starts_from_the_slots_base_so_that_a_fresher_slot_stays() {
    let mut tab = Tab::of("pr-9030");
    tab.refresh().skip_cache().broadcast(FRESH);
    tab.background(FRESHEST).answer(F0, T0);
    assert_eq!(
        tab.slot(),
        resolved(FRESHEST, false, false),
        "put again, not own"
    );
}

#[test]
fn an_accepted_broadcast_replaces_even_a_newer_pending_entry() {
    for name in ["iat-guard", "pr-8097", "pr-9030"] {
        let mut tab = with_waiting(name, T0, &[FRESHEST]);
        tab.skip_cache().answer(F0, FRESH);
        assert_eq!(tab.slot(), resolved(FRESHEST, false, false), "{name}");
        assert_eq!(tab.in_flight(), [F1], "{name}: the newer fetch goes on");
    }
}

#[test]
fn if_none_is_accepted_there_is_no_put_and_a_pending_slot_stays_pending() {
    let mut tab = with_waiting("pr-8097", T0, &[T0]);
    tab.skip_cache().answer(F0, FRESH);
    assert_eq!(tab.slot(), pending(F1, None));
    let mut tab = with_waiting("pr-9030", T0, &[T0]);
    tab.skip_cache().answer(F0, FRESH);
    assert_eq!(tab.slot(), pending(F1, Some(FRESH)));
}

#[test]
fn broadcasts_that_wait_for_another_fetch_stay_where_they_are() {
    let mut tab = Tab::of("pr-8097");
    tab.skip_cache()
        .skip_cache()
        .broadcast(FRESH)
        .answer(F0, STALE);
    assert_eq!(tab.waiting(F1), [FRESH]);
    assert_eq!(tab.slot(), pending(F1, None));
}
