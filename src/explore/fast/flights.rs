//! What is on its way between a tab and the mint sources.

use super::intern::Interner;
use super::memo::Memo;
use crate::cache::FetchId;
use crate::model::{Instants, Leg, Msg};

/// The flight of a tab for which nothing is on its way.
pub(super) const NOTHING: u32 = 0;

/// A message on its way, by its id. Sorted by leg and fetch, of which there is one each.
type Passenger = ((Leg, Option<FetchId>), u32);

/// The collections of messages on their way between one tab and the mint sources, by id.
#[derive(Default)]
pub(super) struct Flights {
    flights: Interner<Vec<Passenger>>,
    facts: Vec<FlightFacts>,
    with: Memo<u32>,
    without: Memo<u32>,
}

/// What enabledness depends on.
struct FlightFacts {
    requests: Box<[Option<FetchId>]>,
    responses: Box<[Option<FetchId>]>,
    held: Instants,
}

impl Flights {
    /// Knows only [`NOTHING`].
    pub(super) fn new() -> Flights {
        let mut flights = Flights::default();
        flights.intern(Vec::new(), &Interner::default());
        flights
    }

    /// The collection with these messages, of which there is one for each leg and fetch.
    pub(super) fn collect(&mut self, ids: &[u32], messages: &Interner<Msg>) -> u32 {
        let mut passengers: Vec<Passenger> = ids
            .iter()
            .filter_map(|&id| Some((messages.get(id).flight()?, id)))
            .collect();
        passengers.sort_unstable();
        self.intern(passengers, messages)
    }

    fn intern(&mut self, passengers: Vec<Passenger>, messages: &Interner<Msg>) -> u32 {
        let fetches = |wanted| {
            let of_leg = passengers
                .iter()
                .filter(move |((leg, _), _)| *leg == wanted);
            of_leg.map(|((_, fetch), _)| *fetch).collect()
        };
        let facts = FlightFacts {
            requests: fetches(Leg::Request),
            responses: fetches(Leg::Response),
            held: passengers
                .iter()
                .map(|&(_, id)| messages.get(id).held())
                .fold(Instants::NONE, Instants::or),
        };
        let (flight, is_new) = self.flights.intern(passengers);
        if is_new {
            self.facts.push(facts);
        }
        flight
    }

    /// The messages of a collection.
    pub(super) fn messages(&self, flight: u32) -> impl Iterator<Item = u32> {
        self.flights.get(flight).iter().map(|&(_, id)| id)
    }

    /// The fetches with a request on its way.
    #[inline]
    pub(super) fn requests(&self, flight: u32) -> &[Option<FetchId>] {
        &self.facts[flight as usize].requests
    }

    /// The fetches with a response on its way.
    #[inline]
    pub(super) fn responses(&self, flight: u32) -> &[Option<FetchId>] {
        &self.facts[flight as usize].responses
    }

    /// When the tokens in it were minted.
    #[inline]
    pub(super) fn held(&self, flight: u32) -> Instants {
        self.facts[flight as usize].held
    }

    /// The collection with one more message.
    #[inline]
    pub(super) fn with(&mut self, flight: u32, message: u32, messages: &Interner<Msg>) -> u32 {
        if let Some(with) = self.with.get(flight, message) {
            return with;
        }
        let mut ids: Vec<u32> = self.messages(flight).collect();
        ids.push(message);
        let with = self.collect(&ids, messages);
        self.with.insert(flight, message, with);
        with
    }

    /// The message of a leg and fetch, and the collection without it.
    #[inline]
    pub(super) fn take(
        &mut self,
        flight: u32,
        leg: Leg,
        fetch: Option<FetchId>,
        messages: &Interner<Msg>,
    ) -> Option<(u32, u32)> {
        let passengers = self.flights.get(flight);
        let passenger = passengers.iter().find(|(of, _)| *of == (leg, fetch));
        let &(_, message) = passenger?;
        if let Some(without) = self.without.get(flight, message) {
            return Some((message, without));
        }
        let rest: Vec<u32> = self.messages(flight).filter(|&id| id != message).collect();
        let without = self.collect(&rest, messages);
        self.without.insert(flight, message, without);
        Some((message, without))
    }

    /// Memory in bytes, about.
    pub(super) fn bytes(&self) -> u64 {
        let facts = self.facts.len() * (size_of::<FlightFacts>() + 16);
        self.flights.bytes(3 * size_of::<Passenger>())
            + self.with.bytes()
            + self.without.bytes()
            + facts as u64
    }
}
