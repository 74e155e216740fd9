//! Trace files: JSON Lines, a header and then one trace a line.

use super::record::TraceStep;
use crate::vocabulary::{Edge, Setup, TabSet};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::BufRead;

/// The version of the format.
pub const FORMAT: u32 = 1;

/// The longest line that is read, in bytes.
const MAX_LINE_BYTES: u64 = 16 << 20;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Line {
    /// The first line.
    Header(Box<Header>),
    Trace {
        /// Its steps, from the start of the scenario.
        steps: Vec<TraceStep>,
    },
}

/// What the traces of a file belong to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The version of the format.
    pub format: u32,
    /// The version of freshest that wrote it.
    #[serde(default)]
    pub freshest: String,
    /// The design's name, without the ending of its file.
    pub design: String,
    /// The scenario's name, without the ending of its file.
    pub scenario: String,
    pub tabs: u8,
    /// What everybody holds at the start.
    pub start: String,
    /// What is assumed of the edge, if it does not mint from every parent.
    #[serde(default = "any_edge", skip_serializing_if = "is_any_edge")]
    pub edge: String,
    /// Number of keys, if there are two.
    #[serde(default = "one_key", skip_serializing_if = "is_one")]
    pub keys: u8,
    /// The tabs that have not been opened yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<u8>,
    /// The tabs that never had focus.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unfocused: Vec<u8>,
    /// A client payload comes with the answer to a touch.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub piggyback: bool,
    /// A load may be answered with the token that was minted last.
    #[serde(default, skip_serializing_if = "is_false")]
    pub stale_load: bool,
    /// The property that the last step violates, or gives an opportunity to violate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// `violated`, or `witnessed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// What the traces cover together.
    #[serde(flatten)]
    pub coverage: Option<CoverageRecord>,
}

pub(super) fn any_edge() -> String {
    Edge::Any.name().to_owned()
}

fn is_any_edge(edge: &str) -> bool {
    edge == Edge::Any.name()
}

fn one_key() -> u8 {
    1
}

fn yes() -> bool {
    true
}

// serde hands over references.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_one(keys: &u8) -> bool {
    *keys == 1
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Header {
    /// The header of a file about nothing but this design in this scenario.
    pub fn new(design: &str, scenario: &str, setup: &Setup) -> Header {
        let numbers = |tabs: TabSet| tabs.iter().map(|tab| tab.0).collect();
        let life = setup.life;
        Header {
            format: FORMAT,
            freshest: env!("CARGO_PKG_VERSION").to_owned(),
            design: design.to_owned(),
            scenario: scenario.to_owned(),
            tabs: setup.tabs,
            start: setup.start.name().to_owned(),
            edge: setup.edge.name().to_owned(),
            keys: 1 + u8::from(life.two_keys),
            absent: numbers(life.absent),
            unfocused: numbers(life.unfocused),
            piggyback: life.piggyback,
            stale_load: life.stale_load,
            property: None,
            claim: None,
            coverage: None,
        }
    }
}

/// What a trace is an example of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// A counterexample.
    Violated,
    /// An opportunity for one.
    Witnessed,
}

/// How much of the reachable graph a file covers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoverageRecord {
    /// Unique states of the graph.
    pub states: u64,
    /// Pairs of a state of it and an event enabled there.
    pub transitions: u64,
    /// Transitions that the traces go through.
    pub covered: u64,
    pub traces: u64,
    /// Steps of all traces together.
    pub steps: u64,
    /// Where the traces are a sample: how it was drawn.
    pub sample: Option<SampleRecord>,
}

/// How a sample was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleRecord {
    /// Of the random numbers.
    pub seed: u64,
}

/// Why a trace file could not be read.
#[derive(Debug)]
pub struct TraceFileError {
    /// The line in its file, from 1.
    line: usize,
    message: String,
}

impl fmt::Display for TraceFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for TraceFileError {}

/// A trace and the line it is on, from 1.
pub(crate) type Numbered = Result<(usize, Vec<TraceStep>), TraceFileError>;

/// Reads a trace file line by line: the header, then an iterator over the traces.
pub fn read_lines<R: BufRead>(
    mut source: R,
) -> Result<(Header, impl Iterator<Item = Numbered>), TraceFileError> {
    let wrong = |line, message: &str| TraceFileError {
        line,
        message: message.to_owned(),
    };
    let header = match read_line(&mut source, 1)? {
        Some(Line::Header(header)) if header.format == FORMAT => *header,
        Some(Line::Header(header)) => {
            let message = format!("format {} is not known, only {FORMAT}", header.format);
            return Err(wrong(1, &message));
        }
        Some(Line::Trace { .. }) => return Err(wrong(1, "a trace before the header")),
        None => return Err(wrong(1, "the file is empty")),
    };
    let mut number = 1;
    let traces = std::iter::from_fn(move || {
        number += 1;
        match read_line(&mut source, number) {
            Ok(Some(Line::Trace { steps })) => Some(Ok((number, steps))),
            Ok(Some(Line::Header(_))) => Some(Err(wrong(number, "a second header"))),
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        }
    });
    Ok((header, traces))
}

/// Reads one line; `None` at the end of the file.
fn read_line<R: BufRead>(source: &mut R, line: usize) -> Result<Option<Line>, TraceFileError> {
    use std::io::Read;
    let wrong = |message: String| TraceFileError { line, message };
    let mut text = String::new();
    let read = source
        .by_ref()
        .take(MAX_LINE_BYTES)
        .read_line(&mut text)
        .map_err(|error| wrong(format!("cannot be read: {error}")))?;
    if read as u64 == MAX_LINE_BYTES {
        return Err(wrong(format!("is longer than {MAX_LINE_BYTES} bytes")));
    }
    if read == 0 {
        return Ok(None);
    }
    serde_json::from_str(&text).map(Some).map_err(|error| {
        // The parser counts lines, too, and this is its first.
        let place = format!(" at line {} column {}", error.line(), error.column());
        let message = error.to_string();
        let message = message.strip_suffix(&place).unwrap_or(&message);
        let column = match error.column() {
            0 => String::new(),
            column => format!("column {column}: "),
        };
        wrong(format!("{column}{message}"))
    })
}
