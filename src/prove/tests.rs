//! What the argument of the proof rests on, tried with random tabs of random designs.

use super::environment::{Happening, Move, failure};
use super::order::Lines;
use super::step::{Stepped, Stepper};
use super::tab::{OTHERS, OWNER, Tab, fetch};
use super::waiting::enough;
use crate::cache::{
    Answers, Asks, Background, Cache, Entry, Event, Keyed, Measure, Own, Platform, Policy, Posts,
    Requests, Rules, SeedFrom, SessionId, Site, Slot, Timers, TokenRequest,
};
use crate::freshness::{Org, Rule, Stamps, Table, rank};
use crate::property::{Monitor, PropertySet, TabHistory};
use crate::vocabulary::{ModelToken, TabSet};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

pub(super) fn any_token() -> impl Strategy<Value = ModelToken> {
    let iat = (0u8..3, 0u8..4).prop_map(|(phase, rank)| 64 * phase + rank);
    (option::of(1u8..5), iat, 1u8..5).prop_map(|(oiat, iat, claims)| ModelToken {
        oiat,
        iat,
        fmt: 0,
        claims: oiat.unwrap_or(claims),
        epoch: 0,
        org: Org::PERSONAL,
    })
}

pub(super) fn any_policy() -> impl Strategy<Value = Policy> {
    let rule = || {
        prop_oneof![
            any::<u8>().prop_map(|bits| Rule::Table(Table::from_bits(bits))),
            Just(Rule::Table(Table::STANDARD)),
            Just(Rule::TableThenIat(Table::STANDARD)),
            Just(Rule::LiveThenTable(Table::STANDARD)),
            Just(Rule::ExpiredYields(Table::STANDARD)),
            Just(Rule::IatOnly),
            Just(Rule::IatStrict),
        ]
    };
    let sites = proptest::sample::subsequence(Site::ALL.to_vec(), 0..=Site::ALL.len());
    let seed = proptest::sample::select(SeedFrom::ALL.to_vec());
    let posts = proptest::sample::select(Posts::ALL.to_vec());
    let answers = proptest::sample::select(vec![Answers::Install, Answers::CompareAndSwap]);
    let measures = proptest::sample::subsequence(Measure::ALL.to_vec(), 0..=Measure::ALL.len());
    let habits = (posts, answers, measures);
    let own = option::of((proptest::sample::select(Site::ALL.to_vec()), rule()));
    let rules = (rule(), own).prop_map(|(usual, own)| match own {
        Some((site, rule)) => Rules::everywhere(usual).with(site, rule),
        None => usual.into(),
    });
    (rules, sites, seed, habits).prop_map(|(rules, sites, seed_from, habits)| {
        let (posts, answers, measures) = habits;
        Policy {
            rules,
            guards: sites.into_iter().collect(),
            seed_from,
            posts,
            answers,
            measures: measures.into_iter().collect(),
            timers: Timers::Always,
            platform: Platform::WEB,
            // A lock is kept by the environment, which does not look at it.
            requests: Requests::Free,
        }
    })
}

fn any_slot() -> impl Strategy<Value = Slot<ModelToken>> {
    let resolved = (any_token(), any::<bool>(), any::<bool>());
    prop_oneof![
        Just(Slot::Empty),
        option::of(any_token()).prop_map(|base| Slot::Pending { fetch: OWNER, base }),
        resolved.prop_map(|(token, own, armed)| {
            let own = own.then_some(Own {
                session: SessionId(0),
                asks: Asks::Session,
                armed,
            });
            Slot::Resolved(Entry { token, own })
        }),
    ]
}

fn any_tab() -> impl Strategy<Value = Tab> {
    let known = (option::of(any_token()), option::of(any_token()));
    let refresh = prop_oneof![Just((false, false)), any::<bool>().prop_map(|s| (true, s))];
    (any_slot(), known, refresh).prop_map(|(slot, (last, mark), (refreshing, superseded))| {
        let owner = matches!(slot, Slot::Pending { .. }).then_some(OWNER);
        let background = refreshing.then_some(Background {
            session: SessionId(0),
            org: Org::PERSONAL,
            superseded,
        });
        let mut cache = Cache::empty();
        cache.keys[0] = Keyed {
            slot,
            background,
            mark,
        };
        cache.sessions[0].last = last;
        cache.fetches = owner.into_iter().chain([OTHERS]).map(fetch).collect();
        let history = TabHistory::default();
        Tab { cache, history }
    })
}

