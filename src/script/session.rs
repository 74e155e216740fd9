//! One script from its text to its answers: what happens in the process that runs it.
//!
//! A question is first asked twice in a row, in the same words: a script that keeps something from one
//! call to the next, or draws lots, is found at once, mostly. Then its tokens' instants are put other
//! distances apart, in the same order: if that changes the answer, the script measures what the model
//! does not know. Before anybody hears of a verdict the question is asked again in two more contexts, one
//! that knows nothing of earlier questions and one that has been asked very many, in surroundings that
//! differ in all that carries no meaning; and in a third one, as near to what ships as can be.

mod blame;

#[cfg(feature = "script")]
use super::branches::Branches;
use super::code::{Module, Source};
use super::engine::Engine;
use super::protocol::{Asked, Failure, Import, Pair, Reply, Request, Trouble, When};
use super::seconds::{At, Distance, LADDER, UNEVEN, USUAL, instants};
use super::shipped::Shipped;
use super::strip::{self, Stripped};
use super::surroundings::Surroundings;
use super::token::Call;
use crate::freshness::Winner;
use blame::{past_of, undecided};
use fastrand::Rng;
use std::path::Path;
use std::time::Duration;

/// How often a context is asked before it confirms anything: what a script counts up to is different
/// there by so much.
const EXERCISE: u32 = 1_000;

/// How often an answer is confirmed, in other surroundings each time.
const CONFIRMATIONS: usize = 4;

/// Distances of less than this, in seconds, leave lifetimes that overlap.
const MOST_IN_TIME: u32 = 50;

/// A script that is slow is not asked as often.
const EXERCISE_TIME: Duration = Duration::from_millis(100);

/// How stack traces call the script: in first answers, and in those that confirm them.
const NAMES: [&str; 2] = ["script", "assets/clerk.browser"];

/// The seed of everything random here.
const SEED: u64 = 8097;

/// A script, as far as it has got.
#[derive(Default)]
pub(super) struct Session {
    read: Read,
    loaded: Option<Loaded>,
}

/// A script that has been read, and all files that it needs.
#[derive(Default)]
struct Read {
    /// The script, and the others in the order of reading.
    files: Vec<File>,
    /// For each, the numbers of those that it needs.
    links: Vec<Vec<usize>>,
}

struct File {
    text: String,
    stripped: Stripped,
}

struct Loaded {
    script: Read,
    asked: Asked,
    first: Engine,
    /// Knows nothing of what was asked before.
    confirming: Option<Engine>,
    /// Has been asked very often before, and goes on being asked.
    seasoned: Option<Engine>,
    /// Is as near as can be to where it ships.
    shipped: Option<Shipped>,
    /// What has been decided, in order.
    decided: Vec<Pair>,
    random: Rng,
}

impl Session {
    /// Does what is asked for.
    pub(super) fn answer(&mut self, request: Request) -> Reply {
        let replied = match (request, &mut self.loaded) {
            (Request::Read { name, text }, _) => self.read(&name, text).map(Reply::Needs),
            (Request::Load { asked, links }, _) => self
                .load(asked, links)
                .map(|function| Reply::Loaded { function }),
            (Request::Decide(pair), Some(loaded)) => loaded.decide(pair).map(Reply::Winner),
            (Request::Reload, Some(loaded)) => loaded.reload().map(|()| Reply::Done),
            (Request::Confirm(pair, winner), Some(loaded)) => {
                loaded.confirm(&pair, winner).map(|()| Reply::Done)
            }
            (Request::Unreached, Some(loaded)) => Ok(Reply::Unreached(loaded.unreached())),
            (
                Request::Decide(_) | Request::Reload | Request::Confirm(..) | Request::Unreached,
                None,
            ) => Err(out_of_turn()),
        };
        replied.unwrap_or_else(Reply::Failed)
    }

    fn read(&mut self, name: &str, text: String) -> Result<Vec<Import>, Failure> {
        let stripped = strip::strip(Path::new(name), &text).map_err(Failure::Unreadable)?;
        let needs = stripped.imports.clone();
        self.read.files.push(File { text, stripped });
        Ok(needs)
    }

    /// What is called.
    fn load(&mut self, asked: Asked, links: Vec<Vec<usize>>) -> Result<String, Failure> {
        let mut script = std::mem::take(&mut self.read);
        script.links = links;
        if !script.is_whole() {
            return Err(out_of_turn());
        }
        let first = script.engine(&asked, NAMES[0], false);
        let first = first.map_err(|trouble| script.failure(trouble, When::Loading, ""))?;
        let function = first.function().to_owned();
        let asked = Asked {
            function: Some(function.clone()),
            ..asked
        };
        self.loaded = Some(Loaded {
            script,
            asked,
            first,
            confirming: None,
            seasoned: None,
            shipped: None,
            decided: Vec::new(),
            random: Rng::with_seed(SEED),
        });
        Ok(function)
    }
}

