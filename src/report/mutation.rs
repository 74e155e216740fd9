//! What became of a design's mutants.

use super::document::{Align, Block, Cell, Command, Document, Line, Screen, Table, Tone, name};
use super::words::{count, number};
use crate::mutate::{Fate, KillResult, MutantResult, Mutation, ShiftResult};
use crate::property::{Property, Verdict};

/// The most smallest sets and survivors that are listed one by one; JSON has them all.
const MAX_LISTED: usize = 12;

impl Mutation {
    /// The matrix, what is alive, and the smallest sets of properties, as text.
    pub fn as_text(&self, screen: Screen) -> String {
        self.document().as_text(screen)
    }

    pub fn as_markdown(&self) -> String {
        let tables = if self.tables { " --tables" } else { "" };
        let all = format!("freshest mutate {}{tables} --format json", self.design);
        self.document().as_markdown(&all)
    }

    fn document(&self) -> Document {
        let mut document = Document::from_iter([Block::Title(self.headline().into())]);
        if self.tables {
            document.add(Block::Table(self.scores()));
            let fates = FATES
                .into_iter()
                .map(|fate| (fate, self.of_fate(fate).count()));
            let told = fates.filter(|(_, count)| *count > 0);
            let told = told.map(|(fate, count)| format!("{} {count}", fate.name()));
            document.say(told.collect::<Vec<_>>().join(", "));
        } else {
            document.add(Block::Table(self.matrix()));
            document.add(legend());
            document.section("Each kill as a story, for example", self.commands());
        }
        document.append(self.alive());
        document.append(self.sets());
        document.say(self.conclusion());
        let repeated = (self.results.len() + 1) * self.scenarios.len() - self.runs;
        document.say(format!(
            "{}; {} more could only have repeated them, because the rows in which they differ are \
             never asked",
            count(self.runs, "run"),
            number(repeated as u64)
        ));
        document
    }

    /// One row for each mutant, one column for each property.
    fn matrix(&self) -> Table {
        let headings = self.properties.iter().map(|p| (p.heading(), Align::Right));
        let columns = [("mutant", Align::Left)].into_iter().chain(headings);
        let mut table = Table::new(columns.chain([("fate", Align::Left)]));
        for result in &self.results {
            let cell = |property: &Property| {
                let kill = result.kills.iter().find(|kill| kill.property == *property);
                Cell::from(kill.map_or(".".to_owned(), |kill| kill.steps.to_string()))
            };
            let mutant = Cell::from(name(&result.mutant));
            let fate = Cell {
                line: result.fate.name().into(),
                tone: tone(result.fate),
            };
            let cells = self.properties.iter().map(cell);
            table.row(std::iter::once(mutant).chain(cells).chain([fate]));
        }
        table
    }

    /// What each property kills.
    fn scores(&self) -> Table {
        let mut table = Table::new([
            ("property", Align::Left),
            ("kills", Align::Right),
            ("alone", Align::Right),
        ]);
        for &property in &self.properties {
            let (kills, alone) = self.score(property);
            table.row([
                Cell::from(name(property.name())),
                Cell::from(kills.to_string()),
                Cell::from(alone.to_string()),
            ]);
        }
        table
    }

    /// How to see each kill.
    fn commands(&self) -> Vec<Block> {
        let killed = self.results.iter().filter_map(|r| Some((r, r.shortest()?)));
        let shortest = killed.min_by_key(|(_, kill)| kill.steps);
        let Some((result, kill)) = shortest else {
            return Vec::new();
        };
        let (design, mutant, scenario) = (&self.design, &result.mutant, &kill.scenario);
        let command = format!("freshest mutate {design} --explain={mutant} --scenario {scenario}");
        vec![Block::Commands(vec![Command::plain(command)])]
    }

    fn alive(&self) -> Document {
        let alive: Vec<_> = self
            .results
            .iter()
            .filter(|r| r.fate != Fate::Killed)
            .collect();
        let mut document = Document::default();
        if alive.is_empty() {
            document.say("Every mutant is killed.");
            return document;
        }
        let told = alive.iter().take(MAX_LISTED).map(|result| {
            let fate = result.fate.name();
            name(&result.mutant).plain(format!(" ({fate}): {}", result.why_alive()))
        });
        let mut items: Vec<Line> = told.collect();
        if alive.len() > MAX_LISTED {
            let more = alive.len() - MAX_LISTED;
            items.push(format!("and {more} more (see --format json)").into());
        }
        document.section("Not killed", vec![Block::Items(items)]);
        document
    }

