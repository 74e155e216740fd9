//! What a scenario may let happen.

use super::TabId;
use crate::cache::Spoiled;
use crate::named::{Set, named};
use std::fmt;

named! {
    /// What happens in one tab: its own timer fires, or its page or its browser does something.
    #[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
    pub enum TabAction {
        /// The proactive refresh timer fires.
        Refresh = "refresh",
        /// The page asks for a token from the origin, past the cache.
        SkipCache = "skip_cache",
        /// The page asks for a token.
        GetToken = "get_token",
        /// The cleanup timer removes an expired entry.
        Evict = "evict",
        ClearCache = "clear_cache",
        /// The tab stops for good while a request of its own is under way.
        Orphan = "orphan",
        Open = "open",
        Close = "close",
        Touch = "touch",
        /// The page changes to the other organisation.
        Switch = "switch",
        SignOut = "sign_out",
        /// The poller asks for a token.
        Poll = "poll",
        /// The tab gets focus.
        Focus = "focus",
        /// The tab loses focus.
        Blur = "blur",
    }
}

impl TabAction {
    pub const fn in_words(self) -> &'static str {
        match self {
            TabAction::Refresh => "refresh timer fires",
            TabAction::SkipCache => "page asks for a token past the cache",
            TabAction::GetToken => "page asks for a token",
            TabAction::Evict => "cleanup timer removes the expired entry",
            TabAction::ClearCache => "page clears the cache",
            TabAction::Orphan => "stops for good, with its request under way",
            TabAction::Open => "is opened",
            TabAction::Close => "is closed",
            TabAction::Touch => "page touches the session",
            TabAction::Switch => "page changes to the other organisation",
            TabAction::SignOut => "page signs out",
            TabAction::Poll => "poller asks for a token",
            TabAction::Focus => "gets focus",
            TabAction::Blur => "loses focus",
        }
    }

    /// Whether it may make a tab ask the server.
    pub(crate) const fn may_ask(self) -> bool {
        match self {
            TabAction::Refresh
            | TabAction::SkipCache
            | TabAction::GetToken
            | TabAction::Open
            | TabAction::Touch
            | TabAction::Switch
            | TabAction::SignOut
            | TabAction::Poll
            | TabAction::Focus => true,
            TabAction::Evict
            | TabAction::ClearCache
            | TabAction::Orphan
            | TabAction::Close
            | TabAction::Blur => false,
        }
    }

    /// What a diagram writes beside the tab's line, where what follows does not show it.
    pub(crate) const fn in_short(self) -> Option<&'static str> {
        match self {
            TabAction::Orphan => Some("stops for good"),
            TabAction::Open => Some("opens"),
            TabAction::Close => Some("is closed"),
            TabAction::Focus => Some("gets focus"),
            TabAction::Blur => Some("loses focus"),
            TabAction::Refresh
            | TabAction::SkipCache
            | TabAction::GetToken
            | TabAction::Evict
            | TabAction::ClearCache
            | TabAction::Touch
            | TabAction::Switch
            | TabAction::SignOut
            | TabAction::Poll => None,
        }
    }

    /// What it takes beside a tab that is there.
    pub(crate) const fn needs(self) -> Needs {
        match self {
            // There is something to refresh, to remove or to clear.
            TabAction::Refresh | TabAction::Evict | TabAction::ClearCache => Needs::Token,
            TabAction::Orphan => Needs::Request,
            TabAction::Open => Needs::Absence,
            TabAction::SkipCache
            | TabAction::GetToken
            | TabAction::Close
            | TabAction::Touch
            | TabAction::Switch
            | TabAction::SignOut
            | TabAction::Poll
            | TabAction::Focus
            | TabAction::Blur => Needs::Nothing,
        }
    }

    /// The call of the SDK that it stands for, where a page writes one.
    pub const fn call(self) -> Option<&'static str> {
        match self {
            TabAction::SkipCache => Some("getToken({ skipCache: true })"),
            TabAction::GetToken => Some("getToken()"),
            TabAction::Refresh
            | TabAction::Evict
            | TabAction::ClearCache
            | TabAction::Orphan
            | TabAction::Open
            | TabAction::Close
            | TabAction::Touch
            | TabAction::Switch
            | TabAction::SignOut
            | TabAction::Poll
            | TabAction::Focus
            | TabAction::Blur => None,
        }
    }

    /// Whether it lets a tab come or go, or change its session, organisation or focus; a poll needs a
    /// tab that may have none.
    pub const fn is_about_life(self) -> bool {
        match self {
            TabAction::Open
            | TabAction::Close
            | TabAction::Touch
            | TabAction::Switch
            | TabAction::SignOut
            | TabAction::Poll
            | TabAction::Focus
            | TabAction::Blur => true,
            TabAction::Refresh
            | TabAction::SkipCache
            | TabAction::GetToken
            | TabAction::Evict
            | TabAction::ClearCache
            | TabAction::Orphan => false,
        }
    }
}

