mod arbitrary;
mod claims;
mod parts;

use super::*;
use base64_simd::URL_SAFE_NO_PAD;

const SIGNATURE: &str = "c2lnbmF0dXJl";

fn part(decoded: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode_to_string(decoded)
}

fn jwt(header: &str, payload: &str) -> String {
    format!("{}.{}.{SIGNATURE}", part(header), part(payload))
}

/// What decoding says, after checking that both decoders say it.
fn decoded(jwt: &str) -> Result<Token, Error> {
    let token = decode(jwt);
    let stamps = token.clone().map(|token| Stamps {
        oiat: token.oiat,
        iat: token.iat,
    });
    assert_eq!(decode_stamps(jwt), stamps);
    token
}

fn with_payload(payload: &str) -> Result<Token, Error> {
    decoded(&jwt("{}", payload))
}

fn why(result: Result<Token, Error>) -> (Part, Reason) {
    match result {
        Err(Error::Part { part, reason }) => (part, reason),
        other => panic!("not a bad part: {other:?}"),
    }
}

fn why_payload(payload: &str) -> Reason {
    let (part, reason) = why(with_payload(payload));
    assert_eq!(part, Part::Payload);
    reason
}

#[test]
fn errors_say_which_part_and_why() {
    let message = |jwt: &str| decoded(jwt).unwrap_err().to_string();
    assert_eq!(
        message(&jwt(r#"{"oiat":"x"}"#, "{}")),
        "the header has a string as `oiat`, which must be a number"
    );
    assert_eq!(
        message("e30.e3+9.c2ln"),
        "the payload is not base64url without padding: '+' at byte 2"
    );
    assert_eq!(
        message("e30.e30"),
        "a token is header.payload.signature: three parts joined by dots, not 2"
    );
    let error = pick_freshest_jwt(Some("e30.e30.e"), "e30.e30.c2ln").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the existing token: the signature is not base64url: no encoding is 1 characters long"
    );
}

#[test]
fn the_decision_from_raw_tokens_is_that_of_the_comparator_in_every_row() {
    use crate::freshness::{Decision, Row, Winner, pick_freshest};
    let raw = |stamps: Stamps| {
        let header = stamps
            .oiat
            .map_or("{}".to_owned(), |oiat| format!("{{\"oiat\":{oiat}}}"));
        let payload = stamps
            .iat
            .map_or("{}".to_owned(), |iat| format!("{{\"iat\":{iat}}}"));
        jwt(&header, &payload)
    };
    for row in Row::ALL {
        let (existing, incoming) = row.example();
        let decision = pick_freshest_jwt(Some(&raw(existing)), &raw(incoming)).unwrap();
        assert_eq!(decision, pick_freshest(Some(&existing), &incoming));
        assert_eq!(decision.row, Some(row));
    }
    let first = pick_freshest_jwt(None, &raw(Stamps::default())).unwrap();
    let expected = Decision {
        row: None,
        winner: Winner::Incoming,
    };
    assert_eq!(first, expected);
}
