//! The arguments that bound a run, and say how to explore.

use super::progress::Progress;
use crate::check::Options;
use crate::explore::{AUDIT_EVERY, Engine, Limits, Method, SymmetryUse};
use crate::source::suggestion;
use clap::{Args, ValueEnum};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug, Args)]
pub(crate) struct BoundArgs {
    /// End each run at this many unique states; its open verdicts are inconclusive
    #[arg(long, help_heading = "Bounds", value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_states: Option<u64>,
    /// End each run after this many seconds; its open verdicts are inconclusive
    #[arg(long, help_heading = "Bounds", value_name = "SECONDS", value_parser = seconds)]
    time_limit: Option<Duration>,
    /// End each run when its states take this much memory (8GiB, 500MiB, or bytes); the fast
    /// engine only
    #[arg(long, help_heading = "Bounds", value_name = "SIZE", default_value = "8GiB", value_parser = bytes)]
    memory_limit: u64,
}

/// Bounds of a run, and who explores.
#[derive(Debug, Args)]
pub(crate) struct LimitArgs {
    #[command(flatten)]
    bounds: BoundArgs,
    /// The exact memoising engine, or stateright's own checker
    #[arg(long, help_heading = "Engine", value_name = "NAME", default_value = "fast", value_parser = engine)]
    engine: Engine,
    /// Compare the successors of every Nth state of the fast engine with the model
    #[arg(
        long,
        help_heading = "Engine",
        value_name = "N",
        default_value_t = AUDIT_EVERY,
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    audit: u64,
    /// Whether the fast engine stores one state for all that differ only in which of several
    /// interchangeable tabs is which
    #[arg(long, help_heading = "Engine", value_enum, default_value = "auto")]
    symmetry: Symmetry,
}

/// See [`SymmetryUse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Symmetry {
    /// Where it makes a run faster
    Auto,
    /// Wherever tabs are interchangeable
    On,
    /// Never
    Off,
}

impl BoundArgs {
    /// As runs side by side want them, by the default engine.
    pub(crate) fn options<'a>(
        &self,
        threads: Option<NonZeroUsize>,
        progress: &'a Progress,
    ) -> Options<'a> {
        let limits = self.limits();
        progress.bounded_by(&limits);
        Options {
            method: Method::default(),
            limits,
            threads,
            watch: Arc::clone(progress.watch()),
            progress,
        }
    }

    /// As an explorer wants them.
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            max_states: self.max_states,
            time_limit: self.time_limit,
            memory_limit: Some(self.memory_limit),
        }
    }
}

impl LimitArgs {
    /// As runs side by side want them.
    pub(crate) fn options<'a>(
        &self,
        threads: Option<NonZeroUsize>,
        progress: &'a Progress,
    ) -> Options<'a> {
        Options {
            method: self.method(),
            ..self.bounds.options(threads, progress)
        }
    }

    /// The bounds, as an explorer wants them.
    #[cfg(feature = "cluster")]
    pub(crate) fn limits(&self) -> Limits {
        self.bounds.limits()
    }

    /// As an explorer wants it.
    pub(crate) fn method(&self) -> Method {
        Method {
            engine: self.engine,
            audit_every: self.audit,
            symmetry: match self.symmetry {
                Symmetry::Auto => SymmetryUse::WhereItPays,
                Symmetry::On => SymmetryUse::WherePossible,
                Symmetry::Off => SymmetryUse::Never,
            },
        }
    }
}

fn engine(name: &str) -> Result<Engine, String> {
    let names = || Engine::ALL.into_iter().map(Engine::name);
    match Engine::from_name(name) {
        Some(Engine::Stateright) if cfg!(target_family = "wasm") => {
            let message = "it needs threads, which WebAssembly does not have; take the fast engine";
            Err(message.to_owned())
        }
        Some(engine) => Ok(engine),
        None => Err(suggestion(name, names())),
    }
}

/// A number of bytes, with a unit or without.
fn bytes(text: &str) -> Result<u64, String> {
    let units = [("GiB", 30), ("MiB", 20), ("KiB", 10), ("", 0)];
    let split = |&(unit, shift): &(&str, u32)| Some((text.strip_suffix(unit)?, shift));
    // The empty unit fits always.
    let (number, shift) = units.iter().find_map(split).unwrap_or((text, 0));
    let number: Option<u64> = number.trim().parse().ok().filter(|&number| number > 0);
    number
        .and_then(|number| number.checked_mul(1 << shift))
        .ok_or_else(|| "must be a size like 8GiB, 500MiB, or a number of bytes".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "not a number of seconds".to_owned())?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("must be more than 0".to_owned()),
    }
}
