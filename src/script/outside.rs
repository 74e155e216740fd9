//! Scripts without an engine of their own: whoever embeds the library has one, such as a page.
//!
//! The same session asks the same questions, and what it finds is told in the same words. Two instances
//! of the library take part. One has the engine at hand ([`run_with`]) and answers requests ([`serve`]).
//! The other checks; it cannot wait for an answer, so it is given all that are known ([`record`]), goes on
//! with any answer where there is none, and says what it would have to know ([`open`]). What it found counts
//! for nothing then. So a script answers where nothing else is within its reach, and can be ended there.
//! Whoever carries requests and replies sees to that.

use super::code::Source;
use super::plain::plain;
use super::protocol::{
    Asked, Import, Parameter, Problem, Reply, Request, Returns, Thrown, Trouble,
};
use super::session::Session;
use super::token::{Call, Presented, Shape};
use super::{DEFAULT_FUNCTION, SCRIPTS, lock};
use crate::freshness::Winner;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

/// The endings of scripts: nothing here takes types away.
pub const ENDINGS: [&str; 3] = ["js", "mjs", "cjs"];

/// The stack of a script, as far as it is known: that of the engine.
pub(super) const STACK_BYTES: usize = 8 << 20;

/// The engine: a request in JSON, an answer in JSON.
type Engines = fn(&str) -> String;

static ENGINES: OnceLock<Engines> = OnceLock::new();

static NEXT: AtomicU32 = AtomicU32::new(0);

/// Says which engine runs scripts in this instance, once.
pub fn run_with(engines: Engines) {
    let _ = ENGINES.set(engines);
}

/// What an engine is asked for.
#[derive(Serialize)]
enum Order<'a> {
    /// A new context of this number, with the script in it.
    Load {
        engine: u32,
        code: &'a str,
        function: Option<&'a str>,
    },
    /// What the function returns, called with these parameters.
    Ask {
        engine: u32,
        call: Told<'a>,
        parameters: &'a [Parameter],
        /// After it was called with the same two objects, and with them the other way round.
        again: bool,
    },
    /// The same so often, or for so long.
    Exercise {
        engine: u32,
        call: Told<'a>,
        parameters: &'a [Parameter],
        times: u32,
        milliseconds: u64,
    },
    /// What scripts used that no decision may depend on.
    Used,
}

#[derive(Serialize)]
struct Told<'a> {
    existing: Shown<'a>,
    incoming: Shown<'a>,
    shape: Shape,
    frames: u32,
    clock: f64,
    chance: u64,
    now: Option<u64>,
}

#[derive(Serialize)]
struct Shown<'a> {
    raw: &'a str,
    /// The decoded JWT, as JSON.
    jwt: &'a str,
}

impl<'a> Told<'a> {
    fn new(call: &'a Call) -> Told<'a> {
        let shown = |token: &'a Presented| Shown {
            raw: &token.raw,
            jwt: &token.jwt,
        };
        Told {
            existing: shown(&call.existing),
            incoming: shown(&call.incoming),
            shape: call.shape,
            frames: call.frames,
            clock: call.clock,
            chance: call.chance,
            now: call.now,
        }
    }
}

/// What an engine answers.
#[derive(Deserialize)]
enum Answer {
    Loaded(String),
    Returned(Returned),
    Used(String),
    Done,
    Failed(Trouble),
}

#[derive(Deserialize)]
struct Returned {
    /// Whether it is the existing token, if it is one of the two.
    existing: Option<bool>,
    truth: Option<bool>,
    number: Option<f64>,
    /// What it is, in words.
    what: String,
}

fn order(order: &Order<'_>) -> Result<Answer, Trouble> {
    let broken = |error: String| Trouble::Engine(plain(&error));
    let engines = ENGINES
        .get()
        .ok_or_else(|| broken("nobody has said with what".to_owned()))?;
    let order = serde_json::to_string(order).map_err(|error| broken(error.to_string()))?;
    match serde_json::from_str(&engines(&order)) {
        Ok(Answer::Failed(trouble)) => Err(trouble.fit_to_be_told()),
        Ok(answer) => Ok(answer),
        Err(error) => Err(broken(error.to_string())),
    }
}

fn out_of_turn() -> Trouble {
    Trouble::Engine("the engine answers another question".to_owned())
}

