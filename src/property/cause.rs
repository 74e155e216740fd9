//! Why a step violates a property.

use super::{Property, Reading};
use crate::freshness::Org;
use crate::model::CookieUpdate;
use crate::vocabulary::{ModelToken, TabId};
use std::fmt;

/// A property that a step violates, and why: what was judged, as it was at that moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The property; in files by its name.
    pub property: Property,
    /// What violates it.
    pub cause: Cause,
}

/// What violates a property. In words by [`fmt::Display`], in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A readable token is older than the one that was readable before.
    Older {
        tab: TabId,
        /// What was readable, and is remembered.
        held: ModelToken,
        /// What is readable now.
        holds: ModelToken,
        /// In what it is older.
        reading: Reading,
    },
    /// A guard rejected a broadcast.
    Rejected {
        tab: TabId,
        /// The broadcast.
        lost: ModelToken,
        /// What it was compared with.
        kept: ModelToken,
    },
    /// Waiting broadcasts have run, and one of them outranks what is cached.
    Outranked {
        tab: TabId,
        /// The first such broadcast.
        waited: ModelToken,
        cached: ModelToken,
    },
    /// A comparison gave up a live token for an expired one.
    Expired {
        tab: TabId,
        /// The live one.
        lost: ModelToken,
        /// The expired one.
        kept: ModelToken,
    },
    /// A request is seeded with less than the tab once had.
    StaleSeed {
        tab: TabId,
        /// The seed.
        parent: ModelToken,
    },
    /// A token of another organisation came to be cached under a key.
    AstrayEntry {
        tab: TabId,
        /// The organisation that the entry is kept for.
        key: Org,
        /// The token that came to be there, or that the caller got.
        token: ModelToken,
    },
    /// A reader got a token of another organisation.
    AstrayRead {
        tab: TabId,
        /// The organisation that the entry is kept for.
        key: Org,
        /// The token that came to be there, or that the caller got.
        token: ModelToken,
    },
    Cookie {
        /// The tab that has the update.
        tab: TabId,
        /// The organisation that the tab believes it is in.
        context: Org,
        /// The cookie before.
        before: Option<ModelToken>,
        /// The update.
        token: ModelToken,
        wrong: WrongCookie,
    },
    /// A call returned a token that it should not have returned.
    Returned {
        tab: TabId,
        /// The token that came to be there, or that the caller got.
        token: ModelToken,
        wrong: WrongReturn,
    },
    /// A call was rejected beside a readable token.
    CallFails {
        tab: TabId,
        /// What its slot holds.
        holds: ModelToken,
    },
    /// More of a tab's requests are under way than the scenario's limit allows.
    AsksTooMuch {
        tab: TabId,
        /// How many are.
        under_way: u8,
        /// How many may be.
        limit: u8,
    },
    /// With nothing under way, tabs hold readable tokens of different `oiat`, or rank.
    TabsApart(Vec<(TabId, ModelToken)>),
    /// With nothing under way, the session has ended and there is a cookie.
    CookieRemains(ModelToken),
    /// With nothing under way, the cookie's token is not of the organisation that the context
    /// cookie names.
    CookiesApart {
        cookie: ModelToken,
        /// The context cookie.
        context: Org,
    },
    /// A post has not arrived, and nothing is left that has to happen.
    PostMissing {
        /// The tab that has yet to get it.
        tab: TabId,
        /// The tab that posted it.
        from: TabId,
        /// The token, where whoever judges knows more than its rank.
        token: Option<ModelToken>,
    },
    /// A call waits, and nothing is left that has to happen.
    CallWaits {
        /// The tab whose page called.
        tab: TabId,
        /// Who has the lock that it waits for, and has stopped.
        holder: Option<TabId>,
    },
}

/// What is wrong with what a call returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongReturn {
    /// It has expired.
    Dead,
    /// It is older than what a call returned before.
    Older(ModelToken, Reading),
    /// Its key's slot holds this, which outranks it.
    Outranked(ModelToken),
    /// It is not of the organisation that was asked for.
    Astray(Org),
}

/// What is wrong with what became of a token update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongCookie {
    /// What came was older than what was there.
    Lowered,
    /// The cookie needed it, and did not get it.
    Kept,
    /// The writer is signed out.
    SignedOut,
    /// The writer is in another organisation.
    Astray,
}

impl Cause {
    /// Something is wrong with a token update.
    pub(super) fn of_cookie(update: &CookieUpdate, wrong: WrongCookie) -> Cause {
        Cause::Cookie {
            tab: update.tab,
            context: update.writer.context,
            before: update.before.map(|(cookie, _)| cookie),
            token: update.token,
            wrong,
        }
    }
}

