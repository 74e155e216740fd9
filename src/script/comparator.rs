//! A script as a comparator: what is asked of it, what is remembered, and what is confirmed.

use super::failure::{Context, without_reply};
use super::files::{self, Files, Unread};
use super::host::{self, Runner};
use super::protocol::{Asked, Failure, Pair, Reply, Request, Trouble, When};
use super::{CALL_TIME, DEFAULT_FUNCTION, ENDINGS, GRACE, READ_TIME, lock, token};
use crate::freshness::{Decide, TokenView, Unreached, Unreliable, Winner};
use crate::source::{Document, Fault, Faults};
use rustc_hash::FxHashMap;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

/// A script that has been loaded.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) context: Context,
    asked: Asked,
    /// The contents of all its files, one after the other, as SHA-256 in hexadecimal.
    pub(super) sha256: String,
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

impl Script {
    pub(super) fn load(design: &Path, script: Document, asked: Asked) -> Result<Script, Faults> {
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
    pub(super) fn is_as_read(&self) -> bool {
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
pub(super) fn exchange(
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

pub(super) fn no_answer() -> Failure {
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
