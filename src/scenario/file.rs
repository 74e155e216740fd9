//! Reading a scenario file.

use super::pointless::{Places, check_budgets};
use super::{Reason, Scenario};
use crate::cache::Platform;
use crate::property::{Group, Property};
use crate::source::{Document, Faults, Item, Reader};
use crate::vocabulary::{
    Budgets, Edge, Fault, Life, MAX_BUDGET, MAX_TABS, RequestFault, Setup, SharedFault, Start,
    Stimulus, TabAction, TabId, TabSet,
};
use std::collections::BTreeMap;
use std::ops::Range;

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
                Some(item) => file.one_of(item, &Start::ALL.map(Start::name), Start::from_name),
                None => Some(Start::Tokens),
            };
            let edge = match file.take("edge") {
                Some(item) => file.one_of(item, &Edge::ALL.map(Edge::name), Edge::from_name),
                None => Some(Edge::Any),
            };
            let budget = file.required("budget");
            let budget_at = budget.as_ref().map(|item| item.key_span.clone());
            let limits = budget
                .and_then(|item| file.table(item, |table| read_budgets(table, known_tabs, start)));
            let watch = match file.take("watch") {
                Some(item) => read_some_tabs(file, item, known_tabs),
                None => Some(TabSet::ALL),
            };
            let vacuous = match file.take("vacuous") {
                Some(item) => file.table(item, read_vacuous),
                None => Some(BTreeMap::new()),
            };
            let platform = match file.take("platform") {
                Some(item) => file.table(item, read_platform).map(Some),
                None => Some(None),
            };
            let life = read_life(file, known_tabs);
            let requests_per_tab = match file.take("limits") {
                Some(item) => file.table(item, read_limits).map(Some),
                None => Some(None),
            };
            let (limits, life) = (limits?, life?);
            check_life(file, &limits, &life)?;
            let Limits {
                budgets,
                by,
                places,
            } = limits;
            let requests_per_tab = requests_per_tab?;
            let mut vacuous = vacuous?;
            add_plainly_vacuous(&mut vacuous, &budgets, &life, requests_per_tab);
            let setup = Setup {
                tabs: tabs?,
                start: start?,
                edge: edge?,
                budgets,
                by,
                watch: watch?,
                life,
                requests_per_tab,
            };
            let (platform, budget_at) = (platform?, budget_at?);
            // Unless somebody gave a reason for every property, it is an accident if nothing happens.
            // Otherwise the gate says that nothing was checked.
            if vacuous.len() < Property::ALL.len() {
                check_budget(file, budget_at.clone(), &setup.budgets)?;
                check_budgets(file, budget_at, &setup, platform, &places)?;
            }
            Some(Scenario {
                name: name.to_owned(),
                path: document.path.clone(),
                title: title?,
                setup,
                platform,
                vacuous,
            })
        })
    }
}

/// `[platform]`: what there is beside tabs and their caches.
pub(crate) fn read_platform(table: &mut Reader<'_>) -> Option<Platform> {
    let mut is_there = |key| match table.take(key) {
        Some(item) => table.boolean(&item),
        None => Some(true),
    };
    let (cookie, broadcast) = (is_there("cookie"), is_there("broadcast"));
    Some(Platform {
        cookie: cookie?,
        broadcast: broadcast?,
    })
}

/// `keys`, `absent`, `unfocused`, `piggyback`, `stale_load`: how tabs begin, and what is peculiar to
/// the server.
fn read_life(file: &mut Reader<'_>, tabs: u8) -> Option<Life> {
    let keys = match file.take("keys") {
        Some(item) => file.number(&item, 1..=2),
        None => Some(1),
    };
    let mut tabs_of = |name| match file.take(name) {
        Some(item) => read_tabs(file, item, tabs),
        None => Some(TabSet::NONE),
    };
    let (absent, unfocused) = (tabs_of("absent"), tabs_of("unfocused"));
    let piggyback = match file.take("piggyback") {
        Some(item) => file.boolean(&item),
        None => Some(true),
    };
    let stale_load = match file.take("stale_load") {
        Some(item) => file.boolean(&item),
        None => Some(false),
    };
    Some(Life {
        two_keys: keys? == 2,
        absent: absent?,
        unfocused: unfocused?,
        piggyback: piggyback?,
        stale_load: stale_load?,
    })
}

/// Adds the properties that plainly nothing can violate here, where the file gives no reason.
fn add_plainly_vacuous(
    vacuous: &mut BTreeMap<Property, Reason>,
    budgets: &Budgets,
    life: &Life,
    requests_per_tab: Option<u8>,
) {
    let unlimited = requests_per_tab.is_none().then_some((
        Property::RequestsWithinLimit,
        "The scenario sets no limit to requests.",
    ));
    let without = vacuous_without_life(budgets, life).chain(vacuous_without_calls(budgets));
    for (property, text) in without.chain(unlimited) {
        let text = text.to_owned();
        vacuous.entry(property).or_insert(Reason { text, line: 1 });
    }
}

