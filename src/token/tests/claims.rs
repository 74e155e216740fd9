//! What is read of a header and of the claims.

use super::*;

#[test]
fn a_token_of_the_first_version_is_decoded() {
    let token = decoded(&jwt(
        r#"{"alg":"RS256","oiat":1700000000,"typ":"JWT"}"#,
        r#"{"iat":1700000030,"exp":1700000090,"sid":"sess_1","org_id":"org_1"}"#,
    ));
    let expected = Token {
        oiat: Some(1_700_000_000),
        iat: Some(1_700_000_030),
        exp: Some(1_700_000_090),
        sid: Some("sess_1".to_owned()),
        organisation: Some("org_1".to_owned()),
    };
    assert_eq!(token, Ok(expected));
}

#[test]
fn a_token_of_the_second_version_has_its_organisation_in_o() {
    let token = with_payload(r#"{ "v": 2, "o": { "rol": ["a", {}], "id": "org_2" } }"#).unwrap();
    assert_eq!(token.organisation.as_deref(), Some("org_2"));
}

#[test]
fn org_id_comes_before_o_id_unless_it_is_empty() {
    let organisation = |payload| with_payload(payload).unwrap().organisation;
    let both = r#"{"o":{"id":"org_2"},"org_id":"org_1"}"#;
    assert_eq!(organisation(both).as_deref(), Some("org_1"));
    let empty = r#"{"o":{"id":"org_2"},"org_id":""}"#;
    assert_eq!(organisation(empty).as_deref(), Some("org_2"));
}

#[test]
fn all_claims_may_be_missing_null_or_empty() {
    for payload in [
        "{}",
        " \t\r\n{ } ",
        r#"{"iat":null,"exp":null,"sid":null,"org_id":null,"o":null}"#,
        r#"{"sid":"","o":{"id":null}}"#,
        r#"{"o":{}}"#,
    ] {
        assert_eq!(
            decoded(&jwt(r#"{"oiat":null}"#, payload)),
            Ok(Token::default())
        );
    }
}

#[test]
fn a_stamp_may_be_written_in_any_notation_of_its_value() {
    for (number, value) in [
        ("0", 0),
        ("-0", 0),
        ("1700000000", 1_700_000_000),
        ("1700000000.0", 1_700_000_000),
        ("1.7e9", 1_700_000_000),
        ("17E+8", 1_700_000_000),
        ("17000000000e-1", 1_700_000_000),
        ("9007199254740991", 9_007_199_254_740_991),
        // JSON.parse rounds to a double, too.
        ("0.99999999999999999999", 1),
    ] {
        let header = format!(r#"{{"oiat":{number}}}"#);
        let payload = format!(r#"{{"iat":{number},"exp":{number}}}"#);
        let token = decoded(&jwt(&header, &payload)).unwrap();
        let stamps = [token.oiat, token.iat, token.exp];
        assert_eq!(stamps, [Some(value); 3], "{number}");
    }
}

#[test]
fn a_stamp_that_is_no_whole_number_below_2_to_the_53_is_rejected() {
    for (number, reason) in [
        ("-1", Reason::Negative { claim: "oiat" }),
        ("-0.5", Reason::Negative { claim: "oiat" }),
        ("1.5", Reason::Fractional { claim: "oiat" }),
        ("17e-1", Reason::Fractional { claim: "oiat" }),
        ("9007199254740992", Reason::TooLarge { claim: "oiat" }),
        ("9007199254740993", Reason::TooLarge { claim: "oiat" }),
        ("9.007199254740993e15", Reason::TooLarge { claim: "oiat" }),
        ("18446744073709551617", Reason::TooLarge { claim: "oiat" }),
        ("1e999", Reason::TooLarge { claim: "oiat" }),
        ("-1e999", Reason::Negative { claim: "oiat" }),
    ] {
        let header = format!(r#"{{"oiat":{number}}}"#);
        assert_eq!(
            why(decoded(&jwt(&header, "{}"))),
            (Part::Header, reason),
            "{number}"
        );
    }
}

#[test]
fn a_claim_of_another_type_is_rejected() {
    let wrong = |claim, expected, found| Reason::WrongType {
        claim,
        expected,
        found,
    };
    let (part, reason) = why(decoded(&jwt(r#"{"oiat":"1700000000"}"#, "{}")));
    assert_eq!(part, Part::Header);
    assert_eq!(reason, wrong("oiat", "a number", "a string"));
    for (payload, reason) in [
        (r#"{"iat":[1]}"#, wrong("iat", "a number", "an array")),
        (r#"{"exp":true}"#, wrong("exp", "a number", "a boolean")),
        (r#"{"sid":1}"#, wrong("sid", "a string", "a number")),
        (r#"{"org_id":{}}"#, wrong("org_id", "a string", "an object")),
        (r#"{"o":"org_1"}"#, wrong("o", "an object", "a string")),
        (r#"{"o":[]}"#, wrong("o", "an object", "an array")),
        (r#"{"o":{"id":1}}"#, wrong("o.id", "a string", "a number")),
    ] {
        assert_eq!(why_payload(payload), reason);
    }
}

#[test]
fn stamps_are_read_from_their_own_part_only() {
    let token = decoded(&jwt(r#"{"iat":"1","exp":[],"sid":2}"#, r#"{"oiat":"3"}"#));
    assert_eq!(token, Ok(Token::default()));
}

#[test]
fn no_key_may_occur_twice_however_it_is_written() {
    for (payload, key) in [
        (r#"{"iat":1,"iat":1}"#, "iat"),
        (r#"{"iat":null,"exp":2,"iat":1}"#, "iat"),
        (r#"{"iat":1,"\u0069at":2}"#, "iat"),
        (r#"{"\u0069at":1,"iat":2}"#, "iat"),
        (r#"{"x":{"a":[1]},"y":1,"x":[]}"#, "x"),
        (r#"{"":1,"":2}"#, ""),
        (r#"{"o":{"id":"a","id":"b"}}"#, "o.id"),
    ] {
        let key = key.to_owned();
        assert_eq!(why_payload(payload), Reason::DuplicateKey { key });
    }
    let (part, _) = why(decoded(&jwt(r#"{"oiat":1,"oiat":2}"#, "{}")));
    assert_eq!(part, Part::Header);
}

#[test]
fn names_that_look_alike_are_no_duplicates() {
    // All pairs share their ends, their middle and their length.
    let token = with_payload(r#"{"axbyc":1,"aybyc":2,"azbyc":3,"a":4,"aa":5,"iat":6}"#);
    assert_eq!(token.unwrap().iat, Some(6));
}

#[test]
fn escapes_are_understood_in_names_and_strings() {
    let payload = r#"{"s\u0069d":"\"\\\/\b\f\n\r\t\u00fc\ud83d\ude00ü","\u006f":{"\u0069d":"x"}}"#;
    let token = with_payload(payload).unwrap();
    let expected = "\"\\/\u{8}\u{c}\n\r\t\u{fc}\u{1f600}\u{fc}";
    assert_eq!(token.sid.as_deref(), Some(expected));
    assert_eq!(token.organisation.as_deref(), Some("x"));
}

#[test]
fn half_a_surrogate_pair_is_rejected_only_where_it_would_be_kept() {
    let reason = Reason::LoneSurrogate { claim: "sid" };
    assert_eq!(why_payload(r#"{"sid":"\ud83d"}"#), reason);
    assert!(with_payload(r#"{"name":"\ud83d"}"#).is_ok());
}
