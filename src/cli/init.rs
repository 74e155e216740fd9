//! `freshest init`: a models directory of one's own.

use super::args::InitArgs;
use super::failure::Failure;
use super::{Exit, file, new, output};
use crate::catalog::{Catalog, Models, document};
use crate::design::{self, ScriptName};
use crate::report::with_models;
use crate::source::{shell_word, suggestion};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The base scenarios: what every comparison of designs begins with. The others are small ones for
/// the comparison with published code, and those of single findings.
const SCENARIOS: [&str; 12] = [
    "broadcast-only",
    "bystander",
    "clear",
    "cookie",
    "expiry",
    "fail-retry",
    "failures",
    "legacy-rollout",
    "own-refresh",
    "rollout-format",
    "three-tabs",
    "two-forced",
];

/// For editors that know JSON schemas of TOML files: in `schema/`, and named in each file's first line.
const SCHEMAS: [(&str, &str); 2] = [
    (
        "schema/design.schema.json",
        include_str!("../../docs/schema/design.schema.json"),
    ),
    (
        "schema/scenario.schema.json",
        include_str!("../../docs/schema/scenario.schema.json"),
    ),
];

/// Where GitHub looks for workflows.
const WORKFLOW: &str = ".github/workflows/freshest.yml";

/// Writes the directory and the workflow: all of it, or nothing.
pub(crate) fn run(args: &InitArgs) -> Result<Exit, Failure> {
    let directory = &args.directory;
    if directory.symlink_metadata().is_ok() {
        return Err(exists(directory));
    }
    let name = name(args)?;
    let files = files(args, &name)?;
    let workflow = PathBuf::from(WORKFLOW);
    // Somebody's own workflow is left alone.
    let has_workflow = workflow.symlink_metadata().is_ok();
    let mut written = Written::default();
    let done = written
        .all(directory, &files)
        .and_then(|()| match has_workflow {
            true => Ok(()),
            false => written.file(&workflow, &self::workflow(directory)),
        });
    if let Err(failure) = done {
        written.undo();
        return Err(failure);
    }
    output::print(&told(args, &name, has_workflow))?;
    Ok(Exit::AsExpected)
}

/// What the design is called.
fn name(args: &InitArgs) -> Result<String, Failure> {
    let stem = args.script.as_deref().and_then(Path::file_stem);
    let name = match (&args.name, stem) {
        (Some(name), _) => name.clone(),
        (None, Some(stem)) => stem.to_string_lossy().into_owned(),
        (None, None) => "mine".to_owned(),
    };
    new::check_name(&name)?;
    Ok(name)
}

/// Every file of the directory, by its path below it.
fn files(args: &InitArgs, name: &str) -> Result<Vec<(String, String)>, Failure> {
    let builtin = Catalog::open(Models::Builtin)?;
    let like = builtin.design(&args.like).ok_or_else(|| {
        let names = builtin.designs.iter().map(|design| design.name.as_str());
        let help = suggestion(&args.like, names.collect::<Vec<_>>());
        Failure::new(format!("there is no design `{}` in the program", args.like)).help(help)
    })?;
    let schemas = SCHEMAS.iter();
    let mut files: Vec<(String, String)> = schemas
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    for name in SCENARIOS {
        if let Some(scenario) = builtin.scenario(name) {
            let text = document(&scenario.path)?.text.to_string();
            let text = design::with_schema(&text, "../schema/scenario.schema.json");
            files.push((format!("scenarios/{name}.toml"), text));
        }
    }
    let path = args.directory.join("designs").join(format!("{name}.toml"));
    let keep = |scenario: &str| SCENARIOS.contains(&scenario);
    let text = design::copy(like, &document(&like.path)?, &path, keep)?;
    let text = design::with_schema(&text, "../schema/design.schema.json");
    let text = match &args.script {
        None => text,
        Some(script) => {
            // What is wrong with the script is said before anything is written.
            design::script_rule(script, script, args.call.words())?;
            let script = ScriptName {
                path: seen_from(&args.directory.join("designs"), script)?,
                words: args.call.words(),
            };
            design::with_script(&text, &path, &script)?
        }
    };
    files.push((format!("designs/{name}.toml"), text));
    Ok(files)
}

/// A file's path as seen from a directory that need not be there yet.
fn seen_from(directory: &Path, file: &Path) -> Result<String, Failure> {
    let here = |path: &Path| {
        std::path::absolute(path).map_err(|error| Failure::of_file(path, "has no place", &error))
    };
    let (directory, file) = (here(directory)?, here(file)?);
    let shared = directory.components().zip(file.components());
    let shared = shared.take_while(|(one, other)| one == other).count();
    let up = directory.components().skip(shared).map(|_| "..".to_owned());
    let down = file.components().skip(shared);
    let down = down.map(|part| part.as_os_str().to_string_lossy().into_owned());
    Ok(up.chain(down).collect::<Vec<_>>().join("/"))
}

