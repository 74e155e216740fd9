//! What can happen in a vector, remembered.

use super::column::SHARED;
use super::memo::Memo;
use super::reaction::InputCode;
use super::sleep::EventNumber;
use crate::cache::RequestKind;
use crate::model::{Event, Handling, Leg, Shared};
use crate::vocabulary::TabId;
use rustc_hash::FxHashMap;

/// An event that can happen, and how it begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct EnabledEvent {
    pub(super) event: Event,
    pub(super) number: EventNumber,
    /// See [`labels`](super::sleep::labels).
    #[cfg(feature = "cluster")]
    pub(super) name: u64,
    /// What is taken from what is on its way.
    pub(super) taken: Option<(TabId, Leg, RequestKind)>,
    /// The tab of which nothing is on its way any more.
    pub(super) cleared: Option<TabId>,
    /// The column that hears of it first.
    pub(super) column: u8,
    /// What that does to the column.
    pub(super) handling: Handling,
    /// What it hears; of an arrival, the message that is taken from this sender.
    pub(super) hears: Hears,
}

/// What the first participant hears.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hears {
    /// Something from the composition.
    Said(InputCode),
    /// The message that arrives, with its sender.
    Arrival(u8),
}

/// What can happen, for each distinct combination of all that enabledness looks at.
#[derive(Default)]
pub(super) struct EventLists {
    /// Numbers of sequences, by the number of the sequence without its last member and that one.
    pub(super) signatures: Memo<u32>,
    /// By the number of a sequence: what a vector permits whose signature it is.
    pub(super) lists: Vec<Option<EventRange>>,
    /// Lists that are equal are in the same place: they are read for every vector.
    pub(super) places: FxHashMap<Box<[Event]>, EventRange>,
    /// All lists, one after the other: positions among the events that have been listed.
    pub(super) all: Vec<u16>,
    pub(super) listed: Vec<EnabledEvent>,
    pub(super) numbers: FxHashMap<Event, u16>,
    pub(super) scratch: Vec<Event>,
}

/// Some events in the list of all.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct EventRange {
    pub(super) first: u32,
    pub(super) len: u32,
    /// None of them has to happen.
    pub(super) is_stuck: bool,
}

impl EventRange {
    /// How many there are.
    #[inline]
    pub(super) fn len(self) -> usize {
        self.len as usize
    }
}

impl EventLists {
    /// The events found, in the model's order.
    #[inline]
    pub(super) fn get(&self, found: EventRange) -> impl ExactSizeIterator<Item = &EnabledEvent> {
        let list = &self.all[found.first as usize..][..found.len as usize];
        list.iter().map(|&listed| &self.listed[usize::from(listed)])
    }

    pub(super) fn at(&self, found: EventRange, number: usize) -> EnabledEvent {
        let listed = self.all[found.first as usize + number];
        self.listed[usize::from(listed)]
    }

    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        let events = self.all.capacity() * size_of::<u16>();
        let listed =
            self.listed.capacity() * (size_of::<EnabledEvent>() + size_of::<(Event, u16)>());
        let lists = self.lists.capacity() * size_of::<Option<EventRange>>();
        let places = self.places.capacity() * size_of::<(Box<[Event]>, EventRange)>()
            + self.all.len() * size_of::<Event>();
        self.signatures.bytes() + (lists + places + events + listed) as u64
    }

    /// Gives a sequence with one more member a number.
    pub(super) fn number(&mut self, sequence: u32, last: u32) {
        let number = self.lists.len() as u32;
        assert!(number < OF_SHARED, "too many combinations of facts");
        self.lists.push(None);
        self.signatures.insert(sequence, last, number);
    }
}

/// Bits for what stands for a shared participant's facts, but for those of the last one.
pub(super) const NARROW_BITS: u32 = FIRST_BITS / (SHARED as u32 - 1);

/// Bits below those that tell what a sequence begins with.
pub(super) const FIRST_BITS: u32 = 29;

/// Bits of the next age, which is a byte, or none.
pub(super) const AGE_BITS: u32 = 9;

/// Bits for what stands for the facts of a tab, and of an inbox, where they are few.
pub(super) const PAIR_BITS: u32 = 15;

/// Facts of shared participants begin a sequence. Whatever is not marked is the number of one.
pub(super) const OF_SHARED: u32 = 1 << FIRST_BITS;

/// Facts of a tab and its inbox.
pub(super) const OF_TABS: u32 = 1 << 31;

/// The same, where they are many.
pub(super) const OF_WIDE_TABS: u32 = 3 << 30;

/// Bits for what stands for the facts of the last shared participant: beside them is the next age.
pub(super) const DRIVER_BITS: u32 = u32::BITS - AGE_BITS;

// That is the driver. Its facts are the stimuli that have a budget left.
const _: () = assert!(Shared::ALL.len() == Shared::Driver as usize + 1);
