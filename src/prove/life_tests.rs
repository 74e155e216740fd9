//! That what is kept of a tab that comes and goes shows everything that can happen to it: whatever a
//! whole tab does, with two keys, sessions and requests of its own, the tab in view may do as well
//! (docs/proof-life.md, all lemmas).

use super::environment::Environment;
use super::life::{View, may_be_astray};
use super::order::{Kinds, Phases};
use super::step::Stepper;
use super::tab::{Tab, fetch};
use super::tests::{any_policy, stepper as plain_stepper};
use crate::cache::{
    Asks, Background, Cache, Entry, Event, Fetch, FetchId, Focus, Keyed, Own, Phase, Policy, Posts,
    Session, SessionId, Site, Slot, Spoiled, TokenRequest, Update,
};
use crate::freshness::Org;
use crate::model::Meaning;
use crate::property::{Monitor, PropertySet, TabHistory};
use crate::vocabulary::{ModelToken, TabAction};
use proptest::option;
use proptest::prelude::*;
use std::collections::HashSet;

/// With `oiat`: a token without it may be no newer than one with it.
fn any_token() -> impl Strategy<Value = ModelToken> {
    super::tests::any_token().prop_map(|token| ModelToken {
        oiat: Some(token.claims),
        ..token
    })
}

/// What a tab is made of, before it is made whole.
#[derive(Clone, Debug)]
struct Parts {
    phase: Phase,
    current_is_own: bool,
    lasts: [Option<ModelToken>; 2],
    slots: [(u8, ModelToken, bool); 2],
    backgrounds: [Option<(bool, bool)>; 2],
    others: Option<(bool, bool)>,
    waits: Option<ModelToken>,
    update: (bool, bool),
    orgs: [bool; 8],
}

fn any_parts() -> impl Strategy<Value = Parts> {
    let phase = proptest::sample::select(vec![
        Phase::Loading,
        Phase::Live,
        Phase::Live,
        Phase::Live,
        Phase::Leaving,
        Phase::Out,
    ]);
    let slot = || (0u8..3, any_token(), any::<bool>());
    let lasts = [option::of(any_token()), option::of(any_token())];
    let background = || option::of((any::<bool>(), any::<bool>()));
    let requests = (
        [background(), background()],
        option::of((any::<bool>(), any::<bool>())),
        option::of(any_token()),
        (any::<bool>(), any::<bool>()),
    );
    let whole = (phase, any::<bool>(), lasts, [slot(), slot()], requests);
    (whole, any::<[bool; 8]>()).prop_map(
        |((phase, current_is_own, lasts, slots, requests), orgs)| {
            let (backgrounds, others, waits, update) = requests;
            Parts {
                phase,
                current_is_own,
                lasts,
                slots,
                backgrounds,
                others,
                waits,
                update,
                orgs,
            }
        },
    )
}

fn org(is_first: bool) -> Org {
    Org::ALL[usize::from(is_first)]
}

impl Parts {
    /// A whole tab, as a design can have it.
    fn tab(&self, policy: &Policy) -> Cache<ModelToken> {
        let astray = may_be_astray(policy);
        let mut cache = Cache::empty().with_two_keys();
        cache.phase = self.phase;
        cache.sessions.clear();
        cache.sessions.extend(self.sessions());
        for (index, key) in Org::ALL.into_iter().enumerate() {
            let slot = self.slot(index, key, policy);
            if let Slot::Pending { fetch: id, .. } = slot {
                cache.fetches.push(Fetch {
                    key,
                    session: self.session(self.current_is_own),
                    waiting: Vec::new(),
                    ..fetch(id)
                });
            }
            let background = self.backgrounds[index].filter(|_| self.has_sessions());
            cache.keys[index] = Keyed {
                slot,
                background: background.map(|(is_newest, is_first)| Background {
                    session: self.session(is_newest),
                    org: if astray { org(is_first) } else { key },
                    superseded: false,
                }),
                mark: None,
            };
        }
        if let Some((is_newest, is_first)) = self.others.filter(|_| self.has_sessions()) {
            cache.fetches.push(Fetch {
                key: org(is_first),
                session: self.session(is_newest),
                ..fetch(FetchId(2))
            });
        }
        for of in &mut cache.fetches {
            let waits = self.waits.filter(|_| policy.posts == Posts::Token);
            let posted = |token| self.posted(token, of.key, astray);
            of.waiting = waits.into_iter().map(posted).collect();
        }
        if self.has_sessions() {
            let (is_newest, is_first) = self.update;
            let update = Update {
                number: 0,
                session: self.session(is_newest),
                org: org(is_first),
            };
            cache.touches.push(update);
            cache.switches.push(update);
        }
        cache.focus = [Focus::Has, Focus::Never][usize::from(self.orgs[6])];
        cache
    }

