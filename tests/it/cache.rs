//! One tab's cache, in each design, sentence by sentence.

use crate::support::{catalog, design, legacy, token};
use crate::tab::{FRESH, STALE, T0, Tab};
use freshest::cache::{
    Asks, Cache, Comparison, Effect, Entry, Event, FetchId, Guards, Measure, Measures, Observation,
    Own, Policy, RequestKind, SessionId, Site, Slot, Spoiled, TokenRequest, Writer, cookie_accepts,
};
use freshest::freshness::{Org, Winner};
use freshest::vocabulary::{Age, ModelToken};

const KEY: Org = Org::PERSONAL;
const F0: FetchId = FetchId(0);
const F1: FetchId = FetchId(1);

/// Read from the database after `FRESH`.
const FRESHEST: ModelToken = token(4, 4);
/// Of the same rank as `FRESH`, with a newer format.
const TWIN: ModelToken = ModelToken { fmt: 1, ..FRESH };

/// The designs that carry no base across fetches.
const WITHOUT_BASELINE: [&str; 5] = [
    "iat-guard",
    "pr-8097",
    "four-guards",
    "session-guards",
    "session-guards-tie",
];

impl Tab {
    /// A tab that knows nothing.
    fn empty(design_name: &str) -> Tab {
        Tab {
            cache: Cache::empty(),
            ..Tab::of(design_name)
        }
    }

    /// A tab that holds this token from its own fetch, and its seed.
    fn holding(design_name: &str, cached: ModelToken) -> Tab {
        let tab = Tab::of(design_name);
        Tab {
            cache: Cache::resolved(cached, &tab.policy),
            ..tab
        }
    }

    fn refresh(&mut self) -> &mut Tab {
        self.hears(Event::RefreshTimer { key: KEY })
    }

    fn skip_cache(&mut self) -> &mut Tab {
        self.hears(Event::SkipCache)
    }

    fn get_token(&mut self) -> &mut Tab {
        self.hears(Event::GetToken)
    }

    fn background(&mut self, token: ModelToken) -> &mut Tab {
        let request = TokenRequest::Background(KEY);
        self.hears(Event::Answer { request, token })
    }

    fn answer(&mut self, fetch: FetchId, token: ModelToken) -> &mut Tab {
        let request = TokenRequest::Fetch(fetch);
        self.hears(Event::Answer { request, token })
    }

    fn fail(&mut self, fetch: Option<FetchId>) -> &mut Tab {
        let request = TokenRequest::personal(fetch);
        self.hears(Event::Spoiled {
            how: Spoiled::Failed,
            request,
        })
    }

    fn broadcast(&mut self, token: ModelToken) -> &mut Tab {
        self.hears(Event::Broadcast { key: KEY, token })
    }

    fn slot(&self) -> Slot<ModelToken> {
        self.cache.at(KEY).slot.clone()
    }

    fn last(&self) -> Option<ModelToken> {
        self.cache.last().copied()
    }

    fn set_last(&mut self, last: Option<ModelToken>) {
        self.cache.sessions[0].last = last;
    }

    fn is_refreshing(&self) -> bool {
        self.cache.at(KEY).background.is_some()
    }

    /// Tokens up to this `iat` are near their expiry.
    fn near(&mut self, iat: u8) -> &mut Tab {
        self.age = Age(2 * iat - 1);
        self
    }

    /// Tokens up to this `iat` are expired.
    fn dead(&mut self, iat: u8) -> &mut Tab {
        self.age = Age(2 * iat);
        self
    }

    /// What the last event asked for, without the evidence.
    fn asked(&self) -> Vec<Effect<ModelToken>> {
        let real = |effect: &&Effect<ModelToken>| !matches!(effect, Effect::Saw(_));
        self.effects.iter().filter(real).cloned().collect()
    }

    /// The comparisons of the last event.
    fn compared(&self) -> Vec<(Site, ModelToken, ModelToken)> {
        let comparison = |effect: &Effect<ModelToken>| match effect {
            Effect::Saw(Observation::Compared(Comparison {
                site,
                existing,
                incoming,
                ..
            })) => Some((*site, *existing, *incoming)),
            _ => None,
        };
        self.effects.iter().filter_map(comparison).collect()
    }

    fn waiting(&self, fetch: FetchId) -> &[ModelToken] {
        let found = self.cache.fetches.iter().find(|f| f.id == fetch);
        &found.expect("the fetch is in flight").waiting
    }

    fn in_flight(&self) -> Vec<FetchId> {
        self.cache.fetches.iter().map(|fetch| fetch.id).collect()
    }
}

const fn resolved(token: ModelToken, own: bool, armed: bool) -> Slot<ModelToken> {
    // Without a baseline an entry is the tab's own as long as it is armed.
    let own = if own || armed {
        Some(Own {
            session: SessionId(0),
            asks: Asks::Session,
            armed,
        })
    } else {
        None
    };
    Slot::Resolved(Entry { token, own })
}

const fn pending(fetch: FetchId, base: Option<ModelToken>) -> Slot<ModelToken> {
    Slot::Pending { fetch, base }
}

const fn request(
    fetch: Option<FetchId>,
    parent: Option<ModelToken>,
    forced: bool,
) -> Effect<ModelToken> {
    Effect::Request {
        kind: RequestKind::Token(TokenRequest::personal(fetch)),
        org: KEY,
        parent,
        forced,
    }
}

const fn post(token: ModelToken) -> Effect<ModelToken> {
    Effect::Post { key: KEY, token }
}

const fn write(token: ModelToken) -> Effect<ModelToken> {
    let writer = Writer::FOREMOST;
    Effect::WriteCookie { token, writer }
}

const fn withhold(token: ModelToken) -> Effect<ModelToken> {
    let writer = Writer::FOREMOST;
    Effect::WithholdCookie { token, writer }
}

/// Posted, then dispatched: what an accepted answer asks for.
fn posts_and_writes(posted: ModelToken, written: ModelToken) -> Vec<Effect<ModelToken>> {
    vec![post(posted), write(written)]
}

fn accepts(design_name: &str, age: u8, cookie: Option<ModelToken>, incoming: ModelToken) -> bool {
    let policy = design(design_name).policy;
    cookie_accepts(&policy, &Age(age), cookie.as_ref(), &incoming).0
}

mod start {
    use super::*;

    #[test]
    fn a_tab_starts_with_an_own_armed_entry_and_the_same_token_as_its_seed() {
        let tab = Tab::of("pr-9030");
        assert_eq!(tab.slot(), resolved(T0, true, true));
        assert_eq!(tab.last(), Some(T0));
        assert!(!tab.is_refreshing() && tab.cache.fetches.is_empty());
    }

    #[test]
    fn without_a_baseline_an_entry_is_armed_too() {
        for name in WITHOUT_BASELINE {
            assert_eq!(Tab::of(name).slot(), resolved(T0, false, true), "{name}");
        }
    }
}

