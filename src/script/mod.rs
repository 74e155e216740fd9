//! A team's own comparator: the file that ships, in TypeScript or JavaScript, run as it is.
//!
//! The types are taken away by oxc, the rest is run by QuickJS. A script is a module that exports a
//! function of two tokens and returns the one that stays, `existing` or `incoming` itself. Each
//! token is what the browser SDK hands on, a token resource, and at the same time the decoded JWT
//! in it, so that a function written for either runs:
//!
//! ```ts
//! interface Token {
//!   object: 'token';
//!   getRawString(): string;   // the compact JWS; its signature is not one
//!   jwt: {
//!     encoded: { header: string; payload: string; signature: string };
//!     header: { alg: string; kid: string; typ: string; oiat?: number };
//!     claims: {
//!       __raw: string; iat: number; nbf: number; exp: number;
//!       iss: string; sid: string; sub: string;
//!       v: number; azp?: string;   // the claims' format: v counts from 1, azp is there from 2 on
//!     };
//!   };
//!   encoded: Token['jwt']['encoded'];
//!   header: Token['jwt']['header'];
//!   claims: Token['jwt']['claims'];
//! }
//! ```
//!
//! Instants are seconds since the epoch, half a minute apart; only their order means anything. What
//! the model knows beyond that (when the claims were really read) is not in there.
//!
//! A script has no file system, no network and nothing to import; `console` is silent. A call ends
//! after [`CALL_TIME_MILLISECONDS`], and all of a script's values fit into [`MEMORY_MIB`].
//!
//! A decision that depends on anything but the two tokens has no place in a model. So a script is
//! asked twice in a row for each pair of tokens that a model produces; only then is the answer
//! remembered. Both tokens are made anew for each call, so that none carries anything from one call
//! to another; what stays are texts, and objects that no script gets hold of. And before anybody
//! hears of a verdict every answer that has not been asked for again is, in a new context with
//! another clock and another chance, the last one first ([`Decide::check`]).
//!
//! That context is given up after each check. One that was kept would save little, a start being
//! as dear as thirty calls, and it would be worth less: a script that settles after some calls
//! answers alike in two contexts that have both settled.

mod engine;
mod failure;
mod strip;
mod token;

use crate::freshness::{Decide, External, Rule, TokenView, Unreliable, Winner};
use crate::source::{Document, Fault, Faults};
use engine::{Engine, Run, Trouble};
use failure::Context;
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use strip::Stripped;
use token::{Call, Tokens};

/// How long a call may take, and loading a script.
pub const CALL_TIME_MILLISECONDS: u64 = 1000;

/// The memory that a script and its engine may use.
pub const MEMORY_MIB: usize = engine::MEMORY_BYTES >> 20;

/// The function that is called unless a design names another.
pub const DEFAULT_FUNCTION: &str = "pickFreshestJwt";

/// Existing, incoming.
type Pair = (TokenView, TokenView);

/// A script that has been loaded.
#[derive(Debug)]
pub struct Script {
    context: Context,
    program: Stripped,
    answers: RwLock<FxHashMap<Pair, Winner>>,
    evaluator: Mutex<Evaluator>,
    /// Held while answers are confirmed.
    confirmation: Mutex<()>,
    failure: OnceLock<Unreliable>,
}

/// Where the script is asked, one call at a time.
struct Evaluator {
    engine: Engine,
    tokens: Tokens,
    /// Answers that have not been asked for again yet, in order.
    unconfirmed: Vec<Answer>,
}

/// What a call was answered with.
#[derive(Debug)]
struct Answer {
    call: Call,
    winner: Winner,
}

impl std::fmt::Debug for Evaluator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unconfirmed = &self.unconfirmed;
        f.debug_struct("Evaluator")
            .field("unconfirmed", unconfirmed)
            .finish_non_exhaustive()
    }
}

