//! A tab that comes and goes, looked at through one of its two keys.
//!
//! The argument is in docs/proof-life.md; the numbers of lemmas are those of that page. What is left of
//! the tab between two events is little: its phase, the entry under the key in view, its current
//! session's organisation and, where that decides something, last active token, and the history of
//! that key. Whatever else an event needs is chosen when it happens ([`Meets`]), and forgotten
//! afterwards ([`View::after`]): requests and timers of any session, the other key, context and focus.

use super::environment::{Environment, Happening};
use super::order::{Kinds, Order};
use super::tab::{OTHERS, OWNER, Tab, fetch};
use crate::cache::{
    Answers, Asks, Background, Cache, Event, Fetch, Focus, Keyed, Measure, Own, Phase, Policy,
    Posts, SeedFrom, Session, SessionId, Slot, TokenRequest, Update, Waiting,
};
use crate::freshness::Org;
use crate::property::TabHistory;
use crate::vocabulary::ModelToken;

/// What a proof looks at of a tab that comes and goes.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// The key.
    pub key: Org,
    /// The design.
    pub policy: Policy,
    /// The organisation of a token makes a difference, and tokens of both may come under the key.
    pub tells_orgs: bool,
    /// The last active token is kept between events.
    pub keeps_last: bool,
    /// It is asked which token seeds a request.
    pub asks_seeds: bool,
    /// It is remembered what a call got, so a fetch that no call waits for is told apart: elsewhere it
    /// does what one that is called does, but for what its call gets.
    pub remembers_calls: bool,
}

/// Whose a request or timer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The session that the page has.
    Current,
    /// An older one: of any organisation, with any last active token.
    Older,
}

/// What an event turns out to meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meets {
    /// Whose request or timer it is.
    pub whose: Whose,
    /// The organisation that was asked for.
    pub org: Org,
    /// What was asked for is out of date, for [`Answers`] other than those that are installed.
    pub lapsed: bool,
    /// A call of the page waits for it.
    pub called: bool,
}

impl View {
    /// The tabs before anything happened: one that has not been opened, one that holds nothing, and one
    /// for each kind of token.
    pub fn starts(&self, policy: &Policy, kinds: &Kinds) -> Vec<Tab> {
        let tokens = Order::default().arrivals(kinds).into_iter();
        let mut caches: Vec<_> = tokens.map(|token| Cache::resolved(token, policy)).collect();
        caches.push(Cache::empty());
        caches.push(Cache::empty().absent());
        let tab = |cache: Cache<_>| Tab {
            cache: self.after(cache.with_two_keys()),
            history: TabHistory::default(),
        };
        caches.into_iter().map(tab).collect()
    }

    /// Gives the tab what an event meets, and says which session that is of (lemmas 3 to 5).
    pub fn before(
        &self,
        cache: &mut Cache<ModelToken>,
        happening: &Happening,
    ) -> Option<SessionId> {
        let meets = happening.meets?;
        let Meets { whose, org, .. } = meets;
        if whose == Whose::Older {
            let older = Session { last: None, org };
            cache.sessions.insert(0, older);
        }
        let newest = cache.sessions.len().saturating_sub(1) as u8;
        let session = SessionId(match whose {
            Whose::Older => 0,
            Whose::Current => newest,
        });
        self.give(cache, &happening.event, session, meets);
        Some(session)
    }

