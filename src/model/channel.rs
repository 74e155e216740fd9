//! The broadcast channel.

use super::message::{ChannelMsg, Post, TabMsg};
use super::roster::{Outbox, Roster};
use crate::vocabulary::TabId;
use stateright::actor::Id;
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

impl Channel {
    pub(super) fn start(&self) -> ChannelState {
        Vec::new()
    }

    pub(super) fn on_msg(
        &self,
        state: &mut Cow<ChannelState>,
        src: Id,
        msg: ChannelMsg,
        out: &mut Outbox<'_>,
    ) {
        match msg {
            ChannelMsg::Post(post) => {
                let from = self.roster.tab_of(src);
                for to in self.roster.tabs().filter(|&to| to != from) {
                    let pair = (to, from);
                    let queues = state.to_mut();
                    match queues.binary_search_by_key(&pair, |(pair, _)| *pair) {
                        Ok(index) => queues[index].1.push(post),
                        Err(index) => queues.insert(index, (pair, vec![post])),
                    }
                }
            }
            ChannelMsg::Deliver { to, from } => {
                if let Some(post) = Channel::take(state.to_mut(), to, from) {
                    out.tab(to, TabMsg::Broadcast(post));
                }
            }
            ChannelMsg::Lose { to, from } => {
                Channel::take(state.to_mut(), to, from);
            }
        }
    }
}
