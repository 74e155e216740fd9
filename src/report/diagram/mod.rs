//! Traces as diagrams. What is drawn is found out once ([`Sequence`]); each format only draws it.

mod draw;
mod layout;
mod markdown;
mod mermaid;
mod sequence;
mod svg;

pub use draw::draw;
pub use markdown::markdown;
pub use mermaid::mermaid;
pub use sequence::{
    Arrow, Decision, Fate, Item, Lane, Message, Moment, Sequence, Snapshot, TabView, Tone,
};
pub use svg::svg;
