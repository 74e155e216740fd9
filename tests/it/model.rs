//! Stepping the composed model: what can happen when, and what happens within one step.

use crate::support::{design, legacy, run, scenario, token};
use freshest::cache::{Call, FetchId, RequestKind, Slot, TokenRequest};
use freshest::freshness::Org;
use freshest::model::{Composed, Event, Evidence, Request, Response, Source, System};
use freshest::property::{Monitored, Property, PropertySet};
use freshest::vocabulary::{Age, Budgets, ModelToken, RequestFault, SharedFault, TabAction, TabId};
use std::collections::HashSet;

const T0: ModelToken = token(1, 1);
const F0: Option<FetchId> = Some(FetchId(0));
const F1: Option<FetchId> = Some(FetchId(1));
/// The background refresh.
const BG: Option<FetchId> = None;

/// A model under way.
struct Walk {
    model: Composed,
    now: System,
    /// Of the last step.
    evidence: Vec<Evidence>,
}

impl Walk {
    /// A design in a scenario of so many tabs.
    fn of(name: &str, tabs: u8, budget: &str) -> Walk {
        Walk::from(name, "tokens", tabs, budget)
    }

    fn from(name: &str, start: &str, tabs: u8, budget: &str) -> Walk {
        Walk::along(
            name,
            &format!("tabs = {tabs}\nstart = \"{start}\"\n[budget]\n{budget}\n"),
        )
    }

    /// A design in a scenario without its title.
    fn along(name: &str, text: &str) -> Walk {
        let text = format!("title = \"test\"\n{text}");
        let model = Composed::new(design(name).policy, &scenario(&text).setup);
        Walk {
            now: model.start(),
            model,
            evidence: Vec::new(),
        }
    }

    fn can(&self, event: Event) -> bool {
        self.model.enabled(&self.now).contains(&event)
    }

    /// Lets these events happen, each of which has to be enabled.
    #[track_caller]
    fn go(&mut self, events: &[Event]) -> &mut Walk {
        for &event in events {
            let enabled = self.model.enabled(&self.now);
            assert!(
                enabled.contains(&event),
                "{event:?} is not among {enabled:?}"
            );
            let step = self.model.step(&self.now, event);
            (self.now, self.evidence) = (step.system, step.evidence);
        }
        self
    }

    /// The age to which tokens can grow, if they can.
    fn next_age(&self) -> Option<u8> {
        self.model
            .enabled(&self.now)
            .into_iter()
            .find_map(|event| match event {
                Event::Age(Age(age)) => Some(age),
                _ => None,
            })
    }

    fn slot(&self, tab: u8) -> &Slot<ModelToken> {
        &self.now.tab(TabId(tab)).cache.at(Org::PERSONAL).slot
    }

    fn cached(&self, tab: u8) -> Option<ModelToken> {
        self.now
            .tab(TabId(tab))
            .cache
            .at(Org::PERSONAL)
            .token()
            .copied()
    }

    /// The token that the last step minted.
    fn minted(&self) -> (Source, ModelToken) {
        let minted = |evidence: &Evidence| match evidence {
            Evidence::Minted(_, source, token) => Some((*source, *token)),
            _ => None,
        };
        let found = self.evidence.iter().find_map(minted);
        found.expect("the last step minted a token")
    }

    /// What waits in the channel, by receiver and poster.
    fn waits(&self, to: u8, from: u8) -> Vec<ModelToken> {
        let pair = (TabId(to), TabId(from));
        let queues = self.now.channel().posts.iter();
        let posts = queues
            .filter(|(p, _)| *p == pair)
            .flat_map(|(_, posts)| posts);
        posts.filter_map(|post| post.token().copied()).collect()
    }
}

const fn refresh(tab: u8) -> Event {
    Event::InTab(TabAction::Refresh, TabId(tab))
}

const fn skip_cache(tab: u8) -> Event {
    Event::InTab(TabAction::SkipCache, TabId(tab))
}

const fn get_token(tab: u8) -> Event {
    Event::InTab(TabAction::GetToken, TabId(tab))
}

const fn clear(tab: u8) -> Event {
    Event::InTab(TabAction::ClearCache, TabId(tab))
}

const fn evict(tab: u8) -> Event {
    Event::InTab(TabAction::Evict, TabId(tab))
}

const fn mint(tab: u8, fetch: Option<FetchId>) -> Event {
    Event::Mint(
        TabId(tab),
        RequestKind::Token(TokenRequest::personal(fetch)),
    )
}

const fn respond(tab: u8, fetch: Option<FetchId>) -> Event {
    Event::Respond(
        TabId(tab),
        RequestKind::Token(TokenRequest::personal(fetch)),
    )
}

const fn fail(tab: u8, fetch: Option<FetchId>) -> Event {
    Event::Spoil(
        RequestFault::Fail,
        TabId(tab),
        TokenRequest::personal(fetch),
    )
}

const fn deliver(to: u8, from: u8) -> Event {
    Event::Deliver {
        to: TabId(to),
        from: TabId(from),
    }
}

const fn lose(to: u8, from: u8) -> Event {
    Event::Lose {
        to: TabId(to),
        from: TabId(from),
    }
}

const fn age(age: u8) -> Event {
    Event::Age(Age(age))
}

/// Every state that can be reached, and the events enabled in it.
fn reachable(model: &Composed) -> Vec<(System, Vec<Event>)> {
    let mut seen = HashSet::from([model.start()]);
    let mut pending = vec![model.start()];
    let mut all = Vec::new();
    while let Some(system) = pending.pop() {
        let events = model.enabled(&system);
        for &event in &events {
            let next = model.step(&system, event).system;
            if seen.insert(next.clone()) {
                pending.push(next);
            }
        }
        all.push((system, events));
    }
    all
}

