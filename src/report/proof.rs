//! What is proved of a design.

use super::document::{
    Align, Block, Cell, Command, Detail, Document, Line, Screen, Step, Table, Tone, name,
};
use super::words::number;
use crate::prove::{
    ProofProperty, ProofReport, ProofResult, ProofSummary, ProofVerdict, Story, Tokens,
};

impl ProofReport {
    pub fn as_text(&self, screen: Screen) -> String {
        self.document().as_text(screen)
    }

    pub fn as_markdown(&self) -> String {
        let design = self
            .results
            .first()
            .map_or("DESIGN", |result| &result.design);
        let all = format!("freshest prove {design}{}", self.flag());
        self.document().as_markdown(&self.with_models(all))
    }

    fn document(&self) -> Document {
        let mut document = Document::default();
        if let Some(first) = self.results.first() {
            document.add(Block::Title(
                name(&first.design).plain(format!(": {}", first.title)),
            ));
        }
        // First what is not covered: what comes below would be misread.
        for line in self.not_covered().into_iter().chain(self.obstacles()) {
            document.say(line);
        }
        document.add(Block::Table(self.table()));
        document.add(Block::Items(self.footing()));
        for (result, property) in self.of_verdict(ProofVerdict::Violated) {
            let steps = property.steps.unwrap_or_default();
            let heading = name(property.property.name());
            document.section(
                heading.plain(format!(" is violated in {steps} events")),
                vec![Block::Commands(vec![Command::plain(
                    self.command(result, property),
                )])],
            );
        }
        for (_, property) in self.of_verdict(ProofVerdict::NotProved) {
            let said = "A tab like this violates it. No scenario does, and it may be that no other \
                        tabs bring it about.";
            let heading = name(property.property.name()).plain(" is not proved");
            document.section(heading, vec![Block::Paragraph(said.into())]);
            document.append(property.story.iter().map(told).collect());
        }
        let (tone, line) = self.summary_line();
        document.add(Block::Verdict(tone, line.to_owned()));
        document
    }

    fn table(&self) -> Table {
        let heading = |result: &ProofResult| match result.tokens {
            Tokens::WithOiat => ("every token has oiat", Align::Left),
            Tokens::Mixed => ("tokens may lack oiat", Align::Left),
        };
        let columns = [("property", Align::Left)].into_iter();
        let mut table = Table::new(columns.chain(self.results.iter().map(heading)));
        let names = self.results.first().map_or(&[][..], |r| &r.properties);
        for (row, property) in names.iter().enumerate() {
            let cells = self
                .results
                .iter()
                .filter_map(|r| r.properties.get(row))
                .map(cell);
            let first = Cell::from(name(property.property.name()));
            table.row(std::iter::once(first).chain(cells));
        }
        table
    }

    /// The properties that a proof of one tab that comes and goes is not about.
    fn not_covered(&self) -> Option<String> {
        let of_several: Vec<_> = self
            .of_verdict(ProofVerdict::NotOfOneTab)
            .into_iter()
            .map(|(_, property)| property.property.name())
            .collect();
        let says = self.life && !of_several.is_empty();
        says.then(|| {
            let names = of_several.join(", ");
            format!("Not covered, as they are about several tabs together, or about ends: {names}.")
        })
    }