    fn has_sessions(&self) -> bool {
        self.phase != Phase::Loading
    }

    fn sessions(&self) -> Vec<Session<ModelToken>> {
        if !self.has_sessions() {
            return Vec::new();
        }
        let session = |(index, last): (usize, &Option<ModelToken>)| Session {
            last: last.map(|last| ModelToken {
                org: org(self.orgs[index]),
                ..last
            }),
            org: org(self.orgs[2 + index]),
        };
        self.lasts.iter().enumerate().map(session).collect()
    }

    fn session(&self, is_newest: bool) -> SessionId {
        SessionId(u8::from(is_newest && self.phase != Phase::Out))
    }

    /// The slot under a key. Without a session there is no fetch, and nothing is a tab's own.
    fn slot(&self, index: usize, key: Org, policy: &Policy) -> Slot<ModelToken> {
        let (kind, token, is_own) = self.slots[index];
        let token = under(key, self.orgs[4 + index], token, may_be_astray(policy));
        match (kind, self.has_sessions()) {
            (0, _) => Slot::Empty,
            (1, true) => Slot::Pending {
                fetch: FetchId(index as u8),
                base: is_own
                    .then_some(token)
                    .filter(|_| policy.guards.has(Site::Baseline)),
            },
            (_, has_sessions) => Slot::Resolved(Entry {
                token,
                own: (is_own && has_sessions).then(|| Own {
                    session: self.session(self.current_is_own),
                    asks: Asks::Session,
                    armed: true,
                }),
            }),
        }
    }

    /// A broadcast that waits for a fetch: under the personal key only its own tokens are posted.
    fn posted(&self, token: ModelToken, key: Org, astray: bool) -> ModelToken {
        match key {
            Org::PERSONAL => ModelToken { org: key, ..token },
            key => under(key, self.orgs[7], token, astray),
        }
    }
}

/// A token under a key: of its organisation, or, where answers go astray, of any.
fn under(key: Org, is_first: bool, token: ModelToken, astray: bool) -> ModelToken {
    ModelToken {
        org: if astray { org(is_first) } else { key },
        ..token
    }
}

/// What may become of a request that is not answered as it should be, with a token of the client.
fn spoiled(request: TokenRequest, token: ModelToken) -> impl Iterator<Item = Event<ModelToken>> {
    let spoiled = Spoiled::ALL.map(|how| Event::Spoiled { how, request });
    let rechecked = |token| Event::Rechecked { request, token };
    spoiled
        .into_iter()
        .chain([rechecked(None), rechecked(Some(token))])
}