/// The account of an organisation, or one's own.
fn account(org: Org) -> String {
    match org {
        Org::PERSONAL => "the personal account".to_owned(),
        org => format!("organisation {}", org.number()),
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Older {
                tab,
                held,
                holds,
                reading,
            } => write_older(f, *tab, (held, holds), *reading),
            Cause::Rejected { tab, lost, kept } => {
                write!(f, "{tab} rejected broadcast {lost} in favour of {kept}")
            }
            Cause::Outranked {
                tab,
                waited,
                cached,
            } => write!(
                f,
                "{tab}'s waiting broadcasts have run, {waited} among them, and it holds {cached}"
            ),
            Cause::Expired { tab, lost, kept } => write!(
                f,
                "{tab} gave up {lost}, which is live, for {kept}, which is expired"
            ),
            Cause::StaleSeed { tab, parent } => write!(
                f,
                "{tab} seeds an unforced request with {parent}, though it had a fresher token"
            ),
            Cause::AstrayEntry { tab, key, token } => {
                let (of, key) = (account(token.org), account(*key));
                write!(
                    f,
                    "{tab} holds {token}, a token of {of}, where it looks for {key}'s"
                )
            }
            Cause::AstrayRead { tab, key, token } => {
                let (of, key) = (account(token.org), account(*key));
                write!(
                    f,
                    "{tab} asks its cache for {key}'s token and gets {token}, {of}'s"
                )
            }
            Cause::Cookie {
                tab,
                context,
                before,
                token,
                wrong,
            } => write_cookie(f, *tab, *context, (*before, *token), *wrong),
            Cause::Returned { tab, token, wrong } => write_returned(f, *tab, token, *wrong),
            Cause::CallFails { tab, holds } => write!(
                f,
                "getToken in {tab} is rejected, though the cache holds {holds}"
            ),
            Cause::AsksTooMuch {
                tab,
                under_way,
                limit,
            } => write!(
                f,
                "{under_way} requests of {tab} are under way, and the scenario's limit is {limit}"
            ),
            Cause::TabsApart(tabs) => {
                let hold = |(tab, token): &(TabId, ModelToken)| format!("{tab} holds {token}");
                let tabs: Vec<_> = tabs.iter().map(hold).collect();
                write!(f, "nothing is under way any more, and {}", tabs.join(", "))
            }
            Cause::CookieRemains(cookie) => write!(
                f,
                "the session has ended and nothing is under way, but the cookie is {cookie}"
            ),
            Cause::PostMissing { tab, from, token } => write_missing(f, (*tab, *from), *token),
            Cause::CallWaits { tab, holder } => write_waits(f, *tab, *holder),
            Cause::CookiesApart { cookie, context } => {
                let (of, names) = (account(cookie.org), account(*context));
                write!(
                    f,
                    "nothing is under way any more; the cookie's token is of {of}, the context cookie \
                     names {names}"
                )
            }
        }
    }
}

fn write_missing(
    f: &mut fmt::Formatter<'_>,
    (tab, from): (TabId, TabId),
    token: Option<ModelToken>,
) -> fmt::Result {
    write!(f, "{tab} never gets ")?;
    match token {
        Some(token) => write!(f, "{token}, which {from} posted")?,
        None => write!(f, "what {from} posted")?,
    }
    f.write_str(", nor anything as fresh: nothing is left that has to happen")
}

fn write_waits(f: &mut fmt::Formatter<'_>, tab: TabId, holder: Option<TabId>) -> fmt::Result {
    write!(f, "{tab}'s call waits for ever: ")?;
    match holder {
        Some(holder) => write!(f, "{holder} has the lock, and has stopped for good"),
        None => f.write_str("nothing is left that has to happen"),
    }
}

fn write_older(
    f: &mut fmt::Formatter<'_>,
    tab: TabId,
    (held, holds): (&ModelToken, &ModelToken),
    reading: Reading,
) -> fmt::Result {
    let (was, is) = (held.claims, holds.claims);
    match reading {
        Reading::Oiat => write!(
            f,
            "{tab} held {held}, now holds {holds}: its oiat went down"
        ),
        Reading::Claims => write!(
            f,
            "{tab} held {held} with claims of {was}, now holds {holds} with claims of {is}"
        ),
    }
}

fn write_returned(
    f: &mut fmt::Formatter<'_>,
    tab: TabId,
    token: &ModelToken,
    wrong: WrongReturn,
) -> fmt::Result {
    write!(f, "getToken in {tab} returns {token}")?;
    match wrong {
        WrongReturn::Dead => write!(f, ", which has expired: no server accepts it"),
        WrongReturn::Older(before, Reading::Oiat) => {
            write!(f, " after {before}: its oiat went down")
        }
        WrongReturn::Older(before, Reading::Claims) => write!(
            f,
            " with claims of {} after {before} with claims of {}",
            token.claims, before.claims
        ),
        WrongReturn::Outranked(better) => {
            write!(f, ", though the cache holds {better}, which is fresher")
        }
        WrongReturn::Astray(asked) => {
            let (of, asked) = (account(token.org), account(asked));
            write!(f, ", a token of {of}, to a page that asked for {asked}'s")
        }
    }
}

fn write_cookie(
    f: &mut fmt::Formatter<'_>,
    tab: TabId,
    context: Org,
    (before, token): (Option<ModelToken>, ModelToken),
    wrong: WrongCookie,
) -> fmt::Result {
    let was = before.map_or_else(|| "missing".to_owned(), |cookie| cookie.to_string());
    match wrong {
        WrongCookie::Lowered => write!(f, "{tab} replaced the cookie {was} by {token}"),
        WrongCookie::Kept => write!(
            f,
            "{tab}'s update {token} did not reach the cookie, which is {was}"
        ),
        WrongCookie::SignedOut => {
            write!(f, "{tab} is signed out and writes {token} to the cookie")
        }
        WrongCookie::Astray => {
            let (context, org) = (account(context), account(token.org));
            write!(
                f,
                "{tab} is in {context} and writes {token}, a token of {org}, to the cookie"
            )
        }
    }
}
