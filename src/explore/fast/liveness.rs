//! Whether posts arrive in the end, on the stored graph.

use super::encoded::StateId;
use super::encoded::Successor;
use super::search::{Goal, Search};
use super::{Disagreement, SymmetryUse};
use crate::cache::Phase;
use crate::explore::Method;
use crate::explore::fairness::{Graph, Node, Stay, stays};
use crate::explore::liveness::{Lasso, Liveness};
use crate::explore::outcome::{Limits, Watch};
use crate::model::{Event, Local};
use crate::property::Monitored;
use crate::property::Verdict;
use crate::vocabulary::{ModelToken, TabId};
use std::sync::Arc;

/// Looks for a fair run in which a tab never gets what was posted.
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
        let mut liveness = Liveness {
            verdict: Verdict::Inconclusive,
            states: self.states,
            transitions: self.transitions,
            explored: self.store.arena.len() as u64,
            undelivered: 0,
            cyclic_components: 0,
            lasso: None,
            bound: self.bound,
            elapsed: self.elapsed(),
        };
        if self.bound.is_some() {
            return Ok(liveness);
        }
        let ids = 0..self.store.arena.len() as StateId;
        let undelivered: Vec<StateId> = ids.filter(|&id| self.undelivered(id).is_some()).collect();
        liveness.undelivered = undelivered.len() as u64;
        let found = stays(undelivered, &mut self)?;
        liveness.cyclic_components = found.cyclic_components;
        liveness.lasso = match found.first {
            Some(stay) => Some(self.lasso(&stay)?),
            None => None,
        };
        liveness.verdict = match (&liveness.lasso, liveness.undelivered) {
            (Some(_), _) => Verdict::Violated,
            (None, 0) => Verdict::Vacuous,
            (None, _) => Verdict::Holds,
        };
        liveness.elapsed = self.elapsed();
        Ok(liveness)
    }

    /// A tab that has yet to get something, and what.
    fn undelivered(&self, id: StateId) -> Option<(TabId, ModelToken)> {
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
            owed.map(|token| (TabId(tab as u8), token))
        })
    }

    /// A stay as a trace of the model, walked there step by step.
    fn lasso(&mut self, stay: &Stay<Event>) -> Result<Lasso, Disagreement> {
        let (stem, start) = self.walked_to(stay.state)?;
        let mut state = start.clone();
        for &(event, id) in &stay.cycle {
            state = self.model.step(&state, event).state;
            if self.packed.encode(&state) != self.store.arena.columns(id) {
                let message = format!("\"{event}\" leads somewhere else on the way around");
                return Err(Disagreement { message });
            }
        }
        let Some((tab, token)) = self.undelivered(stay.state).filter(|_| state == start) else {
            let message = "a way around does not end where it began".to_owned();
            return Err(Disagreement { message });
        };
        Ok(Lasso {
            stem,
            cycle: stay.cycle.iter().map(|&(event, _)| event).collect(),
            tab,
            token,
        })
    }
}

/// The vectors in which some tab has yet to get something.
impl Graph for Search<'_> {
    type Label = Event;
    type Error = Disagreement;

    fn node(&mut self, id: StateId) -> Result<Node<Event>, Disagreement> {
        let columns = self.store.arena.columns(id);
        let events = self.packed.events(&columns);
        let events = self.packed.events.get(events).to_vec();
        let mut node = Node {
            fair: Vec::new(),
            edges: Vec::new(),
        };
        let mut successor = Successor::default();
        for first in events {
            if first.event.is_inevitable() {
                node.fair.push(first.event);
            }
            successor.begin(&columns);
            let prepared = self.packed.prepare(&columns, first);
            let stepped = prepared.and_then(|prepared| self.packed.step(&mut successor, &prepared));
            stepped.map_err(|unsound| unsound.at(first.event))?;
            let Some(to) = self.store.find(&self.packed, &successor.columns) else {
                let message = format!("\"{}\" leads to a vector that was never found", first.event);
                return Err(Disagreement { message });
            };
            if self.undelivered(to).is_some() {
                node.edges.push((first.event, to));
            }
        }
        Ok(node)
    }
}
