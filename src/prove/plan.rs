//! Which searches a question takes, one for each kind of history.

use super::certificate::Invariant;
use super::environment::Environment;
use super::last::LastActive;
use super::life::{View, may_be_astray};
use super::order::{Kinds, Lines};
use super::search::{Found, Until, search};
use super::step::Stepper;
use super::story::tell;
use super::waiting::{ENOUGH_FOR_STATES, enough as enough_waiting};
use super::{Answer, Obstacle, Proof, Question, Tokens};
use crate::cache::{Answers, Measure, Policy, Site};
use crate::explore::{Limits, Watch};
use crate::freshness::{Org, Rule, Stamps, rank};
use crate::property::{self, Monitor, Property, PropertySet, Reading, Span, on};
use crate::time::Moment;
use crate::vocabulary::TabSet;
use std::collections::BTreeMap;

fn attempted(like: property::Proof) -> PropertySet {
    let all = Property::ALL.into_iter();
    all.filter(|property| property.definition().proof == like)
        .collect()
}

/// Searches under way.
pub(crate) struct Plan<'a> {
    question: &'a Question,
    until: Until<'a>,
    /// Which tokens are about; `None`: the argument does not speak of the comparator.
    kinds: Option<Kinds>,
    /// The most broadcasts that are let wait for a fetch.
    waiting: usize,
    /// The key through which a tab that comes and goes is looked at.
    view: Option<Org>,
    proof: Proof,
}

