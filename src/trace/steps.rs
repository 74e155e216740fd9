//! The steps of a trace, told one by one.

use super::{EventRecord, Walked, narrate};
use crate::model::{Event, Roster, fetch_in_words};
use crate::scenario::Scenario;
use serde::Serialize;

/// A step of a story.
#[derive(Clone, Debug, Serialize)]
pub struct StoryStep {
    /// From 1.
    pub number: usize,
    /// What happened.
    pub event: EventRecord,
    /// The same in words.
    pub title: String,
    /// What followed at once.
    pub details: Vec<String>,
}

/// How everything begins.
pub fn beginning(scenario: &Scenario) -> String {
    match scenario.setup.start.token() {
        Some(token) => format!("{} tabs and the cookie hold {token}", scenario.setup.tabs),
        None => format!("{} tabs and the cookie hold nothing", scenario.setup.tabs),
    }
}

/// The steps of a trace that was walked.
pub fn steps_of(steps: &[Walked], roster: Roster) -> Vec<StoryStep> {
    let step = |(index, walked): (usize, &Walked)| StoryStep {
        number: index + 1,
        event: walked.event.into(),
        title: title(walked),
        details: narrate(walked, roster),
    };
    steps.iter().enumerate().map(step).collect()
}

/// The event in words, with the token or post it is about.
pub fn title(step: &Walked) -> String {
    let mut title = step.event.to_string();
    let about = match step.event {
        Event::Deliver { to, from } | Event::Lose { to, from } => step
            .before
            .channel()
            .iter()
            .find(|(pair, _)| *pair == (to, from))
            .and_then(|(_, posts)| posts.first().map(ToString::to_string)),
        Event::Respond(tab, fetch) => {
            let responses = step.before.responses();
            let found = responses.iter().find(|r| (r.0, r.1) == (tab, fetch));
            found.map(|response| response.2.to_string())
        }
        _ => None,
    };
    if let Event::Respond(tab, fetch) = step.event {
        title = format!("{tab}'s {} is answered", fetch_in_words(fetch));
    }
    match about {
        Some(about) => format!("{title}: {about}"),
        None => title,
    }
}
