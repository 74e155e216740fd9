//! Renderings of results: one file for each format.
//!
//! Every renderer is a pure function of what runs found, and decides nothing.

mod decision_table;
pub mod diagram;
mod diff;
mod dossier;
mod format;
mod github;
mod html;
mod json;
mod junit;
mod list;
mod liveness;
mod markdown;
mod matrix;
mod mutation;
mod proof;
mod sarif;
mod scope;
mod story;
mod summary;
mod unreached;
mod violated;
mod wrap;

pub use dossier::{Dossier, DossierError, dossier};
pub use format::{Format, Render, RenderError};
pub use github::Github;
pub use html::html;
pub use json::Json;
pub use junit::Junit;
pub use list::{List, list};
pub use markdown::Markdown;
pub use matrix::Text;
pub use sarif::Sarif;
pub use scope::NOT_MODELLED;
pub use story::{Story, story};
pub use summary::{Summary, verdict_line, with_models};
pub use violated::{Violated, Violation};
