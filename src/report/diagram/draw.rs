//! From the steps of a trace to what a diagram shows of them.

use super::sequence::{
    Arrow, Decision, Fate, Item, Lane, Message, Moment, Sequence, Snapshot, TabView, Tone,
};
use crate::cache::{Comparison, FetchId, Observation, Site};
use crate::freshness::Winner;
use crate::model::{
    CookieFate, CookieUpdate, Event, Evidence, Post, Request, Roster, Source, System,
};
use crate::property::Monitored;
use crate::trace::Walked;
use crate::vocabulary::{ModelToken, TabAction, TabId};

/// Draws a trace that was walked.
pub fn draw(model: &Monitored, steps: &[Walked]) -> Sequence {
    let roster = model.roster();
    let mut artist = Artist {
        roster,
        arrows: Vec::new(),
        flights: Vec::new(),
    };
    let moments = steps.iter().map(|step| artist.moment(step)).collect();
    let tabs = roster.tabs().map(|TabId(tab)| Lane::Tab(tab));
    Sequence {
        lanes: std::iter::once(Lane::Cookie)
            .chain(tabs)
            .chain([Lane::Channel, Lane::Mint])
            .collect(),
        start: snapshot(&model.start().system, roster),
        steps: moments,
        arrows: artist.arrows,
    }
}

/// What identifies an arrow that is under way. Broadcasts of one pair arrive in order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flight {
    Request(TabId, Option<FetchId>),
    Answer(TabId, Option<FetchId>),
    Broadcast { to: TabId, from: TabId },
}

struct Artist {
    roster: Roster,
    arrows: Vec<Arrow>,
    /// Arrows under way, oldest first.
    flights: Vec<(Flight, usize)>,
}

impl Artist {
    fn moment(&mut self, step: &Walked) -> Moment {
        let mut items = self.event(step);
        for evidence in &step.evidence {
            self.evidence(step.event, evidence, &mut items);
        }
        for tab in self.roster.tabs() {
            let cache = |system: &System| system.tab(tab).cache.slot.to_string();
            let (before, after) = (cache(&step.before), cache(&step.after));
            if before != after {
                items.push(note(tab, Tone::Holds, format!("cache {after}")));
            }
        }
        let compared = step.evidence.iter().filter_map(|evidence| {
            let tab = match evidence {
                Evidence::Cache(tab, _) => *tab,
                Evidence::Cookie(update) => update.tab,
                _ => return None,
            };
            Some(decision(tab, evidence.comparison()?))
        });
        Moment {
            items,
            decisions: compared.collect(),
            after: snapshot(&step.after, self.roster),
        }
    }

    /// The event itself, before anything that follows from it.
    fn event(&mut self, step: &Walked) -> Vec<Item> {
        match step.event {
            Event::Tick => {
                let now = step.after.clock().now;
                vec![everywhere(format!("instant {now}"))]
            }
            Event::Age(age) => {
                let iat = age.0.div_ceil(2);
                let state = ["expire", "are about to expire"][usize::from(age.0 % 2)];
                vec![everywhere(format!("tokens of instant {iat} {state}"))]
            }
            Event::InTab(TabAction::Orphan, tab) => {
                vec![note(tab, Tone::Stops, "stops for good".to_owned())]
            }
            // What an action leads to is drawn; that it happened is the step's title.
            Event::InTab(
                TabAction::Refresh
                | TabAction::SkipCache
                | TabAction::GetToken
                | TabAction::Evict
                | TabAction::ClearCache,
                _,
            ) => Vec::new(),
            Event::Mint(tab, fetch) => self.lands(Flight::Request(tab, fetch), Fate::Arrived),
            Event::Respond(tab, fetch) => self.lands(Flight::Answer(tab, fetch), Fate::Arrived),
            Event::Fail(tab, fetch) => {
                let mut items = self.lands(Flight::Request(tab, fetch), Fate::Stopped);
                let text = format!("{} fails", fetch_name(fetch));
                items.push(note(tab, Tone::Stops, text));
                items
            }
            Event::Deliver { to, from } => {
                self.lands(Flight::Broadcast { to, from }, Fate::Arrived)
            }
            Event::Lose { to, from } => {
                let mut items = self.lands(Flight::Broadcast { to, from }, Fate::Stopped);
                let text = format!("broadcast of {from} is lost");
                items.push(note(to, Tone::Stops, text));
                items
            }
            Event::LoseCookie => vec![note_in(Lane::Cookie, Tone::Holds, "cookie none")],
            Event::Rollout => vec![note_in(Lane::Mint, Tone::Plain, "new format of claims")],
            Event::OiatOn => vec![note_in(Lane::Mint, Tone::Plain, "sends oiat from now on")],
        }
    }

