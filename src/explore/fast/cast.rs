//! The participants, with what each of their local states does remembered.

use super::intern::Interner;
use super::memo::Memo;
use super::plan::Plan;
use crate::explore::outcome::RowSet;
use crate::model::{
    ClockState, Composed, Event, Evidence, Input, Instants, Local, Msg, Participant, TabId,
    possible,
};
use crate::property::{Verdicts, readable_oiat};
use crate::scenario::Stimuli;
use stateright::actor::Id;
use std::ops::Range;

/// The role that all tabs share: equal states of different tabs have the same id. Every other
/// column that belongs to a participant has a role of its own.
const TAB: usize = 0;

/// What an input does to a participant in some local state.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reaction {
    /// The local state afterwards.
    pub(super) next: u32,
    first_sent: u32,
    sent: u16,
    /// What the evidence says by itself, without any tab's history.
    pub(super) verdicts: Verdicts,
}

impl Reaction {
    /// Where the messages sent are, in order; see [`Cast::sent`].
    #[inline]
    pub(super) fn sent(&self) -> Range<usize> {
        let first = self.first_sent as usize;
        first..first + usize::from(self.sent)
    }
}

/// A message sent in a reaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    /// The message's id.
    pub(super) message: u32,
    /// The addressee's number among the participants.
    pub(super) to: u8,
    /// It takes its time; anything else arrives within the same step.
    pub(super) flies: bool,
}

/// An input in one number: a choice or a message's id with its sender.
#[derive(Clone, Copy, Debug)]
pub(super) struct InputCode(u32);

/// Stands for the sender where there is none.
const CHOICE: u32 = 15;

impl InputCode {
    /// A message of a participant.
    #[inline]
    pub(super) fn message(from: usize, message: u32) -> InputCode {
        InputCode(message << 4 | from as u32)
    }

    /// A participant's own choice. Events that no participant chooses need no code.
    #[inline]
    pub(super) fn choice(event: Event) -> InputCode {
        let fetch = |fetch: Option<crate::cache::FetchId>| match fetch {
            None => 0,
            Some(id) => 1 + u32::from(id.0),
        };
        let pair = |a: TabId, b: TabId| u32::from(a.0) << 3 | u32::from(b.0);
        let (kind, details) = match event {
            Event::Tick => (0, 0),
            Event::Age(age) => (1, u32::from(age.0)),
            Event::InTab(stimulus, tab) => (2, (stimulus as u32) << 3 | u32::from(tab.0)),
            Event::Fail(tab, of) => (3, fetch(of) << 3 | u32::from(tab.0)),
            Event::Deliver { to, from } => (4, pair(to, from)),
            Event::Lose { to, from } => (5, pair(to, from)),
            Event::LoseCookie => (6, 0),
            Event::Rollout => (7, 0),
            Event::OiatOn => (8, 0),
            Event::Mint(tab, of) => (9, fetch(of) << 3 | u32::from(tab.0)),
            Event::Respond(tab, of) => (10, fetch(of) << 3 | u32::from(tab.0)),
        };
        InputCode((kind << 12 | details) << 4 | CHOICE)
    }

    /// The number, for a [`Memo`].
    #[inline]
    pub(super) fn code(self) -> u32 {
        self.0
    }

    #[inline]
    fn sender(self) -> u32 {
        self.0 & 0xf
    }
}

/// What is projected from a tab's state.
#[derive(Clone, Copy, Debug)]
pub(super) struct TabFacts {
    /// The stimuli that the state permits.
    pub(super) possible: Stimuli,
    /// Stands for the `oiat` of the readable token; 0 if there is no such token.
    pub(super) readable: u16,
    held: Instants,
}

/// What is projected from an inbox.
struct InboxFacts {
    posts: Box<[(TabId, TabId)]>,
    held: Instants,
}

/// What is known of a role.
#[derive(Default)]
struct Role {
    locals: Interner<Local>,
    reactions: Memo<Reaction>,
    /// Only of inboxes.
    inboxes: Vec<InboxFacts>,
}

