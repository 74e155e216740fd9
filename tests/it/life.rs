//! The life of one tab, sentence by sentence: sessions, keys, focus, sign-out.

use crate::support::token;
use crate::tab::{FRESH, STALE, T0, Tab};
use freshest::cache::{
    Effect, Event, FetchId, Focus, Measure, Observation, Phase, RequestKind, Slot, Spoiled,
    TokenRequest, Writer,
};
use freshest::freshness::Org;
use freshest::vocabulary::ModelToken;

const PERSONAL: Org = Org::PERSONAL;
const ORG: Org = Org::FIRST;
const F0: FetchId = FetchId(0);
const BACKGROUND: TokenRequest = TokenRequest::Background(PERSONAL);

const fn of_org(token: ModelToken) -> ModelToken {
    ModelToken { org: ORG, ..token }
}

impl Tab {
    fn with_two_keys(design_name: &str) -> Tab {
        let tab = Tab::of(design_name);
        let cache = tab.cache.clone().with_two_keys();
        Tab { cache, ..tab }
    }

    fn absent(design_name: &str) -> Tab {
        let tab = Tab::of(design_name);
        let cache = tab.cache.clone().absent();
        Tab { cache, ..tab }
    }

    fn without_focus(design_name: &str) -> Tab {
        let tab = Tab::of(design_name);
        let cache = tab.cache.clone().without_focus(&tab.policy);
        Tab { cache, ..tab }
    }

    fn touched(&mut self, token: ModelToken) -> &mut Tab {
        let (number, payload) = (0, true);
        self.hears(Event::Touched {
            number,
            token,
            payload,
        })
    }

    fn signed_out(&mut self) -> &mut Tab {
        self.hears(Event::SignOut).hears(Event::Ended)
    }

    fn cached(&self, key: Org) -> Option<ModelToken> {
        self.cache.at(key).token().copied()
    }

    fn is_armed(&self, key: Org) -> bool {
        matches!(&self.cache.at(key).slot, Slot::Resolved(entry) if entry.is_armed())
    }

    fn requests(&self) -> Vec<(RequestKind, Org, Option<ModelToken>)> {
        let request = |effect: &Effect<ModelToken>| match effect {
            Effect::Request {
                kind, org, parent, ..
            } => Some((*kind, *org, *parent)),
            _ => None,
        };
        self.effects.iter().filter_map(request).collect()
    }

    fn writes(&self) -> Vec<(ModelToken, Writer)> {
        let write = |effect: &Effect<ModelToken>| match effect {
            Effect::WriteCookie { token, writer } => Some((*token, *writer)),
            _ => None,
        };
        self.effects.iter().filter_map(write).collect()
    }

    fn posts(&self) -> Vec<(Org, ModelToken)> {
        let post = |effect: &Effect<ModelToken>| match effect {
            Effect::Post { key, token } => Some((*key, *token)),
            _ => None,
        };
        self.effects.iter().filter_map(post).collect()
    }
}

mod opening {
    use super::*;

    #[test]
    fn a_tab_that_opens_loads_its_client_and_holds_nothing_until_then() {
        let mut tab = Tab::absent("pr-9284");
        assert_eq!(tab.cache.tokens().count(), 0);
        tab.hears(Event::Open);
        assert_eq!(tab.cache.phase, Phase::Loading);
        assert_eq!(tab.requests(), [(RequestKind::Load, PERSONAL, None)]);
        tab.hears(Event::Loaded(FRESH));
        assert_eq!(tab.cache.phase, Phase::Live);
        assert_eq!(tab.cached(PERSONAL), Some(FRESH));
        assert_eq!(tab.cache.last(), Some(&FRESH));
        assert_eq!(tab.posts(), [(PERSONAL, FRESH)]);
        assert!(tab.is_armed(PERSONAL));
    }

