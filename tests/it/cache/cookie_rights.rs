//! Who may write the cookie.

use super::*;
use freshest::cache::{Focus, Phase, may_write_cookie};

/// Without the measure the organisation of the token is nobody's business; with it, it is that of
/// whoever is in one.
#[test]
fn only_a_design_that_asks_for_it_keeps_another_organisation_out() {
    let measured = |measures| Policy {
        measures,
        ..design("pr-9284").policy
    };
    let own = measured(Measures::NONE.with(Measure::ContextCookie));
    let any = measured(Measures::NONE);
    let of = |org| ModelToken { org, ..FRESH };
    let may = |policy, writer: Writer, org| may_write_cookie(policy, &writer, None, &of(org));
    let leaving = Writer {
        phase: Phase::Leaving,
        ..Writer::FOREMOST
    };
    for org in [Org::PERSONAL, Org::FIRST] {
        assert!(may(&any, Writer::FOREMOST, org));
        assert!(may(&own, leaving, org));
    }
    assert!(may(&own, Writer::FOREMOST, Org::PERSONAL));
    assert!(!may(&own, Writer::FOREMOST, Org::FIRST));
    let behind = Writer {
        focus: Focus::Blurred,
        ..Writer::FOREMOST
    };
    let elsewhere = Some(Org::FIRST);
    assert!(!may_write_cookie(
        &any,
        &behind,
        elsewhere,
        &of(Org::PERSONAL)
    ));
}