/// What an action takes beside a tab that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    Nothing,
    /// A token in the tab's cache.
    Token,
    /// A request under way.
    Request,
    /// Rather a tab that is not there yet.
    Absence,
}

named! {
    /// What network or server do to one request for a token.
    #[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
    pub enum RequestFault {
        Fail = "fail",
        /// Its answer is lost after the token was minted.
        LoseAnswer = "lose_answer",
        /// It is answered without a token.
        EmptyAnswer = "empty_answer",
        /// It is answered with 401, whether or not the session has ended.
        Unauthorized = "unauthorized",
    }
}

impl RequestFault {
    pub(crate) const fn to_the_tab(self) -> Spoiled {
        match self {
            RequestFault::Fail | RequestFault::LoseAnswer => Spoiled::Failed,
            RequestFault::EmptyAnswer => Spoiled::Empty,
            RequestFault::Unauthorized => Spoiled::Unauthorized,
        }
    }

    /// Whether it befalls the answer, with the token that was minted, and not the request.
    pub(crate) const fn befalls_the_answer(self) -> bool {
        match self {
            RequestFault::LoseAnswer => true,
            RequestFault::Fail | RequestFault::EmptyAnswer | RequestFault::Unauthorized => false,
        }
    }

    /// What happens to a tab's request, in words.
    pub fn in_words(self, tab: TabId, request: &str) -> String {
        match self {
            RequestFault::Fail => format!("{tab}'s {request} fails"),
            RequestFault::LoseAnswer => format!("the answer to {tab}'s {request} is lost"),
            RequestFault::EmptyAnswer => format!("{tab}'s {request} is answered without a token"),
            RequestFault::Unauthorized => format!("{tab}'s {request} is answered with 401"),
        }
    }

    /// The same in few words, beside the tab's line in a diagram.
    pub(crate) fn in_short(self, request: &str) -> String {
        match self {
            RequestFault::Fail => format!("{request} fails"),
            RequestFault::LoseAnswer => format!("answer to {request} is lost"),
            RequestFault::EmptyAnswer => format!("{request} gets no token"),
            RequestFault::Unauthorized => format!("{request} gets 401"),
        }
    }

    /// As of an action of a tab.
    const fn is_about_life(self) -> bool {
        match self {
            // The server says then what the client is: another session, or none.
            RequestFault::Unauthorized => true,
            RequestFault::Fail | RequestFault::LoseAnswer | RequestFault::EmptyAnswer => false,
        }
    }
}

named! {
    /// What network, browser or time do otherwise; each is an event with particulars of its own.
    pub enum Fault {
        /// A broadcast is lost.
        Lose = "lose",
        /// Tokens come closer to their expiry.
        Age = "age",
        /// All broadcasts on their way to a tab are lost: it was frozen.
        Drop = "drop",
    }
}

impl Fault {
    /// Whether it happens to one tab: the one that would have received what is lost.
    pub(crate) const fn concerns_a_tab(self) -> bool {
        match self {
            Fault::Lose | Fault::Drop => true,
            Fault::Age => false,
        }
    }

    /// As of an action of a tab: it is a tab that was away and comes back.
    const fn is_about_life(self) -> bool {
        match self {
            Fault::Drop => true,
            Fault::Lose | Fault::Age => false,
        }
    }
}

named! {
    /// What befalls something that all tabs share; there is nothing more to say of it.
    #[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
    pub enum SharedFault {
        /// The session cookie disappears.
        CookieLoss = "cookie_loss",
        /// The server changes the format of claims.
        Rollout = "rollout",
        /// The origin starts to send `oiat`.
        OiatOn = "oiat_on",
    }
}

impl SharedFault {
    pub(crate) const fn befalls(self) -> Befallen {
        match self {
            SharedFault::CookieLoss => Befallen::Cookie,
            SharedFault::Rollout | SharedFault::OiatOn => Befallen::Server,
        }
    }

