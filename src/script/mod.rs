//! A team's own comparator: the file that ships, in TypeScript or JavaScript, run as it is.
//!
//! The types are taken away by oxc, the rest is run by QuickJS. A script is a module, of the language or
//! of CommonJS, that exports a function of two tokens and returns the one that stays, `existing` or
//! `incoming` itself, or says it in another way ([`Returns`]). It may need files of its own. Each token
//! is what the browser SDK hands on, a token resource, and at the same time the decoded JWT in it, so
//! that a function written for either runs:
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
//!       org_id?: string; o?: { id: string };   // of an organisation; o from format 1 on
//!       v: number; azp?: string;   // the claims' format: v counts from 1, azp is there from 2 on
//!     };
//!   };
//!   encoded: Token['jwt']['encoded'];
//!   header: Token['jwt']['header'];
//!   claims: Token['jwt']['claims'];
//! }
//! ```
//!
//! Instants are seconds since the epoch; only their order means anything. What the model knows beyond
//! that (when the claims were really read) is not in there.
//!
//! A script may be told the time ([`Parameter`]). Then each class of tokens that the model can tell apart is
//! a question of its own: whether each has more than 5 s left, less, or none. The time is one at which the
//! tokens are so; the answer may depend on nothing but the classes, so it is asked for again at other times.
//!
//! A script has no file system, no network and nothing to import but its own files, which are read for
//! it; `console` is silent. It runs where it
//! can be ended ([`Host`]): in a process of its own, whose memory, address space, stack and time have
//! limits ([`MEMORY_MIB`], [`CALL_TIME`]), the reading of its text included. The program does so always;
//! a library says so with [`run_in`], or that this process will do.
//!
//! A decision that depends on anything but the two tokens has no place in a model. So each answer is
//! asked for again: at once; with the tokens' instants other distances apart, in the same order; and,
//! before anybody hears of a verdict ([`Decide::check`]), in a new context in surroundings that differ
//! in everything that carries no meaning: subject, session, issuer, key, signature, epoch, clock,
//! chance, stack, and how many questions came before in which order. Both tokens are made anew for each
//! call, so that none carries anything from one call to another; once they are objects that the script has
//! seen before, as in an SDK that keeps them. What is called is what the module exports at that time. And they
//! are once as in an SDK, a resource or the decoded JWT and not both, in what looks like a page.
//!
//! As the order of the tokens' instants is all that may count, pairs with the same order are one
//! question. Where a design names distances that is not so, and each distance is a comparator of its own.
//!
//! The context that confirms is given up after each check. One that was kept would save little, a start
//! being as dear as thirty calls, and it would be worth less: a script that settles after some calls
//! answers alike in two contexts that have both settled.

#![allow(
    clippy::disallowed_methods,
    reason = "scripts are run in processes and threads, within limits of time"
)]

#[cfg(feature = "script")]
mod beyond;
#[cfg(feature = "script")]
mod branches;
#[cfg(feature = "script")]
mod choice;
mod code;
#[cfg(feature = "script")]
mod engine;
mod failure;
mod files;
#[cfg(feature = "script")]
mod host;
#[cfg(feature = "script")]
mod limits;
#[cfg(feature = "script")]
mod modules;
#[cfg(not(feature = "script"))]
mod outside;
mod plain;
mod protocol;
mod seconds;
#[cfg(feature = "script")]
mod senses;
#[cfg(feature = "script")]
mod serve;
mod session;
#[cfg(feature = "script")]
mod shapes;
mod shipped;
#[cfg(feature = "script")]
mod strip;
mod surroundings;
mod token;

pub use protocol::{Asked, Parameter, Returns};
pub use strip::ENDINGS;

#[cfg(feature = "script")]
pub use host::{Host, end, run_in, run_in_this_program, serve_if_asked};
#[cfg(not(feature = "script"))]
pub use outside::{open, record, run_with, serve};

// Another engine is in the place of all of these.
#[cfg(not(feature = "script"))]
use outside as engine;
#[cfg(not(feature = "script"))]
use outside as host;
#[cfg(not(feature = "script"))]
use outside as strip;
#[cfg(not(feature = "script"))]
use outside::STACK_BYTES as PARSING_STACK_BYTES;
#[cfg(feature = "script")]
use serve::STACK_BYTES as PARSING_STACK_BYTES;

