//! Whether posts arrive and calls end, on the stored graph.

use super::encoded::StateId;
use super::encoded::Successor;
use super::events::EnabledEvent;
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
/// A cycle among vectors is one among their orbits. So where nothing is owed all the way around any of
/// those, whoever owes for ever stays where he is, which any vector of an orbit tells. If something is,
/// vectors that only differ in which tab is which are told apart: a cycle among orbits need not be fair
/// to every tab, nor be one at all.
pub fn liveness(
    model: Monitored,
    limits: &Limits,
    watch: &Arc<Watch>,
) -> Result<Liveness, Disagreement> {
    let model = model.with_undelivered();
    let search = |symmetry| {
        let method = Method {
            symmetry,
            ..Method::default()
        };
        Search::new(&model, &method, limits, watch, Goal::Everything)
    };
    let mut orbits = search(SymmetryUse::WhereItPays);
    let found = orbits.run_liveness()?;
    if orbits.packed.symmetry.is_none() || !found.goes_around() {
        return Ok(found);
    }
    let began = orbits.began;
    drop(orbits);
    let mut vectors = search(SymmetryUse::Never);
    vectors.began = began;
    vectors.run_liveness()
}

/// What is owed in a vector, a bit for each question.
type Owed = u8;

const fn bit(question: Question) -> Owed {
    1 << question as u8
}

/// The vectors of a graph, and what is owed in them.
#[derive(Default)]
struct Vectors {
    /// In each one that is stored.
    owed: Vec<Owed>,
    /// How many vectors those stand for.
    all: u64,
    /// In how many of them something is owed, by question.
    indebted: [u64; Question::ALL.len()],
    /// The first that is stored in which something is owed and nothing is left that has to happen.
    stuck: [Option<StateId>; Question::ALL.len()],
}

impl Search<'_> {
    fn run_liveness(&mut self) -> Result<Liveness, Disagreement> {
        self.store.keep_returns();
        self.search()?;
        let vectors = self.vectors();
        let questions = Question::ALL.into_iter();
        let answers = questions.map(|question| self.answer(question, &vectors));
        let answers = answers.collect::<Result<_, _>>()?;
        Ok(Liveness {
            states: self.tally.states,
            transitions: self.tally.transitions,
            explored: vectors.all,
            answers,
            bound: self.bound,
            elapsed: self.elapsed(),
        })
    }

    /// What is owed in each vector.
    fn vectors(&mut self) -> Vectors {
        let mut vectors = Vectors::default();
        for id in 0..self.store.arena.len() as StateId {
            let columns = self.store.arena.columns(id);
            let mut owed = 0;
            if missing_post(self.packed.posts(&columns)).is_some() {
                owed |= bit(Question::EveryPostArrives);
            }
            let ended = self.packed.has_ended(&columns);
            if waiting_call(self.packed.calls(&columns), ended).is_some() {
                owed |= bit(Question::EveryCallEnds);
            }
            let stands_for = self.packed.ask(|packed| packed.vectors(&columns));
            vectors.all += stands_for;
            let owes = |question: &Question| owed & bit(*question) != 0;
            for question in Question::ALL.into_iter().filter(owes) {
                vectors.indebted[question as usize] += stands_for;
                let stuck = &mut vectors.stuck[question as usize];
                if stuck.is_none() {
                    let events = self.packed.ask(|packed| packed.events(&columns));
                    *stuck = events.is_stuck.then_some(id);
                }
            }
            vectors.owed.push(owed);
        }
        vectors
    }

    fn answer(&mut self, question: Question, vectors: &Vectors) -> Result<Answer, Disagreement> {
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
        answer.indebted = vectors.indebted[question as usize];
        let owed = vectors.owed.as_slice();
        let owes = |id: StateId| owed[id as usize] & bit(question) != 0;
        let mut first = vectors.stuck[question as usize].map(|state| Stay {
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
        if self.packed.symmetry.is_some() && around.cyclic_components > 0 {
            // Single vectors have to be asked.
            return Ok(answer);
        }
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

    /// Who is owed what in a state, if somebody is.
    fn debt(&mut self, question: Question, state: &MonitoredState) -> Option<Debt> {
        let columns = self.packed.encode(state);
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
        let debt = self.debt(question, &state);
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
        let events: Vec<EnabledEvent> = packed.events.get(events).copied().collect();
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
                let prepared = packed.prepare(&columns, &first)?;
                packed.take(&mut successor, &prepared)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::fast::cases::{CASES, model};

    #[test]
    fn orbits_owe_what_their_vectors_owe() {
        let mut saved = 0;
        for (design, scenario) in CASES {
            let model = model(design, scenario).with_undelivered();
            let run = |symmetry| {
                let method = Method {
                    symmetry,
                    ..Method::default()
                };
                let (limits, watch) = (Limits::default(), Arc::new(Watch::default()));
                let mut search = Search::new(&model, &method, &limits, &watch, Goal::Everything);
                let mut found = search.run_liveness().expect("an answer");
                let stems = found.answers.iter_mut().map(|answer| answer.lasso.take());
                let stems: Vec<_> = stems.map(|lasso| lasso.map(|of| of.stem.len())).collect();
                let counts = (found.states, found.transitions, found.explored);
                let told = format!("{counts:?}, {:?}, {stems:?}", found.answers);
                (told, search.store.arena.len())
            };
            let [orbits, vectors] = [SymmetryUse::WherePossible, SymmetryUse::Never].map(run);
            assert_eq!(orbits.0, vectors.0, "{design} in {scenario}");
            saved += vectors.1 - orbits.1;
        }
        assert!(saved > 0, "no tabs change places anywhere");
    }
}
