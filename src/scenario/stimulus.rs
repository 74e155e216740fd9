//! What a scenario may let happen.

/// A stimulus or fault. Each has a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Stimulus {
    /// A tab's proactive refresh timer fires.
    Refresh,
    /// A page asks for a token from the origin, past the cache.
    SkipCache,
    /// A page asks for a token.
    GetToken,
    /// The cleanup timer removes an expired entry.
    Evict,
    /// A page clears the cache.
    ClearCache,
    /// A request fails.
    Fail,
    /// A broadcast is lost.
    Lose,
    /// Tokens come closer to their expiry.
    Age,
    /// The session cookie disappears.
    CookieLoss,
    /// The server changes the format of claims.
    Rollout,
    /// The origin starts to send `oiat`.
    OiatOn,
    /// A tab stops for good while a request of its own is under way.
    Orphan,
}

impl Stimulus {
    /// All stimuli.
    pub const ALL: [Stimulus; 12] = [
        Stimulus::Refresh,
        Stimulus::SkipCache,
        Stimulus::GetToken,
        Stimulus::Evict,
        Stimulus::ClearCache,
        Stimulus::Fail,
        Stimulus::Lose,
        Stimulus::Age,
        Stimulus::CookieLoss,
        Stimulus::Rollout,
        Stimulus::OiatOn,
        Stimulus::Orphan,
    ];

    /// Those that happen in a tab.
    pub const IN_TAB: [Stimulus; 6] = [
        Stimulus::Refresh,
        Stimulus::SkipCache,
        Stimulus::GetToken,
        Stimulus::Evict,
        Stimulus::ClearCache,
        Stimulus::Orphan,
    ];

    /// The name in a scenario file.
    pub const fn name(self) -> &'static str {
        match self {
            Stimulus::Refresh => "refresh",
            Stimulus::SkipCache => "skip_cache",
            Stimulus::GetToken => "get_token",
            Stimulus::Evict => "evict",
            Stimulus::ClearCache => "clear_cache",
            Stimulus::Fail => "fail",
            Stimulus::Lose => "lose",
            Stimulus::Age => "age",
            Stimulus::CookieLoss => "cookie_loss",
            Stimulus::Rollout => "rollout",
            Stimulus::OiatOn => "oiat_on",
            Stimulus::Orphan => "orphan",
        }
    }

    /// The inverse of [`Stimulus::name`].
    pub fn from_name(name: &str) -> Option<Stimulus> {
        Stimulus::ALL.into_iter().find(|s| s.name() == name)
    }

    /// What happens, in words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Stimulus::Refresh => "refresh timer fires",
            Stimulus::SkipCache => "page asks for a token past the cache",
            Stimulus::GetToken => "page asks for a token",
            Stimulus::Evict => "cleanup timer removes the expired entry",
            Stimulus::ClearCache => "page clears the cache",
            Stimulus::Fail => "a request fails",
            Stimulus::Lose => "a broadcast is lost",
            Stimulus::Age => "tokens age",
            Stimulus::CookieLoss => "the cookie is lost",
            Stimulus::Rollout => "the claims' format changes",
            Stimulus::OiatOn => "the origin starts to send oiat",
            Stimulus::Orphan => "stops for good, with its request under way",
        }
    }

    /// Whether it happens to one tab, so that a scenario can limit it to some.
    pub const fn concerns_a_tab(self) -> bool {
        !matches!(
            self,
            Stimulus::Age | Stimulus::CookieLoss | Stimulus::Rollout | Stimulus::OiatOn
        )
    }
}

/// A set of stimuli.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stimuli(u16);

impl Stimuli {
    /// No stimulus.
    pub const NONE: Stimuli = Stimuli(0);

    /// Whether the stimulus is in the set.
    pub const fn has(self, stimulus: Stimulus) -> bool {
        self.0 >> stimulus as u16 & 1 == 1
    }

    /// The set as bits.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// What is in both sets.
    #[must_use]
    pub const fn and(self, other: Stimuli) -> Stimuli {
        Stimuli(self.0 & other.0)
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub const fn without(self, other: Stimuli) -> Stimuli {
        Stimuli(self.0 & !other.0)
    }

    /// The stimuli, in the order of [`Stimulus::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Stimulus> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let next = Stimulus::ALL.get(left.trailing_zeros() as usize).copied();
            left &= left.wrapping_sub(1);
            next
        })
    }
}

impl FromIterator<Stimulus> for Stimuli {
    fn from_iter<I: IntoIterator<Item = Stimulus>>(stimuli: I) -> Stimuli {
        let bits = stimuli.into_iter().map(|stimulus| 1 << stimulus as u16);
        Stimuli(bits.fold(0, |set, bit| set | bit))
    }
}
