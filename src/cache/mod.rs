//! One tab's token cache, with the sessions it is in, as a pure state machine.
//!
//! [`Cache::handle`] takes an [`Event`], changes the cache and returns the [`Effect`]s it asks for;
//! it does no I/O and reads no clock but the [`Clock`] it is given. Every design of `models/` runs
//! through this one implementation: they differ in their [`Policy`] alone. [`cookie_accepts`] and
//! [`Writer::may_write`] are the same for the cookie jar that all tabs share.
//!
//! The behaviour is that of the published `@clerk/clerk-js`: 6.10.0 (a guard by `iat`), 6.11.1
//! (pull request #8097), 6.24.0 (#9030) and 6.28.1 to 6.40.0 (#9284), measured there, and of two
//! drafts of #8097 that were never released.
//!
//! Beside the effects that somebody has to carry out, the cache reports what it did as
//! [`Effect::Saw`]: evidence for the properties and for the story of a counterexample. Nothing in
//! the cache depends on it.

mod answer;
mod client;
mod cookie;
mod effect;
mod event;
mod guard;
mod lock;
mod measure;
mod phase;
mod policy;
mod request;
mod rules;
mod slot;
mod state;
mod turn;

pub use cookie::{cookie_accepts, may_write_cookie};
pub use effect::{Comparison, Effect, Observation, Subject, Writer};
pub(crate) use event::{Asking, Concern};
pub use event::{Clock, Event, FetchId, RequestKind, SessionId, Spoiled, TokenRequest};
pub use lock::{Call, Waiting};
pub use measure::{Measure, Measures};
pub use phase::{Focus, Phase};
pub use policy::{Answers, Guards, Platform, Policy, Posts, Requests, SeedFrom, Site, Timers};
pub use rules::Rules;
pub use slot::{Asks, Background, Entry, Keyed, Own, Slot};
pub use state::{Cache, Fetch, Session, Update};

use crate::freshness::{Org, Stamped};
use turn::Turn;

impl<T: Stamped + Clone> Cache<T> {
    /// Runs one event until everything synchronous in this tab is done.
    pub fn handle(
        &mut self,
        policy: &Policy,
        clock: &impl Clock<T>,
        event: Event<T>,
    ) -> Vec<Effect<T>> {
        let mut turn = Turn {
            cache: self,
            policy,
            clock,
            effects: Vec::new(),
        };
        match event {
            Event::Open => turn.open(),
            Event::Close => turn.close(),
            Event::RefreshTimer { key } => turn.refresh(key),
            Event::SkipCache => turn.skip_cache(),
            Event::GetToken => turn.get_token(),
            Event::Wait(call) => turn.wait(call),
            Event::Resume(call) => turn.resume(call),
            Event::Poll => turn.poll(),
            Event::Focus => turn.focus(),
            Event::Blur => turn.blur(),
            Event::Touch => turn.touch(),
            Event::Switch => turn.switch(),
            Event::SignOut => turn.sign_out(),
            Event::Answer { request, token } => turn.answer(request, token),
            Event::Spoiled { how, request } => match how {
                Spoiled::Failed => turn.failure(request),
                Spoiled::Empty => turn.empty_answer(request),
                Spoiled::Unauthorized => turn.unauthorized(request),
            },
            Event::Rechecked { request, token } => turn.rechecked(request, token),
            Event::Loaded(token) if turn.is_deaf() => turn.saw(Observation::Ignored(token)),
            Event::Loaded(token) => turn.payload(token, Org::PERSONAL),
            Event::Touched {
                number,
                token,
                payload,
            } => turn.touched(number, token, payload),
            Event::Switched { number, token } => turn.switched(number, token),
            Event::Ended => turn.ended(),
            Event::Reloaded => turn.reloaded(),
            Event::SignedOutElsewhere => turn.signed_out_elsewhere(),
            Event::Broadcast { key, token } => turn.broadcast(key, token),
            Event::OutOfDate { key } => turn.out_of_date(key),
            Event::CleanupTimer { key } => turn.evict(key),
            Event::Clear => turn.vacate_all(),
        }
        let mut effects = turn.effects;
        if policy.platform != Platform::WEB {
            effects.retain(|effect| policy.platform.carries(effect));
        }
        self.forget_sessions();
        effects
    }
}