    fn evidence(&mut self, event: Event, evidence: &Evidence, items: &mut Vec<Item>) {
        match evidence {
            Evidence::Cache(tab, Observation::Compared(comparison)) => {
                items.push(guard(lane(*tab), comparison));
            }
            Evidence::Cache(tab, Observation::Waits { fetch, token }) => {
                items.push(note(
                    *tab,
                    Tone::Plain,
                    format!("{token} waits for {fetch}"),
                ));
            }
            Evidence::Cache(tab, Observation::Discarded(token)) => {
                items.push(note(*tab, Tone::Stops, format!("discards {token}")));
            }
            Evidence::Cache(..) => {}
            Evidence::Requested(tab, request) => items.push(self.request(*tab, request)),
            Evidence::Minted(tab, source, token) => {
                let source = match source {
                    Source::Origin => "origin",
                    Source::Edge => "edge",
                };
                items.push(note_in(
                    Lane::Mint,
                    Tone::ModelToken,
                    format!("{source} mints {token}"),
                ));
                if let Event::Mint(_, fetch) = event {
                    let text = format!("answer to {}: {token}", fetch_name(fetch));
                    let arrow = arrow(Message::Answer, Lane::Mint, lane(*tab), text);
                    items.push(self.leaves(Flight::Answer(*tab, fetch), arrow));
                }
            }
            Evidence::Posted(from, post) => self.post(*from, post, items),
            Evidence::Cookie(update) => self.cookie(update, items),
        }
    }

    fn request(&mut self, tab: TabId, request: &Request) -> Item {
        let seed = match request.parent {
            Some(parent) => format!("seed {parent}"),
            None => "no seed".to_owned(),
        };
        let forced = if request.forced { ", forced" } else { "" };
        let text = format!("{}{forced}, {seed}", fetch_name(request.fetch));
        let arrow = arrow(Message::Request, lane(tab), Lane::Mint, text);
        self.leaves(Flight::Request(tab, request.fetch), arrow)
    }

    /// A post reaches the channel at once, and is on its way to everyone else from there.
    fn post(&mut self, from: TabId, post: &Post, items: &mut Vec<Item>) {
        let arrow_to_channel = arrow(
            Message::Post,
            lane(from),
            Lane::Channel,
            format!("post {post}"),
        );
        items.push(self.across(arrow_to_channel));
        for to in self.roster.tabs().filter(|&to| to != from) {
            let text = format!("broadcast of {from}: {post}");
            let onward = arrow(Message::Broadcast, Lane::Channel, lane(to), text);
            items.push(self.leaves(Flight::Broadcast { to, from }, onward));
        }
    }

