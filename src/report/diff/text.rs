//! A comparison of designs as text, 80 columns wide.

use crate::diff::{Apart, Diff, ScenarioDiff, Telling, VerdictDiff};
use crate::property::Verdict;
use crate::report::wrap::fill;

impl Diff {
    /// As text. Of all traces the shortest one is told; of a few scenarios, each.
    pub fn as_text(&self) -> String {
        let (from, to) = (&self.from, &self.to);
        let mut text = fill(&format!("{from}: {}", self.from_title), "from  ", "      ");
        text += &fill(&format!("{to}: {}", self.to_title), "to    ", "      ");
        text += &self.says();
        text += &self.verdicts_text();
        text += &self.tellings_text();
        let told = self.scenarios.iter().filter(|s| self.is_told(s));
        for scenario in told {
            if let Some(apart) = &scenario.apart {
                text += &story(self, scenario, apart);
            }
        }
        text + "\n" + &fill(&self.conclusion(), "", "")
    }

    fn is_told(&self, scenario: &ScenarioDiff) -> bool {
        const FEW: usize = 2;
        self.scenarios.len() <= FEW || self.shortest.as_ref() == Some(&scenario.scenario)
    }

    fn says(&self) -> String {
        let mut text = "\nWhat the designs say\n".to_owned();
        for field in &self.fields {
            text += &fill(
                &format!("{}: {} -> {}", field.field, field.was, field.is),
                "  ",
                "    ",
            );
        }
        for row in &self.rows {
            let [existing, incoming] = &row.example;
            let (name, when) = (&row.row, &row.condition);
            text += &format!("  row {name} ({when}): {} -> {}\n", row.was, row.is);
            if row.differing < row.pairs {
                let (some, all) = (row.differing, row.pairs);
                let example = format!(
                    "{some} of {all} pairs, for example existing {existing}, incoming {incoming}"
                );
                text += &fill(&example, "      ", "      ");
            }
        }
        if self.rows.is_empty() {
            text += "  every row of the table is decided alike\n";
        }
        text
    }

    fn verdicts_text(&self) -> String {
        let groups = [
            ("No longer holds", self.verdicts(VerdictDiff::is_broken)),
            ("Newly met", self.verdicts(VerdictDiff::is_met)),
            (
                "Other verdicts that differ",
                self.verdicts(|v| !v.is_broken() && !v.is_met()),
            ),
        ];
        let mut text = String::new();
        for (heading, verdicts) in groups {
            if verdicts.is_empty() {
                continue;
            }
            text += &format!("\n{heading}\n");
            for (scenario, verdict) in verdicts {
                let (name, property) = (&scenario.scenario, &verdict.property);
                let (was, is) = (verdict.was(), verdict.is());
                text += &fill(&format!("{name}: {property} {was} -> {is}"), "  ", "      ");
            }
        }
        match text.is_empty() {
            true => "\nNo verdict differs\n".to_owned(),
            false => text,
        }
    }

    fn tellings_text(&self) -> String {
        let mut text = "\nHow many events it takes to tell them apart\n".to_owned();
        let width = self.scenarios.iter().map(|s| s.scenario.len()).max();
        let width = width.unwrap_or(0);
        for scenario in &self.scenarios {
            let (name, said) = (&scenario.scenario, scenario.told());
            text += &format!("  {name:width$}  {said}\n");
        }
        text
    }

    /// What it comes to, in a sentence or two.
    pub(super) fn conclusion(&self) -> String {
        let (from, to) = (&self.from, &self.to);
        let broken = self.verdicts(VerdictDiff::is_broken).len();
        let met = self.verdicts(VerdictDiff::is_met).len();
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
        text += &match met {
            0 => ".".to_owned(),
            1 => "; 1 is newly met.".to_owned(),
            met => format!("; {met} are newly met."),
        };
        text
    }
}

impl ScenarioDiff {
    /// In a few words.
    pub(super) fn told(&self) -> String {
        match (self.telling, &self.apart, &self.bound) {
            (Telling::Apart, Some(apart), _) => apart.steps.len().to_string(),
            (Telling::InPassing, Some(apart), _) => {
                format!("{}, in what is under way only", apart.steps.len())
            }
            (Telling::Inconclusive, _, Some(bound)) => format!("not known: {bound}"),
            _ => "never".to_owned(),
        }
    }
}

impl VerdictDiff {
    /// `violated (7)`, or `holds`.
    pub(super) fn was(&self) -> String {
        in_words(self.was, self.was_steps)
    }

    /// The same of the second design.
    pub(super) fn is(&self) -> String {
        in_words(self.is, self.is_steps)
    }
}

fn in_words(verdict: Verdict, steps: Option<u32>) -> String {
    match steps {
        Some(steps) => format!("{verdict} ({steps})"),
        None => verdict.to_string(),
    }
}

fn story(diff: &Diff, scenario: &ScenarioDiff, apart: &Apart) -> String {
    let (from, to) = (&diff.from, &diff.to);
    let mut text = format!("\nTold apart in {}\n", scenario.scenario);
    text += &fill(&apart.start, "  0. ", "     ");
    for step in &apart.steps {
        text += &fill(&step.title, &format!("{:>3}. ", step.number), "     ");
        for line in &step.both {
            text += &fill(line, "       - ", "         ");
        }
        for (design, lines) in [(from, &step.from), (to, &step.to)] {
            if !lines.is_empty() {
                text += &format!("       {design}:\n");
            }
            for line in lines {
                text += &fill(line, "         - ", "           ");
            }
        }
    }
    for held in &apart.held {
        let place = &held.place;
        text += &format!("\n  {place}\n");
        let width = from.len().max(to.len());
        for (design, what) in [(from, &held.from), (to, &held.to)] {
            let first = format!("    {design:width$}  ");
            text += &fill(what, &first, &" ".repeat(first.len()));
        }
    }
    text
}
