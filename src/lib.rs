//! freshest checks, in every interleaving, the rule by which browser tabs replace one session token
//! with another.
//!
//! The code under check is small and stands alone: [`freshness`] is the comparator with its eight
//! rows, [`cache`] one tab's token cache. Around it, [`model`] composes tabs, broadcast channel,
//! mint sources, cookie jar, clock and driver from stateright actors; [`property`] says what has to
//! hold; [`explore`] visits everything that can happen.
//!
//! A pass proves something about the scenarios it explored, and nothing beyond their bounds.
//!
//! ```
//! use freshest::catalog::Catalog;
//! use freshest::explore::{Limits, Method, explore};
//! use freshest::property::{Monitored, Property, PropertySet, Verdict};
//!
//! let catalog = Catalog::load("models".as_ref())?;
//! let design = catalog.design("pr-8097").ok_or("no such design")?;
//! let scenario = catalog.scenario("own-refresh").ok_or("no such scenario")?;
//!
//! let model = Monitored::new(design.policy, &scenario.setup, PropertySet::ALL);
//! let outcome = explore(model, &Method::default(), &Limits::default(), &Default::default())?;
//!
//! let headline = outcome.finding(Property::CachedOiatNeverDecreases).ok_or("not judged")?;
//! assert_eq!(headline.verdict, Verdict::Violated);
//! assert_eq!(headline.counterexample.as_ref().map(Vec::len), Some(7));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod cache;
pub mod catalog;
pub mod cli;
pub mod design;
pub mod explore;
pub mod freshness;
pub mod model;
pub mod mutate;
pub mod named;
pub mod property;
pub mod prove;
pub mod receipt;
pub mod report;
pub mod scenario;
#[cfg(feature = "script")]
pub mod script;
pub mod source;
pub mod token;
pub mod trace;
pub mod vocabulary;
