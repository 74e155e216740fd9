//! Which models a command reads.

use super::args::ModelsArgs;
use super::failure::Failure;
use crate::catalog::{Catalog, Models};
use crate::check::DEFAULT_MODELS;
use std::path::Path;

/// Reads the models that the arguments name, those in `models/`, or those in the program.
pub(crate) fn open(args: &ModelsArgs) -> Result<Catalog, Failure> {
    Ok(Catalog::open(chosen(args)?)?)
}

/// Where the models are. The program's own stand in where none are named and there is no `models/`
/// here; in continuous integration they have to be asked for, because a gate in the wrong directory
/// would pass on them.
pub(crate) fn chosen(args: &ModelsArgs) -> Result<Models, Failure> {
    match (&args.models, here()) {
        (Some(name), _) => Ok(Models::named(name)),
        (None, Some(here)) => Ok(here),
        (None, None) if is_continuous_integration() => {
            let message = "there is no directory models/ here, and CI is set";
            Err(Failure::new(message).help(
                "name the directory with --models DIR; --models builtin checks the models in the \
                 program, which are nobody's own",
            ))
        }
        (None, None) => Ok(Models::Builtin),
    }
}

/// The models in the current directory, if there is `models/`. Whatever that is, a dangling link too, is
/// meant.
pub(crate) fn here() -> Option<Models> {
    let default = Path::new(DEFAULT_MODELS);
    let is_there = default.symlink_metadata().is_ok();
    is_there.then(|| Models::Directory(default.to_owned()))
}

/// Whether `CI` is set, as all usual services do.
pub(crate) fn is_continuous_integration() -> bool {
    std::env::var_os("CI").is_some_and(|value| {
        let value = value.to_string_lossy().to_lowercase();
        !matches!(value.as_str(), "" | "0" | "false")
    })
}
