//! `[rule]`: how a design compares two tokens.

use super::script::{ScriptFile, read_script};
use crate::cache::{Guards, Rules, Site};
use crate::freshness::{Row, Rule, Table, Winner};
use crate::source::{Item, Reader};
use std::ops::Range;

/// What `[rule]` says.
pub(super) struct RuleRead {
    pub(super) rules: Rules,
    /// Those that are scripts.
    pub(super) scripts: Vec<ScriptFile>,
    named: Vec<(Site, Range<usize>)>,
}

/// `[rule]`: the comparator of all sites, and in `[rule.at.SITE]` those of single sites.
pub(super) fn read_rule(table: &mut Reader<'_>) -> Option<RuleRead> {
    let usual = read_one(table);
    let at = table.take("at");
    let own = match at {
        Some(item) => table.table(item, |sites| Some(read_sites(sites)))?,
        None => Vec::new(),
    };
    let (usual, script) = usual?;
    let mut read = RuleRead {
        rules: usual.into(),
        scripts: script.into_iter().collect(),
        named: Vec::new(),
    };
    for (site, span, rule) in own {
        read.named.push((site, span));
        let (rule, script) = rule?;
        read.rules = read.rules.with(site, rule);
        read.scripts.extend(script.map(|script| ScriptFile {
            site: Some(site),
            ..script
        }));
    }
    Some(read)
}

/// A site, where it is named, and its rule if it could be read.
type SiteRead = (Site, Range<usize>, Option<(Rule, Option<ScriptFile>)>);

fn read_sites(sites: &mut Reader<'_>) -> Vec<SiteRead> {
    let mut own = Vec::new();
    for item in sites.take_all() {
        let span = item.key_span.clone();
        let Some(site) = Site::from_name(&item.key) else {
            let message = format!("`{}`: there is no guard site `{}`", item.path, item.key);
            sites.unknown(span, message, &item.key, Site::ALL.map(Site::name));
            continue;
        };
        own.push((site, span, sites.table(item, read_one)));
    }
    own
}

impl RuleRead {
    /// Notes what can mean nothing: a comparator for a site without a guard, which nobody would ask, and
    /// distances that differ.
    pub(super) fn check(&self, file: &mut Reader<'_>, guards: Guards) {
        for (site, span) in &self.named {
            if !guards.has(*site) {
                let site = site.name();
                let message =
                    format!("`rule.at.{site}`: there is no guard at `{site}` that would ask it");
                let help =
                    format!("add \"{site}\" to `guards.sites`, or remove `[rule.at.{site}]`");
                file.fault(span.clone(), message, Some(help));
            }
        }
        let mut distances = self
            .scripts
            .iter()
            .filter(|script| !script.distances.is_empty());
        let Some(first) = distances.next() else {
            return;
        };
        let seconds = |script: &ScriptFile| -> Vec<u32> {
            script
                .distances
                .iter()
                .map(|(seconds, _)| *seconds)
                .collect()
        };
        if let Some(other) = distances.find(|other| seconds(other) != seconds(first)) {
            let named = self
                .named
                .iter()
                .find(|(site, _)| Some(*site) == other.site);
            let span = named.map_or(0..0, |(_, span)| span.clone());
            let message = "the scripts of one design name different `distances`".to_owned();
            let help = format!("name {:?} everywhere, in this order", seconds(first));
            file.fault(span, message, Some(help));
        }
    }
}

/// A comparator by name, for whose table rows may be replaced, or a script.
fn read_one(table: &mut Reader<'_>) -> Option<(Rule, Option<ScriptFile>)> {
    let comparator = match table.required("comparator") {
        Some(item) if Reader::is_table(&item) => {
            let design = table.document();
            table.table(item, |script| read_script(design, script))
        }
        Some(item) => read_name(table, item).map(|rule| (rule, None)),
        None => None,
    };
    let rows = Row::ALL.map(|row| {
        let item = table.take(row.name())?;
        let span = item.key_span.clone();
        let winners = ["existing", "incoming"];
        let winner = table.one_of(item, &winners, |name| match name {
            "existing" => Some(Winner::Existing),
            "incoming" => Some(Winner::Incoming),
            _ => None,
        })?;
        Some((row, winner, span))
    });
    let (mut rule, script) = comparator?;
    for (row, winner, span) in rows.into_iter().flatten() {
        match &mut rule {
            Rule::Table(standard) | Rule::ExpiredYields(standard) => {
                *standard = standard.with(row, winner);
            }
            Rule::TableThenIat(standard) | Rule::LiveThenTable(standard) if row != Row::B3 => {
                *standard = standard.with(row, winner);
            }
            Rule::TableThenIat(_) | Rule::LiveThenTable(_) => table.fault(
                span,
                "row B3 cannot be set: two tokens without oiat are compared by iat".to_owned(),
                Some("there rows A3 to A5 decide by iat".to_owned()),
            ),
            _ => table.fault(
                span,
                format!("row {row} can only be set with comparator = \"table\""),
                Some("the other comparators do not decide by rows".to_owned()),
            ),
        }
    }
    Some((rule, script))
}

fn read_name<'a>(table: &mut Reader<'a>, item: Item<'a>) -> Option<Rule> {
    const COMPARATORS: [(&str, Rule); 8] = [
        ("table", Rule::Table(Table::STANDARD)),
        ("table-then-iat", Rule::TableThenIat(Table::STANDARD)),
        ("iat-only", Rule::IatOnly),
        ("iat-strict", Rule::IatStrict),
        ("oiat-else-iat", Rule::OiatElseIat),
        ("epoch", Rule::Epoch),
        ("expired-yields", Rule::ExpiredYields(Table::STANDARD)),
        ("live-then-table", Rule::LiveThenTable(Table::STANDARD)),
    ];
    let names = COMPARATORS.map(|(name, _)| name);
    if Reader::text(&item).is_some_and(is_of_script) {
        let message = format!("`{}`: a script is named in a table", item.path);
        let help = "write comparator = { script = \"FILE\" }".to_owned();
        table.fault(item.span, message, Some(help));
        return None;
    }
    table.one_of(item, &names, |name| {
        let found = COMPARATORS.into_iter().find(|(known, _)| *known == name);
        found.map(|(_, rule)| rule)
    })
}

/// Whether somebody means a script, who writes it in the place of a comparator's name.
fn is_of_script(name: &str) -> bool {
    name == "script" || name.contains(['.', '/'])
}
