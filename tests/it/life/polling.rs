//! The poller.

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