mod run_to_completion {
    use super::*;

    #[test]
    fn an_answer_installs_posts_writes_the_cookie_and_moves_the_seed_in_one_step() {
        let mut walk = Walk::of("pr-8097", 3, "skip_cache = 1");
        walk.go(&[skip_cache(0), Event::Tick, mint(0, F0), respond(0, F0)]);
        let fresh = token(2, 2);
        assert_eq!(walk.cached(0), Some(fresh));
        assert_eq!(walk.now.tab(TabId(0)).cache.last(), Some(&fresh));
        assert_eq!(walk.now.jar().cookie, Some(fresh));
        assert_eq!(
            (walk.waits(1, 0), walk.waits(2, 0)),
            (vec![fresh], vec![fresh])
        );
        assert_eq!(walk.waits(0, 0), [], "a tab never receives its own");
        assert_eq!(
            walk.cached(1),
            Some(T0),
            "the others know only once it is delivered"
        );
    }

    #[test]
    fn nothing_synchronous_is_ever_left_for_a_later_step() {
        let walk = Walk::of("pr-9030", 2, "refresh = 1\nskip_cache = 1\nage = 1");
        for (system, events) in reachable(&walk.model) {
            let under_way = system.requests().len() + system.responses().len();
            let known: Vec<_> = events
                .iter()
                .filter(|event| matches!(event, Event::Mint(..) | Event::Respond(..)))
                .collect();
            assert_eq!(under_way, known.len(), "{system:?}");
        }
    }

    #[test]
    fn a_get_token_hit_writes_a_lost_cookie_within_its_step() {
        let mut walk = Walk::of("pr-8097", 2, "get_token = 1\ncookie_loss = 1");
        walk.go(&[Event::Befall(SharedFault::CookieLoss)]);
        assert_eq!(walk.now.jar().cookie, None);
        walk.go(&[get_token(1)]);
        assert_eq!(walk.now.jar().cookie, Some(T0));
        assert_eq!(walk.now.requests(), []);
    }

    #[test]
    fn ageing_reaches_every_tab_and_the_cookie_jar_within_its_step() {
        let mut walk = Walk::of("pr-9030", 3, "get_token = 1\nage = 1");
        walk.go(&[age(1)]);
        let tabs = (0..3).map(|tab| walk.now.tab(TabId(tab)).age);
        assert!(tabs.chain([walk.now.jar().age]).all(|age| age == Age(1)));
    }

    #[test]
    fn a_step_is_deterministic() {
        for name in ["pr-8097", "pr-9030", "four-guards"] {
            let walk = Walk::of(name, 2, "refresh = 1\nskip_cache = 1\nlose = 1");
            for (system, events) in reachable(&walk.model) {
                assert_eq!(walk.model.enabled(&system), events);
                for event in events {
                    let (one, two) = (
                        walk.model.step(&system, event),
                        walk.model.step(&system, event),
                    );
                    assert!(one.system == two.system, "{event:?} in {system:?}");
                    assert_eq!(one.evidence, two.evidence);
                }
            }
        }
    }
}

mod time {
    use super::*;

    #[test]
    fn a_tick_needs_a_used_instant_and_a_request_that_is_not_minted() {
        let mut walk = Walk::of("pr-8097", 2, "refresh = 2");
        assert!(walk.now.clock().used, "t0 was just minted");
        assert!(!walk.can(Event::Tick), "nothing to mint");
        walk.go(&[refresh(0)]);
        assert!(walk.can(Event::Tick));
        walk.go(&[Event::Tick]);
        assert_eq!((walk.now.clock().now, walk.now.clock().used), (2, false));
        assert!(!walk.can(Event::Tick), "nothing was minted at this instant");
        walk.go(&[mint(0, BG)]);
        assert!(walk.now.clock().used);
        assert!(!walk.can(Event::Tick), "again nothing to mint");
        walk.go(&[refresh(1)]);
        assert!(walk.can(Event::Tick));
    }

    #[test]
    fn the_instant_is_used_at_an_empty_start_too() {
        let mut walk = Walk::from("pr-9030", "empty", 2, "get_token = 1");
        assert!(walk.now.clock().used);
        walk.go(&[get_token(0), Event::Tick, mint(0, F0)]);
        assert_eq!(walk.minted(), (Source::Origin, token(2, 2)));
    }

    #[test]
    fn an_origin_token_minted_before_the_first_tick_ties_fully_with_t0() {
        let mut walk = Walk::of("pr-8097", 2, "skip_cache = 1");
        walk.go(&[skip_cache(0), mint(0, F0)]);
        assert_eq!(walk.minted(), (Source::Origin, T0));
    }

    #[test]
    fn age_goes_from_threshold_to_threshold_and_begins_a_new_instant() {
        let mut walk = Walk::of("pr-8097", 2, "refresh = 1\nage = 3");
        assert_eq!(walk.next_age(), Some(1), "t0 becomes near");
        walk.go(&[age(1)]);
        assert_eq!((walk.now.clock().now, walk.now.clock().used), (2, false));
        assert_eq!(walk.next_age(), Some(2), "t0 becomes dead");
        walk.go(&[age(2)]);
        assert_eq!(
            walk.next_age(),
            None,
            "no token held crosses another threshold"
        );
        walk.go(&[refresh(0), mint(0, BG)]);
        assert_eq!(
            walk.minted(),
            (Source::Edge, token(1, 3)),
            "iat is the new instant"
        );
        assert_eq!(walk.next_age(), Some(5), "a token in a response is held");
    }

