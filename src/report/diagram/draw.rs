//! From the steps of a trace to what a diagram shows of them.

use super::items::{arrow, decision, everywhere, guard, lane, note, note_in, request_name};
use super::sequence::{Arrow, Fate, Item, Lane, Message, Moment, Sequence, Tone};
use super::snapshot::Holders;
use crate::cache::{Observation, Phase, RequestKind};
use crate::freshness::Org;
use crate::model::{
    CookieFate, CookieUpdate, Event, Evidence, Post, Request, Roster, Source, TabState,
};
use crate::property::Monitored;
use crate::trace::Walked;
use crate::vocabulary::{Befallen, TabAction, TabId, TabSet};

/// Draws a trace that was walked.
pub fn draw(model: &Monitored, steps: &[Walked]) -> Sequence {
    let roster = model.roster();
    let start = model.start().system;
    let holders = Holders::new(&start, steps, roster);
    let mut artist = Artist {
        roster,
        holders,
        arrows: Vec::new(),
        flights: Vec::new(),
        away: TabSet::NONE,
    };
    let moments = steps.iter().map(|step| artist.moment(step)).collect();
    let tabs = roster.tabs().map(|TabId(tab)| Lane::Tab(tab));
    Sequence {
        lanes: std::iter::once(Lane::Cookie)
            .chain(tabs)
            .chain([Lane::Channel, Lane::Mint])
            .collect(),
        names: Vec::new(),
        absent: roster
            .tabs()
            .filter(|&tab| !start.tab(tab).cache.phase.is_there())
            .map(lane)
            .collect(),
        start: holders.snapshot(&start, &[]),
        steps: moments,
        arrows: artist.arrows,
    }
}

/// What identifies an arrow that is under way. Broadcasts of one pair arrive in order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flight {
    Request(TabId, RequestKind),
    Answer(TabId, RequestKind),
    Broadcast { to: TabId, from: TabId },
    SignOut { to: TabId, from: TabId },
}

struct Artist {
    roster: Roster,
    holders: Holders,
    arrows: Vec<Arrow>,
    /// Arrows under way, oldest first.
    flights: Vec<(Flight, usize)>,
    /// The tabs that hear nothing, because they are not open.
    away: TabSet,
}

impl Artist {
    fn moment(&mut self, step: &Walked) -> Moment {
        self.away = step.before.channel().away;
        let mut items = self.event(step);
        for evidence in &step.evidence {
            self.evidence(step.event, evidence, &mut items);
        }
        let is_minted =
            |saw: &Evidence| matches!(saw, Evidence::Minted(..) | Evidence::Carried(..));
        if let Event::Mint(tab, kind) = step.event
            && !step.evidence.iter().any(is_minted)
        {
            self.answer(tab, kind, "no token", &mut items);
        }
        for tab in self.roster.tabs() {
            self.held(step, tab, &mut items);
        }
        let compared = step.evidence.iter().filter_map(Evidence::compared);
        let decisions = compared.map(|(tab, comparison)| decision(tab, comparison));
        Moment {
            items,
            decisions: decisions.collect(),
            after: self.holders.snapshot(&step.after, &step.evidence),
        }
    }

