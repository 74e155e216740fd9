//! The participants: their local states by id, and what they do.

#[cfg(feature = "cluster")]
use super::cluster::stable;
use super::column::{ColumnPlan, SHARED};
use super::events::{DRIVER_BITS, NARROW_BITS};
use super::intern::Interner;
use super::reaction::{InputCode, MAX_MESSAGE, Sent, Target};
use super::recent::Recent;
use crate::explore::outcome::RowSet;
use crate::model::{
    ChannelState, ClockFacts, DriverFacts, Evidence, Handling, InboxFacts, JarFacts, Local,
    MintsFacts, Msg, Participant, Post, TabFacts,
};
use crate::property::{Calls, Monitor, Monitored, ReadableRank, StepFindings};
use crate::vocabulary::{Instants, TabId, TabSet};
use stateright::actor::Id;
use std::borrow::Cow;

/// The kind that all tabs share: equal states of different tabs have the same id.
const TAB: usize = 0;

/// The kind that all inboxes share.
const INBOX: usize = 1;

/// All kinds: every shared participant but the channel has one of its own.
const KINDS_OF_LOCALS: usize = 2 + SHARED;

/// What an input made a participant do.
#[derive(Clone, Debug)]
pub(super) struct LocalStep {
    /// The id of what is in the column afterwards.
    pub(super) next: u32,
    /// What was sent, in order.
    pub(super) sent: Vec<Sent>,
    /// What the evidence says by itself, without any tab's history.
    pub(super) findings: StepFindings,
    pub(super) evidence: Vec<Evidence>,
}

/// What is projected from a tab's state, beside its facts.
#[derive(Clone, Copy, Debug)]
pub(super) struct TabProjection {
    /// The rank of the readable token, if there is one.
    pub(super) readable: Option<ReadableRank>,
    /// What the calls of its page wait for.
    pub(super) calls: Calls,
    held: Instants,
}

/// What a tab with its history is asked for in every step: little, so that all of it stays in the processor's
/// cache.
#[derive(Clone, Copy, Debug)]
pub(super) struct TabSummary {
    /// The tab's local state.
    pub(super) tab: u32,
    /// Stands for what enabledness can ask of that.
    pub(super) facts: u32,
}

/// What is projected from an inbox, beside its facts.
struct InboxProjection {
    senders: TabSet,
    held: Instants,
}

/// What enabledness can ask of the participants, by number.
#[derive(Default)]
pub(super) struct FactTables {
    pub(super) tabs: Interner<TabFacts>,
    pub(super) inboxes: Interner<InboxFacts>,
    pub(super) mints: Interner<MintsFacts>,
    pub(super) jars: Interner<JarFacts>,
    pub(super) clocks: Interner<ClockFacts>,
    pub(super) drivers: Interner<DriverFacts>,
}

impl FactTables {
    /// Stands for all that enabledness can ask of a local state, but for ages.
    fn number(&mut self, local: &Local) -> u32 {
        match local {
            Local::Tab(tab) => self.tabs.intern(tab.into()).0,
            Local::Channel(queues) => self.inboxes.intern(queues.into()).0,
            Local::Mints(mints) => within(self.mints.intern(mints.into()).0, NARROW_BITS),
            Local::Jar(jar) => within(self.jars.intern(jar.into()).0, NARROW_BITS),
            Local::Clock(clock) => within(self.clocks.intern(clock.into()).0, NARROW_BITS),
            Local::Driver(budgets) => within(self.drivers.intern(budgets.into()).0, DRIVER_BITS),
        }
    }
}

/// Facts of shared participants are a few flags.
fn within(number: u32, bits: u32) -> u32 {
    assert!(
        number < 1 << bits,
        "a shared participant has too many facts"
    );
    number
}

/// What waits in an inbox: posts and the number of sign-outs, of each sender, in any order.
type InboxMultiset = Vec<(Vec<Post>, u8)>;

