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

mod asking;
mod background_answer;
mod broadcast;
mod compare_and_swap;
mod cookie;
mod cookie_rights;
mod dispatch;
mod failure;
mod families;
mod foreground_answer;
mod get_token;
mod high_water;
mod install;
mod invalidation;
mod put;
mod refresh;
mod removal;
mod seed;
mod skip_cache;
mod start;
mod waiting;

#[test]
fn a_set_of_guards_or_measures_without_one_has_all_others() {
    for site in Site::ALL {
        let rest = Guards::from_iter(Site::ALL).without(site);
        assert!(Site::ALL.into_iter().all(|of| rest.has(of) == (of != site)));
        assert_eq!(rest.without(site), rest);
        let all = rest.with(site);
        assert_eq!(all, Guards::from_iter(Site::ALL));
        assert_eq!(all.with(site), all);
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