    fn cookie(&mut self, update: &CookieUpdate, items: &mut Vec<Item>) {
        let CookieUpdate { tab, token, .. } = update;
        let written = arrow(
            Message::CookieWrite,
            lane(*tab),
            Lane::Cookie,
            format!("write {token}"),
        );
        let dropped = Arrow {
            fate: Fate::Stopped,
            ..written.clone()
        };
        let unchanged = update.before.is_some_and(|(cookie, _)| cookie == *token);
        let comparison = update.comparison.as_ref();
        items.extend(comparison.map(|comparison| guard(Lane::Cookie, comparison)));
        match update.fate {
            CookieFate::Written => {
                items.push(self.across(written));
                if !unchanged {
                    let text = format!("cookie {token}");
                    items.push(note_in(Lane::Cookie, Tone::Holds, text));
                }
            }
            CookieFate::Dropped => items.push(self.across(dropped)),
            CookieFate::Withheld => {
                let text = format!("keeps {token} from the cookie");
                items.push(note(*tab, Tone::Stops, text));
            }
        }
    }

    fn across(&mut self, arrow: Arrow) -> Item {
        let item = Item::Across {
            arrow: self.arrows.len(),
        };
        self.arrows.push(arrow);
        item
    }

    fn leaves(&mut self, flight: Flight, arrow: Arrow) -> Item {
        let index = self.arrows.len();
        self.flights.push((flight, index));
        self.arrows.push(Arrow {
            fate: Fate::Underway,
            ..arrow
        });
        Item::Leaves { arrow: index }
    }

    /// The oldest such arrow ends. Whatever arrives has left before, so there always is one.
    fn lands(&mut self, flight: Flight, fate: Fate) -> Vec<Item> {
        let Some(position) = self.flights.iter().position(|(f, _)| *f == flight) else {
            return Vec::new();
        };
        let (_, arrow) = self.flights.remove(position);
        self.arrows[arrow].fate = fate;
        vec![Item::Arrives { arrow }]
    }
}

fn lane(tab: TabId) -> Lane {
    Lane::Tab(tab.0)
}

fn fetch_name(fetch: Option<FetchId>) -> String {
    match fetch {
        Some(id) => format!("fetch {id}"),
        None => "refresh".to_owned(),
    }
}

fn arrow(what: Message, from: Lane, to: Lane, text: String) -> Arrow {
    Arrow {
        what,
        from,
        to,
        fate: Fate::Arrived,
        text,
    }
}

fn everywhere(text: String) -> Item {
    Item::Everywhere { text }
}

fn note(tab: TabId, tone: Tone, text: String) -> Item {
    let lane = lane(tab);
    Item::Note { lane, tone, text }
}

fn note_in(lane: Lane, tone: Tone, text: impl Into<String>) -> Item {
    Item::Note {
        lane,
        tone,
        text: text.into(),
    }
}

/// `A1: existing stays`
fn guard(lane: Lane, comparison: &Comparison<ModelToken>) -> Item {
    let (tone, outcome) = match comparison.decision.winner {
        Winner::Existing => (Tone::Stops, "existing stays"),
        Winner::Incoming => (Tone::Passes, "incoming wins"),
    };
    let site = comparison.site.name();
    let text = match comparison.decision.row {
        Some(row) => format!("{site} guard, row {row}: {outcome}"),
        None => format!("{site} guard: {outcome}"),
    };
    Item::Note { lane, tone, text }
}

fn decision(tab: TabId, comparison: &Comparison<ModelToken>) -> Decision {
    let row = comparison.decision.row;
    Decision {
        row: row.map(|row| row.name()),
        condition: row.map(|row| row.condition()),
        place: match comparison.site {
            Site::Cookie => "the cookie guard".to_owned(),
            site => format!("{tab}'s {} guard", site.name()),
        },
        existing: comparison.existing,
        incoming: comparison.incoming,
        winner: comparison.decision.winner.to_string(),
    }
}

fn snapshot(system: &System, roster: Roster) -> Snapshot {
    let or_none = |token: Option<ModelToken>| token.map_or("none".to_owned(), |t| t.to_string());
    let tab = |tab: TabId| {
        let cache = &system.tab(tab).cache;
        TabView {
            cache: cache.slot.to_string(),
            seed: or_none(cache.last),
        }
    };
    Snapshot {
        tabs: roster.tabs().map(tab).collect(),
        cookie: or_none(system.jar().cookie),
    }
}