/// The events that may happen to this tab, with a token.
fn events(cache: &Cache<ModelToken>, policy: &Policy, any: ModelToken) -> Vec<Event<ModelToken>> {
    let of = |org| ModelToken { org, ..any };
    let mut events = vec![Event::SignedOutElsewhere];
    for key in Org::ALL {
        events.push(Event::CleanupTimer { key });
        events.push(Event::OutOfDate { key });
        events.push(Event::Broadcast {
            key,
            token: of(key),
        });
        if key != Org::PERSONAL && may_be_astray(policy) {
            let token = of(key.other());
            events.push(Event::Broadcast { key, token });
        }
        let keyed = cache.at(key);
        if matches!(&keyed.slot, Slot::Resolved(entry) if entry.is_armed()) {
            events.push(Event::RefreshTimer { key });
        }
        if let Some(background) = keyed.background {
            let request = TokenRequest::Background(key);
            let token = of(background.org);
            events.push(Event::Answer { request, token });
            events.extend(spoiled(request, of(Org::PERSONAL)));
        }
    }
    for fetch in &cache.fetches {
        let request = TokenRequest::Fetch(fetch.id);
        let token = of(fetch.key);
        events.push(Event::Answer { request, token });
        events.extend(spoiled(request, of(Org::PERSONAL)));
    }
    for update in &cache.touches {
        let (number, token) = (0, of(update.org));
        for payload in [false, true] {
            events.push(Event::Touched {
                number,
                token,
                payload,
            });
        }
        events.push(Event::Switched { number, token });
    }
    match cache.phase {
        Phase::Loading => events.push(Event::Loaded(of(Org::PERSONAL))),
        Phase::Live => {
            // It is open, timers fire above, and a closed tab does nothing (lemma 2).
            let others = [
                TabAction::Open,
                TabAction::Close,
                TabAction::Refresh,
                TabAction::Evict,
            ];
            let actions = TabAction::ALL.into_iter().filter(|of| !others.contains(of));
            events.extend(
                actions.filter_map(|of| match Meaning::of(of, Org::PERSONAL) {
                    Meaning::Cache(event) => Some(event),
                    Meaning::Stop => None,
                }),
            );
            events.push(Event::Reloaded);
        }
        Phase::Leaving => events.push(Event::Ended),
        Phase::Out => events.extend([
            Event::Reloaded,
            Event::Loaded(of(Org::PERSONAL)),
            Event::Ended,
        ]),
        Phase::Absent | Phase::Closed => {}
    }
    events
}

fn stepper(policy: Policy, key: Org) -> Stepper {
    let plain = plain_stepper(policy);
    let keeps_last = policy.guards.has(Site::Last);
    Stepper {
        judge: Monitor {
            properties: PropertySet::NONE,
            ..plain.judge
        },
        dated: false,
        keeps_last,
        life: Some(View {
            key,
            policy,
            tells_orgs: may_be_astray(&policy),
            keeps_last,
            asks_seeds: false,
            remembers_calls: false,
        }),
        ..plain
    }
}

/// What the proof keeps of a tab, in its canonical form.
fn kept(stepper: &Stepper, cache: &Cache<ModelToken>) -> Tab {
    let view = stepper.life.as_ref().expect("a view");
    let tab = Tab {
        cache: view.after(cache.clone()),
        history: TabHistory::default(),
    };
    let tab = stepper.canonical(&stepper.begin(tab));
    tab.expect("few instants")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn whatever_a_whole_tab_does_the_tab_in_view_may_do_as_well(
        policy in any_policy()
            .prop_filter("not covered", |policy| !policy.guards.has(Site::Dispatch))
            .prop_filter("kept apart", |policy| !policy.guards.has(Site::HighWater)),
        parts in any_parts(),
        token in any_token(),
    ) {
        let whole = parts.tab(&policy);
        for key in Org::ALL {
            let stepper = stepper(policy, key);
            let before = kept(&stepper, &whole);
            let tab = before.spread();
            let environment = Environment {
                kinds: Kinds {
                    lines: stepper.lines,
                    legacy: false,
                    legacy_claims: false,
                    dated: false,
                },
                waiting: 1,
                posts: policy.posts,
                broadcasts: true,
                life: stepper.life,
            };
            let mut may_become = HashSet::from([before]);
            let order = tab.order(stepper.lines);
            let mut seen = HashSet::new();
            environment.happenings(&tab, &order, &mut |happening| {
                let (cache, _) = stepper.unjudged(&tab, happening, &Phases);
                if seen.insert(cache.clone()) {
                    let after = Tab { cache, history: TabHistory::default() };
                    may_become.extend(stepper.canonical(&after));
                }
            });
            for event in events(&whole, &policy, token) {
                let is_broadcast = matches!(event, Event::Broadcast { .. });
                let is_invalidation = matches!(event, Event::OutOfDate { .. });
                let posts_tokens = policy.posts == Posts::Token;
                if is_broadcast && !posts_tokens || is_invalidation && posts_tokens {
                    continue;
                }
                let mut after = whole.clone();
                after.handle(&policy, &Phases, event.clone());
                let after = kept(&stepper, &after);
                prop_assert!(
                    may_become.contains(&after),
                    "{key:?}, {event:?}: {tab:?} does not become {after:?}"
                );
            }
        }
    }
}
