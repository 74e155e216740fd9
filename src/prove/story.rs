//! A counterexample of the abstract tab, told with instants that are numbered once for all of it,
//! and checked: with these numbers the cache and the judge are run again.

use super::cookie::{Update, in_contexts, meet, meetings, update};
use super::environment::{Environment, Happening, Move, with_token};
use super::life::Whose;
use super::order::{Kinds, Lines, Phases, expired, spread_claims, spread_minted};
use super::step::{Stepper, TAB};
use super::tab::{OTHERS, Tab};
use super::timeline::{Moment, Timeline, Var};
use crate::cache::{Cache, Clock, Event, Phase, RequestKind, TokenRequest};
use crate::freshness::Org;
use crate::model::{Evidence, request_in_words};
use crate::property::Property;
use crate::vocabulary::ModelToken;
use std::collections::BTreeMap;

/// What happens to one tab, from a start on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Story {
    /// What the tab holds at the start.
    pub start: String,
    /// What happens to it; the last step violates the property.
    pub steps: Vec<StoryStep>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct StoryStep {
    pub title: String,
    /// What is done on the way, and what the tab holds in the end.
    pub details: Vec<String>,
}

/// The scene of one step: the tab in its own numbers, and what its instants are on the timeline.
struct Scene {
    tab: Tab,
    claims: BTreeMap<u8, Var>,
    minted: BTreeMap<(u8, u8), Var>,
    moment: Moment,
    /// The cookie and the update that meets it, at the end of a story about cookies.
    cookie: Option<(Option<ModelToken>, Update)>,
}

/// Tells a way to violate a property; `None` if with real numbers nothing is violated.
pub(crate) fn tell(
    stepper: &Stepper,
    environment: &Environment,
    start: &Tab,
    moves: &[Move],
    property: Property,
) -> Option<Story> {
    let mut timeline = Timeline::default();
    let mut scenes = vec![Scene::first(start, &mut timeline)];
    for (number, happens) in moves.iter().enumerate() {
        let is_last = number + 1 == moves.len();
        let scene = scenes.last_mut()?;
        if let (true, Move::Event(happening)) = (is_last, happens) {
            scene.find_cookie(stepper, environment, happening, property);
        }
        scene.place(&environment.kinds, happens, &mut timeline);
        if !is_last {
            let next = scene.next(stepper, happens, moves.get(number + 1), &mut timeline)?;
            scenes.push(next);
        }
    }
    let values = timeline.solve()?;
    let numbers = |scene| Numbers {
        scene,
        values: &values,
        lines: environment.kinds.lines,
    };
    let first = scenes.first()?;
    let mut tab = numbers(first).tab();
    let mut steps = Vec::new();
    let mut violated = false;
    for (number, (scene, happens)) in scenes.iter().zip(moves).enumerate() {
        let numbers = numbers(scene);
        let (step, is_violated) = numbers.run(stepper, &mut tab, happens, property);
        steps.push(step);
        violated = is_violated;
        if let (Some(next), None) = (scenes.get(number + 1), &stepper.life) {
            tab.name_fetches();
            if !next.tab.has_others() {
                tab = tab.without_others();
            }
        }
    }
    let start = numbers(first).tab();
    violated.then(|| Story {
        start: holds(stepper, &start.cache),
        steps,
    })
}

impl Scene {
    fn first(start: &Tab, timeline: &mut Timeline) -> Scene {
        Scene {
            tab: start.spread(),
            claims: BTreeMap::new(),
            minted: BTreeMap::new(),
            moment: timeline.moment(),
            cookie: None,
        }
    }

    /// Gives every instant of the scene its place on the timeline.
    fn place(&mut self, kinds: &Kinds, happens: &Move, timeline: &mut Timeline) {
        let lines = kinds.lines;
        let mut order = self.tab.order(lines);
        let mut tokens: Vec<ModelToken> = self.tab.cache.tokens().copied().collect();
        if let Move::Event(happening) = happens {
            tokens.extend(happening.tokens());
        }
        tokens.extend(self.cookie.iter().filter_map(|(cookie, ..)| *cookie));
        for token in &tokens {
            order.add(lines, token);
        }
        for &claims in order.claims() {
            let var = self.claims.entry(claims);
            var.or_insert_with(|| timeline.instant());
        }
        for &minted in order.minted() {
            let var = self.minted.entry(minted);
            var.or_insert_with(|| timeline.instant());
        }
        for token in &tokens {
            let read = self.claims.get(&token.oiat.unwrap_or(token.claims));
            let minted = self.minted.get(&(lines.of(token.oiat), token.iat));
            if let (Some(&read), Some(&minted)) = (read, minted) {
                timeline.no_later(read, minted);
                if kinds.dated && token.oiat.is_none() {
                    timeline.no_later(minted, read);
                }
            }
        }
        for (earlier, later) in self.claims.values().zip(self.claims.values().skip(1)) {
            timeline.before(*earlier, *later);
        }
        let minted = || self.minted.iter();
        for ((earlier, a), (later, b)) in minted().zip(minted().skip(1)) {
            if earlier.0 == later.0 {
                timeline.before(*a, *b);
            }
        }
        for (&(_, iat), &var) in &self.minted {
            timeline.expire(self.moment, iat, var);
        }
    }

