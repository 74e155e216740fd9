//! What may happen to the tab, whatever everybody else does.

use super::life::{Meets, View};
use super::order::{Kinds, Order, Phases};
use super::tab::{OTHERS, OWNER, Tab};
use crate::cache::{Concern, Event, FetchId, Posts, Slot, Spoiled, TokenRequest};
use crate::freshness::Org;
use crate::model::{Meaning, TabState, possible};
use crate::vocabulary::ModelToken;

/// Something that happens to the tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// An event of its cache.
    Event(Happening),
    /// The tokens of this line and instant become near, or dead.
    Expiry {
        /// The line of the instant.
        line: u8,
        /// The instant.
        iat: u8,
    },
}

/// An event of the cache, with what turns out to have been there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Happening {
    pub event: Event<ModelToken>,
    /// The broadcasts that waited for the fetch that it ends, oldest first.
    pub waiting: Vec<ModelToken>,
    /// The last active token, where the tab does not keep it.
    pub last: Option<ModelToken>,
    /// Whose request or timer it is, where the tab does not keep it.
    pub meets: Option<Meets>,
}

impl Happening {
    /// An event alone.
    pub(crate) const fn of(event: Event<ModelToken>) -> Happening {
        Happening {
            event,
            waiting: Vec::new(),
            last: None,
            meets: None,
        }
    }

    /// The foreground fetch that it ends, if it ends one.
    pub(crate) const fn ends(&self) -> Option<FetchId> {
        match self.event.concern() {
            Concern::Request(request) => request.fetch(),
            Concern::Nothing | Concern::Timer(_) | Concern::Update(_) | Concern::SignOut => None,
        }
    }

    /// The same, and one more broadcast has waited, behind the others.
    fn behind(&self, token: ModelToken) -> Happening {
        let mut longer = self.clone();
        longer.waiting.push(token);
        longer
    }

    pub(crate) fn arriving(&self) -> impl Iterator<Item = &ModelToken> {
        self.event.token().into_iter().chain(&self.waiting)
    }

    /// The tokens that the tab did not hold before.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = &ModelToken> {
        self.arriving().chain(&self.last)
    }
}

/// The most general environment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Environment {
    /// Which tokens may arrive.
    pub kinds: Kinds,
    /// The most broadcasts that are let wait for a fetch.
    pub waiting: usize,
    /// What other tabs broadcast.
    pub posts: Posts,
    /// Whether there is a channel for it.
    pub broadcasts: bool,
    /// What is looked at of a tab that comes and goes; none: the tab neither comes nor goes.
    pub life: Option<View>,
}

/// The same event with another token, if it comes with one.
pub(crate) fn with_token(event: &Event<ModelToken>, token: ModelToken) -> Event<ModelToken> {
    let mut event = event.clone();
    if let Some(old) = event.token_mut() {
        *old = token;
    }
    event
}

impl Environment {
    /// Shows the events that may happen to a tab, spread.
    pub(crate) fn happenings(&self, tab: &Tab, order: &Order, show: &mut impl FnMut(&Happening)) {
        if let Some(view) = &self.life {
            return view.happenings(self, tab, order, show);
        }
        for event in page(tab) {
            show(&Happening::of(event));
        }
        let arrivals = order.arrivals(&self.kinds);
        let key = Org::PERSONAL;
        match (self.broadcasts, self.posts) {
            (false, Posts::Invalidation | Posts::Token) => {}
            (true, Posts::Invalidation) => show(&Happening::of(Event::OutOfDate { key })),
            (true, Posts::Token) => {
                for &token in &arrivals {
                    show(&Happening::of(Event::Broadcast { key, token }));
                }
            }
        }
        if tab.cache.at(key).background.is_some() {
            let request = TokenRequest::Background(key);
            show(&Happening::of(failure(request)));
            for &token in &arrivals {
                show(&Happening::of(Event::Answer { request, token }));
            }
        }
        let owner = matches!(tab.cache.at(key).slot, Slot::Pending { .. }).then_some(OWNER);
        let others = tab.has_others().then_some(OTHERS);
        for request in owner.into_iter().chain(others).map(TokenRequest::Fetch) {
            self.settle(order, Happening::of(failure(request)), show);
            for &token in &arrivals {
                let answer = Happening::of(Event::Answer { request, token });
                let mut order = order.clone();
                order.add(self.kinds.lines, &token);
                self.settle(&order, answer, show);
            }
        }
    }

    /// A fetch ends, and broadcasts have waited for it, the fewest first.
    pub(crate) fn settle(&self, order: &Order, ends: Happening, show: &mut impl FnMut(&Happening)) {
        show(&ends);
        match (self.broadcasts, self.posts) {
            (true, Posts::Token) => self.settle_longer(order, &ends, show),
            // No token is broadcast, so none waits.
            (true, Posts::Invalidation) | (false, Posts::Token | Posts::Invalidation) => {}
        }
    }

    /// The same with more broadcasts.
    fn settle_longer(&self, order: &Order, ends: &Happening, show: &mut impl FnMut(&Happening)) {
        let left = self.waiting.saturating_sub(ends.waiting.len());
        if left == 0 {
            return;
        }
        let arrivals = match &self.life {
            Some(view) => {
                let key = ends.meets.map_or(view.key, |meets| meets.org);
                view.broadcasts(self, order, key)
            }
            None => order.arrivals(&self.kinds),
        };
        for &token in &arrivals {
            show(&ends.behind(token));
        }
        if left == 1 {
            return;
        }
        for token in arrivals {
            let mut order = order.clone();
            order.add(self.kinds.lines, &token);
            self.settle_longer(&order, &ends.behind(token), show);
        }
    }
}

/// A request for a token fails.
pub(super) const fn failure(request: TokenRequest) -> Event<ModelToken> {
    let how = Spoiled::Failed;
    Event::Spoiled { how, request }
}

/// What page and timers may do.
fn page(tab: &Tab) -> impl Iterator<Item = Event<ModelToken>> {
    let tab = TabState {
        cache: tab.cache.clone(),
        age: Phases,
        stopped: false,
    };
    let event = |action| match Meaning::of(action, Org::PERSONAL) {
        Meaning::Cache(event) => Some(event),
        // Whoever stops does nothing any more.
        Meaning::Stop => None,
    };
    let events: Vec<_> = possible(&tab)
        .iter()
        // The proof is about a tab in its first session, which neither comes nor goes.
        .filter(|action| !action.is_about_life())
        .filter_map(event)
        .collect();
    events.into_iter()
}