    #[test]
    fn ageing_needs_a_budget_and_a_token() {
        assert_eq!(Walk::of("pr-8097", 2, "refresh = 1").next_age(), None);
        assert_eq!(
            Walk::from("pr-8097", "empty", 2, "get_token = 1\nage = 1").next_age(),
            None
        );
        let mut walk = Walk::of("pr-8097", 2, "get_token = 1\nage = 1");
        assert_eq!(walk.go(&[age(1)]).next_age(), None, "spent");
    }

    #[test]
    fn an_instant_left_by_a_tick_while_age_was_odd_is_never_aged() {
        let mut walk = Walk::of("pr-8097", 1, "refresh = 1\nskip_cache = 2\nage = 3");
        walk.go(&[age(1), skip_cache(0), mint(0, F0), respond(0, F0)]);
        assert_eq!(walk.cached(0), Some(token(2, 2)), "nothing else is held");
        assert_eq!(walk.next_age(), Some(3), "still in the same instant");
        walk.go(&[skip_cache(0), Event::Tick]);
        assert_eq!(walk.now.clock().unaged, [2]);
        assert_eq!(walk.next_age(), None, "disabled");
        walk.go(&[mint(0, F0)]);
        assert_eq!(
            walk.next_age(),
            None,
            "and not skipped for the younger token"
        );
        walk.go(&[respond(0, F0)]);
        assert_eq!(
            walk.next_age(),
            Some(5),
            "until only the younger one is held"
        );
    }

    #[test]
    fn an_instant_left_by_a_tick_while_age_was_even_can_age() {
        let mut walk = Walk::of("pr-8097", 1, "skip_cache = 1\nage = 1");
        walk.go(&[skip_cache(0), Event::Tick]);
        assert!(walk.now.clock().unaged.is_empty());
        assert_eq!(walk.next_age(), Some(1));
    }

    #[test]
    fn the_parent_inside_a_request_does_not_count_as_held() {
        let mut walk = Walk::of("pr-8097", 1, "refresh = 1\nskip_cache = 1\nage = 1");
        walk.go(&[refresh(0), skip_cache(0), Event::Tick, mint(0, F0)]);
        assert_eq!(
            walk.next_age(),
            Some(1),
            "the tab still holds t0 as its seed"
        );
        walk.go(&[respond(0, F0)]);
        assert_eq!(walk.now.requests()[0].1.parent, Some(T0));
        assert_eq!(walk.next_age(), Some(3), "only the younger token is held");
    }

    #[test]
    fn a_token_in_the_channel_or_waiting_counts_as_held() {
        let mut walk = Walk::from(
            "pr-8097",
            "empty",
            2,
            "get_token = 2\nskip_cache = 1\nage = 1",
        );
        walk.go(&[get_token(0), mint(0, F0), respond(0, F0)]);
        walk.go(&[skip_cache(0), Event::Tick, mint(0, F0), respond(0, F0)]);
        assert_eq!(walk.waits(1, 0), [token(1, 1), token(2, 2)]);
        assert_eq!(
            walk.next_age(),
            Some(1),
            "only the channel holds the older one"
        );
        walk.go(&[get_token(1), deliver(1, 0)]);
        assert_eq!(walk.waits(1, 0), [token(2, 2)]);
        assert_eq!(walk.next_age(), Some(1), "now it waits for tab 1's fetch");
    }
}

mod mints {
    use super::*;

    #[test]
    fn the_edge_copies_the_claims_of_the_parent_and_stamps_its_own_iat() {
        let mut walk = Walk::of("pr-8097", 2, "refresh = 1\nrollout = 1");
        walk.go(&[
            refresh(0),
            Event::Befall(SharedFault::Rollout),
            Event::Tick,
            mint(0, BG),
        ]);
        assert_eq!(walk.minted(), (Source::Edge, ModelToken { iat: 2, ..T0 }));
    }

    #[test]
    fn the_origin_answers_a_forced_request_from_the_database_in_the_current_format() {
        let mut walk = Walk::of("pr-8097", 2, "skip_cache = 1\nrollout = 1");
        walk.go(&[
            skip_cache(0),
            Event::Befall(SharedFault::Rollout),
            Event::Tick,
            mint(0, F0),
        ]);
        let fresh = ModelToken {
            fmt: 1,
            ..token(2, 2)
        };
        assert_eq!(walk.minted(), (Source::Origin, fresh));
    }

    #[test]
    fn the_origin_answers_an_unforced_request_without_a_parent() {
        let mut walk = Walk::from("pr-8097", "empty", 1, "get_token = 1");
        walk.go(&[get_token(0)]);
        let request = Request {
            kind: RequestKind::Token(TokenRequest::personal(F0)),
            org: Org::PERSONAL,
            parent: None,
            forced: false,
        };
        assert_eq!(walk.now.requests(), [(TabId(0), request)]);
        walk.go(&[mint(0, F0)]);
        assert_eq!(walk.minted().0, Source::Origin);
    }

    #[test]
    fn a_server_that_counts_begins_an_epoch_with_each_read_and_the_edge_copies_it() {
        let mut walk = Walk::of("epoch", 2, "skip_cache = 2\nrefresh = 1");
        walk.go(&[refresh(0), skip_cache(0), skip_cache(1), mint(0, F0)]);
        let first = ModelToken { epoch: 1, ..T0 };
        assert_eq!(walk.minted(), (Source::Origin, first));
        walk.go(&[mint(1, F0)]);
        let second = ModelToken { epoch: 2, ..T0 };
        assert_eq!(walk.minted(), (Source::Origin, second), "the same instant");
        walk.go(&[Event::Tick, mint(0, BG)]);
        assert_eq!(walk.minted(), (Source::Edge, token(1, 2)), "of epoch 0");
        let mut other = Walk::of("pr-9030", 2, "skip_cache = 1");
        other.go(&[skip_cache(0), mint(0, F0)]);
        assert_eq!(other.minted(), (Source::Origin, T0), "nobody counts");
    }

