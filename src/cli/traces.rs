//! `freshest traces`.

use super::args::TracesArgs;
use super::failure::Failure;
use super::{Exit, models, operand, output, select};
use crate::freshness::Unreliable;
use crate::model::Composed;
use crate::report::words::{count, number};
use crate::trace::{Coverage, CoverageRecord, Header, Line, Plan, Sample, SampleRecord, cover};
use std::io::{self, BufWriter, ErrorKind, Write};

/// Why writing ended early.
enum Stop {
    Output(io::Error),
    Unreliable(Unreliable),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Output(error)
    }
}

impl From<serde_json::Error> for Stop {
    fn from(error: serde_json::Error) -> Stop {
        Stop::Output(error.into())
    }
}

impl From<Unreliable> for Stop {
    fn from(error: Unreliable) -> Stop {
        Stop::Unreliable(error)
    }
}

/// Writes covering traces to standard output.
pub(crate) fn run(args: &TracesArgs) -> Result<Exit, Failure> {
    let catalog = models::open(&args.models)?;
    let design = operand::design(&catalog, &args.design)?;
    let scenario = select::scenario(&catalog, &args.scenario)?;
    select::check_fit(&design, scenario)?;
    let model = Composed::new(design.policy, &scenario.setup);
    let sample = args.sample.map(|transitions| Sample {
        transitions,
        seed: args.seed,
    });
    let plan = match sample {
        Some(sample) => Plan::Sample(sample),
        None if args.shortest => Plan::Shortest,
        None => Plan::Everything,
    };
    let header = |coverage: &Coverage| {
        Line::Header(Box::new(Header {
            coverage: Some(CoverageRecord {
                states: coverage.states,
                transitions: coverage.transitions,
                covered: coverage.covered,
                traces: coverage.traces,
                steps: coverage.steps,
                sample: sample.map(|sample| SampleRecord { seed: sample.seed }),
            }),
            ..Header::new(&design.name, &scenario.name, &scenario.setup)
        }))
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let written = cover(&model, plan, |coverage, trace| -> Result<(), Stop> {
        let line = match trace {
            // Everything has been explored by now, and nothing written.
            None => header(coverage),
            Some(steps) => Line::Trace { steps },
        };
        serde_json::to_writer(&mut out, &line)?;
        Ok(out.write_all(b"\n")?)
    });
    let flushed = written.and_then(|coverage| {
        out.flush()?;
        Ok(coverage)
    });
    let coverage = match flushed {
        Ok(coverage) => coverage,
        Err(Stop::Unreliable(error)) => return Err(error.into()),
        // A pipe that is a pair of sockets, as Node's are, is reset where another is broken.
        Err(Stop::Output(error))
            if matches!(
                error.kind(),
                ErrorKind::BrokenPipe | ErrorKind::ConnectionReset
            ) =>
        {
            return Ok(Exit::AsExpected);
        }
        Err(Stop::Output(error)) => return Err(output::unwritten(&error)),
    };
    let per_transition = coverage.steps as f64 / coverage.covered.max(1) as f64;
    output::tell(&format!(
        "{} of {} in {}, {}: {per_transition:.1} for each transition\n",
        number(coverage.covered),
        count(coverage.transitions as usize, "transition"),
        count(coverage.traces as usize, "trace"),
        count(coverage.steps as usize, "step"),
    ));
    Ok(Exit::AsExpected)
}