/// Runs the participants' own code, on local states that are known by id.
///
/// An inbox is the channel's state as far as it is about one receiver. The channel's own code is
/// run on that alone, and of what it makes of it only what is about the receiver is kept. Whose
/// inbox it is does not belong to its id: there the receiver is always tab 0.
pub(super) struct LocalStates<'m> {
    monitor: &'m Monitor,
    participants: &'m [Participant],
    plan: ColumnPlan,
    messages: Interner<Msg>,
    locals: [Interner<Local>; KINDS_OF_LOCALS],
    /// What enabledness can ask.
    pub(super) facts: FactTables,
    /// By column kind and local state: the number in its table.
    facts_of: [Vec<u32>; KINDS_OF_LOCALS],
    /// What tabs did of late, by local state and input: it is asked for again for each history.
    steps_of_tabs: Recent<(u32, InputCode), LocalStep>,
    tabs: Vec<TabProjection>,
    /// Of each tab's local state a hash, by value.
    #[cfg(feature = "cluster")]
    pub(super) hashes: Vec<u64>,
    inboxes: Vec<InboxProjection>,
    /// Number of what waits in each inbox, whoever sent it.
    multiset_of_inbox: Vec<u32>,
    multisets: Interner<InboxMultiset>,
    /// The rows of the decision table that were decided by so far.
    pub(super) rows: RowSet,
}

impl<'m> LocalStates<'m> {
    /// Nobody has done anything yet.
    pub(super) fn new(model: &'m Monitored, plan: ColumnPlan) -> LocalStates<'m> {
        LocalStates {
            monitor: model.monitor(),
            participants: model.model().participants(),
            plan,
            messages: Interner::default(),
            locals: Default::default(),
            #[cfg(feature = "cluster")]
            hashes: Vec::new(),
            facts: FactTables::default(),
            facts_of: Default::default(),
            steps_of_tabs: Recent::default(),
            tabs: Vec::new(),
            inboxes: Vec::new(),
            multiset_of_inbox: Vec::new(),
            multisets: Interner::default(),
            rows: RowSet::default(),
        }
    }

    #[inline]
    fn kind(&self, column: usize) -> usize {
        if column < self.plan.tabs {
            TAB
        } else {
            (column + 2).saturating_sub(2 * self.plan.tabs).max(INBOX)
        }
    }

    pub(super) fn messages(&self) -> &Interner<Msg> {
        &self.messages
    }

    /// A message's id.
    pub(super) fn message(&mut self, message: Msg) -> u32 {
        let message = self.messages.intern(message).0;
        assert!(message <= MAX_MESSAGE, "too many messages to be told apart");
        message
    }

    /// The id of the part of a participant's local state that is in a column.
    pub(super) fn local(&mut self, column: usize, local: Local) -> u32 {
        let local = self.part(column, local);
        let kind = self.kind(column);
        let (id, is_new) = self.locals[kind].intern(local);
        if !is_new {
            return id;
        }
        let local = self.locals[kind].get(id);
        self.facts_of[kind].push(self.facts.number(local));
        match local {
            Local::Tab(tab) => {
                self.tabs.push(TabProjection {
                    readable: ReadableRank::of(tab),
                    calls: Calls::of(tab),
                    held: local.held(),
                });
                #[cfg(feature = "cluster")]
                self.hashes.push(stable(local));
            }
            Local::Channel(inbox) => {
                let multiset = multiset(inbox);
                let multiset = self.multisets.intern(multiset).0;
                self.multiset_of_inbox.push(multiset);
                self.inboxes.push(InboxProjection {
                    senders: InboxFacts::from(inbox).senders(),
                    held: local.held(),
                });
            }
            Local::Mints(_) | Local::Jar(_) | Local::Clock(_) | Local::Driver(_) => {}
        }
        id
    }

    /// What of a participant's local state belongs into a column: of the channel's one inbox, of
    /// others everything.
    fn part(&self, column: usize, local: Local) -> Local {
        let Local::Channel(channel) = local else {
            return local;
        };
        let mut inbox = channel.inbox(self.receiver(column));
        readdress(&mut inbox, TabId(0));
        Local::Channel(inbox)
    }

    /// Whose inbox is in a column.
    fn receiver(&self, column: usize) -> TabId {
        TabId((column - self.plan.inbox(0)) as u8)
    }

    /// A local state with what is in a column, and with nothing that is not in it.
    pub(super) fn whole(&self, column: usize, local: u32) -> Cow<'_, Local> {
        match self.state(column, local) {
            Local::Channel(inbox) => {
                let mut inbox = inbox.clone();
                readdress(&mut inbox, self.receiver(column));
                Cow::Owned(Local::Channel(inbox))
            }
            whole => Cow::Borrowed(whole),
        }
    }