mod refresh {
    use super::*;

    #[test]
    fn a_refresh_disarms_the_entry_and_sends_an_unforced_request_with_the_seed() {
        let mut tab = Tab::of("pr-8097");
        tab.set_last(Some(FRESH));
        tab.refresh();
        assert_eq!(tab.asked(), [request(None, Some(FRESH), false)]);
        assert_eq!(tab.slot(), resolved(T0, false, false), "it stays resolved");
        assert!(tab.is_refreshing());
    }

    #[test]
    fn a_refresh_clears_armed_and_never_own() {
        let mut tab = Tab::of("pr-9030");
        assert_eq!(tab.refresh().slot(), resolved(T0, true, false));
    }

    #[test]
    fn a_refresh_while_another_is_under_way_disarms_and_sends_nothing() {
        let mut tab = Tab::of("pr-8097");
        tab.refresh().skip_cache().answer(F0, FRESH).refresh();
        assert_eq!(tab.asked(), []);
        assert_eq!(tab.slot(), resolved(FRESH, false, false));
        assert!(tab.is_refreshing());
    }

    #[test]
    fn a_background_failure_only_clears_the_mark() {
        for name in ["pr-8097", "pr-9030"] {
            let mut tab = Tab::of(name);
            tab.refresh();
            let slot = tab.slot();
            tab.fail(None);
            assert_eq!((&tab.slot(), tab.last()), (&slot, Some(T0)));
            assert!(!tab.is_refreshing() && tab.effects.is_empty());
        }
    }

    #[test]
    fn an_adopted_entry_has_no_refresh_timer() {
        for name in ["pr-8097", "pr-9030", "iat-guard"] {
            let mut tab = Tab::of(name);
            tab.broadcast(FRESH);
            assert_eq!(tab.slot(), resolved(FRESH, false, false), "{name}");
        }
    }
}

mod skip_cache {
    use super::*;

    #[test]
    fn skip_cache_sends_a_forced_request_and_the_slot_becomes_pending() {
        for name in WITHOUT_BASELINE {
            let mut tab = Tab::of(name);
            tab.skip_cache();
            assert_eq!(tab.asked(), [request(Some(F0), Some(T0), true)], "{name}");
            assert_eq!(tab.slot(), pending(F0, None), "{name} keeps no base");
        }
    }

    #[test]
    fn the_old_token_becomes_the_base_of_9030_even_near_or_dead() {
        for age in [0, 1, 2] {
            let mut tab = Tab::of("pr-9030");
            tab.age = Age(age);
            assert_eq!(tab.skip_cache().slot(), pending(F0, Some(T0)));
        }
    }

    #[test]
    fn a_second_fetch_takes_over_the_base_of_the_first_in_9030() {
        let mut tab = Tab::of("pr-9030");
        assert_eq!(tab.skip_cache().skip_cache().slot(), pending(F1, Some(T0)));
    }

    #[test]
    fn a_fetch_from_an_empty_slot_has_no_base_and_no_parent() {
        let mut tab = Tab::empty("pr-9030");
        assert_eq!(tab.skip_cache().slot(), pending(F0, None));
        assert_eq!(tab.asked(), [request(Some(F0), None, true)]);
    }

    #[test]
    fn a_fetch_takes_the_smallest_number_that_no_fetch_in_flight_has() {
        let mut tab = Tab::of("pr-8097");
        tab.skip_cache().skip_cache().skip_cache();
        assert_eq!(tab.in_flight(), [F0, F1, FetchId(2)]);
        tab.answer(F1, FRESH).skip_cache();
        assert_eq!(tab.slot(), pending(F1, None), "1 was free again");
        tab.fail(Some(F0)).skip_cache();
        assert_eq!(tab.slot(), pending(F0, None), "a failure frees it too");
        assert_eq!(tab.in_flight(), [F0, F1, FetchId(2)]);
    }

    #[test]
    fn a_background_refresh_takes_no_number() {
        let mut tab = Tab::of("pr-8097");
        assert_eq!(tab.refresh().skip_cache().slot(), pending(F0, None));
        assert_eq!(tab.in_flight(), [F0]);
    }
}

mod get_token {
    use super::*;

    #[test]
    fn a_hit_writes_the_cookie_and_leaves_the_seed_alone() {
        for name in ["iat-guard", "pr-8097", "pr-9030", "cache-seed"] {
            let mut tab = Tab::of(name);
            tab.broadcast(FRESH).get_token();
            assert_eq!(tab.asked(), [write(FRESH)], "{name}");
            assert_eq!(tab.last(), Some(T0), "{name}");
            assert_eq!(tab.cache.at(KEY).token(), Some(&FRESH), "{name}");
        }
    }

    #[test]
    fn a_near_or_dead_token_is_dropped_and_fetched_anew_unforced_and_without_a_base() {
        for name in ["pr-8097", "pr-9030", "iat-guard"] {
            for age in [1, 2] {
                let mut tab = Tab::of(name);
                tab.age = Age(age);
                tab.get_token();
                assert_eq!(tab.slot(), pending(F0, None), "{name}, age {age}");
                assert_eq!(tab.asked(), [request(Some(F0), Some(T0), false)]);
                assert!(
                    tab.effects
                        .contains(&Effect::Saw(Observation::Removed { key: KEY }))
                );
            }
        }
    }

    #[test]
    fn joining_a_fetch_under_way_has_no_further_effect() {
        let mut tab = Tab::of("pr-9030");
        tab.skip_cache();
        let before = tab.cache.clone();
        tab.near(1).get_token();
        assert_eq!(tab.cache, before);
        assert_eq!(tab.effects, []);
    }

    #[test]
    fn an_empty_slot_is_filled_by_an_unforced_fetch() {
        let mut tab = Tab::of("pr-9030");
        tab.hears(Event::Clear).get_token();
        assert_eq!(tab.asked(), [request(Some(F0), Some(T0), false)]);
        assert_eq!(tab.slot(), pending(F0, None));
    }
}

mod background_answer {
    use super::*;

    #[test]
    fn before_9030_a_background_answer_is_installed_and_posted_whatever_was_there() {
        for name in ["iat-guard", "pr-8097", "session-guards-tie"] {
            let mut tab = Tab::of(name);
            tab.refresh().broadcast(FRESH).background(STALE);
            assert_eq!(tab.slot(), resolved(STALE, false, true), "{name}");
            assert_eq!(tab.asked(), posts_and_writes(STALE, STALE), "{name}");
            assert!(!tab.is_refreshing() && tab.compared().iter().all(|c| c.0 == Site::Dispatch));
        }
    }

