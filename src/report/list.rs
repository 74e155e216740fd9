//! What there is: designs, scenarios, properties.

use super::document::{Align, Block, Cell, Document, Line, Screen, Table, name};
use super::words::count;
use crate::catalog::Catalog;
use crate::design::DesignGroup;
use crate::property::Property;
use crate::scenario::Scenario;
use crate::vocabulary::{Edge, Stimulus};
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything with its one-line meaning.
#[derive(Clone, Debug, Serialize)]
pub struct List {
    /// The version of this form, as that of a report.
    pub version: u32,
    pub designs: Vec<DesignEntry>,
    pub scenarios: Vec<ScenarioEntry>,
    pub properties: Vec<PropertyEntry>,
}

#[derive(Clone, Debug, Serialize)]
pub struct DesignEntry {
    pub name: String,
    /// Its title, one line of text from its file.
    pub title: String,
    #[serde(serialize_with = "by_name")]
    pub group: DesignGroup,
    /// Versions of the published SDK that behave like it.
    pub releases: Vec<String>,
    pub sources: Vec<String>,
    /// Names of the scenarios of other platforms than its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_run_in: Vec<String>,
}

/// The latest of these versions, as numbers.
pub(super) fn latest(releases: &[String]) -> Option<Vec<u64>> {
    let numbers = |release: &String| -> Vec<u64> {
        let parts = release.split('.').map(|part| part.parse().unwrap_or(0));
        parts.collect()
    };
    releases.iter().map(numbers).max()
}

#[derive(Clone, Debug, Serialize)]
pub struct ScenarioEntry {
    pub name: String,
    /// Its title, one line of text from its file.
    pub title: String,
    pub tabs: u8,
    /// What everybody holds at the start.
    pub start: String,
    /// What is assumed of the edge, if it does not mint from every parent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edge: Option<String>,
    /// How often each stimulus may happen.
    pub budget: BTreeMap<String, u8>,
    /// Stimuli limited to some tabs.
    pub by: BTreeMap<String, Vec<u8>>,
    /// Number of keys, if there are two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<u8>,
    /// The tabs that have not been opened yet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<u8>,
    /// The tabs that never had focus.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unfocused: Vec<u8>,
    /// Whether a client payload comes with the answer to a touch, if none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub piggyback: Option<bool>,
    /// Whether a load may be answered with the token that was minted last, if it may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale_load: Option<bool>,
    /// How many requests of one tab may be under way at once, if that is limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests_per_tab: Option<u8>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PropertyEntry {
    /// The property; in files by its name.
    #[serde(rename = "name")]
    pub property: Property,
    /// Its heading in the verdict table.
    pub heading: String,
    pub meaning: String,
    /// What it takes for it not to be vacuous.
    pub witness: String,
}

fn by_name<S: serde::Serializer>(group: &DesignGroup, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(group.name())
}

pub fn list(catalog: &Catalog) -> List {
    let design = |design: &crate::design::Design| DesignEntry {
        name: design.name.clone(),
        title: design.title.clone(),
        group: design.group,
        releases: design.releases.clone(),
        sources: design.sources.clone(),
        not_run_in: {
            let all = catalog.scenarios.iter();
            let others = all.filter(|scenario| !design.runs_in(scenario));
            others.map(|scenario| scenario.name.clone()).collect()
        },
    };
    let property = |property: Property| PropertyEntry {
        property,
        heading: property.heading().to_owned(),
        meaning: property.meaning().to_owned(),
        witness: property.opportunity().to_owned(),
    };
    List {
        version: crate::check::VERSION,
        designs: catalog.designs.iter().map(design).collect(),
        scenarios: catalog.scenarios.iter().map(scenario).collect(),
        properties: Property::ALL.into_iter().map(property).collect(),
    }
}