    /// The scene after a step that is not the last.
    fn next(
        &self,
        stepper: &Stepper,
        happens: &Move,
        then: Option<&Move>,
        timeline: &mut Timeline,
    ) -> Option<Scene> {
        let after = stepper.step(&self.tab, happens).tab;
        let order = after.order(stepper.lines);
        let mut tab = stepper.canonical(&after)?.spread();
        // A step that ends the one fetch that is left may as well find others left.
        let needs_others = matches!(then, Some(Move::Event(then)) if then.ends() == Some(OTHERS));
        let ended_others = matches!(happens, Move::Event(now) if now.ends() == Some(OTHERS));
        if ended_others && !needs_others && stepper.life.is_none() {
            tab = tab.without_others();
        }
        let renamed = |&(line, iat): &(u8, u8)| {
            let of = |line| spread_claims(order.claims_rank(line));
            let line = match stepper.lines {
                Lines::PerOiat => of(line),
                Lines::One => line,
            };
            (line, iat)
        };
        let before = |key: &(u8, u8)| match happens {
            Move::Expiry { line, iat } if *key == (*line, *iat) => (*line, expired(*iat)),
            _ => *key,
        };
        let minted = self.minted.iter().filter_map(|(key, &var)| {
            let key = before(key);
            order.minted().contains(&key).then(|| {
                let rank = order.minted_rank(key.0, key.1);
                (renamed(&(key.0, spread_minted(rank))), var)
            })
        });
        let claims = self
            .claims
            .iter()
            .filter(|(claims, _)| order.claims().contains(claims));
        let claims = claims.map(|(&claims, &var)| (spread_claims(order.claims_rank(claims)), var));
        Some(Scene {
            claims: claims.collect(),
            minted: minted.collect(),
            tab,
            moment: timeline.next_moment(self.moment),
            cookie: None,
        })
    }

    /// Looks for a cookie that makes the last step violate a property of the cookie.
    fn find_cookie(
        &mut self,
        stepper: &Stepper,
        environment: &Environment,
        happening: &Happening,
        property: Property,
    ) {
        let mut order = self.tab.order(stepper.lines);
        for token in happening.tokens() {
            order.add(stepper.lines, token);
        }
        let effects = stepper.handle(&self.tab, happening, &Phases).effects;
        let updates = effects.iter().filter_map(update);
        for update in updates.flat_map(|update| in_contexts(stepper, update)) {
            for (cookie, token) in meetings(&order, environment.kinds, &update.token) {
                let update = Update { token, ..update };
                let seen = Evidence::Cookie(meet(stepper, &Phases, cookie, &update));
                let verdicts = stepper.judge.judge_shared(&seen);
                if verdicts.violated.has(property) {
                    self.cookie = Some((cookie, update));
                    return;
                }
            }
        }
    }
}

/// A scene with real numbers.
struct Numbers<'a> {
    scene: &'a Scene,
    values: &'a [u8],
    lines: Lines,
}

