//! What an input does to what is in a column, remembered.

use super::column::ColumnPlan;
use super::layout::{Columns, MAX_COLUMNS};
use super::memo::Memo;
use crate::model::{Handling, Shared};
use crate::property::StepFindings;
use crate::vocabulary::MAX_TABS;
use rustc_hash::FxHashMap;

/// An input in one number: a message's id with its sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct InputCode(u32);

/// Bits of a sender's number.
const SENDER_BITS: u32 = 4;

/// The greatest number of a message.
pub(super) const MAX_MESSAGE: u32 = u32::MAX >> SENDER_BITS;

// Tabs, shared participants, and the composition.
const _: () = assert!(MAX_TABS as usize + Shared::ALL.len() < 1 << SENDER_BITS);

impl InputCode {
    /// A message from a participant, or from the composition.
    #[inline]
    pub(super) const fn new(from: usize, message: u32) -> InputCode {
        InputCode(message << SENDER_BITS | from as u32)
    }

    /// Who sent which message.
    pub(super) const fn sent(self) -> (usize, u32) {
        let from = self.0 & ((1 << SENDER_BITS) - 1);
        (from as usize, self.0 >> SENDER_BITS)
    }
}

/// Where something sent goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Target {
    Column(u8, Handling),
    /// Into every inbox: a message to the channel.
    Inboxes(Handling),
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

/// An input that a column has yet to hear.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending {
    pub(super) column: u8,
    /// What it does to the column.
    pub(super) handling: Handling,
    pub(super) input: InputCode,
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
    pub(super) findings: StepFindings,
    /// What is sent, in order.
    pub(super) sent: Box<[Sent]>,
}

/// The number of the outcome that is none.
pub(super) const NOTHING: u32 = 0;

/// Something sent, whoever sends it.
#[derive(Clone, Copy)]
struct Delivery {
    /// The column, or of the tab that sends the column is its number further.
    column: u8,
    handling: Handling,
    /// All bits if the column is the sender's.
    is_own: u8,
    input: InputCode,
    /// All bits if the input tells who has sent it.
    tells_sender: u32,
}

/// [`Outcome`], with what is sent as a range of all that is.
struct Said {
    findings: StepFindings,
    first: u32,
    end: u32,
}

/// The reactions known so far, of all columns.
///
/// Tabs run the same code, so equal tabs with their histories react equally, whichever tab it is,
/// up to the sender of what they send. The same goes for what is on its way for them.
pub(super) struct Reactions {
    /// The column's next id, and the number of the outcome.
    known: Memo<[u32; 2]>,
    numbers: FxHashMap<Outcome, u32>,
    outcomes: Vec<Said>,
    sent: Vec<Delivery>,
    plan: ColumnPlan,
    /// What distinguishes ids of different columns, in the bits above those of ids.
    tags: [u32; MAX_COLUMNS],
}

/// Ids are less than this power of two.
const ID_BITS: u32 = 28;

/// Kinds of columns: tabs with their histories, flights, and each of the others.
const KINDS: usize = 2 + ColumnPlan::most_columns() - 2 * MAX_TABS as usize;

const KIND_OF_TABS: u32 = 0;

const _: () = assert!(
    KINDS <= 1 << (u32::BITS - ID_BITS),
    "the tag of a column does not fit"
);

impl Reactions {
    /// Nothing known.
    pub(super) fn new(plan: ColumnPlan) -> Reactions {
        let mut tags = [0; MAX_COLUMNS];
        for (column, tag) in tags[..plan.columns()].iter_mut().enumerate() {
            let kind = if column < plan.tabs {
                KIND_OF_TABS as usize
            } else if plan.all_in_flight().contains(&column) {
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
        assert_eq!(nothing, NOTHING);
        reactions
    }

    /// Forgets what inputs do to tabs with their histories.
    pub(super) fn forget_tabs(&mut self) {
        self.known
            .retain(|tagged| tagged >> ID_BITS != KIND_OF_TABS);
    }

    fn number(&mut self, outcome: Outcome) -> u32 {
        if let Some(&known) = self.numbers.get(&outcome) {
            return known;
        }
        let number = self.outcomes.len() as u32;
        let first = self.sent.len() as u32;
        for sent in &outcome.sent {
            self.address(sent);
        }
        self.outcomes.push(Said {
            findings: outcome.findings,
            first,
            end: self.sent.len() as u32,
        });
        self.numbers.insert(outcome, number);
        number
    }

    /// Adds what is sent, for each column that hears it.
    fn address(&mut self, sent: &Sent) {
        let delivery = |column: usize, handling| Delivery {
            column: column as u8,
            handling,
            is_own: 0,
            input: sent.input,
            tells_sender: u32::MAX,
        };
        match sent.target {
            Target::Column(column, handling) => {
                self.sent.push(delivery(column.into(), handling));
            }
            Target::Inboxes(handling) => {
                let inboxes = self.plan.inboxes();
                self.sent
                    .extend(inboxes.map(|inbox| delivery(inbox, handling)));
            }
            Target::OwnFlight => self.sent.push(Delivery {
                is_own: u8::MAX,
                tells_sender: 0,
                ..delivery(self.plan.in_flight(0), Handling::Adds)
            }),
        }
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

    #[inline]
    pub(super) fn prefetch_sent(&self, column: usize, reaction: Reaction, columns: &Columns) {
        let outcome = &self.outcomes[reaction.outcome as usize];
        for sent in &self.sent[outcome.first as usize..outcome.end as usize] {
            let Pending { column, input, .. } = self.pending(column, sent);
            let column = usize::from(column) % MAX_COLUMNS;
            self.prefetch(column, columns[column], input);
        }
    }

    /// What somebody hears of something sent.
    #[inline]
    fn pending(&self, column: usize, of: &Delivery) -> Pending {
        let sender = if column < self.plan.tabs {
            column as u8
        } else {
            0
        };
        Pending {
            column: of.column + (sender & of.is_own),
            handling: of.handling,
            input: InputCode(of.input.0 | u32::from(sender) & of.tells_sender),
        }
    }

    /// Remembers what an input that nothing is known of does in a column.
    pub(super) fn insert(
        &mut self,
        column: usize,
        id: u32,
        input: InputCode,
        next: u32,
        outcome: Outcome,
    ) {
        let outcome = self.number(outcome);
        let fits = |id: u32| id >> ID_BITS == 0;
        assert!(
            fits(id) && fits(next),
            "too many local states to be told apart"
        );
        self.known
            .insert(self.tags[column] | id, input.0, [next, outcome]);
    }

    /// What comes of a reaction: which column hears which input is put at the end of a list.
    #[inline]
    pub(super) fn deliver(
        &self,
        column: usize,
        reaction: Reaction,
        to: &mut Vec<Pending>,
    ) -> StepFindings {
        let outcome = &self.outcomes[reaction.outcome as usize];
        // Which of these it is would be hard to foresee, so that nothing branches here.
        let sent = &self.sent[outcome.first as usize..outcome.end as usize];
        to.extend(sent.iter().map(|of| self.pending(column, of)));
        outcome.findings
    }

    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        let each = size_of::<Outcome>() + 4 * size_of::<Delivery>() + 24;
        self.known.bytes() + (self.outcomes.len() * each) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_told_apart_by_sender_and_message() {
        for from in 0..MAX_TABS as usize + Shared::ALL.len() + 1 {
            for message in [0, 1, 99, MAX_MESSAGE] {
                assert_eq!(InputCode::new(from, message).sent(), (from, message));
            }
        }
    }
}