fn out_of_turn() -> Failure {
    Failure::Trouble {
        trouble: Trouble::Engine("it is asked before it is loaded".to_owned()),
        when: When::Loading,
        place: None,
        question: String::new(),
    }
}

impl Read {
    /// Whether every file that one needs has been read.
    fn is_whole(&self) -> bool {
        let count = self.files.len();
        let links = self.files.iter().zip(&self.links);
        let mut known = links.map(|(file, links)| {
            file.stripped.imports.len() == links.len() && links.iter().all(|link| *link < count)
        });
        count > 0 && self.links.len() == count && known.all(|is_known| is_known)
    }

    fn modules<'a>(&'a self, codes: impl Iterator<Item = &'a str>) -> Vec<Module> {
        let files = self.files.iter().zip(&self.links).zip(codes);
        let modules = files.map(|((file, links), code)| {
            let imports = file.stripped.imports.iter().zip(links);
            Module {
                code: code.to_owned(),
                imports: imports.map(|(i, to)| (i.from.clone(), *to)).collect(),
            }
        });
        modules.collect()
    }

    fn codes(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.stripped.code.as_str())
    }

    fn engine(&self, asked: &Asked, name: &str, in_page: bool) -> Result<Engine, Trouble> {
        Engine::new(Source {
            modules: self.modules(self.codes()),
            name,
            asked,
            in_page,
            mark: None,
        })
    }

    fn failure(&self, trouble: Trouble, when: When, question: &str) -> Failure {
        let place = match &trouble {
            Trouble::Threw { at, .. } => *at,
            _ => None,
        };
        let place = place.and_then(|(number, line, column)| {
            let file = self.files.get(number)?;
            let origin = file.stripped.origin(&file.text, line, column)?;
            Some((number, origin))
        });
        Failure::Trouble {
            trouble,
            when,
            place,
            question: question.to_owned(),
        }
    }
}

impl Asked {
    /// How far apart instants are in first answers, and, for a script that is told it, the time.
    pub(super) fn usual(&self, pair: &Pair) -> At {
        let even = |seconds| At::from(Distance::Even(seconds));
        match self.asks_for_time() {
            // Who asks has seen to it that there is a time.
            true => At::all_times(pair).first().copied().unwrap_or(At {
                now: Some(0),
                ..even(USUAL)
            }),
            false => even(self.distance.unwrap_or(USUAL)),
        }
    }

    /// Whether there is a time at which the tokens are as near to their expiry as they say.
    pub(super) fn can_be_asked(&self, pair: &Pair) -> bool {
        !self.asks_for_time() || !At::all_times(pair).is_empty()
    }

    /// All that an answer must not depend on.
    fn all(&self, pair: &Pair) -> Vec<At> {
        if self.asks_for_time() {
            return At::all_times(pair);
        }
        let mut all: Vec<At> = Vec::new();
        let apart = instants(pair).len();
        if apart > 1 {
            all.extend(LADDER.map(|seconds| At::from(Distance::Even(seconds))));
        }
        if apart > 2 {
            all.extend(UNEVEN.map(|seconds| At::from(Distance::Uneven(seconds))));
        }
        all
    }
}

impl Loaded {
    /// How far apart instants are in first answers, and when they are given.
    fn usual(&self, pair: &Pair) -> At {
        self.asked.usual(pair)
    }

    fn decide(&mut self, pair: Pair) -> Result<Winner, Failure> {
        let usual = self.usual(&pair);
        let call = Call::new(&pair, usual, &Surroundings::first());
        let winner = self.ask(&self.first, &call)?;
        if self.ask(&self.first, &call)? != winner {
            return Err(undecided(&pair, usual, past_of(&self.first)));
        }
        if self.asked.distance.is_none() {
            self.compare_distances(&pair, winner)?;
        }
        self.decided.push(pair);
        Ok(winner)
    }

    /// Holds an answer against those for other distances.
    fn compare_distances(&self, pair: &Pair, winner: Winner) -> Result<(), Failure> {
        let mut answers = Vec::new();
        for other in self.asked.all(pair) {
            let answer = match other == self.usual(pair) {
                true => winner,
                false => self.ask(&self.first, &at(pair, other))?,
            };
            answers.push((other, answer));
        }
        if answers.iter().all(|(_, answer)| *answer == winner) {
            return Ok(());
        }
        // Neighbours on the ladder say the most; uneven distances are beside it.
        let steps = answers.windows(2).map(|two| [two[0], two[1]]);
        let differ = |[a, b]: &[(At, Winner); 2]| a.1 != b.1;
        let Some([near, far]) = { steps }.find(differ) else {
            return Ok(());
        };
        self.explain_distances(pair, winner, near, far)
    }

    fn reload(&mut self) -> Result<(), Failure> {
        self.confirming = None;
        let engine = self.script.engine(&self.asked, NAMES[1], false);
        let failure = |trouble| self.script.failure(trouble, When::Reloading, "");
        self.confirming = Some(engine.map_err(failure)?);
        Ok(())
    }

