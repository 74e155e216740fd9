//! What the program says to the process in which a script runs, and what it hears: a JSON text a line.

use super::surroundings::Attribute;
use crate::freshness::{Expiry, Org, TokenView, Winner};
use crate::named::Member;
use crate::source::Scalar;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Existing, incoming.
pub(super) type Pair = (TokenView, TokenView);

/// What is asked for. Each request has one reply.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Request {
    /// The first ones, of the script and then of the files that it needs: takes the types away.
    Read {
        /// The file's name, whose ending says what is in it.
        name: String,
        text: String,
    },
    /// The next one: loads what is left.
    Load {
        asked: Asked,
        /// For each file that was read, the numbers of the files that it needs, in the order of
        /// [`Reply::Needs`].
        links: Vec<Vec<usize>>,
    },
    /// Who wins?
    Decide(#[serde(with = "pair")] Pair),
    /// Loads the script once more, for answers to be confirmed.
    Reload,
    Confirm(
        #[serde(with = "pair")] Pair,
        #[serde(with = "winner")] Winner,
    ),
    /// What no pair so far reached.
    Unreached,
}

/// What is replied.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Reply {
    Done,
    Needs(Vec<Import>),
    /// It is loaded, and this is what is called.
    Loaded {
        function: String,
    },
    Winner(#[serde(with = "winner")] Winner),
    Unreached(Vec<Branch>),
    Failed(Failure),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Asked {
    /// What is called: an export, a member of one (`Freshness.pick`), a method of a new instance of a
    /// class (`Freshness#pick`). Where nothing is said: `pickFreshestJwt`, else the default export,
    /// else the only function that there is.
    pub function: Option<String>,
    /// Seconds from one instant to the next, where a design says so; else the order of instants is
    /// all that may count.
    pub distance: Option<u32>,
    /// What an answer means.
    pub returns: Returns,
    /// Names that a build replaces, and what by.
    pub define: Vec<(String, Scalar)>,
    /// What it is called with, in order; where nothing is said, the existing token and the incoming one.
    pub parameters: Vec<Parameter>,
}

impl Asked {
    /// What it is called with.
    pub(super) fn parameters(&self) -> &[Parameter] {
        match self.parameters.as_slice() {
            [] => &[Parameter::Existing, Parameter::Incoming],
            parameters => parameters,
        }
    }

    /// Whether it is told the time.
    pub(super) fn asks_for_time(&self) -> bool {
        let is_time = |one: &Parameter| match one {
            Parameter::Now | Parameter::NowMilliseconds => true,
            Parameter::Existing | Parameter::Incoming => false,
        };
        self.parameters.iter().any(is_time)
    }
}

/// Something that a script is called with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Parameter {
    Existing,
    /// The token that comes.
    Incoming,
    /// The time, in seconds since the epoch.
    Now,
    /// The time, in milliseconds since the epoch.
    NowMilliseconds,
}

impl Parameter {
    pub const ALL: [Parameter; 4] = [
        Parameter::Existing,
        Parameter::Incoming,
        Parameter::Now,
        Parameter::NowMilliseconds,
    ];

    /// The name in a design's file.
    pub const fn name(self) -> &'static str {
        match self {
            Parameter::Existing => "existing",
            Parameter::Incoming => "incoming",
            Parameter::Now => "now",
            Parameter::NowMilliseconds => "now-ms",
        }
    }

    /// The inverse of [`Parameter::name`].
    pub fn from_name(name: &str) -> Option<Parameter> {
        Parameter::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// What an answer means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Returns {
    /// The token that stays, the object itself.
    #[default]
    Token,
    /// Whether the existing token stays.
    ExistingWins,
    /// Whether the incoming token replaces it.
    IncomingWins,
    /// As for `Array.prototype.sort`, the freshest last: above 0 the existing token is fresher and
    /// stays; 0 is a tie, and the incoming one replaces it.
    Sort,
    /// The same, the freshest first: below 0 the existing token stays.
    SortDescending,
}

