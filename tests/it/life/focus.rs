//! What a tab without focus does not do.

use super::*;

#[test]
fn a_tab_without_focus_gets_no_timer_under_the_focus_rule() {
    for (name, armed) in [("pr-9284", false), ("pr-9030", true), ("iat-guard", true)] {
        let mut tab = Tab::without_focus(name);
        assert_eq!(tab.is_armed(PERSONAL), armed, "{name}: at the start");
        tab.hears(Event::Touch).touched(FRESH);
        assert_eq!(tab.is_armed(PERSONAL), armed, "{name}: by a payload");
        let mut tab = Tab::without_focus(name);
        tab.hears(Event::SkipCache)
            .answered(TokenRequest::Fetch(F0), FRESH);
        assert_eq!(tab.is_armed(PERSONAL), armed, "{name}: by a fetch");
    }
}

#[test]
fn for_a_fetch_it_counts_whether_the_tab_had_focus_when_it_asked() {
    let mut tab = Tab::of("pr-9284");
    tab.hears(Event::SkipCache).hears(Event::Blur);
    tab.answered(TokenRequest::Fetch(F0), FRESH);
    assert!(tab.is_armed(PERSONAL));
    let mut tab = Tab::of("pr-9284");
    tab.hears(Event::RefreshTimer { key: PERSONAL })
        .hears(Event::Blur);
    tab.answered(BACKGROUND, FRESH);
    assert!(
        !tab.is_armed(PERSONAL),
        "for a background answer it counts now"
    );
}

#[test]
fn focus_reads_writes_the_cookie_once_more_and_touches() {
    let mut tab = Tab::without_focus("pr-9284");
    tab.hears(Event::Focus);
    assert_eq!(tab.cache.focus, Focus::Has);
    assert_eq!(tab.writes().len(), 2);
    assert_eq!(tab.requests(), [(RequestKind::Touch(0), PERSONAL, None)]);
    let mut tab = Tab::without_focus("pr-9284");
    tab.hears(Event::Clear).hears(Event::Focus);
    let kinds: Vec<_> = tab.requests().into_iter().map(|(kind, ..)| kind).collect();
    let fetch = RequestKind::Token(TokenRequest::Fetch(F0));
    assert_eq!(kinds, [fetch, RequestKind::Touch(0)], "the fetch first");
}

#[test]
fn whoever_has_no_focus_may_write_only_in_the_context_of_the_cookie() {
    let hidden = Writer {
        focus: Focus::Blurred,
        ..Writer::FOREMOST
    };
    assert!(Writer::FOREMOST.may_write(Some(ORG)));
    assert!(hidden.may_write(Some(PERSONAL)) && hidden.may_write(None));
    assert!(!hidden.may_write(Some(ORG)));
    for phase in [Phase::Leaving, Phase::Out] {
        let leaving = Writer { phase, ..hidden };
        assert!(!leaving.may_write(Some(PERSONAL)) && leaving.may_write(None));
        assert_eq!(leaving.context_cookie(), None);
    }
}
