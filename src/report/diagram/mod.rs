//! Traces as diagrams. What is drawn is found out once ([`Sequence`]); each format only draws it.

mod columns;
mod draw;
mod items;
mod layout;
mod logged;
mod marks;
mod mermaid;
mod sequence;
mod snapshot;
mod svg;

pub(crate) use columns::drawn_in_columns;
pub use draw::draw;
pub(crate) use logged::log_sequence;
pub use mermaid::{mermaid, sequence as mermaid_sequence};
pub use sequence::{
    Arrow, Decision, Fate, Holder, Item, Lane, Message, Moment, Sequence, Snapshot, Tone,
};
pub use svg::{Picture, escape, picture, svg};

pub(super) use layout::Shape;
pub(super) use marks::{Mark, marks};
pub(super) use svg::LEGEND;