    #[test]
    fn before_9030_a_background_answer_replaces_a_pending_entry_and_its_fetch_goes_on() {
        let mut tab = Tab::of("pr-8097");
        tab.refresh().skip_cache().background(STALE);
        assert_eq!(tab.slot(), resolved(STALE, false, true));
        assert_eq!(tab.in_flight(), [F0]);
    }

    #[test]
    fn before_9030_a_background_answer_is_armed_even_when_near_or_dead() {
        for age in [5, 6] {
            let mut tab = Tab::of("pr-8097");
            tab.refresh().age = Age(age);
            tab.background(STALE);
            assert_eq!(tab.slot(), resolved(STALE, false, true));
        }
    }

    #[test]
    fn in_9030_the_freshest_is_installed_and_posted_but_the_answer_is_dispatched() {
        let mut tab = Tab::of("pr-9030");
        tab.refresh().broadcast(FRESH).background(STALE);
        assert_eq!(tab.slot(), resolved(FRESH, true, true), "now an own entry");
        assert_eq!(tab.asked(), posts_and_writes(FRESH, STALE));
        assert_eq!(tab.last(), Some(STALE), "no broadcast updates the seed");
    }

    #[test]
    fn in_9030_a_background_answer_meets_the_base_of_a_pending_fetch() {
        let mut tab = Tab::holding("pr-9030", FRESH);
        tab.refresh().skip_cache().background(STALE);
        assert_eq!(tab.slot(), resolved(FRESH, true, true));
        assert_eq!(tab.compared()[0], (Site::Baseline, FRESH, STALE));
        assert_eq!(tab.in_flight(), [F0], "the fetch goes on");
    }

    #[test]
    fn in_9030_a_background_answer_that_ties_is_taken() {
        let mut tab = Tab::holding("pr-9030", FRESH);
        tab.refresh().background(TWIN);
        assert_eq!(tab.slot(), resolved(TWIN, true, true));
    }

    #[test]
    fn in_9030_a_live_answer_is_dropped_when_its_base_is_fresher_and_dead() {
        let mut tab = Tab::holding("pr-9030", FRESH);
        tab.refresh().dead(2).background(STALE);
        assert_eq!(tab.slot(), Slot::Empty);
        assert_eq!(tab.asked(), [write(STALE)], "nothing is posted");
        assert!(
            tab.effects
                .contains(&Effect::Saw(Observation::Removed { key: KEY }))
        );
    }
}

mod put {
    use super::*;

    #[test]
    fn a_near_winner_is_installed_and_posted_without_a_timer() {
        let mut tab = Tab::of("pr-9030");
        tab.refresh().near(3).background(STALE);
        assert_eq!(tab.slot(), resolved(STALE, true, false));
        assert_eq!(tab.asked(), posts_and_writes(STALE, STALE));
    }

    #[test]
    fn a_dead_winner_empties_the_slot_and_is_not_posted() {
        let mut tab = Tab::of("pr-9030");
        tab.skip_cache().dead(3).answer(F0, STALE);
        assert_eq!(tab.slot(), Slot::Empty);
        assert_eq!(tab.asked(), [write(STALE)], "dispatched all the same");
    }

    #[test]
    fn a_later_put_on_an_own_entry_arms_it_again() {
        let mut tab = Tab::of("pr-9030");
        tab.refresh().skip_cache().background(T0).refresh();
        assert_eq!(tab.slot(), resolved(T0, true, false));
        tab.answer(F0, FRESH);
        assert_eq!(tab.slot(), resolved(FRESH, true, true));
    }
}

mod foreground_answer {
    use super::*;

    #[test]
    fn a_fetch_that_owns_the_slot_fills_it_and_posts_before_it_dispatches() {
        for name in WITHOUT_BASELINE {
            let mut tab = Tab::of(name);
            tab.skip_cache().answer(F0, FRESH);
            assert_eq!(tab.slot(), resolved(FRESH, false, true), "{name}");
            assert_eq!(tab.asked(), posts_and_writes(FRESH, FRESH), "{name}");
            assert_eq!(tab.last(), Some(FRESH), "{name}");
            assert_eq!(tab.in_flight(), []);
        }
    }

    #[test]
    fn before_9030_it_is_armed_even_when_near_or_dead() {
        for age in [3, 4] {
            let mut tab = Tab::of("pr-8097");
            tab.skip_cache().age = Age(age);
            assert_eq!(tab.answer(F0, FRESH).slot(), resolved(FRESH, false, true));
        }
    }

    #[test]
    fn before_9030_a_superseded_fetch_is_only_dispatched() {
        for name in WITHOUT_BASELINE {
            let mut tab = Tab::of(name);
            tab.skip_cache().skip_cache().answer(F0, FRESH);
            assert_eq!(tab.slot(), pending(F1, None), "{name}");
            assert_eq!(tab.asked(), [write(FRESH)], "{name}");
            assert_eq!(tab.last(), Some(FRESH), "{name}");
        }
    }

    #[test]
    fn before_9030_an_answer_that_finds_the_slot_resolved_or_empty_is_only_dispatched() {
        let mut tab = Tab::of("pr-8097");
        tab.refresh()
            .skip_cache()
            .background(STALE)
            .answer(F0, FRESH);
        assert_eq!(tab.slot(), resolved(STALE, false, true));
        assert_eq!(tab.asked(), [write(FRESH)]);
        let mut tab = Tab::of("pr-8097");
        tab.skip_cache().hears(Event::Clear).answer(F0, FRESH);
        assert_eq!(tab.slot(), Slot::Empty);
        assert_eq!(tab.asked(), [write(FRESH)]);
    }

    #[test]
    fn in_9030_an_answer_that_finds_an_empty_slot_is_only_dispatched() {
        let mut tab = Tab::of("pr-9030");
        tab.skip_cache().hears(Event::Clear).answer(F0, FRESH);
        assert_eq!(tab.slot(), Slot::Empty);
        assert_eq!(tab.asked(), [write(FRESH)]);
    }

    #[test]
    fn in_9030_the_own_fetch_puts_the_fresher_of_base_and_answer() {
        let mut tab = Tab::of("pr-9030");
        tab.skip_cache().answer(F0, FRESH);
        assert_eq!(tab.slot(), resolved(FRESH, true, true));
        assert_eq!(tab.asked(), posts_and_writes(FRESH, FRESH));
        let mut tab = Tab::holding("pr-9030", FRESH);
        tab.skip_cache().answer(F0, STALE);
        assert_eq!(tab.slot(), resolved(FRESH, true, true), "the base wins");
        assert_eq!(
            tab.asked(),
            posts_and_writes(FRESH, STALE),
            "the caller gets the answer"
        );
    }