    #[test]
    fn a_loading_tab_adopts_broadcasts() {
        let mut tab = Tab::absent("pr-9284");
        let (key, token) = (PERSONAL, FRESH);
        tab.hears(Event::Open)
            .hears(Event::Broadcast { key, token });
        assert_eq!(tab.cached(PERSONAL), Some(FRESH));
        tab.hears(Event::Loaded(STALE));
        assert_eq!(tab.cached(PERSONAL), Some(FRESH), "the baseline keeps it");
        assert_eq!(tab.cache.last(), Some(&STALE), "the session has its own");
    }

    #[test]
    fn a_closed_tab_holds_nothing_but_that_it_is_closed() {
        let mut tab = Tab::with_two_keys("pr-9284");
        tab.hears(Event::Switch)
            .hears(Event::Touch)
            .hears(Event::SkipCache);
        tab.hears(Event::Close);
        let mut empty = Tab::absent("pr-9284").cache.with_two_keys();
        empty.phase = Phase::Closed;
        empty.focus = tab.cache.focus;
        assert_eq!(tab.cache, empty);
        assert!(tab.effects.is_empty());
    }
}

mod sessions {
    use super::*;

    #[test]
    fn every_client_payload_makes_a_new_session_and_forgets_the_old_one() {
        let mut tab = Tab::of("pr-9284");
        tab.hears(Event::Touch).touched(FRESH);
        assert_eq!(tab.cache.sessions.len(), 1);
        assert_eq!(tab.cache.last(), Some(&FRESH));
    }

    #[test]
    fn a_session_is_kept_while_a_request_names_it() {
        let mut tab = Tab::of("pr-9284");
        tab.hears(Event::SkipCache)
            .hears(Event::Touch)
            .touched(FRESH);
        assert_eq!(tab.cache.sessions.len(), 2, "the fetch is of the first");
        let later = token(4, 4);
        tab.answered(TokenRequest::Fetch(F0), later);
        assert_eq!(tab.cached(PERSONAL), Some(later));
        assert_eq!(
            tab.cache.last(),
            Some(&FRESH),
            "the fetch updated the old session"
        );
    }

    #[test]
    fn a_timer_stays_with_the_session_that_made_the_entry() {
        let mut tab = Tab::with_two_keys("pr-9284");
        tab.hears(Event::Switch).hears(Event::Switched {
            number: 0,
            token: of_org(FRESH),
        });
        // The personal entry is still the first session's, which is in the organisation by now.
        tab.hears(Event::RefreshTimer { key: PERSONAL });
        assert_eq!(
            tab.requests(),
            [(RequestKind::Token(BACKGROUND), ORG, Some(of_org(FRESH)))]
        );
    }

    #[test]
    fn the_client_guard_keeps_a_strictly_fresher_last_and_only_among_tokens_of_one_organisation() {
        for (name, kept) in [("pr-9284", FRESH), ("pr-9030", STALE), ("pr-8097", STALE)] {
            let mut tab = Tab::of(name);
            tab.hears(Event::SkipCache)
                .answered(TokenRequest::Fetch(F0), FRESH);
            tab.hears(Event::Touch).touched(STALE);
            assert_eq!(tab.cache.last(), Some(&kept), "{name}");
        }
        let mut tab = Tab::with_two_keys("pr-9284");
        tab.hears(Event::SkipCache)
            .answered(TokenRequest::Fetch(F0), FRESH);
        tab.hears(Event::Switch).hears(Event::Switched {
            number: 0,
            token: of_org(STALE),
        });
        assert_eq!(tab.cache.last(), Some(&of_org(STALE)));
    }

    #[test]
    fn without_a_payload_a_touch_only_updates_session_and_cookie() {
        let mut tab = Tab::of("pr-9284");
        let (number, token, payload) = (0, FRESH, false);
        tab.hears(Event::Touch).hears(Event::Touched {
            number,
            token,
            payload,
        });
        assert_eq!(tab.cached(PERSONAL), Some(T0));
        assert_eq!(tab.cache.last(), Some(&FRESH));
        assert_eq!(tab.writes(), [(FRESH, Writer::FOREMOST)]);
        assert!(tab.posts().is_empty());
    }