    pub const fn in_words(self) -> &'static str {
        match self {
            SharedFault::CookieLoss => "the cookie is lost",
            SharedFault::Rollout => "the claims' format changes",
            SharedFault::OiatOn => "the origin starts to send oiat",
        }
    }

    /// The same in few words, beside the line of what it befalls in a diagram.
    pub(crate) const fn in_short(self) -> &'static str {
        match self {
            SharedFault::CookieLoss => "cookie none",
            SharedFault::Rollout => "new format of claims",
            SharedFault::OiatOn => "sends oiat from now on",
        }
    }
}

/// What all tabs share, and something may befall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Befallen {
    /// The cookie; a browser may have none.
    Cookie,
    Server,
}

/// Anything that has a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stimulus {
    Tab(TabAction),
    Request(RequestFault),
    /// To something that all tabs share.
    Shared(SharedFault),
    /// Any other, from outside.
    Fault(Fault),
}

impl Stimulus {
    /// All stimuli: first those in tabs.
    pub fn all() -> impl Iterator<Item = Stimulus> {
        let in_tabs = TabAction::ALL.into_iter().map(Stimulus::Tab);
        let of_requests = RequestFault::ALL.into_iter().map(Stimulus::Request);
        let others = Fault::ALL.into_iter().map(Stimulus::Fault);
        let shared = SharedFault::ALL.into_iter().map(Stimulus::Shared);
        in_tabs.chain(of_requests).chain(shared).chain(others)
    }

    /// The name in a scenario file.
    pub const fn name(self) -> &'static str {
        match self {
            Stimulus::Tab(action) => action.name(),
            Stimulus::Request(fault) => fault.name(),
            Stimulus::Shared(fault) => fault.name(),
            Stimulus::Fault(fault) => fault.name(),
        }
    }

    /// Whether it happens to one tab, so that a scenario can limit it to some.
    pub(crate) const fn concerns_a_tab(self) -> bool {
        match self {
            Stimulus::Tab(_) | Stimulus::Request(_) => true,
            Stimulus::Shared(_) => false,
            Stimulus::Fault(fault) => fault.concerns_a_tab(),
        }
    }

    /// Whether tabs come and go with it, or change their session, organisation or focus.
    pub const fn is_about_life(self) -> bool {
        match self {
            Stimulus::Tab(action) => action.is_about_life(),
            Stimulus::Request(fault) => fault.is_about_life(),
            Stimulus::Shared(_) => false,
            Stimulus::Fault(fault) => fault.is_about_life(),
        }
    }
}

impl From<TabAction> for Stimulus {
    fn from(action: TabAction) -> Stimulus {
        Stimulus::Tab(action)
    }
}

impl From<RequestFault> for Stimulus {
    fn from(fault: RequestFault) -> Stimulus {
        Stimulus::Request(fault)
    }
}

impl From<SharedFault> for Stimulus {
    fn from(fault: SharedFault) -> Stimulus {
        Stimulus::Shared(fault)
    }
}

impl From<Fault> for Stimulus {
    fn from(fault: Fault) -> Stimulus {
        Stimulus::Fault(fault)
    }
}

impl fmt::Display for Stimulus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stimuli {
    /// Those in tabs.
    pub actions: Set<TabAction>,
    /// Those to requests for tokens.
    pub request_faults: Set<RequestFault>,
    /// Those to what all tabs share.
    pub shared_faults: Set<SharedFault>,
    /// All others.
    pub faults: Set<Fault>,
}

impl Stimuli {
    /// What is in both sets.
    #[must_use]
    #[inline]
    pub const fn and(self, other: Stimuli) -> Stimuli {
        Stimuli {
            actions: self.actions.and(other.actions),
            request_faults: self.request_faults.and(other.request_faults),
            shared_faults: self.shared_faults.and(other.shared_faults),
            faults: self.faults.and(other.faults),
        }
    }
}

impl FromIterator<Stimulus> for Stimuli {
    fn from_iter<I: IntoIterator<Item = Stimulus>>(stimuli: I) -> Stimuli {
        let mut set = Stimuli::default();
        for stimulus in stimuli {
            match stimulus {
                Stimulus::Tab(action) => set.actions.insert(action),
                Stimulus::Request(fault) => set.request_faults.insert(fault),
                Stimulus::Shared(fault) => set.shared_faults.insert(fault),
                Stimulus::Fault(fault) => set.faults.insert(fault),
            };
        }
        set
    }
}
