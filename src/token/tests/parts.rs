//! What makes a token: three parts, base64url, UTF-8, a JSON object, within bounds.

use super::*;

#[test]
fn a_token_has_exactly_three_parts() {
    for (jwt, found) in [
        ("", 1),
        ("e30", 1),
        ("e30.e30", 2),
        ("e30.e30.c2ln.c2ln", 4),
        ("....", 5),
    ] {
        assert_eq!(decoded(jwt), Err(Error::NotThreeParts { found }), "{jwt}");
    }
}

#[test]
fn no_part_may_be_empty() {
    for (jwt, part) in [
        (".e30.c2ln", Part::Header),
        ("e30..c2ln", Part::Payload),
        ("e30.e30.", Part::Signature),
    ] {
        assert_eq!(why(decoded(jwt)), (part, Reason::Empty));
    }
}

#[test]
fn every_part_must_be_strict_base64url() {
    let stranger = |at, found| Reason::NotBase64Url { at, found };
    for (bad, reason) in [
        ("e3+9", stranger(2, '+')),
        ("e3/9", stranger(2, '/')),
        ("e30=", stranger(3, '=')),
        (" e30", stranger(0, ' ')),
        ("e30\n", stranger(3, '\n')),
        ("e3\u{fc}0", stranger(2, '\u{fc}')),
        ("e", Reason::ImpossibleLength { length: 1 }),
        ("e30e3", Reason::ImpossibleLength { length: 5 }),
        ("e31", Reason::StrayBits { at: 2 }),
        ("e1", Reason::StrayBits { at: 1 }),
    ] {
        let tokens = [
            (Part::Header, format!("{bad}.e30.c2ln")),
            (Part::Payload, format!("e30.{bad}.c2ln")),
            (Part::Signature, format!("e30.e30.{bad}")),
        ];
        for (part, jwt) in tokens {
            assert_eq!(why(decoded(&jwt)), (part, reason.clone()), "{jwt}");
        }
    }
}

#[test]
fn of_the_last_characters_only_those_without_stray_bits_are_taken() {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (value, last) in alphabet.chars().enumerate() {
        for (front, bits) in [("A", 4), ("AA", 2), ("AAA", 0)] {
            let good = format!("e30.e30.{}{front}{last}", "A".repeat(64));
            let canonical = value % (1 << bits) == 0;
            assert_eq!(decoded(&good).is_ok(), canonical, "{good}");
        }
    }
}

#[test]
fn a_stranger_is_found_wherever_it_is_in_a_long_part() {
    let good = part([b' '; 300]);
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad.replace_range(at..=at, "+");
        let reason = Reason::NotBase64Url { at, found: '+' };
        let jwt = format!("e30.e30.{bad}");
        assert_eq!(why(decoded(&jwt)), (Part::Signature, reason));
    }
}

#[test]
fn what_is_not_utf8_is_rejected_wherever_it_stands() {
    for (bytes, at) in [
        (&b"\xff{}"[..], 0),
        (&b"{\"a\":\"\xc3(\"}"[..], 6),
        // A surrogate, encoded on its own.
        (&b"{\"a\":\"\xed\xa0\x80\"}"[..], 6),
    ] {
        let jwt = format!("{}.e30.{SIGNATURE}", part(bytes));
        assert_eq!(why(decoded(&jwt)), (Part::Header, Reason::NotUtf8 { at }));
    }
}

#[test]
fn what_is_not_json_is_rejected_with_the_place() {
    for (payload, at, expected) in [
        ("", 0, "a value"),
        ("{", 1, "a key"),
        ("{\"a\"}", 4, "`:`"),
        ("{\"a\":}", 5, "a value"),
        ("{\"a\":1,}", 7, "a key"),
        ("{\"a\":1 \"b\":2}", 7, "`,` or `}`"),
        ("{\"a\":[1,]}", 8, "a value"),
        ("{\"a\":[1}", 7, "`,` or `]`"),
        ("{\"a\":nul}", 5, "a value"),
        ("{\"a\":-}", 6, "a digit"),
        ("{\"a\":01}", 6, "`,` or `}`"),
        ("{\"a\":1.}", 7, "a digit"),
        ("{\"a\":1e}", 7, "a digit"),
        ("{\"a\":\"b}", 8, "`\"`"),
        ("{\"a\":\"\n\"}", 6, "no control character in a string"),
        ("{\"a\":\"\\x\"}", 6, "an escape sequence"),
        ("{\"a\":\"\\u12\"}", 6, "an escape sequence"),
        ("{} {}", 3, "the end"),
        ("{}\0", 2, "the end"),
        ("\u{feff}{}", 0, "a value"),
        ("{'a':1}", 1, "a key"),
    ] {
        // A part may not be empty, so nothing at all is a space here.
        let (payload, at) = if payload.is_empty() {
            (" ", 1)
        } else {
            (payload, at)
        };
        assert_eq!(
            why_payload(payload),
            Reason::NotJson { at, expected },
            "{payload}"
        );
    }
}

#[test]
fn json_that_is_no_object_is_called_what_it_is() {
    for (payload, found) in [
        ("null", "null"),
        ("true", "a boolean"),
        ("17", "a number"),
        ("\"{}\"", "a string"),
        ("[{}]", "an array"),
    ] {
        assert_eq!(why_payload(payload), Reason::NotAnObject { found });
    }
}

#[test]
fn ten_megabytes_are_rejected_by_their_length() {
    let length = 10_000_000;
    assert_eq!(decoded(&"e".repeat(length)), Err(Error::TooLong { length }));
    let dots = ".".repeat(MAX_LENGTH + 1);
    assert!(matches!(decoded(&dots), Err(Error::TooLong { .. })));
}

#[test]
fn a_token_of_the_greatest_length_is_decoded() {
    let mut token = format!("e30.{}.", part(r#"{"iat":7}"#));
    token += &"A".repeat((MAX_LENGTH - token.len()) / 4 * 4);
    assert_eq!(decoded(&token).unwrap().iat, Some(7));
}

#[test]
fn nesting_is_bounded_and_takes_no_call_stack() {
    let nested = |levels: usize| {
        let objects = "{\"a\":[".repeat(levels / 2);
        format!("{{\"a\":{objects}{}}}", "]}".repeat(levels / 2))
    };
    let deepest = usize::try_from(MAX_DEPTH).unwrap();
    assert!(with_payload(&nested(deepest)).is_ok());
    assert!(matches!(
        why_payload(&nested(deepest + 2)),
        Reason::TooDeep { .. }
    ));
    let bottomless = format!("{{\"a\":{}", "[".repeat(40_000));
    assert!(matches!(why_payload(&bottomless), Reason::TooDeep { .. }));
}

#[test]
fn the_number_of_members_is_bounded() {
    let members = |count: usize| {
        let members: Vec<_> = (0..count).map(|i| format!("\"k{i}\":{i}")).collect();
        format!("{{{}}}", members.join(","))
    };
    assert!(with_payload(&members(MAX_MEMBERS)).is_ok());
    assert_eq!(
        why_payload(&members(MAX_MEMBERS + 1)),
        Reason::TooManyMembers
    );
}
