//! Who is who among the participants.

use super::channel::ChannelMsg;
use super::clock::ClockMsg;
use super::driver::Errand;
use super::evidence::Evidence;
use super::jar::JarMsg;
use super::message::Msg;
use super::mints::MintsMsg;
use super::participant::{Participant, Shared};
use super::tab::TabMsg;
use crate::named::Member;
use crate::vocabulary::TabId;
use stateright::actor::{Id, Out};

/// Who has which id: tabs first, then the shared participants in the order of [`Shared::ALL`], then
/// the composition, which is no participant.
#[derive(Clone, Copy, Debug)]
pub struct Roster {
    pub tabs: u8,
}

impl Roster {
    pub fn tabs(self) -> impl Iterator<Item = TabId> {
        (0..self.tabs).map(TabId)
    }

    pub fn tab(self, tab: TabId) -> Id {
        Id::from(tab.index())
    }

    /// The tab with this id, which only tabs' messages come from.
    pub(super) fn tab_of(self, id: Id) -> TabId {
        let index = usize::from(id);
        assert!(index < usize::from(self.tabs), "bug: {id} is no tab");
        TabId(index as u8)
    }

    /// A shared participant.
    pub fn shared(self, shared: Shared) -> Id {
        Id::from(usize::from(self.tabs) + shared.index())
    }

    /// The composition: events come from it and evidence goes to it.
    pub(crate) fn composition(self) -> Id {
        Id::from(usize::from(self.tabs) + Shared::ALL.len())
    }
}

/// Sends what a participant has to say to whoever it is for: who a message is for is part of its
/// type, so that none can go astray.
pub(super) struct Outbox<'a> {
    pub(super) roster: Roster,
    /// In order.
    pub(super) out: &'a mut Out<Participant>,
}

impl Outbox<'_> {
    pub(super) fn tab(&mut self, tab: TabId, msg: TabMsg) {
        self.out.send(self.roster.tab(tab), Msg::Tab(msg));
    }

    pub(super) fn channel(&mut self, msg: ChannelMsg) {
        self.out
            .send(self.roster.shared(Shared::Channel), Msg::Channel(msg));
    }

    pub(super) fn mints(&mut self, msg: MintsMsg) {
        self.out
            .send(self.roster.shared(Shared::Mints), Msg::Mints(msg));
    }

    pub(super) fn jar(&mut self, msg: JarMsg) {
        self.out
            .send(self.roster.shared(Shared::Jar), Msg::Jar(msg));
    }

    pub(super) fn clock(&mut self, msg: ClockMsg) {
        self.out
            .send(self.roster.shared(Shared::Clock), Msg::Clock(msg));
    }

    pub(super) fn saw(&mut self, evidence: Evidence) {
        self.out.send(self.roster.composition(), Msg::Saw(evidence));
    }

    pub(super) fn errand(&mut self, errand: Errand) {
        match errand {
            Errand::Tab(tab, msg) => self.tab(tab, msg),
            Errand::Channel(msg) => self.channel(msg),
            Errand::Mints(msg) => self.mints(msg),
            Errand::Jar(msg) => self.jar(msg),
            Errand::Clock(msg) => self.clock(msg),
        }
    }
}
