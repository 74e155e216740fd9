//! The participants: their local states by id, and what they do.

use super::intern::Interner;
use super::plan::Plan;
use super::reaction::{InputCode, Sent, Target};
use crate::explore::outcome::RowSet;
use crate::model::{
    ChannelState, ClockState, Composed, Event, Evidence, Input, Instants, Local, Msg, Participant,
    Post, TabId, possible, requesting,
};
use crate::property::{Verdicts, readable_oiat};
use crate::scenario::Stimuli;
use rustc_hash::FxHashMap;
use stateright::actor::Id;
use std::rc::Rc;

/// The role that all tabs share: equal states of different tabs have the same id.
const TAB: usize = 0;

/// The role that all inboxes share.
const INBOX: usize = 1;

/// All roles: every shared participant but the channel has one of its own.
const ROLES: usize = 6;

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
    /// Those among them that would make a request.
    pub(super) requesting: Stimuli,
    /// A request of the tab is under way.
    pub(super) is_asking: bool,
    /// Stands for the `oiat` of the readable token; 0 if there is no such token.
    pub(super) readable: u16,
    held: Instants,
}

/// What is projected from an inbox.
struct InboxFacts {
    posters: Box<[TabId]>,
    held: Instants,
}

/// Runs the participants' own code, on local states that are known by id.
///
/// An inbox is the channel's state as far as it is about one receiver. The channel's own code is
/// run on that alone, and of what it makes of it only what is about the receiver is kept. Whose
/// inbox it is does not belong to its id: there the receiver is always tab 0.
pub(super) struct Cast<'m> {
    model: &'m Composed,
    participants: &'m [Participant],
    plan: Plan,
    messages: Interner<Msg>,
    locals: [Interner<Local>; ROLES],
    /// Stands for what enabledness can ask of each, but for tokens held and ages.
    aspects: [Vec<u32>; ROLES],
    /// What tabs did, by local state and input: it is asked for again for each history.
    deeds_of_tabs: FxHashMap<(u32, InputCode), Rc<Deed>>,
    tabs: Vec<TabFacts>,
    inboxes: Vec<InboxFacts>,
    /// Number of what waits in each inbox, whoever posted it.
    shape_of_inbox: Vec<u32>,
    tab_aspects: Interner<(Stimuli, Stimuli, bool)>,
    shapes: Interner<Vec<Vec<Post>>>,
    /// What the driver still has a budget for.
    budgets: Vec<Stimuli>,
    clocks: Vec<ClockState>,
    /// The rows of the decision table that were decided by so far.
    pub(super) rows: RowSet,
}

