//! The `freshest` program: see [`freshest::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    freshest::cli::run().into()
}
