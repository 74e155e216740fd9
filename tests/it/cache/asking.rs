//! Whether a tab would ask the server.

use super::*;

#[test]
fn a_cache_knows_beforehand_whether_an_event_would_make_it_ask() {
    let prepare: [fn(&mut Tab); 7] = [
        |_| {},
        |tab| {
            tab.refresh();
        },
        |tab| {
            tab.skip_cache();
        },
        |tab| {
            tab.hears(Event::Clear);
        },
        |tab| {
            tab.near(1);
        },
        |tab| {
            tab.dead(1);
        },
        |tab| {
            tab.skip_cache().broadcast(FRESH).fail(Some(F0));
        },
    ];
    let mut asked = 0;
    for design in &catalog().designs {
        for prepare in prepare {
            for event in [
                Event::RefreshTimer { key: KEY },
                Event::SkipCache,
                Event::GetToken,
            ] {
                let mut tab = Tab::of(&design.name);
                prepare(&mut tab);
                let expected = tab.cache.would_ask(&tab.age, &event);
                let effects = tab.cache.handle(&tab.policy, &tab.age, event);
                let asks = |effect: &Effect<ModelToken>| matches!(effect, Effect::Request { .. });
                assert_eq!(effects.iter().any(asks), expected, "{}", design.name);
                asked += u32::from(expected);
            }
        }
    }
    assert!(asked > 0);
}