fn any_happening() -> impl Strategy<Value = Happening> {
    let key = Org::PERSONAL;
    let request = prop_oneof![
        Just(TokenRequest::Background(key)),
        Just(TokenRequest::Fetch(OWNER)),
        Just(TokenRequest::Fetch(OTHERS)),
    ];
    let event = prop_oneof![
        Just(Event::RefreshTimer { key }),
        Just(Event::SkipCache),
        Just(Event::GetToken),
        Just(Event::CleanupTimer { key }),
        Just(Event::Clear),
        Just(Event::OutOfDate { key }),
        any_token().prop_map(move |token| Event::Broadcast { key, token }),
        request.clone().prop_map(failure),
        (request, any_token()).prop_map(|(request, token)| Event::Answer { request, token }),
    ];
    (event, vec(any_token(), 0..5)).prop_map(|(event, waiting)| {
        let plain = Happening::of(event);
        match plain.ends() {
            Some(_) => Happening { waiting, ..plain },
            None => plain,
        }
    })
}

pub(super) fn stepper(policy: Policy) -> Stepper {
    Stepper {
        policy,
        judge: Monitor {
            requests_per_tab: None,
            watch: TabSet::ALL,
            first: rank(&Stamps::default()),
            properties: PropertySet::ALL,
            undelivered: false,
        },
        lines: lines(&policy.rules),
        dated: policy.measures.has(Measure::LegacyToOrigin),
        keeps_last: true,
        life: None,
    }
}

fn lines(rules: &Rules) -> Lines {
    let by_iat = |rule: &Rule| matches!(rule, Rule::IatOnly | Rule::IatStrict);
    match rules.all().iter().any(by_iat) {
        true => Lines::One,
        false => Lines::PerOiat,
    }
}

fn step(stepper: &Stepper, tab: &Tab, happening: &Happening) -> Stepped {
    let mut stepped = stepper.step(tab, &Move::Event(happening.clone()));
    stepped.tab.name_fetches();
    stepped
}

/// Renamings that keep the order of claims, and of what was minted in each phase on each line.
struct Renaming {
    lines: Lines,
    claims: Vec<u8>,
    minted: Vec<Vec<u8>>,
}

fn any_renaming() -> impl Strategy<Value = (Vec<u8>, Vec<Vec<u8>>)> {
    let increasing = |count: usize, below: u8| {
        let all: Vec<u8> = (1..below).collect();
        proptest::sample::subsequence(all, count)
    };
    (increasing(5, 30), vec(increasing(4, 60), 15))
}

impl Renaming {
    fn claims(&self, claims: u8) -> u8 {
        match claims {
            0 => 0,
            claims => self.claims[usize::from(claims) - 1],
        }
    }

    fn minted(&self, oiat: Option<u8>, iat: u8) -> u8 {
        let line = usize::from(self.lines.of(oiat));
        let by_rank = &self.minted[3 * line + usize::from(iat / 64)];
        iat / 64 * 64 + by_rank[usize::from(iat % 64)]
    }

    fn token(&self, token: &ModelToken) -> ModelToken {
        ModelToken {
            oiat: token.oiat.map(|oiat| self.claims(oiat)),
            iat: self.minted(token.oiat, token.iat),
            fmt: token.fmt,
            claims: self.claims(token.claims),
            epoch: token.epoch,
            org: token.org,
        }
    }

    fn tab(&self, tab: &Tab) -> Tab {
        tab.rename(
            |claims| self.claims(claims),
            |oiat, iat| self.minted(oiat, iat),
        )
    }

