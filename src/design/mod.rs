//! A design: the rule, the guard sites and the seed, and what is expected of it.

mod accept;
mod copy;
mod distance;
mod group;
mod rule;
mod script;
mod usable;

pub use accept::{Accepted, MISSING_REASON, accept, expectations};
pub use copy::{ScriptName, copy, with_schema, with_script};
pub use group::DesignGroup;
#[cfg(any(feature = "script", feature = "script-outside"))]
pub use script::script_rule_of;
pub use script::{ScriptFile, ScriptWords, script_rule};

use crate::cache::{
    Answers, Guards, Measure, Measures, Platform, Policy, Posts, Requests, SeedFrom, Site, Timers,
};
use crate::property::{Property, Verdict};
use crate::scenario::{Scenario, read_platform};
use crate::source::{Document, Faults, Item, Reader, is_web_link};
use rule::read_rule;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use usable::{Places, check_usable};

#[derive(Clone, Debug)]
pub struct Design {
    /// The file's name without its ending.
    pub name: String,
    pub path: PathBuf,
    /// Its title, one line of text from its file.
    pub title: String,
    /// The published versions of `@clerk/clerk-js` that behave like this; none for a proposal.
    pub releases: Vec<String>,
    pub group: DesignGroup,
    /// Where the behaviour is described.
    pub sources: Vec<String>,
    /// What it decides.
    pub policy: Policy,
    /// The scripts that its comparators are in: that of all sites, and then those of single sites.
    pub scripts: Vec<ScriptFile>,
    /// The verdicts that are not what the scenario says by itself, by scenario and property.
    pub expectations: BTreeMap<(String, Property), Expectation>,
    /// The scenarios that something is expected in, and where the file names them, in bytes.
    pub expected_in: BTreeMap<String, Range<usize>>,
    pub document: Document,
}

/// A verdict that is expected, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    pub verdict: Verdict,
    /// Length of the shortest counterexample in events, if the verdict is that there is one and
    /// somebody wrote it down.
    pub steps: Option<u32>,
    /// Why. Many are expected for the same reason.
    pub because: Arc<str>,
    /// The file that says so; where none does, the design's.
    pub path: Arc<Path>,
    /// The line of that file, from 1.
    pub line: usize,
}

impl Design {
    /// Reads a design file.
    pub fn load(name: &str, document: &Document) -> Result<Design, Faults> {
        document.parse(|file| {
            let title = file.required("title").and_then(|item| file.string(item));
            let releases = optional_strings(file, "releases");
            let sources = read_sources(file);
            let group = match file.take("group") {
                Some(item) => {
                    let names = DesignGroup::ALL.map(DesignGroup::name);
                    file.one_of(item, &names, DesignGroup::from_name)
                }
                None if releases.is_empty() => Some(DesignGroup::Draft),
                None => Some(DesignGroup::Released),
            };
            let rule = file
                .required("rule")
                .and_then(|item| file.table(item, read_rule));
            let guards = file
                .required("guards")
                .and_then(|item| file.table(item, read_guards));
            let platform = match file.take("platform") {
                Some(item) => file.table(item, read_platform),
                None => Some(Platform::WEB),
            };
            let habits = match file.take("tabs") {
                Some(item) => file.table(item, read_habits),
                None => Some((
                    Posts::Token,
                    Answers::Install,
                    Requests::Free,
                    Timers::Always,
                )),
            };
            let reasons = read_reasons(file);
            let (expectations, expected_in) = read_expectations(file, &reasons);
            let (guards, seed_from, measures, places) = guards?;
            let rule = rule?;
            rule.check(file, guards);
            let platform = platform?;
            check_platform(file, platform, guards);
            let (posts, answers, requests, timers) = habits?;
            let policy = Policy {
                rules: rule.rules,
                guards,
                seed_from,
                posts,
                answers,
                requests,
                timers,
                measures,
                platform,
            };
            check_usable(file, &policy, &places);
            Some(Design {
                name: name.to_owned(),
                path: document.path.clone(),
                title: title?,
                releases,
                group: group?,
                sources,
                policy,
                scripts: rule.scripts,
                expectations,
                expected_in,
                document: document.clone(),
            })
        })
    }
}

/// A guard of what the platform lacks would never be asked.
fn check_platform(file: &mut Reader<'_>, platform: Platform, guards: Guards) {
    let lacking = [
        (Site::Broadcast, platform.broadcast, "broadcast"),
        (Site::Cookie, platform.cookie, "cookie"),
    ];
    for (site, is_there, key) in lacking {
        if guards.has(site) && !is_there {
            let site = site.name();
            let message = format!("`guards.sites` has `{site}`, and `platform.{key}` is false");
            let help = format!("remove \"{site}\", or say `{key} = true`");
            file.fault(file.span(), message, Some(help));
        }
    }
}

