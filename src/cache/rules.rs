//! Which rule is asked at which guard site.

use super::Site;
use crate::freshness::{Rule, Unreliable};

/// How two tokens are compared: by one rule everywhere, but for the sites that have one of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules {
    usual: Rule,
    own: [Option<Rule>; Site::ALL.len()],
}

impl Rules {
    /// One rule at every site.
    pub const fn everywhere(rule: Rule) -> Rules {
        Rules {
            usual: rule,
            own: [None; Site::ALL.len()],
        }
    }

    /// These, but for one site.
    #[must_use]
    pub const fn with(mut self, site: Site, rule: Rule) -> Rules {
        self.own[site as usize] = Some(rule);
        self
    }

    /// These, where one site has no rule of its own.
    #[must_use]
    pub const fn without(mut self, site: Site) -> Rules {
        self.own[site as usize] = None;
        self
    }

    /// The rule that one site has of its own, or, of no site, the usual one.
    pub const fn of(&self, site: Option<Site>) -> Option<Rule> {
        match site {
            Some(site) => self.own[site as usize],
            None => Some(self.usual),
        }
    }

    /// These, with another rule in the place of that which [`Rules::of`] gives.
    #[must_use]
    pub const fn with_of(self, site: Option<Site>, rule: Rule) -> Rules {
        match site {
            Some(site) => self.with(site, rule),
            None => self.with_usual(rule),
        }
    }

    /// These, with another rule at the sites that have none of their own.
    #[must_use]
    pub const fn with_usual(self, rule: Rule) -> Rules {
        Rules {
            usual: rule,
            ..self
        }
    }

    /// The rule of the sites that have none of their own.
    pub const fn usual(&self) -> Rule {
        self.usual
    }

    /// The rule that is asked at a site.
    #[inline]
    pub const fn at(&self, site: Site) -> Rule {
        match self.own[site as usize] {
            Some(rule) => rule,
            None => self.usual,
        }
    }

    /// The sites that have a rule of their own, in the order of [`Site::ALL`].
    pub fn own(&self) -> impl Iterator<Item = (Site, Rule)> + '_ {
        let sites = Site::ALL.into_iter();
        sites.filter_map(|site| Some((site, self.own[site as usize]?)))
    }

    /// The usual rule, and those of single sites; each once.
    pub fn all(&self) -> Vec<Rule> {
        let mut all = vec![self.usual];
        for (_, rule) in self.own() {
            if !all.contains(&rule) {
                all.push(rule);
            }
        }
        all
    }

    /// Whether every decision so far can be relied on; see [`Rule::check`].
    pub fn check(&self) -> Result<(), Unreliable> {
        self.all().into_iter().try_for_each(Rule::check)
    }
}

impl From<Rule> for Rules {
    fn from(rule: Rule) -> Rules {
        Rules::everywhere(rule)
    }
}
