//! Renderings of results: one file for each format.
//!
//! Every renderer is a pure function of what runs found, and decides nothing.

mod bundle;
mod compare;
mod decision_table;
mod departure;
pub mod diagram;
mod diff;
pub mod document;
mod format;
mod gate;
mod github;
mod html;
mod json;
mod junit;
mod list;
mod liveness;
pub mod monitor;
mod mutation;
mod playground;
mod proof;
mod repeat;
mod sarif;
mod scope;
mod story;
mod subsets;
mod summary;
mod unreached;
mod violated;
pub(crate) mod words;
mod wrap;

pub use bundle::{BundleError, ReportBundle, bundle, retell};
pub use departure::Departed;
pub use diff::diff_diagram;
pub use format::{Format, Render, RenderError, Setting};
pub use gate::{Detail, Markdown, Text, verdict_text};
pub use github::Github;
pub use html::{Html, html, html_with};
pub use json::Json;
pub use junit::Junit;
pub use list::{List, list};
pub use playground::{Link, Playground};
pub use sarif::Sarif;
pub use scope::NOT_MODELLED;
pub use story::{Expected, Story, Subject, told};
pub use summary::{Counts, Summary, checked, share, verdict_line, verdict_sentence, with_models};
pub use violated::{Listed, Violated, Violation};