    fn confirm(&mut self, pair: &Pair, winner: Winner) -> Result<(), Failure> {
        if self.seasoned.is_none() {
            let (engine, call) = (self.engine(NAMES[1])?, at(pair, self.usual(pair)));
            let exercised = engine.exercise(&call, EXERCISE, EXERCISE_TIME);
            exercised.map_err(|trouble| self.failure(trouble, &call))?;
            self.seasoned = Some(engine);
        }
        let (usual, mut random) = (self.usual(pair), self.random.clone());
        for n in 0..CONFIRMATIONS {
            let (engine, early) = match n {
                0 => (&self.confirming, true),
                n => (&self.seasoned, n % 2 == 0),
            };
            let distance = match (self.asked.distance, n) {
                (Some(_), _) | (None, 0) => usual,
                (None, _) => self.any(pair, &mut random),
            };
            let engine = engine.as_ref().ok_or_else(out_of_turn)?;
            let around = Surroundings::other(&mut random, early);
            let call = Call::new(pair, distance, &around);
            let answer = match n + 1 {
                CONFIRMATIONS => engine.ask_again(&call),
                _ => engine.ask(&call),
            };
            if answer.map_err(|trouble| self.failure(trouble, &call))? != winner {
                let past = past_of(engine);
                return Err(self.blame(pair, winner, distance, &around, past)?);
            }
        }
        let (at, around) = (usual, Surroundings::other(&mut random, true));
        self.random = random;
        let shipped = self.shipped.get_or_insert_with(|| {
            // Where it cannot be loaded among what looks like a page, nothing is known of it there.
            let engine = self.script.engine(&self.asked, NAMES[1], true);
            Shipped::new(engine.ok())
        });
        match shipped.ask(pair, winner, at, &around) {
            Some(other) => Err(self.blame_shipped(&other)?),
            None => Ok(()),
        }
    }

    /// Nothing: an engine from outside does not say what it reached.
    #[cfg(not(feature = "script"))]
    fn unreached(&self) -> Vec<super::protocol::Branch> {
        Vec::new()
    }

    /// What no pair so far reached, in the order of the text.
    #[cfg(feature = "script")]
    fn unreached(&self) -> Vec<super::protocol::Branch> {
        let codes: Vec<&str> = self.script.codes().collect();
        let branches = Branches::of(&codes);
        let reached = branches.reached_by(|codes, mark| {
            let engine = Engine::new(Source {
                modules: self.script.modules(codes.iter().map(String::as_str)),
                name: NAMES[0],
                asked: &self.asked,
                in_page: false,
                mark: Some(mark),
            });
            if let Ok(engine) = engine {
                for pair in &self.decided {
                    // It answered this before; here the answer is not what counts.
                    let _ = engine.ask(&at(pair, self.usual(pair)));
                }
            }
        });
        let files = self.script.files.iter();
        let files: Vec<_> = files.map(|f| (f.text.as_str(), &f.stripped)).collect();
        branches.unreached(&reached, &files)
    }

    /// Any distances at all, and any time at which the tokens are as near to their expiry as they say.
    fn any(&self, pair: &Pair, random: &mut Rng) -> At {
        if !self.asked.asks_for_time() {
            return any_distance(random).into();
        }
        let distance = Distance::Uneven([(); 3].map(|()| random.u32(1..MOST_IN_TIME)));
        let mut times = At::times(pair, distance);
        if times.is_empty() {
            times = self.asked.all(pair);
        }
        let chosen = random.usize(..times.len().max(1));
        let usual = || self.usual(pair);
        times.get(chosen).copied().unwrap_or_else(usual)
    }

    fn engine(&self, name: &str) -> Result<Engine, Failure> {
        let engine = self.script.engine(&self.asked, name, false);
        engine.map_err(|trouble| self.script.failure(trouble, When::Reloading, ""))
    }

    fn ask(&self, engine: &Engine, call: &Call) -> Result<Winner, Failure> {
        engine
            .ask(call)
            .map_err(|trouble| self.failure(trouble, call))
    }

    fn failure(&self, trouble: Trouble, call: &Call) -> Failure {
        let question = call.to_string();
        self.script.failure(trouble, When::Calling, &question)
    }
}

/// The call in the first surroundings.
fn at(pair: &Pair, at: At) -> Call {
    Call::new(pair, at, &Surroundings::first())
}

/// One of all even and uneven distances up to 90 days.
fn any_distance(random: &mut Rng) -> Distance {
    let mut seconds = || {
        let most = [10, 100, 1_000, 10_000, 100_000, 7_776_000];
        let most = most[random.usize(..most.len())];
        random.u32(1..most)
    };
    let three = [seconds(), seconds(), seconds()];
    match random.bool() {
        true => Distance::Even(three[0]),
        false => Distance::Uneven(three),
    }
}
