//! Whether a receipt adds up in itself: what it says has to follow from what it lists.

use super::{Hashed, RECEIPT, Receipt, RunReceipt, Totals, VerdictReceipt};
use crate::catalog::BUILTIN;
use crate::check::{Agreement, Bounds, Share};
use crate::explore::{Bound, Engine, SymmetryUse};
use crate::property::{Property, PropertySet, Verdict};
use crate::source::is_name;
use std::collections::BTreeSet;
use std::time::Duration;

impl Receipt {
    /// Whether the receipt can be one that was written: every run of its selection is there once, every
    /// verdict of every run, sums and hashes are those of what they are about, and the gate's outcome
    /// is what the verdicts come to.
    ///
    /// # Errors
    ///
    /// The first thing that does not add up, in words.
    pub fn check(&self) -> Result<(), String> {
        self.check_program()?;
        self.check_selection()?;
        self.check_files()?;
        self.check_runs()?;
        let totals = Totals::of(&self.runs).ok_or("its sums are too large")?;
        if totals != self.totals {
            return Err(format!(
                "its totals do not add up: it says {}, and its runs come to {totals}",
                self.totals
            ));
        }
        let gate = self.outcome();
        if gate != self.gate {
            return Err(format!(
                "its gate says `{}`, which does not follow from its verdicts: they come to `{}`",
                self.gate.name(),
                gate.name()
            ));
        }
        if self.digest != self.digest_of_the_rest() {
            return Err("its digest is not that of the rest: it was changed".to_owned());
        }
        Ok(())
    }

    fn check_program(&self) -> Result<(), String> {
        if self.receipt != RECEIPT {
            return Err(format!("version {} is not known", self.receipt));
        }
        if Engine::from_name(&self.engine).is_none() {
            return Err(format!("there is no engine `{}`", self.engine));
        }
        if SymmetryUse::from_name(&self.symmetry).is_none() {
            return Err(format!("there is no symmetry `{}`", self.symmetry));
        }
        if !["directory", BUILTIN].contains(&self.read_from.as_str()) {
            return Err(format!("models are not read from `{}`", self.read_from));
        }
        let bounds = [self.bounds.max_states, self.bounds.memory_limit_bytes];
        if bounds.contains(&Some(0)) || self.bounds.time_limit_seconds.is_some_and(|s| s <= 0.0) {
            return Err("a bound of nothing".to_owned());
        }
        Ok(())
    }

    fn check_selection(&self) -> Result<(), String> {
        for (what, names) in [("designs", &self.designs), ("scenarios", &self.scenarios)] {
            if names.is_empty() {
                return Err(format!("it names no {what}"));
            }
            if let Some(name) = repeated(names.iter()) {
                return Err(format!("`{name}` is twice among its {what}"));
            }
            // A design that names distances has one behind its name.
            let file = |name: &String| name.split('@').next().unwrap_or_default().to_owned();
            if let Some(name) = names.iter().find(|name| !is_name(&file(name))) {
                return Err(format!("`{name}` is no name of {what}"));
            }
        }
        let ordered: PropertySet = self.properties.iter().copied().collect();
        if self.properties.is_empty() || !ordered.iter().eq(self.properties.iter().copied()) {
            return Err("its properties are none, or not each once in their order".to_owned());
        }
        let counts = [
            ("designs", self.extent.designs, self.designs.len()),
            ("scenarios", self.extent.scenarios, self.scenarios.len()),
            ("properties", self.extent.properties, self.properties.len()),
        ];
        for (what, Share { checked, of }, listed) in counts {
            if checked != listed || of < checked {
                return Err(format!(
                    "it says {checked} of {of} {what}, and names {listed}"
                ));
            }
        }
        Ok(())
    }

    fn check_files(&self) -> Result<(), String> {
        for (part, hashed) in [("models", &self.models), ("comparator", &self.comparator)] {
            if let Some(path) = repeated(hashed.files.iter().map(|file| &file.path)) {
                return Err(format!("{part}: `{path}` is listed twice"));
            }
            let is_hash = |text: &str| {
                text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
            };
            if let Some(file) = hashed.files.iter().find(|file| !is_hash(&file.sha256)) {
                return Err(format!("{part}: the hash of `{}` is no SHA-256", file.path));
            }
            if *hashed != Hashed::new(hashed.files.clone()) {
                return Err(format!(
                    "{part}: its hash is not that of the files it lists"
                ));
            }
            if hashed.files.is_empty() {
                return Err(format!("{part}: it lists no file"));
            }
        }
        let file = |kind: &str, name: &String| {
            let name = name.split('@').next().unwrap_or_default();
            format!("{kind}/{name}.toml")
        };
        let designs = self.designs.iter().map(|name| file("designs", name));
        let scenarios = self.scenarios.iter().map(|name| file("scenarios", name));
        let wanted: BTreeSet<String> = designs.chain(scenarios).collect();
        if let Some(path) = wanted.iter().find(|path| self.models.file(path).is_none()) {
            return Err(format!("models: the hash of `{path}` is missing"));
        }
        let is_model = |path: &str| path.ends_with(".toml");
        let mut listed = self.models.files.iter().map(|file| &file.path);
        match listed.find(|path| is_model(path) && !wanted.contains(*path)) {
            Some(path) => Err(format!(
                "models: `{path}` is none of its designs or scenarios"
            )),
            None => Ok(()),
        }
    }

