//! Why a command could not do its work.

use super::Exit;
use crate::check::LivenessError;
use crate::diff;
use crate::explore;
use crate::freshness::Unreliable;
use crate::prove;
use crate::source::Faults;
use crate::trace::WalkError;
use std::fmt;
use std::path::Path;

/// What is wrong with the command line, the input, or the place for the output.
#[derive(Debug)]
pub struct Failure {
    message: String,
    help: Option<String>,
}

impl Failure {
    /// A failure with nothing to suggest.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure {
            message: format!("error: {}", message.into()),
            help: None,
        }
    }

    /// A file could not be read or written.
    pub fn of_file(path: &Path, what: &str, error: &dyn fmt::Display) -> Failure {
        Failure::new(format!("{} {what}: {error}", path.display()))
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(help.into());
        self
    }

    /// Tells the user.
    pub fn report(&self) -> Exit {
        eprintln!("{}", self.message);
        if let Some(help) = &self.help {
            eprintln!("  help: {help}");
        }
        Exit::Usage
    }
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Failure {
        Failure {
            message: faults.to_string(),
            help: None,
        }
    }
}

impl From<Unreliable> for Failure {
    fn from(error: Unreliable) -> Failure {
        Failure {
            message: error.message,
            help: None,
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
        }
    }
}
