//! A comparison of designs, as text and as Markdown.

mod markdown;
mod text;
