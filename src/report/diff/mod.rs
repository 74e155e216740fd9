//! What differs between two designs: what they say, what comes of it, and how to see it.

mod markdown;
mod text;

use super::decision_table::pairs;
use super::story::{beginning, title};
use super::{Bounds, Report, RunResult};
use crate::cache::{Measure, Policy, Site, Slot};
use crate::design::Design;
use crate::explore::{Bound, Lockstep, Verdict};
use crate::freshness::{Row, Rule, Visible, Winner};
use crate::model::{Composed, Minted, Roster, System, TabId};
use crate::scenario::Scenario;
use crate::trace::{EventRecord, Walked, narrate};
use serde::Serialize;

/// Two designs compared.
#[derive(Clone, Debug, Serialize)]
pub struct Diff {
    /// The design that is there.
    pub from: String,
    /// One line.
    pub from_title: String,
    /// The design that may replace it.
    pub to: String,
    /// One line.
    pub to_title: String,
    /// Rows of the decision table that differ somewhere.
    pub rows: Vec<RowDiff>,
    /// What else differs in what the designs say.
    pub fields: Vec<Fields>,
    /// One for each scenario.
    pub scenarios: Vec<ScenarioDiff>,
    /// The scenario with the shortest trace that tells the designs apart.
    pub shortest: Option<String>,
    /// The bounds of each run.
    pub bounds: Bounds,
    /// Something is not known, because a bound was hit.
    pub inconclusive: bool,
}

/// A row of the decision table that is not decided alike.
#[derive(Clone, Debug, Serialize)]
pub struct RowDiff {
    /// The row.
    pub row: String,
    /// When a pair falls in it.
    pub condition: String,
    /// Who wins; `depends` where the rule does not decide the row as a whole.
    pub was: String,
    /// The same, for the other design.
    pub is: String,
    /// How many of the pairs of small stamps in this row are decided in another way.
    pub differing: usize,
    /// How many pairs there are.
    pub pairs: usize,
    /// One of those that differ: existing, incoming.
    pub example: [String; 2],
}

/// A field of the designs that differs.
#[derive(Clone, Debug, Serialize)]
pub struct Fields {
    /// The key in the file.
    pub field: String,
    /// In the first design.
    pub was: String,
    /// In the second.
    pub is: String,
}

/// What the designs do in a scenario.
#[derive(Clone, Debug, Serialize)]
pub struct ScenarioDiff {
    /// The scenario.
    pub scenario: String,
    /// The verdicts that differ.
    pub verdicts: Vec<VerdictDiff>,
    /// How to tell the designs apart.
    pub telling: Telling,
    /// The trace, if there is one.
    pub apart: Option<Apart>,
    /// Pairs of states that were looked at side by side.
    pub pairs: u64,
    /// The bound that ended that search, or one of the runs.
    pub bound: Option<String>,
}

/// Whether two designs can be told apart in a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Telling {
    /// There is a trace.
    Apart,
    /// Everything was looked at, and no cache and no cookie ever differs.
    Never,
    /// A bound was hit first.
    Inconclusive,
}

/// A verdict that differs.
#[derive(Clone, Debug, Serialize)]
pub struct VerdictDiff {
    /// The property.
    pub property: String,
    /// Of the first design.
    pub was: Verdict,
    /// Length of its shortest counterexample.
    pub was_steps: Option<u32>,
    /// Of the second design.
    pub is: Verdict,
    /// Length of its shortest counterexample.
    pub is_steps: Option<u32>,
}

/// A shortest trace that tells two designs apart.
#[derive(Clone, Debug, Serialize)]
pub struct Apart {
    /// How everything began.
    pub start: String,
    /// The steps.
    pub steps: Vec<ApartStep>,
    /// What is held after the last one, where it differs.
    pub held: Vec<Held>,
}

/// A step, in both designs.
#[derive(Clone, Debug, Serialize)]
pub struct ApartStep {
    /// From 1.
    pub number: usize,
    /// What happened.
    pub event: EventRecord,
    /// The same in words.
    pub title: String,
    /// What followed in both.
    pub both: Vec<String>,
    /// What followed in the first design alone.
    pub from: Vec<String>,
    /// What followed in the second design alone.
    pub to: Vec<String>,
}

/// Something that is held in one way by one design and in another by the other.
#[derive(Clone, Debug, Serialize)]
pub struct Held {
    /// `tab 0's cache`, or `the cookie`.
    pub place: String,
    /// By the first design.
    pub from: String,
    /// By the second.
    pub to: String,
}

impl VerdictDiff {
    /// Nothing violated it before.
    pub fn is_broken(&self) -> bool {
        self.is == Verdict::Violated && matches!(self.was, Verdict::Holds | Verdict::Vacuous)
    }

    /// It was violated before, and holds now.
    pub fn is_met(&self) -> bool {
        self.was == Verdict::Violated && self.is == Verdict::Holds
    }
}

