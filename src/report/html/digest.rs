//! One line for each design: the shortest counterexample of each property in any scenario.

use super::view::{Heading, headings};
use crate::check::{Agreement, PropertyResult, RunResult};
use crate::design::DesignGroup;
use crate::property::{Property, Verdict};
use crate::report::ReportBundle;
use crate::report::list::DesignEntry;

/// The table above all others.
pub(crate) struct Digest<'a> {
    pub headings: Vec<Heading>,
    pub groups: Vec<DigestGroup<'a>>,
}

pub(crate) struct DigestGroup<'a> {
    pub heading: &'static str,
    pub lines: Vec<DigestLine<'a>>,
}

pub(crate) struct DigestLine<'a> {
    pub name: &'a str,
    /// The latest release that behaves like it.
    pub release: &'a str,
    pub cells: Vec<DigestCell>,
}

/// The worst verdict of a design and a property.
pub(crate) struct DigestCell {
    pub class: &'static str,
    pub symbol: String,
    pub words: String,
    pub unexpected: bool,
    /// `DESIGN/SCENARIO/PROPERTY`, where one shows it.
    pub target: Option<String>,
}

pub(crate) fn digest(bundle: &ReportBundle) -> Digest<'_> {
    let group = |group: DesignGroup| {
        let designs = bundle.list.designs.iter().filter(|of| of.group == group);
        DigestGroup {
            heading: group.heading(),
            lines: designs.map(|design| line(bundle, design)).collect(),
        }
    };
    let groups = DesignGroup::ALL.into_iter().map(group);
    Digest {
        headings: headings(bundle),
        groups: groups.filter(|group| !group.lines.is_empty()).collect(),
    }
}

fn line<'a>(bundle: &'a ReportBundle, design: &'a DesignEntry) -> DigestLine<'a> {
    let runs = bundle.report.runs_of(&design.name);
    let properties = bundle.list.properties.iter();
    DigestLine {
        name: &design.name,
        release: design.releases.last().map_or("", String::as_str),
        cells: properties
            .map(|entry| cell(&runs, entry.property))
            .collect(),
    }
}

fn cell(runs: &[&RunResult], property: Property) -> DigestCell {
    let results = runs.iter().flat_map(|run| {
        let of = run.properties.iter().filter(|p| p.property == property);
        of.map(move |result| (*run, result))
    });
    // The same trace that is told where not all are: what is not as expected first.
    let rank = |result: &PropertyResult| {
        let verdict = match result.verdict {
            Verdict::Violated => 0,
            Verdict::Inconclusive => 1,
            Verdict::Holds => 2,
            Verdict::Vacuous => 3,
        };
        (result.agreement == Agreement::Agrees, verdict, result.steps)
    };
    let Some((run, worst)) = results.min_by_key(|(_, result)| rank(result)) else {
        return DigestCell {
            class: "vacuous",
            symbol: String::new(),
            words: "not checked".to_owned(),
            unexpected: false,
            target: None,
        };
    };
    let shown = super::view::cell(worst);
    DigestCell {
        class: shown.class,
        symbol: shown.symbol,
        words: format!("{property}: {}, in {}", shown.words, run.scenario),
        unexpected: !shown.expected,
        target: Some(format!("{}/{}/{property}", run.design, run.scenario)),
    }
}
