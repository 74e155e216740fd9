//! What the model relies on in the comparator, over arbitrary stamps.

use freshest::freshness::{
    Decision, Expiry, Org, Row, Rule, Stamped, Stamps, Table, Unreliable, Winner, pick_freshest,
    rank,
};
use proptest::prelude::*;
use std::cmp::Ordering;

/// Values at which arithmetic or a conversion to a JavaScript number could go wrong.
const EDGES: [u64; 5] = [0, 1, 1 << 53, u64::MAX - 1, u64::MAX];

/// Small values, so that ties are frequent; edges; and anything.
fn stamp() -> impl Strategy<Value = Option<u64>> {
    prop_oneof![
        2 => Just(None),
        5 => (0..4u64).prop_map(Some),
        2 => prop::sample::select(&EDGES[..]).prop_map(Some),
        1 => any::<u64>().prop_map(Some),
    ]
}

fn stamps() -> impl Strategy<Value = Stamps> {
    (stamp(), stamp()).prop_map(|(oiat, iat)| Stamps { oiat, iat })
}

fn rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        any::<u8>().prop_map(|bits| Rule::Table(Table::from_bits(bits))),
        Just(Rule::IatOnly),
        Just(Rule::OiatElseIat),
    ]
}

/// A token that can be told apart from another one with the same stamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tagged {
    stamps: Stamps,
    tag: usize,
}

impl Stamped for Tagged {
    fn oiat(&self) -> Option<u64> {
        self.stamps.oiat
    }

    fn iat(&self) -> Option<u64> {
        self.stamps.iat
    }
}

/// A token of whom nothing is asked but what it has to tell.
#[test]
fn what_a_token_does_not_say_of_itself_is_taken_as_the_least() {
    let token = Tagged {
        stamps: Stamps::default(),
        tag: 0,
    };
    let told = (token.format(), token.epoch(), token.org(), token.expiry());
    assert_eq!(told, (0, 0, Org::PERSONAL, Expiry::Ahead));
}

/// Where nobody counts reads of the database, each instant has one.
#[test]
fn stamps_alone_are_of_the_read_that_their_oiat_says() {
    let stamps = |oiat, iat| Stamps { oiat, iat };
    let picks = |existing, incoming| Rule::Epoch.decide(&existing, &incoming).winner;
    let (older, newer) = (stamps(Some(3), Some(9)), stamps(Some(4), Some(8)));
    assert_eq!(picks(older, newer), Winner::Incoming);
    assert_eq!(picks(newer, older), Winner::Existing);
    assert_eq!(picks(stamps(None, Some(8)), older), Winner::Incoming);
    assert_eq!(
        picks(stamps(None, Some(1)), stamps(Some(0), Some(0))),
        Winner::Existing
    );
}

#[test]
fn a_comparator_that_cannot_be_relied_on_says_what_its_message_says() {
    let message = "rules.ts:3: it forgets".to_owned();
    assert_eq!(
        Unreliable {
            message: message.clone()
        }
        .to_string(),
        message
    );
}

/// The token that a cache holds in the end if these arrive one by one.
fn survivor(rule: Rule, arrivals: &[Tagged]) -> Option<Tagged> {
    arrivals.iter().fold(None, |held: Option<Tagged>, token| {
        match rule.pick(held.as_ref(), token).winner {
            Winner::Existing => held,
            Winner::Incoming => Some(*token),
        }
    })
}

fn tagged(stamps: Vec<Stamps>) -> Vec<Tagged> {
    let tag = |(tag, stamps)| Tagged { stamps, tag };
    stamps.into_iter().enumerate().map(tag).collect()
}

/// The decision table of the pull request, read line by line.
fn literally(existing: &Stamps, incoming: &Stamps) -> (Row, Winner) {
    let (e, i) = (existing.iat.unwrap_or(0), incoming.iat.unwrap_or(0));
    match (existing.oiat, incoming.oiat) {
        (Some(a), Some(b)) => {
            if a > b {
                (Row::A1, Winner::Existing)
            } else if a < b {
                (Row::A2, Winner::Incoming)
            } else if e > i {
                (Row::A3, Winner::Existing)
            } else if i > e {
                (Row::A4, Winner::Incoming)
            } else {
                (Row::A5, Winner::Incoming)
            }
        }
        (Some(_), None) => (Row::B1, Winner::Existing),
        (None, Some(_)) => (Row::B2, Winner::Incoming),
        (None, None) => (Row::B3, Winner::Incoming),
    }
}