    /// What the searches did not cover, and why.
    fn obstacles(&self) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for result in &self.results {
            if let Some(obstacle) = &result.obstacle {
                let tokens = result.tokens.meaning();
                lines.push(format!("Inconclusive where {tokens}: {obstacle}."));
            }
        }
        lines
    }

    /// What stands behind the verdicts.
    fn footing(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        if self
            .properties()
            .any(|(_, p)| p.verdict == ProofVerdict::Proved)
        {
            lines.push(
                "proved: for any number of tabs, messages, mints, failures and fetches under way, \
                 and any timestamps"
                    .into(),
            );
            if self.life {
                lines.push(
                    "in any number of sessions, under the keys of two organisations, from opening \
                     to sign-out and beyond"
                        .into(),
                );
            }
            if self.results.iter().any(|r| r.tokens == Tokens::Mixed) {
                lines.push("and whether or not the edge mints from a parent without oiat".into());
            }
            let waiting = self.results.iter().filter_map(|r| r.bounds.waiting).max();
            lines.push(match waiting {
                None => "and any number of broadcasts that wait for a fetch".into(),
                Some(n) => {
                    format!("bound: at most {n} broadcasts wait for one fetch; more might do more")
                        .into()
                }
            });
        }
        let sum = |of: fn(&ProofResult) -> u64| self.results.iter().map(of).sum::<u64>();
        let (states, transitions) = (
            sum(|result| result.states),
            sum(|result| result.transitions),
        );
        if states > 0 {
            let seconds: f64 = self.results.iter().map(|result| result.seconds).sum();
            let (states, transitions) = (number(states), number(transitions));
            lines.push(
                format!(
                    "{states} tabs up to the order of their instants, {transitions} steps, \
                     {seconds:.1} s"
                )
                .into(),
            );
        }
        lines
    }

    /// The last line.
    fn summary_line(&self) -> (Tone, &'static str) {
        match self.summary() {
            ProofSummary::Proved => (Tone::Good, "PROVED: every property of one tab"),
            ProofSummary::Open => (Tone::Open, "UNKNOWN: some properties are not proved"),
            ProofSummary::Violated => (
                Tone::Bad,
                "VIOLATED: some properties, confirmed by scenarios",
            ),
        }
    }

    /// The command that tells a confirmed counterexample, or the story of one tab.
    fn command(&self, result: &ProofResult, property: &ProofProperty) -> String {
        let (design, name) = (&result.design, property.property);
        self.with_models(match &property.confirmed_by {
            Some(scenario) => format!("freshest explain {design} {scenario} {name}"),
            None => format!("freshest prove {design}{} --property {name}", self.flag()),
        })
    }

    const fn flag(&self) -> &'static str {
        match self.life {
            true => " --life",
            false => "",
        }
    }

    fn with_models(&self, command: String) -> String {
        super::with_models(command, &self.models)
    }

    /// Properties of this verdict, each once, though it may be of several kinds of tokens.
    fn of_verdict(&self, verdict: ProofVerdict) -> Vec<(&ProofResult, &ProofProperty)> {
        let mut found: Vec<(&ProofResult, &ProofProperty)> = Vec::new();
        for (result, property) in self.properties().filter(|(_, p)| p.verdict == verdict) {
            let same = |(other, known): &(&ProofResult, &ProofProperty)| {
                (&other.design, known.property, &known.confirmed_by)
                    == (&result.design, property.property, &property.confirmed_by)
            };
            if !found.iter().any(same) {
                found.push((result, property));
            }
        }
        found
    }
}

fn cell(property: &ProofProperty) -> Cell {
    let (text, tone) = match (property.verdict, property.steps) {
        (ProofVerdict::Violated, Some(steps)) => (format!("violated ({steps})"), Tone::Bad),
        (ProofVerdict::Violated, None) => ("violated".to_owned(), Tone::Bad),
        (ProofVerdict::Proved, _) => ("proved".to_owned(), Tone::Good),
        (verdict @ (ProofVerdict::NotProved | ProofVerdict::Inconclusive), _) => {
            (verdict.to_string(), Tone::Open)
        }
        (
            verdict @ (ProofVerdict::Vacuous | ProofVerdict::NotOfOneTab | ProofVerdict::OfLife),
            _,
        ) => (verdict.to_string(), Tone::Faint),
    };
    Cell {
        line: text.into(),
        tone,
    }
}

fn told(story: &Story) -> Block {
    let first = Step {
        number: 0,
        title: story.start.clone(),
        details: Vec::new(),
    };
    let steps = (1..).zip(&story.steps).map(|(number, step)| Step {
        number,
        title: step.title.clone(),
        details: step
            .details
            .iter()
            .map(|text| Detail {
                design: None,
                text: text.clone(),
            })
            .collect(),
    });
    Block::Steps(std::iter::once(first).chain(steps).collect())
}
