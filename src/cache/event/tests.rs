//! What is told of an event.

use super::*;
use std::collections::HashSet;

#[test]
fn each_event_has_words_of_its_own_and_names_its_token_and_its_request() {
    let request = TokenRequest::Fetch(FetchId(0));
    let key = Org::PERSONAL;
    let with_token = [
        Event::Answer {
            request,
            token: "T",
        },
        Event::Broadcast { key, token: "T" },
        Event::Loaded("T"),
        Event::Touched {
            number: 0,
            token: "T",
            payload: true,
        },
        Event::Switched {
            number: 0,
            token: "T",
        },
    ];
    let of_request = [
        Event::Spoiled {
            how: Spoiled::Failed,
            request,
        },
        Event::Rechecked {
            request,
            token: None,
        },
    ];
    let others = [
        Event::RefreshTimer { key },
        Event::CleanupTimer { key },
        Event::OutOfDate { key },
        Event::SkipCache,
        Event::GetToken,
        Event::Clear,
        Event::Open,
        Event::Close,
        Event::Poll,
        Event::Focus,
        Event::Blur,
        Event::Touch,
        Event::Switch,
        Event::SignOut,
        Event::Ended,
        Event::Reloaded,
        Event::SignedOutElsewhere,
    ];
    let words = |event: &Event<&str>| event.in_words(|_| "REQUEST".to_owned());
    assert!(with_token.iter().all(|event| words(event).contains('T')));
    assert!(
        of_request
            .iter()
            .all(|event| words(event).contains("REQUEST"))
    );
    let all = with_token.iter().chain(&of_request).chain(&others);
    let distinct: HashSet<String> = all.clone().map(words).collect();
    assert_eq!(distinct.len(), all.count());
}