    #[test]
    fn touches_and_switches_are_numbered_apart_by_the_smallest_free_number() {
        let mut tab = Tab::with_two_keys("pr-9284");
        tab.hears(Event::Touch)
            .hears(Event::Switch)
            .hears(Event::Touch);
        assert_eq!(tab.requests(), [(RequestKind::Touch(1), ORG, None)]);
        tab.touched(FRESH).hears(Event::Touch);
        assert_eq!(
            tab.requests()[0].0,
            RequestKind::Touch(0),
            "0 is free again"
        );
    }
}

mod keys {
    use super::*;

    #[test]
    fn a_read_uses_the_key_of_the_current_sessions_organisation() {
        let mut tab = Tab::with_two_keys("pr-9284");
        tab.hears(Event::Switch);
        assert_eq!(tab.cache.context, PERSONAL, "the context follows later");
        tab.hears(Event::GetToken);
        let fetch = RequestKind::Token(TokenRequest::Fetch(F0));
        assert_eq!(tab.requests(), [(fetch, ORG, Some(T0))]);
        assert_eq!(tab.cached(PERSONAL), Some(T0));
    }

    #[test]
    fn a_fetch_that_was_joined_writes_the_cookie_twice() {
        let mut tab = Tab::with_two_keys("pr-9284");
        tab.hears(Event::SkipCache).hears(Event::GetToken);
        tab.answered(TokenRequest::Fetch(F0), FRESH);
        assert_eq!(tab.writes().len(), 2);
        let mut tab = Tab::of("pr-9284");
        tab.hears(Event::SkipCache).hears(Event::GetToken);
        tab.answered(TokenRequest::Fetch(F0), FRESH);
        assert_eq!(tab.writes().len(), 1, "with one key it makes no difference");
    }

    #[test]
    fn an_organisations_token_is_not_posted_under_the_personal_key() {
        let mut tab = Tab::with_two_keys("pr-9284");
        tab.hears(Event::Switch)
            .hears(Event::RefreshTimer { key: PERSONAL });
        tab.answered(BACKGROUND, of_org(FRESH));
        assert_eq!(
            tab.cached(PERSONAL),
            Some(of_org(FRESH)),
            "but it is cached there"
        );
        assert!(tab.posts().is_empty());
    }

    #[test]
    fn the_end_of_a_switch_reads_the_new_keys_entry_and_the_context_follows() {
        let mut tab = Tab::with_two_keys("pr-9284");
        let (number, token) = (0, of_org(FRESH));
        tab.hears(Event::Switch)
            .hears(Event::Switched { number, token });
        assert_eq!(tab.cache.context, ORG);
        assert_eq!(tab.cached(ORG), Some(token));
        let read = Effect::Saw(Observation::Read { key: ORG, token });
        assert!(tab.effects.contains(&read));
        assert_eq!(tab.posts(), [(ORG, token)]);
    }

    #[test]
    fn a_broadcast_reaches_the_entry_of_its_own_key() {
        let mut tab = Tab::with_two_keys("pr-9284");
        let (key, token) = (ORG, of_org(FRESH));
        tab.hears(Event::Broadcast { key, token });
        assert_eq!(tab.cached(ORG), Some(token));
        assert_eq!(tab.cached(PERSONAL), Some(T0));
        assert!(!tab.is_armed(ORG));
    }
}

mod focus {
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
}

mod polling {
    use super::*;

