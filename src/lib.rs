//! freshest checks, in every interleaving, the rule by which browser tabs replace one session token
//! with another.
//!
//! The code under check is small and stands alone: [`freshness`] is the comparator with its eight
//! rows, [`cache`] one tab's token cache. Around it, [`model`] composes tabs, broadcast channel,
//! mint sources, cookie jar, clock and driver from stateright actors; [`property`] says what has to
//! hold; [`explore`] visits everything that can happen; [`check`] compares what it finds with what is
//! expected.
//!
//! A pass proves something about the scenarios it explored, and nothing beyond their bounds.
//!
//! ```
//! use freshest::catalog::Catalog;
//! use freshest::check::Check;
//! use freshest::property::{Property, Verdict};
//!
//! let catalog = Catalog::load("models".as_ref())?;
//! let design = catalog.design("pr-8097").ok_or("no such design")?;
//! let scenario = catalog.scenario("own-refresh").ok_or("no such scenario")?;
//!
//! let result = Check::new(design, scenario).run()?;
//! let headline = result.property(Property::CachedOiatNeverDecreases).ok_or("not judged")?;
//! assert_eq!(headline.verdict, Verdict::Violated);
//! assert_eq!(headline.steps, Some(7)); // events of the shortest counterexample
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]
// What is `pub` is meant for users of the library.
#![cfg_attr(not(test), warn(unreachable_pub))]

pub mod cache;
pub mod catalog;
pub mod check;
// For `main` alone.
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod compare;
pub mod design;
pub mod diff;
pub mod explore;
pub mod freshness;
pub mod model;
pub mod monitor;
pub mod mutate;
pub mod named;
pub mod property;
pub mod prove;
pub mod receipt;
pub mod report;
pub mod scenario;
#[cfg(any(feature = "script", feature = "script-outside"))]
pub mod script;
pub mod source;
pub mod time;
pub mod token;
pub mod trace;
pub mod vocabulary;