impl Trouble {
    /// With what a script said on one line, and not too long.
    fn fit_to_be_told(self) -> Trouble {
        let all = |names: Vec<String>| names.iter().map(|name| plain(name)).collect();
        match self {
            Trouble::Threw { thrown, at } => Trouble::Threw {
                thrown: match thrown {
                    Thrown::Error(text) => Thrown::Error(plain(&text)),
                    Thrown::Value(text) => Thrown::Value(plain(&text)),
                },
                at,
            },
            Trouble::Returned(what) => Trouble::Returned(plain(&what)),
            Trouble::NoExport(names) => Trouble::NoExport(all(names)),
            Trouble::NoChoice(names) => Trouble::NoChoice(all(names)),
            Trouble::Taken(name) => Trouble::Taken(plain(&name)),
            Trouble::Ended(how) => Trouble::Ended(plain(&how)),
            Trouble::Engine(message) => Trouble::Engine(plain(&message)),
            Trouble::Late
            | Trouble::Memory
            | Trouble::Stack
            | Trouble::NoFunction
            | Trouble::Class
            | Trouble::Waits => self,
        }
    }
}

/// A context of the engine outside.
pub(super) struct Engine {
    number: u32,
    function: String,
    returns: Returns,
    parameters: Vec<Parameter>,
}

impl Engine {
    pub(super) fn new(source: Source<'_>) -> Result<Engine, Trouble> {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let asked: &Asked = source.asked;
        let module = source.modules.first().ok_or_else(out_of_turn)?;
        let loaded = order(&Order::Load {
            engine: number,
            code: &module.code,
            function: asked.function.as_deref(),
        });
        match loaded? {
            Answer::Loaded(function) => Ok(Engine {
                number,
                function: plain(&function),
                returns: asked.returns,
                parameters: asked.parameters().to_vec(),
            }),
            _ => Err(out_of_turn()),
        }
    }

    /// What is called.
    pub(super) fn function(&self) -> &str {
        &self.function
    }

    /// Which of two tokens the script chooses.
    pub(super) fn ask(&self, call: &Call) -> Result<Winner, Trouble> {
        self.answer(call, false)
    }

    /// The same, of two tokens that the script has seen before, each in either place.
    pub(super) fn ask_again(&self, call: &Call) -> Result<Winner, Trouble> {
        self.answer(call, true)
    }

    fn answer(&self, call: &Call, again: bool) -> Result<Winner, Trouble> {
        let answer = order(&Order::Ask {
            engine: self.number,
            call: Told::new(call),
            parameters: &self.parameters,
            again,
        });
        let Answer::Returned(returned) = answer? else {
            return Err(out_of_turn());
        };
        let token = returned.existing.map(|is_existing| match is_existing {
            true => Winner::Existing,
            false => Winner::Incoming,
        });
        let winner = self.returns.winner(token, returned.truth, returned.number);
        winner.ok_or_else(|| Trouble::Returned(plain(&returned.what)))
    }

    /// Asks this often, or for as long as this, and does not care for the answers.
    pub(super) fn exercise(&self, call: &Call, times: u32, most: Duration) -> Result<(), Trouble> {
        let answer = order(&Order::Exercise {
            engine: self.number,
            call: Told::new(call),
            parameters: &self.parameters,
            times,
            milliseconds: u64::try_from(most.as_millis()).unwrap_or(u64::MAX),
        });
        answer.map(|_| ())
    }

    /// What scripts used so far that no decision may depend on; empty for nothing.
    pub(super) fn used(&self) -> String {
        match order(&Order::Used) {
            Ok(Answer::Used(used)) => plain(&used),
            _ => String::new(),
        }
    }
}

/// A script as it is: the engine reads it.
#[derive(Debug)]
pub(super) struct Stripped {
    pub(super) code: String,
    pub(super) imports: Vec<Import>,
}

pub(super) fn strip(_: &Path, text: &str) -> Result<Stripped, Vec<Problem>> {
    Ok(Stripped {
        code: text.to_owned(),
        imports: Vec::new(),
    })
}

