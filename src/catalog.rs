//! All designs and scenarios of a models directory, or of the program.

mod directory;
mod models;

pub use models::{BUILTIN, Models};

use crate::design::{Design, ScriptFile};
use crate::freshness::Rule;
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
    pub models: Models,
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

    /// A design of this name as another one is, but that it decides by a script, called `title` in words. What
    /// is expected of the other one is expected of it, so that exactly what the script changes is unexpected.
    pub fn tried(
        &self,
        like: &Design,
        name: String,
        title: &str,
        rule: Rule,
        script: ScriptFile,
    ) -> Design {
        let mut design = like.clone();
        design.name = name;
        design.title = format!("{title}, as {} but for the comparator", like.name);
        design.releases = Vec::new();
        design.policy.rules = rule.into();
        design.scripts = vec![script];
        // Nobody expects anything of it in scenarios that are not here.
        design
            .expectations
            .retain(|(scenario, _), _| self.scenario(scenario).is_some());
        design
            .expected_in
            .retain(|scenario, _| self.scenario(scenario).is_some());
        design
    }

    /// Understands texts that stand for files, such as `designs/mine.toml`: only their names count.
    pub(crate) fn of_documents(
        designs: Vec<Document>,
        scenarios: Vec<Document>,
    ) -> Result<Catalog, Faults> {
        let named = |kind: &str, documents: Vec<Document>| Found {
            documents: documents
                .into_iter()
                .map(|document| check_name(kind, &document.path).map(|()| document))
                .collect(),
            others: Vec::new(),
        };
        let found = [named("designs", designs), named("scenarios", scenarios)];
        Catalog::of_found(Models::Memory, found, Faults::default())
    }

    /// The same with these texts in the place of those of the same name, or beside them, as if all had been
    /// handed over: only what is new has to be understood.
    pub fn with(
        &self,
        designs: Vec<Document>,
        scenarios: Vec<Document>,
    ) -> Result<Catalog, Faults> {
        let new = Catalog::of_documents(designs, scenarios)?;
        let file = |path: &Path| path.file_name().unwrap_or_default().to_owned();
        let mut hashes = self.hashes.clone();
        hashes.extend(new.hashes);
        let mut designs = self.designs.clone();
        designs.retain(|old| {
            let is_replaced = |by: &Design| file(&by.document.path) == file(&old.document.path);
            !new.designs.iter().any(is_replaced)
        });
        designs.extend(new.designs);
        designs.sort_by_cached_key(|of| of.document.path.file_stem().map(ToOwned::to_owned));
        let mut scenarios = self.scenarios.clone();
        scenarios.retain(|old| {
            let is_replaced = |by: &Scenario| file(&by.path) == file(&old.path);
            !new.scenarios.iter().any(is_replaced)
        });
        scenarios.extend(new.scenarios);
        scenarios.sort_by_cached_key(|of| of.path.file_stem().map(ToOwned::to_owned));
        Ok(Catalog {
            models: Models::Memory,
            designs,
            scenarios,
            hashes,
            builtin: OnceLock::new(),
        })
    }

    fn open_but(models: Models, is_passed_over: fn(&Path) -> bool) -> Result<Catalog, Faults> {
        let mut faults = Faults::default();
        let found = ["designs", "scenarios"].map(|kind| {
            find(&models, kind, is_passed_over).unwrap_or_else(|more| {
                faults.extend(more);
                Found::default()
            })
        });
        Catalog::of_found(models, found, faults)
    }

    fn of_found(
        models: Models,
        [designs, scenarios]: [Found; 2],
        mut faults: Faults,
    ) -> Result<Catalog, Faults> {
        let mut hashes = BTreeMap::new();
        let mut seen = |kind: &str, document: &Document| {
            let name = document.path.file_name().unwrap_or_default();
            let path = format!("{kind}/{}", name.to_string_lossy());
            hashes.insert(path, document.sha256());
        };
        let others = (designs.others, scenarios.others);
        let designs = designs.documents;
        let designs = load_all(designs, "designs", Design::load, &mut faults, &mut seen);
        let scenarios = scenarios.documents;
        let scenarios = load_all(
            scenarios,
            "scenarios",
            Scenario::load,
            &mut faults,
            &mut seen,
        );
        // Which scripts are named is known when every design is.
        if faults.is_empty() {
            faults.extend(check_others(&others.0, "designs", &designs));
            faults.extend(check_others(&others.1, "scenarios", &designs));
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

    pub fn design(&self, name: &str) -> Option<&Design> {
        self.designs.iter().find(|design| design.name == name)
    }

    /// The design of this name, here or else in the program. `builtin:NAME` is the one in the program
    /// even where there is one of the same name here.
    pub(crate) fn design_anywhere(&self, name: &str) -> Option<&Design> {
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

#[derive(Default)]
struct Found {
    /// Every TOML file, in the order of their names, if it could be read.
    documents: Vec<Result<Document, Faults>>,
    /// Everything else.
    others: Vec<PathBuf>,
}

/// Reads every TOML file of one kind.
fn find(models: &Models, kind: &str, is_passed_over: fn(&Path) -> bool) -> Result<Found, Faults> {
    let Some(directory) = models.directory() else {
        return Ok(Found {
            documents: builtin_files(kind).map(Ok).collect(),
            others: Vec::new(),
        });
    };
    let Entries { files, others } = Entries::of(&directory.join(kind), is_passed_over)?;
    let read = |path: &PathBuf| {
        check_name(kind, path)?;
        Document::read(path, directory, &["toml"])
    };
    Ok(Found {
        documents: files.iter().map(read).collect(),
        others,
    })
}

/// Understands every file of one kind, in the order that they are in, and shows each to `seen`.
fn load_all<T>(
    documents: Vec<Result<Document, Faults>>,
    kind: &str,
    load: fn(&str, &Document) -> Result<T, Faults>,
    faults: &mut Faults,
    seen: &mut impl FnMut(&str, &Document),
) -> Vec<T> {
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
    loaded
}

/// The name of a design or scenario is that of its file.
fn check_name(kind: &str, path: &Path) -> Result<(), Faults> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    match is_name(&name) {
        true => Ok(()),
        false => {
            let message = format!("`{name}` cannot be the name of one of {kind}/");
            Err(Fault::of_file(path, message).help(NAME_RULE).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_handed_over_is_understood_as_files_are() {
        let files = |kind| builtin_files(kind).collect::<Vec<_>>();
        let handed = Catalog::of_documents(files("designs"), files("scenarios"))
            .unwrap_or_else(|faults| panic!("{faults}"));
        let builtin = Catalog::open(Models::Builtin).unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!(handed.hashes, builtin.hashes);
        assert_eq!(handed.models.to_string(), "memory");
        let names = |catalog: &Catalog| -> Vec<String> {
            let designs = catalog.designs.iter().map(|design| design.name.clone());
            let scenarios = catalog.scenarios.iter();
            designs
                .chain(scenarios.map(|scenario| scenario.name.clone()))
                .collect()
        };
        assert_eq!(names(&handed), names(&builtin));
    }

    #[test]
    fn what_is_handed_over_beside_a_catalog_is_as_if_all_had_been_handed_over() {
        let builtin = Catalog::open(Models::Builtin).unwrap_or_else(|faults| panic!("{faults}"));
        let text = |kind: &str, name: &str| {
            let mut files = builtin_files(kind);
            let found = files.find(|document| document.path.ends_with(format!("{name}.toml")));
            found.unwrap_or_else(|| panic!("{name}")).text
        };
        let new = |kind: &str, name: &str, as_in: &str| {
            Document::new(format!("{kind}/{name}.toml"), text(kind, as_in))
        };
        // In the place of one, before all of them, after all of them, and between two.
        let designs = ["pr-9030", "a", "zz", "pr-8097-x"];
        let designs = designs.map(|name| new("designs", name, "pr-8097")).to_vec();
        let scenarios = ["r1s1", "0", "r1s1-x"];
        let scenarios = scenarios
            .map(|name| new("scenarios", name, "own-refresh"))
            .to_vec();
        let all = |kind: &str, new: &[Document]| -> Vec<Document> {
            let named = |document: &Document| document.path.file_name().map(ToOwned::to_owned);
            let is_new = |old: &Document| new.iter().any(|new| named(new) == named(old));
            let mut all: Vec<Document> = builtin_files(kind).filter(|old| !is_new(old)).collect();
            all.extend_from_slice(new);
            all.sort_by_key(|document| document.path.file_stem().map(ToOwned::to_owned));
            all
        };
        let whole = Catalog::of_documents(all("designs", &designs), all("scenarios", &scenarios));
        let whole = whole.unwrap_or_else(|faults| panic!("{faults}"));
        let with = builtin.with(designs, scenarios);
        let with = with.unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!(with.models.to_string(), "memory");
        assert_eq!(with.hashes, whole.hashes);
        assert_eq!(
            format!("{:?}", with.designs),
            format!("{:?}", whole.designs)
        );
        assert_eq!(
            format!("{:?}", with.scenarios),
            format!("{:?}", whole.scenarios)
        );
    }

    #[test]
    fn a_text_with_an_unfit_name_or_with_faults_is_refused_with_its_place() {
        let told = |path: &str, text: &str| {
            let document = Document::new(path, text);
            let faults = Catalog::of_documents(vec![document], Vec::new());
            faults.expect_err("faults").to_string()
        };
        let unnamed = told("designs/a b.toml", "");
        assert!(unnamed.contains("`a b` cannot be the name"), "{unnamed}");
        let wrong = told("designs/mine.toml", "title = \"Mine\"\nnonsense = 1\n");
        assert!(wrong.contains("designs/mine.toml:2:1"), "{wrong}");
    }
}