/// `[limits]`: what is a property if it is set, and holds nobody back.
fn read_limits(table: &mut Reader<'_>) -> Option<u8> {
    let limit = table.required("requests_per_tab")?;
    let limit = table.number(&limit, 1..=u32::from(MAX_BUDGET))?;
    u8::try_from(limit).ok()
}

/// The properties that nothing can violate as long as nobody signs out, or there is no organisation:
/// no file needs to say that.
fn vacuous_without_life(
    budgets: &Budgets,
    life: &Life,
) -> impl Iterator<Item = (Property, &'static str)> {
    let signs_out = budgets.left(TabAction::SignOut) > 0;
    let of_sign_out = [Property::NoCookieAfterSignout, Property::SignedOutAtRest];
    let of_context = [
        Property::CookieContext,
        Property::KeyHoldsOwnContext,
        Property::ContextAtRest,
        Property::ReadReturnsOwnContext,
        Property::ReturnedIsOwnContext,
    ];
    let of_sign_out = of_sign_out.map(|property| (property, "Nobody signs out here."));
    let reason = "There is no organisation here, only the personal account.";
    let of_context = of_context.map(|property| (property, reason));
    let of_sign_out = of_sign_out.into_iter().filter(move |_| !signs_out);
    let two_keys = life.two_keys;
    of_sign_out.chain(of_context.into_iter().filter(move |_| !two_keys))
}

/// The properties of calls that nothing can violate as long as there are none, or nothing expires or
/// fails: no file needs to say that either.
fn vacuous_without_calls(budgets: &Budgets) -> impl Iterator<Item = (Property, &'static str)> {
    let calls = [TabAction::SkipCache, TabAction::GetToken];
    let calls: u32 = calls
        .iter()
        .map(|&call| u32::from(budgets.left(call)))
        .sum();
    let all = Group::Callers.properties().iter();
    let all = all.map(|property| (property, "No page calls getToken here."));
    let of_two = [
        Property::ReturnedOiatNeverDecreases,
        Property::ReturnedClaimsNeverRegress,
    ];
    let of_two = of_two.map(|property| (property, "It takes two calls, and here is one."));
    let of_age = (Property::ReturnedTokenIsNotDead, "No token expires here.");
    let of_fail = (Property::RejectedOnlyWithoutToken, "No request fails here.");
    let ages = budgets.left(Fault::Age) > 0;
    let spoils = |fault: &RequestFault| budgets.left(*fault) > 0;
    let fails = RequestFault::ALL.iter().any(spoils);
    let of_none = all.filter(move |_| calls == 0);
    of_none
        .chain(of_two.into_iter().filter(move |_| calls == 1))
        .chain((!ages).then_some(of_age))
        .chain((!fails).then_some(of_fail))
}

/// What cannot be had together.
fn check_life(file: &mut Reader<'_>, limits: &Limits, life: &Life) -> Option<()> {
    let budgets = &limits.budgets;
    let switches = budgets.left(TabAction::Switch) > 0;
    let refused = if budgets.left(RequestFault::Unauthorized) > 0
        && let Some((beside, why, remove)) = asks_beside_a_401(budgets, life)
    {
        let message =
            format!("`budget.unauthorized` is not modelled together with {beside}: {why}");
        let help = format!("remove {remove}, or remove `unauthorized`");
        (RequestFault::Unauthorized.into(), message, help)
    } else if switches && !life.two_keys {
        let message = "`budget.switch` needs two organisations".to_owned();
        let help = "say `keys = 2`, or remove `switch`".to_owned();
        (TabAction::Switch.into(), message, help)
    } else if switches && (budgets.left(Fault::Age) > 0 || !life.piggyback) {
        // At the end of a switch the page reads the new key's entry. Without one it would fetch.
        let message = "`budget.switch` is not modelled where the slot that it reads at its end may \
                       be empty: with `age`, or without a client payload in every answer";
        let help = "remove `age` and `piggyback = false`, or remove `switch`";
        (
            TabAction::Switch.into(),
            message.to_owned(),
            help.to_owned(),
        )
    } else {
        return Some(());
    };
    let (stimulus, message, help): (Stimulus, _, _) = refused;
    // Whatever has a budget has its place.
    let (_, at) = limits.places.get(&stimulus)?;
    file.fault(at.clone(), message, Some(help));
    None
}

/// What is not modelled beside a 401, why, and what to remove.
fn asks_beside_a_401(budgets: &Budgets, life: &Life) -> Option<(String, &'static str, String)> {
    let beside = [TabAction::Poll, TabAction::Focus];
    if let Some(action) = beside.into_iter().find(|&of| budgets.left(of) > 0) {
        let name = format!("`{}`", action.name());
        let why = "the tab would ask for the client twice after a 401";
        return Some((name.clone(), why, name));
    }
    let why = "the client that the tab asks for after a 401 would say which one it is in";
    let two = ("two organisations".to_owned(), why, "`keys = 2`".to_owned());
    life.two_keys.then_some(two)
}