impl Plan<'_> {
    pub(crate) fn new<'a>(
        question: &'a Question,
        limits: &'a Limits,
        watch: &'a Watch,
    ) -> Plan<'a> {
        // Fetches differ in whether the cache was invalidated since, which no state keeps.
        let policy = &question.policy;
        let obstacle = match (question.life, policy.answers) {
            (false, Answers::Fence) => Some(Obstacle::Fence),
            (true, _) if policy.guards.has(Site::Dispatch) => Some(Obstacle::Dispatch),
            (true, Answers::Fence) | (_, Answers::Install | Answers::CompareAndSwap) => None,
        };
        let kinds = kinds(policy, question.tokens).filter(|_| obstacle.is_none());
        // Without a baseline each broadcast that waited is adopted for itself, whichever organisation's.
        let is_mixed = question.life && may_be_astray(policy) && !policy.guards.has(Site::Baseline);
        let enough = kinds.filter(|_| !is_mixed);
        let enough = enough.and_then(|kinds| enough_waiting(policy, kinds.legacy));
        Plan {
            view: None,
            question,
            until: Until {
                limits,
                watch,
                began: Moment::now(),
            },
            kinds,
            waiting: enough.unwrap_or(question.waiting),
            proof: Proof {
                answers: Vec::new(),
                states: 0,
                transitions: 0,
                waiting: enough.is_none().then_some(question.waiting),
                keeps_last: question.policy.guards.has(Site::Last),
                obstacle,
                invariants: Vec::new(),
                elapsed: Default::default(),
            },
        }
    }

    /// Runs the searches.
    pub(crate) fn run(mut self) -> Proof {
        match self.kinds {
            Some(kinds) if self.question.life => {
                for key in Org::ALL {
                    self.view = Some(key);
                    self.search_all(kinds);
                }
                self.proof.answers = all_views(std::mem::take(&mut self.proof.answers));
            }
            Some(kinds) => self.search_all(kinds),
            None => {
                let obstacle = self.proof.obstacle.unwrap_or(Obstacle::Comparator);
                self.proof.obstacle = Some(obstacle);
            }
        }
        let known: Vec<_> = self.proof.answers.iter().map(|(known, _)| *known).collect();
        let open = self.question.properties.iter();
        for property in open.filter(|property| !known.contains(property)) {
            let answer = match property.definition().proof {
                property::Proof::Never => Answer::NotOfOneTab,
                property::Proof::Life if !self.question.life => Answer::OfLife,
                property::Proof::Life
                | property::Proof::Step
                | property::Proof::History(..)
                | property::Proof::Seed => Answer::Inconclusive,
            };
            self.proof.answers.push((property, answer));
        }
        self.proof.answers.sort_by_key(|(property, _)| *property);
        self.proof.elapsed = self.until.began.elapsed();
        self.proof
    }

    fn search_all(&mut self, kinds: Kinds) {
        // Unless the tabs keep the last active token anyway: it shows whether they may leave it out.
        if self.view.is_some() {
            self.search_life_steps(kinds);
        } else if !self.proof.keeps_last
            || !self.wanted(attempted(property::Proof::Step)).is_empty()
        {
            self.search_steps(kinds);
        }
        let keeps_last = self.proof.keeps_last;
        let of_claims = Kinds {
            legacy_claims: true,
            ..kinds
        };
        for span in [Span::Residency, Span::Life, Span::Calls] {
            let of = |reading| attempted(property::Proof::History(span, reading));
            let (oiat, claims) = (of(Reading::Oiat), of(Reading::Claims));
            match kinds.legacy {
                // Claims are what `oiat` says.
                false => self.search_history(oiat.or(claims), kinds, keeps_last),
                true => {
                    self.search_history(oiat, kinds, keeps_last);
                    self.search_history(claims, of_claims, keeps_last);
                }
            }
        }
        self.search_history(attempted(property::Proof::Seed), kinds, true);
    }

    fn search_steps(&mut self, kinds: Kinds) {
        let properties = self.wanted(attempted(property::Proof::Step));
        let environment = self.environment(properties, kinds, self.waiting, false);
        if !self.proof.keeps_last {
            let stepper = self.stepper(properties, &environment, false);
            let mut found = search(&stepper, &environment, true, &self.until);
            self.count(&found);
            let is_inert = found.is_complete()
                && LastActive::try_all(&stepper, &environment, &self.until, &mut found);
            self.proof.keeps_last = !is_inert;
            if is_inert || !found.is_complete() {
                return self.conclude(properties, &stepper, &environment, &found);
            }
        }
        let stepper = self.stepper(properties, &environment, true);
        let found = search(&stepper, &environment, true, &self.until);
        self.count(&found);
        self.conclude(properties, &stepper, &environment, &found);
    }

    /// Whether the last active token decides about the slot is known there: only with [`Site::Last`].
    fn search_life_steps(&mut self, kinds: Kinds) {
        let all = attempted(property::Proof::Step).or(attempted(property::Proof::Life));
        let properties = self.wanted(all);
        if properties.is_empty() {
            return;
        }
        let keeps_last = self.proof.keeps_last;
        let environment = self.environment(properties, kinds, self.waiting, keeps_last);
        let stepper = self.stepper(properties, &environment, keeps_last);
        let found = search(&stepper, &environment, true, &self.until);
        self.count(&found);
        self.conclude(properties, &stepper, &environment, &found);
    }

    fn search_history(&mut self, properties: PropertySet, kinds: Kinds, keeps_last: bool) {
        let properties = self.wanted(properties);
        if properties.is_empty() {
            return;
        }
        let waiting = match self.proof.waiting {
            None => ENOUGH_FOR_STATES,
            Some(most) => most,
        };
        let environment = self.environment(properties, kinds, waiting, keeps_last);
        let stepper = self.stepper(properties, &environment, keeps_last);
        let found = search(&stepper, &environment, false, &self.until);
        self.count(&found);
        self.conclude(properties, &stepper, &environment, &found);
    }

    fn wanted(&self, properties: PropertySet) -> PropertySet {
        // What is open in one view is open.
        let open = self.proof.answers.iter();
        let open = open.filter(|(_, answer)| matches!(answer, Answer::Open(_)));
        let open: PropertySet = open.map(|(property, _)| *property).collect();
        let wanted = properties.and(self.question.properties).iter();
        wanted.filter(|property| !open.has(*property)).collect()
    }

    fn environment(
        &self,
        properties: PropertySet,
        kinds: Kinds,
        waiting: usize,
        keeps_last: bool,
    ) -> Environment {
        let asks = |like: fn(Property) -> bool| properties.iter().any(like);
        let policy = self.question.policy;
        let life = self.view.map(|key| View {
            key,
            policy,
            tells_orgs: may_be_astray(&policy) && (keeps_last || asks(is_about_orgs)),
            keeps_last,
            asks_seeds: asks(|property| property == Property::SeedIsNotStale),
            remembers_calls: asks(remembers_calls),
        });
        Environment {
            life,
            kinds,
            waiting,
            posts: self.question.policy.posts,
            broadcasts: self.question.policy.platform.broadcast,
        }
    }

    fn stepper(
        &self,
        properties: PropertySet,
        environment: &Environment,
        keeps_last: bool,
    ) -> Stepper {
        let kinds = environment.kinds;
        Stepper {
            life: environment.life,
            policy: self.question.policy,
            judge: Monitor {
                // No proof is about how many requests there are.
                requests_per_tab: None,
                watch: TabSet::ALL,
                // The lowest rank: whoever had a token with `oiat` had a fresher one.
                first: rank(&Stamps::default()),
                properties: properties.and(on(self.question.policy.platform)),
                undelivered: false,
            },
            lines: kinds.lines,
            dated: kinds.dated,
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
        if self.question.certify {
            self.proof.invariants.extend(Invariant::of(
                found,
                &self.proof.answers,
                properties,
                self.question.tokens,
                environment.kinds.legacy_claims,
                (environment.waiting, self.proof.waiting.is_none()),
            ));
        }
    }
}