    #[test]
    fn the_origin_sends_no_oiat_before_its_rollout() {
        let mut walk = Walk::from("pr-8097", "legacy", 1, "skip_cache = 2\noiat_on = 1");
        assert_eq!(walk.cached(0), Some(legacy(1)));
        walk.go(&[skip_cache(0), Event::Tick, mint(0, F0)]);
        assert_eq!(walk.minted(), (Source::Origin, legacy(2)));
        walk.go(&[
            Event::Befall(SharedFault::OiatOn),
            skip_cache(0),
            Event::Tick,
            mint(0, F1),
        ]);
        assert_eq!(walk.minted(), (Source::Origin, token(3, 3)));
    }

    #[test]
    fn the_edge_hides_the_age_of_claims_of_a_parent_without_oiat() {
        let mut walk = Walk::from("pr-8097", "legacy", 1, "refresh = 1\noiat_on = 1");
        walk.go(&[
            Event::Befall(SharedFault::OiatOn),
            refresh(0),
            Event::Tick,
            mint(0, BG),
        ]);
        assert_eq!(
            walk.minted(),
            (
                Source::Edge,
                ModelToken {
                    iat: 2,
                    ..legacy(1)
                }
            )
        );
    }

    /// What the edge does with a parent is assumed by the scenario.
    fn minted_for_a_refresh(design: &str, start: &str, edge: &str) -> (Source, ModelToken) {
        let start = format!("{start}\"\nedge = \"{edge}");
        let budget = "refresh = 1\nskip_cache = 1\noiat_on = 1";
        let mut walk = Walk::from(design, &start, 1, budget);
        if start.starts_with("empty") {
            walk.go(&[skip_cache(0), mint(0, F0), respond(0, F0)]);
        }
        walk.go(&[
            refresh(0),
            Event::Befall(SharedFault::OiatOn),
            Event::Tick,
            mint(0, BG),
        ]);
        walk.minted()
    }

    #[test]
    fn an_edge_that_needs_oiat_leaves_a_parent_without_it_to_the_origin() {
        let copied = ModelToken {
            iat: 2,
            ..legacy(1)
        };
        for start in ["legacy", "empty-legacy"] {
            let mint = |edge| minted_for_a_refresh("pr-9284", start, edge);
            assert_eq!(mint("any"), (Source::Edge, copied), "{start}");
            assert_eq!(mint("needs-oiat"), (Source::Origin, token(2, 2)), "{start}");
            // The design asks the origin itself.
            let mint = |edge| minted_for_a_refresh("proposal", start, edge);
            assert_eq!(mint("any"), (Source::Origin, token(2, 2)), "{start}");
            assert_eq!(mint("needs-oiat"), (Source::Origin, token(2, 2)), "{start}");
        }
    }

    #[test]
    fn an_edge_that_needs_oiat_copies_from_a_parent_that_has_it() {
        let mut walk = Walk::from("pr-9284", "tokens\"\nedge = \"needs-oiat", 1, "refresh = 1");
        walk.go(&[refresh(0), Event::Tick, mint(0, BG)]);
        assert_eq!(walk.minted(), (Source::Edge, token(1, 2)));
    }

    #[test]
    fn an_origin_that_nobody_holds_a_token_of_may_not_send_oiat_yet() {
        let budget = "skip_cache = 2\noiat_on = 1";
        let mut walk = Walk::from("pr-9284", "empty-legacy", 2, budget);
        assert_eq!(walk.cached(0), None);
        walk.go(&[skip_cache(0), mint(0, F0)]);
        assert_eq!(walk.minted(), (Source::Origin, legacy(1)));
        walk.go(&[
            Event::Befall(SharedFault::OiatOn),
            skip_cache(1),
            Event::Tick,
            mint(1, F0),
        ]);
        assert_eq!(walk.minted(), (Source::Origin, token(2, 2)));
    }

    #[test]
    fn the_edge_copies_from_the_parent_that_was_sent_and_not_from_a_later_seed() {
        let mut walk = Walk::of("pr-8097", 1, "refresh = 1\nskip_cache = 1");
        walk.go(&[
            refresh(0),
            skip_cache(0),
            Event::Tick,
            mint(0, F0),
            respond(0, F0),
        ]);
        walk.go(&[mint(0, BG)]);
        assert_eq!(walk.minted(), (Source::Edge, token(1, 2)));
    }

    #[test]
    fn a_forced_request_carries_its_parent_too() {
        let mut walk = Walk::of("pr-8097", 1, "skip_cache = 1");
        walk.go(&[skip_cache(0)]);
        let request = Request {
            kind: RequestKind::Token(TokenRequest::personal(F0)),
            org: Org::PERSONAL,
            parent: Some(T0),
            forced: true,
        };
        assert_eq!(walk.now.requests(), [(TabId(0), request)]);
        walk.go(&[mint(0, F0)]);
        assert_eq!(
            walk.now.responses(),
            [(TabId(0), Response::Token(TokenRequest::personal(F0), T0))],
            "a response has forgotten it"
        );
    }
}

mod delivery {
    use super::*;

