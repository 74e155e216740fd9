//! Random design files and scenario files.

use fastrand::Rng;
use freshest::cache::{Answers, Measure, Platform, Posts, Requests, SeedFrom, Site, Timers};
use freshest::freshness::Row;
use freshest::vocabulary::{Edge, Fault, RequestFault, SharedFault, TabAction};
use std::fmt::Write;

/// Some of these, in their order.
fn some<T>(random: &mut Rng, all: impl IntoIterator<Item = T>, one_in: u32) -> Vec<T> {
    let all = all.into_iter();
    all.filter(|_| random.u32(0..one_in) == 0).collect()
}

fn one_of<T>(random: &mut Rng, all: impl IntoIterator<Item = T>) -> Option<T> {
    let mut all: Vec<T> = all.into_iter().collect();
    (!all.is_empty()).then(|| all.swap_remove(random.usize(..all.len())))
}

fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names
        .into_iter()
        .map(|name| format!("\"{name}\""))
        .collect();
    names.join(", ")
}

/// A design's file.
pub fn design(random: &mut Rng, platform: Platform) -> String {
    let mut text = "title = \"Random\"\n\n[rule]\n".to_owned();
    let comparators = [
        "table",
        "table",
        "table",
        "table-then-iat",
        "iat-only",
        "iat-strict",
        "oiat-else-iat",
        "epoch",
    ];
    let comparator = comparators[random.usize(..comparators.len())];
    let _ = writeln!(text, "comparator = \"{comparator}\"");
    if comparator.starts_with("table") {
        for row in some(random, Row::ALL, 6) {
            let winner = ["existing", "incoming"][random.usize(..2)];
            let _ = writeln!(text, "{row} = \"{winner}\"");
        }
    }
    let is_there = |site: &Site| match site {
        Site::Broadcast => platform.broadcast,
        Site::Cookie => platform.cookie,
        _ => true,
    };
    let sites = some(random, Site::ALL.into_iter().filter(is_there), 2);
    let measures = some(random, Measure::ALL, 5);
    let _ = writeln!(
        text,
        "\n[guards]\nsites = [{}]",
        quoted(sites.iter().map(|s| s.name()))
    );
    if let Some(seed) = one_of(random, SeedFrom::ALL) {
        let _ = writeln!(text, "seed = \"{}\"", seed.name());
    }
    let _ = writeln!(
        text,
        "measures = [{}]",
        quoted(measures.iter().map(|m| m.name()))
    );
    let _ = writeln!(text, "\n[tabs]");
    let choices = [
        ("post", Posts::ALL.map(Posts::name).to_vec()),
        ("answer", Answers::ALL.map(Answers::name).to_vec()),
        ("request", Requests::ALL.map(Requests::name).to_vec()),
        ("timer", Timers::ALL.map(Timers::name).to_vec()),
    ];
    for (key, names) in choices {
        let chosen = match random.u32(0..5) {
            0 => random.usize(1..names.len()),
            _ => 0,
        };
        let _ = writeln!(text, "{key} = \"{}\"", names[chosen]);
    }
    told(&mut text, platform);
    text
}

/// The platform, where it is not the web, which needs no word.
fn told(text: &mut String, platform: Platform) {
    if platform != Platform::WEB {
        let Platform { cookie, broadcast } = platform;
        let _ = writeln!(
            text,
            "\n[platform]\ncookie = {cookie}\nbroadcast = {broadcast}"
        );
    }
}

/// A scenario's file.
pub fn scenario(random: &mut Rng, platform: Platform) -> String {
    let tabs = match platform.broadcast {
        true => [1, 2, 2, 2, 3][random.usize(..5)],
        false => 1,
    };
    let mut text = format!("title = \"Random\"\ntabs = {tabs}\n");
    let starts = [
        "tokens",
        "tokens",
        "tokens",
        "empty",
        "legacy",
        "empty-legacy",
    ];
    let start = starts[random.usize(..starts.len())];
    let _ = writeln!(text, "start = \"{start}\"");
    if random.u32(0..3) == 0 {
        let _ = writeln!(text, "edge = \"{}\"", Edge::NeedsOiat.name());
    }
    if random.u32(0..3) == 0 {
        let _ = writeln!(text, "keys = 2");
    }
    let mut named = |key: &str| {
        let named = some(random, 0..tabs, 4);
        if !named.is_empty() {
            let _ = writeln!(text, "{key} = {named:?}");
        }
        named
    };
    let (absent, unfocused) = (named("absent"), named("unfocused"));
    if random.u32(0..6) == 0 {
        let _ = writeln!(text, "piggyback = false");
    }
    if random.u32(0..6) == 0 {
        let _ = writeln!(text, "stale_load = true");
    }
    let _ = writeln!(text, "\n[budget]");
    let setting = Setting {
        tabs,
        is_legacy: start.ends_with("legacy"),
        absent,
        unfocused,
        platform,
    };
    budget(&mut text, random, &setting);
    if random.u32(0..4) == 0 {
        let limit = random.u32(1..3);
        let _ = writeln!(text, "\n[limits]\nrequests_per_tab = {limit}");
    }
    told(&mut text, platform);
    text
}

/// What a budget has to know of its scenario, so that what it allows can happen.
struct Setting {
    tabs: u32,
    is_legacy: bool,
    absent: Vec<u32>,
    unfocused: Vec<u32>,
    platform: Platform,
}

impl Setting {
    fn present(&self) -> impl Iterator<Item = u32> {
        (0..self.tabs).filter(|tab| !self.absent.contains(tab))
    }
}

/// A scenario's budget.
fn budget(text: &mut String, random: &mut Rng, setting: &Setting) {
    let actions: Vec<&str> = TabAction::ALL.iter().map(|action| action.name()).collect();
    let of_requests = RequestFault::ALL.iter().map(|fault| fault.name());
    let faults: Vec<&str> = of_requests
        .chain(SharedFault::ALL.iter().map(|fault| fault.name()))
        .chain(Fault::ALL.iter().map(|fault| fault.name()))
        .collect();
    let mut left = random.u32(1..5);
    let mut known: Vec<&str> = Vec::new();
    while left > 0 {
        let from = if random.u32(0..4) == 0 {
            &faults
        } else {
            &actions
        };
        let name = from[random.usize(..from.len())];
        let is_possible = match name {
            "open" => !setting.absent.is_empty(),
            "focus" => !setting.unfocused.is_empty(),
            "lose" | "drop" => setting.tabs > 1,
            "cookie_loss" => setting.platform.cookie,
            "oiat_on" => setting.is_legacy,
            _ => true,
        };
        if known.contains(&name) || !is_possible {
            // Where little is possible, all of it may be known already.
            left -= u32::from(random.u32(0..20) == 0);
            continue;
        }
        known.push(name);
        if name == "evict" && !known.contains(&"age") {
            known.push("age");
            let _ = writeln!(text, "age = 2");
        }
        let count = random.u32(1..=left.min(2));
        left -= count;
        let mut may: Vec<u32> = match name {
            "open" => setting.absent.clone(),
            "focus" => setting.unfocused.clone(),
            _ => setting.present().collect(),
        };
        may.truncate(if actions.contains(&name) {
            may.len()
        } else {
            0
        });
        match one_of(random, may).filter(|_| random.u32(0..4) == 0) {
            Some(by) => {
                let _ = writeln!(text, "{name} = {{ count = {count}, by = [{by}] }}");
            }
            None => {
                let _ = writeln!(text, "{name} = {count}");
            }
        }
    }
}
