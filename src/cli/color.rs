//! When to colour what goes to standard output and to standard error.

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// Where there is a terminal that wants them
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

impl Color {
    /// Whether to use colours on standard output.
    pub(crate) fn is_on(self) -> bool {
        self.is_on_for(&std::io::stdout())
    }

    /// Whether to use colours on a stream.
    pub(crate) fn is_on_for(self, stream: &impl RawStream) -> bool {
        match self {
            Color::Always => true,
            Color::Never => false,
            // NO_COLOR, CLICOLOR, CLICOLOR_FORCE and TERM have their say.
            Color::Auto => AutoStream::choice(stream) != ColorChoice::Never,
        }
    }
}
