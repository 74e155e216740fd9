//! The guard of the cookie jar that all tabs share.

use super::guard::decide;
use super::{Clock, Comparison, Measure, Policy, Site, Subject, Writer};
use crate::freshness::{Org, Stamped, Winner};

/// Whether a tab may write a token while the context cookie says this: it has the right to, and the
/// design does not ask for more ([`Measure::ContextCookie`]).
pub fn may_write_cookie(
    policy: &Policy,
    writer: &Writer,
    context_cookie: Option<Org>,
    token: &impl Stamped,
) -> bool {
    let is_astray = token.org() != writer.context && writer.phase.is_in_context();
    let must_be_own = policy.measures.has(Measure::ContextCookie);
    writer.may_write(context_cookie) && !(must_be_own && is_astray)
}

/// Whether a cookie write goes through, and the comparison that decided, if there was one.
///
/// With [`Site::Cookie`] a write is dropped only if both tokens are of one organisation and have
/// `oiat`, the cookie's token is not dead, and it is strictly fresher. With
/// [`Measure::LegacyCookie`], or a rule that can rank tokens without `oiat`, they need not have it.
pub fn cookie_accepts<T: Stamped + Clone>(
    policy: &Policy,
    clock: &impl Clock<T>,
    cookie: Option<&T>,
    incoming: &T,
) -> (bool, Option<Comparison<T>>) {
    let Some(cookie) = cookie.filter(|_| policy.guards.has(Site::Cookie)) else {
        return (true, None);
    };
    let is_legacy = cookie.oiat().is_none() || incoming.oiat().is_none();
    let rule = policy.rules.at(Site::Cookie);
    let can_rank = rule.ranks_without_oiat() || policy.measures.has(Measure::LegacyCookie);
    let is_alike = cookie.org() == incoming.org();
    if is_legacy && !can_rank || clock.is_dead(cookie) || !is_alike {
        return (true, None);
    }
    let decision = decide(rule, clock, cookie, incoming);
    let comparison = Comparison {
        site: Site::Cookie,
        subject: Subject::Update,
        existing: cookie.clone(),
        incoming: incoming.clone(),
        decision,
    };
    (decision.winner == Winner::Incoming, Some(comparison))
}
