//! In which order messages may come.

use super::*;
use crate::freshness::Org;
use crate::model::{Msg, Shared};
use crate::vocabulary::ModelToken;
use stateright::actor::{Command, Out};
use std::collections::HashSet;

const ROSTER: Roster = Roster { tabs: 3 };

/// A message with its sender.
type Sent = (Id, ChannelMsg);

/// Everything that can be said to the channel.
fn all() -> Vec<Sent> {
    let composition = ROSTER.composition();
    let driver = ROSTER.shared(Shared::Driver);
    let mut all = Vec::new();
    for to in ROSTER.tabs() {
        let tab = ROSTER.tab(to);
        let post = Post::Token(Org::PERSONAL, ModelToken::read_at(to.0, to.0));
        for msg in [
            ChannelMsg::Post(post),
            ChannelMsg::Opened,
            ChannelMsg::Closed,
            ChannelMsg::SignOut,
        ] {
            all.push((tab, msg));
        }
        all.push((driver, ChannelMsg::Drop(to)));
        for from in ROSTER.tabs().filter(|&from| from != to) {
            all.push((driver, ChannelMsg::Lose { to, from }));
            all.push((composition, ChannelMsg::Deliver { to, from }));
            all.push((composition, ChannelMsg::DeliverSignOut { to, from }));
        }
    }
    all
}

/// The channel after a message, and what it says.
fn after(state: &ChannelState, (src, msg): &Sent) -> (ChannelState, Vec<Msg>) {
    let channel = Channel {
        roster: ROSTER,
        life: Life::default(),
    };
    let mut state = Cow::Borrowed(state);
    let mut out = Out::new();
    let mut outbox = Outbox {
        roster: ROSTER,
        out: &mut out,
    };
    channel.on_msg(&mut state, *src, msg.clone(), &mut outbox);
    let said = out.iter().map(|command| match command {
        Command::Send(_, msg) => msg.clone(),
        other => panic!("{other:?}"),
    });
    (state.clone().into_owned(), said.collect())
}

/// Whether there is what a message takes.
fn can_happen(state: &ChannelState, msg: &ChannelMsg) -> bool {
    match msg {
        ChannelMsg::Deliver { to, from } | ChannelMsg::Lose { to, from } => {
            state.posts.iter().any(|(pair, _)| *pair == (*to, *from))
        }
        ChannelMsg::DeliverSignOut { to, from } => {
            (state.sign_outs.iter()).any(|(pair, _)| *pair == (*to, *from))
        }
        ChannelMsg::Post(_)
        | ChannelMsg::Drop(_)
        | ChannelMsg::Opened
        | ChannelMsg::Closed
        | ChannelMsg::SignOut => true,
    }
}

/// Whether handling and senders say that the order of two messages makes no difference.
fn may_swap(one: &Sent, other: &Sent) -> bool {
    match (one.1.handling(), other.1.handling()) {
        (Handling::Adds, Handling::Adds) => one.0 != other.0,
        (Handling::Adds, Handling::Takes) | (Handling::Takes, Handling::Adds) => true,
        (Handling::Takes, Handling::Takes) => one.1.receiver() != other.1.receiver(),
        (Handling::Changes, _) | (_, Handling::Changes) => false,
    }
}

#[test]
fn whoever_adds_to_a_queue_disturbs_neither_whoever_takes_nor_another_who_adds() {
    let all = all();
    let mut level = HashSet::from([ChannelState::default()]);
    let mut swapped = 0;
    for _ in 0..3 {
        for state in &level {
            for (place, one) in all.iter().enumerate() {
                for other in &all[..place] {
                    let can_happen = can_happen(state, &one.1) && can_happen(state, &other.1);
                    if !can_happen || !may_swap(one, other) {
                        continue;
                    }
                    let (first, said) = after(state, one);
                    let (second, said_by_other) = after(state, other);
                    let (end, said_then) = after(&first, other);
                    assert_eq!((end, said), after(&second, one), "{one:?} and {other:?}");
                    assert_eq!(said_by_other, said_then, "{one:?} and {other:?}");
                    swapped += 1;
                }
            }
        }
        let next = level
            .iter()
            .flat_map(|state| all.iter().map(|sent| after(state, sent).0));
        level = next.collect();
    }
    assert!(swapped > 1_000, "{swapped}");
}