    /// Gives the tab the request or timer of a session that an event is about.
    fn give(
        &self,
        cache: &mut Cache<ModelToken>,
        event: &Event<ModelToken>,
        session: SessionId,
        meets: Meets,
    ) {
        let Meets {
            org,
            lapsed,
            called,
            ..
        } = meets;
        match event {
            Event::RefreshTimer { key } => {
                if let Slot::Resolved(entry) = &mut cache.keys[key.index()].slot {
                    entry.own = Some(Own {
                        session,
                        asks: Asks::Fixed(org),
                        armed: true,
                    });
                }
            }
            Event::Answer { request, .. } | Event::Failure { request } => match *request {
                TokenRequest::Background(key) => {
                    cache.keys[key.index()].background = Some(Background {
                        session,
                        org,
                        superseded: lapsed,
                    });
                }
                TokenRequest::Fetch(id) => {
                    cache.fetches.retain(|fetch| fetch.id != id);
                    cache.fetches.push(Fetch {
                        key: self.key,
                        session,
                        called,
                        invalidated: lapsed,
                        ..fetch(id)
                    });
                    cache.fetches.sort_by_key(|fetch| fetch.id);
                }
            },
            // As a touch and as a change of the organisation: the answer is to one of them.
            Event::Touched { number, .. } | Event::Switched { number, .. } => {
                let update = Update {
                    number: *number,
                    session,
                    org,
                };
                cache.touches = vec![update];
                cache.switches = vec![update];
            }
            // A leaving tab is a live one that does less (lemma 2), so it is live until it is out.
            Event::Ended => cache.phase = Phase::Leaving,
            Event::Open
            | Event::Close
            | Event::SkipCache
            | Event::GetToken
            | Event::Wait(_)
            | Event::Resume(_)
            | Event::Poll
            | Event::Focus
            | Event::Blur
            | Event::Touch
            | Event::Switch
            | Event::SignOut
            | Event::Loaded(_)
            | Event::Reloaded
            | Event::SignedOutElsewhere
            | Event::Broadcast { .. }
            | Event::OutOfDate { .. }
            | Event::CleanupTimer { .. }
            | Event::Clear => {}
        }
    }

    /// What is kept of the tab after an event (lemmas 2 to 6).
    pub fn after(&self, cache: Cache<ModelToken>) -> Cache<ModelToken> {
        // Every field by name: one that is added has to be kept or chosen as well.
        let Cache {
            phase,
            focus: _,
            context: _,
            poll: _,
            two_keys,
            sessions,
            keys,
            fetches: _,
            touches: _,
            switches: _,
            waiting: _,
        } = cache;
        let phase = match phase {
            Phase::Leaving => Phase::Live,
            Phase::Absent | Phase::Loading | Phase::Live | Phase::Out | Phase::Closed => phase,
        };
        let is_kept = |token: &ModelToken| self.tells_orgs || token.org == self.key;
        let current = |Session { last, org }: Session<ModelToken>| Session {
            last: last.filter(is_kept),
            org,
        };
        let newest = sessions.into_iter().next_back();
        let sessions = newest.filter(|_| phase == Phase::Live).map(current);
        let [personal, other] = keys;
        let Keyed { slot, mark, .. } = match self.key == Org::PERSONAL {
            true => personal,
            false => other,
        };
        let slot = match slot {
            Slot::Empty => Slot::Empty,
            Slot::Pending { base, .. } => Slot::Pending { fetch: OWNER, base },
            Slot::Resolved(mut entry) => {
                entry.own = None;
                Slot::Resolved(entry)
            }
        };
        let owner = matches!(slot, Slot::Pending { .. }).then(|| Fetch {
            key: self.key,
            ..fetch(OWNER)
        });
        let mut kept = Cache {
            phase,
            focus: Focus::Has,
            context: Org::PERSONAL,
            poll: None,
            two_keys,
            sessions: sessions.into_iter().collect(),
            keys: [nothing(), nothing()],
            fetches: owner.into_iter().collect(),
            touches: Vec::new(),
            switches: Vec::new(),
            waiting: Waiting::NONE,
        };
        kept.keys[self.key.index()] = Keyed {
            slot,
            background: None,
            mark,
        };
        kept
    }

    /// The tokens that other tabs may broadcast under the key (lemma 7).
    pub fn broadcasts(&self, environment: &Environment, order: &Order) -> Vec<ModelToken> {
        // The token of an organisation is not posted under the personal key.
        let of_others = self.tells_orgs && self.key != Org::PERSONAL;
        let orgs = [self.key, self.key.other()].into_iter();
        orgs.take(1 + usize::from(of_others))
            .flat_map(|org| of_org(environment, order, org))
            .collect()
    }

    /// The tokens with which a request for an organisation may be answered: any, but of those that go
    /// nowhere in view one stands for all.
    fn answers(&self, environment: &Environment, order: &Order, org: Org) -> Vec<ModelToken> {
        let mut tokens = of_org(environment, order, org);
        if org != self.key && !self.tells_orgs {
            tokens.truncate(1);
        }
        tokens
    }

