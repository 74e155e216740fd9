//! What a design decides: the rule, the places that consult it, and the seed.

use super::{Effect, Measures, Rules};

/// A place where an incoming token is held against one that is already there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Site {
    /// A broadcast meets the cached token, or the answer of the fetch it waited for.
    Broadcast,
    /// A background answer or an adopted broadcast is installed onto a resolved slot.
    Install,
    /// The freshest token known for the key is carried across fetches (#9030).
    Baseline,
    /// The tab's last active token, which seeds its next request (#9030).
    Seed,
    /// An update as a whole, cookie and seed, is held against the last active token.
    Dispatch,
    /// A cookie write is held against the cookie (#9030).
    Cookie,
    /// Whatever is about to be installed is held against the freshest token the slot ever held,
    /// which outlives removals and failed fetches.
    HighWater,
    /// Whatever is about to be installed is held against the tab's last active token, which outlives
    /// removals and failed fetches.
    Last,
    /// A client payload or a touch is held against the last active token of its session (#9284).
    Client,
}

impl Site {
    pub const ALL: [Site; 9] = [
        Site::Broadcast,
        Site::Install,
        Site::Baseline,
        Site::Seed,
        Site::Dispatch,
        Site::Cookie,
        Site::HighWater,
        Site::Last,
        Site::Client,
    ];

    /// The name in a design file.
    pub const fn name(self) -> &'static str {
        match self {
            Site::Broadcast => "broadcast",
            Site::Install => "install",
            Site::Baseline => "baseline",
            Site::Seed => "seed",
            Site::Dispatch => "dispatch",
            Site::Cookie => "cookie",
            Site::HighWater => "high-water",
            Site::Last => "last",
            Site::Client => "client",
        }
    }

    /// Whether it decides what the slot or its baseline holds, rather than seed or cookie.
    pub(crate) const fn is_about_the_slot(self) -> bool {
        match self {
            Site::Broadcast | Site::Install | Site::Baseline | Site::HighWater => true,
            Site::Seed | Site::Dispatch | Site::Cookie | Site::Last | Site::Client => false,
        }
    }

    /// Whether it decides what is cached: by what is in the slot or its baseline, or by what the tab
    /// remembers beside them.
    pub(crate) const fn decides_what_is_cached(self) -> bool {
        match self {
            Site::Broadcast | Site::Install | Site::Baseline | Site::HighWater | Site::Last => true,
            Site::Seed | Site::Dispatch | Site::Cookie | Site::Client => false,
        }
    }

    /// The inverse of [`Site::name`].
    pub fn from_name(name: &str) -> Option<Site> {
        Site::ALL.into_iter().find(|site| site.name() == name)
    }
}

/// The sites at which a design has a guard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Guards(u16);

const _: () = assert!(Site::ALL.len() <= u16::BITS as usize);

impl Guards {
    /// No guard anywhere.
    pub const NONE: Guards = Guards(0);

    /// These guards and one more.
    #[must_use]
    pub const fn with(self, site: Site) -> Guards {
        Guards(self.0 | 1 << site as u8)
    }

    /// These guards without one.
    #[must_use]
    pub const fn without(self, site: Site) -> Guards {
        Guards(self.0 & !(1 << site as u8))
    }

    pub const fn has(self, site: Site) -> bool {
        self.0 >> site as u8 & 1 == 1
    }

    /// The sites, in the order of [`Site::ALL`].
    pub fn sites(self) -> impl Iterator<Item = Site> {
        Site::ALL.into_iter().filter(move |&site| self.has(site))
    }
}

impl FromIterator<Site> for Guards {
    fn from_iter<I: IntoIterator<Item = Site>>(sites: I) -> Guards {
        sites.into_iter().fold(Guards::NONE, Guards::with)
    }
}

/// Which token a tab sends along with a mint request, for the edge to copy claims from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SeedFrom {
    /// The tab's last active token.
    LastActive,
    /// The cached token where the slot is resolved, else the last active one.
    Cache,
}

impl SeedFrom {
    pub const ALL: [SeedFrom; 2] = [SeedFrom::LastActive, SeedFrom::Cache];

    /// The name in a design file.
    pub const fn name(self) -> &'static str {
        match self {
            SeedFrom::LastActive => "last-active",
            SeedFrom::Cache => "cache",
        }
    }

    /// The inverse of [`SeedFrom::name`].
    pub fn from_name(name: &str) -> Option<SeedFrom> {
        SeedFrom::ALL.into_iter().find(|seed| seed.name() == name)
    }
}

/// What a tab broadcasts when it has installed a token of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Posts {
    Token,
    /// Only that what the others hold is out of date.
    Invalidation,
}

