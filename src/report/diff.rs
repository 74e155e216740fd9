//! A comparison of designs.

use super::diagram::{draw, mermaid_sequence};
use super::document::{
    Align, Block, Cell, Command, Detail, Document, Line, Screen, Step, Table, name,
};
use super::words::{bound, count};
use crate::design::Design;
use crate::diff::{Apart, ApartStep, Diff, RowDiff, ScenarioDiff, Telling, VerdictDiff};
use crate::property::{Monitored, PropertySet, Verdict};
use crate::scenario::Scenario;
use crate::source::shell_word;
use crate::trace::{EventRecord, WalkError, walk_records};

/// The most scenarios of which each trace is told in text.
const FEW: usize = 2;

/// A sequence diagram of the events that tell two designs apart, as they happen in the second one.
///
/// # Errors
///
/// The events do not happen in this scenario, or the comparator failed.
pub fn diff_diagram(to: &Design, scenario: &Scenario, apart: &Apart) -> Result<String, WalkError> {
    let model = Monitored::new(to.policy, &scenario.setup, PropertySet::NONE);
    let events: Vec<EventRecord> = apart.steps.iter().map(|step| step.event).collect();
    let steps = walk_records(&model, &events)?;
    let titles = apart.steps.iter().map(|step| step.title.as_str());
    let held = apart
        .held
        .iter()
        .map(|held| format!("{}: {}", held.place, held.to));
    let closing = format!("{} now: {}", to.name, held.collect::<Vec<_>>().join("; "));
    Ok(mermaid_sequence(
        &draw(&model, &steps),
        &apart.start,
        titles,
        &closing,
    ))
}

impl Diff {
    /// As text. Of all traces the shortest one is told; of a few scenarios, each.
    pub fn as_text(&self, screen: Screen) -> String {
        let told =
            |scenario: &&ScenarioDiff| self.scenarios.len() <= FEW || self.is_shortest(scenario);
        let mut document = self.beginning();
        for scenario in self.scenarios.iter().filter(told) {
            document.append(self.trace(scenario));
        }
        document.say(self.conclusion());
        document.as_text(screen)
    }

    /// As Markdown: the shortest trace with a diagram, and a command for each of the others.
    pub fn as_markdown(&self, diagram: Option<String>, models: &str) -> String {
        let with_models = |command: String| super::with_models(command, models);
        let title = name(&self.from).plain(" → ").name(&self.to);
        let (from, to) = (shell_word(&self.from), shell_word(&self.to));
        let mut document = Document::from_iter([Block::Title(title)]);
        document.say(self.conclusion());
        document.append(self.beginning());
        let shortest = self
            .scenarios
            .iter()
            .find(|scenario| self.is_shortest(scenario));
        if let Some(scenario) = shortest {
            document.append(self.trace(scenario));
            document.append(diagram.into_iter().map(Block::Mermaid).collect());
        }
        let others = self.scenarios.iter();
        let others = others.filter(|s| s.apart.is_some() && !self.is_shortest(s));
        let command = |scenario: &ScenarioDiff| {
            let scenario = &scenario.scenario;
            Command::plain(with_models(format!(
                "freshest diff {from} {to} --scenario {scenario}"
            )))
        };
        let commands: Vec<Command> = others.map(command).collect();
        if !commands.is_empty() {
            document.add(Block::Fold {
                summary: format!("{} of other scenarios", count(commands.len(), "trace")).into(),
                open: false,
                blocks: vec![Block::Commands(commands)],
            });
        }
        document.as_markdown(&with_models(format!("freshest diff {from} {to}")))
    }

    fn is_shortest(&self, scenario: &ScenarioDiff) -> bool {
        self.shortest.as_ref() == Some(&scenario.scenario)
    }

    /// Everything but traces.
    fn beginning(&self) -> Document {
        let titled = |of: &str, title: &str| name(of).plain(format!(": {title}"));
        let mut document = Document::from_iter([Block::Facts(vec![
            ("from", titled(&self.from, &self.from_title)),
            ("to", titled(&self.to, &self.to_title)),
        ])]);
        document.section("What the designs say", self.says());
        let groups = [
            ("Regressed", self.verdicts(VerdictDiff::is_broken)),
            ("Fixed", self.verdicts(VerdictDiff::is_met)),
            (
                "Other verdicts that differ",
                self.verdicts(|v| !v.is_broken() && !v.is_met()),
            ),
        ];
        let nothing_differs = groups.iter().all(|(_, verdicts)| verdicts.is_empty());
        for (heading, verdicts) in groups {
            if !verdicts.is_empty() {
                document.section(heading, vec![Block::Table(self.verdict_table(&verdicts))]);
            }
        }
        if nothing_differs {
            document.say("No verdict differs.");
        }
        let heading = "Events it takes to tell them apart";
        if self.scenarios.iter().all(|of| of.telling == Telling::Never) {
            let many = count(self.scenarios.len(), "scenario");
            document.section(
                heading,
                vec![Block::Items(vec![format!("never, in {many}").into()])],
            );
            return document;
        }
        let mut table = Table::new([("scenario", Align::Left), ("events", Align::Wrap)]);
        for scenario in &self.scenarios {
            let cells = [
                Cell::from(scenario.scenario.as_str()),
                Cell::from(scenario.told()),
            ];
            table.row(cells);
        }
        document.section(heading, vec![Block::Table(table)]);
        document
    }

