//! A model with its properties, as a [`stateright::Model`]: for stateright's checkers, its Explorer
//! and for everybody who wants to know what a step does to a property.

use super::{
    After, Asking, History, Judgement, Monitor, Property, PropertySet, Rest, StepFindings,
    Violation, on,
};
use crate::cache::{Platform, Policy, RequestKind, Rules};
use crate::freshness::rank;
use crate::model::{Composed, Event, Evidence, Roster, System, TabState};
use crate::vocabulary::{ModelToken, Setup, TabAction};
use stateright::Model;
use std::fmt;

/// One design in one scenario, and the properties that are judged.
pub struct Monitored {
    model: Composed,
    monitor: Monitor,
    /// The properties that were asked for; those of what the platform lacks are not judged.
    asked: PropertySet,
    /// The properties whose witnesses are part of the state.
    witnesses: PropertySet,
}

/// A system, and what the properties remember of the way to it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct MonitoredState {
    pub system: System,
    /// What the properties remember.
    pub history: History,
}

/// What one step led to.
pub struct MonitoredStep {
    /// The state afterwards.
    pub state: MonitoredState,
    /// What was done on the way, in order.
    pub evidence: Vec<Evidence>,
    pub findings: StepFindings,
    /// Why it violates what it violates.
    pub violations: Vec<Violation>,
}

impl Monitored {
    /// A model with its properties. Only the given ones are judged, and only what they need is
    /// remembered.
    pub fn new(policy: Policy, setup: &Setup, properties: PropertySet) -> Monitored {
        let first = ModelToken::first(setup.start.is_legacy());
        let judged = properties.and(on(policy.platform));
        Monitored {
            model: Composed::new(policy, setup),
            monitor: Monitor {
                watch: setup.watch,
                first: rank(&first),
                properties: judged,
                requests_per_tab: setup.requests_per_tab,
                undelivered: judged.has(Property::EveryPostArrives),
            },
            asked: properties,
            witnesses: PropertySet::NONE,
        }
    }

    /// The same, with the opportunities of these properties as part of the state, so that the
    /// shortest way to one can be searched for.
    #[must_use]
    pub fn with_witnesses(self, witnesses: PropertySet) -> Monitored {
        Monitored { witnesses, ..self }
    }

    /// The same, which remembers what was posted and what every tab ever had: what it takes to say
    /// whether posts arrive in the end.
    #[must_use]
    pub(crate) fn with_undelivered(mut self) -> Monitored {
        self.monitor.undelivered = true;
        self
    }

    pub fn model(&self) -> &Composed {
        &self.model
    }

    /// Who judges the steps.
    pub fn monitor(&self) -> &Monitor {
        &self.monitor
    }

    /// The properties that were asked for: those of what the platform lacks are vacuous.
    pub fn properties(&self) -> PropertySet {
        self.asked
    }

    /// What there is beside the tabs and their caches.
    pub fn platform(&self) -> Platform {
        self.model.platform()
    }

    /// The rules by which the design compares tokens.
    pub fn rules(&self) -> &Rules {
        self.model.rules()
    }

    /// Whether one of them has failed; see [`Composed::has_failed`].
    #[inline]
    pub fn has_failed(&self) -> bool {
        self.model.has_failed()
    }

    pub fn roster(&self) -> Roster {
        self.model.roster()
    }

    /// The state before anything happened.
    pub fn start(&self) -> MonitoredState {
        let system = self.model.start();
        let history = self.monitor.start(&After {
            tabs: &tabs(&system),
            quiescent: system.is_quiescent(),
            rest: self.rest(&system),
            stuck: &|| self.is_stuck(&system),
            asking: self.asking(&system),
        });
        MonitoredState { system, history }
    }

    /// The events that can happen, in a fixed order.
    pub fn enabled(&self, state: &MonitoredState) -> Vec<Event> {
        self.model.enabled(&state.system)
    }

    /// Lets one enabled event happen, with everything synchronous that follows.
    pub fn step(&self, state: &MonitoredState, event: Event) -> MonitoredStep {
        let step = self.model.step(&state.system, event);
        let mut history = state.history.clone();
        let after = After {
            tabs: &tabs(&step.system),
            quiescent: step.system.is_quiescent(),
            rest: self.rest(&step.system),
            stuck: &|| self.is_stuck(&step.system),
            asking: self.asking(&step.system),
        };
        let judgement = self.monitor.step(&mut history, &step.evidence, &after);
        let Judgement {
            findings,
            violations,
        } = judgement;
        history.witnessed = findings.witnessed.and(self.witnesses);
        MonitoredStep {
            state: MonitoredState {
                system: step.system,
                history,
            },
            evidence: step.evidence,
            findings,
            violations,
        }
    }
}