impl<'m> Cast<'m> {
    /// Nobody has done anything yet.
    pub(super) fn new(model: &'m Composed, plan: Plan) -> Cast<'m> {
        Cast {
            model,
            participants: model.participants(),
            plan,
            messages: Interner::default(),
            locals: Default::default(),
            aspects: Default::default(),
            deeds_of_tabs: FxHashMap::default(),
            tabs: Vec::new(),
            inboxes: Vec::new(),
            shape_of_inbox: Vec::new(),
            tab_aspects: Interner::default(),
            shapes: Interner::default(),
            budgets: Vec::new(),
            clocks: Vec::new(),
            rows: RowSet::default(),
        }
    }

    #[inline]
    fn role(&self, column: usize) -> usize {
        if column < self.plan.tabs {
            TAB
        } else {
            (column + 2).saturating_sub(2 * self.plan.tabs).max(INBOX)
        }
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
        if let Some(known) = self.locals[role].find(&local) {
            return known;
        }
        let held = local.held();
        let aspect = self.aspect_of(&local);
        self.aspects[role].push(aspect);
        match &local {
            Local::Tab(tab) => self.tabs.push(TabFacts {
                possible: possible(tab),
                requesting: requesting(tab),
                is_asking: tab.cache.is_asking(),
                readable: match readable_oiat(tab) {
                    None => 0,
                    Some(None) => 1,
                    Some(Some(oiat)) => 2 + u16::from(oiat),
                },
                held,
            }),
            Local::Channel(queues) => {
                let posters = queues.iter().map(|&((_, from), _)| from).collect();
                let mut posts: Vec<_> = queues.iter().map(|(_, posts)| posts.clone()).collect();
                posts.sort();
                self.shape_of_inbox.push(self.shapes.intern(posts).0);
                self.inboxes.push(InboxFacts { posters, held });
            }
            Local::Driver(budgets) => self.budgets.push(budgets.some()),
            Local::Clock(clock) => self.clocks.push(clock.clone()),
            Local::Mints(_) | Local::Jar(_) => {}
        }
        self.locals[role].intern(local).0
    }

    /// Stands for what [`Surface`](crate::model::Surface) tells of a local state, but for the tokens
    /// it holds and for ages.
    fn aspect_of(&mut self, local: &Local) -> u32 {
        match local {
            Local::Tab(tab) => {
                let asked = (possible(tab), requesting(tab), tab.cache.is_asking());
                self.tab_aspects.intern(asked).0
            }
            Local::Channel(queues) => {
                let posters = queues.iter().map(|&((_, from), _)| 1 << from.index());
                posters.fold(0, |set, poster| set | poster)
            }
            Local::Mints(mints) => mints.legacy.into(),
            Local::Jar(jar) => jar.cookie.is_some().into(),
            Local::Clock(clock) => clock.used.into(),
            Local::Driver(budgets) => budgets.some().bits().into(),
        }
    }

    /// What of a participant's local state belongs into a column: of the channel's one inbox, of
    /// others everything.
    fn part(&self, column: usize, mut local: Local) -> Local {
        if let Local::Channel(queues) = &mut local {
            queues.retain(|((to, _), _)| self.plan.inbox(to.index()) == column);
            readdress(queues, TabId(0));
        }
        local
    }

    /// A local state with what is in a column, and with nothing that is not in it.
    pub(super) fn whole(&self, column: usize, local: u32) -> Local {
        let mut whole = self.state(column, local).clone();
        if let Local::Channel(queues) = &mut whole {
            let receiver = column - self.plan.inbox(0);
            readdress(queues, TabId(receiver as u8));
        }
        whole
    }

    /// What is in a column.
    pub(super) fn state(&self, column: usize, local: u32) -> &Local {
        self.locals[self.role(column)].get(local)
    }

    /// An inbox whose posters have been given other numbers.
    pub(super) fn renumbered(&mut self, inbox: u32, number: impl Fn(TabId) -> TabId) -> u32 {
        let column = self.plan.inbox(0);
        let mut local = self.state(column, inbox).clone();
        if let Local::Channel(queues) = &mut local {
            for ((_, from), _) in &mut *queues {
                *from = number(*from);
            }
            queues.sort_by_key(|(pair, _)| *pair);
        }
        self.local(column, local)
    }

    /// How many ids a column can have so far.
    pub(super) fn count(&self, column: usize) -> usize {
        self.locals[self.role(column)].len()
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
        let state = self.whole(column, local);
        let actor = &self.participants[participant];
        let (next, sent) = actor.react(Id::from(participant), &state, input);
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
        match self.role(column) {
            TAB => self.tabs[local as usize].held,
            INBOX => self.inboxes[local as usize].held,
            role => self.locals[role].get(local).held(),
        }
    }

    /// Stands for what enabledness can ask of a column that is no flight, but for ages.
    #[inline]
    pub(super) fn aspect(&self, column: usize, local: u32) -> u32 {
        self.aspects[self.role(column)][local as usize]
    }

    /// The tabs that have posts waiting in an inbox.
    #[inline]
    pub(super) fn posters(&self, inbox: u32) -> &[TabId] {
        &self.inboxes[inbox as usize].posters
    }

    /// What waits in an inbox as a number, whoever posted it.
    #[inline]
    pub(super) fn shape(&self, inbox: u32) -> u32 {
        self.shape_of_inbox[inbox as usize]
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
        let locals: u64 = self.locals.iter().map(|locals| locals.bytes(64)).sum();
        let inboxes = self.inboxes.len() * (size_of::<InboxFacts>() + 4) + self.shapes.len() * 64;
        let facts = self.tabs.len() * size_of::<TabFacts>() + inboxes;
        let deeds = self.deeds_of_tabs.len() * (size_of::<Deed>() + 256);
        locals + self.messages.bytes(0) + (facts + deeds) as u64
    }
}

/// Makes posts wait for another receiver.
fn readdress(queues: &mut ChannelState, receiver: TabId) {
    for ((to, _), _) in queues {
        *to = receiver;
    }
}
