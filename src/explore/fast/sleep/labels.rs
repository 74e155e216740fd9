//! Sleep sets where there is no order of all vectors: several nodes have some of them each.
//!
//! Here labels decide which of two independent events sleeps after the other: the one with the smaller
//! label. A label is made of the event's name and of the local state of the tab that it happens in.
//! The other event does not change that state, and neither numbers of tabs nor ids of a node have a
//! part in it: so two events have the same labels in either order, on every node.
//!
//! For a step that is left out there is one with a greater label that leads to the same vector, from one
//! that is no further from the start. If that is left out as well, there is one with a still greater
//! label, and so on: labels do not grow for ever, so every vector is found, after as many steps as
//! without. Whatever the step would do to a property its event has done one level earlier. Only which of
//! several shortest ways a vector is found by may differ.
//!
//! That does not ask how a vector was found first, so every way to it from the level before tells what
//! sleeps there. By the same rule alone an event sleeps on that slept before. After an event of an equal
//! label nothing sleeps, nor where the label's tab has no part in the step. What sleeps in a vector goes
//! with it to its owner, with what its sender knows of these events (`cluster::sleepers`).

use super::super::column::ColumnPlan;
use super::super::encoded::Successor;
use super::super::events::EventRange;
use super::super::layout::Columns;
use super::super::packed::PackedModel;
use super::super::step::PreparedStep;
use super::{EventNumber, EventSet, Footprints, NUMBERED, only};
use crate::explore::fast::cluster::stable;
use crate::model::Event;
use crate::vocabulary::TabId;

/// The steps that have been taken from one vector.
pub(in crate::explore::fast) struct Labels {
    taken: Vec<Taken>,
    /// The labels of the events that may sleep after others, by number.
    sleepy: [u64; NUMBERED],
}

impl Default for Labels {
    fn default() -> Labels {
        Labels {
            taken: Vec::new(),
            sleepy: [0; NUMBERED],
        }
    }
}

struct Taken {
    number: EventNumber,
    label: u64,
    /// How tabs have changed places; see [`code`](super::super::order::code).
    order: Option<u32>,
    /// The step does no more than what is known of the event, and has to do with the label's tab.
    is_known: bool,
}

/// The tab that an event happens in, given the column that hears of it first.
fn tab(plan: ColumnPlan, column: u8) -> Option<usize> {
    let column = usize::from(column);
    if column < plan.tabs {
        return Some(column);
    }
    (plan.inboxes().contains(&column)).then(|| column - plan.inbox(0))
}

impl PackedModel<'_> {
    /// A hash of an event, but for the numbers of tabs that may change places.
    pub(in crate::explore::fast) fn name(&self, event: Event) -> u64 {
        stable(&event.of_tabs(|tab| {
            let classes = self.symmetry.as_ref().map_or(&[][..], |of| of.classes());
            let class = classes.iter().find(|class| class.contains(&tab.0));
            class.map_or(tab, |class| TabId(class[0]))
        }))
    }

    fn label(&self, columns: &Columns, name: u64, column: u8) -> u64 {
        let tab = tab(self.plan, column);
        let local = |tab: usize| self.summaries[columns[tab] as usize].tab;
        let of_tab = tab.map_or(0, |tab| self.locals.hashes[local(tab) as usize]);
        name.wrapping_add(of_tab)
    }
}

impl Labels {
    pub(in crate::explore::fast) fn clear(&mut self) {
        self.taken.clear();
    }

    /// How many steps have been taken.
    pub(in crate::explore::fast) fn len(&self) -> usize {
        self.taken.len()
    }

    /// A step has been taken. What is not known of its event is put down.
    pub(in crate::explore::fast) fn note(
        &mut self,
        packed: &PackedModel<'_>,
        columns: &Columns,
        step: &PreparedStep,
        successor: &Successor,
        unknown: &mut Footprints,
    ) {
        let is_known = (packed.independence).expects(step.number, successor, unknown);
        let tab = tab(packed.plan, step.first.column);
        let has_part = tab.is_none_or(|tab| successor.footprint.changes(tab));
        self.taken.push(Taken {
            number: step.number,
            label: packed.label(columns, step.name, step.first.column),
            order: successor.order,
            is_known: is_known && has_part,
        });
    }

    /// What sleeps where each step has led, by the step's number, given what can happen in the vector and
    /// what slept there.
    pub(in crate::explore::fast) fn asleep_after(
        &mut self,
        packed: &PackedModel<'_>,
        columns: &Columns,
        (events, asleep): (EventRange, EventSet),
        mut put: impl FnMut(usize, EventSet),
    ) {
        let mut sleepy = asleep;
        if asleep != 0 {
            for of in packed.events.get(events) {
                if asleep & only(of.number) != 0 {
                    let label = packed.label(columns, of.name, of.column);
                    self.sleepy[usize::from(of.number)] = label;
                }
            }
        }
        for step in self.taken.iter().filter(|step| step.is_known) {
            if let Some(label) = self.sleepy.get_mut(usize::from(step.number)) {
                *label = step.label;
                sleepy |= only(step.number);
            }
        }
        for (position, step) in self.taken.iter().enumerate() {
            if !step.is_known {
                continue;
            }
            let mut left = sleepy & packed.independence.of(step.number);
            let mut asleep = 0;
            while left != 0 {
                let number = left.trailing_zeros();
                left &= left - 1;
                let is_smaller = self.sleepy[number as usize] < step.label;
                asleep |= EventSet::from(is_smaller) << number;
            }
            put(position, packed.independence.moved(asleep, step.order));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Rule;
    use super::super::tests::search;
    use crate::explore::Outcome;
    use crate::explore::fast::SymmetryUse;
    use crate::explore::fast::cases::{CASES, model};
    use crate::explore::fast::threads::told;

    /// Everything but which of several shortest ways is shown.
    fn lengths(outcome: &Outcome) -> String {
        let mut outcome = outcome.clone();
        let mut steps = Vec::new();
        for finding in &mut outcome.findings {
            steps.push(finding.counterexample.take().map(|way| way.len()));
        }
        format!("{} {steps:?}", told(&outcome))
    }

    #[test]
    fn what_sleeps_by_label_is_found_after_as_many_steps() {
        let (mut with_fewer, mut with_more) = (0, 0);
        for (design, scenario) in CASES {
            let model = model(design, scenario);
            for symmetry in [SymmetryUse::WherePossible, SymmetryUse::Never] {
                let found = |rule| {
                    let by_rule = || {
                        let mut search = search(&model, symmetry);
                        search.store.asleep.rule = rule;
                        search
                    };
                    let mut search = by_rule();
                    search.search().expect("an outcome");
                    let slept = search.store.asleep.slept;
                    (lengths(&by_rule().run().expect("an outcome")), slept)
                };
                let ((awake, _), (asleep, slept)) = (found(Rule::Nothing), found(Rule::ByLabel));
                assert_eq!(awake, asleep, "{design} in {scenario}, {symmetry:?}");
                assert!(slept > 0, "{design} in {scenario}, {symmetry:?}");
                let (_, in_order) = found(Rule::InOrder);
                with_fewer += u32::from(slept < in_order);
                with_more += u32::from(slept > in_order);
            }
        }
        assert!(with_fewer > 0, "there are equal labels");
        assert!(
            with_more > 0,
            "only the first way to a vector tells what sleeps there"
        );
    }
}