    fn happening(&self, happening: &Happening) -> Happening {
        Happening {
            event: match &happening.event {
                Event::Broadcast { key, token } => Event::Broadcast {
                    key: *key,
                    token: self.token(token),
                },
                Event::Answer { request, token } => Event::Answer {
                    request: *request,
                    token: self.token(token),
                },
                event => event.clone(),
            },
            waiting: happening.waiting.iter().map(|t| self.token(t)).collect(),
            last: happening.last.as_ref().map(|t| self.token(t)),
            meets: happening.meets,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn steps_commute_with_renamings_that_keep_the_order(
        policy in any_policy(),
        tab in any_tab(),
        first in any_happening(),
        second in any_happening(),
        (claims, minted) in any_renaming(),
    ) {
        let stepper = stepper(policy);
        let renaming = Renaming { lines: stepper.lines, claims, minted };
        let once = step(&stepper, &tab, &first);
        let renamed = step(&stepper, &renaming.tab(&tab), &renaming.happening(&first));
        prop_assert_eq!(renaming.tab(&once.tab), renamed.tab.clone());
        prop_assert_eq!(once.verdicts, renamed.verdicts);
        let canonical = once.tab.canonical(stepper.lines);
        prop_assert_eq!(canonical, renamed.tab.canonical(stepper.lines));
        let twice = step(&stepper, &once.tab, &second);
        let renamed = step(&stepper, &renamed.tab, &renaming.happening(&second));
        prop_assert_eq!(twice.verdicts, renamed.verdicts);
    }

    #[test]
    fn the_canonical_form_is_a_fixed_point(tab in any_tab(), policy in any_policy()) {
        let lines = lines(&policy.rules);
        let canonical = tab.canonical(lines).expect("few instants");
        prop_assert_eq!(canonical.canonical(lines), Some(canonical.clone()));
        prop_assert_eq!(canonical.spread().canonical(lines), Some(canonical));
    }

    #[test]
    fn waiting_broadcasts_matter_only_when_their_fetch_ends(
        policy in any_policy(),
        tab in any_tab(),
        waiting in vec(any_token(), 1..4),
        happening in any_happening(),
    ) {
        // Dated formats are numbers among those of all tokens that are about, and no state of the
        // search has any that wait.
        let stepper = Stepper { dated: false, ..stepper(policy) };
        let mut with = tab.clone();
        for fetch in &mut with.cache.fetches {
            if Some(fetch.id) != happening.ends() {
                fetch.waiting.clone_from(&waiting);
            }
        }
        let with = step(&stepper, &with, &happening);
        let without = step(&stepper, &tab, &happening);
        prop_assert_eq!(with.tab, without.tab);
        prop_assert_eq!(with.effects, without.effects);
        prop_assert_eq!(with.verdicts, without.verdicts);
    }

    #[test]
    fn one_or_two_waiting_broadcasts_do_what_any_number_does_where_that_is_claimed(
        policy in any_policy().prop_filter("claimed", |p| enough(p, true).is_some()),
        tab in any_tab(),
        happening in any_happening(),
    ) {
        let stepper = stepper(policy);
        let all = step(&stepper, &tab, &happening);
        let few = sublists(&happening.waiting).map(|waiting| {
            step(&stepper, &tab, &Happening { waiting, ..happening.clone() })
        });
        let few: Vec<_> = few.collect();
        let short = 1 + happening.waiting.len();
        prop_assert!(few[..short].iter().any(|step| step.tab == all.tab));
        let found = few.iter().fold(PropertySet::NONE, |set, step| set.or(step.verdicts.violated));
        prop_assert_eq!(all.verdicts.violated.and(found), all.verdicts.violated);
    }
}

/// The parts of a list with at most two members in their order, the shortest first.
fn sublists(list: &[ModelToken]) -> impl Iterator<Item = Vec<ModelToken>> {
    let one = list.iter().map(|&token| vec![token]);
    let two = (0..list.len()).flat_map(|i| (i + 1..list.len()).map(move |j| (i, j)));
    let two = two.map(|(i, j)| vec![list[i], list[j]]);
    [Vec::new()].into_iter().chain(one).chain(two)
}
