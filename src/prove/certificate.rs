//! What a search found, as an inductive invariant: with it, who does not trust the search need not.
//!
//! The states of a search hold every tab that nothing has happened to, and everything that may happen
//! to one of them leads to another of them. Who checks that, and that no step violates a property,
//! has proved it, without the order in which anything was looked at, and without this program:
//! `tests/certificate/check.py` does, with a reading of its own of comparator, cache and properties.

use super::order::phase_and_place;
use super::search::Found;
use super::tab::Tab;
use super::{Answer, Tokens};
use crate::cache::{Answers, Measure, Policy, Posts, Site, Slot};
use crate::design::Design;
use crate::freshness::{Org, Row, Rule, Table, Winner};
use crate::property::{Property, PropertySet};
use crate::vocabulary::ModelToken;
use serde::Serialize;

/// The version of the format.
const VERSION: u32 = 1;

/// What a certificate can be about: what is asked of one tab's entry and cookie writes.
const COVERED: [Property; 9] = [
    Property::CachedOiatNeverDecreases,
    Property::TabOiatNeverDecreases,
    Property::CachedClaimsNeverRegress,
    Property::TabClaimsNeverRegress,
    Property::FresherBroadcastIsKept,
    Property::TieIsAdopted,
    Property::CookieOiatNeverDecreases,
    Property::UpdateReachesCookie,
    Property::LiveTokenIsKept,
];

/// Inductive invariants of one design.
#[derive(Clone, Debug, Serialize)]
pub struct Certificate {
    /// The version of the format: 1.
    certificate: u32,
    freshest: &'static str,
    design: String,
    rule: CertifiedRule,
    sites: Vec<&'static str>,
    measures: Vec<&'static str>,
    /// One for each search that proved something.
    invariants: Vec<Invariant>,
}

#[derive(Clone, Debug, Serialize)]
struct CertifiedRule {
    /// Where neither token has `oiat` their `iat` decides.
    then_iat: bool,
    existing_wins: Vec<&'static str>,
}

/// The states of one search, and where each leads.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Invariant {
    tokens: Tokens,
    /// The claims of tokens without `oiat` are told apart.
    legacy_claims: bool,
    /// So many broadcasts were let wait for one fetch.
    waiting: usize,
    /// Whether that shows what any number does.
    any_number: bool,
    proves: Vec<Property>,
    /// The numbers of the states before anything happened.
    starts: Vec<usize>,
    states: Vec<State>,
    /// The numbers of the states that each one may become, in order, itself among them.
    successors: Vec<Vec<usize>>,
}

/// `oiat`, phase of expiry (0 dead, 1 near, 2 live), place among the `iat`s of that phase and `oiat`,
/// claims. `oiat` and claims are numbered together, from 1; claims of 0 are not told apart.
type Stamps = (Option<u8>, u8, u8, u8);

/// The slot (`empty`, `pending`, `resolved`); its token, or the base that its fetch carries; whether the
/// timer is set, in an entry of the tab's own; a background refresh is under way; fetches are under way
/// that do not own the slot; the last active token, with the site `last`; what was readable last since
/// the entry was removed last, and since the tab began.
type State = (
    &'static str,
    Option<Stamps>,
    Option<bool>,
    bool,
    bool,
    Option<Stamps>,
    Option<Readable>,
    Option<Readable>,
);

/// `oiat` and claims of a token.
type Readable = (Option<u8>, u8);

impl Certificate {
    /// Of a design, by what was proved of it; `None` if no certificate can say how it compares.
    pub(super) fn new(design: &Design, invariants: Vec<Invariant>) -> Option<Certificate> {
        let Policy {
            guards, measures, ..
        } = design.policy;
        let (table, then_iat) = table_of(design.policy.rules.usual())?;
        let wins = |row: &Row| table.winner(*row) == Winner::Existing;
        let taken = Measure::ALL.into_iter().filter(|&m| measures.has(m));
        Some(Certificate {
            certificate: VERSION,
            freshest: env!("CARGO_PKG_VERSION"),
            design: design.name.clone(),
            rule: CertifiedRule {
                then_iat,
                existing_wins: Row::ALL.into_iter().filter(wins).map(Row::name).collect(),
            },
            sites: guards.sites().map(Site::name).collect(),
            measures: taken.map(Measure::name).collect(),
            invariants,
        })
    }