/// Who publishes the program, in the manifest of one that nobody has published yet.
const NOBODY: &str = "OWNER";

/// Where the action is, and whether that is only known when somebody has published it.
fn action() -> (&'static str, bool) {
    let repository = env!("CARGO_PKG_REPOSITORY");
    let repository = repository
        .strip_prefix("https://github.com/")
        .unwrap_or(repository);
    let owner = repository.split('/').next();
    (repository, owner == Some(NOBODY))
}

/// A workflow that checks the directory, as an action of this version.
fn workflow(directory: &Path) -> String {
    let (repository, is_open) = action();
    let hint = match is_open {
        true => format!("put in who has published it for {NOBODY}, and better a commit"),
        false => "better: the commit of that tag".to_owned(),
    };
    let directory = directory.to_string_lossy();
    // A JSON string is a YAML string, whatever is in it.
    let directory = match shell_word(&directory) == directory {
        true => directory.into_owned(),
        false => serde_json::Value::from(directory).to_string(),
    };
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "# Fails where a verdict is not what the design expects. Written by `freshest init`.\n\
         name: freshest\n\
         on: [push, pull_request]\n\
         \n\
         permissions:\n\
         \x20 contents: read\n\
         \n\
         jobs:\n\
         \x20 freshest:\n\
         \x20   runs-on: ubuntu-latest\n\
         \x20   steps:\n\
         \x20     - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2\n\
         \x20     - uses: {repository}@v{version} # {hint}\n\
         \x20       with:\n\
         \x20         models: {directory}\n"
    )
}

/// What has been written so far.
#[derive(Default)]
struct Written {
    files: Vec<PathBuf>,
    directories: Vec<PathBuf>,
}

impl Written {
    fn all(&mut self, directory: &Path, files: &[(String, String)]) -> Result<(), Failure> {
        self.above(directory)?;
        // Of several programs that do this at once one makes the directory, and fills it.
        fs::create_dir(directory).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => exists(directory),
            _ => Failure::of_file(directory, "cannot be created", &error),
        })?;
        self.directories.push(directory.to_owned());
        files
            .iter()
            .try_for_each(|(below, text)| self.file(&directory.join(below), text))
    }

    fn file(&mut self, path: &Path, text: &str) -> Result<(), Failure> {
        self.above(path)?;
        if !file::create(path, text)? {
            return Err(exists(path));
        }
        self.files.push(path.to_owned());
        Ok(())
    }

    /// Makes the directories above a place that are not there; another program may do so, too.
    fn above(&mut self, place: &Path) -> Result<(), Failure> {
        let folder = place.parent().unwrap_or(Path::new("."));
        let missing = folder.ancestors().take_while(|folder| {
            !folder.as_os_str().is_empty() && folder.symlink_metadata().is_err()
        });
        let missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
        for folder in missing.into_iter().rev() {
            match fs::create_dir(&folder) {
                Ok(()) => self.directories.push(folder),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Failure::of_file(&folder, "cannot be created", &error)),
            }
        }
        Ok(())
    }

    /// Removes it again, as far as that is possible.
    fn undo(&self) {
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        for directory in self.directories.iter().rev() {
            let _ = fs::remove_dir(directory);
        }
    }
}

fn exists(path: &Path) -> Failure {
    let message = format!("{} exists already", path.display());
    Failure::new(message).help("name another directory: freshest init DIR")
}

/// What was written, and what to do next.
fn told(args: &InitArgs, name: &str, has_workflow: bool) -> String {
    let directory = args.directory.display();
    let models = with_models(String::new(), &directory.to_string());
    let workflow = match has_workflow {
        true => format!("{WORKFLOW} is there already, and was left alone\n"),
        false if action().1 => format!(
            "{WORKFLOW}: checks it on every push, as soon as who\n\
             \x20 publishes freshest stands in the place of {NOBODY} there\n"
        ),
        false => format!("{WORKFLOW}: checks it on every push\n"),
    };
    let decides = match &args.script {
        Some(script) => format!("decides by {}", script.display()),
        None => "edit it".to_owned(),
    };
    let scenarios = SCENARIOS.len();
    format!(
        "{directory}/designs/{name}.toml: {decides}, and is {} otherwise\n\
         {directory}/scenarios/: {scenarios} scenarios\n\
         {workflow}\n\
         Next:\n\
         \x20 freshest check --trial{models}\n\
         \x20     its verdicts, and what to expect of it; judges nothing\n\
         \x20 freshest check{models}\n\
         \x20     the gate\n\
         \x20 freshest diff builtin:{} {name}{models}\n\
         \x20     what differs, and the shortest way to see it\n",
        args.like, args.like
    )
}
