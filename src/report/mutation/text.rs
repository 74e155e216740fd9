//! A mutation report as text, 80 columns wide.

use crate::mutate::{Fate, Mutation};
use crate::property::Property;
use tabled::builder::Builder;
use tabled::settings::object::{Columns, Rows};
use tabled::settings::{Alignment, Modify, Padding, Style};
use textwrap::{Options, fill};

const LEGEND: &str = "\
7        killed: violated where it held or was vacuous, in 7 events at the least
killed   by at least one property
noticed  no property kills it, but a verdict or a length is another
missed   every verdict and length is the same, the behaviour is not: a free
         choice of the design, or a blind spot of the properties
same     every step from every reachable state leads where it led before
unknown  a run was cut short
";

/// The most smallest sets and survivors that are listed one by one; JSON has them all.
const MAX_LISTED: usize = 12;

impl Mutation {
    /// The matrix, what is alive, and the smallest sets of properties.
    pub fn as_text(&self) -> String {
        let mut text = self.headline() + "\n\n";
        text += &match self.tables {
            true => self.scores(),
            false => self.matrix() + "\n" + LEGEND + &self.commands(),
        };
        text += &self.alive();
        text += &self.sets();
        let repeated = (self.results.len() + 1) * self.scenarios.len() - self.runs;
        let runs = format!(
            "{} runs; {repeated} more could only have repeated them, because the rows in which \
             they differ are never asked",
            self.runs
        );
        text + &fill(&runs, 80) + "\n"
    }

    /// One row for each mutant, one column for each property.
    fn matrix(&self) -> String {
        let mut builder = Builder::default();
        let headings = self
            .properties
            .iter()
            .map(|p| p.heading().replace(' ', "\n"));
        let ends = (["mutant".to_owned()], ["fate".to_owned()]);
        builder.push_record(ends.0.into_iter().chain(headings).chain(ends.1));
        for result in &self.results {
            let cell = |property: &Property| {
                let kill = result.kills.iter().find(|kill| kill.property == *property);
                kill.map_or(".".to_owned(), |kill| kill.steps.to_string())
            };
            let cells = self.properties.iter().map(cell);
            let fate = [result.fate.name().to_owned()];
            builder.push_record([result.mutant.clone()].into_iter().chain(cells).chain(fate));
        }
        let last = self.properties.len() + 1;
        let mut table = builder.build();
        table
            .with(Style::empty())
            .with(Padding::new(0, 1, 0, 0))
            .with(Modify::new(Columns::new(1..last)).with(Alignment::right()))
            .with(Modify::new(Rows::first()).with(Alignment::bottom()));
        let table = table.to_string();
        table
            .lines()
            .map(|line| line.trim_end().to_owned() + "\n")
            .collect()
    }

    /// How to see each kill.
    fn commands(&self) -> String {
        let mut text = "\nEach kill as a story, for example:\n".to_owned();
        let killed = || self.results.iter().filter_map(|r| Some((r, r.shortest()?)));
        if let Some((result, kill)) = killed().min_by_key(|(_, kill)| kill.steps) {
            let (design, mutant) = (&self.design, &result.mutant);
            text += &format!("  {} in {}\n", kill.property, kill.scenario);
            text += &format!("  freshest mutate {design} --explain={mutant}\n");
            return text;
        }
        String::new()
    }

    /// What each property kills.
    fn scores(&self) -> String {
        let mut text = format!("{:<30} {:>6} {:>6}\n", "property", "kills", "alone");
        for &property in &self.properties {
            let (kills, alone) = self.score(property);
            text += &format!("{:<30} {kills:>6} {alone:>6}\n", property.name());
        }
        let count = |fate| self.of_fate(fate).count();
        let fates = [
            Fate::Killed,
            Fate::Noticed,
            Fate::Missed,
            Fate::Same,
            Fate::Unknown,
        ];
        let told = fates.into_iter().filter(|&fate| count(fate) > 0);
        let told: Vec<_> = told
            .map(|fate| format!("{} {}", fate.name(), count(fate)))
            .collect();
        text + "\n" + &told.join(", ") + "\n"
    }

    fn alive(&self) -> String {
        let alive: Vec<_> = self
            .results
            .iter()
            .filter(|r| r.fate != Fate::Killed)
            .collect();
        if alive.is_empty() {
            return "\nEvery mutant is killed.\n".to_owned();
        }
        let mut text = "\nNot killed\n".to_owned();
        for result in alive.iter().take(MAX_LISTED) {
            let told = format!(
                "{} ({}): {}",
                result.mutant,
                result.fate.name(),
                result.why_alive()
            );
            let options = Options::new(80)
                .initial_indent("  ")
                .subsequent_indent("    ");
            text += &(fill(&told, options) + "\n");
        }
        if alive.len() > MAX_LISTED {
            text += &format!(
                "  and {} more (see --format json)\n",
                alive.len() - MAX_LISTED
            );
        }
        text
    }

    fn sets(&self) -> String {
        let mut text = String::new();
        if let Some(first) = self.smallest_sets.first() {
            let (count, size) = (self.smallest_sets.len(), first.len());
            text += &format!(
                "\nThe smallest sets of properties that kill all the others ({count} of {size})\n"
            );
        }
        for set in self.smallest_sets.iter().take(MAX_LISTED) {
            let names: Vec<_> = set.iter().map(|property| property.name()).collect();
            let options = Options::new(80)
                .initial_indent("  ")
                .subsequent_indent("    ");
            text += &(fill(&names.join(", "), options) + "\n");
        }
        if self.smallest_sets.len() > MAX_LISTED {
            let more = self.smallest_sets.len() - MAX_LISTED;
            text += &format!("  and {more} more (see --format json)\n");
        }
        text + "\n" + &fill(&self.conclusion(), 80) + "\n"
    }
}
