//! The steps of a trace, told one by one.

use super::{EventRecord, Walked, narrate};
use crate::cache::{FetchId, Platform, RequestKind, TokenRequest};
use crate::model::{Brought, Evidence, Response, Roster};
use crate::scenario::Scenario;
use crate::vocabulary::{Edge, TabAction, TabId, TabSet};
use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub struct StoryStep {
    /// The number of the step, from 1.
    pub number: usize,
    pub event: EventRecord,
    /// The same in words.
    pub title: String,
    /// What followed at once.
    pub details: Vec<String>,
}

/// How everything begins.
pub fn beginning(scenario: &Scenario, platform: Platform) -> String {
    let setup = &scenario.setup;
    let life = setup.life;
    let tabs = match usize::from(setup.tabs) - life.absent.len() {
        1 => "1 tab".to_owned(),
        open => format!("{open} tabs"),
    };
    let holders = match (platform.cookie, tabs.as_str()) {
        (true, tabs) => format!("{tabs} and the cookie hold"),
        (false, "1 tab") => "the process holds".to_owned(),
        (false, tabs) => format!("{tabs} hold"),
    };
    let mut text = match setup.start.token() {
        Some(token) => format!("{holders} {token}"),
        None => format!("{holders} nothing"),
    };
    if setup.start.is_legacy() && setup.start.token().is_none() {
        text += "; the origin does not send oiat yet";
    }
    match setup.edge {
        Edge::Any => {}
        Edge::NeedsOiat => text += "; the edge mints from no token without oiat",
    }
    let named = |tabs: TabSet| {
        let names: Vec<_> = tabs.iter().map(|tab| tab.to_string()).collect();
        names.join(", ")
    };
    if !life.absent.is_empty() {
        text += &format!("; not opened yet: {}", named(life.absent));
    }
    if !life.unfocused.is_empty() {
        text += &format!("; without focus: {}", named(life.unfocused));
    }
    text
}

/// The steps of a trace that was walked. A fetch is introduced where it is first spoken of.
pub(crate) fn steps_of(steps: &[Walked], roster: Roster) -> Vec<StoryStep> {
    let mut told = Vec::with_capacity(steps.len());
    let mut introduced: Vec<(TabId, FetchId)> = Vec::new();
    for (number, walked) in (1..).zip(steps) {
        let mut details = narrate(walked, roster);
        for evidence in &walked.evidence {
            if let Evidence::Requested(tab, request) = evidence
                && let RequestKind::Token(TokenRequest::Fetch(fetch)) = request.kind
                && !introduced.contains(&(*tab, fetch))
            {
                introduced.push((*tab, fetch));
                introduce(&mut details, *tab, fetch);
            }
        }
        told.push(StoryStep {
            number,
            event: walked.event.into(),
            title: title(walked),
            details,
        });
    }
    told
}

/// Says that a fetch has its name from here on.
fn introduce(details: &mut [String], tab: TabId, fetch: FetchId) {
    let first = format!("{tab} sends a request: fetch {fetch}");
    for detail in details {
        if let Some(rest) = detail.strip_prefix(&first) {
            let comma = if rest.starts_with(',') { "" } else { "," };
            *detail = format!("{tab} sends a request, called {fetch} from here on{comma}{rest}");
            return;
        }
    }
}

/// The event in words, with the token or post it is about.
pub fn title(step: &Walked) -> String {
    let mut title = step.event.to_string();
    if let Some(call) = step.event.action().and_then(TabAction::call) {
        title += &format!(", {call}");
    }
    match about(step) {
        Some(about) => format!("{title}: {about}"),
        None => title,
    }
}

/// The post or the answer that an event is about, in words.
fn about(step: &Walked) -> Option<String> {
    match step.event.brings()? {
        Brought::Post { to, from } => {
            let posts = &step.before.channel().posts;
            let (_, posts) = posts.iter().find(|(pair, _)| *pair == (to, from))?;
            posts.first().map(ToString::to_string)
        }
        Brought::Answer(tab, kind) => {
            let responses = step.before.responses();
            let is_it = |(of, response): &&(TabId, Response)| (*of, response.kind()) == (tab, kind);
            let (_, response) = responses.iter().find(is_it)?;
            response.token().map(ToString::to_string)
        }
    }
}