    #[test]
    fn requests_are_minted_and_answered_in_any_order() {
        let mut walk = Walk::of("pr-8097", 2, "refresh = 1\nskip_cache = 2");
        walk.go(&[refresh(0), skip_cache(0), skip_cache(0)]);
        let minted = [BG, F0, F1].map(|fetch| walk.can(mint(0, fetch)));
        assert_eq!(minted, [true; 3]);
        walk.go(&[mint(0, F1), mint(0, BG), mint(0, F0)]);
        let answered = [BG, F0, F1].map(|fetch| walk.can(respond(0, fetch)));
        assert_eq!(answered, [true; 3]);
        walk.go(&[respond(0, F0), respond(0, F1), respond(0, BG)]);
        assert_eq!(
            (walk.now.requests(), walk.now.responses()),
            (vec![], vec![])
        );
    }

    #[test]
    fn broadcasts_of_one_tab_reach_another_in_the_order_of_their_posting() {
        let mut walk = Walk::of("pr-8097", 2, "skip_cache = 2");
        walk.go(&[skip_cache(0), Event::Tick, mint(0, F0), respond(0, F0)]);
        walk.go(&[skip_cache(0), Event::Tick, mint(0, F0), respond(0, F0)]);
        assert_eq!(walk.waits(1, 0), [token(2, 2), token(3, 3)]);
        walk.go(&[deliver(1, 0)]);
        assert_eq!(walk.cached(1), Some(token(2, 2)), "the oldest first");
        walk.go(&[deliver(1, 0)]);
        assert_eq!(walk.cached(1), Some(token(3, 3)));
        assert!(walk.now.is_quiescent());
    }

    #[test]
    fn broadcasts_of_different_tabs_arrive_in_any_order() {
        let mut walk = Walk::of("pr-8097", 3, "skip_cache = 2");
        for tab in [0, 1] {
            walk.go(&[
                skip_cache(tab),
                Event::Tick,
                mint(tab, F0),
                respond(tab, F0),
            ]);
        }
        assert!(walk.can(deliver(2, 0)) && walk.can(deliver(2, 1)));
        walk.go(&[deliver(2, 1)]);
        assert_eq!(walk.cached(2), Some(token(3, 3)), "the younger one first");
        assert!(walk.can(deliver(2, 0)) && !walk.can(deliver(2, 1)));
    }

    #[test]
    fn the_oldest_broadcast_of_a_pair_can_be_lost() {
        let mut walk = Walk::of("pr-8097", 3, "skip_cache = 2\nlose = 1");
        assert!(!walk.can(lose(1, 0)), "there is none");
        walk.go(&[skip_cache(0), Event::Tick, mint(0, F0), respond(0, F0)]);
        walk.go(&[skip_cache(0), Event::Tick, mint(0, F0), respond(0, F0)]);
        walk.go(&[lose(1, 0)]);
        assert_eq!(walk.waits(1, 0), [token(3, 3)]);
        assert_eq!(
            walk.waits(2, 0),
            [token(2, 2), token(3, 3)],
            "nobody else loses it"
        );
        assert!(!walk.can(lose(2, 0)), "the budget is spent");
        assert_eq!(walk.cached(1), Some(T0));
    }

    #[test]
    fn only_a_request_that_is_not_minted_can_fail() {
        let mut walk = Walk::of("pr-8097", 2, "skip_cache = 2\nfail = 1");
        walk.go(&[skip_cache(0), skip_cache(0), mint(0, F1)]);
        assert!(walk.can(fail(0, F0)) && !walk.can(fail(0, F1)));
        walk.go(&[fail(0, F0)]);
        assert_eq!(walk.now.requests(), [], "it is gone");
        assert!(!walk.can(fail(0, F1)), "the budget is spent");
        assert_eq!(walk.now.tab(TabId(0)).cache.fetches.len(), 1);
    }

    #[test]
    fn a_failed_background_refresh_may_be_followed_by_another() {
        let mut walk = Walk::of("pr-8097", 1, "refresh = 2\nfail = 1");
        walk.go(&[refresh(0), fail(0, BG)]);
        assert!(
            walk.now
                .tab(TabId(0))
                .cache
                .at(Org::PERSONAL)
                .background
                .is_none()
        );
        assert!(!walk.can(refresh(0)), "but the timer is gone");
    }

    #[test]
    fn the_number_of_a_fetch_is_free_again_when_its_answer_has_arrived() {
        let mut walk = Walk::of("pr-8097", 1, "skip_cache = 3");
        walk.go(&[skip_cache(0), mint(0, F0), skip_cache(0)]);
        assert!(
            walk.can(mint(0, F1)),
            "a response in flight still carries 0"
        );
        walk.go(&[respond(0, F0), skip_cache(0)]);
        assert!(walk.can(mint(0, F0)));
    }
}

mod stimuli {
    use super::*;

    #[test]
    fn a_stimulus_happens_no_more_often_than_its_budget_allows_all_tabs_together() {
        let mut walk = Walk::of("pr-8097", 2, "skip_cache = 1");
        assert!(walk.can(skip_cache(0)) && walk.can(skip_cache(1)));
        walk.go(&[skip_cache(1)]);
        assert!(!walk.can(skip_cache(0)) && !walk.can(skip_cache(1)));
        assert!(!Walk::of("pr-8097", 2, "refresh = 1").can(skip_cache(0)));
    }

    #[test]
    fn a_stimulus_limited_by_a_scenario_happens_to_those_tabs_only() {
        let budget = "skip_cache = { count = 1, by = [1] }\nfail = { count = 1, by = [0] }";
        let mut walk = Walk::of("pr-8097", 2, budget);
        assert!(walk.can(skip_cache(1)) && !walk.can(skip_cache(0)));
        walk.go(&[skip_cache(1)]);
        assert!(
            !walk.can(fail(1, F0)),
            "the request of a tab that cannot fail"
        );
        let budget = "skip_cache = 1\nlose = { count = 1, by = [2] }";
        let mut walk = Walk::of("pr-8097", 3, budget);
        walk.go(&[skip_cache(0), mint(0, F0), respond(0, F0)]);
        assert!(
            walk.can(lose(2, 0)) && !walk.can(lose(1, 0)),
            "by is the receiver"
        );
    }

