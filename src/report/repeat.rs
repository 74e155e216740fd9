//! What to type to get a report again.

use super::summary::with_models;
use crate::catalog::Catalog;
use crate::check::Report;
use crate::explore::{Engine, SymmetryUse};
use crate::property::Property;
use crate::source::shell_word;

/// Of a command with its margin in a terminal of 80 columns.
const MAX_COLUMNS: usize = 76;

impl Report {
    /// The command that gets the same verdicts. Without the models of the report it leaves out what was
    /// selected from them.
    pub fn repeat(&self, catalog: Option<&Catalog>) -> String {
        self.repeat_as("freshest", catalog)
    }

    /// The same command for every table, or, where that would be a long list of names, how to get it.
    pub(super) fn in_full(&self, catalog: Option<&Catalog>) -> String {
        let command = self.repeat_as("freshest --full", catalog);
        match command.chars().count() {
            0..=MAX_COLUMNS => command,
            _ => "the same with --full".to_owned(),
        }
    }

    fn repeat_as(&self, program: &str, catalog: Option<&Catalog>) -> String {
        let mut command = program.to_owned();
        let mut only = |flag: &str, names: Vec<&str>, all: usize| {
            if names.len() < all {
                command += &format!(" --{flag} {}", names.join(","));
            }
        };
        if let Some(catalog) = catalog {
            let is_run = |design: &&_| self.designs().contains(design);
            let of_design = |name: &str| catalog.design(name);
            let designs = catalog.designs.iter().map(|design| &*design.name);
            let designs: Vec<&str> = designs.filter(is_run).collect();
            // A scenario that is of none of their platforms was not left out by whoever asked.
            let run: Vec<_> = designs.iter().filter_map(|name| of_design(name)).collect();
            let scenarios = catalog.scenarios.iter();
            let fitting = scenarios.filter(|scenario| run.iter().any(|d| d.runs_in(scenario)));
            let fitting: Vec<&str> = fitting.map(|scenario| &*scenario.name).collect();
            let checked = self.scenarios();
            let is_checked = |name: &&&str| checked.contains(name);
            let scenarios = fitting.iter().filter(is_checked).copied().collect();
            if self.tried.is_none() {
                only("design", designs, catalog.designs.len());
            }
            only("scenario", scenarios, fitting.len());
        }
        let judged = self.judged();
        let names = judged.iter().map(Property::name).collect();
        only("property", names, Property::ALL.len());
        if let Some(options) = &self.tried {
            command += &format!(" {options}");
        }
        command += &self.ways();
        with_models(command, &self.models)
    }

    fn ways(&self) -> String {
        let mut options = String::new();
        if let Some(states) = self.bounds.max_states {
            options += &format!(" --max-states {states}");
        }
        if let Some(seconds) = self.bounds.time_limit_seconds {
            options += &format!(" --time-limit {seconds}");
        }
        let usual = Engine::default().name();
        if !self.engine.is_empty() && self.engine != usual {
            options += &format!(" --engine {}", shell_word(&self.engine));
        }
        let usual = SymmetryUse::default().name();
        if !self.symmetry.is_empty() && self.symmetry != usual {
            options += &format!(" --symmetry {}", shell_word(&self.symmetry));
        }
        options
    }
}
