//! What can be changed in a policy.

use crate::cache::{Measure, Policy, SeedFrom, Site};
use crate::freshness::{Row, Rule, Table, Winner};
use std::fmt;

/// One small change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another winner in a row of the table: that of all sites, or one that a site has of its own.
    Row(Option<Site>, Row, Winner),
    /// Two tokens without `oiat` are compared by `iat` (true) or by row B3.
    ThenIat(Option<Site>, bool),
    /// A rule by which an expired token gives way does so (true), or counts it as any other.
    ByTime(Option<Site>, Rule, bool),
    /// A site's own rule is added, or dropped for the usual one (none).
    Own(Site, Option<Rule>),
    /// A guard is added (true) or dropped.
    Guard(Site, bool),
    /// Another token seeds the requests.
    Seed(SeedFrom),
    /// A measure is added (true) or dropped.
    Measure(Measure, bool),
}

/// `A3=incoming`, `cookie:A3=incoming`, `-broadcast`, `seed=cache`: as `freshest mutate --explain` takes it.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = |added: bool| if added { '+' } else { '-' };
        let at =
            |site: Option<Site>| site.map_or(String::new(), |site| format!("{}:", site.name()));
        match *self {
            Change::Row(site, row, winner) => write!(f, "{}{row}={winner}", at(site)),
            Change::ThenIat(site, added) => write!(f, "{}{}then-iat", sign(added), at(site)),
            Change::ByTime(site, _, added) => write!(f, "{}{}by-time", sign(added), at(site)),
            Change::Own(site, None) => write!(f, "{}=usual", site.name()),
            Change::Own(site, Some(_)) => write!(f, "{}=own", site.name()),
            Change::Guard(site, added) => write!(f, "{}{}", sign(added), site.name()),
            Change::Seed(seed) => write!(f, "seed={}", seed.name()),
            Change::Measure(measure, added) => write!(f, "{}{}", sign(added), measure.name()),
        }
    }
}

impl Change {
    #[must_use]
    pub fn apply(self, mut policy: Policy) -> Policy {
        match self {
            Change::Row(site, row, winner) => {
                let changed = match policy.rules.of(site) {
                    Some(Rule::Table(table)) => Rule::Table(table.with(row, winner)),
                    Some(Rule::TableThenIat(table)) => Rule::TableThenIat(table.with(row, winner)),
                    Some(Rule::ExpiredYields(table)) => {
                        Rule::ExpiredYields(table.with(row, winner))
                    }
                    Some(Rule::LiveThenTable(table)) => {
                        Rule::LiveThenTable(table.with(row, winner))
                    }
                    Some(_) | None => return policy,
                };
                policy.rules = policy.rules.with_of(site, changed);
            }
            Change::ThenIat(site, added) => {
                let changed = match (policy.rules.of(site), added) {
                    (Some(Rule::Table(table)), true) => Rule::TableThenIat(table),
                    (Some(Rule::TableThenIat(table)), false) => Rule::Table(table),
                    _ => return policy,
                };
                policy.rules = policy.rules.with_of(site, changed);
            }
            Change::ByTime(site, rule, added) => {
                let rule = if added { rule } else { without_time(rule) };
                policy.rules = policy.rules.with_of(site, rule);
            }
            Change::Own(site, Some(rule)) => policy.rules = policy.rules.with(site, rule),
            Change::Own(site, None) => policy.rules = policy.rules.without(site),
            Change::Guard(site, true) => policy.guards = policy.guards.with(site),
            Change::Guard(site, false) => policy.guards = policy.guards.without(site),
            Change::Seed(seed) => policy.seed_from = seed,
            Change::Measure(measure, true) => policy.measures = policy.measures.with(measure),
            Change::Measure(measure, false) => policy.measures = policy.measures.without(measure),
        }
        policy
    }
}

impl Change {
    /// The change that takes this one back; `from` is the policy that was changed.
    pub(super) fn undone(self, from: &Policy) -> Change {
        match self {
            Change::Row(site, row, winner) => Change::Row(site, row, other(winner)),
            Change::ThenIat(site, added) => Change::ThenIat(site, !added),
            Change::ByTime(site, rule, added) => Change::ByTime(site, rule, !added),
            Change::Own(site, _) => Change::Own(site, from.rules.of(Some(site))),
            Change::Guard(site, added) => Change::Guard(site, !added),
            Change::Seed(_) => Change::Seed(from.seed_from),
            Change::Measure(measure, added) => Change::Measure(measure, !added),
        }
    }
}

/// A policy that differs from a design's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// In what; never empty.
    pub changes: Vec<Change>,
    pub policy: Policy,
}