    #[test]
    fn a_refresh_needs_an_armed_entry() {
        let mut walk = Walk::of("pr-8097", 2, "refresh = 2\nskip_cache = 1");
        walk.go(&[refresh(0)]);
        assert!(!walk.can(refresh(0)) && walk.can(refresh(1)), "disarmed");
        walk.go(&[mint(0, BG), respond(0, BG), deliver(1, 0)]);
        assert!(walk.can(refresh(0)), "armed by its answer");
        assert!(!walk.can(refresh(1)), "an adopted entry has no timer");
        walk.go(&[skip_cache(0)]);
        assert!(!walk.can(refresh(0)), "a pending slot has none either");
    }

    #[test]
    fn a_tab_gets_focus_once_and_loses_it_only_if_it_has_it() {
        let tab = TabId(0);
        let [focus, blur] =
            [TabAction::Focus, TabAction::Blur].map(|action| Event::InTab(action, tab));
        let text = "tabs = 2\nunfocused = [0]\n[budget]\nfocus = 3\nblur = 3\n";
        let mut walk = Walk::along("pr-9284", text);
        assert!(walk.can(focus) && !walk.can(blur), "it never had focus");
        walk.go(&[focus]);
        assert!(!walk.can(focus) && walk.can(blur), "it has it");
        walk.go(&[blur]);
        assert!(!walk.can(focus) && !walk.can(blur), "it had it");
    }

    #[test]
    fn a_tab_changes_the_organisation_only_while_it_is_open_and_has_focus() {
        let of = |action| Event::InTab(action, TabId(0));
        let text = "tabs = 2\nkeys = 2\n[budget]\nswitch = 2\nblur = 2\nclose = 1\nrefresh = 1\n";
        let mut walk = Walk::along("pr-9284", text);
        let refreshes = Event::InTabOfOrg(TabAction::Refresh, TabId(0));
        assert!(walk.can(of(TabAction::Switch)) && walk.can(of(TabAction::Refresh)));
        assert!(!walk.can(refreshes), "nothing is there under the other key");
        walk.go(&[of(TabAction::Blur)]);
        assert!(!walk.can(of(TabAction::Switch)), "without focus");
        let mut walk = Walk::along("pr-9284", text);
        walk.go(&[of(TabAction::Close)]);
        assert!(!walk.can(of(TabAction::Switch)), "closed");
    }

    #[test]
    fn only_a_tab_that_is_not_there_yet_can_be_opened() {
        let opens = |tab| Event::InTab(TabAction::Open, TabId(tab));
        let text = "tabs = 2\nabsent = [1]\n[budget]\nopen = 2\nskip_cache = 1\n";
        let mut walk = Walk::along("pr-9284", text);
        assert!(walk.can(opens(1)) && !walk.can(opens(0)));
        walk.go(&[opens(1)]);
        assert!(!walk.can(opens(1)), "it is open");
    }

    #[test]
    fn only_a_tab_that_is_open_can_be_closed_and_does_nothing_else_then() {
        let of = |action| Event::InTab(action, TabId(0));
        let mut walk = Walk::of(
            "pr-9284",
            2,
            "close = 2\ntouch = 1\nskip_cache = 1\nblur = 1",
        );
        assert!(walk.can(of(TabAction::Close)) && walk.can(of(TabAction::Touch)));
        walk.go(&[of(TabAction::Close)]);
        for action in TabAction::ALL {
            assert!(!walk.can(of(action)), "{action:?} after the end");
        }
        assert!(walk.can(Event::InTab(TabAction::Close, TabId(1))));
    }

    #[test]
    fn while_a_request_is_under_way_nobody_can_make_another_under_a_lock() {
        let budget = "refresh = 2\nskip_cache = 2\nget_token = 1\nclear_cache = 2";
        let mut walk = Walk::of("lock", 2, budget);
        walk.go(&[skip_cache(0)]);
        for tab in [0, 1] {
            assert!(!walk.can(skip_cache(tab)), "tab {tab}");
            assert!(!walk.can(refresh(tab)), "tab {tab}");
            assert!(walk.can(get_token(tab)), "tab {tab} joins, or has a token");
        }
        walk.go(&[clear(1)]);
        assert!(!walk.can(get_token(1)), "there is no token");
        walk.go(&[mint(0, F0)]);
        assert!(!walk.can(get_token(1)), "the answer is still under way");
        walk.go(&[respond(0, F0)]);
        assert!(walk.can(get_token(1)) && walk.can(refresh(0)) && walk.can(skip_cache(1)));
    }

    #[test]
    fn a_call_that_waits_for_the_lock_looks_at_the_cache_when_it_has_it() {
        let wait = |tab, call| Event::Wait(TabId(tab), call);
        let resume = |tab, call| Event::Resume(TabId(tab), call);
        let mut walk = Walk::from("lock", "empty", 3, "get_token = 3\nskip_cache = 1");
        assert!(!walk.can(wait(1, Call::GetToken)), "nobody has the lock");
        walk.go(&[
            get_token(0),
            wait(1, Call::GetToken),
            wait(1, Call::SkipCache),
        ]);
        walk.go(&[wait(2, Call::GetToken), mint(0, F0)]);
        let free = [
            (1, Call::GetToken),
            (1, Call::SkipCache),
            (2, Call::GetToken),
        ];
        let can = |walk: &Walk| free.map(|(tab, call)| walk.can(resume(tab, call)));
        assert_eq!(can(&walk), [false; 3], "tab 0 has it until it is answered");
        walk.go(&[respond(0, F0)]);
        assert_eq!(can(&walk), [true; 3], "any of them may get it");
        walk.go(&[deliver(1, 0), resume(1, Call::GetToken)]);
        let returned = |item: &Evidence| matches!(item, Evidence::Returned(TabId(1), ..));
        assert!(
            walk.evidence.iter().any(returned),
            "a token has come meanwhile"
        );
        assert_eq!(can(&walk), [false, true, true], "so the lock is free again");
        walk.go(&[resume(1, Call::SkipCache)]);
        assert_eq!(can(&walk), [false; 3], "past the cache it takes a request");
        walk.go(&[mint(1, F0), respond(1, F0), resume(2, Call::GetToken)]);
        assert_eq!(
            can(&walk),
            [false; 3],
            "tab 2 has heard of nothing, and asks"
        );
    }