    #[test]
    fn in_9030_a_superseded_answer_goes_into_the_base_and_is_not_posted() {
        let mut tab = Tab::of("pr-9030");
        tab.skip_cache().skip_cache().answer(F0, FRESH);
        assert_eq!(tab.slot(), pending(F1, Some(FRESH)));
        assert_eq!(tab.asked(), [write(FRESH)]);
        let mut tab = Tab::holding("pr-9030", FRESH);
        tab.skip_cache().skip_cache().answer(F0, STALE);
        assert_eq!(
            tab.slot(),
            pending(F1, Some(FRESH)),
            "only if it is not staler"
        );
    }

    #[test]
    fn in_9030_a_resolved_slot_takes_the_answer_unless_it_is_strictly_fresher() {
        let late = |cached, answer| {
            let mut tab = Tab::of("pr-9030");
            tab.refresh().skip_cache();
            tab.background(cached).answer(F0, answer);
            (tab.slot(), tab.asked())
        };
        let own = |token| resolved(token, true, true);
        let kept = (own(FRESH), vec![write(STALE)]);
        assert_eq!(late(FRESH, STALE), kept, "nothing is installed or posted");
        let taken = (own(FRESHEST), posts_and_writes(FRESHEST, FRESHEST));
        assert_eq!(late(FRESH, FRESHEST), taken);
        let tie = (own(TWIN), posts_and_writes(TWIN, TWIN));
        assert_eq!(
            late(FRESH, TWIN),
            tie,
            "a full tie is installed and posted too"
        );
    }

    #[test]
    fn in_9030_an_answer_put_on_a_resolved_slot_keeps_the_entrys_own_flag() {
        let mut tab = Tab::of("pr-9030");
        tab.skip_cache().hears(Event::Clear).broadcast(FRESH);
        assert_eq!(tab.slot(), resolved(FRESH, false, false), "adopted");
        tab.answer(F0, FRESHEST);
        assert_eq!(
            tab.slot(),
            resolved(FRESHEST, false, false),
            "still not own"
        );
        assert_eq!(tab.asked(), posts_and_writes(FRESHEST, FRESHEST));
    }

    #[test]
    fn an_answer_of_an_older_format_of_the_same_rank_is_a_tie() {
        let mut tab = Tab::holding("pr-9030", TWIN);
        tab.skip_cache().answer(F0, FRESH);
        assert_eq!(
            tab.slot(),
            resolved(FRESH, true, true),
            "the rule does not look at fmt"
        );
    }
}

mod broadcast {
    use super::*;

    #[test]
    fn a_resolved_slot_rejects_a_broadcast_only_if_it_is_strictly_fresher() {
        for name in ["pr-8097", "pr-9030", "session-guards-tie", "cache-seed"] {
            let after = |broadcast| {
                let mut tab = Tab::holding(name, FRESH);
                tab.broadcast(broadcast).cache.at(KEY).token().copied()
            };
            assert_eq!(
                after(STALE),
                Some(FRESH),
                "{name}: minted later, claims older"
            );
            assert_eq!(after(FRESHEST), Some(FRESHEST), "{name}");
            assert_eq!(after(TWIN), Some(TWIN), "{name}: a full tie is taken");
            assert_eq!(after(legacy(9)), Some(FRESH), "{name}: oiat beats none");
        }
    }

    #[test]
    fn the_guard_by_iat_lets_older_claims_in_and_keeps_newer_ones_out() {
        let mut tab = Tab::holding("iat-guard", FRESH);
        assert_eq!(
            tab.broadcast(TWIN).cache.at(KEY).token(),
            Some(&FRESH),
            "a tie keeps"
        );
        assert_eq!(
            tab.broadcast(STALE).cache.at(KEY).token(),
            Some(&STALE),
            "a later iat wins"
        );
        assert_eq!(
            tab.broadcast(FRESH).cache.at(KEY).token(),
            Some(&STALE),
            "newer claims lose"
        );
    }

    #[test]
    fn the_drafts_that_keep_a_tie_reject_a_broadcast_of_equal_rank() {
        for name in ["four-guards", "session-guards"] {
            let mut tab = Tab::holding(name, FRESH);
            assert_eq!(
                tab.broadcast(TWIN).cache.at(KEY).token(),
                Some(&FRESH),
                "{name}"
            );
        }
    }

    #[test]
    fn four_guards_compares_a_missing_oiat_by_iat() {
        let mut tab = Tab::holding("four-guards", FRESH);
        assert_eq!(
            tab.broadcast(legacy(3)).cache.at(KEY).token(),
            Some(&legacy(3))
        );
        assert_eq!(tab.broadcast(FRESH).cache.at(KEY).token(), Some(&legacy(3)));
    }

    #[test]
    fn adopting_or_rejecting_touches_neither_seed_nor_cookie_nor_channel() {
        for name in [
            "iat-guard",
            "pr-8097",
            "pr-9030",
            "four-guards",
            "cache-seed",
        ] {
            for broadcast in [STALE, FRESHEST] {
                let mut tab = Tab::holding(name, FRESH);
                tab.broadcast(broadcast);
                assert_eq!(tab.asked(), [], "{name}");
                assert_eq!(tab.last(), Some(FRESH), "{name}");
            }
        }
    }

    #[test]
    fn an_empty_slot_adopts_without_a_comparison_unarmed() {
        for name in ["iat-guard", "pr-8097", "pr-9030", "four-guards"] {
            let mut tab = Tab::empty(name);
            tab.broadcast(STALE);
            assert_eq!(tab.slot(), resolved(STALE, false, false), "{name}");
            assert_eq!(tab.compared(), [], "{name}");
        }
    }

    #[test]
    fn a_near_slot_is_dropped_before_the_comparison_so_that_an_older_token_gets_in() {
        for name in ["pr-8097", "pr-9030"] {
            let mut tab = Tab::holding(name, FRESH);
            tab.near(2).broadcast(STALE);
            assert_eq!(tab.slot(), resolved(STALE, false, false), "{name}");
            assert_eq!(tab.compared(), [], "{name}");
        }
    }

    #[test]
    fn a_dead_broadcast_is_installed_before_9030_and_not_since() {
        let mut tab = Tab::empty("pr-9030");
        tab.dead(3).broadcast(STALE);
        assert_eq!(tab.slot(), Slot::Empty);
        let mut tab = Tab::empty("pr-8097");
        tab.dead(3).broadcast(STALE);
        assert_eq!(
            tab.cache.at(KEY).token(),
            Some(&STALE),
            "before 9030 it is installed"
        );
    }

    #[test]
    fn in_9030_an_adopted_entry_is_not_own_and_has_no_timer() {
        let mut tab = Tab::of("pr-9030");
        assert_eq!(tab.broadcast(FRESH).slot(), resolved(FRESH, false, false));
    }

