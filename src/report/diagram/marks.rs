//! What a diagram is drawn with: boxes, lines and words, each with its class and its place.
//!
//! The SVG and the page print the same marks.

use super::layout::{LINE, Layout, ROW_PADDING, Row, Shape, Span, lay_out, width_of};
use super::sequence::{Fate, Item, Message, Sequence, Tone};
use std::fmt;

/// A drawing, in pixels.
pub(crate) struct Marks {
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
pub(crate) enum Mark {
    /// A box.
    Rect {
        class: &'static str,
        x: f64,
        y: f64,
        width: f64,
        height: f64,
    },
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
    pub(crate) const fn top(&self) -> Option<f64> {
        match self {
            Mark::Rect { y, .. } | Mark::Text { y, .. } => Some(*y),
            Mark::Line { .. } | Mark::Tip { .. } => None,
        }
    }

    /// The same, so many pixels higher, as a line.
    pub(crate) const fn raised(&self, by: f64) -> Raised<'_> {
        Raised { mark: self, by }
    }
}

/// A mark as a line: a letter, its class, whole pixels, and its words. The page's script reads it.
pub(crate) struct Raised<'a> {
    mark: &'a Mark,
    /// So many pixels higher than it was drawn.
    by: f64,
}

/// A number in whole pixels, as `{:.0}` writes it: that goes by all digits, and thousands are written.
struct Pixels(f64);

impl fmt::Display for Pixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.0.round_ties_even();
        if whole == 0.0 && whole.is_sign_negative() {
            f.write_str("-")?;
        }
        write!(f, "{}", whole as i64)
    }
}

/// A class with points for its spaces: one word.
struct Joined(&'static str);

impl fmt::Display for Joined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, word) in self.0.split(' ').enumerate() {
            f.write_str(if place > 0 { "." } else { "" })?;
            f.write_str(word)?;
        }
        Ok(())
    }
}

impl fmt::Display for Raised<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let upper = |y: f64| Pixels(y - self.by);
        match self.mark {
            Mark::Rect {
                class,
                x,
                y,
                width,
                height,
            } => {
                let (class, x, y) = (Joined(class), Pixels(*x), upper(*y));
                let (width, height) = (Pixels(*width), Pixels(*height));
                write!(f, "R {class} {x} {y} {width} {height}")
            }
            Mark::Line {
                class,
                from: (x1, y1),
                to: (x2, y2),
            } => {
                let class = Joined(class);
                let (from, to) = ((Pixels(*x1), upper(*y1)), (Pixels(*x2), upper(*y2)));
                write!(f, "L {class} {} {} {} {}", from.0, from.1, to.0, to.1)
            }
            Mark::Text {
                class,
                x,
                y,
                anchor,
                text,
            } => {
                let (class, x, y) = (Joined(class), Pixels(*x), upper(*y));
                write!(f, "T {class} {x} {y} {anchor} {text}")
            }
            Mark::Tip {
                arrives,
                x,
                y,
                turn,
            } => {
                let letter = if *arrives { 'H' } else { 'X' };
                let (x, y, turn) = (Pixels(*x), upper(*y), Pixels(*turn));
                write!(f, "{letter} - {x} {y} {turn}")
            }
        }
    }
}

/// Draws a diagram below `top`; `titles` are what happens in each row, the start's first.
pub(crate) fn marks(sequence: &Sequence, titles: &[String], top: f64, shape: Shape) -> Marks {
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

#[cfg(test)]
mod tests {
    use super::Pixels;

    #[test]
    fn pixels_are_written_as_the_formatter_writes_them() {
        let quarters = (-4000..4000).map(|quarter| f64::from(quarter) / 4.0);
        let others = [-0.0, 0.49999999999999994, 1e9 + 0.5, 123.456, -77.77];
        for number in quarters.chain(others) {
            assert_eq!(
                Pixels(number).to_string(),
                format!("{number:.0}"),
                "{number:?}"
            );
        }
    }
}
