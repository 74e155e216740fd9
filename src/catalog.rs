//! All designs and scenarios of a models directory, or of the program.

mod directory;
mod models;

pub use models::{BUILTIN, Models};

use crate::design::Design;
use crate::scenario::Scenario;
use crate::source::{Document, Fault, Faults, NAME_RULE, is_name, suggestion};
pub use directory::is_leftover;
use directory::{Entries, check_others};
use models::{builtin_file, builtin_files};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// What is under `models/`.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// Where it is from.
    pub models: Models,
    /// By name.
    pub designs: Vec<Design>,
    /// By name.
    pub scenarios: Vec<Scenario>,
    /// SHA-256 of every file that was read, by its path below the directory, with slashes.
    pub hashes: BTreeMap<String, String>,
    /// The designs in the program, read when somebody first asks for one.
    builtin: OnceLock<Vec<Design>>,
}

impl Catalog {
    /// Reads `designs/*.toml` and `scenarios/*.toml` below a directory. Nothing else may be there but
    /// scripts that designs name.
    pub fn load(models: &Path) -> Result<Catalog, Faults> {
        Catalog::open(Models::Directory(models.to_owned()))
    }

    /// Reads all designs and scenarios.
    pub fn open(models: Models) -> Result<Catalog, Faults> {
        Catalog::open_but(models, |_| false)
    }

    /// The same while somebody edits them: what editors leave there for a while ([`is_leftover`]) is
    /// passed over. Who does so has to say so.
    pub fn open_edited(models: Models) -> Result<Catalog, Faults> {
        Catalog::open_but(models, is_leftover)
    }

    fn open_but(models: Models, is_passed_over: fn(&Path) -> bool) -> Result<Catalog, Faults> {
        let mut faults = Faults::default();
        let mut hashes = BTreeMap::new();
        let mut seen = |kind: &str, document: &Document| {
            let name = document.path.file_name().unwrap_or_default();
            let path = format!("{kind}/{}", name.to_string_lossy());
            hashes.insert(path, document.sha256());
        };
        let from = (&models, is_passed_over);
        let (designs, beside_designs) =
            load_all(from, "designs", Design::load, &mut faults, &mut seen);
        let (scenarios, beside_scenarios) =
            load_all(from, "scenarios", Scenario::load, &mut faults, &mut seen);
        // Which scripts are named is known when every design is.
        if faults.is_empty() {
            faults.extend(check_others(&beside_designs, "designs", &designs));
            faults.extend(check_others(&beside_scenarios, "scenarios", &designs));
        }
        let designs: Vec<_> = designs.into_iter().flat_map(Design::by_distance).collect();
        let scripts = designs.iter().flat_map(|design| &design.scripts);
        for script in scripts {
            let below = models.directory().unwrap_or(Path::new(""));
            hashes.insert(script.below(below), script.sha256.clone());
        }
        match faults.is_empty() {
            true => Ok(Catalog {
                models,
                designs,
                scenarios,
                hashes,
                builtin: OnceLock::new(),
            }),
            false => Err(faults),
        }
    }

    /// What a design expects in scenarios that are not here. Whoever checks everything must not take
    /// it for met: a scenario may have been renamed, or lost.
    pub fn unfounded(&self, design: &Design) -> Faults {
        let mut faults = Faults::default();
        for (scenario, span) in &design.expected_in {
            if self.scenario(scenario).is_some() {
                continue;
            }
            faults.push(|| {
                let message = format!("`expect.{scenario}`: there is no such scenario");
                let names = self.scenarios.iter().map(|s| s.name.as_str());
                let help = suggestion(scenario, names);
                Fault::at(&design.document, span.clone(), message).help(help)
            });
        }
        faults
    }

    /// The design of this name.
    pub fn design(&self, name: &str) -> Option<&Design> {
        self.designs.iter().find(|design| design.name == name)
    }

    /// The design of this name, here or else in the program. `builtin:NAME` is the one in the program
    /// even where there is one of the same name here.
    pub fn design_anywhere(&self, name: &str) -> Option<&Design> {
        let here = self.design(name);
        here.or_else(|| self.builtin().iter().find(|design| design.name == name))
    }

    /// The designs in the program, each by its name and as `builtin:NAME`.
    fn builtin(&self) -> &[Design] {
        self.builtin.get_or_init(|| {
            // A test reads them, so there are no faults to tell.
            let catalog = Catalog::open(Models::Builtin).ok();
            let designs = catalog.map_or(Vec::new(), |catalog| catalog.designs);
            let prefixed = designs.iter().cloned().map(|design| Design {
                name: format!("builtin:{}", design.name),
                ..design
            });
            let prefixed: Vec<Design> = prefixed.collect();
            designs.into_iter().chain(prefixed).collect()
        })
    }

    /// The scenario of this name.
    pub fn scenario(&self, name: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|scenario| scenario.name == name)
    }
}

/// The file of a design or scenario, read again.
pub fn document(path: &Path) -> Result<Document, Faults> {
    match builtin_file(path) {
        Some(document) => Ok(document),
        None => Document::read_named(path, &["toml"]),
    }
}

/// Reads every TOML file of one kind, in the order of their names, and shows each to `seen`. Returns
/// what was read, and what else is there.
fn load_all<T>(
    (models, is_passed_over): (&Models, fn(&Path) -> bool),
    kind: &str,
    load: fn(&str, &Document) -> Result<T, Faults>,
    faults: &mut Faults,
    seen: &mut impl FnMut(&str, &Document),
) -> (Vec<T>, Vec<PathBuf>) {
    let (documents, others): (Vec<Result<Document, Faults>>, _) = match models {
        Models::Builtin => (builtin_files(kind).map(Ok).collect(), Vec::new()),
        Models::Directory(directory) => match Entries::of(&directory.join(kind), is_passed_over) {
            Ok(Entries { files, others }) => {
                let read = |path: &PathBuf| read_model(directory, kind, path);
                (files.iter().map(read).collect(), others)
            }
            Err(more) => {
                faults.extend(more);
                return (Vec::new(), Vec::new());
            }
        },
    };
    let mut loaded = Vec::new();
    for document in documents {
        let read = document.and_then(|document| {
            seen(kind, &document);
            let name = document.path.file_stem().unwrap_or_default();
            load(&name.to_string_lossy(), &document)
        });
        match read {
            Ok(item) => loaded.push(item),
            Err(more) => faults.extend(more),
        }
    }
    (loaded, others)
}

/// Reads a file of a models directory.
fn read_model(directory: &Path, kind: &str, path: &Path) -> Result<Document, Faults> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    if !is_name(&name) {
        let message = format!("`{name}` cannot be the name of one of {kind}/");
        return Err(Fault::of_file(path, message).help(NAME_RULE).into());
    }
    Document::read(path, directory, &["toml"])
}