    /// What a tab holds now, and did not before.
    fn held(&self, step: &Walked, tab: TabId, items: &mut Vec<Item>) {
        let (before, after) = (&step.before.tab(tab).cache, &step.after.tab(tab).cache);
        for key in after.key_names() {
            let (was, is) = (
                before.at(key).slot.to_string(),
                after.at(key).slot.to_string(),
            );
            if was != is {
                let of_org = match key {
                    Org::PERSONAL => String::new(),
                    key => format!(" of org {}", key.number()),
                };
                items.push(note(tab, Tone::Holds, format!("cache{of_org} {is}")));
            }
        }
        if before.phase != after.phase {
            match after.phase {
                Phase::Out => {
                    items.push(note(tab, Tone::Stops, "is signed out".to_owned()));
                    items.push(Item::Ends { lane: lane(tab) });
                }
                Phase::Live => items.push(note(tab, Tone::Holds, "is signed in".to_owned())),
                Phase::Absent | Phase::Loading | Phase::Leaving | Phase::Closed => {}
            }
        }
        if before.context != after.context && after.phase == Phase::Live {
            let text = format!("context org {}", after.context.number());
            items.push(note(tab, Tone::Holds, text));
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
            Event::InTab(action, tab) => self.in_tab(step, action, tab),
            // As of a timer under the personal key.
            Event::InTabOfOrg(..) => Vec::new(),
            Event::Wait(tab, _) => vec![note(tab, Tone::Stops, "waits for the lock".to_owned())],
            Event::Resume(tab, _) => vec![note(tab, Tone::Holds, "gets the lock".to_owned())],
            Event::Drop(tab) => {
                let mut items = self.lost(tab, false);
                let text = "is frozen: broadcasts are lost".to_owned();
                items.push(note(tab, Tone::Stops, text));
                items
            }
            Event::DeliverSignOut { to, from } => {
                self.lands(Flight::SignOut { to, from }, Fate::Arrived)
            }
            Event::Mint(tab, kind) | Event::CarryLast(tab, kind) => {
                self.lands(Flight::Request(tab, kind), Fate::Arrived)
            }
            Event::Respond(tab, kind) => self.lands(Flight::Answer(tab, kind), Fate::Arrived),
            Event::Spoil(fault, tab, request) => {
                let kind = RequestKind::Token(request);
                let flight = match fault.befalls_the_answer() {
                    true => Flight::Answer(tab, kind),
                    false => Flight::Request(tab, kind),
                };
                let mut items = self.lands(flight, Fate::Stopped);
                let text = fault.in_short(&request_name(kind));
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
            Event::Befall(fault) => {
                let (lane, tone) = match fault.befalls() {
                    // What is in the cookie now is what is held there.
                    Befallen::Cookie => (Lane::Cookie, Tone::Holds),
                    Befallen::Server => (Lane::Mint, Tone::Plain),
                };
                vec![note_in(lane, tone, fault.in_short())]
            }
        }
    }

    /// What happens in a tab. What an action leads to is drawn; that it happened is the step's title.
    fn in_tab(&mut self, step: &Walked, action: TabAction, tab: TabId) -> Vec<Item> {
        let (before, after) = (step.before.tab(tab), step.after.tab(tab));
        let (was, is) = (before.cache.phase, after.cache.phase);
        let mut items = Vec::new();
        if was == Phase::Absent && is != Phase::Absent {
            items.push(Item::Begins { lane: lane(tab) });
        }
        let closes = was != Phase::Closed && is == Phase::Closed;
        if closes {
            items = self.lost(tab, true);
        }
        if let Some(text) = action.in_short() {
            let tone = match closes || after.stopped {
                true => Tone::Stops,
                false => Tone::Plain,
            };
            items.push(note(tab, tone, text.to_owned()));
        }
        let org = |of: &TabState| of.cache.current().map(|session| session.org);
        if let Some(org) = org(after).filter(|now| org(before).is_some_and(|was| was != *now)) {
            let text = format!("session in org {}", org.number());
            items.push(note(tab, Tone::Holds, text));
        }
        if closes {
            items.push(Item::Ends { lane: lane(tab) });
        }
        items
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
            Evidence::Cache(tab, Observation::Ignored(token)) => {
                items.push(note(*tab, Tone::Stops, format!("ignores {token}")));
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
                if let Event::Mint(_, kind) = event {
                    self.answer(*tab, kind, &token.to_string(), items);
                }
            }
            Evidence::Carried(tab, token) => {
                let text = format!("answers with the last token, {token}");
                items.push(note_in(Lane::Mint, Tone::Plain, text));
                if let Event::CarryLast(_, kind) = event {
                    self.answer(*tab, kind, &token.to_string(), items);
                }
            }
            Evidence::Ended(_) => {
                items.push(note_in(Lane::Mint, Tone::Stops, "the session has ended"));
            }
            Evidence::Returned(tab, _, token) => {
                items.push(note(*tab, Tone::Holds, format!("getToken returns {token}")));
            }
            Evidence::Rejected(tab, _) => {
                items.push(note(*tab, Tone::Stops, "getToken is rejected".to_owned()));
            }
            Evidence::ReturnedNull(tab, _) => {
                items.push(note(*tab, Tone::Stops, "getToken returns null".to_owned()));
            }
            Evidence::SignedOut(from) => self.sign_out(*from, items),
            Evidence::Posted(from, post) => self.post(*from, post, items),
            Evidence::CookieRemoved(tab, true) => {
                let text = "remove the cookie".to_owned();
                let removed = arrow(Message::CookieWrite, lane(*tab), Lane::Cookie, text);
                items.push(self.across(removed));
                items.push(note_in(Lane::Cookie, Tone::Holds, "cookie none"));
            }
            Evidence::CookieRemoved(tab, false) => {
                let text = "leaves the cookie alone: no focus".to_owned();
                items.push(note(*tab, Tone::Stops, text));
            }
            Evidence::Cookie(update) => self.cookie(update, items),
        }
    }

