//! All integration tests are one program, so that the library is linked once and the models are
//! read once. `cargo test --test it NAME` runs a module, or whatever else has NAME in its path.

#![allow(clippy::disallowed_methods, reason = "tests have files and processes")]

// What several modules need: the models, and the program run as its users run it.
mod support;

// The comparator alone, over arbitrary stamps.
mod comparator;
// One tab, for the two modules that follow.
mod tab;
// One tab's cache, a rule of the semantics in each test.
mod cache;
mod calls;
// The life of one tab: sessions, keys, focus, sign-out; a rule of the semantics in each test.
mod life;
// The composed model: what may happen, what a step does, how large small graphs are.
mod model;
// One engine against the other, and both against the model.
mod engines;
// What goes wrong with one answer, in every command.
mod faults;
// How much is asked of the server at once.
mod requests;
// Verdicts, lengths and graphs known from elsewhere; and that the gate fails on a changed design.
mod verdicts;
// Two real tokens.
mod compare;
// One run by several processes.
#[cfg(feature = "cluster")]
mod cluster;
// Logs of what tabs really did.
mod monitor;
// What goes on for ever, and what never arrives.
mod arrivals;
mod liveness;
mod lock;
// What holds of one tab whatever the scenario.
mod certificate;
mod prove;
mod prove_life;
// Changed designs, and which properties notice.
mod mutate;
// Two designs compared.
mod diff;
// Comparators written in TypeScript or JavaScript.
#[cfg(feature = "script")]
mod comparators;
mod native;
#[cfg(feature = "script")]
mod now;
#[cfg(feature = "script")]
mod script;
mod sites;
// Names that are read back, and words that tell things apart.
mod words;
// Files under models/ that are refused, with the place and the words of the refusal.
mod malformed_models;
// What a model says and nothing can come of.
mod pointless_models;
// What in a models directory would not be checked, and how much of it was.
mod strict_models;
// What somebody chose in order to break something, or to make the gate say what is not so: in model
// files and traces, in the names of outputs, in the streams.
mod hostile;
mod kinds;
mod outputs;
mod streams;
// Inputs that a fuzzer kept, or that once broke something.
#[cfg(feature = "script")]
mod fuzz;
// `freshest new`.
mod new;
// Commands, exit codes and output on a terminal that no module above is about.
mod cli;
// Diagrams, stories and the HTML page, as functions of a result.
mod renderers;
// Links from there to the playground.
mod playground;
// Formats and files that others read, held against those others' readers and schemas.
mod evidence;
// README and docs/ are true, run as their readers would; ARCHITECTURE.md is kept.
mod docs;