/// Scripts by design, file, function and contents. A program meets a handful, and a rule has to
/// outlive everything that is made of it, so they are never given back.
static SCRIPTS: Mutex<Vec<(Key, &'static Script)>> = Mutex::new(Vec::new());

type Key = (PathBuf, String, PathBuf, String);

/// The rule that asks a function of a script. `design` is the file that names it.
pub fn rule(design: &Path, script: Document, function: &str) -> Result<Rule, Faults> {
    let hash = script.sha256();
    let key = (
        design.to_owned(),
        function.to_owned(),
        script.path.clone(),
        hash,
    );
    let mut scripts = lock(&SCRIPTS);
    let known = scripts.iter().find(|(known, _)| *known == key);
    let script = match known {
        Some((_, script)) => *script,
        None => {
            let script: &'static Script =
                Box::leak(Box::new(Script::load(design, script, function)?));
            scripts.push((key, script));
            script
        }
    };
    Ok(Rule::External(External(script)))
}

impl Script {
    fn load(design: &Path, script: Document, function: &str) -> Result<Script, Faults> {
        if !strip::has_known_ending(&script.path) {
            let message = "is neither TypeScript nor JavaScript, by its name".to_owned();
            let fault = Fault::of_file(&script.path, message);
            return Err(fault.help("it must end in .ts, .mts, .js or .mjs").into());
        }
        let program = strip::strip(&script)?;
        let context = Context {
            design: design.to_owned(),
            script,
            function: function.to_owned(),
        };
        let engine = Engine::new(&program, function, Run::First)
            .map_err(|trouble| context.at_load(&program, &trouble))?;
        Ok(Script {
            context,
            program,
            answers: RwLock::default(),
            evaluator: Mutex::new(Evaluator {
                engine,
                tokens: Tokens::default(),
                unconfirmed: Vec::new(),
            }),
            confirmation: Mutex::new(()),
            failure: OnceLock::new(),
        })
    }

    fn known(&self, pair: &Pair) -> Option<Winner> {
        let answers = self.answers.read();
        let answers = answers.unwrap_or_else(PoisonError::into_inner);
        answers.get(pair).copied()
    }

    /// Asks the script, twice in a row: the same call has to get the same answer.
    fn ask(&self, evaluator: &mut Evaluator, pair: Pair) -> Result<Winner, Unreliable> {
        let call = evaluator.tokens.call(pair.0, pair.1);
        let winner = self.answer(&evaluator.engine, &call)?;
        if self.answer(&evaluator.engine, &call)? != winner {
            let used = evaluator.engine.used();
            return Err(self.context.undecided(&call, &used));
        }
        evaluator.unconfirmed.push(Answer { call, winner });
        let answers = self.answers.write();
        answers
            .unwrap_or_else(PoisonError::into_inner)
            .insert(pair, winner);
        Ok(winner)
    }

    /// What an engine answers.
    fn answer(&self, engine: &Engine, call: &Call) -> Result<Winner, Unreliable> {
        let answer = engine.ask(call);
        answer.map_err(|trouble| self.context.in_call(&self.program, call, &trouble))
    }

    /// Asks for the answers again, the last one first, in a context that knows nothing of them, nor
    /// of any others.
    fn confirm(&self, answers: &[Answer]) -> Result<(), Unreliable> {
        let other = Engine::new(&self.program, &self.context.function, Run::Confirming);
        let other = other.map_err(|trouble| self.context.reload(&self.program, &trouble))?;
        for Answer { call, winner } in answers.iter().rev() {
            if self.answer(&other, call)? != *winner {
                return Err(self.context.undecided(call, &other.used()));
            }
        }
        Ok(())
    }

    fn fail(&self, failure: Unreliable) {
        // The first one counts.
        let _ = self.failure.set(failure);
    }
}

impl Decide for Script {
    fn decide(&self, existing: TokenView, incoming: TokenView) -> Winner {
        let pair = (existing, incoming);
        if let Some(winner) = self.known(&pair) {
            return winner;
        }
        let mut evaluator = lock(&self.evaluator);
        // Somebody else may have asked meanwhile.
        if let Some(winner) = self.known(&pair) {
            return winner;
        }
        if self.has_failed() {
            return Winner::Incoming;
        }
        self.ask(&mut evaluator, pair).unwrap_or_else(|failure| {
            self.fail(failure);
            Winner::Incoming
        })
    }

    fn has_failed(&self) -> bool {
        self.failure.get().is_some()
    }

    fn check(&self) -> Result<(), Unreliable> {
        // Runs side by side share answers, so whoever comes second waits for those that the first
        // is confirming. The evaluator is free meanwhile, for those who still ask.
        let _turn = lock(&self.confirmation);
        let answers = std::mem::take(&mut lock(&self.evaluator).unconfirmed);
        if !self.has_failed()
            && !answers.is_empty()
            && let Err(failure) = self.confirm(&answers)
        {
            self.fail(failure);
        }
        match self.failure.get() {
            Some(failure) => Err(failure.clone()),
            None => Ok(()),
        }
    }
}

/// Whoever panicked while holding the lock has been reported, and left nothing half-done that
/// matters.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
