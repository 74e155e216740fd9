//! A tab that comes and goes, looked at through one of its two keys.
//!
//! The argument is in docs/proof-life.md; the numbers of lemmas are those of that page. What is left of
//! the tab between two events is little: its phase, the entry under the key in view, its current
//! session's organisation and, where that decides something, last active token, and the history of
//! that key. Whatever else an event needs is chosen when it happens ([`Meets`]), and forgotten
//! afterwards ([`View::after`]): requests and timers of any session, the other key, context and focus.

use super::environment::Happening;
use super::order::{Kinds, Order};
use super::tab::{OWNER, Tab, fetch};
use crate::cache::{
    Asks, Background, Cache, Concern, Event, Fetch, Focus, Keyed, Measure, Own, Phase, Policy,
    Session, SessionId, Slot, TokenRequest, Update, Waiting,
};
use crate::freshness::Org;
use crate::property::TabHistory;
use crate::vocabulary::ModelToken;

/// What a proof looks at of a tab that comes and goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    /// The key whose entry is in view.
    pub key: Org,
    /// What the design decides: all that a proof knows of it.
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
pub(crate) enum Whose {
    Current,
    /// An older one: of any organisation, with any last active token.
    Older,
}

/// What an event turns out to meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meets {
    /// Whose request or timer it is.
    pub whose: Whose,
    /// The organisation that was asked for.
    pub org: Org,
    /// What was asked for is out of date, for [`Answers`](crate::cache::Answers) other than those that are installed.
    pub lapsed: bool,
    /// A call of the page waits for it.
    pub called: bool,
}

impl View {
    /// The tabs before anything happened: one that has not been opened, one that holds nothing, and one
    /// for each kind of token.
    pub(crate) fn starts(&self, policy: &Policy, kinds: &Kinds) -> Vec<Tab> {
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
    pub(crate) fn before(
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
        match event.concern() {
            Concern::Timer(key) => {
                if let Slot::Resolved(entry) = &mut cache.keys[key.index()].slot {
                    entry.own = Some(Own {
                        session,
                        asks: Asks::Fixed(org),
                        armed: true,
                    });
                }
            }
            Concern::Request(TokenRequest::Background(key)) => {
                cache.keys[key.index()].background = Some(Background {
                    session,
                    org,
                    superseded: lapsed,
                });
            }
            Concern::Request(TokenRequest::Fetch(id)) => {
                cache.fetches.retain(|fetch| fetch.id != id);
                cache.fetches.push(Fetch {
                    key: org,
                    session,
                    called,
                    invalidated: lapsed,
                    ..fetch(id)
                });
                cache.fetches.sort_by_key(|fetch| fetch.id);
            }
            // As a touch and as a change of the organisation: the answer is to one of them.
            Concern::Update(number) => {
                let update = Update {
                    number,
                    session,
                    org,
                };
                cache.touches = vec![update];
                cache.switches = vec![update];
            }
            // A leaving tab is a live one that does less (lemma 2), so it is live until it is out.
            Concern::SignOut => cache.phase = Phase::Leaving,
            Concern::Nothing => {}
        }
    }

    /// What is kept of the tab after an event (lemmas 2 to 6).
    pub(crate) fn after(&self, cache: Cache<ModelToken>) -> Cache<ModelToken> {
        // Every field by name: one that is added has to be kept or chosen as well.
        let Cache {
            phase,
            focus: _,
            context: _,
            poll: _,
            two_keys,
            joiners,
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
            joiners,
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
pub(crate) fn may_be_astray(policy: &Policy) -> bool {
    !policy.measures.has(Measure::KeyAsks)
}
