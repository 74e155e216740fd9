//! The broadcast channels: of tokens, and of sign-outs.

use super::message::Post;
use super::roster::{Outbox, Roster};
use super::tab::TabMsg;
use crate::vocabulary::{Life, TabId, TabSet};
use stateright::actor::Id;
use std::borrow::Cow;

/// What the broadcast channel is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelMsg {
    /// By a tab: this is for all the others.
    Post(Post),
    /// By the composition: the oldest post on its way arrives.
    Deliver {
        /// The receiver.
        to: TabId,
        /// The poster.
        from: TabId,
    },
    /// By the driver: the oldest post on its way is lost.
    Lose {
        /// The tab that will not receive it.
        to: TabId,
        /// The poster.
        from: TabId,
    },
    /// By the driver: all posts on their way to this tab are lost.
    Drop(TabId),
    /// By a tab: it has been opened, and hears from now on.
    Opened,
    /// By a tab: it has been closed. What is on its way to it is lost.
    Closed,
    /// By a tab, for all the others: it has signed out.
    SignOut,
    /// By the composition: a sign-out message on its way arrives.
    DeliverSignOut {
        /// The receiver.
        to: TabId,
        /// The tab that signed out.
        from: TabId,
    },
}

impl ChannelMsg {
    /// The tab whose inbox it is about; `None` for all inboxes but the sender's.
    pub(crate) const fn receiver(&self) -> Option<TabId> {
        match self {
            ChannelMsg::Post(_) | ChannelMsg::Opened | ChannelMsg::Closed | ChannelMsg::SignOut => {
                None
            }
            ChannelMsg::Deliver { to, .. }
            | ChannelMsg::Lose { to, .. }
            | ChannelMsg::Drop(to)
            | ChannelMsg::DeliverSignOut { to, .. } => Some(*to),
        }
    }

    /// What it does to an inbox.
    pub(crate) const fn handling(&self) -> Handling {
        match self {
            ChannelMsg::Post(_) | ChannelMsg::SignOut => Handling::Adds,
            ChannelMsg::Deliver { .. }
            | ChannelMsg::Lose { .. }
            | ChannelMsg::DeliverSignOut { .. } => Handling::Takes,
            ChannelMsg::Drop(_) | ChannelMsg::Opened | ChannelMsg::Closed => Handling::Changes,
        }
    }
}

/// What a message does to something with queues. Whoever adds does not disturb whoever takes what is
/// there, nor others who add to queues of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Handling {
    /// Puts something at the end of the sender's queue.
    Adds,
    /// Takes the oldest of one queue.
    Takes,
    /// Anything else.
    Changes,
}

/// The broadcast channels: first in, first out for each pair of tabs, no order across pairs
/// (the HTML standard, section "Broadcasting to other browsing contexts"). Tokens and sign-outs have
/// a channel each, with no order across the two.
#[derive(Clone, Debug)]
pub struct Channel {
    pub(super) roster: Roster,
    pub(super) life: Life,
}

/// See [`Channel`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct ChannelState {
    /// Posts on their way, oldest first, for each (receiver, poster) that has any, in that order.
    pub posts: Vec<((TabId, TabId), Vec<Post>)>,
    /// How many sign-out messages are on their way, for each (receiver, sender) that has any, in
    /// that order.
    pub sign_outs: Vec<((TabId, TabId), u8)>,
    /// The tabs that hear nothing, because they are not open.
    pub away: TabSet,
}

impl ChannelState {
    /// Nothing is on its way.
    pub fn is_empty(&self) -> bool {
        self.posts.is_empty() && self.sign_outs.is_empty()
    }

    /// What of it is about one receiver.
    pub(crate) fn inbox(&self, tab: TabId) -> ChannelState {
        let mut inbox = self.clone();
        inbox.posts.retain(|((to, _), _)| *to == tab);
        inbox.sign_outs.retain(|((to, _), _)| *to == tab);
        inbox.away = inbox.away.and(TabSet::NONE.with(tab));
        inbox
    }

    fn put(&mut self, pair: (TabId, TabId), post: Post) {
        match self.posts.binary_search_by_key(&pair, |(pair, _)| *pair) {
            Ok(index) => self.posts[index].1.push(post),
            Err(index) => self.posts.insert(index, (pair, vec![post])),
        }
    }

    fn take(&mut self, pair: (TabId, TabId)) -> Option<Post> {
        let index = self.posts.iter().position(|(of, _)| *of == pair)?;
        let oldest = self.posts[index].1.remove(0);
        if self.posts[index].1.is_empty() {
            self.posts.remove(index);
        }
        Some(oldest)
    }

    fn put_sign_out(&mut self, pair: (TabId, TabId)) {
        match self
            .sign_outs
            .binary_search_by_key(&pair, |(pair, _)| *pair)
        {
            Ok(index) => self.sign_outs[index].1 += 1,
            Err(index) => self.sign_outs.insert(index, (pair, 1)),
        }
    }

    fn take_sign_out(&mut self, pair: (TabId, TabId)) -> bool {
        let Some(index) = self.sign_outs.iter().position(|(of, _)| *of == pair) else {
            return false;
        };
        self.sign_outs[index].1 -= 1;
        if self.sign_outs[index].1 == 0 {
            self.sign_outs.remove(index);
        }
        true
    }
}

impl Channel {
    pub(super) fn start(&self) -> ChannelState {
        ChannelState {
            away: self.life.absent,
            ..ChannelState::default()
        }
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
                for to in self.others(state, from) {
                    state.to_mut().put((to, from), post);
                }
            }
            ChannelMsg::Deliver { to, from } => {
                if let Some(post) = state.to_mut().take((to, from)) {
                    out.tab(to, TabMsg::Broadcast(post));
                }
            }
            ChannelMsg::Lose { to, from } => {
                state.to_mut().take((to, from));
            }
            ChannelMsg::Drop(tab) => state.to_mut().posts.retain(|((to, _), _)| *to != tab),
            ChannelMsg::Opened => {
                let tab = self.roster.tab_of(src);
                if state.away.has(tab) {
                    let state = state.to_mut();
                    state.away = state.away.without(tab);
                }
            }
            ChannelMsg::Closed => {
                let tab = self.roster.tab_of(src);
                let state = state.to_mut();
                state.away.insert(tab);
                state.posts.retain(|((to, _), _)| *to != tab);
                state.sign_outs.retain(|((to, _), _)| *to != tab);
            }
            ChannelMsg::SignOut => {
                let from = self.roster.tab_of(src);
                for to in self.others(state, from) {
                    state.to_mut().put_sign_out((to, from));
                }
            }
            ChannelMsg::DeliverSignOut { to, from } => {
                if state.to_mut().take_sign_out((to, from)) {
                    out.tab(to, TabMsg::SignedOut);
                }
            }
        }
    }

    /// The tabs that hear another one.
    fn others(&self, state: &ChannelState, from: TabId) -> impl Iterator<Item = TabId> + use<> {
        let away = state.away;
        let tabs = self.roster.tabs();
        tabs.filter(move |&to| to != from && !away.has(to))
    }
}

#[cfg(test)]
mod tests;
