//! The `freshest` program: see [`freshest::cli`].

use std::process::ExitCode;

#[cfg(not(feature = "script"))]
fn main() -> ExitCode {
    freshest::cli::run().into()
}

/// As above; or, where this process was started to run a script, nothing but that.
#[cfg(feature = "script")]
fn main() -> ExitCode {
    use freshest::script;
    use std::io::Write;

    let ready = match script::serve_if_asked() {
        Some(served) => served.map(|()| None),
        None => script::run_in_this_program().map(Some),
    };
    match ready {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(())) => {
            let exit = freshest::cli::run();
            script::end();
            exit.into()
        }
        Err(error) => {
            // Nobody is left to be told if this cannot be printed.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}