    fn request(&mut self, tab: TabId, request: &Request) -> Item {
        let seed = match request.parent {
            Some(parent) => format!("seed {parent}"),
            None => "no seed".to_owned(),
        };
        let forced = if request.forced { ", forced" } else { "" };
        let name = request_name(request.kind);
        let text = match request.kind {
            RequestKind::Token(_) => format!("{name}{forced}, {seed}"),
            RequestKind::Touch(_)
            | RequestKind::Switch(_)
            | RequestKind::Load
            | RequestKind::End
            | RequestKind::Reload
            | RequestKind::Recheck(_) => name,
        };
        let arrow = arrow(Message::Request, lane(tab), Lane::Mint, text);
        self.leaves(Flight::Request(tab, request.kind), arrow)
    }

    fn answer(&mut self, tab: TabId, kind: RequestKind, what: &str, items: &mut Vec<Item>) {
        let text = format!("answer to {}: {what}", request_name(kind));
        let arrow = arrow(Message::Answer, Lane::Mint, lane(tab), text);
        items.push(self.leaves(Flight::Answer(tab, kind), arrow));
    }

    /// A tab tells all others that hear that it has signed out.
    fn sign_out(&mut self, from: TabId, items: &mut Vec<Item>) {
        let text = "signed out".to_owned();
        let said = arrow(Message::Post, lane(from), Lane::Channel, text);
        items.push(self.across(said));
        for to in self.hearing(from) {
            let text = format!("{from} has signed out");
            let onward = arrow(Message::Broadcast, Lane::Channel, lane(to), text);
            items.push(self.leaves(Flight::SignOut { to, from }, onward));
        }
    }

    /// The tabs that hear another one.
    fn hearing(&self, from: TabId) -> Vec<TabId> {
        let tabs = self.roster.tabs();
        tabs.filter(|&to| to != from && !self.away.has(to))
            .collect()
    }

    /// Whatever is on its way to a tab never arrives: all of it, or broadcasts of tokens only.
    fn lost(&mut self, tab: TabId, everything: bool) -> Vec<Item> {
        let (arrows, flights) = (&mut self.arrows, &mut self.flights);
        let mut items = Vec::new();
        flights.retain(|(flight, arrow)| {
            let is_lost = match *flight {
                Flight::Broadcast { to, .. } => to == tab,
                Flight::SignOut { to, .. } => everything && to == tab,
                Flight::Request(of, _) | Flight::Answer(of, _) => everything && of == tab,
            };
            if is_lost {
                arrows[*arrow].fate = Fate::Stopped;
                items.push(Item::Arrives { arrow: *arrow });
            }
            !is_lost
        });
        items
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
        for to in self.hearing(from) {
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
            CookieFate::Forbidden => {
                let text = format!("may not write {token}: no focus");
                items.push(note(*tab, Tone::Stops, text));
            }
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
