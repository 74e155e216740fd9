//! What everybody holds, in words.

use super::sequence::{Holder, Snapshot};
use crate::cache::{Cache, Phase, Session};
use crate::freshness::Org;
use crate::model::{Evidence, Roster, System};
use crate::trace::Walked;
use crate::vocabulary::{ModelToken, TabId};

/// How a trace tells what is held: about sessions and organisations only where they play a part.
#[derive(Clone, Copy)]
pub(crate) struct Holders {
    roster: Roster,
    /// Some tab opens, closes, signs out, or has more than one session or organisation.
    life: bool,
}

impl Holders {
    pub(crate) fn new(start: &System, steps: &[Walked], roster: Roster) -> Holders {
        let systems = || std::iter::once(start).chain(steps.iter().map(|step| &step.after));
        let lives = |tab| systems().any(|system: &System| has_life(&system.tab(tab).cache));
        Holders {
            roster,
            life: roster.tabs().any(lives),
        }
    }

    /// What is held after a step that left this evidence.
    pub(crate) fn snapshot(self, system: &System, evidence: &[Evidence]) -> Snapshot {
        let tabs = self.roster.tabs().map(|tab| {
            let mut holder = self.tab(system, tab);
            let got = evidence.iter().filter_map(Evidence::got);
            let got = got.filter(|(of, _)| *of == tab);
            let words = |(_, token): (TabId, Option<&ModelToken>)| match token {
                Some(token) => token.to_string(),
                None => "a rejection".to_owned(),
            };
            holder
                .holds
                .extend(got.map(|end| ("getToken got", words(end))));
            holder
        });
        let jar = system.jar();
        let mut holds = vec![("session cookie", or_none(jar.cookie.as_ref()))];
        if self.life {
            let context = jar.context.map_or_else(|| "none".to_owned(), organisation);
            holds.push(("context cookie", context));
        }
        let cookies = Holder {
            who: "cookies".to_owned(),
            holds,
        };
        Snapshot {
            holders: tabs.chain([cookies]).collect(),
        }
    }

    fn tab(self, system: &System, tab: TabId) -> Holder {
        let cache = &system.tab(tab).cache;
        let mut holds = Vec::new();
        if self.life {
            holds.push(("is", phase(cache.phase).to_owned()));
        }
        for key in cache.key_names() {
            let name = match key {
                Org::PERSONAL if cache.two_keys => "cache, personal",
                Org::PERSONAL => "cache",
                _ => "cache, org 1",
            };
            holds.push((name, cache.at(key).slot.to_string()));
        }
        if self.life {
            let current = cache.current();
            let session = current.map_or_else(|| "none".to_owned(), |of| organisation(of.org));
            holds.push(("session in", session));
        }
        holds.push(("seed", or_none(cache.last())));
        if self.life {
            holds.push(("believes in", organisation(cache.context)));
            let older = cache.sessions.len() - usize::from(cache.current().is_some());
            holds.extend(
                cache.sessions[..older]
                    .iter()
                    .map(|of| ("older session", older_session(of))),
            );
        }
        Holder {
            who: tab.to_string(),
            holds,
        }
    }
}

fn has_life(cache: &Cache<ModelToken>) -> bool {
    cache.phase != Phase::Live
        || cache.two_keys
        || cache.context != Org::PERSONAL
        || cache.sessions.len() > 1
}

/// A session that is no longer the page's, to which something under way still refers.
fn older_session(session: &Session<ModelToken>) -> String {
    let seed = or_none(session.last.as_ref());
    format!("in {}, seed {seed}", organisation(session.org))
}

fn or_none(token: Option<&ModelToken>) -> String {
    token.map_or_else(|| "none".to_owned(), ToString::to_string)
}

fn organisation(org: Org) -> String {
    match org {
        Org::PERSONAL => "personal account".to_owned(),
        org => format!("org {}", org.number()),
    }
}

const fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Absent => "not open yet",
        Phase::Loading => "loading",
        Phase::Live => "signed in",
        Phase::Leaving => "signing out",
        Phase::Out => "signed out",
        Phase::Closed => "closed",
    }
}