impl Stripped {
    /// Where the line and the column are, in bytes; both from 1, columns in UTF-16 units.
    pub(super) fn origin(&self, text: &str, line: u32, column: u32) -> Option<Range<usize>> {
        let line = usize::try_from(line.checked_sub(1)?).ok()?;
        let begin: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let text = text.split_inclusive('\n').nth(line)?;
        let mut units = 1;
        let at = text.char_indices().find(|(_, c)| {
            let found = units >= column;
            units += c.len_utf16() as u32;
            found
        });
        let (at, letter) = at?;
        Some(begin + at..begin + at + letter.len_utf8())
    }
}

thread_local! {
    /// The script that this instance runs.
    static SESSION: RefCell<Session> = RefCell::default();
}

/// Answers a request of [`open`], where an engine is at hand: text in, text out.
pub fn serve(request: &str) -> String {
    let reply = match serde_json::from_str::<Request>(request) {
        Ok(request) => SESSION.with_borrow_mut(|session| session.answer(request)),
        Err(error) => return format!("{{\"error\":{}}}", serde_json::json!(error.to_string())),
    };
    serde_json::json!({ "reply": reply }).to_string()
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Became {
    Reply(Reply),
    /// There was none, and why.
    Trouble(Trouble),
}

#[derive(Default)]
struct Record {
    known: BTreeMap<String, Became>,
    open: Vec<String>,
}

static RECORD: Mutex<Option<Record>> = Mutex::new(None);

/// What is known of the script that is checked next: requests and what [`serve`] said to them, or
/// `{"trouble": …}`.
///
/// # Errors
///
/// If one of these is no reply.
pub fn record(replies: &[(String, String)]) -> Result<(), String> {
    let mut known = BTreeMap::new();
    for (request, reply) in replies {
        let became = serde_json::from_str(reply);
        let became = became.map_err(|error| format!("a comparator's reply: {error}"))?;
        known.insert(request.clone(), became);
    }
    // Their answers may have been those of nobody.
    lock(&SCRIPTS).clear();
    *lock(&RECORD) = Some(Record {
        known,
        open: Vec::new(),
    });
    Ok(())
}

/// What would have to be known, in order; empty where nothing was made up.
pub fn open() -> Vec<String> {
    let mut record = lock(&RECORD);
    let open = record.as_mut().map(|record| &mut record.open);
    let open = open.map(std::mem::take).unwrap_or_default();
    // Answers are confirmed when all of them are there.
    let confirms = |request: &String| request.starts_with("{\"Confirm\"");
    match open.iter().all(confirms) {
        true => open,
        false => open.into_iter().filter(|one| !confirms(one)).collect(),
    }
}

/// Whoever answers requests.
pub(super) trait Runner: Send {
    /// The reply, if there is one within this time.
    fn ask(&mut self, request: Request, most: Duration) -> Result<Reply, Trouble>;
}

/// Whoever has the record.
struct Recorded;

pub(super) fn start() -> Option<io::Result<Box<dyn Runner>>> {
    lock(&RECORD)
        .as_ref()
        .map(|_| Ok(Box::new(Recorded) as Box<dyn Runner>))
}

impl Runner for Recorded {
    fn ask(&mut self, request: Request, _: Duration) -> Result<Reply, Trouble> {
        // Without an answer any will do: what comes of it counts for nothing.
        let any = match &request {
            Request::Read { .. } => Reply::Needs(Vec::new()),
            Request::Load { asked, .. } => Reply::Loaded {
                function: asked
                    .function
                    .clone()
                    .unwrap_or_else(|| DEFAULT_FUNCTION.to_owned()),
            },
            Request::Decide(_) => Reply::Winner(Winner::Incoming),
            Request::Confirm(..) => Reply::Done,
            // Whoever carries requests has it done before each confirmation.
            Request::Reload => return Ok(Reply::Done),
            // No engine here counts branches.
            Request::Unreached => return Ok(Reply::Unreached(Vec::new())),
        };
        let request = serde_json::to_string(&request)
            .map_err(|error| Trouble::Engine(plain(&error.to_string())))?;
        let mut record = lock(&RECORD);
        let Some(record) = record.as_mut() else {
            return Err(out_of_turn());
        };
        match record.known.get(&request) {
            Some(Became::Reply(reply)) => Ok(reply.clone()),
            Some(Became::Trouble(trouble)) => Err(trouble.clone().fit_to_be_told()),
            None => {
                if !record.open.contains(&request) {
                    record.open.push(request);
                }
                Ok(any)
            }
        }
    }
}
