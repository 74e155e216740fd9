//! Traces of the model written as logs: the monitor must find in them exactly what the model says is
//! violated, of the properties that a log can tell.

use crate::support::{catalog, design, known_scenario};
use freshest::cache::Rules;
use freshest::cache::{Observation, Phase};
use freshest::freshness::{Org, Rule, Table};
use freshest::model::{CookieFate, Event, Evidence, System};
use freshest::monitor::{Monitor, Names, Place, Settings, judged, parse};
use freshest::property::{Monitored, MonitoredStep, Property, PropertySet, Verdict};
use freshest::scenario::Scenario;
use freshest::vocabulary::{Age, Fault, ModelToken, Setup, SharedFault, Stimulus, TabId, TabSet};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Longer than tabs may be apart, in milliseconds of the log.
const LONG: u64 = 11_000;
const EPOCH: u64 = 1_700_000_000;

/// How long an age of the model is in a log, in milliseconds. A token gets near in one age and dies in the
/// next, and is not readable for the last five seconds of its life: an age is shorter than that, and
/// longer than half of it.
const AGE: u64 = 4000;

/// Writes what an observer outside would have recorded.
struct Writer {
    lines: Vec<String>,
    at: u64,
    watch: TabSet,
    phases: HashMap<TabId, (Phase, Org)>,
    readable: HashMap<(TabId, Org), ModelToken>,
    /// Tokens run out by the model's events: the log says when.
    ages: bool,
}

fn org(org: Org) -> Value {
    match org == Org::PERSONAL {
        true => Value::Null,
        false => json!("org_1"),
    }
}

impl Writer {
    fn new(system: &System, watch: TabSet, cookie: Option<ModelToken>, ages: bool) -> Writer {
        let mut writer = Writer {
            lines: Vec::new(),
            at: EPOCH * 1000,
            watch,
            phases: HashMap::new(),
            readable: HashMap::new(),
            ages,
        };
        for tab in system.tabs() {
            writer.follow_tab(tab, system, [false; 2]);
        }
        if let Some(cookie) = cookie {
            writer.about(TabId(0), "cookie", &cookie, json!({}));
        }
        writer
    }

    /// A line about a token.
    fn about(&mut self, tab: TabId, event: &str, token: &ModelToken, fields: Value) {
        let mut fields = with(token, fields);
        if self.ages {
            fields["exp"] = json!(EPOCH + 2 * u64::from(token.iat) * AGE / 1000);
        }
        self.line(tab, event, fields);
    }

    fn line(&mut self, tab: TabId, event: &str, mut fields: Value) {
        fields["event"] = json!(event);
        fields["tab"] = json!(format!("t{}", tab.0));
        fields["at"] = json!(self.at);
        self.lines.push(fields.to_string());
    }

    /// Tells where the tab is in its life, if that has changed.
    fn be(&mut self, tab: TabId, phase: Phase, context: Org) {
        let (before, was_in) = self
            .phases
            .insert(tab, (phase, context))
            .unwrap_or((Phase::Absent, Org::PERSONAL));
        if phase != before {
            let event = match phase {
                Phase::Absent => return,
                Phase::Loading => "opened",
                Phase::Live if before == Phase::Absent => "opened",
                Phase::Live if before == Phase::Loading => "seen",
                Phase::Live => "signed-in",
                Phase::Leaving => "signing-out",
                Phase::Out => "signed-out",
                Phase::Closed => "closed",
            };
            self.line(tab, event, json!({ "org": org(context) }));
            if !phase.is_in() {
                self.readable.retain(|(of, _), _| *of != tab);
            }
        }
        if context != was_in && phase.is_there() {
            self.line(tab, "switched", json!({ "org": org(context) }));
        }
    }