/// A budget of nothing.
fn check_budget(file: &mut Reader<'_>, at: Range<usize>, budgets: &Budgets) -> Option<()> {
    if budgets.total() > 0 {
        return Some(());
    }
    let message = "the budget allows nothing, so nothing happens and nothing is checked";
    let help = "allow at least one stimulus, for example `refresh = 1`";
    file.fault(at, message.to_owned(), Some(help.to_owned()));
    None
}

/// What `[budget]` says.
#[derive(Default)]
struct Limits {
    budgets: Budgets,
    by: BTreeMap<Stimulus, TabSet>,
    places: Places,
}

/// `[budget]`: `stimulus = count`, or `stimulus = { count = 1, by = [0] }`.
/// Without a start nothing is said that depends on it.
fn read_budgets(table: &mut Reader<'_>, tabs: u8, start: Option<Start>) -> Option<Limits> {
    let mut limits = Limits::default();
    let mut is_whole = true;
    for stimulus in Stimulus::all() {
        let Some(item) = table.take(stimulus.name()) else {
            continue;
        };
        let (path, span) = (item.path.clone(), item.key_span.clone());
        let budget = match Reader::is_table(&item) {
            true => table.table(item, |fields| read_limited(fields, stimulus, tabs)),
            false => read_count(table, &item).map(|count| (count, None)),
        };
        match budget {
            Some((count, limited)) => {
                if count > 0 && stimulus == Stimulus::Shared(SharedFault::OiatOn) {
                    is_whole &= check_oiat_on(table, &path, span.clone(), start).is_some();
                }
                limits.budgets.set(stimulus, count);
                limits.by.extend(limited.map(|tabs| (stimulus, tabs)));
                limits.places.insert(stimulus, (path, span));
            }
            None => is_whole = false,
        }
    }
    // What is misspelt or wrong may be all that the budget allows: that is one fault.
    if !is_whole || !table.is_used_up() {
        return None;
    }
    let total = limits.budgets.total();
    if total > u32::from(MAX_BUDGET) {
        let message = format!("the budgets add up to {total}, more than {MAX_BUDGET}");
        let help = "every interleaving is explored: start with a handful".to_owned();
        table.fault(table.span(), message, Some(help));
        return None;
    }
    Some(limits)
}

/// The origin cannot start to do what it does already.
fn check_oiat_on(
    table: &mut Reader<'_>,
    path: &str,
    span: Range<usize>,
    start: Option<Start>,
) -> Option<()> {
    let instead = match start {
        Some(Start::Tokens) => Start::Legacy,
        Some(Start::Empty) => Start::EmptyLegacy,
        Some(Start::Legacy | Start::EmptyLegacy) | None => return Some(()),
    };
    let message = format!("`{path}`: the origin sends oiat from the start");
    let help = format!("say `start = \"{}\"`, or remove it", instead.name());
    table.fault(span, message, Some(help));
    None
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
    let (path, span) = (item.path.clone(), item.key_span.clone());
    let by = read_some_tabs(fields, item, tabs)?;
    let count = count?;
    if count == 0 {
        let message = format!("`{path}`: it happens nowhere, with `count = 0`");
        fields.fault(
            span,
            message,
            Some("remove `by`, or allow at least 1".to_owned()),
        );
        return None;
    }
    Some((count, Some(by)))
}

/// A list of tabs, counted from 0.
fn read_tabs<'a>(table: &mut Reader<'a>, item: Item<'a>, tabs: u8) -> Option<TabSet> {
    let last = u32::from(tabs) - 1;
    let tabs = table.set(item, |table, item| {
        let tab = table.number(&item, 0..=last)?;
        Some(TabId(tab as u8))
    })?;
    Some(tabs.into_iter().collect())
}

/// The same, of at least one: without any there is nothing to check, which nobody means.
fn read_some_tabs<'a>(table: &mut Reader<'a>, item: Item<'a>, tabs: u8) -> Option<TabSet> {
    let (path, span) = (item.path.clone(), item.span.clone());
    if Reader::is_empty_list(&item) {
        let message = format!("`{path}` names no tab");
        let help = "name at least one; without the key it is all of them";
        table.fault(span, message, Some(help.to_owned()));
        return None;
    }
    read_tabs(table, item, tabs)
}

/// `[vacuous]`: properties that nothing in this scenario can violate, and why.
fn read_vacuous(table: &mut Reader<'_>) -> Option<BTreeMap<Property, Reason>> {
    let mut vacuous = BTreeMap::new();
    for item in table.take_all() {
        let Some(property) = Property::from_name(&item.key) else {
            let message = format!("`{}`: there is no such property", item.path);
            let known = Property::ALL.map(Property::name);
            table.unknown(item.key_span, message, &item.key, known);
            continue;
        };
        let line = table.line(&item.key_span);
        if let Some(text) = table.string(item) {
            vacuous.insert(property, Reason { text, line });
        }
    }
    Some(vacuous)
}
