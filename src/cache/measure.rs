//! What a design does beside its guards, so that fresher claims are neither lost nor overlooked.

/// A measure beyond the guards. No published release takes any of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Measure {
    /// What is adopted from a broadcast becomes the last active token as well.
    AdoptionSeeds,
    /// A superseded fetch's answer that goes into the baseline is posted.
    SupersededPosts,
    /// The cookie guard compares tokens without `oiat`, too.
    LegacyCookie,
    /// A request whose seed has no `oiat` is forced to the origin.
    LegacyToOrigin,
    /// In the slot and its baseline a dead token gives way to a live one.
    DeadYields,
    /// A background request asks for the organisation of its entry's key.
    KeyAsks,
    /// No token is written to the cookie that is not of the organisation the tab is in.
    ContextCookie,
    /// A tab that is signed out ignores answers.
    OutIgnores,
    /// A tab that is told that nobody is signed in empties its cache.
    ReloadEmpties,
    /// A tab that hears of a sign-out while it loads does not sign in.
    LoadVoid,
    /// A call that waited for a fetch gets what the cache has when that is over: the answer only where
    /// the cache has nothing, and only if it has not expired and nothing fresher is remembered.
    CallsReadCache,
}

impl Measure {
    pub const ALL: [Measure; 11] = [
        Measure::AdoptionSeeds,
        Measure::SupersededPosts,
        Measure::LegacyCookie,
        Measure::LegacyToOrigin,
        Measure::DeadYields,
        Measure::KeyAsks,
        Measure::ContextCookie,
        Measure::OutIgnores,
        Measure::ReloadEmpties,
        Measure::LoadVoid,
        Measure::CallsReadCache,
    ];

    /// The name in a design file.
    pub const fn name(self) -> &'static str {
        match self {
            Measure::AdoptionSeeds => "adoption-seeds",
            Measure::SupersededPosts => "superseded-posts",
            Measure::LegacyCookie => "legacy-cookie",
            Measure::LegacyToOrigin => "legacy-to-origin",
            Measure::DeadYields => "dead-yields",
            Measure::KeyAsks => "key-asks",
            Measure::ContextCookie => "context-cookie",
            Measure::OutIgnores => "out-ignores",
            Measure::ReloadEmpties => "reload-empties",
            Measure::LoadVoid => "load-void",
            Measure::CallsReadCache => "calls-read-cache",
        }
    }

    /// The inverse of [`Measure::name`].
    pub fn from_name(name: &str) -> Option<Measure> {
        Measure::ALL.into_iter().find(|m| m.name() == name)
    }
}

/// The measures that a design takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Measures(u16);

const _: () = assert!(Measure::ALL.len() <= u16::BITS as usize);

impl Measures {
    pub const NONE: Measures = Measures(0);

    /// These measures and one more.
    #[must_use]
    pub const fn with(self, measure: Measure) -> Measures {
        Measures(self.0 | 1 << measure as u8)
    }

    /// These measures without one.
    #[must_use]
    pub const fn without(self, measure: Measure) -> Measures {
        Measures(self.0 & !(1 << measure as u8))
    }

    /// Whether the design takes it.
    pub const fn has(self, measure: Measure) -> bool {
        self.0 >> measure as u8 & 1 == 1
    }
}

impl FromIterator<Measure> for Measures {
    fn from_iter<I: IntoIterator<Item = Measure>>(measures: I) -> Measures {
        measures.into_iter().fold(Measures::NONE, Measures::with)
    }
}
