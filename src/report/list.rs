//! What there is: designs, scenarios, properties.

use super::wrap;
use crate::catalog::Catalog;
use crate::property::Property;
use crate::scenario::Scenario;
use crate::vocabulary::Stimulus;
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything with its one-line meaning.
#[derive(Clone, Debug, Serialize)]
pub struct List {
    /// As in a report.
    pub version: u32,
    /// The designs.
    pub designs: Vec<DesignEntry>,
    /// The scenarios.
    pub scenarios: Vec<ScenarioEntry>,
    /// The properties.
    pub properties: Vec<PropertyEntry>,
}

/// A design.
#[derive(Clone, Debug, Serialize)]
pub struct DesignEntry {
    /// Its name.
    pub name: String,
    /// One line.
    pub title: String,
    /// Versions of the published SDK that behave like it.
    pub releases: Vec<String>,
    /// Where it is described.
    pub sources: Vec<String>,
}

/// A scenario.
#[derive(Clone, Debug, Serialize)]
pub struct ScenarioEntry {
    /// Its name.
    pub name: String,
    /// One line.
    pub title: String,
    /// Number of tabs.
    pub tabs: u8,
    /// What everybody holds at the start.
    pub start: String,
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
}

/// A property.
#[derive(Clone, Debug, Serialize)]
pub struct PropertyEntry {
    /// Which one.
    #[serde(rename = "name")]
    pub property: Property,
    /// Its heading in the verdict table.
    pub heading: String,
    /// What it says.
    pub meaning: String,
    /// What it takes for it not to be vacuous.
    pub witness: String,
}

/// Lists a catalog.
pub fn list(catalog: &Catalog) -> List {
    let design = |design: &crate::design::Design| DesignEntry {
        name: design.name.clone(),
        title: design.title.clone(),
        releases: design.releases.clone(),
        sources: design.sources.clone(),
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
        budget: budget
            .map(|(s, count)| (s.name().to_owned(), count))
            .collect(),
        by: scenario.setup.by.iter().map(by).collect(),
        keys: life.two_keys.then_some(2),
        absent: life.absent.iter().map(|tab| tab.0).collect(),
        unfocused: life.unfocused.iter().map(|tab| tab.0).collect(),
        piggyback: (!life.piggyback).then_some(false),
        stale_load: life.stale_load.then_some(true),
    }
}

impl ScenarioEntry {
    /// `2 tabs, start: legacy; refresh 1`
    pub fn bounds_in_words(&self) -> String {
        let start = match self.start.as_str() {
            "tokens" => String::new(),
            start => format!(", start: {start}"),
        };
        format!("{} tabs{start}; {}", self.tabs, self.budget_in_words())
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
    /// The list as text.
    pub fn as_text(&self) -> String {
        let mut text = "Designs\n".to_owned();
        for design in &self.designs {
            let releases = match design.releases.as_slice() {
                [] => String::new(),
                releases => format!(" (released: {})", releases.join(", ")),
            };
            text += &format!("  {:<20} {}{releases}\n", design.name, design.title);
        }
        text += "\nScenarios\n";
        for scenario in &self.scenarios {
            text += &format!("  {:<20} {}\n", scenario.name, scenario.title);
            text += &format!("  {:<20} {}\n", "", scenario.bounds_in_words());
        }
        text += "\nProperties (with their heading in the verdict table)\n";
        for property in &self.properties {
            text += &textwrap::fill(
                &format!(
                    "{} ({}): {}",
                    property.property, property.heading, property.meaning
                ),
                wrap::columns(80)
                    .initial_indent("  ")
                    .subsequent_indent("      "),
            );
            text.push('\n');
        }
        text
    }
}
