//! The steps of a trace, told one by one.

use super::{EventRecord, Walked, narrate};
use crate::model::{Event, Response, Roster};
use crate::scenario::Scenario;
use crate::vocabulary::{TabId, TabSet};
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
    let setup = &scenario.setup;
    let life = setup.life;
    let open = usize::from(setup.tabs) - life.absent.len();
    let mut text = match setup.start.token() {
        Some(token) => format!("{open} tabs and the cookie hold {token}"),
        None => format!("{open} tabs and the cookie hold nothing"),
    };
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
    let title = step.event.to_string();
    let about = match step.event {
        Event::Deliver { to, from } | Event::Lose { to, from } => step
            .before
            .channel()
            .posts
            .iter()
            .find(|(pair, _)| *pair == (to, from))
            .and_then(|(_, posts)| posts.first().map(ToString::to_string)),
        Event::Respond(tab, kind) => {
            let responses = step.before.responses();
            let is_it = |(of, response): &&(TabId, Response)| (*of, response.kind()) == (tab, kind);
            let found = responses.iter().find(is_it);
            found.and_then(|(_, response)| response.token().map(ToString::to_string))
        }
        _ => None,
    };
    match about {
        Some(about) => format!("{title}: {about}"),
        None => title,
    }
}
