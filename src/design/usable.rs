//! What a design names and can never use: its author expects something of it.

use crate::cache::{Answers, Measure, Policy, Posts, Site};
use crate::source::Reader;
use std::collections::BTreeMap;
use std::ops::Range;

/// Where guards and measures are named: the path of the key, and the place in the file in bytes.
#[derive(Default)]
pub(super) struct Places {
    pub sites: BTreeMap<Site, (String, Range<usize>)>,
    pub measures: BTreeMap<Measure, (String, Range<usize>)>,
}

/// Tells of every guard and measure that is never asked, whatever happens.
///
/// Not told: a guard whose rule never keeps anything, because that is what somebody may want to see;
/// a measure that needs a scenario with a second organisation, or with a sign-out.
pub(super) fn check_usable(file: &mut Reader<'_>, policy: &Policy, places: &Places) {
    for (site, (path, span)) in &places.sites {
        if let Some(why) = useless_guard(*site, policy) {
            let message = format!("`{path}`: the {} guard is never asked: {why}", site.name());
            file.fault(span.clone(), message, Some("remove it".to_owned()));
        }
    }
    for (measure, (path, span)) in &places.measures {
        if let Some(why) = useless_measure(*measure, policy) {
            let message = format!("`{path}`: {} does nothing: {why}", measure.name());
            file.fault(span.clone(), message, Some("remove it".to_owned()));
        }
    }
}

const NO_TOKEN_POSTED: &str = "with `post = \"invalidation\"` no broadcast carries a token";

fn useless_guard(site: Site, policy: &Policy) -> Option<&'static str> {
    match site {
        Site::Broadcast => match policy.posts {
            Posts::Invalidation => Some(NO_TOKEN_POSTED),
            Posts::Token => None,
        },
        Site::Install
        | Site::Baseline
        | Site::Seed
        | Site::Dispatch
        | Site::Cookie
        | Site::HighWater
        | Site::Last
        | Site::Client => None,
    }
}

fn useless_measure(measure: Measure, policy: &Policy) -> Option<&'static str> {
    let has = |site| policy.guards.has(site) && useless_guard(site, policy).is_none();
    match measure {
        Measure::AdoptionSeeds | Measure::SupersededPosts if !policy.platform.broadcast => {
            Some("there is no broadcast channel")
        }
        Measure::AdoptionSeeds => match policy.posts {
            Posts::Invalidation => Some(NO_TOKEN_POSTED),
            Posts::Token => None,
        },
        Measure::SupersededPosts if !has(Site::Baseline) => {
            Some("without the baseline guard no answer goes into a baseline")
        }
        Measure::SupersededPosts => match policy.answers {
            Answers::CompareAndSwap => Some(
                "with `answer = \"compare-and-swap\"` the answer of a superseded fetch is discarded",
            ),
            Answers::Install | Answers::Fence => None,
        },
        Measure::LegacyCookie if !has(Site::Cookie) => Some("there is no cookie guard"),
        Measure::LegacyCookie if policy.rules.at(Site::Cookie).ranks_without_oiat() => {
            Some("this rule ranks tokens without oiat, so the cookie guard compares them anyway")
        }
        Measure::DeadYields
            if !Site::ALL
                .into_iter()
                .any(|site| site.is_about_the_slot() && has(site)) =>
        {
            Some("no guard decides what the slot or its baseline holds")
        }
        Measure::LegacyCookie
        | Measure::LegacyToOrigin
        | Measure::DeadYields
        | Measure::KeyAsks
        | Measure::ContextCookie
        | Measure::OutIgnores
        | Measure::ReloadEmpties
        | Measure::LoadVoid
        | Measure::CallsReadCache => None,
    }
}
