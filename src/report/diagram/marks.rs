//! What a diagram is drawn with: boxes, lines and words, each with its class and its place.
//!
//! The SVG and the page print the same marks.

use super::layout::{LINE, Layout, ROW_PADDING, Row, Shape, Span, lay_out, width_of};
use super::sequence::{Fate, Item, Message, Sequence, Tone};
use std::fmt;

/// A drawing, in pixels.
pub struct Marks {
    /// The names of the lanes, above `top`.
    pub heads: Vec<Mark>,
    /// Upper edge and height of the start and of each step.
    pub rows: Vec<(f64, f64)>,
    /// Everything else, what lies behind first.
    pub marks: Vec<Mark>,
    /// Lower edge.
    pub lower: f64,
}

/// Something drawn.
#[derive(Clone)]
pub enum Mark {
    /// A box.
    Rect {
        class: &'static str,
        x: f64,
        y: f64,
        width: f64,
        height: f64,
    },
    /// A line.
    Line {
        class: &'static str,
        from: (f64, f64),
        to: (f64, f64),
    },
    /// A line of words; `anchor` is SVG's `text-anchor`.
    Text {
        class: &'static str,
        x: f64,
        y: f64,
        anchor: &'static str,
        text: String,
    },
    /// The end of an arrow: a head where it arrives, a cross where it is stopped. Turned by degrees.
    Tip {
        arrives: bool,
        x: f64,
        y: f64,
        turn: f64,
    },
}

impl Mark {
    /// The upper edge of what stands within one row; nothing of what may go across several.
    pub const fn top(&self) -> Option<f64> {
        match self {
            Mark::Rect { y, .. } | Mark::Text { y, .. } => Some(*y),
            Mark::Line { .. } | Mark::Tip { .. } => None,
        }
    }

    /// The same, so many pixels higher.
    pub fn raised(&self, by: f64) -> Mark {
        let mut mark = self.clone();
        match &mut mark {
            Mark::Rect { y, .. } | Mark::Text { y, .. } | Mark::Tip { y, .. } => *y -= by,
            Mark::Line { from, to, .. } => {
                from.1 -= by;
                to.1 -= by;
            }
        }
        mark
    }
}

/// A mark as a line: a letter, its class, whole pixels, and its words. The page's script reads it.
impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |class: &str| class.replace(' ', ".");
        match self {
            Mark::Rect {
                class,
                x,
                y,
                width,
                height,
            } => {
                let class = joined(class);
                write!(f, "R {class} {x:.0} {y:.0} {width:.0} {height:.0}")
            }
            Mark::Line {
                class,
                from: (x1, y1),
                to: (x2, y2),
            } => {
                let class = joined(class);
                write!(f, "L {class} {x1:.0} {y1:.0} {x2:.0} {y2:.0}")
            }
            Mark::Text {
                class,
                x,
                y,
                anchor,
                text,
            } => {
                let class = joined(class);
                write!(f, "T {class} {x:.0} {y:.0} {anchor} {text}")
            }
            Mark::Tip {
                arrives,
                x,
                y,
                turn,
            } => {
                let letter = if *arrives { 'H' } else { 'X' };
                write!(f, "{letter} - {x:.0} {y:.0} {turn:.0}")
            }
        }
    }
}

/// Draws a diagram below `top`; `titles` are what happens in each row, the start's first.
pub fn marks(sequence: &Sequence, titles: &[String], top: f64, shape: Shape) -> Marks {
    let layout = lay_out(sequence, titles, top, shape);
    let lower = layout.rows.last().map_or(top, |row| row.top + row.height);
    let mut marks = Vec::new();
    for (number, row) in layout.rows.iter().enumerate() {
        told(&mut marks, shape, number, row);
    }
    for (&x, span) in layout.lanes.iter().zip(&layout.spans) {
        lane(&mut marks, x, span, lower);
    }
    arrows(&mut marks, sequence, &layout);
    for (row, step) in layout.rows.iter().skip(1).zip(&sequence.steps) {
        items(&mut marks, sequence, &layout, row, &step.items);
    }
    let lanes = sequence.lanes.iter().zip(&layout.lanes);
    Marks {
        heads: lanes
            .map(|(lane, &x)| text((x, top - 9.0), "strong", "middle", sequence.title(*lane)))
            .collect(),
        rows: layout
            .rows
            .iter()
            .map(|row| (row.top, row.height))
            .collect(),
        marks,
        lower,
    }
}

fn text((x, y): (f64, f64), class: &'static str, anchor: &'static str, text: String) -> Mark {
    Mark::Text {
        class,
        x,
        y,
        anchor,
        text,
    }
}