    fn step(&mut self, event: Event, step: &MonitoredStep) {
        if let Event::Age(Age(age)) = event {
            let aged = EPOCH * 1000 + u64::from(age) * AGE;
            assert!(
                self.at < aged,
                "an age was too short for what happened in it"
            );
            self.at = aged;
        }
        if event == Event::Befall(SharedFault::CookieLoss) {
            self.line(TabId(0), "cookie-removed", json!({}));
        }
        let mut offered: HashMap<TabId, [bool; 2]> = HashMap::new();
        for evidence in &step.evidence {
            match evidence {
                Evidence::Cache(tab, saw) => {
                    if let Observation::Offered { key, .. } = saw {
                        offered.entry(*tab).or_default()[key.index()] = true;
                    }
                    self.saw(*tab, saw);
                }
                Evidence::Requested(tab, request) if self.watch.has(*tab) => {
                    let mut fields = json!({ "key": key(request.key()), "forced": request.forced });
                    if let Some(parent) = request.parent {
                        fields["parent"] = with(&parent, json!({}));
                    }
                    self.line(*tab, "requested", fields);
                }
                Evidence::Cookie(update) if update.fate == CookieFate::Written => {
                    self.be(update.tab, update.writer.phase, update.writer.context);
                    self.about(update.tab, "cookie", &update.token, json!({}));
                }
                Evidence::CookieRemoved(tab, true) => self.line(*tab, "cookie-removed", json!({})),
                _ => {}
            }
        }
        let system = &step.state.system;
        for tab in system.tabs() {
            self.follow_tab(tab, system, offered.remove(&tab).unwrap_or_default());
        }
        // Calls end when the step does.
        for evidence in &step.evidence {
            match evidence {
                Evidence::Returned(tab, of, token) if self.watch.has(*tab) => {
                    let fields = json!({ "key": key(*of), "key_org": org(*of) });
                    self.about(*tab, "returned", token, fields);
                }
                Evidence::Rejected(tab, of) if self.watch.has(*tab) => {
                    self.line(*tab, "rejected", json!({ "key": key(*of) }));
                }
                _ => {}
            }
        }
        self.at += match system.is_quiescent() && !self.ages {
            true => LONG,
            false => 1,
        };
    }

    fn saw(&mut self, tab: TabId, saw: &Observation<ModelToken>) {
        match saw {
            Observation::Removed { key: of } if self.watch.has(tab) => {
                self.readable.remove(&(tab, *of));
                self.line(tab, "removed", json!({ "key": key(*of) }));
            }
            Observation::Read { key: of, token } => {
                let fields = json!({ "key": key(*of), "key_org": org(*of) });
                self.about(tab, "read", token, fields);
            }
            _ => {}
        }
    }

    fn follow_tab(&mut self, tab: TabId, system: &System, offered: [bool; 2]) {
        let state = system.tab(tab);
        let cache = &state.cache;
        self.be(tab, cache.phase, cache.context);
        if !cache.phase.is_in() || !self.watch.has(tab) {
            return;
        }
        for of in cache.key_names() {
            let readable = state.readable(of).copied();
            let came = offered[of.index()];
            let known = self.readable.get(&(tab, of)).copied();
            if readable.is_none() && self.readable.remove(&(tab, of)).is_some() {
                self.line(tab, "pending", json!({ "key": key(of) }));
            }
            if let Some(token) = readable.filter(|token| came || known != Some(*token)) {
                self.readable.insert((tab, of), token);
                let fields = json!({ "key": key(of), "key_org": org(of) });
                self.about(tab, "cached", &token, fields);
            }
        }
    }
}

fn key(of: Org) -> String {
    format!("key-{}", of.number())
}

fn with(token: &ModelToken, mut fields: Value) -> Value {
    fields["oiat"] = json!(token.oiat.map(|oiat| EPOCH + u64::from(oiat)));
    fields["iat"] = json!(EPOCH + u64::from(token.iat));
    fields["org"] = org(token.org);
    fields
}

/// A random way through the model as a log, and what the model says of it.
fn walk(
    model: &Monitored,
    setup: &Setup,
    random: &mut fastrand::Rng,
) -> (Vec<String>, PropertySet) {
    let mut state = model.start();
    let watch = model.monitor().watch;
    let ages = !is_timeless(setup);
    let mut writer = Writer::new(&state.system, watch, setup.start.token(), ages);
    let mut violated = PropertySet::NONE;
    loop {
        let enabled = model.enabled(&state);
        let Some(&event) = random.choice(&enabled) else {
            break;
        };
        let step = model.step(&state, event);
        violated = violated.or(step.findings.violated);
        writer.step(event, &step);
        state = step.state;
    }
    writer.line(TabId(0), "seen", json!({}));
    (writer.lines, violated)
}

