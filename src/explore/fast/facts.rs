//! What enabledness depends on in a vector.

use super::encoded::Source;
use super::events::{
    AGE_BITS, EnabledEvent, EventRange, Hears, NARROW_BITS, OF_SHARED, OF_TABS, OF_WIDE_TABS,
    PAIR_BITS,
};
use super::expand::VECTORS_AHEAD;
use super::footprint::Footprint;
use super::layout::Columns;
use super::packed::PackedModel;
use super::reaction::InputCode;
use super::sleep::EventNumber;
use super::unknown::Unknown;
use crate::cache::RequestKind;
use crate::model::{
    Asked, Event, Facts, Handling, Heard, Leg, Local, Msg, Opening, Shared, next_age,
};
use crate::vocabulary::{Age, Instants, TabId};

impl PackedModel<'_> {
    /// The facts of a vector, looked up by what stands for those of each column.
    pub(super) fn facts(&self, columns: &Columns, next_age: Option<Age>) -> Facts {
        let (locals, plan) = (&self.locals, self.plan);
        let of_tab = |tab: usize| {
            let local = locals.facts_of(tab, self.core_of(tab, columns[tab]));
            let inbox = locals.facts_of(plan.inbox(tab), columns[plan.inbox(tab)]);
            let network = self.in_flight.network(columns[plan.in_flight(tab)]);
            (
                *locals.facts.tabs.get(local),
                *locals.facts.inboxes.get(inbox),
                self.in_flight.network_facts(network).clone(),
            )
        };
        let of_shared = |shared: Shared| {
            let column = plan.shared(usize::from(self.model.roster().shared(shared)));
            locals.facts_of(column, columns[column])
        };
        Facts {
            tabs: (0..plan.tabs).map(of_tab).collect(),
            mints: *locals.facts.mints.get(of_shared(Shared::Mints)),
            jar: *locals.facts.jars.get(of_shared(Shared::Jar)),
            clock: *locals.facts.clocks.get(of_shared(Shared::Clock)),
            driver: *locals.facts.drivers.get(of_shared(Shared::Driver)),
            next_age,
        }
    }

    /// The age that comes next, if one does; it depends on all columns together.
    pub(super) fn next_age(&self, columns: &Columns) -> Option<Age> {
        let column = self
            .plan
            .shared(usize::from(self.model.roster().shared(Shared::Clock)));
        match self.locals.state(column, columns[column]) {
            Local::Clock(clock) => next_age(self.held(columns), clock),
            other => unreachable!("the clock has {other:?}"),
        }
    }

    /// When the tokens held anywhere were minted.
    fn held(&self, columns: &Columns) -> Instants {
        let flights = self.plan.all_in_flight();
        let in_flight = flights.map(|column| self.in_flight.held(columns[column]));
        let locals = (0..self.plan.in_flight(0)).map(|column| {
            let local = self.core_of(column, columns[column]);
            self.locals.held(column, local)
        });
        locals.chain(in_flight).fold(Instants::NONE, Instants::or)
    }
}

