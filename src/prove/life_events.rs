//! What may happen to a tab that comes and goes, whatever everybody else does; the numbers of lemmas are
//! those of docs/proof-life.md.

use super::environment::{Environment, Happening, failure};
use super::life::{Meets, View, Whose};
use super::order::Order;
use super::tab::{OTHERS, OWNER, Tab};
use crate::cache::{Answers, Event, Phase, Posts, SeedFrom, Slot, Spoiled, TokenRequest};
use crate::freshness::Org;
use crate::model::Meaning;
use crate::vocabulary::{ModelToken, TabAction};

/// What page and poller do, in the order in which stories are looked for.
const PAGE: [TabAction; 5] = [
    TabAction::GetToken,
    TabAction::Poll,
    TabAction::SkipCache,
    TabAction::ClearCache,
    TabAction::Switch,
];

/// What is shown elsewhere: where a tab begins, or as a timer; or what changes nothing that is kept of a
/// tab (lemmas 1 to 6).
const ELSEWHERE: [TabAction; 9] = [
    TabAction::Open,
    TabAction::Refresh,
    TabAction::Evict,
    TabAction::Orphan,
    TabAction::Close,
    TabAction::Touch,
    TabAction::SignOut,
    TabAction::Focus,
    TabAction::Blur,
];

impl View {
    /// The tokens that other tabs may broadcast under a key (lemma 7).
    pub(crate) fn broadcasts(
        &self,
        environment: &Environment,
        order: &Order,
        key: Org,
    ) -> Vec<ModelToken> {
        // The token of an organisation is not posted under the personal key.
        let of_others = self.tells_orgs && key != Org::PERSONAL;
        let orgs = [key, key.other()].into_iter();
        orgs.take(1 + usize::from(of_others))
            .flat_map(|org| of_org(environment, order, org))
            .collect()
    }

    /// The tokens with which a request for an organisation may be answered: any, but of those that go
    /// nowhere in view one stands for all.
    fn answers(&self, environment: &Environment, order: &Order, org: Org) -> Vec<ModelToken> {
        let mut tokens = of_org(environment, order, org);
        if org != self.key && !self.tells_orgs {
            tokens.truncate(1);
        }
        tokens
    }

    /// The organisations that a background request under the key may have asked for.
    fn asked(&self) -> impl Iterator<Item = Org> + use<> {
        let both = self.tells_orgs;
        [self.key, self.key.other()]
            .into_iter()
            .take(1 + usize::from(both))
    }

    /// Shows the events that may happen to a tab, spread.
    pub(crate) fn happenings(
        &self,
        environment: &Environment,
        tab: &Tab,
        order: &Order,
        show: &mut impl FnMut(&Happening),
    ) {
        let key = self.key;
        match tab.cache.phase {
            Phase::Absent => return show(&Happening::of(Event::Open)),
            // Neither is kept: see `after`, and nothing is left of a closed tab.
            Phase::Closed | Phase::Leaving => return,
            Phase::Loading => {
                show(&Happening::of(Event::SignedOutElsewhere));
                self.loaded(environment, order, show);
            }
            Phase::Live => {
                self.page(environment, tab, order, show);
                for whose in self.sessions() {
                    self.requests(environment, tab, order, whose, show);
                }
                self.updates(environment, order, Whose::Current, show);
                self.elsewhere(environment, order, show);
            }
            Phase::Out => {
                self.requests(environment, tab, order, Whose::Older, show);
                self.updates(environment, order, Whose::Older, show);
                self.rechecks_elsewhere(environment, order, show);
                self.loaded(environment, order, show);
                // A tab that was leaving may hear of that from its client first.
                show(&Happening {
                    meets: Some(self.meets(Whose::Older, key)),
                    ..Happening::of(Event::Ended)
                });
            }
        }
        show(&Happening::of(Event::CleanupTimer { key }));
        match (environment.broadcasts, environment.posts) {
            (false, Posts::Invalidation | Posts::Token) => {}
            (true, Posts::Invalidation) => show(&Happening::of(Event::OutOfDate { key })),
            (true, Posts::Token) => {
                for token in self.broadcasts(environment, order, key) {
                    show(&Happening::of(Event::Broadcast { key, token }));
                }
            }
        }
    }