impl Monitored {
    /// Whether nothing is left that has to happen at some time.
    fn is_stuck(&self, system: &System) -> bool {
        let mut events = self.model.enabled(system).into_iter();
        !events.any(Event::is_inevitable)
    }

    /// How much each tab asks for, if anything depends on that.
    fn asking(&self, system: &System) -> Vec<Asking> {
        if self.monitor.requests_per_tab.is_none() {
            return Vec::new();
        }
        let tabs = self.model.asking(system).into_iter();
        let asking = |(under_way, may_ask)| Asking { under_way, may_ask };
        tabs.map(asking).collect()
    }

    fn rest(&self, system: &System) -> Rest {
        let requests = system.requests().into_iter().map(|(_, of)| of.kind);
        let responses = system.responses().into_iter().map(|(_, of)| of.kind());
        let (mints, jar) = (system.mints(), system.jar());
        let budgets = self.model.setup().budgets;
        Rest {
            ended: mints.ended,
            asking: requests.chain(responses).any(RequestKind::brings_a_token),
            switched: system.budgets().left(TabAction::Switch) < budgets.left(TabAction::Switch),
            cookie: jar.cookie,
            context: jar.context,
        }
    }
}

fn tabs(system: &System) -> Vec<&TabState> {
    system.tabs().map(|tab| system.tab(tab)).collect()
}

/// In domain words, for the Explorer.
impl fmt::Debug for MonitoredState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.system.fmt(f)?;
        for property in self.history.violated.iter() {
            writeln!(f, "violated by the last step: {property}")?;
        }
        Ok(())
    }
}

impl Model for Monitored {
    type State = MonitoredState;
    type Action = Event;

    fn init_states(&self) -> Vec<MonitoredState> {
        vec![self.start()]
    }

    fn actions(&self, state: &MonitoredState, events: &mut Vec<Event>) {
        events.extend(self.enabled(state));
    }

    fn next_state(&self, state: &MonitoredState, event: Event) -> Option<MonitoredState> {
        Some(self.step(state, event).state)
    }

    fn properties(&self) -> Vec<stateright::Property<Monitored>> {
        self.stateright_properties()
    }

    fn format_action(&self, event: &Event) -> String {
        event.to_string()
    }

    fn format_step(&self, state: &MonitoredState, event: Event) -> Option<String> {
        let step = self.step(state, event);
        let done = step.evidence.iter().filter_map(Evidence::in_words);
        let done = done.map(|what| format!("- {what}\n"));
        Some(done.collect::<String>() + &format!("\n{:?}", step.state))
    }
}

impl Monitored {
    /// The judged properties as `always`, and the witnesses that are kept as `sometimes`, for any
    /// model with these states that can say what the last step did.
    pub(crate) fn stateright_properties<M>(&self) -> Vec<stateright::Property<M>>
    where
        M: Model<State = MonitoredState> + TellsFindings,
    {
        let conditions = conditions::<M>();
        let always = |property: Property| {
            stateright::Property::always(property.name(), conditions[property as usize].0)
        };
        let sometimes = |property: Property| {
            let condition = conditions[property as usize].1;
            stateright::Property::sometimes(property.definition().witness_name, condition)
        };
        let judged = self.properties().iter().map(always);
        judged.chain(self.witnesses.iter().map(sometimes)).collect()
    }
}

/// A model that says what the step into a state did to a property.
pub trait TellsFindings {
    fn violated(&self, state: &MonitoredState, property: Property) -> bool {
        state.history.violated.has(property)
    }

    /// It was an opportunity to violate the property.
    fn witnessed(&self, state: &MonitoredState, property: Property) -> bool {
        state.history.witnessed.has(property)
    }
}

impl TellsFindings for Monitored {}

/// A condition in stateright's form: a plain function, which cannot capture its property.
type Condition<M> = fn(&M, &MonitoredState) -> bool;

/// For each property by number: the last step did not violate it; the last step witnessed it.
fn conditions<M: TellsFindings>() -> [(Condition<M>, Condition<M>); MOST] {
    fn holds<M: TellsFindings, const P: usize>(model: &M, state: &MonitoredState) -> bool {
        let property = Property::ALL.get(P);
        property.is_none_or(|&property| !model.violated(state, property))
    }
    fn witnessed<M: TellsFindings, const P: usize>(model: &M, state: &MonitoredState) -> bool {
        let property = Property::ALL.get(P);
        property.is_some_and(|&property| model.witnessed(state, property))
    }
    macro_rules! of {
        ($($number:literal)*) => {
            [$((holds::<M, $number>, witnessed::<M, $number>)),*]
        };
    }
    of!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31)
}

/// So many properties have a condition.
const MOST: usize = 32;

const _: () = assert!(Property::ALL.len() <= MOST, "a property has no condition");
