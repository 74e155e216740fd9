//! What a proposal may do otherwise.

use super::*;

fn with(measure: Measure, tab: Tab) -> Tab {
    let mut policy = tab.policy;
    policy.measures = policy.measures.with(measure);
    Tab { policy, ..tab }
}

#[test]
fn a_tab_that_is_out_may_ignore_answers_and_free_what_they_were_for() {
    let mut tab = with(Measure::OutIgnores, Tab::of("pr-9284"));
    tab.hears(Event::SkipCache)
        .hears(Event::RefreshTimer { key: PERSONAL })
        .hears(Event::Touch)
        .signed_out();
    tab.answered(BACKGROUND, STALE)
        .answered(TokenRequest::Fetch(F0), FRESH)
        .touched(FRESH);
    assert_eq!(tab.cached(PERSONAL), None);
    assert!(tab.writes().is_empty() && tab.posts().is_empty());
    assert!(!tab.cache.is_asking() && tab.cache.touches.is_empty());
}

#[test]
fn a_refresh_may_ask_for_the_organisation_of_its_key() {
    let mut tab = with(Measure::KeyAsks, Tab::with_two_keys("pr-9284"));
    tab.hears(Event::Switch)
        .hears(Event::RefreshTimer { key: PERSONAL });
    let asked: Vec<_> = tab.requests().iter().map(|(_, org, _)| *org).collect();
    assert_eq!(asked, [PERSONAL]);
}

#[test]
fn a_loading_tab_that_hears_of_a_sign_out_may_stay_out() {
    let measures = [Measure::LoadVoid, Measure::OutIgnores];
    let tab = Tab::absent("pr-9284");
    let mut tab = measures
        .into_iter()
        .fold(tab, |tab, measure| with(measure, tab));
    tab.hears(Event::Open).hears(Event::SignedOutElsewhere);
    tab.hears(Event::Loaded(FRESH));
    assert_eq!(tab.cache.phase, Phase::Out);
    assert!(tab.writes().is_empty());
}

#[test]
fn a_reload_may_empty_the_cache() {
    let mut tab = with(Measure::ReloadEmpties, Tab::of("pr-9284"));
    tab.hears(Event::SignedOutElsewhere).hears(Event::Reloaded);
    assert_eq!(tab.cached(PERSONAL), None);
}

#[test]
fn a_tab_that_is_out_may_ignore_what_the_client_is_after_a_401() {
    for ignores in [true, false] {
        let tab = Tab::of("pr-9284");
        let mut tab = if ignores {
            with(Measure::OutIgnores, tab)
        } else {
            tab
        };
        let (how, request) = (Spoiled::Unauthorized, BACKGROUND);
        tab.hears(Event::RefreshTimer { key: PERSONAL })
            .hears(Event::Spoiled { how, request })
            .signed_out();
        let token = Some(FRESH);
        tab.hears(Event::Rechecked { request, token });
        let ignored = Effect::Saw(Observation::Ignored(FRESH));
        assert_eq!(tab.effects.contains(&ignored), ignores);
        assert_eq!(tab.cached(PERSONAL), (!ignores).then_some(FRESH));
    }
}

#[test]
fn an_adoption_may_move_the_seed_of_a_session_in_the_same_organisation() {
    for (measures, token, last) in [
        (true, FRESH, FRESH),
        (true, of_org(FRESH), T0),
        (false, FRESH, T0),
    ] {
        let tab = Tab::with_two_keys("pr-9030");
        let mut tab = if measures {
            with(Measure::AdoptionSeeds, tab)
        } else {
            tab
        };
        let key = token.org;
        tab.hears(Event::Broadcast { key, token });
        assert_eq!(tab.cached(key), Some(token));
        assert_eq!(tab.cache.last(), Some(&last), "{measures} {token}");
    }
}
