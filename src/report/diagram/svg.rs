//! A story as a picture that stands alone.

use super::layout::{LINE, Shape, wrap};
use super::marks::{Mark, Marks, marks};
use super::sequence::Sequence;
use crate::report::Story;
use crate::trace::Claim;
use std::fmt::Write;

const WIDTH: f64 = Shape::PICTURE.width;

/// Height of the headings above the lanes.
const HEADER: f64 = 96.0;

/// How to read the arrows.
pub(crate) const LEGEND: &str = "solid: request, post, cookie write · dashed: answer, broadcast on its way · \
                      slope: time under way · cross: lost, failed or turned away";

/// The style: light or dark as the reader prefers, and no colour that is the only signal.
const STYLE: &str = "\
text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:#1b1f24}
.title{font-size:16px;font-weight:600}.strong{font-weight:600}.faint{fill:#57606a}
.page{fill:#fff}.row{fill:#f6f8fa}.last{fill:#fff1ef}.lane{stroke:#b4bdc7}.gone{stroke-dasharray:1 4}
.arrow{stroke:#3d4752;stroke-width:1.5;fill:none}.head{fill:#3d4752;stroke:none}
.flight{stroke-dasharray:6 4}.cross{stroke:#b3261e;stroke-width:2.2;fill:none}
.box{stroke:#6e7781;fill:#fff}.holds{fill:#ddf4ff;stroke:#0a5fb4}.minted{fill:#e6f6e6;stroke:#1a7f37}
.passes{fill:#fff;stroke:#1a7f37;stroke-width:2}.stops{fill:#ffe9e6;stroke:#b3261e;stroke-dasharray:4 2}
.halo{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
.violated{fill:#a40e26;font-weight:600}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.faint{fill:#9aa4af}.page{fill:#0d1117}
.row{fill:#161b22}.last{fill:#3a1418}.lane{stroke:#59626c}.arrow{stroke:#b6c2cf}.head{fill:#b6c2cf}
.cross{stroke:#ff7b72}.box{stroke:#9aa4af;fill:#0d1117}.holds{fill:#0c2d4d;stroke:#58a6ff}
.minted{fill:#0f2f1a;stroke:#3fb950}.passes{fill:#0d1117;stroke:#3fb950}
.stops{fill:#42161a;stroke:#ff7b72}.halo{stroke:#0d1117}.violated{fill:#ff9d97}}";

/// What a picture shows beside the lanes.
pub struct Picture<'a> {
    /// What is drawn.
    pub sequence: &'a Sequence,
    /// What is told of the start, and of each step.
    pub titles: &'a [String],
    /// What the picture is called where it cannot be seen.
    pub name: String,
    /// Above it.
    pub heading: String,
    /// Below the heading.
    pub lines: [String; 2],
    /// Below the picture.
    pub mark: String,
    /// What the last step does.
    pub moment: &'a [String],
}

/// Draws a story.
pub fn svg(story: &Story) -> String {
    let titles = story.titles();
    let (verdict, mark) = match story.claim {
        Claim::Violated => ("is violated", "VIOLATED"),
        Claim::Witnessed => ("is not violated; the shortest opportunity", "OPPORTUNITY"),
    };
    picture(&Picture {
        sequence: &story.diagram,
        titles: &titles,
        name: format!("{} in {}: {}", story.design, story.scenario, story.property),
        heading: format!("{} {verdict}", story.property),
        lines: [
            format!("design {}: {}", story.design, story.design_title),
            format!("scenario {}: {}", story.scenario, story.scenario_title),
        ],
        mark: format!("{mark} in step {}", story.steps.len()),
        moment: &story.moment,
    })
}

/// Draws a picture.
pub fn picture(of: &Picture<'_>) -> String {
    let Picture {
        sequence, titles, ..
    } = of;
    let marks = marks(sequence, titles, HEADER, Shape::PICTURE);
    let mut body = String::new();
    rows(&mut body, &marks);
    for mark in marks.marks.iter().chain(&marks.heads) {
        draw(&mut body, mark);
    }
    header(&mut body, of);
    let height = footer(&mut body, of, marks.lower);
    let name = escape(&of.name);
    let told: Vec<_> = titles
        .iter()
        .enumerate()
        .map(|(n, t)| format!("{n}. {t}."))
        .collect();
    let told = escape(&told.join(" "));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-labelledby=\"name told\">\n\
         <title id=\"name\">{name}</title>\n<desc id=\"told\">{told}</desc>\n\
         <style>{STYLE}</style>\n<rect class=\"page\" width=\"{WIDTH}\" height=\"{height}\"/>\n\
         {body}</svg>\n"
    )
}

/// Makes text safe between tags and in attributes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            character => escaped.push(character),
        }
    }
    escaped
}

fn text(out: &mut String, (x, y): (f64, f64), class: &str, anchor: &str, line: &str) {
    let line = escape(line);
    // Writing to a string cannot fail; so everywhere below.
    let _ = writeln!(
        out,
        "<text x=\"{x:.0}\" y=\"{y:.0}\" class=\"{class}\" text-anchor=\"{anchor}\">{line}</text>"
    );
}

fn header(out: &mut String, of: &Picture<'_>) {
    text(out, (16.0, 26.0), "title", "start", &of.heading);
    let [first, second] = &of.lines;
    text(out, (16.0, 45.0), "faint", "start", first);
    text(out, (16.0, 62.0), "faint", "start", second);
}

/// Bands behind the steps.
fn rows(out: &mut String, marks: &Marks) {
    for (number, (top, height)) in marks.rows.iter().enumerate() {
        let class = match number {
            _ if number + 1 == marks.rows.len() => "last",
            _ if number % 2 == 0 => "row",
            _ => "page",
        };
        let _ = writeln!(
            out,
            "<rect class=\"{class}\" y=\"{top:.0}\" width=\"{WIDTH}\" height=\"{height:.0}\"/>"
        );
    }
}

fn draw(out: &mut String, mark: &Mark) {
    // Writing to a string cannot fail.
    let _ = match mark {
        Mark::Rect {
            class,
            x,
            y,
            width,
            height,
        } => writeln!(
            out,
            "<rect class=\"{class}\" x=\"{x:.0}\" y=\"{y:.0}\" width=\"{width:.0}\" \
             height=\"{height:.0}\" rx=\"4\"/>"
        ),
        Mark::Line {
            class,
            from: (x1, y1),
            to: (x2, y2),
        } => writeln!(
            out,
            "<line class=\"{class}\" x1=\"{x1:.0}\" y1=\"{y1:.0}\" x2=\"{x2:.0}\" y2=\"{y2:.0}\"/>"
        ),
        Mark::Text {
            class,
            x,
            y,
            anchor,
            text: line,
        } => {
            text(out, (*x, *y), class, anchor, line);
            Ok(())
        }
        Mark::Tip {
            arrives,
            x,
            y,
            turn,
        } => {
            let mark = match arrives {
                true => "<path class=\"head\" d=\"M0 0L-10-4.5V4.5Z\"",
                false => "<path class=\"cross\" d=\"M-14-5L-4 5M-14 5L-4-5\"",
            };
            let place = format!("translate({x:.0} {y:.0}) rotate({turn:.1})");
            writeln!(out, "{mark} transform=\"{place}\"/>")
        }
    };
}

/// What the last step did, and how to read the arrows. Returns the height of the whole drawing.
fn footer(out: &mut String, of: &Picture<'_>, lower: f64) -> f64 {
    let mut y = lower + 22.0;
    text(out, (16.0, y), "violated", "start", &of.mark);
    let lines = of.moment.iter().flat_map(|line| wrap(line, WIDTH - 40.0));
    for line in lines {
        y += LINE + 2.0;
        text(out, (16.0, y), "", "start", &line);
    }
    y += LINE + 8.0;
    text(out, (16.0, y), "faint", "start", LEGEND);
    y + 16.0
}
