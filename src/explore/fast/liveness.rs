//! Whether posts arrive and calls end, on the stored graph.

use super::encoded::StateId;
use super::encoded::Successor;
use super::search::{Goal, Search};
use super::{Disagreement, SymmetryUse};
use crate::explore::Method;
use crate::explore::fairness::{Graph, Node, Stay, stays};
use crate::explore::liveness::{Answer, Debt, Lasso, Liveness, Question};
use crate::explore::outcome::{Limits, Watch};
use crate::model::Event;
use crate::property::{Monitored, MonitoredState, Verdict, missing_post, waiting_call};
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

/// What is owed in a vector, a bit for each question.
type Owed = u8;

const fn bit(question: Question) -> Owed {
    1 << question as u8
}

impl Search<'_> {
    fn run_liveness(mut self) -> Result<Liveness, Disagreement> {
        self.store.keep_returns();
        self.search()?;
        let owed = match self.bound {
            None => self.owed(),
            Some(_) => Vec::new(),
        };
        let questions = Question::ALL.into_iter();
        let answers = questions.map(|question| self.answer(question, &owed));
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

    /// What is owed in each vector.
    fn owed(&self) -> Vec<Owed> {
        let owed = |id| {
            let columns = self.store.arena.columns(id);
            let mut owed = 0;
            if missing_post(self.packed.posts(&columns)).is_some() {
                owed |= bit(Question::EveryPostArrives);
            }
            let ended = self.packed.has_ended(&columns);
            if waiting_call(self.packed.calls(&columns), ended).is_some() {
                owed |= bit(Question::EveryCallEnds);
            }
            owed
        };
        let ids = 0..self.store.arena.len() as StateId;
        ids.map(owed).collect()
    }

    fn answer(&mut self, question: Question, owed: &[Owed]) -> Result<Answer, Disagreement> {
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
        let owes = |id: StateId| owed[id as usize] & bit(question) != 0;
        let ids = || (0..owed.len() as StateId).filter(|&id| owes(id));
        answer.indebted = ids().count() as u64;
        let mut first = ids().find(|&id| self.is_stuck(id)).map(|state| Stay {
            state,
            cycle: Vec::new(),
        });
        // Vectors are numbered as they are found, so whoever goes around comes to one of these.
        let returns = self.store.returns().iter().copied();
        let returns: Vec<_> = returns.filter(|&id| owes(id)).collect();
        let mut graph = Owing {
            search: self,
            owed,
            question,
        };
        let around = stays(returns, &mut graph)?;
        answer.cyclic_components = around.cyclic_components;
        if let Some(stay) = around.first
            && first.as_ref().is_none_or(|first| stay.state < first.state)
        {
            first = Some(stay);
        }
        if let Some(stay) = first {
            answer.lasso = Some(self.lasso(question, &stay)?);
        }
        answer.verdict = match (&answer.lasso, answer.indebted) {
            (Some(_), _) => Verdict::Violated,
            (None, 0) => Verdict::Vacuous,
            (None, _) => Verdict::Holds,
        };
        Ok(answer)
    }

    /// Whether nothing is left in a vector that has to happen.
    fn is_stuck(&mut self, id: StateId) -> bool {
        let columns = self.store.arena.columns(id);
        let events = self.packed.ask(|packed| packed.events(&columns));
        self.packed.is_stuck(events)
    }

    /// Who is owed what in a vector, which stands for this state, if somebody is.
    fn debt(&self, question: Question, id: StateId, state: &MonitoredState) -> Option<Debt> {
        let columns = self.store.arena.columns(id);
        match question {
            Question::EveryPostArrives => {
                let (tab, from) = missing_post(self.packed.posts(&columns))?;
                let token = state.history.undelivered((tab, from))?;
                Some(Debt::Token(tab, token))
            }
            Question::EveryCallEnds => {
                let ended = self.packed.has_ended(&columns);
                let (tab, holder) = waiting_call(self.packed.calls(&columns), ended)?;
                Some(Debt::Call { tab, holder })
            }
        }
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
        let debt = self.debt(question, stay.state, &state);
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
    /// In which vectors what is, by id.
    owed: &'s [Owed],
    question: Question,
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
            if self.owed[to as usize] & bit(self.question) != 0 {
                node.edges.push((first.event, to));
            }
        }
        Ok(node)
    }
}
