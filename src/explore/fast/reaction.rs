//! What an input does to what is in a column, remembered.

use super::layout::MAX_COLUMNS;
use super::memo::Memo;
use super::plan::Plan;
use crate::cache::FetchId;
use crate::model::{Event, TabId};
use crate::property::Verdicts;
use rustc_hash::FxHashMap;

/// An input in one number: a choice, or a message's id with its sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct InputCode(u32);

/// Stands for the sender where there is none.
const CHOICE: u32 = 15;

impl InputCode {
    /// A message from a participant.
    #[inline]
    pub(super) const fn message(from: usize, message: u32) -> InputCode {
        InputCode(message << 4 | from as u32)
    }

    /// A participant's own choice.
    #[inline]
    pub(super) fn choice(event: Event) -> InputCode {
        let of = |tab: TabId, fetch: Option<FetchId>| {
            let fetch = fetch.map_or(0, |id| 1 + u32::from(id.0));
            fetch << 3 | u32::from(tab.0)
        };
        let pair = |a: TabId, b: TabId| u32::from(a.0) << 3 | u32::from(b.0);
        let (kind, details) = match event {
            Event::Tick => (0, 0),
            Event::Age(age) => (1, u32::from(age.0)),
            Event::InTab(stimulus, tab) => (2, (stimulus as u32) << 3 | u32::from(tab.0)),
            Event::Fail(tab, fetch) => (3, of(tab, fetch)),
            Event::Deliver { to, from } => (4, pair(to, from)),
            Event::Lose { to, from } => (5, pair(to, from)),
            Event::LoseCookie => (6, 0),
            Event::Rollout => (7, 0),
            Event::OiatOn => (8, 0),
            Event::Mint(tab, fetch) => (9, of(tab, fetch)),
            Event::Respond(tab, fetch) => (10, of(tab, fetch)),
        };
        InputCode((kind << 12 | details) << 4 | CHOICE)
    }

    /// Who sent which message, unless it is a choice.
    pub(super) const fn sent(self) -> Option<(usize, u32)> {
        match self.0 & 0xf {
            CHOICE => None,
            from => Some((from as usize, self.0 >> 4)),
        }
    }
}

/// Where something sent goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Target {
    /// Into this column.
    Column(u8),
    /// Into every inbox: a message to the channel.
    Inboxes,
    /// To what is on its way between the sender, which is a tab, and the mint sources.
    OwnFlight,
}

/// Something sent in a reaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sent {
    /// The message with its sender; with sender 0 where [`Reactions`] are shared by all tabs.
    pub(super) input: InputCode,
    /// Where it goes.
    pub(super) target: Target,
}

/// What an input does to what is in a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reaction {
    /// The column's id afterwards.
    pub(super) next: u32,
    /// What else comes of it, as a number: there are few of these.
    pub(super) outcome: u32,
}

/// What comes of an input beside the column's next id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Outcome {
    /// What it says of the properties.
    pub(super) verdicts: Verdicts,
    /// What is sent, in order.
    pub(super) sent: Box<[Sent]>,
}

/// The number of the outcome that is none.
pub(super) const NOTHING: u32 = 0;

/// [`Outcome`], with what is sent as a range of all that is.
struct Said {
    verdicts: Verdicts,
    first: u32,
    end: u32,
}

/// The reactions known so far, of all columns.
///
/// Tabs run the same code, so equal seats react equally, whoever sits there, up to the sender of
/// what they send. The same goes for what is on its way for them.
pub(super) struct Reactions {
    /// The column's next id, and the number of the outcome.
    known: Memo<[u32; 2]>,
    numbers: FxHashMap<Outcome, u32>,
    outcomes: Vec<Said>,
    sent: Vec<Sent>,
    plan: Plan,
    /// What distinguishes ids of different columns, in the bits above those of ids.
    tags: [u32; MAX_COLUMNS],
}

/// Ids are less than this power of two.
const ID_BITS: u32 = 28;

impl Reactions {
    /// Nothing known.
    pub(super) fn new(plan: Plan) -> Reactions {
        let mut tags = [0; MAX_COLUMNS];
        for (column, tag) in tags[..plan.columns()].iter_mut().enumerate() {
            let kind = if column < plan.tabs {
                0
            } else if plan.flights().contains(&column) {
                1
            } else {
                2 + column - plan.tabs
            };
            *tag = (kind as u32) << ID_BITS;
        }
        let mut reactions = Reactions {
            known: Memo::default(),
            numbers: FxHashMap::default(),
            outcomes: Vec::new(),
            sent: Vec::new(),
            plan,
            tags,
        };
        let nothing = reactions.number(Outcome::default());
        debug_assert_eq!(nothing, NOTHING);
        reactions
    }