/// Runs the participants' own code once for each distinct local state and input.
///
/// An inbox is the channel's state as far as it is about one receiver. The channel's own code is
/// run on that alone, and of what it makes of it only what is about the receiver is kept.
pub(super) struct Cast<'m> {
    model: &'m Composed,
    participants: &'m [Participant],
    plan: Plan,
    messages: Interner<Msg>,
    roles: Vec<Role>,
    sent: Vec<Sent>,
    /// What tabs did in their reactions, by [`Cast::react_of_tab`]'s second result.
    tales: Interner<Vec<Evidence>>,
    tales_of: Memo<u32>,
    tabs: Vec<TabFacts>,
    /// What the driver still has a budget for.
    budgets: Vec<Stimuli>,
    clocks: Vec<ClockState>,
    /// The rows of the decision table that were decided by so far.
    pub(super) rows: RowSet,
}

impl<'m> Cast<'m> {
    /// Nobody has done anything yet.
    pub(super) fn new(model: &'m Composed, plan: Plan) -> Cast<'m> {
        let roles = plan.columns() - 2 * plan.tabs + 1;
        Cast {
            model,
            participants: model.participants(),
            plan,
            messages: Interner::default(),
            roles: (0..roles).map(|_| Role::default()).collect(),
            sent: Vec::new(),
            tales: Interner::default(),
            tales_of: Memo::default(),
            tabs: Vec::new(),
            budgets: Vec::new(),
            clocks: Vec::new(),
            rows: RowSet::default(),
        }
    }

    #[inline]
    fn role(&self, column: usize) -> usize {
        (column + 1).saturating_sub(self.plan.tabs)
    }

    /// The messages.
    pub(super) fn messages(&self) -> &Interner<Msg> {
        &self.messages
    }

    /// A message's id.
    pub(super) fn message(&mut self, message: Msg) -> u32 {
        self.messages.intern(message).0
    }

    /// The id of the part of a participant's local state that is in a column.
    pub(super) fn local(&mut self, column: usize, local: Local) -> u32 {
        let local = self.part(column, local);
        let role = self.role(column);
        if let Some(known) = self.roles[role].locals.find(&local) {
            return known;
        }
        let held = local.held();
        match &local {
            Local::Tab(tab) => self.tabs.push(TabFacts {
                possible: possible(tab),
                readable: match readable_oiat(tab) {
                    None => 0,
                    Some(None) => 1,
                    Some(Some(oiat)) => 2 + u16::from(oiat),
                },
                held,
            }),
            Local::Channel(queues) => {
                let posts = queues.iter().map(|&(pair, _)| pair).collect();
                self.roles[role].inboxes.push(InboxFacts { posts, held });
            }
            Local::Driver(budgets) => self.budgets.push(budgets.some()),
            Local::Clock(clock) => self.clocks.push(clock.clone()),
            Local::Mints(_) | Local::Jar(_) => {}
        }
        self.roles[role].locals.intern(local).0
    }

    /// What of a local state belongs into a column: everything, but of the channel's one inbox.
    fn part(&self, column: usize, mut local: Local) -> Local {
        if let Local::Channel(queues) = &mut local {
            queues.retain(|((to, _), _)| self.plan.inbox(to.index()) == column);
        }
        local
    }

    /// What is in a column.
    pub(super) fn state(&self, column: usize, local: u32) -> &Local {
        self.roles[self.role(column)].locals.get(local)
    }

    /// How many ids a column can have so far.
    pub(super) fn count(&self, column: usize) -> usize {
        self.roles[self.role(column)].locals.len()
    }

    /// What an input does to what is in a column.
    #[inline]
    pub(super) fn react(
        &mut self,
        column: usize,
        local: u32,
        input: InputCode,
        event: Event,
    ) -> Reaction {
        let role = self.role(column);
        match self.roles[role].reactions.get(local, input.0) {
            Some(reaction) => reaction,
            None => self.perform(column, local, input, event),
        }
    }

    /// What an input does to a tab, and what the tab did in between.
    ///
    /// Tabs run the same code and their own number only turns up in their evidence, so what one
    /// does another would do in the same state: the audit compares them all with the model.
    pub(super) fn react_of_tab(
        &mut self,
        tab: usize,
        local: u32,
        input: InputCode,
        event: Event,
    ) -> (Reaction, &[Evidence]) {
        let reaction = self.react(tab, local, input, event);
        let tale = self.tales_of.get(local, input.0).unwrap_or_default();
        (reaction, self.tales.get(tale))
    }

    /// Runs a handler for the first time.
    #[cold]
    fn perform(&mut self, column: usize, local: u32, code: InputCode, event: Event) -> Reaction {
        let role = self.role(column);
        let participant = self.plan.participant(column);
        let input = match code.sender() {
            CHOICE => Input::Choice(event),
            from => Input::Message(
                Id::from(from as usize),
                self.messages.get(code.0 >> 4).clone(),
            ),
        };
        let id = Id::from(participant);
        let state = self.roles[role].locals.get(local);
        let (next, sent) = self.participants[participant].react(id, state, input);
        let mut reaction = Reaction {
            next: local,
            first_sent: self.sent.len() as u32,
            ..Reaction::default()
        };
        if let Some(next) = next {
            reaction.next = self.local(column, next);
        }
        let mut evidence = Vec::new();
        for (to, message) in sent {
            match message {
                Msg::Saw(item) => evidence.push(item),
                message => {
                    let flies = message.flight().is_some();
                    self.sent.push(Sent {
                        message: self.messages.intern(message).0,
                        to: usize::from(to) as u8,
                        flies,
                    });
                    reaction.sent += 1;
                }
            }
        }
        for item in &evidence {
            reaction.verdicts = reaction.verdicts.or(self.model.judge().judge_shared(item));
            let row = item
                .comparison()
                .and_then(|comparison| comparison.decision.row);
            self.rows.extend(row);
        }
        if role == TAB {
            let (tale, _) = self.tales.intern(evidence);
            self.tales_of.insert(local, code.0, tale);
        }
        self.roles[role].reactions.insert(local, code.0, reaction);
        reaction
    }

    /// A message sent in a reaction.
    #[inline]
    pub(super) fn sent(&self, index: usize) -> Sent {
        self.sent[index]
    }

    /// What enabledness and the properties look at in a tab.
    #[inline]
    pub(super) fn tab(&self, local: u32) -> &TabFacts {
        &self.tabs[local as usize]
    }

    /// When the tokens in a column were minted.
    pub(super) fn held(&self, column: usize, local: u32) -> Instants {
        let role = self.role(column);
        match self.roles[role].inboxes.get(local as usize) {
            Some(inbox) => inbox.held,
            None if role == TAB => self.tabs[local as usize].held,
            None => self.roles[role].locals.get(local).held(),
        }
    }

    /// The (receiver, poster) pairs of an inbox.
    #[inline]
    pub(super) fn posts(&self, column: usize, local: u32) -> &[(TabId, TabId)] {
        &self.roles[self.role(column)].inboxes[local as usize].posts
    }

    /// The stimuli that have a budget left.
    #[inline]
    pub(super) fn budgets(&self, local: u32) -> Stimuli {
        self.budgets[local as usize]
    }

    /// The clock.
    #[inline]
    pub(super) fn clock(&self, local: u32) -> &ClockState {
        &self.clocks[local as usize]
    }

    /// Memory in bytes, about.
    pub(super) fn bytes(&self) -> u64 {
        // A tab's state owns fetches, the channel's queues.
        let locals = self.roles.iter().map(|role| {
            let facts = role.inboxes.len() * (size_of::<InboxFacts>() + 8);
            role.locals.bytes(64) + role.reactions.bytes() + facts as u64
        });
        let facts = self.tabs.len() * size_of::<TabFacts>();
        let sent = self.sent.capacity() * size_of::<Sent>();
        let tales = self.tales.bytes(256) + self.tales_of.bytes();
        locals.sum::<u64>() + self.messages.bytes(0) + tales + (facts + sent) as u64
    }
}