/// The changes, with commas between them.
impl fmt::Display for Mutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, change) in self.changes.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{change}")?;
        }
        Ok(())
    }
}

impl Mutant {
    pub(super) fn new(original: &Policy, changes: Vec<Change>) -> Mutant {
        let apply = |policy, change: &Change| change.apply(policy);
        let policy = changes.iter().fold(*original, apply);
        Mutant { changes, policy }
    }

    /// Reads a mutant by its name. `Err` is the part that names no change of this policy.
    pub fn from_name<'a>(original: &Policy, name: &'a str) -> Result<Mutant, &'a str> {
        let known = changes(original);
        let find = |part: &'a str| known.iter().find(|c| c.to_string() == part).ok_or(part);
        let changes: Result<Vec<_>, _> = name.split(',').map(|part| find(part).copied()).collect();
        Ok(Mutant::new(original, changes?))
    }
}

/// The table of a rule that decides by one.
const fn table(rule: Rule) -> Option<Table> {
    match rule {
        Rule::Table(table)
        | Rule::TableThenIat(table)
        | Rule::LiveThenTable(table)
        | Rule::ExpiredYields(table) => Some(table),
        _ => None,
    }
}

/// What a rule decides by beside the time.
const fn without_time(rule: Rule) -> Rule {
    match rule {
        Rule::LiveThenTable(table) => Rule::TableThenIat(table),
        Rule::ExpiredYields(table) => Rule::Table(table),
        rule => rule,
    }
}

const fn other(winner: Winner) -> Winner {
    match winner {
        Winner::Existing => Winner::Incoming,
        Winner::Incoming => Winner::Existing,
    }
}

/// Every single change of a rule that decides by a table.
fn of_rule(site: Option<Site>, rule: Rule) -> Vec<Change> {
    let Some(table) = table(rule) else {
        return Vec::new();
    };
    let asks_b3 = matches!(rule, Rule::Table(_) | Rule::ExpiredYields(_));
    // With iat behind it, the table is never asked about two tokens without oiat.
    let rows = Row::ALL.into_iter();
    let rows = rows.filter(|&row| asks_b3 || row != Row::B3);
    let row = |row| Change::Row(site, row, other(table.winner(row)));
    let of_rule = match rule {
        // What else there is without the time.
        Rule::LiveThenTable(_) | Rule::ExpiredYields(_) => Change::ByTime(site, rule, false),
        _ => Change::ThenIat(site, asks_b3),
    };
    rows.map(row).chain([of_rule]).collect()
}

/// Every single change there is.
fn changes(policy: &Policy) -> Vec<Change> {
    let mut changes = of_rule(None, policy.rules.usual());
    for (site, rule) in policy.rules.own() {
        changes.extend(of_rule(Some(site), rule));
        changes.push(Change::Own(site, None));
    }
    let guard = |site| Change::Guard(site, !policy.guards.has(site));
    changes.extend(Site::ALL.into_iter().map(guard));
    let seeds = SeedFrom::ALL.into_iter();
    changes.extend(seeds.filter(|&s| s != policy.seed_from).map(Change::Seed));
    let measure = |measure| Change::Measure(measure, !policy.measures.has(measure));
    changes.extend(Measure::ALL.into_iter().map(measure));
    changes
}

/// The changes that together make `to` of `from`; none if that takes more than changes.
pub(super) fn towards(from: &Policy, to: &Policy) -> Option<Vec<Change>> {
    // What is so in the other policy already changes nothing there.
    let wanted = |change: &Change| change.apply(*to) == *to;
    let changes: Vec<_> = changes(from).into_iter().filter(wanted).collect();
    (Mutant::new(from, changes.clone()).policy == *to).then_some(changes)
}

/// The policy with each single change.
pub fn mutants(policy: &Policy) -> Vec<Mutant> {
    let single = |change| Mutant::new(policy, vec![change]);
    changes(policy).into_iter().map(single).collect()
}

/// Every other table in the place of the policy's usual one; none if it has no table.
pub fn tables(policy: &Policy) -> Vec<Mutant> {
    let Some(table) = table(policy.rules.usual()) else {
        return Vec::new();
    };
    let differing = |bits: u8| {
        let other = Table::from_bits(table.bits() ^ bits);
        let rows = Row::ALL.into_iter();
        let changed = rows.filter(|&row| bits >> row.index() & 1 == 1);
        Mutant::new(
            policy,
            changed
                .map(|r| Change::Row(None, r, other.winner(r)))
                .collect(),
        )
    };
    let mut all: Vec<u8> = (1..=u8::MAX).collect();
    all.sort_by_key(|bits| (bits.count_ones(), *bits));
    all.into_iter().map(differing).collect()
}