    #[test]
    fn a_broadcast_waits_for_the_fetch_that_owns_the_pending_slot() {
        for name in ["iat-guard", "pr-8097", "pr-9030", "four-guards"] {
            let mut tab = Tab::of(name);
            tab.skip_cache()
                .broadcast(STALE)
                .broadcast(FRESH)
                .skip_cache();
            tab.broadcast(FRESHEST);
            assert_eq!(
                tab.waiting(F0),
                [STALE, FRESH],
                "{name}: in order of arrival"
            );
            assert_eq!(tab.waiting(F1), [FRESHEST], "{name}");
            assert_eq!(tab.asked(), [], "{name}");
            assert_eq!(tab.compared(), [], "{name}");
        }
    }
}

mod cookie_rights {
    use super::*;
    use freshest::cache::{Focus, Phase, may_write_cookie};

    /// Without the measure the organisation of the token is nobody's business; with it, it is that of
    /// whoever is in one.
    #[test]
    fn only_a_design_that_asks_for_it_keeps_another_organisation_out() {
        let measured = |measures| Policy {
            measures,
            ..design("pr-9284").policy
        };
        let own = measured(Measures::NONE.with(Measure::ContextCookie));
        let any = measured(Measures::NONE);
        let of = |org| ModelToken { org, ..FRESH };
        let may = |policy, writer: Writer, org| may_write_cookie(policy, &writer, None, &of(org));
        let leaving = Writer {
            phase: Phase::Leaving,
            ..Writer::FOREMOST
        };
        for org in [Org::PERSONAL, Org::FIRST] {
            assert!(may(&any, Writer::FOREMOST, org));
            assert!(may(&own, leaving, org));
        }
        assert!(may(&own, Writer::FOREMOST, Org::PERSONAL));
        assert!(!may(&own, Writer::FOREMOST, Org::FIRST));
        let behind = Writer {
            focus: Focus::Blurred,
            ..Writer::FOREMOST
        };
        let elsewhere = Some(Org::FIRST);
        assert!(!may_write_cookie(
            &any,
            &behind,
            elsewhere,
            &of(Org::PERSONAL)
        ));
    }
}

mod waiting {
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
}

mod failure {
    use super::*;

    #[test]
    fn a_failed_fetch_empties_the_slot_that_it_still_owns() {
        for name in ["iat-guard", "pr-8097", "pr-9030", "four-guards"] {
            let mut tab = Tab::of(name);
            tab.skip_cache().fail(Some(F0));
            assert_eq!(tab.slot(), Slot::Empty, "{name}: the base is forgotten");
            assert_eq!((tab.last(), tab.in_flight()), (Some(T0), vec![]), "{name}");
            assert_eq!(tab.asked(), [], "{name}");
        }
    }

    #[test]
    fn a_failed_fetch_leaves_the_slot_of_another_alone() {
        let mut tab = Tab::of("pr-9030");
        tab.skip_cache().skip_cache().fail(Some(F0));
        assert_eq!(tab.slot(), pending(F1, Some(T0)));
        assert_eq!(tab.in_flight(), [F1]);
    }

    #[test]
    fn what_waited_for_a_failed_fetch_is_adopted_without_a_comparison_and_the_last_wins() {
        for name in ["iat-guard", "pr-8097", "session-guards"] {
            let mut tab = Tab::holding(name, FRESHEST);
            tab.skip_cache()
                .broadcast(FRESH)
                .broadcast(STALE)
                .fail(Some(F0));
            assert_eq!(tab.slot(), resolved(STALE, false, false), "{name}");
            assert_eq!(tab.compared(), [], "{name}");
        }
    }

    #[test]
    fn in_9030_what_waited_for_a_failed_fetch_is_folded_from_the_base() {
        let after = |waiting: [ModelToken; 2]| {
            let mut tab = Tab::holding("pr-9030", FRESH);
            tab.skip_cache().broadcast(waiting[0]).broadcast(waiting[1]);
            tab.fail(Some(F0)).slot()
        };
        assert_eq!(
            after([STALE, T0]),
            resolved(FRESH, false, false),
            "the base wins"
        );
        assert_eq!(after([FRESHEST, STALE]), resolved(FRESHEST, false, false));
    }

    #[test]
    fn in_9030_a_dead_winner_of_the_fold_leaves_the_slot_empty() {
        let mut tab = Tab::holding("pr-9030", FRESH);
        tab.skip_cache().broadcast(STALE).dead(2).fail(Some(F0));
        assert_eq!(tab.slot(), Slot::Empty, "the base is fresher, and dead");
    }

    #[test]
    fn what_waited_for_a_failed_fetch_replaces_a_newer_pending_entry() {
        for name in ["pr-8097", "pr-9030"] {
            let mut tab = Tab::of(name);
            tab.skip_cache()
                .broadcast(FRESH)
                .skip_cache()
                .fail(Some(F0));
            assert_eq!(tab.slot(), resolved(FRESH, false, false), "{name}");
            assert_eq!(tab.in_flight(), [F1], "{name}");
        }
    }
}

mod dispatch {
    use super::*;

    #[test]
    fn before_9030_an_older_update_overwrites_cookie_and_seed() {
        for name in ["iat-guard", "pr-8097"] {
            let mut tab = Tab::holding(name, FRESH);
            tab.refresh().background(STALE);
            assert!(tab.asked().contains(&write(STALE)), "{name}");
            assert_eq!(tab.last(), Some(STALE), "{name}");
        }
    }

    #[test]
    fn in_9030_a_fresher_seed_stays_and_the_cookie_is_asked_all_the_same() {
        for age in [0, 3, 4] {
            let mut tab = Tab::holding("pr-9030", FRESH);
            tab.refresh().age = Age(age);
            tab.background(STALE);
            assert_eq!(tab.last(), Some(FRESH), "near or dead makes no difference");
            assert!(tab.asked().contains(&write(STALE)));
        }
    }

    #[test]
    fn in_9030_a_tie_replaces_the_seed() {
        let mut tab = Tab::holding("pr-9030", FRESH);
        tab.refresh().background(TWIN);
        assert_eq!(tab.last(), Some(TWIN));
    }

    #[test]
    fn a_dispatch_guard_withholds_cookie_and_seed_even_if_the_fresher_seed_is_dead() {
        for name in ["four-guards", "session-guards", "session-guards-tie"] {
            for age in [0, 3, 4] {
                let mut tab = Tab::holding(name, FRESH);
                tab.refresh().age = Age(age);
                tab.background(STALE);
                assert_eq!(tab.last(), Some(FRESH), "{name}, age {age}");
                let asked = tab.asked();
                assert!(asked.contains(&withhold(STALE)), "{name}");
                assert!(!asked.contains(&write(STALE)), "{name}");
            }
        }
    }

    #[test]
    fn a_dispatch_guard_lets_a_tie_through_only_where_the_rule_takes_ties() {
        let after = |name| {
            let mut tab = Tab::holding(name, FRESH);
            tab.refresh().background(TWIN);
            (tab.last(), tab.asked().pop())
        };
        let withheld = (Some(FRESH), Some(withhold(TWIN)));
        assert_eq!(after("four-guards"), withheld);
        assert_eq!(after("session-guards"), withheld);
        let written = (Some(TWIN), Some(write(TWIN)));
        assert_eq!(after("session-guards-tie"), written);
    }

