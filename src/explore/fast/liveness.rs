//! Whether posts arrive and calls end, on the stored graph.

use super::encoded::StateId;
use super::encoded::Successor;
use super::search::{Goal, Search};
use super::{Disagreement, SymmetryUse};
use crate::cache::Phase;
use crate::explore::Method;
use crate::explore::fairness::{Graph, Node, Stay, stays};
use crate::explore::liveness::{Answer, Debt, Lasso, Liveness, Question};
use crate::explore::outcome::{Limits, Watch};
use crate::model::{Event, Local};
use crate::property::{Monitored, Verdict, waiting_call};
use crate::vocabulary::TabId;
use std::sync::Arc;

/// Looks for fair runs in which a tab never gets what was posted, or a call never ends.
///
/// Vectors that only differ in which tab is which are told apart here: a cycle among orbits need
/// not be fair to every tab, nor be one at all.
pub fn liveness(
    model: Monitored,
    limits: &Limits,
    watch: &Arc<Watch>,
) -> Result<Liveness, Disagreement> {
    let model = model.with_undelivered();
    let method = Method {
        symmetry: SymmetryUse::Never,
        ..Method::default()
    };
    Search::new(&model, &method, limits, watch, Goal::Everything).run_liveness()
}

impl Search<'_> {
    fn run_liveness(mut self) -> Result<Liveness, Disagreement> {
        self.search()?;
        let questions = Question::ALL.into_iter();
        let answers = questions.map(|question| self.answer(question));
        let answers = answers.collect::<Result<_, _>>()?;
        Ok(Liveness {
            states: self.tally.states,
            transitions: self.tally.transitions,
            explored: self.store.arena.len() as u64,
            answers,
            bound: self.bound,
            elapsed: self.elapsed(),
        })
    }

    fn answer(&mut self, question: Question) -> Result<Answer, Disagreement> {
        let mut answer = Answer {
            question,
            verdict: Verdict::Inconclusive,
            indebted: 0,
            cyclic_components: 0,
            lasso: None,
        };
        if self.bound.is_some() {
            return Ok(answer);
        }
        let mut owing = Owing::new(self, question);
        answer.indebted = owing.ids().count() as u64;
        let found = stays(owing.ids(), &mut owing)?;
        answer.cyclic_components = found.cyclic_components;
        answer.lasso = match found.first {
            Some(stay) => Some(self.lasso(question, &stay)?),
            None => None,
        };
        answer.verdict = match (&answer.lasso, answer.indebted) {
            (Some(_), _) => Verdict::Violated,
            (None, 0) => Verdict::Vacuous,
            (None, _) => Verdict::Holds,
        };
        Ok(answer)
    }

    /// Who is owed what in a vector, if somebody is.
    fn debt(&self, question: Question, id: StateId) -> Option<Debt> {
        match question {
            Question::EveryPostArrives => self.undelivered(id),
            Question::EveryCallEnds => {
                let columns = self.store.arena.columns(id);
                let ended = self.packed.has_ended(&columns);
                let (tab, holder) = waiting_call(self.packed.calls(&columns), ended)?;
                Some(Debt::Call { tab, holder })
            }
        }
    }

    /// A tab that has yet to get something, and what.
    fn undelivered(&self, id: StateId) -> Option<Debt> {
        let columns = self.store.arena.columns(id);
        let tabs = 0..self.packed.plan.tabs;
        let history = |tab: usize| self.packed.history_of(columns[tab]);
        let runs = |tab: &usize| {
            let local = self.packed.core_of(*tab, columns[*tab]);
            matches!(self.packed.locals.state(*tab, local), Local::Tab(tab) if !tab.stopped && tab.cache.phase == Phase::Live)
        };
        tabs.clone().filter(runs).find_map(|tab| {
            let mut others = tabs.clone().filter(|&other| other != tab);
            let owed = others.find_map(|other| history(tab)?.undelivered_from(history(other)?));
            owed.map(|token| Debt::Token(TabId(tab as u8), token))
        })
    }

    /// A stay as a trace of the model, walked there step by step.
    fn lasso(&mut self, question: Question, stay: &Stay<Event>) -> Result<Lasso, Disagreement> {
        let (stem, start) = self.walked_to(stay.state)?;
        let mut state = start.clone();
        for &(event, id) in &stay.cycle {
            state = self.model.step(&state, event).state;
            if self.packed.encode(&state) != self.store.arena.columns(id) {
                let message = format!("\"{event}\" leads somewhere else on the way around");
                return Err(Disagreement { message });
            }
        }
        let debt = self.debt(question, stay.state);
        let Some(debt) = debt.filter(|_| state == start) else {
            let message = "a way around does not end where it began".to_owned();
            return Err(Disagreement { message });
        };
        Ok(Lasso {
            stem,
            cycle: stay.cycle.iter().map(|&(event, _)| event).collect(),
            debt,
        })
    }
}

/// The vectors in which something is owed.
struct Owing<'s, 'm> {
    search: &'s mut Search<'m>,
    /// Which vectors these are, by id.
    owes: Vec<bool>,
}

impl<'s, 'm> Owing<'s, 'm> {
    fn new(search: &'s mut Search<'m>, question: Question) -> Owing<'s, 'm> {
        let ids = 0..search.store.arena.len() as StateId;
        let owes = ids.map(|id| search.debt(question, id).is_some()).collect();
        Owing { search, owes }
    }

    /// In order.
    fn ids(&self) -> impl Iterator<Item = StateId> + use<> {
        let owing = self.owes.iter().enumerate();
        let owing = owing.filter(|&(_, &owes)| owes);
        let ids: Vec<_> = owing.map(|(id, _)| id as StateId).collect();
        ids.into_iter()
    }
}

impl Graph for Owing<'_, '_> {
    type Label = Event;
    type Error = Disagreement;

    fn node(&mut self, id: StateId) -> Result<Node<Event>, Disagreement> {
        let Search { packed, store, .. } = &mut *self.search;
        let columns = store.arena.columns(id);
        let events = packed.ask(|packed| packed.events(&columns));
        let events = packed.events.get(events).to_vec();
        let mut node = Node {
            fair: Vec::new(),
            edges: Vec::new(),
        };
        let mut successor = Successor::default();
        for first in events {
            if first.event.is_inevitable() {
                node.fair.push(first.event);
            }
            let stepped = packed.ask_step(|packed| {
                successor.begin(&columns);
                let prepared = packed.prepare(&columns, first)?;
                packed.step(&mut successor, &prepared)
            });
            stepped.map_err(|unsound| unsound.at(first.event))?;
            let Some(to) = store.find(packed, &successor.columns) else {
                let message = format!("\"{}\" leads to a vector that was never found", first.event);
                return Err(Disagreement { message });
            };
            if self.owes[to as usize] {
                node.edges.push((first.event, to));
            }
        }
        Ok(node)
    }
}