impl Posts {
    /// Both.
    pub const ALL: [Posts; 2] = [Posts::Token, Posts::Invalidation];

    /// The name in a design file.
    pub const fn name(self) -> &'static str {
        match self {
            Posts::Token => "token",
            Posts::Invalidation => "invalidation",
        }
    }

    /// The inverse of [`Posts::name`].
    pub fn from_name(name: &str) -> Option<Posts> {
        Posts::ALL.into_iter().find(|posts| posts.name() == name)
    }
}

/// What becomes of the answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answers {
    /// It goes where the guards let it.
    Install,
    /// It is discarded as a whole if the slot has changed hands since the request was made: nothing
    /// is installed, posted, dispatched or tried again. Whoever asked still gets the token.
    CompareAndSwap,
    /// It is discarded in the same way if the cache has been invalidated since the request was made: cleared
    /// by the page, or because the session ended. Whoever holds the slot meanwhile is of no account, nor
    /// that an entry was read as absent.
    Fence,
}

impl Answers {
    pub const ALL: [Answers; 3] = [Answers::Install, Answers::CompareAndSwap, Answers::Fence];

    /// The name in a design file.
    pub const fn name(self) -> &'static str {
        match self {
            Answers::Install => "install",
            Answers::CompareAndSwap => "compare-and-swap",
            Answers::Fence => "fence",
        }
    }

    /// The inverse of [`Answers::name`].
    pub fn from_name(name: &str) -> Option<Answers> {
        Answers::ALL
            .into_iter()
            .find(|answers| answers.name() == name)
    }
}

/// When a tab may make a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Requests {
    /// At any time.
    Free,
    /// While no tab, itself included, has one under way: a lock that is free as soon as the request
    /// is settled. Whatever would make a request waits for the lock, and looks at the cache again
    /// when it has it. The lock is never taken from its holder.
    Locked,
}

impl Requests {
    /// Both.
    pub const ALL: [Requests; 2] = [Requests::Free, Requests::Locked];

    /// The name in a design file.
    pub const fn name(self) -> &'static str {
        match self {
            Requests::Free => "free",
            Requests::Locked => "locked",
        }
    }

    /// The inverse of [`Requests::name`].
    pub fn from_name(name: &str) -> Option<Requests> {
        Requests::ALL
            .into_iter()
            .find(|requests| requests.name() == name)
    }
}

/// When an entry that came from the tab itself gets a proactive refresh timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timers {
    Always,
    /// Only in a tab that has focus: when a client payload or a background answer comes, and when a
    /// fetch is begun (between 6.25.5 and 6.25.13).
    Focused,
}

impl Timers {
    /// Both.
    pub const ALL: [Timers; 2] = [Timers::Always, Timers::Focused];

    /// The name in a design file.
    pub const fn name(self) -> &'static str {
        match self {
            Timers::Always => "always",
            Timers::Focused => "focused",
        }
    }

    /// The inverse of [`Timers::name`].
    pub fn from_name(name: &str) -> Option<Timers> {
        Timers::ALL.into_iter().find(|timers| timers.name() == name)
    }
}

/// What there is beside a tab and its cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Platform {
    /// A session cookie, which all tabs share.
    pub cookie: bool,
    /// A broadcast channel between tabs.
    pub broadcast: bool,
}

impl Platform {
    /// A browser.
    pub const WEB: Platform = Platform {
        cookie: true,
        broadcast: true,
    };

    /// Whether there is anybody who could carry this out.
    pub(super) fn carries<T>(self, effect: &Effect<T>) -> bool {
        match effect {
            Effect::Post { .. } | Effect::Invalidate { .. } | Effect::AnnounceSignOut => {
                self.broadcast
            }
            Effect::WriteCookie { .. }
            | Effect::WithholdCookie { .. }
            | Effect::RemoveCookies
            | Effect::RemoveCookiesOf(_) => self.cookie,
            Effect::Request { .. }
            | Effect::Return { .. }
            | Effect::Reject { .. }
            | Effect::ReturnNull { .. }
            | Effect::Saw(_) => true,
        }
    }
}

/// Everything in which designs differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    /// How two tokens are compared, at each site.
    pub rules: Rules,
    /// Where they are compared.
    pub guards: Guards,
    /// What a request carries.
    pub seed_from: SeedFrom,
    /// What is broadcast.
    pub posts: Posts,
    /// What becomes of answers.
    pub answers: Answers,
    /// When requests may be made.
    pub requests: Requests,
    /// Which entries get a refresh timer.
    pub timers: Timers,
    /// What is done beside.
    pub measures: Measures,
    /// What there is beside.
    pub platform: Platform,
}