impl Diff {
    /// Verdicts that differ in this way, with their scenarios.
    pub fn verdicts(
        &self,
        wanted: impl Fn(&VerdictDiff) -> bool,
    ) -> Vec<(&ScenarioDiff, &VerdictDiff)> {
        let of = |scenario: &'_ ScenarioDiff| scenario.verdicts.len();
        let mut found = Vec::with_capacity(self.scenarios.iter().map(of).sum());
        for scenario in &self.scenarios {
            let some = scenario.verdicts.iter().filter(|verdict| wanted(verdict));
            found.extend(some.map(|verdict| (scenario, verdict)));
        }
        found
    }
}

/// What a caller knows of a scenario.
pub struct Compared<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Both models.
    pub models: (&'a Composed, &'a Composed),
    /// What became of them side by side.
    pub lockstep: &'a Lockstep,
    /// The walk of its trace through both.
    pub walked: Option<(Vec<Walked>, Vec<Walked>)>,
}

/// Puts together what is known. The report has the runs of both designs.
pub fn diff(from: &Design, to: &Design, compared: &[Compared<'_>], report: &Report) -> Diff {
    let scenarios: Vec<_> = compared
        .iter()
        .map(|compared| scenario_diff(from, to, compared, report))
        .collect();
    let length = |s: &ScenarioDiff| s.apart.as_ref().map(|apart| apart.steps.len());
    let shortest = scenarios.iter().filter(|s| s.apart.is_some());
    let shortest = shortest.min_by_key(|s| length(s)).map(|s| &s.scenario);
    Diff {
        from: from.name.clone(),
        from_title: from.title.clone(),
        to: to.name.clone(),
        to_title: to.title.clone(),
        rows: rows(from.policy.rule, to.policy.rule),
        fields: fields(from, to),
        shortest: shortest.cloned(),
        bounds: report.bounds,
        inconclusive: scenarios.iter().any(|s| s.bound.is_some()),
        scenarios,
    }
}

/// Whether somebody's cache, or the cookie, is not the same.
pub fn differ(roster: Roster, one: &System, other: &System) -> bool {
    let differs = |tab| !same_slot(&one.tab(tab).cache.slot, &other.tab(tab).cache.slot);
    one.jar().cookie != other.jar().cookie || roster.tabs().any(differs)
}

/// Whether two slots are the same to whoever asks for a token; what is known beside it may differ.
fn same_slot(one: &Slot<Minted>, other: &Slot<Minted>) -> bool {
    match (one, other) {
        (Slot::Empty, Slot::Empty) => true,
        (Slot::Pending { fetch: one, .. }, Slot::Pending { fetch: other, .. }) => one == other,
        (Slot::Resolved(one), Slot::Resolved(other)) => one.token == other.token,
        _ => false,
    }
}

/// Where two systems differ, in words.
fn held(roster: Roster, one: &System, other: &System) -> Vec<Held> {
    let slot = |system: &System, tab: TabId| match &system.tab(tab).cache.slot {
        Slot::Empty => "nothing".to_owned(),
        Slot::Pending { fetch, .. } => format!("a fetch under way ({fetch})"),
        Slot::Resolved(entry) => entry.token.to_string(),
    };
    let cookie = |system: &System| {
        let cookie = system.jar().cookie;
        cookie.map_or_else(|| "nothing".to_owned(), |cookie| cookie.to_string())
    };
    let tabs = roster.tabs().map(|tab| Held {
        place: format!("{tab}'s cache"),
        from: slot(one, tab),
        to: slot(other, tab),
    });
    let cookie = Held {
        place: "the cookie".to_owned(),
        from: cookie(one),
        to: cookie(other),
    };
    tabs.chain([cookie])
        .filter(|held| held.from != held.to)
        .collect()
}

/// Asks both comparators about the same pairs.
fn rows(from: Rule, to: Rule) -> Vec<RowDiff> {
    // Either may look at the format.
    let asked = match from {
        Rule::Foreign(_) => from,
        _ => to,
    };
    let pairs: Vec<_> = pairs(asked)
        .map(|(e, i)| (e, i, from.decide(&e, &i), to.decide(&e, &i)))
        .collect();
    let in_words = |winners: Vec<Winner>| match winners.as_slice() {
        [first, rest @ ..] if rest.iter().all(|winner| winner == first) => first.to_string(),
        _ => "depends".to_owned(),
    };
    let row_diff = |row: Row| {
        let pairs: Vec<_> = pairs.iter().filter(|p| p.2.row == Some(row)).collect();
        let differing: Vec<_> = pairs.iter().filter(|p| p.2 != p.3).collect();
        let (existing, incoming): (Visible, Visible) =
            differing.first().map(|(e, i, ..)| (*e, *i))?;
        Some(RowDiff {
            row: row.name().to_owned(),
            condition: row.condition().to_owned(),
            was: in_words(pairs.iter().map(|pair| pair.2.winner).collect()),
            is: in_words(pairs.iter().map(|pair| pair.3.winner).collect()),
            differing: differing.len(),
            pairs: pairs.len(),
            example: [existing.to_string(), incoming.to_string()],
        })
    };
    Row::ALL.into_iter().filter_map(row_diff).collect()
}

/// What else the designs say. A new field of a policy has to be named here.
fn fields(from: &Design, to: &Design) -> Vec<Fields> {
    let said = |design: &Design| {
        let Policy {
            rule,
            guards,
            seed_from,
            posts,
            answers,
            requests,
            measures,
        } = design.policy;
        let rule = match (rule, &design.script) {
            (Rule::Table(_), _) => "table".to_owned(),
            (Rule::TableThenIat(_), _) => "table-then-iat".to_owned(),
            (Rule::IatOnly, _) => "iat-only".to_owned(),
            (Rule::IatStrict, _) => "iat-strict".to_owned(),
            (Rule::Epoch, _) => "epoch".to_owned(),
            (Rule::OiatElseIat, _) => "oiat-else-iat".to_owned(),
            (Rule::Foreign(_), script) => script.as_ref().map_or_else(
                || "script".to_owned(),
                |script| format!("script {}", script.path.display()),
            ),
        };
        let sites: Vec<_> = guards.sites().map(Site::name).collect();
        let sites = match sites.as_slice() {
            [] => "none".to_owned(),
            sites => sites.join(", "),
        };
        let taken = Measure::ALL.into_iter().filter(|&m| measures.has(m));
        let measures: Vec<_> = taken.map(Measure::name).collect();
        let measures = match measures.as_slice() {
            [] => "none".to_owned(),
            measures => measures.join(", "),
        };
        [
            ("rule.comparator", rule),
            ("guards.sites", sites),
            ("guards.seed", seed_from.name().to_owned()),
            ("guards.measures", measures),
            ("tabs.post", posts.name().to_owned()),
            ("tabs.answer", answers.name().to_owned()),
            ("tabs.request", requests.name().to_owned()),
        ]
    };
    let both = said(from).into_iter().zip(said(to));
    both.filter(|((_, was), (_, is))| was != is)
        .map(|((field, was), (_, is))| Fields {
            field: field.to_owned(),
            was,
            is,
        })
        .collect()
}

fn scenario_diff(
    from: &Design,
    to: &Design,
    compared: &Compared<'_>,
    report: &Report,
) -> ScenarioDiff {
    let name = &compared.scenario.name;
    let run = |design: &Design| {
        let runs = report.results.iter();
        runs.clone()
            .find(|run| (&run.design, &run.scenario) == (&design.name, name))
    };
    let (one, other) = (run(from), run(to));
    let cut = |run: Option<&RunResult>| run.and_then(|run| run.bound.clone());
    let lockstep = compared.lockstep;
    let apart = compared
        .walked
        .as_ref()
        .map(|walked| apart(compared, walked));
    ScenarioDiff {
        scenario: name.clone(),
        verdicts: match (one, other) {
            (Some(one), Some(other)) => verdicts(one, other),
            _ => Vec::new(),
        },
        telling: match (&apart, &lockstep.bound) {
            (Some(_), _) => Telling::Apart,
            (None, Some(_)) => Telling::Inconclusive,
            (None, None) => Telling::Never,
        },
        apart,
        pairs: lockstep.pairs,
        bound: lockstep
            .bound
            .as_ref()
            .map(Bound::to_string)
            .or_else(|| cut(one))
            .or_else(|| cut(other)),
    }
}

fn verdicts(one: &RunResult, other: &RunResult) -> Vec<VerdictDiff> {
    let mut differing = Vec::new();
    for was in &one.properties {
        let is = other.properties.iter().find(|is| is.name == was.name);
        let Some(is) = is.filter(|is| (is.verdict, is.steps) != (was.verdict, was.steps)) else {
            continue;
        };
        differing.push(VerdictDiff {
            property: was.name.clone(),
            was: was.verdict,
            was_steps: was.steps,
            is: is.verdict,
            is_steps: is.steps,
        });
    }
    differing
}

/// Tells the same events as both designs meet them.
fn apart(compared: &Compared<'_>, (one, other): &(Vec<Walked>, Vec<Walked>)) -> Apart {
    let roster = compared.models.0.roster();
    let step = |(index, (one, other)): (usize, (&Walked, &Walked))| {
        let (mut from, mut to) = (narrate(one, roster), narrate(other, roster));
        let titles = (title(one), title(other));
        let title = match titles.0 == titles.1 {
            true => titles.0,
            false => {
                // The token that arrives is not the same.
                from.insert(0, titles.0);
                to.insert(0, titles.1);
                one.event.to_string()
            }
        };
        let alone = |lines: &[String], others: &[String]| -> Vec<String> {
            let missing = lines.iter().filter(|line| !others.contains(line));
            missing.cloned().collect()
        };
        ApartStep {
            number: index + 1,
            event: one.event.into(),
            title,
            both: from
                .iter()
                .filter(|line| to.contains(line))
                .cloned()
                .collect(),
            from: alone(&from, &to),
            to: alone(&to, &from),
        }
    };
    let last = one.last().zip(other.last());
    let held = last.map(|(one, other)| held(roster, &one.after, &other.after));
    Apart {
        start: beginning(compared.scenario),
        steps: one.iter().zip(other).enumerate().map(step).collect(),
        held: held.unwrap_or_default(),
    }
}