/// Whether a pair falls in a row, each row by itself.
fn falls_in(row: Row, existing: &Stamps, incoming: &Stamps) -> bool {
    let by_iat = existing
        .iat
        .unwrap_or_default()
        .cmp(&incoming.iat.unwrap_or_default());
    let both = existing.oiat.zip(incoming.oiat);
    let same = both.is_some_and(|(a, b)| a == b);
    match row {
        Row::A1 => both.is_some_and(|(a, b)| a > b),
        Row::A2 => both.is_some_and(|(a, b)| a < b),
        Row::A3 => same && by_iat == Ordering::Greater,
        Row::A4 => same && by_iat == Ordering::Less,
        Row::A5 => same && by_iat == Ordering::Equal,
        Row::B1 => existing.oiat.is_some() && incoming.oiat.is_none(),
        Row::B2 => existing.oiat.is_none() && incoming.oiat.is_some(),
        Row::B3 => existing.oiat.is_none() && incoming.oiat.is_none(),
    }
}

/// The existing token is strictly fresher.
fn beats(existing: &Stamps, incoming: &Stamps) -> bool {
    pick_freshest(Some(existing), incoming).winner == Winner::Existing
}

fn none_of_existing() -> Decision {
    Decision {
        row: None,
        winner: Winner::Incoming,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_comparator_is_the_table_read_literally(e in stamps(), i in stamps()) {
        let decision = pick_freshest(Some(&e), &i);
        let (row, winner) = literally(&e, &i);
        prop_assert_eq!(decision, Decision { row: Some(row), winner });
    }

    #[test]
    fn every_pair_falls_in_exactly_one_row(e in stamps(), i in stamps()) {
        let rows: Vec<_> = Row::ALL.into_iter().filter(|&row| falls_in(row, &e, &i)).collect();
        prop_assert_eq!(rows, vec![Row::of(&e, &i)]);
    }

    #[test]
    fn the_winner_is_the_one_of_the_two_that_ranks_higher(e in stamps(), i in stamps()) {
        let winner = match pick_freshest(Some(&e), &i).winner {
            Winner::Existing => e,
            Winner::Incoming => i,
        };
        prop_assert_eq!(rank(&winner), rank(&e).max(rank(&i)));
    }

    #[test]
    fn rank_never_decreases_as_tokens_arrive(all in prop::collection::vec(stamps(), 1..12)) {
        let all = tagged(all);
        let rule = Rule::Table(Table::STANDARD);
        for end in 1..all.len() {
            let (before, after) = (survivor(rule, &all[..end]), survivor(rule, &all[..=end]));
            prop_assert!(before.map(|t| rank(&t)) <= after.map(|t| rank(&t)));
        }
    }

    #[test]
    fn under_every_rule_the_survivor_is_one_of_the_arrivals(
        rule in rule(),
        all in prop::collection::vec(stamps(), 1..8),
    ) {
        let all = tagged(all);
        let survivor = survivor(rule, &all).expect("something arrived");
        prop_assert_eq!(all[survivor.tag], survivor);
    }

    #[test]
    fn being_strictly_fresher_is_a_total_preorder(a in stamps(), b in stamps(), c in stamps()) {
        let ties = |x: &Stamps, y: &Stamps| !beats(x, y) && !beats(y, x);
        prop_assert!(!beats(&a, &a), "nothing is strictly fresher than itself");
        prop_assert!(!(beats(&a, &b) && beats(&b, &a)), "of two at most one is fresher");
        prop_assert!(!(beats(&a, &b) && beats(&b, &c)) || beats(&a, &c), "fresher, transitively");
        prop_assert!(!(ties(&a, &b) && ties(&b, &c)) || ties(&a, &c), "ties, transitively");
        prop_assert_eq!(beats(&a, &b), rank(&a) > rank(&b), "rank is the same order");
        prop_assert_eq!(ties(&a, &b), rank(&a) == rank(&b), "rank has the same ties");
    }

    #[test]
    fn two_tokens_without_oiat_tie_whatever_their_iat(a in stamp(), b in stamp(), other in stamps()) {
        let legacy = |iat| Stamps { oiat: None, iat };
        prop_assert_eq!(rank(&legacy(a)), rank(&legacy(b)));
        prop_assert!(!beats(&legacy(a), &legacy(b)));
        prop_assert!(rank(&legacy(a)) <= rank(&other), "they share the lowest rank");
    }

    #[test]
    fn the_order_of_arrival_matters_only_among_ties(
        (one, other) in prop::collection::vec(stamps(), 1..8)
            .prop_map(tagged)
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        let rule = Rule::Table(Table::STANDARD);
        let (first, second) = (survivor(rule, &one), survivor(rule, &other));
        let (first, second) = (first.expect("a survivor"), second.expect("a survivor"));
        prop_assert_eq!(rank(&first), rank(&second));
        let best = one.iter().filter(|token| rank(*token) == rank(&first)).count();
        prop_assert!(best > 1 || first == second, "without a tie the very same token survives");
    }

    #[test]
    fn of_the_freshest_the_one_that_arrives_last_survives(
        all in prop::collection::vec(stamps(), 1..8),
    ) {
        let all = tagged(all);
        let best = all.iter().map(rank).max();
        let last = all.iter().rev().find(|token| Some(rank(*token)) == best).copied();
        prop_assert_eq!(survivor(Rule::Table(Table::STANDARD), &all), last);
    }

    #[test]
    fn a_missing_iat_counts_as_zero(rule in rule(), e in stamps(), i in stamps()) {
        let filled = |s: Stamps| Stamps { iat: Some(s.iat.unwrap_or(0)), ..s };
        prop_assert_eq!(rule.decide(&e, &i), rule.decide(&filled(e), &filled(i)));
        prop_assert_eq!(rank(&e), rank(&filled(e)));
    }

    #[test]
    fn without_an_existing_token_the_incoming_one_wins_by_no_row(rule in rule(), i in stamps()) {
        prop_assert_eq!(rule.pick(None, &i), none_of_existing());
        prop_assert_eq!(pick_freshest(None, &i), none_of_existing());
    }

    #[test]
    fn a_table_decides_by_nothing_but_the_row(bits: u8, e in stamps(), i in stamps()) {
        let (row, _) = literally(&e, &i);
        let winner = match bits >> row.index() & 1 {
            1 => Winner::Existing,
            _ => Winner::Incoming,
        };
        let decision = Rule::Table(Table::from_bits(bits)).decide(&e, &i);
        prop_assert_eq!(decision, Decision { row: Some(row), winner });
    }

    #[test]
    fn iat_only_keeps_the_existing_token_unless_the_other_was_minted_later(
        e in stamps(),
        i in stamps(),
    ) {
        let later = i.iat.unwrap_or(0) > e.iat.unwrap_or(0);
        let decision = Rule::IatOnly.decide(&e, &i);
        prop_assert_eq!(decision.winner == Winner::Incoming, later);
        prop_assert_eq!(decision.row, Some(Row::of(&e, &i)), "the row is told all the same");
    }

    #[test]
    fn oiat_else_iat_compares_iat_where_oiat_is_missing_and_keeps_a_tie(
        e in stamps(),
        i in stamps(),
    ) {
        let (e_iat, i_iat) = (e.iat.unwrap_or(0), i.iat.unwrap_or(0));
        let (e_key, i_key) = (e.oiat.unwrap_or(e_iat), i.oiat.unwrap_or(i_iat));
        let incoming = i_key > e_key || i_key == e_key && i_iat > e_iat;
        let decision = Rule::OiatElseIat.decide(&e, &i);
        prop_assert_eq!(decision.winner == Winner::Incoming, incoming);
    }
}

#[test]
fn the_table_holds_for_every_pair_of_edge_values() {
    let values = || std::iter::once(None).chain(EDGES.map(Some));
    let all: Vec<_> = values()
        .flat_map(|oiat| values().map(move |iat| Stamps { oiat, iat }))
        .collect();
    let mut rows = Vec::new();
    for existing in &all {
        for incoming in &all {
            let (row, winner) = literally(existing, incoming);
            let row = Some(row);
            let decision = pick_freshest(Some(existing), incoming);
            assert_eq!(
                decision,
                Decision { row, winner },
                "{existing:?} {incoming:?}"
            );
            rows.extend(row);
        }
    }
    rows.sort();
    rows.dedup();
    assert_eq!(rows, Row::ALL, "every row was met");
}

#[test]
fn the_standard_table_lets_existing_win_in_a1_a3_and_b1_only() {
    let kept = Row::ALL.map(|row| Table::STANDARD.winner(row) == Winner::Existing);
    assert_eq!(kept, [true, false, true, false, false, true, false, false]);
}

#[test]
fn every_table_is_the_same_after_its_bits_were_written_and_read() {
    for bits in 0..=u8::MAX {
        let table = Table::from_bits(bits);
        assert_eq!(table.bits(), bits);
        let again = Row::ALL
            .into_iter()
            .fold(Table::from_bits(!bits), |t, row| {
                t.with(row, table.winner(row))
            });
        assert_eq!(again, table, "row by row");
    }
}

#[test]
fn replacing_one_row_of_a_table_leaves_the_others_alone() {
    for row in Row::ALL {
        for winner in [Winner::Existing, Winner::Incoming] {
            let changed = Table::STANDARD.with(row, winner);
            assert_eq!(changed.winner(row), winner);
            for other in Row::ALL.into_iter().filter(|&other| other != row) {
                assert_eq!(changed.winner(other), Table::STANDARD.winner(other));
            }
        }
    }
}

#[test]
fn the_example_of_a_row_falls_in_it() {
    for row in Row::ALL {
        let (existing, incoming) = row.example();
        assert_eq!(Row::of(&existing, &incoming), row);
    }
}