    /// Whether nothing is proved by it.
    pub fn is_empty(&self) -> bool {
        self.invariants.is_empty()
    }

    /// Number of states, all invariants together.
    pub fn states(&self) -> usize {
        self.invariants.iter().map(|of| of.states.len()).sum()
    }
}

/// What a certificate cannot say about a design, in the words of its file.
pub fn obstacle(policy: &Policy) -> Option<String> {
    if table_of(policy.rules.usual()).is_none() || policy.rules.own().next().is_some() {
        return Some(
            "any rule but \"table\" and \"table-then-iat\", the same at every site".into(),
        );
    }
    let site = policy.guards.sites().find(|site| match site {
        Site::Install | Site::HighWater | Site::Dispatch => true,
        Site::Broadcast | Site::Baseline | Site::Seed => false,
        Site::Cookie | Site::Last | Site::Client => false,
    });
    if let Some(site) = site {
        return Some(format!("the guard site \"{}\"", site.name()));
    }
    if policy.measures.has(Measure::DeadYields) {
        return Some(format!("the measure \"{}\"", Measure::DeadYields.name()));
    }
    if !policy.guards.has(Site::Baseline) {
        return Some("designs without the guard site \"baseline\"".into());
    }
    if policy.posts != Posts::Token || !policy.platform.broadcast || !policy.platform.cookie {
        return Some("designs in which tokens are not broadcast, or without a cookie".into());
    }
    match policy.answers {
        Answers::Install => None,
        Answers::CompareAndSwap | Answers::Fence => {
            Some(format!("answer = \"{}\"", policy.answers.name()))
        }
    }
}

fn table_of(rule: Rule) -> Option<(Table, bool)> {
    match rule {
        Rule::Table(table) => Some((table, false)),
        Rule::TableThenIat(table) => Some((table, true)),
        Rule::IatOnly
        | Rule::IatStrict
        | Rule::OiatElseIat
        | Rule::Epoch
        | Rule::LiveThenTable(_)
        | Rule::ExpiredYields(_)
        | Rule::External(_) => None,
    }
}

impl Invariant {
    /// Of a search, if a property that a certificate can be about was proved by it.
    pub(super) fn of(
        found: &Found,
        answers: &[(Property, Answer)],
        asked: PropertySet,
        tokens: Tokens,
        legacy_claims: bool,
        waiting: (usize, bool),
    ) -> Option<Invariant> {
        let proved = |(property, answer): &(Property, Answer)| {
            let is_proved = matches!(answer, Answer::Proved) && asked.has(*property);
            (is_proved && COVERED.contains(property)).then_some(*property)
        };
        let proves: Vec<_> = answers.iter().filter_map(proved).collect();
        if proves.is_empty() {
            return None;
        }
        Some(Invariant {
            tokens,
            legacy_claims,
            waiting: waiting.0,
            any_number: waiting.1,
            proves,
            starts: found.starts().collect(),
            states: found.tabs().iter().map(state).collect(),
            successors: found.successors().to_vec(),
        })
    }
}

fn state(tab: &Tab) -> State {
    let at = tab.cache.at(Org::PERSONAL);
    let (slot, token, armed) = match &at.slot {
        Slot::Empty => ("empty", None, None),
        Slot::Pending { base, .. } => ("pending", base.as_ref(), None),
        Slot::Resolved(entry) => {
            let armed = entry.own.map(|own| own.armed);
            ("resolved", Some(&entry.token), armed)
        }
    };
    let [held, lived] = tab.history.readables(Org::PERSONAL);
    (
        slot,
        token.map(stamps),
        armed,
        at.background.is_some(),
        tab.has_others(),
        tab.cache.last().map(stamps),
        held,
        lived,
    )
}

fn stamps(token: &ModelToken) -> Stamps {
    let (phase, place) = phase_and_place(token.iat);
    (token.oiat, phase, place, token.claims)
}
