//! The life of one tab, sentence by sentence: sessions, keys, focus, sign-out.

mod focus;
mod keys;
mod opening;
mod polling;
mod repairs;
mod sessions;
mod sign_out;

use crate::support::token;
use crate::tab::{FRESH, STALE, T0, Tab};
use freshest::cache::{
    Effect, Event, FetchId, Focus, Measure, Observation, Phase, RequestKind, Slot, Spoiled,
    TokenRequest, Writer,
};
use freshest::freshness::Org;
use freshest::vocabulary::ModelToken;

const PERSONAL: Org = Org::PERSONAL;
const ORG: Org = Org::FIRST;
const F0: FetchId = FetchId(0);
const BACKGROUND: TokenRequest = TokenRequest::Background(PERSONAL);

const fn of_org(token: ModelToken) -> ModelToken {
    ModelToken { org: ORG, ..token }
}

impl Tab {
    fn with_two_keys(design_name: &str) -> Tab {
        let tab = Tab::of(design_name);
        let cache = tab.cache.clone().with_two_keys();
        Tab { cache, ..tab }
    }

    fn absent(design_name: &str) -> Tab {
        let tab = Tab::of(design_name);
        let cache = tab.cache.clone().absent();
        Tab { cache, ..tab }
    }

    fn without_focus(design_name: &str) -> Tab {
        let tab = Tab::of(design_name);
        let cache = tab.cache.clone().without_focus(&tab.policy);
        Tab { cache, ..tab }
    }

    fn touched(&mut self, token: ModelToken) -> &mut Tab {
        let (number, payload) = (0, true);
        self.hears(Event::Touched {
            number,
            token,
            payload,
        })
    }

    fn signed_out(&mut self) -> &mut Tab {
        self.hears(Event::SignOut).hears(Event::Ended)
    }

    fn cached(&self, key: Org) -> Option<ModelToken> {
        self.cache.at(key).token().copied()
    }

    fn is_armed(&self, key: Org) -> bool {
        matches!(&self.cache.at(key).slot, Slot::Resolved(entry) if entry.is_armed())
    }

    fn requests(&self) -> Vec<(RequestKind, Org, Option<ModelToken>)> {
        let request = |effect: &Effect<ModelToken>| match effect {
            Effect::Request {
                kind, org, parent, ..
            } => Some((*kind, *org, *parent)),
            _ => None,
        };
        self.effects.iter().filter_map(request).collect()
    }

    fn writes(&self) -> Vec<(ModelToken, Writer)> {
        let write = |effect: &Effect<ModelToken>| match effect {
            Effect::WriteCookie { token, writer } => Some((*token, *writer)),
            _ => None,
        };
        self.effects.iter().filter_map(write).collect()
    }

    fn posts(&self) -> Vec<(Org, ModelToken)> {
        let post = |effect: &Effect<ModelToken>| match effect {
            Effect::Post { key, token } => Some((*key, *token)),
            _ => None,
        };
        self.effects.iter().filter_map(post).collect()
    }
}