impl Design {
    /// Whether it can be run in a scenario: one that is about its platform, or about none. Without a
    /// broadcast channel nobody shares anything, so there is one tab then.
    pub fn runs_in(&self, scenario: &Scenario) -> bool {
        let platform = self.policy.platform;
        let is_of_platform = match scenario.platform {
            Some(wanted) => wanted == platform,
            None => true,
        };
        is_of_platform && (platform.broadcast || scenario.setup.tabs == 1)
    }
}

fn optional_strings(file: &mut Reader<'_>, key: &'static str) -> Vec<String> {
    file.take(key)
        .and_then(|item| file.strings(item))
        .unwrap_or_default()
}

/// `sources`: links, which a report makes clickable.
fn read_sources(file: &mut Reader<'_>) -> Vec<String> {
    let Some(item) = file.take("sources") else {
        return Vec::new();
    };
    let sources = file.set(item, |file, item| {
        let (path, span) = (item.path.clone(), item.span.clone());
        let text = file.string(item)?;
        if is_web_link(&text) {
            return Some(text);
        }
        let message = format!("`{path}` is no http(s) link");
        let help = "write a whole address, https://HOST/PATH, in what RFC 3986 allows";
        file.fault(span, message, Some(help.to_owned()));
        None
    });
    sources.unwrap_or_default()
}

/// `[guards]`: the sites, which token seeds a request, and what is done beside.
fn read_guards<'a>(table: &mut Reader<'a>) -> Option<(Guards, SeedFrom, Measures, Places)> {
    let mut places = Places::default();
    let names = Site::ALL.map(Site::name);
    let mut read_site = |table: &mut Reader<'a>, item: Item<'a>| {
        let place = (item.path.clone(), item.span.clone());
        let site = table.one_of(item, &names, Site::from_name)?;
        places.sites.insert(site, place);
        Some(site)
    };
    let sites = table.required("sites");
    let sites = sites.and_then(|item| table.set(item, &mut read_site));
    let guards: Guards = sites.unwrap_or_default().into_iter().collect();
    let names = SeedFrom::ALL.map(SeedFrom::name);
    let seed = match table.take("seed") {
        Some(item) => table.one_of(item, &names, SeedFrom::from_name)?,
        None => SeedFrom::LastActive,
    };
    let names = Measure::ALL.map(Measure::name);
    let mut read_measure = |table: &mut Reader<'a>, item: Item<'a>| {
        let place = (item.path.clone(), item.span.clone());
        let measure = table.one_of(item, &names, Measure::from_name)?;
        places.measures.insert(measure, place);
        Some(measure)
    };
    let measures = table.take("measures");
    let measures = measures.and_then(|item| table.set(item, &mut read_measure));
    let measures: Measures = measures.unwrap_or_default().into_iter().collect();
    Some((guards, seed, measures, places))
}

/// `[tabs]`: what a tab posts, what becomes of answers, when it may make a request, and which entries
/// get a refresh timer.
fn read_habits(table: &mut Reader<'_>) -> Option<(Posts, Answers, Requests, Timers)> {
    let posts = match table.take("post") {
        Some(item) => table.one_of(item, &Posts::ALL.map(Posts::name), Posts::from_name),
        None => Some(Posts::Token),
    };
    let answers = match table.take("answer") {
        Some(item) => table.one_of(item, &Answers::ALL.map(Answers::name), Answers::from_name),
        None => Some(Answers::Install),
    };
    let requests = match table.take("request") {
        Some(item) => {
            let names = Requests::ALL.map(Requests::name);
            table.one_of(item, &names, Requests::from_name)
        }
        None => Some(Requests::Free),
    };
    let timers = match table.take("timer") {
        Some(item) => table.one_of(item, &Timers::ALL.map(Timers::name), Timers::from_name),
        None => Some(Timers::Always),
    };
    Some((posts?, answers?, requests?, timers?))
}

/// A reason that expectations refer to by name.
struct Reason {
    text: Arc<str>,
    path: String,
    span: Range<usize>,
}

/// `[because]`: reasons by name.
fn read_reasons(file: &mut Reader<'_>) -> BTreeMap<String, Reason> {
    let Some(item) = file.take("because") else {
        return BTreeMap::new();
    };
    let read = |table: &mut Reader<'_>| {
        let mut reasons = BTreeMap::new();
        for item in table.take_all() {
            let (key, path, span) = (item.key.clone(), item.path.clone(), item.key_span.clone());
            if let Some(text) = table.string(item) {
                let text = text.into();
                reasons.insert(key, Reason { text, path, span });
            }
        }
        Some(reasons)
    };
    file.table(item, read).unwrap_or_default()
}

