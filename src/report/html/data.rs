//! What the page's script is given: the results, the names, and the traces as they are drawn.

use crate::check::Report;
use crate::report::diagram::{Decision, LEGEND, Mark, Sequence, Shape, Snapshot, marks};
use crate::report::{List, ReportBundle, Story};
use serde::Serialize;

/// Height of the strip with the names of the lanes.
const HEADS: f64 = 30.0;

/// Everything that the script reads.
#[derive(Serialize)]
pub struct Data<'a> {
    report: &'a Report,
    list: &'a List,
    /// How to read the arrows.
    legend: &'static str,
    stories: Vec<Told<'a>>,
}

/// A counterexample.
#[derive(Serialize)]
struct Told<'a> {
    design: &'a str,
    scenario: &'a str,
    property: &'static str,
    trace: Trace<'a>,
}

/// What is read only when it is looked at.
#[derive(Serialize)]
struct Trace<'a> {
    start: &'a str,
    held: &'a Snapshot,
    steps: Vec<Step<'a>>,
    moment: &'a [String],
    advice: Option<&'a str>,
    wide: Drawing,
    narrow: Drawing,
}

#[derive(Serialize)]
struct Step<'a> {
    title: &'a str,
    details: &'a [String],
    decisions: &'a [Decision],
    held: &'a Snapshot,
}

/// A diagram in one shape. Each mark is a line: [`Mark`] says how.
#[derive(Serialize)]
struct Drawing {
    width: f64,
    top: f64,
    heads: String,
    rows: Vec<Band>,
    /// What goes from one row to another.
    across: String,
}

/// A row. Its marks are placed from its upper edge, so that equal steps of many traces are equal.
#[derive(Serialize)]
struct Band {
    height: f64,
    marks: String,
}

impl<'a> Data<'a> {
    pub fn new(bundle: &'a ReportBundle) -> Data<'a> {
        Data {
            report: &bundle.report,
            list: &bundle.list,
            legend: LEGEND,
            stories: bundle.stories.iter().map(Told::new).collect(),
        }
    }
}

impl<'a> Told<'a> {
    fn new(story: &'a Story) -> Told<'a> {
        Told {
            design: &story.design,
            scenario: &story.scenario,
            property: story.property.name(),
            trace: Trace::new(story),
        }
    }
}

impl<'a> Trace<'a> {
    fn new(story: &'a Story) -> Trace<'a> {
        let titles = story.titles();
        let moments = story.steps.iter().zip(&story.diagram.steps);
        Trace {
            start: &story.start,
            held: &story.diagram.start,
            steps: moments
                .map(|(step, moment)| Step {
                    title: &step.title,
                    details: &step.details,
                    decisions: &moment.decisions,
                    held: &moment.after,
                })
                .collect(),
            moment: &story.moment,
            advice: story.advice.as_deref(),
            wide: drawing(&story.diagram, &titles, Shape::PAGE),
            narrow: drawing(&story.diagram, &titles, Shape::PHONE),
        }
    }
}

fn drawing(sequence: &Sequence, titles: &[String], shape: Shape) -> Drawing {
    let marks = marks(sequence, titles, HEADS, shape);
    let rows = marks.rows.iter().map(|&(top, height)| {
        let within = |mark: &&Mark| {
            let upper = mark.top();
            upper.is_some_and(|upper| (top..top + height).contains(&upper))
        };
        Band {
            height: (top + height).round() - top.round(),
            marks: lines(
                marks
                    .marks
                    .iter()
                    .filter(within)
                    .map(|mark| mark.raised(top.round())),
            ),
        }
    });
    Drawing {
        width: shape.width,
        top: HEADS,
        heads: lines(marks.heads.iter().cloned()),
        rows: rows.collect(),
        across: lines(
            marks
                .marks
                .iter()
                .filter(|mark| mark.top().is_none())
                .cloned(),
        ),
    }
}

fn lines(marks: impl Iterator<Item = Mark>) -> String {
    let lines: Vec<String> = marks.map(|mark| mark.to_string()).collect();
    lines.join("\n")
}