    #[test]
    fn calls_that_wait_fail_when_their_page_is_signed_out_and_go_with_it_when_it_is_closed() {
        let wait = |tab| Event::Wait(TabId(tab), Call::SkipCache);
        let act = |action, tab| Event::InTab(action, TabId(tab));
        let budget = "skip_cache = 3\nsign_out = 1\nclose = 1";
        let mut walk = Walk::of("lock", 2, budget);
        walk.go(&[skip_cache(0), wait(1), wait(1), act(TabAction::SignOut, 1)]);
        let rejected = |walk: &Walk| {
            let items = walk.evidence.iter();
            items
                .filter(|item| matches!(item, Evidence::Rejected(..)))
                .count()
        };
        walk.go(&[Event::Mint(TabId(1), RequestKind::End)]);
        assert_eq!(rejected(&walk), 0, "they wait until it is signed out");
        walk.go(&[Event::Respond(TabId(1), RequestKind::End)]);
        assert_eq!(rejected(&walk), 2);
        assert!(walk.now.tab(TabId(1)).cache.waiting.is_empty());
        let mut walk = Walk::of("lock", 2, budget);
        walk.go(&[skip_cache(0), wait(1), act(TabAction::Close, 1)]);
        assert_eq!(rejected(&walk), 0, "nobody is there to hear of it");
        assert!(walk.now.tab(TabId(1)).cache.waiting.is_empty());
        walk.go(&[mint(0, F0), respond(0, F0)]);
        assert!(!walk.can(Event::Resume(TabId(1), Call::SkipCache)));
    }

    #[test]
    fn a_failed_request_gives_the_lock_back() {
        let mut walk = Walk::of("lock", 2, "skip_cache = 2\nfail = 1");
        walk.go(&[skip_cache(0), fail(0, F0)]);
        assert!(walk.can(skip_cache(1)));
    }

    #[test]
    fn only_a_tab_with_a_request_under_way_can_be_orphaned_and_it_keeps_the_lock() {
        let orphan = |tab| Event::InTab(TabAction::Orphan, TabId(tab));
        let mut walk = Walk::of("lock", 2, "skip_cache = 2\norphan = 2");
        assert!(!walk.can(orphan(0)));
        walk.go(&[skip_cache(0)]);
        assert!(!walk.can(orphan(1)));
        walk.go(&[orphan(0), mint(0, F0), respond(0, F0)]);
        assert_eq!(walk.cached(0), None, "nobody took the answer");
        assert!(walk.now.is_quiescent());
        assert!(!walk.can(orphan(0)), "it has stopped");
        assert!(!walk.can(skip_cache(0)) && !walk.can(skip_cache(1)));
        let mut free = Walk::of("arrival-order", 2, "skip_cache = 2\norphan = 1");
        free.go(&[skip_cache(0), orphan(0)]);
        assert!(free.can(skip_cache(1)) && !free.can(skip_cache(0)));
    }

    #[test]
    fn a_slot_that_holds_something_can_be_cleared() {
        let mut walk = Walk::of("pr-8097", 1, "clear_cache = 3\nskip_cache = 1");
        walk.go(&[clear(0)]);
        assert!(!walk.can(clear(0)), "it is empty");
        walk.go(&[skip_cache(0), clear(0)]);
        assert_eq!(*walk.slot(0), Slot::Empty, "a pending slot too");
    }

    #[test]
    fn only_a_dead_entry_can_be_evicted() {
        let mut walk = Walk::of("pr-8097", 1, "evict = 2\nage = 2\nskip_cache = 1");
        assert!(!walk.can(evict(0)), "alive");
        walk.go(&[age(1)]);
        assert!(!walk.can(evict(0)), "near");
        walk.go(&[age(2), evict(0)]);
        assert_eq!(*walk.slot(0), Slot::Empty);
        assert!(!walk.can(evict(0)), "gone");
        walk.go(&[skip_cache(0)]);
        assert!(!walk.can(evict(0)), "pending");
    }

    #[test]
    fn a_cookie_can_be_lost_only_if_there_is_one() {
        let mut walk = Walk::of("pr-8097", 2, "get_token = 1\ncookie_loss = 2");
        walk.go(&[Event::Befall(SharedFault::CookieLoss)]);
        assert!(!walk.can(Event::Befall(SharedFault::CookieLoss)));
        assert!(
            !Walk::from("pr-8097", "empty", 2, "get_token = 1\ncookie_loss = 1")
                .can(Event::Befall(SharedFault::CookieLoss))
        );
    }