use crate::freshness::{Decide, External, Rule, TokenView, Unreached, Unreliable, Winner};
use crate::source::{Document, Fault, Faults};
use failure::{Context, without_reply};
use files::{Files, Unread};
use host::Runner;
use protocol::{Failure, Pair, Reply, Request, Trouble, When};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::Duration;

/// How long a decision may take, and loading a script.
pub const CALL_TIME: Duration = Duration::from_millis(1000);

/// How long the types of a script may take to take away.
pub const READ_TIME: Duration = Duration::from_millis(2000);

/// How long after its time a process is ended that has not ended the script itself.
const GRACE: Duration = Duration::from_millis(300);

/// The memory that a script and its engine may use.
pub const MEMORY_MIB: usize = MEMORY_BYTES >> 20;

/// What the engine itself needs, and the script, its values and its garbage, in bytes.
const MEMORY_BYTES: usize = 32 << 20;

/// How deep a script's calls may nest: the stack in bytes.
const STACK_BYTES: usize = 256 << 10;

/// The function that is called unless a design names another.
pub const DEFAULT_FUNCTION: &str = "pickFreshestJwt";

/// A script that has been loaded.
#[derive(Debug)]
pub struct Script {
    context: Context,
    asked: Asked,
    /// The contents of all its files, one after the other, as SHA-256 in hexadecimal.
    sha256: String,
    answers: RwLock<FxHashMap<Pair, Winner>>,
    evaluator: Mutex<Evaluator>,
    /// Held while answers are confirmed.
    confirmation: Mutex<()>,
    failure: OnceLock<Unreliable>,
}

/// Where the script is asked, one request at a time.
struct Evaluator {
    runner: Box<dyn Runner>,
    /// Answers that have not been confirmed yet, in order.
    unconfirmed: Vec<(Pair, Winner)>,
}

impl std::fmt::Debug for Evaluator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unconfirmed = &self.unconfirmed;
        f.debug_struct("Evaluator")
            .field("unconfirmed", unconfirmed)
            .finish_non_exhaustive()
    }
}

/// Scripts by design, file, function, contents and distance. A program meets a handful, and a rule has
/// to outlive everything that is made of it, so they are never given back.
static SCRIPTS: Mutex<Vec<(Key, &'static Script)>> = Mutex::new(Vec::new());

/// The design, the script, its contents, and how it is asked.
type Key = (PathBuf, PathBuf, String, Asked);

/// A comparator that is a script.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The rule that asks it.
    pub rule: Rule,
    /// What is called in it.
    pub function: String,
    /// The script, and then the files that it needs.
    pub files: Vec<PathBuf>,
    /// SHA-256, in hexadecimal: of the script, or, if it needs others, of what theirs are, a line each.
    pub sha256: String,
}

/// The rule that asks a script. `design` is the file that names it.
///
/// # Errors
///
/// If the script or a file that it needs cannot be read, or cannot be loaded.
pub fn rule(design: &Path, script: Document, asked: Asked) -> Result<Loaded, Faults> {
    let key = (
        design.to_owned(),
        script.path.clone(),
        script.sha256(),
        asked,
    );
    let mut scripts = lock(&SCRIPTS);
    let known = scripts.iter().find(|(known, _)| *known == key);
    // What it needs may have changed since.
    let script = match known.filter(|(_, script)| script.is_as_read()) {
        Some((_, script)) => *script,
        None => {
            let loaded = Script::load(design, script, key.3.clone())?;
            let script: &'static Script = Box::leak(Box::new(loaded));
            scripts.retain(|(known, _)| *known != key);
            scripts.push((key, script));
            script
        }
    };
    let files = script.context.files.iter();
    Ok(Loaded {
        rule: Rule::External(External(script)),
        function: script.context.function.clone(),
        files: files.map(|file| file.path.clone()).collect(),
        sha256: script.sha256.clone(),
    })
}

/// JavaScript, a module, out of the text of a script whose file has this name: its types go.
///
/// # Errors
///
/// What is wrong with it, a message each. Nothing is run, so nothing but the reader's stack bounds it.
#[cfg(feature = "script")]
pub fn without_types(path: &Path, text: &str) -> Result<String, Vec<String>> {
    let stripped = strip::strip(path, text).map(|stripped| stripped.code);
    stripped.map_err(|problems| problems.into_iter().map(|p| p.message).collect())
}

