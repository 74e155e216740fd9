//! Arbitrary tokens, and the scanner against `serde_json`.

use super::*;
use proptest::prelude::*;

/// Text made of what JSON is made of: often JSON, and else nearly.
fn nearly_json() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u00fc",
        "\\ud800",
        " ",
        "\n",
        "0",
        "1",
        "17",
        "-",
        ".",
        "e",
        "E+",
        "true",
        "false",
        "null",
        "\"a\"",
        "\"b\":",
        "\"iat\":",
        "\"sid\":",
        "\"o\":{",
        "\"id\":\"x\"",
        "\u{fc}",
        "\u{1f600}",
        "\u{7f}",
        "\u{1}",
        "a plain text that is longer than any block of a scanner that looks at many bytes at once",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn json_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::hash_map("[a-z\"\\\\\u{fc}\u{1}]{0,9}", inner, 0..6).prop_map(
                |members| members
                    .into_iter()
                    .collect::<serde_json::Map<_, _>>()
                    .into()
            ),
        ]
    })
}

/// Whether the scanner takes this text for one JSON value.
fn scans(text: &str) -> bool {
    let mut scanner = json::Scanner::new(text);
    scanner.skip().is_ok() && scanner.end().is_ok()
}

fn serde_scans(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_string_makes_the_decoder_panic(text in any::<String>()) {
        let _ = decoded(&text);
    }

    #[test]
    fn no_bytes_in_the_parts_make_the_decoder_panic(
        header in any::<Vec<u8>>(),
        payload in any::<Vec<u8>>(),
    ) {
        let _ = decoded(&format!("{}.{}.{SIGNATURE}", part(header), part(payload)));
    }

    #[test]
    fn nearly_json_in_the_parts_makes_both_decoders_agree(
        header in nearly_json(),
        payload in nearly_json(),
    ) {
        let _ = decoded(&jwt(&format!("{{{header}}}"), &format!("{{{payload}}}")));
    }

    #[test]
    fn the_scanner_takes_for_json_what_serde_json_does(text in nearly_json()) {
        prop_assert_eq!(scans(&text), serde_scans(&text), "{}", text);
    }

    #[test]
    fn the_scanner_takes_every_json_value_and_no_prefix_of_an_object(value in json_value()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            prop_assert!(scans(&text));
            for (at, _) in text.char_indices() {
                prop_assert_eq!(scans(&text[..at]), serde_scans(&text[..at]));
            }
        }
    }

    #[test]
    fn a_string_comes_back_as_it_went(sid in any::<String>(), escape in any::<bool>()) {
        let written = if escape {
            sid.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect()
        } else {
            let quoted = serde_json::to_string(&sid).unwrap();
            quoted[1..quoted.len() - 1].to_owned()
        };
        let token = with_payload(&format!("{{\"sid\":\"{written}\"}}")).unwrap();
        prop_assert_eq!(token.sid.unwrap_or_default(), sid);
    }

    #[test]
    fn what_is_encoded_is_decoded(
        stamps in prop::array::uniform3(prop::option::of(0..1_u64 << 53)),
        strings in prop::array::uniform2(prop::option::of(".+")),
        old_organisation in any::<bool>(),
        others in prop::collection::hash_map("x[a-z]{0,6}", json_value(), 0..5),
        pretty in any::<bool>(),
    ) {
        let [oiat, iat, exp] = stamps;
        let [sid, organisation] = strings;
        let mut header = serde_json::json!({"alg": "RS256", "others": others});
        let mut payload: serde_json::Map<_, _> = others.into_iter().collect();
        if let Some(oiat) = oiat {
            header["oiat"] = oiat.into();
        }
        payload.insert("iat".to_owned(), iat.into());
        payload.insert("exp".to_owned(), exp.into());
        payload.insert("sid".to_owned(), sid.clone().into());
        if old_organisation {
            payload.insert("org_id".to_owned(), organisation.clone().into());
        } else {
            payload.insert("o".to_owned(), serde_json::json!({"id": organisation}));
        }
        let payload = serde_json::Value::from(payload);
        let write = if pretty { serde_json::to_string_pretty } else { serde_json::to_string };
        let raw = jwt(&write(&header).unwrap(), &write(&payload).unwrap());
        let token = Token { oiat, iat, exp, sid, organisation };
        prop_assert_eq!(decoded(&raw), Ok(token));
    }
}