    fn says(&self) -> Vec<Block> {
        let mut items: Vec<Line> = Vec::new();
        for field in &self.fields {
            let (was, is) = (&field.was, &field.is);
            items.push(name(&field.field).plain(format!(": {was} -> {is}")));
        }
        for row in &self.rows {
            items.push(row.line());
        }
        if self.rows.is_empty() {
            items.push(match self.fields.is_empty() {
                true => "the same in every row and field".into(),
                false => "every row of the table is decided alike".into(),
            });
        }
        vec![Block::Items(items)]
    }

    fn verdict_table(&self, verdicts: &[(&ScenarioDiff, &VerdictDiff)]) -> Table {
        let mut table = Table::new([
            ("scenario", Align::Left),
            ("property", Align::Left),
            (self.from.as_str(), Align::Left),
            (self.to.as_str(), Align::Left),
        ]);
        for (scenario, verdict) in verdicts {
            table.row([
                Cell::from(scenario.scenario.as_str()),
                Cell::from(name(verdict.property.name())),
                Cell::from(in_words(verdict.was, verdict.was_steps)),
                Cell::from(in_words(verdict.is, verdict.is_steps)),
            ]);
        }
        table
    }

    fn trace(&self, scenario: &ScenarioDiff) -> Document {
        let Some(apart) = &scenario.apart else {
            return Document::default();
        };
        let first = Step {
            number: 0,
            title: apart.start.clone(),
            details: Vec::new(),
        };
        let steps = apart.steps.iter().map(|step| self.step(step));
        let mut held = Table::new([
            ("in the end", Align::Left),
            (self.from.as_str(), Align::Left),
            (self.to.as_str(), Align::Wrap),
        ]);
        for one in &apart.held {
            held.row([&one.place, &one.from, &one.to].map(|text| Cell::from(text.as_str())));
        }
        let heading = Line::from("Distinguishing trace in ").name(&scenario.scenario);
        let mut document = Document::from_iter([Block::Title(heading)]);
        document.add(Block::Steps(std::iter::once(first).chain(steps).collect()));
        document.add(Block::Table(held));
        document
    }

    fn step(&self, step: &ApartStep) -> Step {
        let of = |design: Option<&String>, lines: &[String]| -> Vec<Detail> {
            let detail = |text: &String| Detail {
                design: design.cloned(),
                text: text.clone(),
            };
            lines.iter().map(detail).collect()
        };
        let mut details = of(None, &step.both);
        details.extend(of(Some(&self.from), &step.from));
        details.extend(of(Some(&self.to), &step.to));
        Step {
            number: step.number,
            title: step.title.clone(),
            details,
        }
    }

    /// What it comes to, in a sentence or two.
    fn conclusion(&self) -> String {
        let (from, to) = (&self.from, &self.to);
        if self.fields.is_empty() && self.rows.is_empty() && self.shortest.is_none() {
            return format!(
                "{from} and {to} are the same in every row and field, so they cannot be told apart."
            );
        }
        let broken = self.verdicts(VerdictDiff::is_broken).len();
        let fixed = self.verdicts(VerdictDiff::is_met).len();
        let has = |telling| self.scenarios.iter().any(|s| s.telling == telling);
        let apart = has(Telling::Apart);
        let mut text = match (apart, self.inconclusive) {
            (false, false) if has(Telling::InPassing) => format!(
                "No cache and no cookie ever differs between {from} and {to} in these scenarios, \
                 only seeds and what is under way. "
            ),
            (false, false) => format!(
                "{from} and {to} cannot be told apart in these scenarios: no cache, no \
                 cookie and nothing under way ever differs. "
            ),
            (false, true) => "A bound was hit: whether they differ is not known. ".to_owned(),
            (true, _) => String::new(),
        };
        text += &match broken {
            0 if self.inconclusive => "No claim is known to be lost".to_owned(),
            0 => format!("Nothing that holds in {from} is violated in {to}"),
            1 => format!("1 claim of {from} no longer holds in {to}"),
            count => format!("{count} claims of {from} no longer hold in {to}"),
        };
        text += &match fixed {
            0 => ".".to_owned(),
            1 => "; 1 is fixed.".to_owned(),
            fixed => format!("; {fixed} are fixed."),
        };
        text
    }
}

impl ScenarioDiff {
    /// In a few words.
    fn told(&self) -> String {
        match (self.telling, &self.apart, self.bound) {
            (Telling::Apart, Some(apart), _) => apart.steps.len().to_string(),
            (Telling::InPassing, Some(apart), _) => {
                format!("{}, in what is under way only", apart.steps.len())
            }
            (Telling::Inconclusive, _, Some(hit)) => format!("not known: {}", bound(hit)),
            (Telling::Apart | Telling::InPassing | Telling::Never | Telling::Inconclusive, ..) => {
                "never".to_owned()
            }
        }
    }
}

impl RowDiff {
    /// `row A1 (existing oiat later): existing -> incoming`
    fn line(&self) -> Line {
        let [existing, incoming] = &self.example;
        let (row, when) = (self.row, &self.condition);
        let at = match &self.site {
            Some(site) => format!(" at {site}"),
            None => String::new(),
        };
        let some = match self.differing < self.pairs {
            true => format!(
                "; {} of {}, for example existing {existing}, incoming {incoming}",
                self.differing,
                count(self.pairs, "pair")
            ),
            false => String::new(),
        };
        format!("row {row}{at} ({when}): {} -> {}{some}", self.was, self.is).into()
    }
}

/// `violated (7)`, or `holds`.
fn in_words(verdict: Verdict, steps: Option<u32>) -> String {
    match steps {
        Some(steps) => format!("{verdict} ({steps})"),
        None => verdict.to_string(),
    }
}