    #[test]
    fn a_dispatch_guard_stands_before_the_cookie_write_of_a_get_token_hit() {
        let hit = |name| Tab::of(name).get_token().asked();
        assert_eq!(hit("four-guards"), [withhold(T0)], "a tie keeps");
        assert_eq!(hit("session-guards"), [withhold(T0)], "a tie keeps");
        assert_eq!(hit("session-guards-tie"), [write(T0)]);
        let mut tab = Tab::of("session-guards-tie");
        tab.set_last(Some(FRESH));
        assert_eq!(tab.get_token().asked(), [withhold(T0)]);
    }

    #[test]
    fn a_withheld_update_of_the_own_fetch_is_installed_and_posted_all_the_same() {
        let mut tab = Tab::holding("session-guards", FRESH);
        tab.skip_cache().answer(F0, STALE);
        assert_eq!(tab.slot(), resolved(STALE, false, true));
        assert_eq!(tab.asked(), [post(STALE), withhold(STALE)]);
    }
}

mod install {
    use super::*;

    #[test]
    fn four_guards_installs_and_posts_nothing_that_loses_to_the_slot_but_dispatches() {
        let mut tab = Tab::of("four-guards");
        tab.refresh().broadcast(FRESH).background(STALE);
        assert_eq!(tab.slot(), resolved(FRESH, false, false));
        assert_eq!(tab.asked(), [write(STALE)], "the seed was older still");
        assert_eq!(tab.last(), Some(STALE));
        assert!(!tab.is_refreshing());
    }

    #[test]
    fn four_guards_installs_no_tie_of_a_background_answer() {
        let mut tab = Tab::holding("four-guards", FRESH);
        tab.refresh().background(TWIN);
        assert_eq!(tab.slot(), resolved(FRESH, false, false));
        assert_eq!(tab.asked(), [withhold(TWIN)]);
    }

    #[test]
    fn four_guards_holds_an_adoption_against_the_slot_it_would_replace() {
        let mut tab = Tab::of("four-guards");
        tab.refresh().skip_cache().broadcast(FRESH);
        tab.background(FRESHEST).fail(Some(F0));
        assert_eq!(tab.slot(), resolved(FRESHEST, false, true));
        assert_eq!(tab.compared(), [(Site::Install, FRESHEST, FRESH)]);
    }

    #[test]
    fn the_pending_slot_of_an_own_fetch_takes_its_token_unguarded() {
        let mut tab = Tab::holding("four-guards", FRESH);
        tab.skip_cache().answer(F0, STALE);
        assert_eq!(tab.slot(), resolved(STALE, false, true));
        assert!(tab.asked().contains(&post(STALE)));
    }

    #[test]
    fn a_pending_slot_takes_a_background_answer_unguarded() {
        let mut tab = Tab::holding("four-guards", FRESH);
        tab.refresh().skip_cache().background(STALE);
        assert_eq!(tab.slot(), resolved(STALE, false, true));
    }
}

mod cookie {
    use super::*;

    #[test]
    fn without_a_cookie_guard_every_write_goes_through() {
        for name in [
            "iat-guard",
            "pr-8097",
            "session-guards",
            "session-guards-tie",
        ] {
            assert!(accepts(name, 0, Some(FRESH), STALE), "{name}");
        }
    }

    #[test]
    fn in_9030_a_write_is_dropped_only_if_the_cookie_is_alive_and_strictly_fresher() {
        for name in ["pr-9030", "cache-seed"] {
            assert!(!accepts(name, 0, Some(FRESH), STALE), "{name}");
            assert!(
                !accepts(name, 3, Some(FRESH), STALE),
                "{name}: near is not dead"
            );
            assert!(
                accepts(name, 4, Some(FRESH), STALE),
                "{name}: a dead cookie"
            );
            assert!(accepts(name, 0, None, STALE), "{name}: no cookie");
            assert!(accepts(name, 0, Some(FRESH), TWIN), "{name}: a tie");
            assert!(accepts(name, 0, Some(FRESH), FRESHEST), "{name}");
        }
    }

    #[test]
    fn a_token_without_oiat_on_either_side_passes_the_cookie_guard() {
        for name in ["pr-9030", "four-guards"] {
            assert!(accepts(name, 0, Some(FRESH), legacy(1)), "{name}");
            assert!(accepts(name, 0, Some(legacy(9)), T0), "{name}");
            assert!(accepts(name, 0, Some(legacy(9)), legacy(1)), "{name}");
        }
    }

    #[test]
    fn the_cookie_guard_of_four_guards_keeps_a_tie() {
        assert!(!accepts("four-guards", 0, Some(FRESH), TWIN));
        assert!(!accepts("four-guards", 0, Some(FRESH), STALE));
        assert!(accepts("four-guards", 0, Some(FRESH), FRESHEST));
        assert!(
            accepts("four-guards", 4, Some(FRESH), TWIN),
            "a dead cookie"
        );
    }

    #[test]
    fn the_cookie_guard_reports_its_comparison() {
        let policy = design("pr-9030").policy;
        let (accepted, comparison) = cookie_accepts(&policy, &Age(0), Some(&FRESH), &STALE);
        let comparison = comparison.expect("both have oiat and the cookie is alive");
        assert!(!accepted);
        assert_eq!(
            (comparison.site, comparison.existing),
            (Site::Cookie, FRESH)
        );
        assert_eq!(comparison.decision.winner, Winner::Existing);
    }
}

mod removal {
    use super::*;

    #[test]
    fn the_cleanup_timer_removes_a_dead_entry_and_no_other() {
        for age in [0, 1, 2] {
            let mut tab = Tab::of("pr-9030");
            tab.age = Age(age);
            tab.hears(Event::CleanupTimer { key: KEY });
            assert_eq!(tab.slot() == Slot::Empty, age == 2, "age {age}");
            let removed = tab
                .effects
                .contains(&Effect::Saw(Observation::Removed { key: KEY }));
            assert_eq!(removed, age == 2);
            assert_eq!((tab.asked(), tab.last()), (vec![], Some(T0)));
        }
    }

    #[test]
    fn clearing_empties_the_slot_and_nothing_else() {
        for name in ["pr-8097", "pr-9030"] {
            let mut tab = Tab::of(name);
            tab.refresh().skip_cache().broadcast(FRESH);
            let mut expected = tab.cache.clone();
            tab.hears(Event::Clear);
            expected.keys[KEY.index()].slot = Slot::Empty;
            assert_eq!(tab.cache, expected, "{name}");
            assert_eq!(tab.asked(), [], "{name}");
        }
    }