    /// The sessions of which it makes a difference whose a request is.
    fn sessions(&self) -> impl Iterator<Item = Whose> + use<> {
        let both = self.keeps_last || self.asks_seeds;
        [Whose::Current, Whose::Older]
            .into_iter()
            .take(1 + usize::from(both))
    }

    fn meets(&self, whose: Whose, org: Org) -> Meets {
        Meets {
            whose,
            org,
            lapsed: false,
            called: true,
        }
    }

    fn loaded(&self, environment: &Environment, order: &Order, show: &mut impl FnMut(&Happening)) {
        for token in self.answers(environment, order, Org::PERSONAL) {
            show(&Happening::of(Event::Loaded(token)));
        }
    }

    /// What the page, the poller and the end of the session do.
    fn page(
        &self,
        environment: &Environment,
        tab: &Tab,
        order: &Order,
        show: &mut impl FnMut(&Happening),
    ) {
        // Another one is shown unless it is said where else it is: so none is forgotten.
        let is_another = |action: &TabAction| !PAGE.contains(action) && !ELSEWHERE.contains(action);
        let others = TabAction::ALL.into_iter().filter(is_another);
        for action in PAGE.into_iter().chain(others) {
            match Meaning::of(action, Org::PERSONAL) {
                Meaning::Cache(event) => show(&Happening::of(event)),
                Meaning::Stop => {}
            }
        }
        show(&Happening::of(Event::Reloaded));
        let current = self.meets(Whose::Current, self.key);
        show(&Happening {
            meets: Some(current),
            ..Happening::of(Event::Ended)
        });
        // What seeds a request may be of the other organisation, which no state keeps (lemma 6).
        let is_lost = tab.cache.last().is_none() && self.asks_seeds && !self.tells_orgs;
        if is_lost {
            for last in of_org(environment, order, self.key.other()) {
                show(&Happening {
                    last: Some(last),
                    meets: Some(current),
                    ..Happening::of(Event::GetToken)
                });
            }
        }
    }

    /// Requests under the key, and the timer that makes one.
    fn requests(
        &self,
        environment: &Environment,
        tab: &Tab,
        order: &Order,
        whose: Whose,
        show: &mut impl FnMut(&Happening),
    ) {
        let key = self.key;
        if let Slot::Resolved(_) = tab.cache.at(key).slot {
            self.timer(environment, order, whose, show);
        }
        let lapses: &[bool] = match self.policy.answers {
            Answers::Install => &[false],
            Answers::CompareAndSwap | Answers::Fence => &[false, true],
        };
        let calls: &[bool] = match self.remembers_calls {
            true => &[true, false],
            false => &[true],
        };
        let owner = matches!(tab.cache.at(key).slot, Slot::Pending { .. }).then_some(OWNER);
        for &lapsed in lapses {
            let meets = |org, called| Meets {
                whose,
                org,
                lapsed,
                called,
            };
            let request = TokenRequest::Background(key);
            for org in self.asked() {
                for token in self.answers(environment, order, org) {
                    show(&Happening {
                        meets: Some(meets(org, true)),
                        ..Happening::of(Event::Answer { request, token })
                    });
                }
            }
            if !lapsed && (whose == Whose::Current || tab.cache.phase == Phase::Out) {
                self.rechecks(environment, order, request, &mut |_, event| {
                    show(&Happening {
                        meets: Some(meets(key, true)),
                        ..Happening::of(event)
                    });
                });
            }
            let fetches = owner.into_iter().chain([OTHERS]).map(TokenRequest::Fetch);
            for (request, &called) in fetches.flat_map(|of| calls.iter().map(move |c| (of, c))) {
                let ends = |event| Happening {
                    meets: Some(meets(key, called)),
                    ..Happening::of(event)
                };
                // Whose a request was that fails, and when it was made, is all the same.
                if !lapsed && (whose == Whose::Current || tab.cache.phase == Phase::Out) {
                    for how in Spoiled::ALL {
                        match how {
                            Spoiled::Failed => {
                                environment.settle(order, ends(failure(request)), show);
                            }
                            // It leaves the tab as a failure does (lemma 4).
                            Spoiled::Empty => {}
                            Spoiled::Unauthorized => {
                                self.rechecks(environment, order, request, &mut |order, event| {
                                    environment.settle(order, ends(event), show);
                                });
                            }
                        }
                    }
                }
                for token in self.answers(environment, order, key) {
                    let mut order = order.clone();
                    order.add(environment.kinds.lines, &token);
                    let answer = ends(Event::Answer { request, token });
                    environment.settle(&order, answer, show);
                }
            }
        }
    }

