//! Where everything stands when a diagram is drawn, in pixels.
//!
//! Nobody can measure text here, so widths are estimated from the number of characters, on the wide
//! side.

use super::sequence::{Arrow, Fate, Item, Lane, Message, Sequence};
use crate::report::wrap;

/// How much room a drawing has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Width of the whole drawing.
    pub width: f64,
    /// Width of the column in which the steps are told; `None`: they are told above their rows.
    pub gutter: Option<f64>,
}

impl Shape {
    /// What fits beside a pull request's text.
    pub(crate) const PICTURE: Shape = Shape {
        width: 900.0,
        gutter: Some(236.0),
    };
    /// What fits beside the page's panel.
    pub(crate) const PAGE: Shape = Shape {
        width: 800.0,
        gutter: Some(204.0),
    };
    /// What fits on a phone.
    pub(crate) const PHONE: Shape = Shape {
        width: 366.0,
        gutter: None,
    };

    /// Where the lanes begin.
    pub(crate) fn left(self) -> f64 {
        self.gutter.unwrap_or(0.0)
    }

    /// Where the words of a step begin.
    pub(crate) fn told(self) -> f64 {
        if self.gutter.is_some() { 40.0 } else { 28.0 }
    }
}

/// Height of a line of text.
pub(crate) const LINE: f64 = 15.0;
/// Space above and below a row's contents.
pub(crate) const ROW_PADDING: f64 = 9.0;
/// Space between two things in a row.
const GAP: f64 = 5.0;
/// Estimated width of a character, at 12 px.
const CHARACTER: f64 = 6.3;

/// The narrowest that the words of an arrow are wrapped to.
const NARROW: f64 = 60.0;

/// A drawing's measures.
pub(crate) struct Layout {
    /// The room that there is.
    pub shape: Shape,
    /// The middle of each lane.
    pub lanes: Vec<f64>,
    /// From where to where each lane goes.
    pub spans: Vec<Span>,
    pub lane_width: f64,
    /// The start, then one for each step.
    pub rows: Vec<Row>,
    /// Both ends of each arrow; `None` if the arrow is not drawn.
    pub arrows: Vec<Option<Ends>>,
}

/// The part of a lane in which its tab is there, as heights.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    /// Where it begins; `None` if it never does.
    pub begin: Option<f64>,
    /// Where it ends; `None` if it goes on.
    pub end: Option<f64>,
    /// The lowest place at which something still happens there.
    pub last: f64,
}

/// A step's place.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Upper edge.
    pub top: f64,
    pub height: f64,
    /// The lines told in the gutter.
    pub told: Vec<String>,
    /// Where each item stands.
    pub items: Vec<Place>,
}

/// An item's place.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Upper edge.
    pub top: f64,
    /// The height at which its arrow, if any, begins or ends.
    pub anchor: f64,
    /// Its text, wrapped.
    pub lines: Vec<String>,
}

/// The two ends of an arrow.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ends {
    /// Where it begins.
    pub tail: (f64, f64),
    pub head: (f64, f64),
}

/// Lines of at most this width. A token is kept in one piece where it fits.
pub(crate) fn wrap(text: &str, width: f64) -> Vec<String> {
    let columns = ((width / CHARACTER) as usize).max(6);
    // Most are short: no character is wider than it has bytes.
    if text.len() <= columns && !text.contains('\n') {
        return vec![text.trim_end_matches(' ').to_owned()];
    }
    let mut depth = 0;
    let glued: String = text
        .chars()
        .map(|c| {
            depth += i32::from(c == '[') - i32::from(c == ']');
            if c == ' ' && depth > 0 { '\u{a0}' } else { c }
        })
        .collect();
    let fits = |text: &str| text.split(' ').all(|word| word.chars().count() <= columns);
    let text = if fits(&glued) { &glued } else { text };
    textwrap::wrap(text, wrap::columns(columns))
        .into_iter()
        .map(|line| line.replace('\u{a0}', " "))
        .collect()
}

/// Estimated width of a line of text.
pub(crate) fn width_of(line: &str) -> f64 {
    line.chars().count() as f64 * CHARACTER
}

/// Lays a diagram out below `top`; `titles` are told with the rows, the start's first.
pub(crate) fn lay_out(sequence: &Sequence, titles: &[String], top: f64, shape: Shape) -> Layout {
    let lane_width = (shape.width - shape.left()) / sequence.lanes.len() as f64;
    let middle = |column: usize| shape.left() + lane_width * (column as f64 + 0.5);
    let span = |lane: &Lane| Span {
        begin: (!sequence.absent.contains(lane)).then_some(top),
        end: None,
        last: top,
    };
    let mut layout = Layout {
        shape,
        lanes: (0..sequence.lanes.len()).map(middle).collect(),
        spans: sequence.lanes.iter().map(span).collect(),
        lane_width,
        rows: Vec::new(),
        arrows: vec![Some(Ends::default()); sequence.arrows.len()],
    };
    let mut top = top;
    for (index, title) in titles.iter().enumerate() {
        let items = match index {
            0 => &[][..],
            step => &sequence.steps[step - 1].items,
        };
        let row = layout.row(sequence, items, title, top);
        top += row.height;
        layout.rows.push(row);
    }
    for (arrow, ends) in sequence.arrows.iter().zip(&mut layout.arrows) {
        // A broadcast that nobody has received yet would end nowhere in particular.
        if arrow.fate == Fate::Underway {
            match (arrow.what, ends.as_mut()) {
                (Message::Broadcast, _) | (_, None) => *ends = None,
                (_, Some(ends)) => {
                    let (from, to) = (ends.tail.0, middle(sequence.column(arrow.to)));
                    ends.head = (from + (to - from) * 0.4, top - 4.0);
                }
            }
        }
    }
    layout
}