    #[test]
    fn the_origin_starts_to_send_oiat_once_and_only_if_it_did_not() {
        let mut walk = Walk::from("pr-8097", "legacy", 2, "get_token = 1\noiat_on = 2");
        walk.go(&[Event::Befall(SharedFault::OiatOn)]);
        assert!(!walk.can(Event::Befall(SharedFault::OiatOn)));
        let mut walk = Walk::from("pr-8097", "empty-legacy", 2, "get_token = 1\noiat_on = 2");
        walk.go(&[Event::Befall(SharedFault::OiatOn)]);
        assert!(!walk.can(Event::Befall(SharedFault::OiatOn)));
    }

    #[test]
    fn the_format_may_change_as_often_as_the_budget_allows() {
        let mut walk = Walk::of("pr-8097", 2, "get_token = 1\nrollout = 2");
        walk.go(&[
            Event::Befall(SharedFault::Rollout),
            Event::Befall(SharedFault::Rollout),
        ]);
        assert_eq!(walk.now.mints().fmt, 2);
        assert!(!walk.can(Event::Befall(SharedFault::Rollout)));
    }
}

mod size {
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
}

#[test]
fn the_history_of_the_properties_is_no_part_of_the_graph() {
    let text = "title = \"test\"\ntabs = 2\n[budget]\nrefresh = 1\nskip_cache = 1\n";
    let scenario = scenario(text);
    let policy = design("pr-8097").policy;
    let count = |properties| {
        let model = Monitored::new(policy, &scenario.setup, properties);
        let mut stored = HashSet::from([model.start()]);
        let mut pending = vec![model.start()];
        while let Some(state) = pending.pop() {
            let events = model.enabled(&state).into_iter();
            for next in events.map(|event| model.step(&state, event).state) {
                if stored.insert(next.clone()) {
                    pending.push(next);
                }
            }
        }
        let graph: HashSet<_> = stored.iter().map(|state| &state.system).collect();
        (graph.len(), stored.len())
    };
    let (graph, stored) = count(PropertySet::NONE);
    assert_eq!((graph, stored), (517, 517));
    let headline = PropertySet::from_iter([Property::CachedOiatNeverDecreases]);
    let (graph, stored) = count(headline);
    assert_eq!(graph, 517);
    assert!(
        stored > 517,
        "the history tells states apart, the graph does not"
    );
}

mod faults {
    use super::*;

    const OF_F0: TokenRequest = TokenRequest::personal(F0);
    const TAB: TabId = TabId(0);

    /// A page of the latest release asks past the cache, and its request fails.
    fn failed() -> Walk {
        let mut walk = Walk::of("pr-9284", 2, "skip_cache = 1\nfail = 1");
        walk.go(&[skip_cache(0), Event::Tick, fail(0, F0)]);
        walk
    }

    #[test]
    fn an_answer_is_lost_after_its_token_is_minted_and_is_a_failure_for_its_tab() {
        let mut walk = Walk::of("pr-9284", 2, "skip_cache = 1\nlose_answer = 1");
        let lose = Event::Spoil(RequestFault::LoseAnswer, TAB, OF_F0);
        walk.go(&[skip_cache(0), Event::Tick]);
        assert!(!walk.can(lose), "nothing is minted yet");
        walk.go(&[mint(0, F0), lose]);
        assert_eq!(walk.now.tab(TAB), failed().now.tab(TAB));
        assert_eq!(walk.now.jar().cookie, Some(T0), "nobody has the token");
        assert_eq!((walk.waits(1, 0), walk.now.responses()), (vec![], vec![]));
    }

    #[test]
    fn who_joined_a_fetch_gets_null_when_its_answer_has_no_token() {
        let budget = "skip_cache = 1\nget_token = 1\nempty_answer = 1\nfail = 1";
        let ends = |end| {
            let mut walk = Walk::of("pr-9284", 2, budget);
            walk.go(&[skip_cache(0), get_token(0), end]);
            let null = Evidence::ReturnedNull(TAB, Org::PERSONAL);
            (walk.now.tab(TAB).clone(), walk.evidence.contains(&null))
        };
        let (empty, got_null) = ends(Event::Spoil(RequestFault::EmptyAnswer, TAB, OF_F0));
        let (failed, rejected) = ends(fail(0, F0));
        assert!(got_null && !rejected);
        assert_eq!(empty, failed, "what is cached is the same");
    }

    #[test]
    fn a_401_is_a_failure_once_the_client_has_been_asked_for() {
        let mut walk = Walk::of("pr-9284", 2, "skip_cache = 1\nunauthorized = 1");
        walk.go(&[
            skip_cache(0),
            Event::Spoil(RequestFault::Unauthorized, TAB, OF_F0),
        ]);
        let pending = matches!(walk.slot(0), Slot::Pending { .. });
        assert!(pending, "the fetch goes on meanwhile");
        let client = RequestKind::Recheck(OF_F0);
        walk.go(&[Event::Mint(TAB, client), Event::Respond(TAB, client)]);
        assert!(!matches!(walk.slot(0), Slot::Pending { .. }));
        assert_eq!(
            (walk.now.requests(), walk.now.responses()),
            (vec![], vec![])
        );
    }
}

/// The Explorer shows what a step did, and the state after it.
#[test]
fn a_step_is_told_with_what_was_done_in_it_and_where_it_leads() {
    let text = "title = \"test\"\ntabs = 2\n[budget]\nskip_cache = 1\n";
    let setup = &scenario(text).setup;
    let model = Monitored::new(design("pr-9030").policy, setup, PropertySet::ALL);
    let told = |state, event| stateright::Model::format_step(&model, state, event);
    let start = model.start();
    let asked = told(&start, skip_cache(0)).expect("a step");
    let next = model.step(&start, skip_cache(0)).state;
    assert!(asked.starts_with("- "), "{asked}");
    assert!(
        asked.contains("sends a request") && asked.ends_with(&format!("\n\n{next:?}")),
        "{asked}"
    );
}
