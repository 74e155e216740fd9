//! What an input does to what is in a column, remembered.

use super::layout::MAX_COLUMNS;
use super::memo::Memo;
use super::plan::Plan;
use crate::cache::FetchId;
use crate::model::{Event, TabId};
use crate::property::Verdicts;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Into this column.
    Column(u8),
    /// Into every inbox: a message to the channel.
    Inboxes,
    /// To what is on its way between the sender, which is a tab, and the mint sources.
    OwnFlight,
}

/// Something sent in a reaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    /// The message with its sender; with sender 0 where [`Reactions`] are shared by all tabs.
    pub(super) input: InputCode,
    /// Where it goes.
    pub(super) target: Target,
}

/// What an input does to what is in a column.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reaction {
    /// The column's id afterwards.
    pub(super) next: u32,
    first_sent: u32,
    sent: u16,
    /// What it says of the properties.
    pub(super) verdicts: Verdicts,
}

/// The reactions known so far, of all columns.
///
/// Tabs run the same code, so equal seats react equally, whoever sits there, up to the sender of
/// what they send. The same goes for what is on its way for them.
pub(super) struct Reactions {
    known: Memo<Reaction>,
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
        Reactions {
            known: Memo::default(),
            sent: Vec::new(),
            plan,
            tags,
        }
    }

    /// What is known of this input in this column.
    #[inline]
    pub(super) fn get(&self, column: usize, id: u32, input: InputCode) -> Option<Reaction> {
        self.known.get(self.tags[column] | id, input.0)
    }

    /// Remembers what an input that nothing is known of does in a column.
    pub(super) fn insert(
        &mut self,
        column: usize,
        id: u32,
        input: InputCode,
        next: u32,
        sent: &[Sent],
        verdicts: Verdicts,
    ) -> Reaction {
        let reaction = Reaction {
            next,
            first_sent: self.sent.len() as u32,
            sent: sent.len() as u16,
            verdicts,
        };
        self.sent.extend_from_slice(sent);
        self.known.insert(self.tags[column] | id, input.0, reaction);
        reaction
    }

    /// Lists what is sent in a reaction of a column: which column gets which input.
    #[inline]
    pub(super) fn deliver(
        &self,
        column: usize,
        reaction: &Reaction,
        to: &mut Vec<(u8, InputCode)>,
    ) {
        let first = reaction.first_sent as usize;
        for sent in &self.sent[first..first + usize::from(reaction.sent)] {
            let sender = if column < self.plan.tabs {
                column as u32
            } else {
                0
            };
            let input = InputCode(sent.input.0 | sender);
            match sent.target {
                Target::Column(target) => to.push((target, input)),
                Target::Inboxes => to.extend(self.plan.inboxes().map(|inbox| (inbox as u8, input))),
                Target::OwnFlight => to.push((self.plan.flight(column) as u8, sent.input)),
            }
        }
    }

    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.known.bytes() + (self.sent.capacity() * size_of::<Sent>()) as u64
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