impl PackedModel<'_> {
    /// The events that a vector permits.
    ///
    /// They are listed by the model's own predicates, once for each combination of what stands for
    /// the facts of each column: those predicates can read nothing else.
    pub(super) fn events(&self, columns: &Columns) -> Result<EventRange, Unknown> {
        let next_age = self.age_to_come(columns);
        let mut signature = self.signature_of_shared(columns, next_age)?;
        for tab in 0..self.plan.tabs {
            let of_tab = self.signature_of_tab(columns, tab)?;
            signature = self.signature(signature, of_tab)?;
        }
        let listed = self.events.lists[signature as usize];
        listed.ok_or_else(|| Unknown::Events {
            signature,
            columns: Box::new(*columns),
            next_age,
        })
    }

    /// The same of some vectors, as far as it is known. Each look-up depends on the one before, so this
    /// waits for memory for all vectors at the same time.
    #[inline]
    pub(super) fn events_of_all(&self, sources: &[Source]) -> [Option<EventRange>; VECTORS_AHEAD] {
        let mut signatures = [None; VECTORS_AHEAD];
        for (signature, Source { columns, .. }) in signatures.iter_mut().zip(sources) {
            let next_age = self.age_to_come(columns);
            *signature = self.signature_of_shared(columns, next_age).ok();
        }
        for tab in 0..self.plan.tabs {
            let mut of_tabs = [None; VECTORS_AHEAD];
            for (of_tab, Source { columns, .. }) in of_tabs.iter_mut().zip(sources) {
                *of_tab = self.signature_of_tab(columns, tab).ok();
            }
            for (signature, of_tab) in signatures.iter_mut().zip(of_tabs) {
                let sequence = signature.zip(of_tab);
                *signature =
                    sequence.and_then(|(sequence, last)| self.signature(sequence, last).ok());
            }
        }
        signatures.map(|signature| self.events.lists[signature? as usize])
    }

    #[inline]
    fn age_to_come(&self, columns: &Columns) -> Option<Age> {
        if self.ages {
            self.next_age(columns)
        } else {
            None
        }
    }

    /// Stands for what enabledness can ask of the participants that all tabs share, and of time.
    #[inline]
    fn signature_of_shared(
        &self,
        columns: &Columns,
        next_age: Option<Age>,
    ) -> Result<u32, Unknown> {
        let mut narrow = 0;
        let mut wide = 0;
        for (shared, &local) in columns[self.plan.all_shared()].iter().enumerate() {
            narrow = narrow << NARROW_BITS | wide;
            wide = self.locals.facts_of_shared(shared, local);
        }
        let age = next_age.map_or(0, |age| 1 + u32::from(age.0));
        self.signature(OF_SHARED | narrow, wide << AGE_BITS | age)
    }

    /// Stands for what enabledness can ask of a tab, its inbox and its requests.
    #[inline]
    fn signature_of_tab(&self, columns: &Columns, tab: usize) -> Result<u32, Unknown> {
        let of_tab = self.summaries[columns[tab] as usize].facts;
        let of_inbox = self.locals.facts_of_inbox(columns[self.plan.inbox(tab)]);
        let of_flight = self.in_flight.network(columns[self.plan.in_flight(tab)]);
        let pair = if of_tab < 1 << PAIR_BITS && of_inbox < 1 << PAIR_BITS {
            OF_TABS | of_tab << PAIR_BITS | of_inbox
        } else {
            self.signature(OF_WIDE_TABS | of_tab, of_inbox)?
        };
        self.signature(pair, of_flight)
    }

    /// The number of a sequence with one more number at its end.
    #[inline]
    fn signature(&self, sequence: u32, last: u32) -> Result<u32, Unknown> {
        let known = self.events.signatures.get(sequence, last);
        known.ok_or(Unknown::Facts { sequence, last })
    }

    /// Lists what can happen in vectors with this signature, one of which is given.
    pub(super) fn list_events(&mut self, signature: u32, columns: &Columns, age: Option<Age>) {
        let mut events = std::mem::take(&mut self.events.scratch);
        events.clear();
        let facts = self.facts(columns, age);
        self.model.permits().list_enabled(&facts, &mut events);
        let found = match self.events.places.get(&events[..]) {
            Some(&known) => known,
            None => self.add_list(&events),
        };
        self.events.scratch = events;
        self.events.lists[signature as usize] = Some(found);
    }

    /// Puts a list of events after all others.
    fn add_list(&mut self, events: &[Event]) -> EventRange {
        let added = EventRange {
            first: self.events.all.len() as u32,
            len: events.len() as u32,
            is_stuck: !events.iter().any(|event| event.is_inevitable()),
        };
        for &event in events {
            let listed = match self.events.numbers.get(&event) {
                Some(&known) => known,
                None => self.list(event),
            };
            self.events.all.push(listed);
        }
        self.events.places.insert(events.into(), added);
        added
    }

    /// Lists an event that is in no list yet.
    fn list(&mut self, event: Event) -> u16 {
        let Ok(number) = u16::try_from(self.events.listed.len()) else {
            panic!("too many events to be told apart")
        };
        let begun = self.begun(event);
        self.events.listed.push(begun);
        self.events.numbers.insert(event, number);
        number
    }

    /// The number of an event, given what it takes from the network.
    fn number(
        &mut self,
        event: Event,
        (taken, cleared): (Option<(TabId, Leg, RequestKind)>, Option<TabId>),
    ) -> EventNumber {
        let plan = self.plan;
        let asked = match self.model.permits().asked(event) {
            Asked::Nobody => Footprint::NONE,
            Asked::Tabs => Footprint::of_tabs(plan),
            Asked::Requests => Footprint::of_requests(plan),
            Asked::Everybody => Footprint::ALL,
        };
        let taken = taken.map_or(Footprint::NONE, |(tab, leg, _)| {
            Footprint::taking(plan, tab.index(), leg)
        });
        let cleared = cleared.map_or(Footprint::NONE, |tab| {
            Footprint::of(plan.in_flight(tab.index()), Handling::Changes)
        });
        self.independence.number(event, asked.or(taken).or(cleared))
    }

    /// How an event begins.
    fn begun(&mut self, event: Event) -> EnabledEvent {
        let (roster, plan) = (self.model.roster(), self.plan);
        let Opening {
            taken,
            cleared,
            heard,
        } = Opening::of(event);
        let mints = usize::from(roster.shared(Shared::Mints));
        let mut handling = Handling::Changes;
        let (column, hears) = match (heard, taken) {
            (Heard::Said(shared, msg), _) => {
                let column = match &msg {
                    // One inbox hears of it; the others are left alone.
                    Msg::Channel(msg) => {
                        handling = msg.handling();
                        msg.receiver().map(|to| plan.inbox(to.index()))
                    }
                    Msg::Tab(_)
                    | Msg::Mints(_)
                    | Msg::Jar(_)
                    | Msg::Clock(_)
                    | Msg::Driver(_)
                    | Msg::Saw(_) => Some(plan.shared(usize::from(roster.shared(shared)))),
                };
                // The composition says nothing to all tabs at once.
                let column = column.unwrap_or(plan.inbox(0));
                let message = self.locals.message(msg);
                let from = usize::from(roster.composition());
                (column, Hears::Said(InputCode::new(from, message)))
            }
            (Heard::Told(tab, msg), _) => {
                let message = self.locals.message(Msg::Tab(msg));
                let from = usize::from(roster.composition());
                (tab.index(), Hears::Said(InputCode::new(from, message)))
            }
            (Heard::Taken, Some((tab, Leg::Request, _))) => {
                (plan.shared(mints), Hears::Arrival(tab.0))
            }
            (Heard::Taken, Some((tab, Leg::Response, _))) => {
                (tab.index(), Hears::Arrival(mints as u8))
            }
            (Heard::Taken, None) => unreachable!("\"{event}\" begins with nothing"),
        };
        // Where it is heard of is read before anything is taken from the network.
        let is_heard_apart = !plan.all_in_flight().contains(&column);
        assert!(
            is_heard_apart,
            "bug: \"{event}\" is heard of on the network"
        );
        let number = self.number(event, (taken, cleared));
        EnabledEvent {
            event,
            number,
            #[cfg(feature = "cluster")]
            name: self.name(event),
            taken,
            cleared,
            column: column as u8,
            handling,
            hears,
        }
    }
}