/// What is expected, and where it is said of which scenarios.
type Expectations = (
    BTreeMap<(String, Property), Expectation>,
    BTreeMap<String, Range<usize>>,
);

/// `[expect.SCENARIO]`: what is expected of a property, and the name of the reason.
fn read_expectations(file: &mut Reader<'_>, reasons: &BTreeMap<String, Reason>) -> Expectations {
    let mut expectations = BTreeMap::new();
    let mut expected_in = BTreeMap::new();
    let mut used = BTreeSet::new();
    let path = Arc::from(&*file.document().path);
    let mut read_scenario = |scenario: String, table: &mut Reader<'_>| {
        let items = table.take_all();
        if items.is_empty() {
            table.fault(
                table.span(),
                nothing_expected(&scenario),
                Some(REMOVE.to_owned()),
            );
        }
        for item in items {
            let property = read_property(table, &item);
            let expectation = read_expectation(table, item, &path, reasons, &mut used);
            if let (Some(property), Some(expectation)) = (property, expectation) {
                expectations.insert((scenario.clone(), property), expectation);
            }
        }
        Some(())
    };
    if let Some(item) = file.take("expect") {
        file.table(item, |scenarios| {
            let items = scenarios.take_all();
            if items.is_empty() {
                let message = "`expect` names no scenario".to_owned();
                scenarios.fault(scenarios.span(), message, Some(REMOVE.to_owned()));
            }
            for item in items {
                let scenario = item.key.clone();
                expected_in.insert(scenario.clone(), item.key_span.clone());
                scenarios.table(item, |table| read_scenario(scenario, table));
            }
            Some(())
        });
    }
    for (_, reason) in reasons.iter().filter(|(name, _)| !used.contains(*name)) {
        let message = format!("no expectation refers to `{}`", reason.path);
        file.fault(reason.span.clone(), message, Some("remove it".to_owned()));
    }
    (expectations, expected_in)
}

/// What to do with what says nothing.
const REMOVE: &str = "remove it";

fn nothing_expected(scenario: &str) -> String {
    format!("`expect.{scenario}` names no property")
}

fn read_property(table: &mut Reader<'_>, item: &Item<'_>) -> Option<Property> {
    let property = Property::from_name(&item.key);
    if property.is_none() {
        let message = format!("`{}`: there is no such property", item.path);
        let known = Property::ALL.map(Property::name);
        table.unknown(item.key_span.clone(), message, &item.key, known);
    }
    property
}

fn read_expectation<'a>(
    table: &mut Reader<'a>,
    item: Item<'a>,
    path: &Arc<Path>,
    reasons: &BTreeMap<String, Reason>,
    used: &mut BTreeSet<String>,
) -> Option<Expectation> {
    let line = table.line(&item.key_span);
    table.table(item, |fields| {
        let verdict = match fields.take("verdict") {
            Some(item) => read_verdict(fields, item),
            None => Some(Verdict::Violated),
        };
        let steps = fields.take("steps");
        let is_violated = verdict.is_none_or(|verdict| verdict == Verdict::Violated);
        if let (Some(item), false) = (&steps, is_violated) {
            let message = format!("`{}` is only for verdict = \"violated\"", item.path);
            fields.fault(item.key_span.clone(), message, None);
        }
        let steps = steps.and_then(|item| fields.number(&item, 1..=u32::MAX));
        let because = fields.required("because")?;
        let (key, span) = (because.path.clone(), because.span.clone());
        let name = fields.string(because)?;
        let Some(reason) = reasons.get(&name) else {
            let message = format!("`{key}`: there is no reason `{name}` under [because]");
            fields.unknown(span, message, &name, reasons.keys().map(String::as_str));
            return None;
        };
        used.insert(name);
        Some(Expectation {
            verdict: verdict?,
            steps,
            because: Arc::clone(&reason.text),
            path: Arc::clone(path),
            line,
        })
    })
}

/// A verdict that can be expected: all but inconclusive, which no design deserves.
fn read_verdict<'a>(table: &mut Reader<'a>, item: Item<'a>) -> Option<Verdict> {
    let verdicts = [Verdict::Holds, Verdict::Violated, Verdict::Vacuous];
    let find = |name: &str| verdicts.into_iter().find(|verdict| verdict.name() == name);
    table.one_of(item, &verdicts.map(Verdict::name), find)
}