    /// What the client may turn out to be after a 401: signed out, or in a session with any token. Shows
    /// the order with that token, too.
    fn rechecks(
        &self,
        environment: &Environment,
        order: &Order,
        request: TokenRequest,
        show: &mut impl FnMut(&Order, Event<ModelToken>),
    ) {
        let token = None;
        show(order, Event::Rechecked { request, token });
        for token in self.answers(environment, order, Org::PERSONAL) {
            let mut order = order.clone();
            order.add(environment.kinds.lines, &token);
            let token = Some(token);
            show(&order, Event::Rechecked { request, token });
        }
    }

    /// The same for a fetch under the other key, for which broadcasts may have waited: after the client's
    /// token theirs is dispatched (lemma 6).
    fn rechecks_elsewhere(
        &self,
        environment: &Environment,
        order: &Order,
        show: &mut impl FnMut(&Happening),
    ) {
        if !self.keeps_last {
            return;
        }
        let meets = self.meets(Whose::Older, self.key.other());
        let request = TokenRequest::Fetch(OTHERS);
        self.rechecks(environment, order, request, &mut |order, event| {
            let ends = Happening {
                meets: Some(meets),
                ..Happening::of(event)
            };
            environment.settle(order, ends, show);
        });
    }

    /// The refresh timer fires, of a session in either organisation.
    fn timer(
        &self,
        environment: &Environment,
        order: &Order,
        whose: Whose,
        show: &mut impl FnMut(&Happening),
    ) {
        let key = self.key;
        for org in Org::ALL {
            let fires = Happening {
                meets: Some(self.meets(whose, org)),
                ..Happening::of(Event::RefreshTimer { key })
            };
            show(&fires);
            if !self.asks_seeds || self.policy.seed_from == SeedFrom::Cache {
                continue;
            }
            // An older session's last active token, and one of the other organisation, may be any.
            let of = match whose {
                Whose::Older => key,
                Whose::Current => key.other(),
            };
            for last in of_org(environment, order, of) {
                show(&Happening {
                    last: Some(last),
                    ..fires.clone()
                });
            }
        }
    }

    /// Touches and changes of the organisation are answered. With a client payload a new session begins,
    /// and whoever asked is an older one from then on.
    fn updates(
        &self,
        environment: &Environment,
        order: &Order,
        whose: Whose,
        show: &mut impl FnMut(&Happening),
    ) {
        let number = 0;
        for org in Org::ALL {
            let meets = self.meets(whose, org);
            for token in self.answers(environment, order, org) {
                let touched = |payload| Event::Touched {
                    number,
                    token,
                    payload,
                };
                for event in [
                    touched(true),
                    touched(false),
                    Event::Switched { number, token },
                ] {
                    show(&Happening {
                        meets: Some(meets),
                        ..Happening::of(event)
                    });
                }
            }
        }
    }

    /// What happens under the other key is seen in the last active token alone (lemma 6): a token under
    /// it is dispatched.
    fn elsewhere(
        &self,
        environment: &Environment,
        order: &Order,
        show: &mut impl FnMut(&Happening),
    ) {
        if !self.keeps_last {
            return;
        }
        self.rechecks_elsewhere(environment, order, show);
        let other = self.key.other();
        if environment.broadcasts && environment.posts == Posts::Invalidation {
            show(&Happening::of(Event::OutOfDate { key: other }));
        }
        let request = TokenRequest::Background(other);
        for org in [other, self.key]
            .into_iter()
            .take(1 + usize::from(self.tells_orgs))
        {
            for token in self.answers(environment, order, org) {
                show(&Happening {
                    meets: Some(self.meets(Whose::Current, org)),
                    ..Happening::of(Event::Answer { request, token })
                });
            }
        }
    }
}

/// Every token of an organisation that may arrive, up to order.
fn of_org(environment: &Environment, order: &Order, org: Org) -> Vec<ModelToken> {
    let tokens = order.arrivals(&environment.kinds).into_iter();
    tokens.map(|token| ModelToken { org, ..token }).collect()
}