    #[test]
    fn the_poller_holds_the_lock_until_its_fetch_is_over() {
        let mut tab = Tab::of("pr-9284");
        tab.hears(Event::Poll);
        assert_eq!(tab.cache.poll, None, "a hit needs no lock");
        tab.hears(Event::Clear).hears(Event::Poll);
        assert_eq!(tab.cache.poll, Some(F0));
        let request = TokenRequest::Fetch(F0);
        tab.hears(Event::Spoiled {
            how: Spoiled::Failed,
            request,
        });
        assert_eq!(tab.cache.poll, None);
        tab.hears(Event::SkipCache).hears(Event::Poll);
        assert_eq!(tab.cache.poll, Some(F0), "it joins");
        tab.answered(request, FRESH);
        assert_eq!(tab.cache.poll, None);
    }
}

mod sign_out {
    use super::*;

    #[test]
    fn the_end_empties_the_slots_removes_the_cookies_and_tells_the_others() {
        let mut tab = Tab::of("pr-9284");
        tab.hears(Event::SignOut);
        assert_eq!(tab.cache.phase, Phase::Leaving);
        assert_eq!(tab.requests(), [(RequestKind::End, PERSONAL, None)]);
        assert_eq!(tab.cached(PERSONAL), Some(T0), "until it is answered");
        tab.hears(Event::Ended);
        assert_eq!(tab.cache.phase, Phase::Out);
        assert_eq!(tab.cached(PERSONAL), None);
        assert!(tab.effects.contains(&Effect::RemoveCookies));
        assert!(tab.effects.contains(&Effect::AnnounceSignOut));
        assert!(
            tab.cache.sessions.is_empty(),
            "nothing refers to the session"
        );
    }

    #[test]
    fn a_late_answer_still_installs_posts_and_dispatches() {
        for name in ["pr-8097", "pr-9030", "pr-9284"] {
            let mut tab = Tab::of(name);
            tab.hears(Event::RefreshTimer { key: PERSONAL })
                .signed_out();
            tab.answered(BACKGROUND, STALE);
            assert_eq!(tab.cached(PERSONAL), Some(STALE), "{name}");
            assert!(tab.is_armed(PERSONAL), "{name}");
            assert_eq!(tab.posts(), [(PERSONAL, STALE)], "{name}");
            let phases: Vec<_> = tab.writes().iter().map(|(_, by)| by.phase).collect();
            assert_eq!(phases, [Phase::Out], "{name}");
        }
    }

    #[test]
    fn a_live_tab_that_hears_of_it_reloads_and_keeps_its_slots() {
        let mut tab = Tab::of("pr-9284");
        tab.hears(Event::SignedOutElsewhere);
        assert_eq!(tab.requests(), [(RequestKind::Reload, PERSONAL, None)]);
        tab.hears(Event::Reloaded);
        assert_eq!(tab.cache.phase, Phase::Out);
        assert_eq!(tab.cached(PERSONAL), Some(T0));
        assert!(tab.is_armed(PERSONAL));
        let writer = Writer {
            phase: Phase::Out,
            ..Writer::FOREMOST
        };
        assert_eq!(tab.effects, [Effect::RemoveCookiesOf(writer)]);
    }

    #[test]
    fn any_other_tab_that_hears_of_it_does_nothing() {
        let mut loading = Tab::absent("pr-9284");
        loading.hears(Event::Open).hears(Event::SignedOutElsewhere);
        assert!(loading.effects.is_empty());
        let mut leaving = Tab::of("pr-9284");
        leaving
            .hears(Event::SignOut)
            .hears(Event::SignedOutElsewhere);
        assert!(leaving.effects.is_empty());
        leaving.hears(Event::Reloaded);
        assert_eq!(leaving.cache.phase, Phase::Leaving);
    }

    #[test]
    fn a_payload_in_a_tab_that_is_out_neither_signs_in_nor_writes_by_itself() {
        let mut tab = Tab::of("pr-9284");
        tab.hears(Event::Touch).signed_out();
        tab.touched(FRESH);
        assert_eq!(tab.cache.phase, Phase::Out);
        assert_eq!(tab.writes().len(), 1, "only the touch does");
        assert_eq!(tab.cached(PERSONAL), Some(FRESH));
    }
}

mod repairs {
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
}
