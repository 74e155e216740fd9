//! Finding out what differs.

use super::{Apart, ApartStep, Diff, Fields, Held, RowDiff, ScenarioDiff, Telling, VerdictDiff};
use crate::cache::{Measure, Policy, Site, Slot};
use crate::design::Design;
use crate::explore::{Bound, Lockstep};
use crate::freshness::{Row, Rule, TokenView, Winner};
use crate::model::{Roster, System};
use crate::property::Monitored;
use crate::report::decision_table::pairs;
use crate::report::story::{beginning, title};
use crate::report::{Report, RunResult};
use crate::scenario::Scenario;
use crate::trace::{Walked, narrate};
use crate::vocabulary::{ModelToken, TabId};

/// What a caller knows of a scenario.
pub struct Compared<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Both models.
    pub models: (&'a Monitored, &'a Monitored),
    /// What became of them side by side.
    pub lockstep: &'a Lockstep,
    /// No cache and no cookie ever differs: what does is only under way.
    pub in_passing: bool,
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
    // Whatever somebody holds comes before what is only under way.
    let shortest = shortest.min_by_key(|s| (s.telling != Telling::Apart, length(s)));
    let shortest = shortest.map(|s| &s.scenario);
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

/// Whether a seed or something under way is not the same, if not even a cache or the cookie.
pub fn differ_in_passing(roster: Roster, one: &System, other: &System) -> bool {
    let seed = |system: &System, tab| system.tab(tab).cache.last;
    differ(roster, one, other)
        || roster.tabs().any(|tab| seed(one, tab) != seed(other, tab))
        || one.requests() != other.requests()
        || one.responses() != other.responses()
        || one.channel() != other.channel()
}

/// Whether two slots are the same to whoever asks for a token; what is known beside it may differ.
fn same_slot(one: &Slot<ModelToken>, other: &Slot<ModelToken>) -> bool {
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
    let token =
        |token: Option<ModelToken>| token.map_or_else(|| "nothing".to_owned(), |t| t.to_string());
    let mut held = Vec::new();
    let mut compare = |place: String, in_words: &dyn Fn(&System) -> String| {
        let (from, to) = (in_words(one), in_words(other));
        if from != to {
            held.push(Held { place, from, to });
        }
    };
    for tab in roster.tabs() {
        compare(format!("{tab}'s cache"), &|system| slot(system, tab));
    }
    compare("the cookie".to_owned(), &|system| {
        token(system.jar().cookie)
    });
    for tab in roster.tabs() {
        compare(format!("{tab}'s seed"), &|system| {
            token(system.tab(tab).cache.last)
        });
    }
    compare("requests under way".to_owned(), &|system| {
        let requests = system.requests().into_iter();
        listed(
            requests.map(|(tab, request)| format!("{tab}: {request}")),
            "; ",
        )
    });
    compare("answers under way".to_owned(), &|system| {
        let answers = system.responses().into_iter();
        listed(
            answers.map(|(tab, _, token)| format!("{tab}: {token}")),
            "; ",
        )
    });
    compare("broadcasts under way".to_owned(), &|system| {
        let posts = system.channel().iter();
        let posts =
            posts.flat_map(|((to, _), posts)| posts.iter().map(move |p| format!("{to}: {p}")));
        listed(posts, "; ")
    });
    held
}

fn listed<T: AsRef<str>>(items: impl Iterator<Item = T>, separator: &str) -> String {
    let mut list = String::new();
    for item in items {
        if !list.is_empty() {
            list += separator;
        }
        list += item.as_ref();
    }
    match list.is_empty() {
        true => "none".to_owned(),
        false => list,
    }
}

/// Asks both comparators about the same pairs.
fn rows(from: Rule, to: Rule) -> Vec<RowDiff> {
    // Either may look at the format.
    let asked = match from {
        Rule::External(_) => from,
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
        let (existing, incoming): (TokenView, TokenView) =
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
            (Rule::External(_), script) => script.as_ref().map_or_else(
                || "script".to_owned(),
                |script| format!("script {}", script.path.display()),
            ),
        };
        let taken = Measure::ALL.into_iter().filter(|&m| measures.has(m));
        [
            ("rule.comparator", rule),
            ("guards.sites", listed(guards.sites().map(Site::name), ", ")),
            ("guards.seed", seed_from.name().to_owned()),
            ("guards.measures", listed(taken.map(Measure::name), ", ")),
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
            (Some(_), _) if compared.in_passing => Telling::InPassing,
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
