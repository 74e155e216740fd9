//! Finding out what differs.

use super::held::{held, listed};
use super::sides::{BothWalked, Side};
use super::{Apart, ApartStep, Diff, Fields, RowDiff, ScenarioDiff, Telling, VerdictDiff};
use crate::cache::{Measure, Platform, Policy, Rules, Site};
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
        rows: rows(&from.policy.rules, &to.policy.rules),
        fields: fields(from, to),
        shortest: shortest.cloned(),
        bounds: report.bounds,
        inconclusive: scenarios.iter().any(|s| s.bound.is_some()),
        scenarios,
    }
}

/// Asks both comparators about the same pairs: those of all sites, and those of each site that has one of
/// its own in either design.
fn rows(from: &Rules, to: &Rules) -> Vec<RowDiff> {
    let mut differing = rows_of(None, from.usual(), to.usual());
    let is_own = |site: &Site| from.of(Some(*site)).is_some() || to.of(Some(*site)).is_some();
    for site in Site::ALL.into_iter().filter(is_own) {
        differing.extend(rows_of(Some(site), from.at(site), to.at(site)));
    }
    differing
}

fn rows_of(site: Option<Site>, from: Rule, to: Rule) -> Vec<RowDiff> {
    let pairs: Vec<_> = pairs(&[from, to])
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
            site: site.map(|site| site.name().to_owned()),
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

/// A comparator as a design's file names it.
fn comparator(design: &Design, site: Option<Site>, rule: Rule) -> String {
    let name = match rule {
        Rule::Table(_) => "table",
        Rule::TableThenIat(_) => "table-then-iat",
        Rule::IatOnly => "iat-only",
        Rule::IatStrict => "iat-strict",
        Rule::Epoch => "epoch",
        Rule::OiatElseIat => "oiat-else-iat",
        Rule::LiveThenTable(_) => "live-then-table",
        Rule::ExpiredYields(_) => "expired-yields",
        Rule::External(_) => {
            let script = design.scripts.iter().find(|script| script.site == site);
            return match script {
                Some(script) => format!("script {}", script.path.display()),
                None => "script".to_owned(),
            };
        }
    };
    name.to_owned()
}

/// What else the designs say. A new field of a policy has to be named here.
fn fields(from: &Design, to: &Design) -> Vec<Fields> {
    let said = |design: &Design| {
        let Policy {
            rules,
            guards,
            seed_from,
            posts,
            answers,
            requests,
            timers,
            measures,
            platform,
        } = design.policy;
        let own = rules.own().map(|(site, rule)| {
            let rule = comparator(design, Some(site), rule);
            format!("{}: {rule}", site.name())
        });
        let taken = Measure::ALL.into_iter().filter(|&m| measures.has(m));
        [
            ("rule.comparator", comparator(design, None, rules.usual())),
            ("rule.at", listed(own, ", ")),
            ("guards.sites", listed(guards.sites().map(Site::name), ", ")),
            ("guards.seed", seed_from.name().to_owned()),
            ("guards.measures", listed(taken.map(Measure::name), ", ")),
            ("tabs.post", posts.name().to_owned()),
            ("tabs.answer", answers.name().to_owned()),
            ("tabs.request", requests.name().to_owned()),
            ("tabs.timer", timers.name().to_owned()),
            ("platform.cookie", platform.cookie.to_string()),
            ("platform.broadcast", platform.broadcast.to_string()),
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
    let platform = from.policy.platform;
    let apart = side
        .walked
        .as_ref()
        .map(|walked| apart(side, platform, walked));
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
fn apart(side: &Side<'_>, platform: Platform, walked: &BothWalked) -> Apart {
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
        start: beginning(side.scenario, platform),
        steps: one.iter().zip(other).enumerate().map(step).collect(),
        held: held.unwrap_or_default(),
    }
}
