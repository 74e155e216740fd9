//! The participants: their local states by id, and what they do.

use super::intern::Interner;
use super::plan::Plan;
use super::reaction::{InputCode, Sent, Target};
use crate::explore::outcome::RowSet;
use crate::model::{
    ClockState, Composed, Event, Evidence, Input, Instants, Local, Msg, Participant, TabId,
    possible,
};
use crate::property::{Verdicts, readable_oiat};
use crate::scenario::Stimuli;
use stateright::actor::Id;
use std::collections::HashMap;
use std::rc::Rc;

/// The role that all tabs share: equal states of different tabs have the same id. Every other
/// column that belongs to a participant has a role of its own.
const TAB: usize = 0;

/// What an input made a participant do.
#[derive(Clone, Debug)]
pub(super) struct Deed {
    /// The id of what is in the column afterwards.
    pub(super) next: u32,
    /// What was sent, in order.
    pub(super) sent: Vec<Sent>,
    /// What the evidence says by itself, without any tab's history.
    pub(super) verdicts: Verdicts,
    /// The evidence.
    pub(super) evidence: Vec<Evidence>,
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
    posters: Box<[TabId]>,
    held: Instants,
}

/// What is known of a role.
#[derive(Default)]
struct Role {
    locals: Interner<Local>,
    /// Only of inboxes.
    inboxes: Vec<InboxFacts>,
}

/// Runs the participants' own code, on local states that are known by id.
///
/// An inbox is the channel's state as far as it is about one receiver. The channel's own code is
/// run on that alone, and of what it makes of it only what is about the receiver is kept.
pub(super) struct Cast<'m> {
    model: &'m Composed,
    participants: &'m [Participant],
    plan: Plan,
    messages: Interner<Msg>,
    roles: Vec<Role>,
    /// What tabs did, by local state and input: it is asked for again for each history.
    deeds_of_tabs: HashMap<(u32, InputCode), Rc<Deed>>,
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
            deeds_of_tabs: HashMap::new(),
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
                let posters = queues.iter().map(|&((_, from), _)| from).collect();
                self.roles[role].inboxes.push(InboxFacts { posters, held });
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

    /// What an input makes a tab do.
    ///
    /// Tabs run the same code and their own number only turns up in their evidence, so what one
    /// does another would do in the same state: the audit compares them all with the model.
    pub(super) fn perform_in_tab(
        &mut self,
        tab: usize,
        local: u32,
        input: InputCode,
        event: Event,
    ) -> Rc<Deed> {
        if let Some(deed) = self.deeds_of_tabs.get(&(local, input)) {
            return Rc::clone(deed);
        }
        let deed = Rc::new(self.perform(tab, local, input, event));
        let known = Rc::clone(&deed);
        self.deeds_of_tabs.insert((local, input), known);
        deed
    }

    /// Runs a handler of the participant that a column belongs to.
    pub(super) fn perform(
        &mut self,
        column: usize,
        local: u32,
        code: InputCode,
        event: Event,
    ) -> Deed {
        let participant = self.plan.participant(column);
        let input = match code.sent() {
            None => Input::Choice(event),
            Some((from, message)) => {
                Input::Message(Id::from(from), self.messages.get(message).clone())
            }
        };
        let state = self.state(column, local);
        let actor = &self.participants[participant];
        let (next, sent) = actor.react(Id::from(participant), state, input);
        let mut deed = Deed {
            next: match next {
                Some(next) => self.local(column, next),
                None => local,
            },
            sent: Vec::new(),
            verdicts: Verdicts::default(),
            evidence: Vec::new(),
        };
        for (to, message) in sent {
            match message {
                Msg::Saw(item) => {
                    let shared = self.model.judge().judge_shared(&item);
                    deed.verdicts = deed.verdicts.or(shared);
                    let comparison = item.comparison();
                    self.rows.extend(comparison.and_then(|c| c.decision.row));
                    deed.evidence.push(item);
                }
                message => deed
                    .sent
                    .push(self.address(participant, usize::from(to), message)),
            }
        }
        deed
    }

    /// Where a message of a participant goes.
    fn address(&mut self, from: usize, to: usize, message: Msg) -> Sent {
        let (plan, flies) = (self.plan, message.flight().is_some());
        let message = self.message(message);
        // Tabs share what they do, so their messages get a sender only when they are sent.
        let sender = if from < plan.tabs { 0 } else { from };
        Sent {
            input: InputCode::message(sender, message),
            target: if flies && from < plan.tabs {
                Target::OwnFlight
            } else if flies {
                Target::Column(plan.flight(to) as u8)
            } else if to < plan.tabs {
                Target::Column(to as u8)
            } else if to == plan.channel() {
                Target::Inboxes
            } else {
                Target::Column(plan.shared(to) as u8)
            },
        }
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

    /// The tabs that have posts waiting in an inbox.
    #[inline]
    pub(super) fn posters(&self, column: usize, local: u32) -> &[TabId] {
        &self.roles[self.role(column)].inboxes[local as usize].posters
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
            role.locals.bytes(64) + facts as u64
        });
        let facts = self.tabs.len() * size_of::<TabFacts>();
        let deeds = self.deeds_of_tabs.len() * (size_of::<Deed>() + 256);
        locals.sum::<u64>() + self.messages.bytes(0) + (facts + deeds) as u64
    }
}