    /// The organisations that a background request under the key may have asked for.
    fn asked(&self) -> impl Iterator<Item = Org> + use<> {
        let both = self.tells_orgs;
        [self.key, self.key.other()]
            .into_iter()
            .take(1 + usize::from(both))
    }

    /// Shows the events that may happen to a tab, spread.
    pub fn happenings(
        &self,
        environment: &Environment,
        tab: &Tab,
        order: &Order,
        show: &mut impl FnMut(&Happening),
    ) {
        let key = self.key;
        match tab.cache.phase {
            Phase::Absent => return show(&Happening::of(Event::Open)),
            // Neither is kept: see `after`, and nothing is left of a closed tab.
            Phase::Closed | Phase::Leaving => return,
            Phase::Loading => {
                show(&Happening::of(Event::SignedOutElsewhere));
                self.loaded(environment, order, show);
            }
            Phase::Live => {
                self.page(environment, tab, order, show);
                for whose in self.sessions() {
                    self.requests(environment, tab, order, whose, show);
                }
                self.updates(environment, order, Whose::Current, show);
                self.elsewhere(environment, order, show);
            }
            Phase::Out => {
                self.requests(environment, tab, order, Whose::Older, show);
                self.updates(environment, order, Whose::Older, show);
                self.loaded(environment, order, show);
            }
        }
        show(&Happening::of(Event::CleanupTimer { key }));
        match (environment.broadcasts, environment.posts) {
            (false, Posts::Invalidation | Posts::Token) => {}
            (true, Posts::Invalidation) => show(&Happening::of(Event::OutOfDate { key })),
            (true, Posts::Token) => {
                for token in self.broadcasts(environment, order) {
                    show(&Happening::of(Event::Broadcast { key, token }));
                }
            }
        }
    }

    /// The sessions of which it makes a difference whose a request is.
    fn sessions(&self) -> impl Iterator<Item = Whose> + use<> {
        let both = self.keeps_last || self.asks_seeds;
        [Whose::Current, Whose::Older]
            .into_iter()
            .take(1 + usize::from(both))
    }

    fn meets(&self, whose: Whose, org: Org) -> Meets {
        Meets {
            whose,
            org,
            lapsed: false,
            called: true,
        }
    }

    fn loaded(&self, environment: &Environment, order: &Order, show: &mut impl FnMut(&Happening)) {
        for token in self.answers(environment, order, Org::PERSONAL) {
            show(&Happening::of(Event::Loaded(token)));
        }
    }

    /// What the page, the poller and the end of the session do.
    fn page(
        &self,
        environment: &Environment,
        tab: &Tab,
        order: &Order,
        show: &mut impl FnMut(&Happening),
    ) {
        for event in [
            Event::GetToken,
            Event::Poll,
            Event::SkipCache,
            Event::Clear,
            Event::Switch,
            Event::Reloaded,
        ] {
            show(&Happening::of(event));
        }
        let current = self.meets(Whose::Current, self.key);
        show(&Happening {
            meets: Some(current),
            ..Happening::of(Event::Ended)
        });
        // What seeds a request may be of the other organisation, which no state keeps (lemma 6).
        let is_lost = tab.cache.last().is_none() && self.asks_seeds && !self.tells_orgs;
        if is_lost {
            for last in of_org(environment, order, self.key.other()) {
                show(&Happening {
                    last: Some(last),
                    meets: Some(current),
                    ..Happening::of(Event::GetToken)
                });
            }
        }
    }

