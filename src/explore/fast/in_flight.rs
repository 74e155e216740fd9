//! What is on its way between a tab and the mint sources.

use super::intern::Interner;
use crate::cache::RequestKind;
use crate::model::{Leg, Msg, NetworkFacts};
use crate::vocabulary::Instants;

/// The collection of a tab for which nothing is on its way.
pub(super) const NOTHING: u32 = 0;

/// The collections of messages on their way between one tab and the mint sources, by id.
#[derive(Default)]
pub(super) struct InFlight {
    /// The messages' ids, sorted by leg and kind, of which there is one each, but for reloads.
    collections: Interner<Vec<u32>>,
    facts: Vec<CollectionFacts>,
    summaries: Vec<FlightSummary>,
    /// What enabledness can ask of a collection.
    network: Interner<NetworkFacts>,
}

/// What is asked of a collection.
#[derive(Default)]
struct CollectionFacts {
    requests: Box<[InFlightMessage]>,
    responses: Box<[InFlightMessage]>,
    held: Instants,
    /// Something other than a sign-out or a reload is on its way.
    asks: bool,
}

/// What is asked of a collection for every vector: little, so that all of it stays in the processor's cache.
struct FlightSummary {
    /// Stands for what enabledness can ask.
    network: u32,
    /// How many messages there are.
    count: u32,
}

/// A message on its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct InFlightMessage {
    pub(super) kind: RequestKind,
    /// The message's id.
    pub(super) message: u32,
    /// The collection without it.
    pub(super) without: u32,
}

impl InFlight {
    /// Knows only [`NOTHING`].
    pub(super) fn new() -> InFlight {
        let mut known = InFlight::default();
        known.collect(Vec::new(), &Interner::default());
        known
    }

    /// The collection with these messages, of which there is one for each leg and kind, but for
    /// reloads, which are all alike.
    pub(super) fn collect(&mut self, mut ids: Vec<u32>, messages: &Interner<Msg>) -> u32 {
        ids.sort_by_key(|&id| messages.get(id).flight());
        if let Some(known) = self.collections.find(&ids) {
            return known;
        }
        // What is left without a message comes first: every message is taken sooner or later.
        let mut found = Vec::new();
        for (place, &message) in ids.iter().enumerate() {
            if let Some((leg, kind)) = messages.get(message).flight() {
                let mut without = ids.clone();
                without.remove(place);
                let without = self.collect(without, messages);
                let on_its_way = InFlightMessage {
                    kind,
                    message,
                    without,
                };
                found.push((leg, on_its_way));
            }
        }
        let of_leg = |wanted| {
            let of_leg = found.iter().filter(move |(leg, _)| *leg == wanted);
            of_leg.map(|&(_, on_its_way)| on_its_way).collect()
        };
        let requests: Box<[InFlightMessage]> = of_leg(Leg::Request);
        let responses: Box<[InFlightMessage]> = of_leg(Leg::Response);
        let asked = |of: &InFlightMessage| {
            let request = messages.get(of.message).request()?;
            Some((request.kind, request.org))
        };
        let answered = responses.iter().map(|on_its_way| on_its_way.kind);
        let network = NetworkFacts::new(
            requests.iter().filter_map(asked).collect(),
            answered.collect(),
        );
        let kinds = requests.iter().chain(&responses).map(|of| of.kind);
        let asks = kinds.into_iter().any(RequestKind::brings_a_token);
        let held = ids.iter().filter_map(|&id| messages.get(id).held());
        self.facts.push(CollectionFacts {
            requests,
            responses,
            held: held.collect(),
            asks,
        });
        self.summaries.push(FlightSummary {
            network: self.network.intern(network).0,
            count: ids.len() as u32,
        });
        self.collections.intern(ids).0
    }

    /// Number of collections known so far.
    pub(super) fn len(&self) -> usize {
        self.collections.len()
    }

    /// The messages of a collection.
    pub(super) fn messages(&self, flight: u32) -> &[u32] {
        self.collections.get(flight)
    }

    /// What is on its way on one leg.
    #[inline]
    pub(super) fn on_leg(&self, flight: u32, leg: Leg) -> &[InFlightMessage] {
        let facts = &self.facts[flight as usize];
        match leg {
            Leg::Request => &facts.requests,
            Leg::Response => &facts.responses,
        }
    }

    /// Stands for what enabledness can ask of a collection.
    #[inline]
    pub(super) fn network(&self, flight: u32) -> u32 {
        self.summaries[flight as usize].network
    }

    /// What enabledness can ask of a collection, given what stands for it.
    pub(super) fn network_facts(&self, network: u32) -> &NetworkFacts {
        self.network.get(network)
    }

    /// How many messages are on their way.
    #[inline]
    pub(super) fn count(&self, flight: u32) -> u32 {
        self.summaries[flight as usize].count
    }

    /// Something other than a sign-out or a reload is on its way.
    #[inline]
    pub(super) fn asks(&self, flight: u32) -> bool {
        self.facts[flight as usize].asks
    }

    /// When the tokens in it were minted.
    #[inline]
    pub(super) fn held(&self, flight: u32) -> Instants {
        self.facts[flight as usize].held
    }

    /// The collection with one more message.
    pub(super) fn with(&mut self, flight: u32, message: u32, messages: &Interner<Msg>) -> u32 {
        let mut ids = self.messages(flight).to_vec();
        ids.push(message);
        self.collect(ids, messages)
    }

    /// Memory in bytes, about.
    pub(super) fn bytes(&self) -> u64 {
        let found = 4 * (size_of::<InFlightMessage>() + size_of::<u32>());
        let each = size_of::<CollectionFacts>() + size_of::<FlightSummary>() + found;
        let facts = self.facts.len() * each;
        self.collections.bytes(16) + self.network.bytes(16) + facts as u64
    }
}