    pub(super) fn state(&self, column: usize, local: u32) -> &Local {
        self.locals[self.kind(column)].get(local)
    }

    /// An inbox whose senders have been given other numbers.
    pub(super) fn renumbered(&mut self, inbox: u32, number: impl Fn(TabId) -> TabId) -> u32 {
        let column = self.plan.inbox(0);
        let mut local = self.state(column, inbox).clone();
        if let Local::Channel(inbox) = &mut local {
            for ((_, from), _) in &mut inbox.posts {
                *from = number(*from);
            }
            for ((_, from), _) in &mut inbox.sign_outs {
                *from = number(*from);
            }
            inbox.posts.sort_by_key(|(pair, _)| *pair);
            inbox.sign_outs.sort_by_key(|(pair, _)| *pair);
        }
        self.local(column, local)
    }

    /// How many ids a column can have so far.
    pub(super) fn count(&self, column: usize) -> usize {
        self.locals[self.kind(column)].len()
    }

    /// What an input makes a tab do. It is to be [kept](LocalStates::keep) afterwards.
    ///
    /// Tabs run the same code and their own number only turns up in their evidence, so what one
    /// does another would do in the same state: the audit compares them all with the model.
    pub(super) fn run_in_tab(&mut self, tab: usize, local: u32, input: InputCode) -> LocalStep {
        let known = self.steps_of_tabs.take(&(local, input));
        known.unwrap_or_else(|| self.run_handler(tab, local, input))
    }

    /// Remembers for some time what an input made a tab do.
    pub(super) fn keep(&mut self, local: u32, input: InputCode, step: LocalStep) {
        self.steps_of_tabs.put((local, input), step);
    }

    /// Runs a handler of the participant that a column belongs to.
    pub(super) fn run_handler(&mut self, column: usize, local: u32, code: InputCode) -> LocalStep {
        let participant = self.plan.participant(column);
        let (from, message) = code.sent();
        let message = self.messages.get(message).clone();
        let state = self.whole(column, local);
        let actor = &self.participants[participant];
        let (next, sent) = actor.react(Id::from(participant), &state, Id::from(from), message);
        drop(state);
        let mut step = LocalStep {
            next: match next {
                Some(next) => self.local(column, next),
                None => local,
            },
            sent: Vec::new(),
            findings: StepFindings::default(),
            evidence: Vec::new(),
        };
        for (to, message) in sent {
            match message {
                Msg::Saw(item) => {
                    let shared = self.monitor.judge_shared(&item);
                    step.findings = step.findings.or(shared);
                    let comparison = item.comparison();
                    self.rows.extend(comparison.and_then(|c| c.decision.row));
                    step.evidence.push(item);
                }
                message => step
                    .sent
                    .push(self.address(participant, usize::from(to), message)),
            }
        }
        step
    }

    /// Where a message of a participant goes.
    fn address(&mut self, from: usize, to: usize, message: Msg) -> Sent {
        let plan = self.plan;
        let target = match (&message, message.flight()) {
            (_, Some(_)) if from < plan.tabs => Target::OwnFlight,
            (_, Some(_)) => Target::Column(plan.in_flight(to) as u8, Handling::Adds),
            (Msg::Tab(_), None) => Target::Column(to as u8, Handling::Changes),
            (Msg::Channel(msg), None) => match msg.receiver() {
                Some(receiver) => {
                    Target::Column(plan.inbox(receiver.index()) as u8, msg.handling())
                }
                None => Target::Inboxes(msg.handling()),
            },
            (Msg::Mints(_) | Msg::Jar(_) | Msg::Clock(_) | Msg::Driver(_) | Msg::Saw(_), None) => {
                Target::Column(plan.shared(to) as u8, Handling::Changes)
            }
        };
        let message = self.message(message);
        // Tabs share what they do, so their messages get a sender only when they are sent.
        let sender = if from < plan.tabs { 0 } else { from };
        Sent {
            input: InputCode::new(sender, message),
            target,
        }
    }

