//! Stepping the composed model: what can happen when, and what happens within one step.

mod delivery;
mod faults;
mod mints;
mod run_to_completion;
mod size;
mod stimuli;
mod time;

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
