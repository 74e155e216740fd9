//! Why a command could not do its work.

use super::color::Color;
use super::{Exit, output};
use crate::check::LivenessError;
use crate::diff;
use crate::explore;
use crate::freshness::Unreliable;
use crate::prove;
use crate::source::{Faults, cut, plain, plain_lines, without_tokens, without_values};
use crate::trace::WalkError;
use anstyle::{AnsiColor, Effects, Style};
use std::fmt;
use std::path::Path;

/// The longest message, in characters: what it quotes may be as long as a file.
const MAX_MESSAGE: usize = 2000;

/// What is wrong with the command line, the input, or the place for the output.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Fit to be shown anywhere.
    message: String,
    help: Option<String>,
    exit: Exit,
}

impl Failure {
    /// A failure with nothing to suggest, told on one line.
    pub(crate) fn new(message: impl Into<String>) -> Failure {
        let message = message.into();
        let message = without_tokens(&message);
        let message = cut(&message, MAX_MESSAGE);
        Failure {
            message: format!("error: {}", plain(&message)),
            help: None,
            exit: Exit::Usage,
        }
    }

    /// Nothing is wrong with what was asked for, but nothing is known either.
    #[cfg(feature = "cluster")]
    pub(crate) fn unknown(message: impl Into<String>) -> Failure {
        Failure {
            exit: Exit::Unknown,
            ..Failure::new(message)
        }
    }

    /// A file could not be read or written. No value that is in it is told.
    pub(crate) fn of_file(path: &Path, what: &str, error: &dyn fmt::Display) -> Failure {
        let error = error.to_string();
        let error = without_values(&error);
        Failure::new(format!("{} {what}: {error}", path.display()))
    }

    /// Adds what to do about it.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(help.into());
        self
    }

    /// Tells the user.
    pub(crate) fn report(&self, color: Color) -> Exit {
        let mut text = format!("{}\n", self.message);
        if let Some(help) = &self.help {
            text += &format!("  help: {}\n", plain(help));
        }
        match color.is_on_for(&std::io::stderr()) {
            true => output::tell(&painted(&text)),
            false => output::tell(&text),
        }
        self.exit
    }
}

/// The text with what its lines begin with in bold.
fn painted(text: &str) -> String {
    let red = AnsiColor::Red.on_default().effects(Effects::BOLD);
    let bold = Style::new().effects(Effects::BOLD);
    let paint = |line: &str| {
        if let Some(rest) = line.strip_prefix("error:") {
            return format!("{red}error:{red:#}{rest}");
        }
        match line.strip_prefix("  help:") {
            Some(rest) => format!("  {bold}help:{bold:#}{rest}"),
            None => line.to_owned(),
        }
    };
    text.split_inclusive('\n').map(paint).collect()
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Failure {
        Failure {
            message: faults.to_string(),
            help: None,
            exit: Exit::Usage,
        }
    }
}

impl From<Unreliable> for Failure {
    fn from(error: Unreliable) -> Failure {
        Failure {
            message: plain_lines(&error.message),
            help: None,
            exit: Exit::Usage,
        }
    }
}

/// What an explorer found can be walked, so this is a bug; unless the comparator fails.
impl From<WalkError> for Failure {
    fn from(error: WalkError) -> Failure {
        match error {
            WalkError::NotEnabled(_) => Failure::new(format!("internal error: {error}")),
            WalkError::Unreliable(error) => error.into(),
        }
    }
}

impl From<LivenessError> for Failure {
    fn from(error: LivenessError) -> Failure {
        match error {
            LivenessError::Run(error) => error.into(),
            LivenessError::Walk(error) => error.into(),
        }
    }
}

impl From<diff::Error> for Failure {
    fn from(error: diff::Error) -> Failure {
        match error {
            diff::Error::Run(error) => error.into(),
            diff::Error::Walk(error) => error.into(),
        }
    }
}

impl From<prove::Error> for Failure {
    fn from(error: prove::Error) -> Failure {
        match error {
            prove::Error::Run(error) => error.into(),
            prove::Error::Contradiction(error) => Failure::new(error.to_string()),
        }
    }
}

impl From<explore::Error> for Failure {
    fn from(error: explore::Error) -> Failure {
        match error {
            explore::Error::Disagreement(error) => Failure::new(error.to_string()),
            explore::Error::Unreliable(error) => error.into(),
            #[cfg(feature = "cluster")]
            lost @ explore::Error::Peer(_) => Failure::unknown(lost.to_string()),
            panicked @ explore::Error::Panicked(_) => Failure::new(panicked.to_string()),
        }
    }
}
