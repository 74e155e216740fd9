//! The properties, one definition each.

use super::PropertySet;
use crate::cache::Platform;
use crate::named::named;
use std::fmt;

/// What there is to know of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The name in files and on the command line.
    pub name: &'static str,
    /// The name of its witness, for stateright.
    pub witness_name: &'static str,
    /// A short heading for a table: at most two words of at most six letters.
    pub heading: &'static str,
    /// The properties that it is shown with.
    pub group: Group,
    /// What it is about.
    pub scope: Scope,
    /// How a proof of one tab may attempt it.
    pub proof: Proof,
    /// What it says, in one sentence.
    pub meaning: &'static str,
    /// What it takes for it to have had a chance of being violated.
    pub opportunity: &'static str,
    /// Where a reader of the code should look when it is violated.
    pub advice: &'static str,
}

named! {
    /// Properties that are shown together.
    pub enum Group {
        Cache = "cache",
        /// What the session cookie holds.
        Cookie = "cookie",
        /// What tabs tell each other.
        Tabs = "tabs",
        Seeds = "seeds",
        /// Which organisation a token belongs to.
        Context = "context",
        /// What is left when somebody signs out.
        SignOut = "sign-out",
        /// What the page gets from its calls.
        Callers = "callers",
        /// How much is asked of the server at once.
        Requests = "requests",
    }
}

impl Group {
    pub fn properties(self) -> PropertySet {
        let all = Property::ALL.into_iter();
        all.filter(|property| property.group() == self).collect()
    }
}

/// What a property is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Single tabs, so that a scenario's `watch` limits it.
    Tab,
    /// What the tabs share, or all of them together.
    Shared,
}

/// How a proof of one tab may attempt a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    Never,
    /// By a step alone, of a tab that comes and goes or changes the organisation.
    Life,
    /// By a step alone, with no history.
    Step,
    /// By a step and what the tab last had readable.
    History(Span, Reading),
    /// By a step and the best that the tab ever had readable.
    Seed,
}

/// How long what was last readable is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// As long as the entry is not removed.
    Residency,
    /// As long as the tab lives.
    Life,
    /// Not what was readable but what a call returned last, as long as the tab lives.
    Calls,
}

/// What is remembered of a readable token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Its `oiat`.
    Oiat,
    Claims,
}

