//! `freshest new`.

use super::args::{Format, NewArgs};
use super::failure::Failure;
use super::{Exit, file, models, output, select};
use crate::catalog;
use crate::check::VERSION;
use crate::design;
use crate::report::with_models;
use crate::source::{NAME_RULE, is_name};
use serde::Serialize;
use std::path::Path;

/// Where a design's schema may be, as seen from the design: where `init` puts it, and here.
const SCHEMAS: [&str; 2] = [
    "../schema/design.schema.json",
    "../../docs/schema/design.schema.json",
];

/// Writes a copy of a design.
pub(crate) fn run(args: &NewArgs) -> Result<Exit, Failure> {
    check_name(&args.name)?;
    let catalog = models::open(&args.models)?;
    let Some(models) = catalog.models.directory() else {
        let message = "there is no models directory here to write a design into";
        return Err(Failure::new(message).help("`freshest init` writes one"));
    };
    let from = select::design(&catalog, &args.from)?;
    let path = models.join("designs").join(format!("{}.toml", args.name));
    let original = catalog::document(&from.path)?;
    let text = design::copy(from, &original, &path, |scenario| {
        !args.bare && catalog.scenario(scenario).is_some()
    })?;
    let schemas = SCHEMAS.into_iter();
    let mut schemas = schemas.filter(|schema| models.join("designs").join(schema).is_file());
    let text = match schemas.next() {
        Some(schema) => design::with_schema(&text, schema),
        None => text,
    };
    // Whatever is there, a dangling link too, is somebody's.
    if !file::create(&path, &text)? {
        let message = format!("{} exists already", path.display());
        return Err(Failure::new(message).help("choose another name, or remove the file first"));
    }
    let written = Written::new(&args.name, &args.from, &path, models);
    match args.format {
        Format::Text => output::print(&written.as_text())?,
        Format::Json => output::print_json(&Results {
            version: VERSION,
            results: [written],
        })?,
    }
    Ok(Exit::AsExpected)
}

/// A name becomes a file's and is typed in commands, on any system.
pub(crate) fn check_name(name: &str) -> Result<(), Failure> {
    match is_name(name) {
        true => Ok(()),
        false => {
            let message = format!("`{name}` cannot be the name of a design");
            Err(Failure::new(message).help(NAME_RULE))
        }
    }
}

/// As every command writes JSON.
#[derive(Serialize)]
struct Results {
    version: u32,
    results: [Written; 1],
}

#[derive(Serialize)]
struct Written {
    design: String,
    from: String,
    path: String,
    next: Vec<Next>,
}

/// A command, and what it is for.
#[derive(Serialize)]
struct Next {
    command: String,
    shows: &'static str,
}

impl Written {
    fn new(name: &str, from: &str, path: &Path, models: &Path) -> Written {
        let next = |command: String, shows| Next {
            command: with_models(command, &models.display().to_string()),
            shows,
        };
        Written {
            design: name.to_owned(),
            from: from.to_owned(),
            path: path.display().to_string(),
            next: vec![
                next(
                    format!("freshest check --trial --design {name}"),
                    "its verdicts, and what to expect of it; judges nothing",
                ),
                next(
                    format!("freshest --design {name}"),
                    "the verdicts that your changes changed",
                ),
                next(
                    format!("freshest diff {from} {name}"),
                    "what differs, and the shortest way to see it",
                ),
            ],
        }
    }

    fn as_text(&self) -> String {
        let Written { from, path, .. } = self;
        let mut text = format!("{path}: a copy of {from}\n\nEdit it. Then:\n");
        for Next { command, shows } in &self.next {
            text += &format!("  {command}\n      {shows}\n");
        }
        text
    }
}