impl Layout {
    fn row(&mut self, sequence: &Sequence, items: &[Item], title: &str, top: f64) -> Row {
        let shape = self.shape;
        let told = wrap(
            title,
            shape.gutter.unwrap_or(shape.width) - shape.told() - 4.0,
        );
        let told_height = told.len() as f64 * LINE;
        let mut y = top + ROW_PADDING;
        if shape.gutter.is_none() {
            y += told_height + GAP;
        }
        let mut places: Vec<Place> = Vec::with_capacity(items.len());
        for item in items {
            let before = places.last().map_or(y, |place| place.anchor);
            let place = self.place(sequence, item, y, before);
            if place.anchor >= y {
                let lower = place.top + place.lines.len() as f64 * LINE;
                y = lower.max(place.anchor) + 2.0 * GAP;
            }
            self.fasten(sequence, item, place.anchor);
            places.push(place);
        }
        Row {
            top,
            height: (told_height + 2.0 * ROW_PADDING).max(y - top + ROW_PADDING - GAP),
            told,
            items: places,
        }
    }

    /// Puts an item at `y`, or beside the one before it, which ends at `before`.
    fn place(&self, sequence: &Sequence, item: &Item, y: f64, before: f64) -> Place {
        let of_text = |lines: Vec<String>| Place {
            top: y,
            anchor: y + lines.len() as f64 * LINE + 1.0,
            lines,
        };
        let of_arrow = |arrow: usize| {
            let arrow = &sequence.arrows[arrow];
            let (from, to) = (sequence.column(arrow.from), sequence.column(arrow.to));
            let room = self.lane_width * from.abs_diff(to) as f64 - 14.0;
            of_text(wrap(&arrow.text, room.max(NARROW)))
        };
        let at = |anchor: f64| Place {
            top: anchor,
            anchor,
            lines: Vec::new(),
        };
        match item {
            Item::Note { text, .. } => {
                let lines = wrap(text, self.lane_width - 14.0);
                let anchor = y + (lines.len() as f64 * LINE + 6.0) / 2.0;
                Place {
                    top: y,
                    anchor,
                    lines,
                }
            }
            Item::Everywhere { text } => of_text(vec![text.clone()]),
            Item::Across { arrow } => of_arrow(*arrow),
            Item::Leaves { arrow } => match sequence.arrows[*arrow].what {
                Message::Request => of_arrow(*arrow),
                // It leaves from what stands above: the minted token, or the post.
                Message::Answer | Message::Post | Message::Broadcast | Message::CookieWrite => {
                    at(before)
                }
            },
            Item::Arrives { .. } => at(y + 2.0),
            Item::Begins { .. } | Item::Ends { .. } => at(y),
        }
    }

    /// Fastens an arrow's ends, or a lane's, to the item they belong to.
    fn fasten(&mut self, sequence: &Sequence, item: &Item, y: f64) {
        let (arrow, tail, head) = match item {
            Item::Leaves { arrow } => (*arrow, true, false),
            Item::Arrives { arrow } => (*arrow, false, true),
            Item::Across { arrow } => (*arrow, true, true),
            Item::Note { lane, .. } => return self.touch(sequence, *lane, y),
            Item::Begins { lane } => {
                self.spans[sequence.column(*lane)].begin = Some(y);
                return;
            }
            Item::Ends { lane } => {
                self.spans[sequence.column(*lane)].end = Some(y);
                return;
            }
            Item::Everywhere { .. } => return,
        };
        let Arrow { from, to, .. } = sequence.arrows[arrow];
        let lane = |lane| self.lanes[sequence.column(lane)];
        let (tail_x, head_x) = (lane(from), lane(to));
        if let Some(ends) = &mut self.arrows[arrow] {
            if tail {
                ends.tail = (tail_x, y);
            }
            if head {
                ends.head = (head_x, y);
            }
        }
        if tail {
            self.touch(sequence, from, y);
        }
        if head {
            self.touch(sequence, to, y);
        }
    }

    /// Something happens in a lane.
    fn touch(&mut self, sequence: &Sequence, lane: Lane, y: f64) {
        let span = &mut self.spans[sequence.column(lane)];
        span.last = span.last.max(y);
    }
}
