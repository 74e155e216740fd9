//! What the page's script is given: the results, the names, and the traces as they are drawn.

use crate::check::Report;
use crate::report::diagram::{Decision, LEGEND, Mark, Sequence, Shape, Snapshot, marks};
use crate::report::{List, ReportBundle, Story};
use serde::Serialize;
use std::fmt::Write as _;

/// Height of the strip with the names of the lanes.
const HEADS: f64 = 30.0;

/// Everything that the script reads.
#[derive(Serialize)]
pub(crate) struct Data<'a> {
    report: &'a Report,
    list: &'a List,
    /// How to read the arrows.
    legend: &'static str,
    /// Unless they come later.
    #[serde(skip_serializing_if = "Option::is_none")]
    stories: Option<Vec<Told<'a>>>,
}

/// A counterexample.
#[derive(Serialize)]
pub(crate) struct Told<'a> {
    design: &'a str,
    scenario: &'a str,
    property: &'static str,
    trace: Trace<'a>,
}

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
    /// What a page has that gets its traces later.
    pub(crate) fn without_traces(bundle: &'a ReportBundle) -> Data<'a> {
        Data {
            report: &bundle.report,
            list: &bundle.list,
            legend: LEGEND,
            stories: None,
        }
    }

    pub(crate) fn new(bundle: &'a ReportBundle) -> Data<'a> {
        Data {
            stories: Some(told(&bundle.stories)),
            ..Data::without_traces(bundle)
        }
    }
}

/// The counterexamples.
pub(crate) fn told(stories: &[Story]) -> Vec<Told<'_>> {
    stories.iter().map(Told::new).collect()
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
    let bands = marks.rows.iter().map(|&(top, height)| Band {
        height: (top + height).round() - top.round(),
        marks: String::new(),
    });
    let mut bands: Vec<Band> = bands.collect();
    let mut across = String::new();
    for mark in &marks.marks {
        let Some(upper) = mark.top() else {
            line(&mut across, mark, 0.0);
            continue;
        };
        // What stands above or below all rows is in none.
        let below = marks.rows.partition_point(|&(top, _)| top <= upper);
        if let Some(row) = below.checked_sub(1) {
            let (top, height) = marks.rows[row];
            if upper < top + height {
                line(&mut bands[row].marks, mark, top.round());
            }
        }
    }
    let mut heads = String::new();
    for mark in &marks.heads {
        line(&mut heads, mark, 0.0);
    }
    Drawing {
        width: shape.width,
        top: HEADS,
        heads,
        rows: bands,
        across,
    }
}

/// Adds a mark as a line, so many pixels higher.
fn line(to: &mut String, mark: &Mark, by: f64) {
    if !to.is_empty() {
        to.push('\n');
    }
    // A string takes whatever is written.
    let _ = write!(to, "{}", mark.raised(by));
}
