//! Which searches a question takes, one for each kind of history.

use super::environment::Environment;
use super::last::LastActive;
use super::order::{Kinds, Lines};
use super::search::{Found, search};
use super::step::Stepper;
use super::story::tell;
use super::waiting::is_weak_order;
use super::{Answer, Obstacle, Proof, Question, Tokens};
use crate::cache::{Measures, Policy, Site};
use crate::explore::{Limits, Watch};
use crate::freshness::{Rule, Stamps, rank};
use crate::property::{Judge, Property, PropertySet};
use crate::scenario::TabSet;
use std::time::Instant;

/// Judged by a step alone, with no history.
const OF_A_STEP: [Property; 5] = [
    Property::FresherBroadcastIsKept,
    Property::TieIsAdopted,
    Property::CookieOiatNeverDecreases,
    Property::UpdateReachesCookie,
    Property::LiveTokenIsKept,
];

/// The pairs of properties that remember the same: one of `oiat`, one of claims.
const OF_A_HISTORY: [[Property; 2]; 2] = [
    [
        Property::CachedOiatNeverDecreases,
        Property::CachedClaimsNeverRegress,
    ],
    [
        Property::TabOiatNeverDecreases,
        Property::TabClaimsNeverRegress,
    ],
];

/// Searches under way.
pub struct Plan<'a> {
    question: &'a Question,
    limits: &'a Limits,
    watch: &'a Watch,
    began: Instant,
    is_weak_order: bool,
    proof: Proof,
}

