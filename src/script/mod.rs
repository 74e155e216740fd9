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
//! before anybody hears of a verdict ([`Decide::check`](crate::freshness::Decide::check)), in a new
//! context in surroundings that differ in everything that carries no meaning: subject, session, issuer,
//! key, signature, epoch, clock, chance, stack, and how many questions came before in which order. Both
//! tokens are made anew for each call, so that none carries anything from one call to another; once
//! they are objects that the script has seen before, as in an SDK that keeps them. What is called is
//! what the module exports at that time. And they are once as in an SDK, a resource or the decoded JWT
//! and not both, in what looks like a page.
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
mod comparator;
#[cfg(feature = "script")]
mod engine;
mod failure;
mod files;
#[cfg(feature = "script")]
mod host;
#[cfg(feature = "script")]
mod instead;
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
mod start;
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

use crate::freshness::{External, Rule};
use crate::source::{Document, Faults};
use comparator::Script;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
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

/// Whoever panicked while holding the lock has been reported, and left nothing half-done that
/// matters.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