fn monitored(lines: &[String], rules: Rules) -> PropertySet {
    let settings = Settings {
        comparator: "some".to_owned(),
        window: 0,
        apart: 10_000,
        asked: Vec::new(),
    };
    let mut monitor = Monitor::new(settings, rules);
    let mut names = Names::default();
    for (index, line) in lines.iter().enumerate() {
        let place = Place {
            log: 0,
            line: index as u64 + 1,
        };
        let entry = parse(line.as_bytes(), place, &mut names);
        monitor.take(entry.unwrap_or_else(|why| panic!("{line}: {why}")));
    }
    let record = monitor
        .end(vec!["some.jsonl".to_owned()], Vec::new())
        .expect("no script");
    assert_eq!(record.skipped.count, 0);
    let found = record.properties.iter();
    found
        .filter(|found| found.verdict == Verdict::Violated)
        .map(|found| found.property)
        .collect()
}

/// Tokens of a log end by themselves, those of the model by an event.
fn is_timeless(setup: &Setup) -> bool {
    setup.budgets.left(Stimulus::Fault(Fault::Age)) == 0
}

fn names(set: PropertySet) -> Vec<&'static str> {
    set.iter().map(Property::name).collect()
}

#[test]
fn a_thousand_random_traces_are_judged_as_the_model_judges_them() {
    const DESIGNS: [&str; 6] = [
        "iat-guard",
        "pr-8097",
        "pr-9030",
        "pr-9284",
        "arrival-order",
        "proposal-life",
    ];
    let mut random = fastrand::Rng::with_seed(19);
    let mut violated: HashMap<Property, u32> = HashMap::new();
    let scenarios: Vec<&Scenario> = catalog().scenarios.iter().collect();
    let spread = (0..1000).map(|number| {
        let design = design(DESIGNS[number % DESIGNS.len()]);
        (design, scenarios[number / DESIGNS.len() % scenarios.len()])
    });
    // What takes many steps in one order is rare: more of them where it can happen.
    let rare = known_scenario("org-w2g1-1tab");
    let more = (0..2000).map(|_| (design("pr-9030"), rare));
    for (design, scenario) in spread.chain(more) {
        let setup = &scenario.setup;
        let model = Monitored::new(design.policy, setup, judged());
        let (lines, expected) = walk(&model, setup, &mut random);
        let mut found = monitored(&lines, design.policy.rules);
        // A tab that nobody watches is not in the log; of two keys the model compares one.
        let mut expected = expected;
        let watch = model.monitor().watch;
        let system = model.start().system;
        // A tab that is opened late has no token for a while, which the model sees and a log does not.
        let is_there = |tab: TabId| system.tab(tab).cache.phase == Phase::Live;
        let all = system.tabs().all(|tab| watch.has(tab) && is_there(tab));
        // Where tokens run out, no time is long and none is short.
        let ages = !is_timeless(setup);
        if !all || ages || system.tab(TabId(0)).cache.two_keys {
            let apart: PropertySet = [Property::TabsConverge].into_iter().collect();
            let others: PropertySet = judged().iter().filter(|p| !apart.has(*p)).collect();
            (found, expected) = (found.and(others), expected.and(others));
        }
        let told = || {
            format!(
                "{} in {}:\n{}",
                design.name,
                scenario.name,
                lines.join("\n")
            )
        };
        assert_eq!(names(found), names(expected), "{}", told());
        for property in expected.iter() {
            *violated.entry(property).or_default() += 1;
        }
    }
    // The test has teeth only where something was violated.
    assert!(
        violated.len() >= 10,
        "few properties were violated: {violated:?}"
    );
}

#[test]
fn the_headline_is_found_in_its_own_log() {
    let (design, scenario) = (design("pr-8097"), known_scenario("own-refresh"));
    let model = Monitored::new(design.policy, &scenario.setup, judged());
    let mut random = fastrand::Rng::with_seed(1);
    let headline = Property::CachedOiatNeverDecreases;
    let traces = (0..2000).map(|_| walk(&model, &scenario.setup, &mut random));
    let (lines, _) = traces
        .into_iter()
        .find(|(_, violated)| violated.has(headline))
        .expect("a random trace that violates the headline");
    assert!(monitored(&lines, Rule::Table(Table::STANDARD).into()).has(headline));
}