impl Numbers<'_> {
    fn claims(&self, claims: u8) -> u8 {
        let var = self.scene.claims.get(&claims);
        var.map_or(claims, |&var| self.values[var])
    }

    fn iat(&self, oiat: Option<u8>, iat: u8) -> u8 {
        let var = self.scene.minted.get(&(self.lines.of(oiat), iat));
        var.map_or(iat, |&var| self.values[var])
    }

    fn token(&self, token: &ModelToken) -> ModelToken {
        let iat = self.iat(token.oiat, token.iat);
        ModelToken {
            oiat: token.oiat.map(|oiat| self.claims(oiat)),
            iat,
            fmt: token.fmt,
            epoch: token.epoch,
            org: token.org,
            claims: match token.claims {
                // Of claims that nobody asks about it is as well said that they were new.
                0 => iat,
                claims => self.claims(claims),
            },
        }
    }

    fn tab(&self) -> Tab {
        Tab {
            cache: self.scene.tab.cache.map(|token| self.token(token)),
            history: self.scene.tab.history.map(
                |claims| self.claims(claims),
                |oiat, iat| self.iat(Some(oiat), iat),
            ),
        }
    }

    fn happening(&self, happening: &Happening) -> Happening {
        let token = |token: &ModelToken| self.token(token);
        Happening {
            event: match happening.event.token() {
                Some(new) => with_token(&happening.event, token(new)),
                None => happening.event.clone(),
            },
            waiting: happening.waiting.iter().map(token).collect(),
            last: happening.last.as_ref().map(token),
            meets: happening.meets,
        }
    }

    /// Runs one step, and says whether it violates the property.
    fn run(
        &self,
        stepper: &Stepper,
        tab: &mut Tab,
        happens: &Move,
        property: Property,
    ) -> (StoryStep, bool) {
        let happening = match happens {
            Move::Event(happening) => self.happening(happening),
            Move::Expiry { line, iat } => {
                let minted = self.scene.minted.get(&(*line, *iat));
                let minted = minted.map_or(0, |&var| self.values[var]);
                let title = match Phases.is_near(&ModelToken {
                    iat: *iat,
                    ..ModelToken::first(false)
                }) {
                    false => format!("time goes on: the token of iat {minted} is about to expire"),
                    true => format!("time goes on: the token of iat {minted} has expired"),
                };
                let details = Vec::new();
                return (StoryStep { title, details }, false);
            }
        };
        let clock = self.scene.moment.clock(self.values);
        let stepped = stepper.handle(tab, &happening, &clock);
        let mut details: Vec<_> = clock.in_words().into_iter().collect();
        details.extend(before(&happening));
        let seen = stepped
            .effects
            .iter()
            .filter_map(|effect| Evidence::of(TAB, effect));
        details.extend(seen.filter_map(|seen| seen.in_words()));
        let mut violated = stepped.verdicts.violated;
        if let Some((cookie, update)) = &self.scene.cookie {
            let cookie = cookie.as_ref().map(|cookie| self.token(cookie));
            let token = self.token(&update.token);
            let update = Update { token, ..*update };
            let seen = Evidence::Cookie(meet(stepper, &clock, cookie, &update));
            if stepper.life.is_some() {
                let context = organisation(update.writer.context);
                details.push(format!("the tab takes itself to be in {context}"));
            }
            violated = violated.or(stepper.judge.judge_shared(&seen).violated);
            details.extend(seen.in_words());
        }
        *tab = stepped.tab;
        details.push(holds(stepper, &tab.cache));
        let title = title(&happening);
        (StoryStep { title, details }, violated.has(property))
    }
}

/// What turned out to have been there.
fn before(happening: &Happening) -> Vec<String> {
    let waited = happening.waiting.iter();
    let waited = waited.map(|token| format!("the broadcast {token} has waited for it"));
    let last = happening.last.iter();
    let last = last.map(|token| format!("the last active token is {token}"));
    waited.chain(last).collect()
}

/// An organisation in a reader's words.
fn organisation(org: Org) -> &'static str {
    match org == Org::PERSONAL {
        true => "the personal account",
        false => "the organisation",
    }
}

/// What the tab holds, as far as the proof looks at it.
fn holds(stepper: &Stepper, cache: &Cache<ModelToken>) -> String {
    let Some(view) = &stepper.life else {
        return format!("the tab holds {}", cache.at(Org::PERSONAL).slot);
    };
    let phase = match cache.phase {
        Phase::Absent => return "the tab has not been opened".to_owned(),
        Phase::Closed => return "the tab is closed".to_owned(),
        Phase::Loading => "the tab loads",
        Phase::Live | Phase::Leaving => "the tab is signed in",
        Phase::Out => "the tab is signed out",
    };
    let session = match cache.current() {
        Some(session) if view.keeps_last => {
            let last = session
                .last
                .map_or_else(|| "any".to_owned(), |last| last.to_string());
            let org = organisation(session.org);
            format!(", its session is in {org} with the last active token {last}")
        }
        Some(session) => format!(", its session is in {}", organisation(session.org)),
        None => String::new(),
    };
    let (key, slot) = (organisation(view.key), &cache.at(view.key).slot);
    format!("{phase}{session}; for {key} it holds {slot}")
}

fn title(happening: &Happening) -> String {
    let title = title_of(&happening.event);
    match happening.meets.map(|meets| meets.whose) {
        Some(Whose::Older) => format!("{title} (of an older session)"),
        Some(Whose::Current) | None => title,
    }
}

fn title_of(event: &Event<ModelToken>) -> String {
    let who = |request: TokenRequest| match request.fetch() {
        Some(OTHERS) => "an earlier fetch".to_owned(),
        Some(_) | None => request_in_words(RequestKind::Token(request)),
    };
    event.in_words(who)
}