    #[test]
    fn what_waited_for_a_fetch_is_adopted_into_a_slot_that_was_cleared_meanwhile() {
        for name in ["pr-8097", "pr-9030"] {
            let mut tab = Tab::of(name);
            tab.skip_cache().broadcast(FRESHEST).hears(Event::Clear);
            tab.answer(F0, FRESH);
            assert_eq!(tab.slot(), resolved(FRESHEST, false, false), "{name}");
        }
    }

    #[test]
    fn after_a_clear_a_late_background_answer_meets_no_resistance() {
        for name in ["pr-8097", "pr-9030"] {
            let mut tab = Tab::holding(name, FRESH);
            tab.refresh().hears(Event::Clear).background(STALE);
            assert_eq!(tab.cache.at(KEY).token(), Some(&STALE), "{name}");
            assert!(tab.asked().contains(&post(STALE)), "{name}");
        }
    }
}

mod seed {
    use super::*;

    /// The parent of the request that the last event sent.
    fn parent(tab: &Tab) -> Option<ModelToken> {
        match tab.asked().as_slice() {
            [Effect::Request { parent, .. }] => *parent,
            other => panic!("one request was expected, not {other:?}"),
        }
    }

    #[test]
    fn a_request_is_seeded_with_the_last_active_token_and_not_with_the_cached_one() {
        for name in [
            "iat-guard",
            "pr-8097",
            "pr-9030",
            "four-guards",
            "session-guards",
        ] {
            let mut tab = Tab::of(name);
            tab.broadcast(FRESH).skip_cache();
            assert_eq!(parent(&tab), Some(T0), "{name}");
        }
    }

    #[test]
    fn cache_seed_sends_the_resolved_token_for_forced_and_unforced_requests_alike() {
        let mut tab = Tab::of("cache-seed");
        tab.broadcast(FRESH).skip_cache();
        assert_eq!(parent(&tab), Some(FRESH));
        let mut tab = Tab::holding("cache-seed", FRESH);
        tab.set_last(Some(T0));
        assert_eq!(parent(tab.refresh()), Some(FRESH));
    }

    #[test]
    fn cache_seed_sends_a_near_or_dead_token_too() {
        for age in [3, 4] {
            let mut tab = Tab::holding("cache-seed", FRESH);
            tab.set_last(Some(T0));
            tab.age = Age(age);
            assert_eq!(parent(tab.skip_cache()), Some(FRESH));
        }
    }

    #[test]
    fn cache_seed_falls_back_to_the_last_active_token_without_a_resolved_slot() {
        let mut tab = Tab::holding("cache-seed", FRESH);
        tab.set_last(Some(T0));
        tab.skip_cache();
        assert_eq!(
            parent(tab.skip_cache()),
            Some(T0),
            "pending, whatever its base"
        );
        let mut tab = Tab::holding("cache-seed", FRESH);
        tab.set_last(Some(T0));
        tab.near(2).get_token();
        assert_eq!(
            parent(&tab),
            Some(T0),
            "get_token has dropped the near slot"
        );
    }

    #[test]
    fn cache_seed_is_9030_in_everything_else() {
        let (ours, theirs) = (design("cache-seed").policy, design("pr-9030").policy);
        assert_eq!((ours.rules, ours.guards), (theirs.rules, theirs.guards));
        assert_ne!(ours.seed_from, theirs.seed_from);
    }
}

mod high_water {
    use super::*;

    fn with_mark(mark: ModelToken) -> Tab {
        let mut tab = Tab::holding("high-water", mark);
        tab.hears(Event::Clear);
        tab
    }

    #[test]
    fn an_answer_below_the_mark_leaves_its_slot_empty_and_is_dispatched_but_not_posted() {
        let mut tab = with_mark(FRESH);
        tab.get_token().answer(F0, STALE);
        assert_eq!(tab.slot(), Slot::Empty);
        assert_eq!(tab.cache.at(KEY).mark, Some(FRESH));
        assert_eq!(tab.asked(), [write(STALE)]);
        assert_eq!(tab.compared(), [(Site::HighWater, FRESH, STALE)]);
    }

    #[test]
    fn the_mark_outlives_a_clear_an_eviction_and_a_failed_fetch() {
        let mut evicted = Tab::holding("high-water", FRESH);
        evicted.dead(2).hears(Event::CleanupTimer { key: KEY });
        let mut failed = Tab::holding("high-water", FRESH);
        failed.skip_cache().fail(Some(F0));
        for mut tab in [with_mark(FRESH), evicted, failed] {
            assert_eq!(tab.slot(), Slot::Empty);
            tab.broadcast(STALE);
            assert_eq!(tab.slot(), Slot::Empty);
            tab.broadcast(FRESHEST);
            assert_eq!(tab.cache.at(KEY).token(), Some(&FRESHEST));
            assert_eq!(tab.cache.at(KEY).mark, Some(FRESHEST));
        }
    }

    #[test]
    fn a_background_answer_below_the_mark_changes_no_slot() {
        let mut tab = Tab::holding("high-water", FRESH);
        tab.refresh().background(STALE);
        assert_eq!(tab.cache.at(KEY).token(), Some(&FRESH));
        assert_eq!(tab.asked(), [write(STALE)]);
    }

    #[test]
    fn a_tie_with_the_mark_is_installed() {
        let mut tab = with_mark(FRESH);
        tab.broadcast(TWIN);
        assert_eq!(tab.cache.at(KEY).token(), Some(&TWIN));
    }

    #[test]
    fn no_other_design_has_a_mark() {
        for name in ["iat-guard", "pr-8097", "pr-9030", "four-guards"] {
            let mut tab = Tab::of(name);
            tab.refresh().background(FRESH);
            assert_eq!(tab.cache.at(KEY).mark, None, "{name}");
        }
    }
}

mod asking {
    use super::*;

    #[test]
    fn a_cache_knows_beforehand_whether_an_event_would_make_it_ask() {
        let prepare: [fn(&mut Tab); 7] = [
            |_| {},
            |tab| {
                tab.refresh();
            },
            |tab| {
                tab.skip_cache();
            },
            |tab| {
                tab.hears(Event::Clear);
            },
            |tab| {
                tab.near(1);
            },
            |tab| {
                tab.dead(1);
            },
            |tab| {
                tab.skip_cache().broadcast(FRESH).fail(Some(F0));
            },
        ];
        let mut asked = 0;
        for design in &catalog().designs {
            for prepare in prepare {
                for event in [
                    Event::RefreshTimer { key: KEY },
                    Event::SkipCache,
                    Event::GetToken,
                ] {
                    let mut tab = Tab::of(&design.name);
                    prepare(&mut tab);
                    let expected = tab.cache.would_ask(&tab.age, &event);
                    let effects = tab.cache.handle(&tab.policy, &tab.age, event);
                    let asks =
                        |effect: &Effect<ModelToken>| matches!(effect, Effect::Request { .. });
                    assert_eq!(effects.iter().any(asks), expected, "{}", design.name);
                    asked += u32::from(expected);
                }
            }
        }
        assert!(asked > 0);
    }
}