impl Script {
    fn load(design: &Path, script: Document, asked: Asked) -> Result<Script, Faults> {
        let whole = |message: &str, help: &str| -> Faults {
            let fault = Fault::of_file(&script.path, message.to_owned());
            fault.help(help).into()
        };
        let mut runner = match host::start() {
            Some(Ok(runner)) => runner,
            Some(Err(error)) => {
                let message = format!("no process can be started to run it in: {error}");
                return Err(whole(&message, "scripts run in processes of this program"));
            }
            None => {
                return Err(whole(
                    "nobody has said where it may run",
                    "call `freshest::script::run_in` before a design is read",
                ));
            }
        };
        let mut context = Context {
            design: design.to_owned(),
            files: vec![script.clone()],
            function: asked
                .function
                .as_deref()
                .unwrap_or(DEFAULT_FUNCTION)
                .to_owned(),
            returns: asked.returns,
            asks_for_time: asked.asks_for_time(),
        };
        let Files { documents, links } = match files::read(&mut *runner, script) {
            Ok(files) => files,
            Err(Unread::Failed(failure)) => return Err(context.at_load(*failure)),
            Err(Unread::Faulty(faults)) => return Err(faults),
        };
        context.files = documents;
        let request = Request::Load {
            asked: asked.clone(),
            links,
        };
        let reply = exchange(&mut *runner, request, CALL_TIME, When::Loading, String::new);
        match reply {
            Ok(Reply::Loaded { function }) => context.function = function,
            Ok(_) => return Err(context.at_load(no_answer())),
            Err(failure) => return Err(context.at_load(failure)),
        }
        Ok(Script {
            sha256: hash(&context.files),
            context,
            asked,
            answers: RwLock::default(),
            evaluator: Mutex::new(Evaluator {
                runner,
                unconfirmed: Vec::new(),
            }),
            confirmation: Mutex::new(()),
            failure: OnceLock::new(),
        })
    }

    /// Whether the files that it needs are still what was read.
    fn is_as_read(&self) -> bool {
        self.context.files.iter().skip(1).all(|file| {
            let now = file.read_at(&file.path, &ENDINGS);
            now.is_ok_and(|now| now.text == file.text)
        })
    }

    /// What all pairs have in common that are one question.
    fn question(&self, pair: Pair) -> Pair {
        match self.asked.distance {
            Some(_) => pair,
            None => in_order(pair),
        }
    }

    fn known(&self, question: &Pair) -> Option<Winner> {
        let answers = self.answers.read();
        let answers = answers.unwrap_or_else(PoisonError::into_inner);
        answers.get(question).copied()
    }

    /// A request about two tokens.
    fn request(
        &self,
        evaluator: &mut Evaluator,
        request: Request,
        pair: &Pair,
    ) -> Result<Reply, Unreliable> {
        let runner = &mut *evaluator.runner;
        let question = || token::question(pair, self.asked.usual(pair));
        let reply = exchange(runner, request, CALL_TIME, When::Calling, question);
        reply.map_err(|failure| self.context.unreliable(failure))
    }

    fn ask(
        &self,
        evaluator: &mut Evaluator,
        question: Pair,
        pair: Pair,
    ) -> Result<Winner, Unreliable> {
        // Where the time counts, seconds have to be found for it: the smallest instants have some.
        let pair = match self.asked.asks_for_time() {
            true => question,
            false => pair,
        };
        if !self.asked.can_be_asked(&pair) {
            return Err(self.context.never(&pair));
        }
        let reply = self.request(evaluator, Request::Decide(pair), &pair)?;
        let Reply::Winner(winner) = reply else {
            return Err(self.context.unreliable(no_answer()));
        };
        evaluator.unconfirmed.push((pair, winner));
        let answers = self.answers.write();
        answers
            .unwrap_or_else(PoisonError::into_inner)
            .insert(question, winner);
        Ok(winner)
    }

