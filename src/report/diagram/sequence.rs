//! What a sequence diagram consists of.
use crate::vocabulary::ModelToken;
use serde::Serialize;

/// A trace as a sequence diagram: lanes, what crosses between them, and what stands in them.
#[derive(Clone, Debug, Serialize)]
pub struct Sequence {
    /// From left to right.
    pub lanes: Vec<Lane>,
    /// What tabs are called, by number, where they have names of their own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Those that begin later, or never: [`Item::Begins`] says when.
    pub absent: Vec<Lane>,
    /// Before anything happened.
    pub start: Snapshot,
    /// In order.
    pub steps: Vec<Moment>,
    /// Everything that goes from one lane to another; steps refer to these by position.
    pub arrows: Vec<Arrow>,
}

/// A participant that a diagram shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub enum Lane {
    Cookie,
    Tab(u8),
    /// The broadcast channel.
    Channel,
    /// Origin and edge.
    Mint,
}

impl Sequence {
    /// Position of a lane. Every lane that steps refer to is there.
    pub fn column(&self, lane: Lane) -> usize {
        self.lanes.iter().position(|&l| l == lane).unwrap_or(0)
    }

    /// Heading of a lane.
    pub fn title(&self, lane: Lane) -> String {
        match lane {
            Lane::Tab(tab) => self.names.get(usize::from(tab)).cloned(),
            Lane::Cookie | Lane::Channel | Lane::Mint => None,
        }
        .unwrap_or_else(|| lane.title())
    }
}

impl Lane {
    /// Heading of the lane where tabs have no names of their own.
    fn title(self) -> String {
        match self {
            Lane::Cookie => "cookie".to_owned(),
            Lane::Tab(tab) => format!("tab {tab}"),
            Lane::Channel => "channel".to_owned(),
            Lane::Mint => "mint".to_owned(),
        }
    }
}

impl From<Lane> for String {
    fn from(lane: Lane) -> String {
        lane.title()
    }
}

/// What everybody holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// Every tab, and the cookies.
    pub holders: Vec<Holder>,
}

/// Who holds something, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// `tab 0`, or `cookies`.
    pub who: String,
    /// What is held, and its name: `cache`, `seed`, ...
    pub holds: Vec<(&'static str, String)>,
}

/// One step of a diagram.
#[derive(Clone, Debug, Serialize)]
pub struct Moment {
    /// What is drawn, from top to bottom.
    pub items: Vec<Item>,
    /// The rows of the decision table that decided something.
    pub decisions: Vec<Decision>,
    /// What everybody holds afterwards.
    pub after: Snapshot,
}

/// Something drawn in a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Item {
    /// An arrow that takes its time leaves.
    Leaves {
        /// Position in [`Sequence::arrows`].
        arrow: usize,
    },
    /// It reaches its end.
    Arrives {
        /// Position in [`Sequence::arrows`].
        arrow: usize,
    },
    /// An arrow that takes no time.
    Across {
        /// Position in [`Sequence::arrows`].
        arrow: usize,
    },
    /// A box in a lane.
    Note {
        lane: Lane,
        /// What kind of box.
        tone: Tone,
        text: String,
    },
    /// A lane begins: its tab opens.
    Begins { lane: Lane },
    /// A lane ends: its tab is closed or signed out.
    Ends { lane: Lane },
    /// A line across all lanes.
    Everywhere { text: String },
}

/// What a box is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// What a tab's cache, or the cookie, now holds.
    Holds,
    /// A token was minted.
    ModelToken,
    /// A guard let the incoming token pass.
    Passes,
    /// A guard stopped the incoming token.
    Stops,
    /// Something else.
    Plain,
}

/// Something that goes from one lane to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Arrow {
    pub what: Message,
    pub from: Lane,
    pub to: Lane,
    /// What became of it.
    pub fate: Fate,
    pub text: String,
}

/// What goes from one lane to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// Tab to mint.
    Request,
    /// Mint to tab.
    Answer,
    /// Tab to channel.
    Post,
    /// Channel to tab.
    Broadcast,
    CookieWrite,
}

/// What becomes of an arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    Arrived,
    /// It was lost, failed, or was turned away.
    Stopped,
    /// The trace ends before it arrives.
    Underway,
}

/// One use of the comparator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The row of the table, if the rule decides by rows.
    pub row: Option<&'static str>,
    /// When a pair falls in that row.
    pub condition: Option<&'static str>,
    /// The guard, in words.
    pub place: String,
    pub existing: ModelToken,
    /// The token that came.
    pub incoming: ModelToken,
    /// Who won.
    pub winner: String,
}