    fn check_runs(&self) -> Result<(), String> {
        let mut runs = self.runs.iter();
        let mut not_run = self.not_run.iter().peekable();
        for design in &self.designs {
            for scenario in &self.scenarios {
                let wanted = super::pair(design, scenario);
                if not_run.next_if_eq(&&wanted).is_some() {
                    continue;
                }
                let Some(run) = runs.next() else {
                    return Err(format!("the run of {wanted} is missing"));
                };
                if (&run.design, &run.scenario) != (design, scenario) {
                    let found = format!("{} in {}", run.design, run.scenario);
                    return Err(format!(
                        "the run of {found} is where that of {wanted} should be"
                    ));
                }
                run.check(&self.properties, &self.bounds)
                    .map_err(|error| format!("{wanted}: {error}"))?;
            }
        }
        if let Some(pair) = not_run.next() {
            return Err(format!(
                "`not_run`: {pair} is none of its designs and scenarios, or not in their order"
            ));
        }
        match runs.next() {
            Some(run) => Err(format!(
                "the run of {} in {} is one too many",
                run.design, run.scenario
            )),
            None => Ok(()),
        }
    }

    /// What the gate says where these are the verdicts.
    fn outcome(&self) -> Agreement {
        let verdicts = || self.runs.iter().flat_map(|run| &run.verdicts);
        let has_checked = verdicts().any(|one| one.verdict.says_something());
        Agreement::of_all(verdicts().map(VerdictReceipt::agreement), has_checked)
    }
}

impl RunReceipt {
    fn check(&self, properties: &[Property], bounds: &Bounds) -> Result<(), String> {
        if let Some(bound) = self.bound.filter(|bound| !is_one_of(bound, bounds)) {
            return Err(format!("{bound}, which is none of its bounds"));
        }
        let judged = self.verdicts.iter().map(|one| one.property);
        if !judged.eq(properties.iter().copied()) {
            return Err("its verdicts are not one for each property, in their order".to_owned());
        }
        if self.states == 0 && self.bound.is_none() {
            return Err("there is always a first state".to_owned());
        }
        for one in &self.verdicts {
            let property = one.property;
            let open = match (one.verdict, self.bound) {
                (Verdict::Holds | Verdict::Vacuous, Some(_)) => Some("a run that hit a bound"),
                (Verdict::Inconclusive, None) => Some("a run that hit no bound"),
                (Verdict::Holds | Verdict::Vacuous, None)
                | (Verdict::Inconclusive, Some(_))
                | (Verdict::Violated, _) => None,
            };
            if let Some(run) = open {
                return Err(format!("{property} cannot be {} in {run}", one.verdict));
            }
            let is_violated = |verdict| verdict == Verdict::Violated;
            if one.steps.is_some() != is_violated(one.verdict) || one.steps == Some(0) {
                return Err(format!(
                    "{property}: a violation, and nothing else, has a length"
                ));
            }
            if one.expected == Verdict::Inconclusive
                || one.expected_steps.is_some() && !is_violated(one.expected)
            {
                return Err(format!("{property}: nobody can expect that"));
            }
        }
        Ok(())
    }
}

/// Whether a run within these bounds can have ended at this one.
fn is_one_of(bound: &Bound, bounds: &Bounds) -> bool {
    match *bound {
        Bound::States(states) => bounds.max_states == Some(states),
        Bound::Memory(bytes) => bounds.memory_limit_bytes == Some(bytes),
        Bound::Time(time) => {
            let limit = bounds.time_limit_seconds.map(Duration::try_from_secs_f64);
            limit == Some(Ok(time))
        }
        Bound::Stored(_) | Bound::Interrupted => true,
    }
}

/// The first that was there before.
fn repeated<'a>(names: impl Iterator<Item = &'a String>) -> Option<&'a str> {
    let mut seen = BTreeSet::new();
    names.map(String::as_str).find(|name| !seen.insert(*name))
}
