//! The broadcast channel.

use super::event::Event;
use super::message::{Msg, Post, TabId};
use super::participant::actor_types;
use super::roster::Roster;
use stateright::actor::{Actor, Id, Out};
use std::borrow::Cow;

/// The broadcast channel: first in, first out for each pair of tabs, no order across pairs
/// (the HTML standard, section "Broadcasting to other browsing contexts").
#[derive(Clone, Debug)]
pub struct Channel {
    pub(super) roster: Roster,
}

/// Posts on their way, oldest first, for each (receiver, poster) that has any, in that order.
pub type ChannelState = Vec<((TabId, TabId), Vec<Post>)>;

impl Channel {
    fn take(state: &mut ChannelState, to: TabId, from: TabId) -> Option<Post> {
        let index = state.iter().position(|(pair, _)| *pair == (to, from))?;
        let oldest = state[index].1.remove(0);
        if state[index].1.is_empty() {
            state.remove(index);
        }
        Some(oldest)
    }
}

impl Actor for Channel {
    actor_types!(ChannelState);

    fn on_start(&self, _: Id, _: &Option<()>, _: &mut Out<Self>) -> ChannelState {
        Vec::new()
    }

    fn on_msg(&self, _: Id, state: &mut Cow<ChannelState>, src: Id, msg: Msg, _: &mut Out<Self>) {
        match msg {
            Msg::Post(post) => {
                for to in self.roster.tabs().filter(|&to| self.roster.tab(to) != src) {
                    let pair = (to, TabId(usize::from(src) as u8));
                    let queues = state.to_mut();
                    match queues.binary_search_by_key(&pair, |(pair, _)| *pair) {
                        Ok(index) => queues[index].1.push(post),
                        Err(index) => queues.insert(index, (pair, vec![post])),
                    }
                }
            }
            Msg::Lose { to, from } => {
                Channel::take(state.to_mut(), to, from);
            }
            _ => {}
        }
    }

    fn on_random(&self, _: Id, state: &mut Cow<ChannelState>, event: &Event, out: &mut Out<Self>) {
        if let Event::Deliver { to, from } = *event
            && let Some(post) = Channel::take(state.to_mut(), to, from)
        {
            out.send(self.roster.tab(to), Msg::Broadcast(post));
        }
    }
}