    fn number(&mut self, outcome: Outcome) -> u32 {
        if let Some(&known) = self.numbers.get(&outcome) {
            return known;
        }
        let number = self.outcomes.len() as u32;
        let first = self.sent.len() as u32;
        self.sent.extend_from_slice(&outcome.sent);
        self.outcomes.push(Said {
            verdicts: outcome.verdicts,
            first,
            end: self.sent.len() as u32,
        });
        self.numbers.insert(outcome, number);
        number
    }

    /// What is known of this input in this column.
    #[inline]
    pub(super) fn get(&self, column: usize, id: u32, input: InputCode) -> Option<Reaction> {
        let tag = self.tags[column % MAX_COLUMNS];
        let known = self.known.get(tag | id, input.0);
        known.map(|[next, outcome]| Reaction { next, outcome })
    }

    /// Loads what is known of this input in this column into the processor's cache.
    #[inline]
    pub(super) fn prefetch(&self, column: usize, id: u32, input: InputCode) {
        self.known.prefetch(self.tags[column] | id, input.0);
    }

    /// Remembers what an input that nothing is known of does in a column.
    pub(super) fn insert(
        &mut self,
        column: usize,
        id: u32,
        input: InputCode,
        next: u32,
        outcome: Outcome,
    ) -> Reaction {
        let reaction = Reaction {
            next,
            outcome: self.number(outcome),
        };
        let known = [reaction.next, reaction.outcome];
        self.known.insert(self.tags[column] | id, input.0, known);
        reaction
    }

    /// What comes of a reaction: which column hears which input is put at the end of a list.
    #[inline]
    pub(super) fn deliver(
        &self,
        column: usize,
        reaction: Reaction,
        to: &mut Vec<(u8, InputCode)>,
    ) -> Verdicts {
        let outcome = &self.outcomes[reaction.outcome as usize];
        let sender = if column < self.plan.tabs {
            column as u32
        } else {
            0
        };
        for sent in &self.sent[outcome.first as usize..outcome.end as usize] {
            let input = InputCode(sent.input.0 | sender);
            match sent.target {
                Target::Column(target) => to.push((target, input)),
                Target::Inboxes => to.extend(self.plan.inboxes().map(|inbox| (inbox as u8, input))),
                Target::OwnFlight => to.push((self.plan.flight(column) as u8, sent.input)),
            }
        }
        outcome.verdicts
    }

    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        let each = size_of::<Outcome>() + 4 * size_of::<Sent>() + 24;
        self.known.bytes() + (self.outcomes.len() * each) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Stimulus;

    #[test]
    fn inputs_have_different_codes() {
        let fetches = [None, Some(FetchId(0)), Some(FetchId(255))];
        let tabs = (0..8).map(TabId);
        let mut events = vec![
            Event::Tick,
            Event::LoseCookie,
            Event::Rollout,
            Event::OiatOn,
        ];
        events.extend((0..=255).map(|age| Event::Age(crate::model::Age(age))));
        for tab in tabs.clone() {
            events.extend(Stimulus::ALL.map(|stimulus| Event::InTab(stimulus, tab)));
            events.extend(fetches.map(|fetch| Event::Fail(tab, fetch)));
            events.extend(fetches.map(|fetch| Event::Mint(tab, fetch)));
            events.extend(fetches.map(|fetch| Event::Respond(tab, fetch)));
            events.extend(tabs.clone().map(|from| Event::Deliver { to: tab, from }));
            events.extend(tabs.clone().map(|from| Event::Lose { to: tab, from }));
        }
        let choices = events.iter().map(|&event| InputCode::choice(event));
        let messages = (0..13).flat_map(|from| (0..99).map(move |m| InputCode::message(from, m)));
        let mut codes: Vec<u32> = choices.chain(messages).map(|code| code.0).collect();
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
        assert_eq!(InputCode::message(12, 7).sent(), Some((12, 7)));
        assert_eq!(InputCode::choice(Event::Tick).sent(), None);
    }
}