fn scenario(scenario: &Scenario) -> ScenarioEntry {
    let budget = scenario.setup.budgets.iter();
    let by = |(stimulus, tabs): (&Stimulus, &crate::vocabulary::TabSet)| {
        let tabs = (0..scenario.setup.tabs).filter(|&tab| tabs.has(crate::vocabulary::TabId(tab)));
        (stimulus.name().to_owned(), tabs.collect())
    };
    let life = &scenario.setup.life;
    ScenarioEntry {
        name: scenario.name.clone(),
        title: scenario.title.clone(),
        tabs: scenario.setup.tabs,
        start: scenario.setup.start.name().to_owned(),
        edge: match scenario.setup.edge {
            Edge::Any => None,
            edge @ Edge::NeedsOiat => Some(edge.name().to_owned()),
        },
        budget: budget
            .map(|(s, count)| (s.name().to_owned(), count))
            .collect(),
        by: scenario.setup.by.iter().map(by).collect(),
        keys: life.two_keys.then_some(2),
        absent: life.absent.iter().map(|tab| tab.0).collect(),
        unfocused: life.unfocused.iter().map(|tab| tab.0).collect(),
        piggyback: (!life.piggyback).then_some(false),
        stale_load: life.stale_load.then_some(true),
        requests_per_tab: scenario.setup.requests_per_tab,
    }
}

impl ScenarioEntry {
    /// `2 tabs, start: legacy, edge: needs-oiat; refresh 1`, and what is limited
    pub(crate) fn bounds_in_words(&self) -> String {
        let start = match self.start.as_str() {
            "tokens" => String::new(),
            start => format!(", start: {start}"),
        };
        let tabs = count(usize::from(self.tabs), "tab");
        let edge = match &self.edge {
            Some(edge) => format!(", edge: {edge}"),
            None => String::new(),
        };
        let limit = match self.requests_per_tab {
            None => String::new(),
            Some(limit) => format!("; at most {} of a tab", count(limit.into(), "request")),
        };
        format!("{tabs}{start}{edge}; {}{limit}", self.budget_in_words())
    }

    /// `refresh 1 (tab 0), skip_cache 2`
    fn budget_in_words(&self) -> String {
        let entry = |(stimulus, count): (&String, &u8)| match self.by.get(stimulus) {
            Some(tabs) => {
                let tabs: Vec<_> = tabs.iter().map(|tab| format!("tab {tab}")).collect();
                format!("{stimulus} {count} ({})", tabs.join(", "))
            }
            None => format!("{stimulus} {count}"),
        };
        self.budget.iter().map(entry).collect::<Vec<_>>().join(", ")
    }
}

impl List {
    pub fn as_text(&self, screen: Screen) -> String {
        let mut designs = Table::new([("", Align::Left), ("", Align::Wrap)]);
        for group in DesignGroup::ALL {
            let mut of_group = self.designs.iter().filter(|d| d.group == group).peekable();
            if of_group.peek().is_some() {
                designs.group(group.heading());
            }
            for design in of_group {
                let releases = match design.releases.as_slice() {
                    [] => String::new(),
                    releases => format!(" (released: {})", releases.join(", ")),
                };
                let title = format!("{}{releases}", design.title);
                let first = Line::default().plain("  ").name(&design.name);
                designs.row([Cell::from(first), Cell::from(title)]);
            }
        }
        let mut scenarios = Table::new([("", Align::Left), ("", Align::Wrap)]);
        for scenario in &self.scenarios {
            let first = Cell::from(name(&scenario.name));
            scenarios.row([first, Cell::from(scenario.title.as_str())]);
            scenarios.row([Cell::default(), Cell::from(scenario.bounds_in_words())]);
        }
        let property = |entry: &PropertyEntry| {
            let (heading, meaning) = (&entry.heading, &entry.meaning);
            name(entry.property.name()).plain(format!(" ({heading}): {meaning}"))
        };
        let properties: Vec<Line> = self.properties.iter().map(property).collect();
        let mut document = Document::default();
        document.section("Designs", vec![Block::Table(designs)]);
        document.section("Scenarios", vec![Block::Table(scenarios)]);
        document.section(
            "Properties (with their heading in the verdict table)",
            vec![Block::Items(properties)],
        );
        document.as_text(screen)
    }
}