impl Plan<'_> {
    /// For a question.
    pub fn new<'a>(question: &'a Question, limits: &'a Limits, watch: &'a Watch) -> Plan<'a> {
        let legacy = question.tokens == Tokens::Mixed;
        let rule = question.policy.rule;
        let is_weak_order =
            lines(&question.policy, question.tokens).is_some() && is_weak_order(rule, legacy);
        Plan {
            question,
            limits,
            watch,
            began: Instant::now(),
            is_weak_order,
            proof: Proof {
                answers: Vec::new(),
                states: 0,
                transitions: 0,
                waiting: (!is_weak_order).then_some(question.waiting),
                keeps_last: false,
                obstacle: None,
                elapsed: Default::default(),
            },
        }
    }

    /// Runs the searches.
    pub fn run(mut self) -> Proof {
        match lines(&self.question.policy, self.question.tokens) {
            Some(lines) => self.search_all(lines),
            None => self.proof.obstacle = Some(Obstacle::Comparator),
        }
        let known: Vec<_> = self.proof.answers.iter().map(|(known, _)| *known).collect();
        let open = self.question.properties.iter();
        for property in open.filter(|property| !known.contains(property)) {
            let is_searched = OF_A_STEP.contains(&property) || property.is_about_a_tab();
            let answer = match is_searched {
                true => Answer::Inconclusive,
                false => Answer::NotOfOneTab,
            };
            self.proof.answers.push((property, answer));
        }
        self.proof.answers.sort_by_key(|(property, _)| *property);
        self.proof.elapsed = self.began.elapsed();
        self.proof
    }

    fn search_all(&mut self, lines: Lines) {
        let legacy = self.question.tokens == Tokens::Mixed;
        let kinds = |legacy_claims| Kinds {
            lines,
            legacy,
            legacy_claims,
        };
        // Always: it shows whether the others may leave the last active token out.
        self.search_steps(kinds(false));
        let keeps_last = self.proof.keeps_last;
        for [oiat, claims] in OF_A_HISTORY {
            match legacy {
                // Claims are what `oiat` says.
                false => self.search_history(&[oiat, claims], kinds(false), keeps_last),
                true => {
                    self.search_history(&[oiat], kinds(false), keeps_last);
                    self.search_history(&[claims], kinds(true), keeps_last);
                }
            }
        }
        self.search_history(&[Property::SeedIsNotStale], kinds(false), true);
    }

    fn search_steps(&mut self, kinds: Kinds) {
        let properties = self.wanted(&OF_A_STEP);
        let environment = self.environment(kinds, 2);
        let stepper = self.stepper(properties, kinds.lines, false);
        let mut found = search(&stepper, &environment, true, self.limits, self.watch);
        self.count(&found);
        let is_inert =
            found.is_complete() && LastActive::try_all(&stepper, &environment, &mut found);
        self.proof.keeps_last = !is_inert;
        if is_inert || !found.is_complete() {
            return self.conclude(properties, &stepper, &environment, &found);
        }
        let stepper = self.stepper(properties, kinds.lines, true);
        let mut found = search(&stepper, &environment, true, self.limits, self.watch);
        self.count(&found);
        if found.is_complete() {
            LastActive::try_all(&stepper, &environment, &mut found);
        }
        self.conclude(properties, &stepper, &environment, &found);
    }

    fn search_history(&mut self, properties: &[Property], kinds: Kinds, keeps_last: bool) {
        let properties = self.wanted(properties);
        if properties.is_empty() {
            return;
        }
        let environment = self.environment(kinds, 1);
        let stepper = self.stepper(properties, kinds.lines, keeps_last);
        let found = search(&stepper, &environment, false, self.limits, self.watch);
        self.count(&found);
        self.conclude(properties, &stepper, &environment, &found);
    }

    fn wanted(&self, properties: &[Property]) -> PropertySet {
        let properties = PropertySet::from_iter(properties.iter().copied());
        properties.and(self.question.properties)
    }

    /// With so many broadcasts waiting as are enough, if the rule is a weak order.
    fn environment(&self, kinds: Kinds, enough: usize) -> Environment {
        let waiting = match self.is_weak_order {
            true => enough,
            false => self.question.waiting,
        };
        Environment {
            kinds,
            waiting,
            posts: self.question.policy.posts,
        }
    }

    fn stepper(&self, properties: PropertySet, lines: Lines, keeps_last: bool) -> Stepper {
        Stepper {
            policy: self.question.policy,
            judge: Judge {
                watch: TabSet::ALL,
                // The lowest rank: whoever had a token with `oiat` had a fresher one.
                first: rank(&Stamps::default()),
                properties,
                debts: false,
            },
            lines,
            keeps_last,
        }
    }

    fn count(&mut self, found: &Found) {
        self.proof.states += found.states();
        self.proof.transitions += found.transitions;
        let crowded = found.crowded.then_some(Obstacle::Crowded);
        let obstacle = found.bound.map(Obstacle::Bound).or(crowded);
        self.proof.obstacle = self.proof.obstacle.or(obstacle);
    }

    fn conclude(
        &mut self,
        properties: PropertySet,
        stepper: &Stepper,
        environment: &Environment,
        found: &Found,
    ) {
        for property in properties.iter() {
            let story = found
                .counterexample(property)
                .and_then(|(start, moves)| tell(stepper, environment, &start, &moves, property));
            let answer = match (story, found.is_violated(property), found.is_complete()) {
                (Some(story), ..) => Answer::Open(story),
                (None, false, true) if found.witnessed.has(property) => Answer::Proved,
                (None, false, true) => Answer::Vacuous,
                _ => Answer::Inconclusive,
            };
            self.proof.answers.push((property, answer));
        }
    }
}

/// Which `iat`s a rule may hold against each other; `None` if it may look at more than that: hold one
/// against an `oiat`, count reads of the database, or calculate. `None` also for a design that lets the
/// last active token decide about the slot, or takes measures: the argument does not speak of those.
fn lines(policy: &Policy, tokens: Tokens) -> Option<Lines> {
    if policy.guards.has(Site::Last) || policy.measures != Measures::NONE {
        return None;
    }
    match (policy.rule, tokens) {
        (Rule::Table(_), _) | (Rule::OiatElseIat, Tokens::WithOiat) => Some(Lines::PerOiat),
        (Rule::IatOnly | Rule::IatStrict, _) => Some(Lines::One),
        (Rule::OiatElseIat, Tokens::Mixed)
        | (Rule::TableThenIat(_) | Rule::Epoch | Rule::Foreign(_), _) => None,
    }
}