/// The table of the properties: one row each.
macro_rules! properties {
    ($($(#[$doc:meta])* $property:ident = $name:literal {
        heading: $heading:literal,
        group: $group:expr,
        scope: $scope:expr,
        proof: $proof:expr,
        meaning: $meaning:literal,
        opportunity: $opportunity:literal,
        advice: $advice:literal,
    })*) => {
        named! {
            /// An invariant.
            #[derive(serde::Serialize, serde::Deserialize)]
            #[serde(rename_all = "kebab-case")] // As in the names.
            pub enum Property {
                $($(#[$doc])* $property = $name,)*
            }
        }

        impl Property {
            /// What there is to know of it.
            pub const fn definition(self) -> &'static Definition {
                match self {
                    $(Property::$property => &Definition {
                        name: $name,
                        witness_name: concat!("witness of ", $name),
                        heading: $heading,
                        group: $group,
                        scope: $scope,
                        proof: $proof,
                        meaning: $meaning,
                        opportunity: $opportunity,
                        advice: $advice,
                    },)*
                }
            }
        }
    };
}

properties! {
    /// The headline.
    CachedOiatNeverDecreases = "cached-oiat-never-decreases" {
        heading: "slot oiat",
        group: Group::Cache,
        scope: Scope::Tab,
        proof: Proof::History(Span::Residency, Reading::Oiat),
        meaning: "In one tab, from one readable cached token to the next, oiat does not go down \
            (absent is lowest), as long as the entry was not removed in between.",
        opportunity: "a readable token of lower oiat is offered to a cache whose entry was not removed \
            since it last held a higher one",
        advice: "Look at what installed the token in the last step, and which guard, if any, it \
            passed: a site that installs without comparing against the cached token lets older \
            claims in.",
    }
    /// The same over the tab's life.
    TabOiatNeverDecreases = "tab-oiat-never-decreases" {
        heading: "tab oiat",
        group: Group::Cache,
        scope: Scope::Tab,
        proof: Proof::History(Span::Life, Reading::Oiat),
        meaning: "In one tab, over its whole life, from one readable cached token to the next, oiat \
            does not go down.",
        opportunity: "a readable token of lower oiat than the tab last had is offered to its cache",
        advice: "Look at the step that removed the entry: with it went the knowledge of how fresh the \
            tab had been, so the token in the last step had nothing to lose against.",
    }
    /// The headline, for the claims themselves.
    CachedClaimsNeverRegress = "cached-claims-never-regress" {
        heading: "slot clms",
        group: Group::Cache,
        scope: Scope::Tab,
        proof: Proof::History(Span::Residency, Reading::Claims),
        meaning: "In one tab, from one readable cached token to the next, the claims do not get older, \
            as long as the entry was not removed in between.",
        opportunity: "a readable token of older claims is offered to a cache whose entry was not removed \
            since it last held newer ones",
        advice: "Look at what installed the token in the last step, and which guard, if any, it \
            passed: a site that installs without comparing against the cached token lets older \
            claims in.",
    }
    /// The same over the tab's life.
    TabClaimsNeverRegress = "tab-claims-never-regress" {
        heading: "tab clms",
        group: Group::Cache,
        scope: Scope::Tab,
        proof: Proof::History(Span::Life, Reading::Claims),
        meaning: "In one tab, over its whole life, from one readable cached token to the next, the \
            claims do not get older.",
        opportunity: "a readable token of older claims than the tab last had is offered to its cache",
        advice: "Look at the step that removed the entry: with it went the knowledge of how fresh the \
            tab had been, so the token in the last step had nothing to lose against.",
    }
    /// No fresher broadcast is lost to a guard.
    FresherBroadcastIsKept = "fresher-broadcast-is-kept" {
        heading: "new kept",
        group: Group::Tabs,
        scope: Scope::Tab,
        proof: Proof::Step,
        meaning: "No guard rejects a broadcast that outranks the token it was compared with, and after \
            waiting broadcasts have run a resolved slot ranks no lower than any of them that is \
            not dead.",
        opportunity: "a broadcast outranks the token it is compared with, or waited for a fetch",
        advice: "Look at the comparison in the last step: which token did the guard compare with, and \
            is that the one in the slot?",
    }
    /// No tie with newer contents is lost to a guard.
    TieIsAdopted = "tie-is-adopted" {
        heading: "tie kept",
        group: Group::Tabs,
        scope: Scope::Tab,
        proof: Proof::Step,
        meaning: "No guard rejects a broadcast of equal rank whose format or claims are newer.",
        opportunity: "a broadcast has the same rank as the token it meets and a newer format or newer \
            claims",
        advice: "Look at the row that decided: a rule that keeps the existing token on a tie starves \
            the tab of claims that changed within one instant.",
    }
    /// The cookie's `oiat`.
    CookieOiatNeverDecreases = "cookie-oiat-never-decreases" {
        heading: "cookie oiat",
        group: Group::Cookie,
        scope: Scope::Shared,
        proof: Proof::Step,
        meaning: "No write replaces a cookie that is not dead by a token of lower oiat (absent is \
            lowest).",
        opportunity: "an update of lower oiat meets a cookie that is not dead",
        advice: "Look at the cookie write in the last step: does anything compare it with the cookie?",
    }
    /// The cookie gets the updates it needs.
    UpdateReachesCookie = "update-reaches-cookie" {
        heading: "cookie gets",
        group: Group::Cookie,
        scope: Scope::Shared,
        proof: Proof::Step,
        meaning: "No token update is withheld from the cookie while the cookie is missing, ranks \
            lower, or has equal rank and an older format; in a tab that is signed out, any may be.",
        opportunity: "an update meets a cookie that is missing, ranks lower, or has equal rank and an \
            older format",
        advice: "Look at the guard that stopped the write: what did it compare, and was that the \
            cookie?",
    }
    /// Tabs agree in the end.
    TabsConverge = "tabs-converge" {
        heading: "tabs same",
        group: Group::Tabs,
        scope: Scope::Shared,
        proof: Proof::Never,
        meaning: "With no request, response or broadcast under way, all readable cached tokens have \
            the same oiat.",
        opportunity: "two tabs hold readable tokens of different oiat for a while",
        advice: "Look for the last fresher token that was not posted, or was not adopted: nothing \
            will bring the tabs together from here on.",
    }
    /// Tabs agree in the end, in `iat` as well.
    TabsConvergeInRank = "tabs-converge-in-rank" {
        heading: "tabs rank",
        group: Group::Tabs,
        scope: Scope::Shared,
        proof: Proof::Never,
        meaning: "With no request, response or broadcast under way, all readable cached tokens have \
            the same rank, so that none expires earlier than the others of the same oiat.",
        opportunity: "two tabs hold readable tokens of different rank for a while",
        advice: "Look for the last token of higher rank that was not posted, or was not adopted: a tab \
            without it has the same claims, perhaps, but a token that was minted earlier.",
    }
    /// No post is lost for good.
    EveryPostArrives = "every-post-arrives" {
        heading: "posts arrive",
        group: Group::Tabs,
        scope: Scope::Shared,
        proof: Proof::Never,
        meaning: "Every token that was posted is, as long as it is readable, held at some time by every \
            other tab that keeps running, or something as fresh is, if whatever can happen all the \
            time happens at some time.",
        opportunity: "a tab posts a token that outranks everything another tab ever had",
        advice: "Look at what became of the post in the other tab: it was lost, or came while the tab \
            had something that it kept, and nothing posts it again.",
    }
    /// Requests are seeded with the best the tab had.
    SeedIsNotStale = "seed-is-not-stale" {
        heading: "seed",
        group: Group::Seeds,
        scope: Scope::Tab,
        proof: Proof::Seed,
        meaning: "An unforced request's parent, if it has one, ranks no lower than any token the tab \
            ever had readable.",
        opportunity: "a tab sends an unforced request with a parent after it had a fresher token readable \
            than the first",
        advice: "Look at how the tab got its fresher token: that path does not update the seed, so \
            the edge will copy older claims.",
    }
    /// No live token is lost to a dead one.
    LiveTokenIsKept = "live-token-is-kept" {
        heading: "live kept",
        group: Group::Cache,
        scope: Scope::Tab,
        proof: Proof::Step,
        meaning: "In a tab's cache, no comparison keeps a dead token against a live one.",
        opportunity: "a live token meets a dead one that outranks it, in the slot or its baseline",
        advice: "Look at the comparison in the last step: it ranks by claims alone, and does not ask \
            whether the token it keeps can still be used.",
    }
    /// What is cached belongs to its key.
    KeyHoldsOwnContext = "key-holds-own-context" {
        heading: "slot org",
        group: Group::Context,
        scope: Scope::Tab,
        proof: Proof::Life,
        meaning: "A token that is cached under an organisation's key is that organisation's.",
        opportunity: "a background request for a key's entry is made by a session of another organisation, \
            or its answer is a token of another",
        advice: "Look at what the request asked for: the timer of an entry asks for the \
            organisation that the session is in when it fires, not for the one that the entry \
            belongs to.",
    }
    /// Cookies are written in their own context.
    CookieContext = "cookie-context" {
        heading: "cookie org",
        group: Group::Context,
        scope: Scope::Shared,
        proof: Proof::Life,
        meaning: "A tab that is neither signing out nor signed out writes to the cookie only \
            tokens of the organisation it believes it is in.",
        opportunity: "a tab is about to write a token of another organisation than it believes it \
            is in",
        advice: "Look at when the context changes: the write comes before that, or is of an answer \
            that was asked for in another one.",
    }
    /// Session cookie and context cookie agree in the end.
    ContextAtRest = "context-at-rest" {
        heading: "two cookies",
        group: Group::Context,
        scope: Scope::Shared,
        proof: Proof::Never,
        meaning: "With nothing under way, and if both cookies exist, the session cookie's token is \
            of the organisation that the context cookie names.",
        opportunity: "nothing is under way any more after a change of the organisation",
        advice: "Look at the last cookie write and at who was allowed to make it: token and \
            context are not written together.",
    }
    /// What is read belongs to its key.
    ReadReturnsOwnContext = "read-returns-own-context" {
        heading: "read org",
        group: Group::Context,
        scope: Scope::Shared,
        proof: Proof::Life,
        meaning: "A cache hit returns a token of the organisation that the key belongs to.",
        opportunity: "a cache hit under the key of an organisation",
        advice: "Look for the step that put another organisation's token under the key.",
    }
    /// A tab that is signed out writes no cookie.
    NoCookieAfterSignout = "no-cookie-after-signout" {
        heading: "out cookie",
        group: Group::SignOut,
        scope: Scope::Shared,
        proof: Proof::Life,
        meaning: "A tab that is signed out does not write the session cookie.",
        opportunity: "a tab that is signed out is about to write the session cookie, or ignores an answer",
        advice: "Look at the answer that came after the sign-out: nothing asks whether the tab is \
            still signed in before it writes.",
    }
    /// Nobody is left with the cookie of a session that has ended.
    SignedOutAtRest = "signed-out-at-rest" {
        heading: "out rest",
        group: Group::SignOut,
        scope: Scope::Shared,
        proof: Proof::Never,
        meaning: "When the session has ended and no request, response, broadcast or sign-out \
            message is under way, there is no session cookie.",
        opportunity: "the session has ended while another request, or its answer, is under way",
        advice: "Look for the last cookie write: it came after the removal, and nobody removes the \
            cookie again.",
    }
    /// No call returns what no server accepts any more.
    ReturnedTokenIsNotDead = "returned-token-is-not-dead" {
        heading: "call live",
        group: Group::Callers,
        scope: Scope::Tab,
        proof: Proof::Step,
        meaning: "What a call of getToken returns has not expired when it is returned.",
        opportunity: "a call of getToken meets an expired token: in its slot, or as the answer that it \
            waits for",
        advice: "Look at what the call waited for: whoever waits for a fetch gets its answer as it \
            is, however long that was under way.",
    }
    /// From call to call, `oiat`.
    ReturnedOiatNeverDecreases = "returned-oiat-never-decreases" {
        heading: "call oiat",
        group: Group::Callers,
        scope: Scope::Tab,
        proof: Proof::History(Span::Calls, Reading::Oiat),
        meaning: "In one tab, from one returned token to the next under the same key, oiat does not go \
            down (absent is lowest).",
        opportunity: "a call of getToken meets a token of lower oiat than the last that a call returned",
        advice: "Look at what the last two calls waited for: each gets the answer to its own fetch, \
            and answers come in any order, or after the cache has forgotten how fresh it was.",
    }
    /// From call to call, claims.
    ReturnedClaimsNeverRegress = "returned-claims-never-regress" {
        heading: "call clms",
        group: Group::Callers,
        scope: Scope::Tab,
        proof: Proof::History(Span::Calls, Reading::Claims),
        meaning: "In one tab, from one returned token to the next under the same key, the claims do \
            not get older.",
        opportunity: "a call of getToken meets a token of older claims than the last that a call \
            returned",
        advice: "Look at what the last two calls waited for: each gets the answer to its own fetch, \
            and answers come in any order, or after the cache has forgotten how fresh it was.",
    }
    /// The cache knows nothing better than what it lets a call have.
    ReturnedIsNotOutranked = "returned-is-not-outranked" {
        heading: "call rank",
        group: Group::Callers,
        scope: Scope::Tab,
        proof: Proof::Step,
        meaning: "What a call of getToken returns ranks no lower than the readable token that its \
            key's slot holds when that step ends.",
        opportunity: "a call of getToken meets a token that ranks lower than the readable one in its \
            key's slot",
        advice: "Look at what the cache did with the answer: it kept something fresher, and the call \
            was given the answer all the same.",
    }
    /// Whose token a call returns.
    ReturnedIsOwnContext = "returned-is-own-context" {
        heading: "call org",
        group: Group::Callers,
        scope: Scope::Tab,
        proof: Proof::Life,
        meaning: "What a call of getToken returns is a token of the organisation that it asked for.",
        opportunity: "a call of getToken asks for the token of an organisation, or meets one",
        advice: "Look for the step that put another organisation's token under the key.",
    }
    /// No call fails beside a token that it could have had.
    RejectedOnlyWithoutToken = "rejected-only-without-token" {
        heading: "call fails",
        group: Group::Callers,
        scope: Scope::Tab,
        proof: Proof::Step,
        meaning: "A call of getToken is not rejected while its key's slot holds a readable token when \
            that step ends.",
        opportunity: "the request that a call of getToken waits for fails, and its key's slot holds a \
            readable token",
        advice: "Look at how the token came into the slot: nobody asks the cache once more when a \
            fetch has failed.",
    }
    /// No call waits for ever.
    EveryCallEnds = "every-call-ends" {
        heading: "call ends",
        group: Group::Callers,
        scope: Scope::Shared,
        proof: Proof::Never,
        meaning: "In a tab that keeps running every call of getToken ends at some time, with a token or \
            a rejection, if whatever can happen all the time happens at some time: requests reach \
            the server, answers and broadcasts arrive, a lock that is free goes to who waits for it.",
        opportunity: "a call of getToken waits for an answer, or for the lock",
        advice: "Look at who has what the call waits for: nothing takes a lock from a tab that has \
            stopped.",
    }
    /// A tab does not ask for more and more at once.
    RequestsWithinLimit = "requests-within-limit" {
        heading: "req limit",
        group: Group::Requests,
        scope: Scope::Tab,
        proof: Proof::Never,
        meaning: "No more requests of a tab are under way at once, of whatever kind and until they are \
            answered, than `requests_per_tab` of the scenario's [limits] says.",
        opportunity: "as many requests of a tab are under way as the limit allows, and something may \
            happen in it that makes tabs ask",
        advice: "Look at what the tab sent in the last step: nobody asked what it had under way.",
    }
}

/// The properties of what exists on a platform.
pub fn on(platform: Platform) -> PropertySet {
    let all = Property::ALL.into_iter();
    all.filter(|property| property.exists_on(platform))
        .collect()
}

impl Property {
    /// A short heading for a table.
    pub const fn heading(self) -> &'static str {
        self.definition().heading
    }

    /// The properties that it is shown with.
    pub const fn group(self) -> Group {
        self.definition().group
    }

    /// What it says, in one sentence.
    pub const fn meaning(self) -> &'static str {
        self.definition().meaning
    }

    /// What it takes for it to have had a chance of being violated.
    pub const fn opportunity(self) -> &'static str {
        self.definition().opportunity
    }

    /// Where a reader of the code should look when it is violated.
    pub const fn advice(self) -> &'static str {
        self.definition().advice
    }

    /// Whether what it is about exists on a platform: where it does not, it is not asked, and vacuous.
    pub const fn exists_on(self, platform: Platform) -> bool {
        match self {
            Property::FresherBroadcastIsKept
            | Property::TieIsAdopted
            | Property::TabsConverge
            | Property::TabsConvergeInRank
            | Property::EveryPostArrives => platform.broadcast,
            Property::CookieOiatNeverDecreases
            | Property::UpdateReachesCookie
            | Property::CookieContext
            | Property::ContextAtRest
            | Property::NoCookieAfterSignout
            | Property::SignedOutAtRest => platform.cookie,
            Property::CachedOiatNeverDecreases
            | Property::TabOiatNeverDecreases
            | Property::CachedClaimsNeverRegress
            | Property::TabClaimsNeverRegress
            | Property::SeedIsNotStale
            | Property::LiveTokenIsKept
            | Property::KeyHoldsOwnContext
            | Property::ReadReturnsOwnContext
            | Property::ReturnedTokenIsNotDead
            | Property::ReturnedOiatNeverDecreases
            | Property::ReturnedClaimsNeverRegress
            | Property::ReturnedIsNotOutranked
            | Property::ReturnedIsOwnContext
            | Property::RejectedOnlyWithoutToken
            | Property::EveryCallEnds
            | Property::RequestsWithinLimit => true,
        }
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