mod compare_and_swap {
    use super::*;

    #[test]
    fn a_background_answer_counts_if_the_entry_is_the_one_it_was_asked_for() {
        let mut tab = Tab::of("compare-and-swap");
        tab.refresh().background(FRESH);
        assert_eq!(tab.cache.at(KEY).token(), Some(&FRESH));
        assert_eq!(tab.asked(), [post(FRESH), write(FRESH)]);
    }

    /// What may have the slot while a refresh is under way.
    type Replacement = (&'static str, fn(&mut Tab));

    #[test]
    fn a_background_answer_is_discarded_once_anything_else_has_had_the_slot() {
        let replaced: [Replacement; 3] = [
            ("a broadcast", |tab| {
                tab.broadcast(FRESH);
            }),
            ("a clear", |tab| {
                tab.hears(Event::Clear);
            }),
            ("a fetch that failed", |tab| {
                tab.skip_cache().fail(Some(F0));
            }),
        ];
        for (what, replace) in replaced {
            let mut tab = Tab::of("compare-and-swap");
            tab.refresh();
            replace(&mut tab);
            let (slot, last) = (tab.slot(), tab.last());
            tab.background(FRESHEST);
            assert_eq!(tab.slot(), slot, "{what}");
            assert_eq!(tab.last(), last, "{what}");
            assert_eq!(tab.asked(), [withhold(FRESHEST)], "{what}");
        }
    }

    #[test]
    fn a_refresh_that_begins_after_the_entry_was_replaced_counts() {
        let mut tab = Tab::of("compare-and-swap");
        tab.refresh().broadcast(FRESH).fail(None);
        assert!(!tab.is_refreshing());
        tab.skip_cache().answer(F0, FRESH);
        tab.refresh().background(FRESHEST);
        assert_eq!(tab.cache.at(KEY).token(), Some(&FRESHEST));
    }

    #[test]
    fn the_answer_to_a_fetch_that_lost_its_slot_is_discarded_as_a_whole() {
        let mut tab = Tab::of("compare-and-swap");
        tab.skip_cache().skip_cache();
        let slot = tab.slot();
        tab.answer(F0, FRESH);
        assert_eq!(tab.slot(), slot);
        assert_eq!(tab.last(), Some(T0));
        assert_eq!(tab.asked(), [withhold(FRESH)]);
    }
}

mod invalidation {
    use super::*;

    #[test]
    fn what_is_installed_is_not_told_to_the_others_but_that_it_was() {
        let mut tab = Tab::of("invalidate");
        tab.refresh().background(FRESH);
        assert_eq!(tab.asked(), [Effect::Invalidate { key: KEY }, write(FRESH)]);
    }

    #[test]
    fn whoever_is_told_drops_entry_and_seed_and_asks_the_origin() {
        let mut tab = Tab::of("invalidate");
        tab.hears(Event::OutOfDate { key: KEY });
        assert_eq!(tab.slot(), Slot::Empty);
        tab.get_token();
        assert_eq!(tab.asked(), [request(Some(F0), None, false)]);
    }

    #[test]
    fn a_fetch_under_way_is_taken_for_the_one_that_renews() {
        let mut tab = Tab::of("invalidate");
        tab.skip_cache().hears(Event::OutOfDate { key: KEY });
        tab.answer(F0, FRESH);
        assert_eq!(tab.cache.at(KEY).token(), Some(&FRESH));
    }
}

mod families {
    use super::*;

    /// Read from the database within the same instant as `FRESH`, and after it.
    const NEXT_EPOCH: ModelToken = ModelToken { epoch: 2, ..FRESH };
    const EPOCH: ModelToken = ModelToken { epoch: 1, ..FRESH };

    #[test]
    fn an_epoch_orders_two_reads_of_one_instant_and_oiat_does_not() {
        let mut tab = Tab::holding("epoch", NEXT_EPOCH);
        tab.broadcast(EPOCH);
        assert_eq!(tab.cache.at(KEY).token(), Some(&NEXT_EPOCH));
        let mut tab = Tab::holding("pr-9030", NEXT_EPOCH);
        tab.broadcast(EPOCH);
        assert_eq!(tab.cache.at(KEY).token(), Some(&EPOCH));
    }

    #[test]
    fn an_epoch_ranks_tokens_without_oiat_in_slot_and_cookie() {
        let later = ModelToken {
            epoch: 1,
            ..legacy(2)
        };
        let late = legacy(3);
        let mut tab = Tab::holding("epoch", later);
        tab.broadcast(late);
        assert_eq!(tab.cache.at(KEY).token(), Some(&later));
        for (name, accepts) in [("epoch", false), ("pr-9030", true)] {
            let policy = design(name).policy;
            let (accepted, _) = cookie_accepts(&policy, &Age(0), Some(&later), &late);
            assert_eq!(accepted, accepts, "{name}");
        }
    }

    #[test]
    fn by_iat_alone_a_tie_is_adopted_or_not_and_older_claims_are() {
        for (name, after_tie) in [("iat-strict", TWIN), ("iat-or-tie", FRESH)] {
            let mut tab = Tab::holding(name, FRESH);
            tab.broadcast(TWIN);
            assert_eq!(tab.cache.at(KEY).token(), Some(&after_tie), "{name}");
            tab.broadcast(STALE);
            assert_eq!(tab.cache.at(KEY).token(), Some(&STALE), "{name}");
        }
    }

    #[test]
    fn by_order_of_arrival_the_last_token_stays_whatever_it_is() {
        let mut tab = Tab::holding("arrival-order", FRESHEST);
        for token in [FRESH, STALE, legacy(1), T0] {
            tab.broadcast(token);
            assert_eq!(tab.cache.at(KEY).token(), Some(&token));
        }
    }
}

#[test]
fn a_set_of_guards_or_measures_without_one_has_all_others() {
    for site in Site::ALL {
        let rest = Guards::from_iter(Site::ALL).without(site);
        assert!(Site::ALL.into_iter().all(|of| rest.has(of) == (of != site)));
        assert_eq!(rest.without(site), rest);
        assert_eq!(rest.with(site), Guards::from_iter(Site::ALL));
    }
    for measure in Measure::ALL {
        let rest = Measures::from_iter(Measure::ALL).without(measure);
        let others = |of| rest.has(of) == (of != measure);
        assert!(Measure::ALL.into_iter().all(others));
        assert_eq!(rest.without(measure), rest);
        let all = rest.with(measure);
        assert_eq!(all, Measures::from_iter(Measure::ALL));
        assert_eq!(all.with(measure), all);
    }
}