    /// What the properties look at in a tab.
    #[inline]
    pub(super) fn tab(&self, local: u32) -> &TabProjection {
        &self.tabs[local as usize]
    }

    /// When the tokens in a column were minted.
    pub(super) fn held(&self, column: usize, local: u32) -> Instants {
        match self.kind(column) {
            TAB => self.tabs[local as usize].held,
            INBOX => self.inboxes[local as usize].held,
            kind => self.locals[kind].get(local).held(),
        }
    }

    /// Stands for what enabledness can ask of a column that is no flight, but for ages.
    pub(super) fn facts_of(&self, column: usize, local: u32) -> u32 {
        self.facts_of[self.kind(column)][local as usize]
    }

    #[inline]
    pub(super) fn facts_of_inbox(&self, inbox: u32) -> u32 {
        self.facts_of[INBOX][inbox as usize]
    }

    /// As [`LocalStates::facts_of`], given a shared participant's place among those with a column.
    #[inline]
    pub(super) fn facts_of_shared(&self, shared: usize, local: u32) -> u32 {
        self.facts_of[INBOX + 1 + shared][local as usize]
    }

    /// The tabs of which something waits in an inbox.
    #[inline]
    pub(super) fn senders(&self, inbox: u32) -> TabSet {
        self.inboxes[inbox as usize].senders
    }

    /// What waits in an inbox, whoever sent it.
    #[cfg(feature = "cluster")]
    pub(super) fn waiting(&self, inbox: u32) -> &impl std::hash::Hash {
        self.multisets.get(self.inbox_multiset(inbox))
    }

    /// What waits in an inbox as a number, whoever sent it.
    #[inline]
    pub(super) fn inbox_multiset(&self, inbox: u32) -> u32 {
        self.multiset_of_inbox[inbox as usize]
    }

    /// Memory in bytes, about.
    pub(super) fn bytes(&self) -> u64 {
        // A tab's state owns fetches, the channel's queues.
        let locals: u64 = self.locals.iter().map(|locals| locals.bytes(64)).sum();
        let inboxes =
            self.inboxes.len() * (size_of::<InboxProjection>() + 4) + self.multisets.len() * 64;
        let facts = self.tabs.len() * size_of::<TabProjection>() + inboxes;
        #[cfg(feature = "cluster")]
        let facts = facts + 8 * self.hashes.len();
        locals + self.messages.bytes(0) + self.steps_of_tabs.bytes() + facts as u64
    }
}

/// Makes an inbox another tab's.
fn readdress(inbox: &mut ChannelState, receiver: TabId) {
    for ((to, _), _) in &mut inbox.posts {
        *to = receiver;
    }
    for ((to, _), _) in &mut inbox.sign_outs {
        *to = receiver;
    }
    if !inbox.away.is_empty() {
        inbox.away = TabSet::NONE.with(receiver);
    }
}

/// What waits in an inbox of each sender, whoever that is.
fn multiset(inbox: &ChannelState) -> InboxMultiset {
    let senders = InboxFacts::from(inbox).senders();
    let of_sender = |sender: TabId| {
        let mut posts = inbox.posts.iter();
        let posts = posts.find(|((_, from), _)| *from == sender);
        let mut sign_outs = inbox.sign_outs.iter();
        let sign_outs = sign_outs.find(|((_, from), _)| *from == sender);
        (
            posts.map(|(_, posts)| posts.clone()).unwrap_or_default(),
            sign_outs.map_or(0, |(_, count)| *count),
        )
    };
    let mut multiset: InboxMultiset = senders.iter().map(of_sender).collect();
    multiset.sort();
    multiset
}