impl Returns {
    /// What was returned, read so: the token that it is, the truth or the number. `None` if it means nothing.
    pub(super) fn winner(
        self,
        token: Option<Winner>,
        truth: Option<bool>,
        number: Option<f64>,
    ) -> Option<Winner> {
        let existing_if = |stays| match stays {
            true => Winner::Existing,
            false => Winner::Incoming,
        };
        let number = number.filter(|number| !number.is_nan());
        match self {
            Returns::Token => token,
            Returns::ExistingWins => truth.map(existing_if),
            Returns::IncomingWins => truth.map(|wins| existing_if(!wins)),
            Returns::Sort => number.map(|order| existing_if(order > 0.0)),
            Returns::SortDescending => number.map(|order| existing_if(order < 0.0)),
        }
    }
}

/// Another file that a file needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Import {
    pub(super) from: String,
    /// Where, in bytes.
    pub(super) place: Range<usize>,
}

/// A place in one of the files, by its number in the order of reading: a range of bytes.
pub(super) type Place = (usize, Range<usize>);

/// A part of the script that may run or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Branch {
    /// The file, by its number.
    pub(super) file: usize,
    /// The line, from 1.
    pub(super) line: usize,
    /// How the part begins.
    pub(super) text: String,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Failure {
    /// The text is no script that could run.
    Unreadable(Vec<Problem>),
    /// Something went wrong while it ran.
    Trouble {
        trouble: Trouble,
        when: When,
        place: Option<Place>,
        /// The two tokens it was asked about, a line each.
        question: String,
    },
    /// One question had two answers.
    Undecided { question: String, suspect: Suspect },
    /// Tokens in one order had two answers: how far apart their instants were, and who won.
    Distances {
        question: String,
        near: (String, String),
        far: (String, String),
    },
}

/// Something that is wrong with a script's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Problem {
    pub(super) message: String,
    /// Where, in bytes.
    pub(super) place: Option<Range<usize>>,
    pub(super) help: Option<String>,
}

/// When something went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum When {
    Reading,
    Loading,
    Reloading,
    Calling,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Trouble {
    /// An exception, or another value that was thrown, and where: the file's number, line and column
    /// of its code, from 1.
    Threw {
        thrown: Thrown,
        at: Option<(usize, u32, u32)>,
    },
    /// It took too long.
    Late,
    /// It wanted more memory than there is.
    Memory,
    /// Its text is nested deeper, or its native calls are, than the stack is.
    Stack,
    /// It did not return what it should, but this.
    Returned(String),
    /// It has no such export; what it has.
    NoExport(Vec<String>),
    /// Nothing says which of its functions is meant.
    NoChoice(Vec<String>),
    /// What it exports under the name is no function.
    NoFunction,
    /// What it exports under the name is a class.
    Class,
    /// A build would replace this name, which the language has.
    Taken(String),
    /// It waits, at its top level, for something that never comes.
    Waits,
    /// The process ended, and this is how.
    Ended(String),
    /// The engine does not work.
    Engine(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Thrown {
    /// An error: its name and message.
    Error(String),
    /// Something else.
    Value(String),
}

/// What a decision seems to depend on, beyond the two tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Suspect {
    /// On what came before.
    Past,
    /// On what it asked for, in words.
    Used(String),
    /// On something that carries no meaning.
    Attribute(Attribute),
}

/// Stamps, formats, organisations and expiries, of the existing and the incoming token.
mod pair {
    use super::{Expiry, Member, Org, Pair, TokenView};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    type Token = (Option<u64>, Option<u64>, u8, u8, u8);

    pub(super) fn serialize<S: Serializer>(pair: &Pair, to: S) -> Result<S::Ok, S::Error> {
        let token = |token: TokenView| {
            let (org, expiry) = (token.org.number(), token.expiry.index() as u8);
            (token.oiat, token.iat, token.format, org, expiry)
        };
        (token(pair.0), token(pair.1)).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Pair, D::Error> {
        let token = |(oiat, iat, format, org, expiry): Token| {
            Some(TokenView {
                oiat,
                iat,
                format,
                org: Org::from_number(org)?,
                expiry: *Expiry::ALL.get(usize::from(expiry))?,
            })
        };
        let (existing, incoming) = <(Token, Token)>::deserialize(from)?;
        let both = token(existing).zip(token(incoming));
        both.ok_or_else(|| D::Error::custom("there are no such tokens"))
    }
}

/// Whether it is the existing token.
mod winner {
    use super::Winner;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(winner: &Winner, to: S) -> Result<S::Ok, S::Error> {
        (*winner == Winner::Existing).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Winner, D::Error> {
        Ok(match bool::deserialize(from)? {
            true => Winner::Existing,
            false => Winner::Incoming,
        })
    }
}