/// Whether the organisation of a token is what a property is about.
fn is_about_orgs(property: Property) -> bool {
    property.definition().proof == property::Proof::Life
}

/// Whether a property remembers what a call got.
fn remembers_calls(property: Property) -> bool {
    let proof = property.definition().proof;
    matches!(proof, property::Proof::History(Span::Calls, _))
}

/// One answer for each property, of those of all views: proved is what is proved in each, or could not
/// be violated there, but in one.
fn all_views(answers: Vec<(Property, Answer)>) -> Vec<(Property, Answer)> {
    let mut all: BTreeMap<Property, Answer> = BTreeMap::new();
    let weight = |answer: &Answer| match answer {
        Answer::Vacuous => 0,
        Answer::Proved => 1,
        Answer::NotOfOneTab | Answer::OfLife | Answer::Inconclusive => 2,
        Answer::Open(_) => 3,
    };
    for (property, answer) in answers {
        match all.get(&property) {
            Some(known) if weight(known) >= weight(&answer) => {}
            Some(_) | None => {
                all.insert(property, answer);
            }
        }
    }
    all.into_iter().collect()
}

/// Which tokens are about, and what a rule may hold against each other; `None` if it may look at more
/// than that: hold an `iat` against an `oiat`, count reads of the database, or calculate.
fn kinds(policy: &Policy, tokens: Tokens) -> Option<Kinds> {
    let mut lines = Lines::PerOiat;
    for rule in policy.rules.all() {
        match (rule, tokens) {
            // Whether a token is dead is part of a state.
            (
                Rule::Table(_)
                | Rule::TableThenIat(_)
                | Rule::LiveThenTable(_)
                | Rule::ExpiredYields(_),
                _,
            )
            | (Rule::OiatElseIat, Tokens::WithOiat) => {}
            // All on one line tells apart whatever lines of equal `oiat` do.
            (Rule::IatOnly | Rule::IatStrict, _) => lines = Lines::One,
            (Rule::OiatElseIat, Tokens::Mixed) | (Rule::Epoch | Rule::External(_), _) => {
                return None;
            }
        }
    }
    Some(Kinds {
        lines,
        legacy: tokens == Tokens::Mixed,
        legacy_claims: false,
        // No edge copies a token without `oiat` if every request that is seeded with one is forced.
        dated: policy.measures.has(Measure::LegacyToOrigin),
    })
}
