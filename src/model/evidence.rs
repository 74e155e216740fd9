//! What participants report of what they did.

use super::message::{Post, Request};
use crate::cache::{Comparison, Effect, Observation, Writer};
use crate::freshness::Org;
use crate::vocabulary::{ModelToken, TabId};

/// What a participant reports for the properties and for the story. Not part of any state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// A tab's cache at work.
    Cache(TabId, Observation<ModelToken>),
    /// A tab posted something.
    Posted(TabId, Post),
    /// A tab sent a request.
    Requested(TabId, Request),
    /// Calls of `getToken` in a tab's page, which asked for this key, get a token.
    Returned(TabId, Org, ModelToken),
    /// Calls of `getToken` in a tab's page, which asked for this key, fail.
    Rejected(TabId, Org),
    /// Calls of `getToken` in a tab's page, which asked for this key, get `null`.
    ReturnedNull(TabId, Org),
    /// The mint sources made a token for a tab.
    Minted(TabId, Source, ModelToken),
    /// The server answers a tab with the token that was minted last.
    Carried(TabId, ModelToken),
    /// The session ended at the server, as a tab asked.
    Ended(TabId),
    /// A tab tells the others that it has signed out.
    SignedOut(TabId),
    /// A token update met the cookie.
    Cookie(CookieUpdate),
    /// A tab removed the cookie, or may not.
    CookieRemoved(TabId, bool),
}

impl Evidence {
    /// What a tab's effect is evidence of. What becomes of a cookie write is the jar's to tell.
    pub(crate) fn of(tab: TabId, effect: &Effect<ModelToken>) -> Option<Evidence> {
        Some(match effect {
            Effect::Request {
                kind,
                org,
                parent,
                forced,
            } => {
                let request = Request {
                    kind: *kind,
                    org: *org,
                    parent: *parent,
                    forced: *forced,
                };
                Evidence::Requested(tab, request)
            }
            Effect::Post { key, token } => Evidence::Posted(tab, Post::Token(*key, *token)),
            Effect::Invalidate { key } => Evidence::Posted(tab, Post::OutOfDate(*key)),
            Effect::AnnounceSignOut => Evidence::SignedOut(tab),
            Effect::Return { key, token } => Evidence::Returned(tab, *key, *token),
            Effect::Reject { key } => Evidence::Rejected(tab, *key),
            Effect::ReturnNull { key } => Evidence::ReturnedNull(tab, *key),
            Effect::Saw(saw) => Evidence::Cache(tab, saw.clone()),
            Effect::WriteCookie { .. }
            | Effect::WithholdCookie { .. }
            | Effect::RemoveCookies
            | Effect::RemoveCookiesOf(_) => return None,
        })
    }

    /// Whose doing it was; none for what the mint sources, the server or the cookie jar did.
    pub const fn tab(&self) -> Option<TabId> {
        match self {
            Evidence::Cache(tab, _)
            | Evidence::Posted(tab, _)
            | Evidence::Requested(tab, _)
            | Evidence::Returned(tab, ..)
            | Evidence::Rejected(tab, _)
            | Evidence::ReturnedNull(tab, _)
            | Evidence::SignedOut(tab) => Some(*tab),
            Evidence::Minted(..)
            | Evidence::Carried(..)
            | Evidence::Ended(_)
            | Evidence::Cookie(_)
            | Evidence::CookieRemoved(..) => None,
        }
    }

    /// The tab whose call ended, and what it got: a token, or none where it was rejected or got `null`.
    pub const fn got(&self) -> Option<(TabId, Option<&ModelToken>)> {
        match self {
            Evidence::Returned(tab, _, token) => Some((*tab, Some(token))),
            Evidence::Rejected(tab, _) | Evidence::ReturnedNull(tab, _) => Some((*tab, None)),
            Evidence::Cache(..)
            | Evidence::Posted(..)
            | Evidence::Requested(..)
            | Evidence::Minted(..)
            | Evidence::Carried(..)
            | Evidence::Ended(_)
            | Evidence::SignedOut(_)
            | Evidence::Cookie(_)
            | Evidence::CookieRemoved(..) => None,
        }
    }

    /// The use of the comparator that this is evidence of, if it is.
    pub const fn comparison(&self) -> Option<&Comparison<ModelToken>> {
        match self.compared() {
            Some((_, comparison)) => Some(comparison),
            None => None,
        }
    }

    /// The same, with the tab for which it was asked.
    pub const fn compared(&self) -> Option<(TabId, &Comparison<ModelToken>)> {
        match self {
            Evidence::Cache(tab, Observation::Compared(comparison)) => Some((*tab, comparison)),
            Evidence::Cookie(CookieUpdate {
                tab,
                comparison: Some(comparison),
                ..
            }) => Some((*tab, comparison)),
            Evidence::Cache(..)
            | Evidence::Posted(..)
            | Evidence::Requested(..)
            | Evidence::Returned(..)
            | Evidence::Rejected(..)
            | Evidence::ReturnedNull(..)
            | Evidence::Minted(..)
            | Evidence::Carried(..)
            | Evidence::Ended(_)
            | Evidence::SignedOut(_)
            | Evidence::CookieRemoved(..)
            | Evidence::Cookie(_) => None,
        }
    }
}

/// A token update that met the cookie.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CookieUpdate {
    pub tab: TabId,
    /// What its right to write depends on.
    pub writer: Writer,
    /// The cookie before, and whether it was expired.
    pub before: Option<(ModelToken, bool)>,
    pub token: ModelToken,
    /// What became of it.
    pub fate: CookieFate,
    /// The cookie guard's comparison, if there was one.
    pub comparison: Option<Comparison<ModelToken>>,
}

/// What becomes of a token update on its way to the cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CookieFate {
    /// The cookie now holds it.
    Written,
    /// The cookie's guard dropped the write.
    Dropped,
    /// A guard in the tab kept it back.
    Withheld,
    /// The tab has no focus and the cookie is another context's, so it may not write.
    Forbidden,
}

/// Where a token was minted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Claims read from the database.
    Origin,
    /// Claims copied from the parent.
    Edge,
}
