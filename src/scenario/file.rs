//! Reading a scenario file.

use super::{Reason, Scenario};
use crate::property::Property;
use crate::source::{Document, Faults, Item, Reader, suggestion};
use crate::vocabulary::{Budgets, MAX_BUDGET, MAX_TABS, Setup, Start, Stimulus, TabId, TabSet};
use std::collections::BTreeMap;

impl Scenario {
    /// Reads a scenario file.
    pub fn load(name: &str, document: &Document) -> Result<Scenario, Faults> {
        document.parse(|file| {
            let title = file.required("title").and_then(|item| file.string(item));
            let tabs = file
                .required("tabs")
                .and_then(|item| file.number(&item, 1..=u32::from(MAX_TABS)))
                .map(|tabs| tabs as u8);
            // A wrong number is one fault, and no reason to complain of what refers to it.
            let known_tabs = tabs.unwrap_or(MAX_TABS);
            let start = match file.take("start") {
                Some(item) => {
                    let names = Start::ALL.map(Start::name);
                    file.one_of(item, &names, Start::from_name)
                }
                None => Some(Start::Tokens),
            };
            let limits = file
                .required("budget")
                .and_then(|item| file.table(item, |table| read_budgets(table, known_tabs)));
            let watch = match file.take("watch") {
                Some(item) => read_tabs(file, item, known_tabs),
                None => Some(TabSet::ALL),
            };
            let vacuous = match file.take("vacuous") {
                Some(item) => file.table(item, read_vacuous),
                None => Some(BTreeMap::new()),
            };
            let (budgets, by) = limits?;
            Some(Scenario {
                name: name.to_owned(),
                path: document.path.clone(),
                title: title?,
                setup: Setup {
                    tabs: tabs?,
                    start: start?,
                    budgets,
                    by,
                    watch: watch?,
                },
                vacuous: vacuous?,
            })
        })
    }
}

type Limits = (Budgets, BTreeMap<Stimulus, TabSet>);

/// `[budget]`: `stimulus = count`, or `stimulus = { count = 1, by = [0] }`.
fn read_budgets(table: &mut Reader<'_>, tabs: u8) -> Option<Limits> {
    let mut budgets = Budgets::default();
    let mut by = BTreeMap::new();
    for stimulus in Stimulus::all() {
        let Some(item) = table.take(stimulus.name()) else {
            continue;
        };
        let budget = match Reader::is_table(&item) {
            true => table.table(item, |fields| read_limited(fields, stimulus, tabs)),
            false => read_count(table, &item).map(|count| (count, None)),
        };
        if let Some((count, limited)) = budget {
            budgets.set(stimulus, count);
            by.extend(limited.map(|tabs| (stimulus, tabs)));
        }
    }
    if budgets.total() > u32::from(MAX_BUDGET) {
        let total = budgets.total();
        let message = format!("the budgets add up to {total}, more than {MAX_BUDGET}");
        let help = "every interleaving is explored: start with a handful".to_owned();
        table.fault(table.span(), message, Some(help));
        return None;
    }
    Some((budgets, by))
}

fn read_count(table: &mut Reader<'_>, item: &Item<'_>) -> Option<u8> {
    let count = table.number(item, 0..=u32::from(MAX_BUDGET))?;
    u8::try_from(count).ok()
}

fn read_limited(
    fields: &mut Reader<'_>,
    stimulus: Stimulus,
    tabs: u8,
) -> Option<(u8, Option<TabSet>)> {
    let count = fields.required("count");
    let count = count.and_then(|item| read_count(fields, &item));
    let Some(item) = fields.take("by") else {
        return Some((count?, None));
    };
    if !stimulus.concerns_a_tab() {
        let message = format!("`{}`: {} happens to no tab", item.path, stimulus.name());
        fields.fault(item.key_span, message, Some("remove `by`".to_owned()));
        return None;
    }
    let by = read_tabs(fields, item, tabs)?;
    Some((count?, Some(by)))
}

/// A list of tabs, counted from 0.
fn read_tabs<'a>(table: &mut Reader<'a>, item: Item<'a>, tabs: u8) -> Option<TabSet> {
    let items = table.list(item)?;
    let last = u32::from(tabs) - 1;
    let read = |item: Item<'a>| table.number(&item, 0..=last).map(|tab| TabId(tab as u8));
    items.into_iter().map(read).collect()
}

/// `[vacuous]`: properties that nothing in this scenario can violate, and why.
fn read_vacuous(table: &mut Reader<'_>) -> Option<BTreeMap<Property, Reason>> {
    let mut vacuous = BTreeMap::new();
    for item in table.take_all() {
        let Some(property) = Property::from_name(&item.key) else {
            let help = suggestion(&item.key, Property::ALL.map(Property::name));
            let message = format!("`{}`: there is no such property", item.path);
            table.fault(item.key_span, message, Some(help));
            continue;
        };
        let line = table.line(&item.key_span);
        if let Some(text) = table.string(item) {
            vacuous.insert(property, Reason { text, line });
        }
    }
    Some(vacuous)
}