    fn sets(&self) -> Document {
        let mut document = Document::default();
        let Some(first) = self.smallest_sets.first() else {
            return document;
        };
        let told = self.smallest_sets.iter().take(MAX_LISTED).map(|set| {
            let names: Vec<_> = set.iter().map(|property| property.name()).collect();
            Line::from(names.join(", "))
        });
        let mut items: Vec<Line> = told.collect();
        if self.smallest_sets.len() > MAX_LISTED {
            let more = self.smallest_sets.len() - MAX_LISTED;
            items.push(format!("and {more} more (see --format json)").into());
        }
        let heading = format!(
            "The smallest sets of properties that kill all the others ({} of {})",
            self.smallest_sets.len(),
            first.len()
        );
        document.section(heading, vec![Block::Items(items)]);
        document
    }

    /// How many mutants a property kills, and how many of these no other does.
    fn score(&self, property: Property) -> (usize, usize) {
        let kills = |result: &&MutantResult| result.kills.iter().any(|k| k.property == property);
        let killed: Vec<_> = self.results.iter().filter(kills).collect();
        let alone = killed.iter().filter(|result| result.kills.len() == 1);
        (killed.len(), alone.count())
    }

    /// `pr-8097: 20 mutants in 27 scenarios`
    fn headline(&self) -> String {
        let what = if self.tables {
            "other rule table"
        } else {
            "mutant"
        };
        let (mutants, scenarios) = (self.results.len(), self.scenarios.len());
        let (mutants, scenarios) = (count(mutants, what), count(scenarios, "scenario"));
        format!("{}: {mutants} in {scenarios}", self.design)
    }

    /// What is left in the end, in one sentence.
    fn conclusion(&self) -> String {
        let what = if self.tables { "table" } else { "policy" };
        let design = &self.design;
        if !self.is_conclusive() {
            return "Some runs were cut short, so nothing follows about sets of properties.".into();
        }
        match self.survivors.len() {
            0 => format!("Under each of these sets the {what} of {design} is the only survivor."),
            1 => format!(
                "No set of properties singles out the {what} of {design}: one other survives all of \
                 them."
            ),
            count => format!(
                "No set of properties singles out the {what} of {design}: {count} others survive \
                 all of them."
            ),
        }
    }
}

const FATES: [Fate; 5] = [
    Fate::Killed,
    Fate::Noticed,
    Fate::Missed,
    Fate::Same,
    Fate::Unknown,
];

fn legend() -> Block {
    let meanings = [
        (
            "7",
            "killed: violated where it held or was vacuous, in 7 events at the least",
        ),
        ("killed", "by at least one property"),
        (
            "noticed",
            "no property kills it, but a verdict or a length is another",
        ),
        (
            "missed",
            "every verdict and length is the same, the behaviour is not: a free choice of the \
             design, or a blind spot of the properties",
        ),
        (
            "same",
            "every step from every reachable state leads where it led before",
        ),
        ("unknown", "a run was cut short"),
    ];
    Block::Facts(
        meanings
            .map(|(what, meaning)| (what, meaning.into()))
            .into(),
    )
}

const fn tone(fate: Fate) -> Tone {
    match fate {
        Fate::Killed => Tone::Good,
        Fate::Noticed => Tone::Known,
        Fate::Missed => Tone::Plain,
        Fate::Same => Tone::Faint,
        Fate::Unknown => Tone::Open,
    }
}

impl MutantResult {
    /// The kill with the fewest events.
    fn shortest(&self) -> Option<&KillResult> {
        self.kills.iter().min_by_key(|kill| kill.steps)
    }

    /// Why it is not killed, in words.
    fn why_alive(&self) -> String {
        match self.fate {
            Fate::Killed => String::new(),
            Fate::Noticed => match self.shifts.as_slice() {
                [] => String::new(),
                [first, rest @ ..] => {
                    let more = match rest.len() {
                        0 => String::new(),
                        more => format!(", and {more} more"),
                    };
                    format!("nothing is worse, but {}{more}", first.in_words())
                }
            },
            Fate::Missed => "every verdict and length is the same, the behaviour is not".into(),
            Fate::Same => "every step from every reachable state leads where it led".into(),
            Fate::Unknown => "a run was cut short".into(),
        }
    }
}

impl ShiftResult {
    /// `seed-is-not-stale in r3: violated in 9 -> holds`
    fn in_words(&self) -> String {
        let told = |verdict: Verdict, steps: Option<usize>| match steps {
            Some(steps) => format!("{verdict} in {steps}"),
            None => verdict.to_string(),
        };
        let before = told(self.before, self.steps_before);
        let after = told(self.after, self.steps_after);
        let (property, scenario) = (self.property, &self.scenario);
        format!("{property} in {scenario}: {before} -> {after}")
    }
}