    /// Asks for the answers again, the last one first, in a context that knows nothing of them, nor
    /// of any others.
    fn confirm(&self, answers: &[(Pair, Winner)]) -> Result<(), Unreliable> {
        let reloaded = {
            let evaluator = &mut *lock(&self.evaluator);
            let runner = &mut *evaluator.runner;
            exchange(
                runner,
                Request::Reload,
                CALL_TIME,
                When::Reloading,
                String::new,
            )
        };
        reloaded.map_err(|failure| self.context.unreliable(failure))?;
        for (pair, winner) in answers.iter().rev() {
            let request = Request::Confirm(*pair, *winner);
            self.request(&mut lock(&self.evaluator), request, pair)?;
        }
        Ok(())
    }

    fn fail(&self, failure: Unreliable) {
        // The first one counts.
        let _ = self.failure.set(failure);
    }
}

impl Decide for Script {
    fn asks_for_time(&self) -> bool {
        self.asked.asks_for_time()
    }

    fn decide(&self, existing: TokenView, incoming: TokenView) -> Winner {
        let pair = (existing, incoming);
        let question = self.question(pair);
        if let Some(winner) = self.known(&question) {
            return winner;
        }
        let mut evaluator = lock(&self.evaluator);
        // Somebody else may have asked meanwhile.
        if let Some(winner) = self.known(&question) {
            return winner;
        }
        if self.has_failed() {
            return Winner::Incoming;
        }
        let answer = self.ask(&mut evaluator, question, pair);
        answer.unwrap_or_else(|failure| {
            self.fail(failure);
            Winner::Incoming
        })
    }

    fn has_failed(&self) -> bool {
        self.failure.get().is_some()
    }

    fn check(&self) -> Result<(), Unreliable> {
        // Runs side by side share answers, so whoever comes second waits for those that the first
        // is confirming. The evaluator is free meanwhile, between two requests, for those who ask.
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

    fn unreached(&self) -> Vec<Unreached> {
        let mut evaluator = lock(&self.evaluator);
        let reply = evaluator.runner.ask(Request::Unreached, READ_TIME + GRACE);
        let branches = match reply {
            Ok(Reply::Unreached(branches)) => branches,
            // It has answered everything else: a note that is missing spoils no verdict.
            Ok(_) | Err(_) => Vec::new(),
        };
        let told = branches.into_iter().filter_map(|branch| {
            Some(Unreached {
                path: self.context.files.get(branch.file)?.path.clone(),
                line: branch.line,
                text: branch.text,
            })
        });
        told.collect()
    }
}

/// Of one file what it is; of several, of the lines of theirs.
fn hash(files: &[Document]) -> String {
    match files {
        [only] => only.sha256(),
        several => {
            let lines: Vec<String> = several.iter().map(Document::sha256).collect();
            crate::source::sha256(lines.join("\n").as_bytes())
        }
    }
}

/// Asks, and waits a little longer than it may take.
fn exchange(
    runner: &mut dyn Runner,
    request: Request,
    time: Duration,
    when: When,
    question: impl FnOnce() -> String,
) -> Result<Reply, Failure> {
    match runner.ask(request, time + GRACE) {
        Ok(Reply::Failed(failure)) => Err(failure),
        Ok(reply) => Ok(reply),
        Err(trouble) => Err(without_reply(trouble, when, question())),
    }
}

fn no_answer() -> Failure {
    let trouble = Trouble::Engine("it answers another question".to_owned());
    without_reply(trouble, When::Calling, String::new())
}

/// The pair with its instants counted from 0: the same for all pairs whose instants have one order.
fn in_order(pair: Pair) -> Pair {
    let all = [pair.0.oiat, pair.0.iat, pair.1.oiat, pair.1.iat];
    let rank = |instant: u64| {
        let is_first = |(n, other): &(usize, &Option<u64>)| !all[..*n].contains(*other);
        let before = all.iter().enumerate().filter(is_first);
        before
            .filter(|(_, other)| other.is_some_and(|other| other < instant))
            .count() as u64
    };
    let view = |token: TokenView| TokenView {
        oiat: token.oiat.map(rank),
        iat: token.iat.map(rank),
        ..token
    };
    (view(pair.0), view(pair.1))
}

/// Whoever panicked while holding the lock has been reported, and left nothing half-done that
/// matters.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
