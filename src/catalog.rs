//! All designs and scenarios of a models directory.

use crate::design::Design;
use crate::scenario::Scenario;
use crate::source::{Document, Fault, Faults, suggestion};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is under `models/`.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// By name.
    pub designs: Vec<Design>,
    /// By name.
    pub scenarios: Vec<Scenario>,
    /// SHA-256 of every file that was read, by its path below the directory, with slashes.
    pub hashes: BTreeMap<String, String>,
}

impl Catalog {
    /// Reads `designs/*.toml` and `scenarios/*.toml` below a directory.
    pub fn load(models: &Path) -> Result<Catalog, Faults> {
        let mut faults = Faults::new(Vec::new());
        let mut hashes = BTreeMap::new();
        let mut seen = |kind: &str, document: &Document| {
            let name = document.path.file_name().unwrap_or_default();
            let path = format!("{kind}/{}", name.to_string_lossy());
            hashes.insert(path, document.sha256());
        };
        let designs = load_all(models, "designs", Design::load, &mut faults, &mut seen);
        let scenarios = load_all(models, "scenarios", Scenario::load, &mut faults, &mut seen);
        for script in designs
            .iter()
            .filter_map(|design: &Design| design.script.as_ref())
        {
            hashes.insert(script.below(models), script.sha256.clone());
        }
        let catalog = Catalog {
            designs,
            scenarios,
            hashes,
        };
        if faults.is_empty() {
            catalog.check_references(&mut faults);
        }
        if faults.is_empty() {
            Ok(catalog)
        } else {
            Err(faults)
        }
    }

    /// Expectations must be about scenarios that exist: else they would be met by accident.
    fn check_references(&self, faults: &mut Faults) {
        for design in &self.designs {
            for (scenario, span) in &design.expected_in {
                if self.scenario(scenario).is_some() {
                    continue;
                }
                let message = format!("`expect.{scenario}`: there is no such scenario");
                // It has just been read; if it cannot be any more, the name will do.
                let fault = match Document::read(&design.path) {
                    Ok(document) => Fault::at(&document, span.clone(), message),
                    Err(_) => Fault::of_file(&design.path, message),
                };
                let names = self.scenarios.iter().map(|s| s.name.as_str());
                let help = suggestion(scenario, names.collect::<Vec<_>>());
                faults.extend(fault.help(help).into());
            }
        }
    }

    /// The design of this name.
    pub fn design(&self, name: &str) -> Option<&Design> {
        self.designs.iter().find(|design| design.name == name)
    }

    /// The scenario of this name.
    pub fn scenario(&self, name: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|scenario| scenario.name == name)
    }
}

/// Reads every TOML file of one kind, in the order of their names, and shows each to `seen`.
fn load_all<T>(
    models: &Path,
    kind: &str,
    load: fn(&str, &Document) -> Result<T, Faults>,
    faults: &mut Faults,
    seen: &mut impl FnMut(&str, &Document),
) -> Vec<T> {
    let paths = match toml_files(&models.join(kind)) {
        Ok(paths) => paths,
        Err(fault) => {
            faults.extend(fault.into());
            return Vec::new();
        }
    };
    let mut loaded = Vec::new();
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let read = Document::read(&path).and_then(|document| {
            seen(kind, &document);
            load(&name, &document)
        });
        match read {
            Ok(item) => loaded.push(item),
            Err(more) => faults.extend(more),
        }
    }
    loaded
}

fn toml_files(directory: &Path) -> Result<Vec<PathBuf>, Fault> {
    let help = "run where `models/` is, or name another directory with --models DIR";
    let entries = std::fs::read_dir(directory).map_err(|error| {
        Fault::of_file(directory, format!("cannot be read: {error}")).help(help)
    })?;
    let mut paths: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    paths.sort_by(|a, b| a.file_stem().cmp(&b.file_stem()));
    if paths.is_empty() {
        let message = "holds no TOML file, so there is nothing to check".to_owned();
        return Err(Fault::of_file(directory, message).help(help));
    }
    Ok(paths)
}