/// What happened in a step, in words.
fn told(out: &mut Vec<Mark>, shape: Shape, number: usize, row: &Row) {
    let x = shape.told();
    let mut y = row.top + ROW_PADDING + 11.0;
    out.push(text((x - 8.0, y), "strong", "end", format!("{number}.")));
    for line in &row.told {
        out.push(text((x, y), "told", "start", line.clone()));
        y += LINE;
    }
}

/// A lane, from where its tab opens to where it closes or signs out. What happens there later is on
/// a dotted line.
fn lane(out: &mut Vec<Mark>, x: f64, span: &Span, lower: f64) {
    let Some(begin) = span.begin else { return };
    let mut line = |class, from: f64, to: f64| {
        out.push(Mark::Line {
            class,
            from: (x, from),
            to: (x, to),
        });
    };
    let end = span.end.unwrap_or(lower);
    line("lane", begin, end);
    if span.last > end {
        line("lane gone", end, span.last);
    }
    if span.end.is_some() {
        out.push(Mark::Line {
            class: "arrow",
            from: (x - 7.0, end),
            to: (x + 7.0, end),
        });
    }
}

fn arrows(out: &mut Vec<Mark>, sequence: &Sequence, layout: &Layout) {
    for (arrow, ends) in sequence.arrows.iter().zip(&layout.arrows) {
        let Some(ends) = ends else { continue };
        let ((x1, y1), (x2, y2)) = (ends.tail, ends.head);
        let class = match arrow.what {
            Message::Answer | Message::Broadcast => "arrow flight",
            Message::Request | Message::Post | Message::CookieWrite => "arrow",
        };
        out.push(Mark::Line {
            class,
            from: ends.tail,
            to: ends.head,
        });
        let arrives = match arrow.fate {
            Fate::Arrived => true,
            Fate::Stopped => false,
            Fate::Underway => continue,
        };
        out.push(Mark::Tip {
            arrives,
            x: x2,
            y: y2,
            turn: (y2 - y1).atan2(x2 - x1).to_degrees(),
        });
    }
}

fn items(out: &mut Vec<Mark>, sequence: &Sequence, layout: &Layout, row: &Row, items: &[Item]) {
    let Shape { width, .. } = layout.shape;
    let left = layout.shape.left();
    for (item, place) in items.iter().zip(&row.items) {
        match item {
            Item::Note { lane, tone, .. } => {
                let x = layout.lanes[sequence.column(*lane)];
                boxed(out, layout.shape, x, place.top, &place.lines, *tone);
            }
            Item::Leaves { arrow } | Item::Across { arrow } => {
                let ends = layout.arrows[*arrow].unwrap_or_default();
                let (x, anchor) = match ends.head.0 < ends.tail.0 {
                    true => (ends.tail.0 - 8.0, "end"),
                    false => (ends.tail.0 + 8.0, "start"),
                };
                for (number, line) in place.lines.iter().enumerate() {
                    let y = place.top + LINE * number as f64 + 11.0;
                    out.push(text((x, y), "halo", anchor, line.clone()));
                }
            }
            Item::Everywhere { text: words } => {
                let at = (f64::midpoint(left, width), place.top + 11.0);
                out.push(text(at, "halo faint", "middle", format!("— {words} —")));
            }
            Item::Arrives { .. } | Item::Begins { .. } | Item::Ends { .. } => {}
        }
    }
}

fn boxed(out: &mut Vec<Mark>, shape: Shape, x: f64, top: f64, lines: &[String], tone: Tone) {
    let class = match tone {
        Tone::Holds => "box holds",
        Tone::ModelToken => "box minted",
        Tone::Passes => "box passes",
        Tone::Stops => "box stops",
        Tone::Plain => "box",
    };
    let widest = lines.iter().map(|line| width_of(line)).fold(0.0, f64::max);
    let (width, height) = (widest + 10.0, lines.len() as f64 * LINE + 6.0);
    // A box that is wider than its lane stays within the drawing.
    let (low, high) = (
        shape.left() + width / 2.0 + 1.0,
        shape.width - width / 2.0 - 1.0,
    );
    let x = x.min(high).max(low);
    out.push(Mark::Rect {
        class,
        x: x - width / 2.0,
        y: top,
        width,
        height,
    });
    for (number, line) in lines.iter().enumerate() {
        let y = top + LINE * (number as f64 + 1.0) - 1.0;
        out.push(text((x, y), "told", "middle", line.clone()));
    }
}