    /// Requests under the key, and the timer that makes one.
    fn requests(
        &self,
        environment: &Environment,
        tab: &Tab,
        order: &Order,
        whose: Whose,
        show: &mut impl FnMut(&Happening),
    ) {
        let key = self.key;
        if let Slot::Resolved(_) = tab.cache.at(key).slot {
            self.timer(environment, order, whose, show);
        }
        let lapses: &[bool] = match self.policy.answers {
            Answers::Install => &[false],
            Answers::CompareAndSwap | Answers::Fence => &[false, true],
        };
        let calls: &[bool] = match self.remembers_calls {
            true => &[true, false],
            false => &[true],
        };
        let owner = matches!(tab.cache.at(key).slot, Slot::Pending { .. }).then_some(OWNER);
        for &lapsed in lapses {
            let meets = |org, called| Meets {
                whose,
                org,
                lapsed,
                called,
            };
            let request = TokenRequest::Background(key);
            for org in self.asked() {
                for token in self.answers(environment, order, org) {
                    show(&Happening {
                        meets: Some(meets(org, true)),
                        ..Happening::of(Event::Answer { request, token })
                    });
                }
            }
            let fetches = owner.into_iter().chain([OTHERS]).map(TokenRequest::Fetch);
            for (request, &called) in fetches.flat_map(|of| calls.iter().map(move |c| (of, c))) {
                let ends = |event| Happening {
                    meets: Some(meets(key, called)),
                    ..Happening::of(event)
                };
                // Whose a request was that fails, and when it was made, is all the same.
                if !lapsed && (whose == Whose::Current || tab.cache.phase == Phase::Out) {
                    environment.settle(order, ends(Event::Failure { request }), show);
                }
                for token in self.answers(environment, order, key) {
                    let mut order = order.clone();
                    order.add(environment.kinds.lines, &token);
                    let answer = ends(Event::Answer { request, token });
                    environment.settle(&order, answer, show);
                }
            }
        }
    }

    /// The refresh timer fires, of a session in either organisation.
    fn timer(
        &self,
        environment: &Environment,
        order: &Order,
        whose: Whose,
        show: &mut impl FnMut(&Happening),
    ) {
        let key = self.key;
        for org in Org::ALL {
            let fires = Happening {
                meets: Some(self.meets(whose, org)),
                ..Happening::of(Event::RefreshTimer { key })
            };
            show(&fires);
            if !self.asks_seeds || self.policy.seed_from == SeedFrom::Cache {
                continue;
            }
            // An older session's last active token, and one of the other organisation, may be any.
            let of = match whose {
                Whose::Older => key,
                Whose::Current => key.other(),
            };
            for last in of_org(environment, order, of) {
                show(&Happening {
                    last: Some(last),
                    ..fires.clone()
                });
            }
        }
    }

    /// Touches and changes of the organisation are answered. With a client payload a new session begins,
    /// and whoever asked is an older one from then on.
    fn updates(
        &self,
        environment: &Environment,
        order: &Order,
        whose: Whose,
        show: &mut impl FnMut(&Happening),
    ) {
        let number = 0;
        for org in Org::ALL {
            let meets = self.meets(whose, org);
            for token in self.answers(environment, order, org) {
                let touched = |payload| Event::Touched {
                    number,
                    token,
                    payload,
                };
                for event in [
                    touched(true),
                    touched(false),
                    Event::Switched { number, token },
                ] {
                    show(&Happening {
                        meets: Some(meets),
                        ..Happening::of(event)
                    });
                }
            }
        }
    }

    /// What happens under the other key is seen in the last active token alone (lemma 6): a token under
    /// it is dispatched.
    fn elsewhere(
        &self,
        environment: &Environment,
        order: &Order,
        show: &mut impl FnMut(&Happening),
    ) {
        if !self.keeps_last {
            return;
        }
        let other = self.key.other();
        if environment.broadcasts && environment.posts == Posts::Invalidation {
            show(&Happening::of(Event::OutOfDate { key: other }));
        }
        let request = TokenRequest::Background(other);
        for org in [other, self.key]
            .into_iter()
            .take(1 + usize::from(self.tells_orgs))
        {
            for token in self.answers(environment, order, org) {
                show(&Happening {
                    meets: Some(self.meets(Whose::Current, org)),
                    ..Happening::of(Event::Answer { request, token })
                });
            }
        }
    }
}

const fn nothing() -> Keyed<ModelToken> {
    Keyed {
        slot: Slot::Empty,
        background: None,
        mark: None,
    }
}

/// Whether tokens of another organisation may come under a key: where a refresh asks for that of its
/// session (lemma 7).
pub fn may_be_astray(policy: &Policy) -> bool {
    !policy.measures.has(Measure::KeyAsks)
}

/// Every token of an organisation that may arrive, up to order.
fn of_org(environment: &Environment, order: &Order, org: Org) -> Vec<ModelToken> {
    let tokens = order.arrivals(&environment.kinds).into_iter();
    tokens.map(|token| ModelToken { org, ..token }).collect()
}
