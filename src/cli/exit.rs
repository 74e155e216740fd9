//! Exit codes, decided in one place.

use crate::check::Agreement;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All verdicts are as expected.
    AsExpected = 0,
    /// A verdict differs from its expectation, or a trace no longer applies.
    Differs = 1,
    /// The command line or an input file is wrong.
    Usage = 2,
    /// A bound was hit, or a property was vacuous: nothing is known.
    Unknown = 3,
}

#[cfg(feature = "cluster")]
impl Exit {
    /// What another process says that it ended with.
    pub fn from_code(code: u8) -> Exit {
        let all = [Exit::AsExpected, Exit::Differs, Exit::Usage, Exit::Unknown];
        let known = all.into_iter().find(|&exit| exit as u8 == code);
        known.unwrap_or(Exit::Unknown)
    }
}

impl From<Agreement> for Exit {
    fn from(agreement: Agreement) -> Exit {
        match agreement {
            Agreement::Agrees => Exit::AsExpected,
            Agreement::Differs => Exit::Differs,
            Agreement::Unknown => Exit::Unknown,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}
