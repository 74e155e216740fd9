//! Finding out what differs.

use super::held::{held, listed};
use super::sides::{BothWalked, Side};
use super::{Apart, ApartStep, Diff, Fields, RowDiff, ScenarioDiff, Telling, VerdictDiff};
use crate::cache::{Measure, Policy, Site};
use crate::check::{Report, RunResult, pairs};
use crate::design::Design;
use crate::freshness::{Row, Rule, TokenView, Winner};
use crate::trace::{Walked, beginning, narrate, title};

/// Puts together what is known. The report has the runs of both designs.
pub(super) fn put_together(
    from: &Design,
    to: &Design,
    sides: &[Side<'_>],
    report: &Report,
) -> Diff {
    let scenarios: Vec<_> = sides
        .iter()
        .map(|side| scenario_diff(from, to, side, report))
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
            row,
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
            timers,
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
            ("tabs.timer", timers.name().to_owned()),
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

fn scenario_diff(from: &Design, to: &Design, side: &Side<'_>, report: &Report) -> ScenarioDiff {
    let name = &side.scenario.name;
    let run = |design: &Design| {
        let runs = report.results.iter();
        runs.clone()
            .find(|run| (&run.design, &run.scenario) == (&design.name, name))
    };
    let (one, other) = (run(from), run(to));
    let cut = |run: Option<&RunResult>| run.and_then(|run| run.bound);
    let lockstep = &side.lockstep;
    let apart = side.walked.as_ref().map(|walked| apart(side, walked));
    ScenarioDiff {
        scenario: name.clone(),
        verdicts: match (one, other) {
            (Some(one), Some(other)) => verdicts(one, other),
            _ => Vec::new(),
        },
        telling: match (&apart, &lockstep.bound) {
            (Some(_), _) if side.in_passing => Telling::InPassing,
            (Some(_), _) => Telling::Apart,
            (None, Some(_)) => Telling::Inconclusive,
            (None, None) => Telling::Never,
        },
        apart,
        pairs: lockstep.pairs,
        bound: lockstep.bound.or_else(|| cut(one)).or_else(|| cut(other)),
    }
}

fn verdicts(one: &RunResult, other: &RunResult) -> Vec<VerdictDiff> {
    let mut differing = Vec::new();
    for was in &one.properties {
        let is = other.property(was.property);
        let Some(is) = is.filter(|is| (is.verdict, is.steps) != (was.verdict, was.steps)) else {
            continue;
        };
        differing.push(VerdictDiff {
            property: was.property,
            was: was.verdict,
            was_steps: was.steps,
            is: is.verdict,
            is_steps: is.steps,
        });
    }
    differing
}

/// Tells the same events as both designs meet them.
fn apart(side: &Side<'_>, walked: &BothWalked) -> Apart {
    let BothWalked {
        from: one,
        to: other,
    } = walked;
    let roster = side.roster;
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
        start: beginning(side.scenario),
        steps: one.iter().zip(other).enumerate().map(step).collect(),
        held: held.unwrap_or_default(),
    }
}
