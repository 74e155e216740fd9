//! JSON that somebody else wrote.

use super::plain::unfit;
use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor,
};
use std::borrow::Cow;
use std::fmt;

/// Reads JSON all of whose strings and keys can be shown anywhere; errors say where.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str::<Fit>(text)?;
    serde_json::from_str(text)
}

/// What an error of JSON says without the value that it is about: the file may be somebody's secret.
pub fn without_values(message: &str) -> Cow<'_, str> {
    let starts = ["invalid type: ", "invalid value: ", "unknown variant "];
    let starts = starts
        .iter()
        .filter_map(|start| Some((message.find(start)? + start.len(), *start)));
    let Some((begin, start)) = starts.min() else {
        return message.into();
    };
    let Some(end) = message.rfind(", expected ").filter(|end| *end >= begin) else {
        return message.into();
    };
    let about = &message[begin..end];
    // The kind of the value stands before it.
    let kind = about
        .split(['"', '`'])
        .next()
        .unwrap_or_default()
        .trim_end();
    let (before, after) = (&message[..begin], &message[end..]);
    match (start, kind) {
        ("unknown variant ", _) => format!("{}{after}", before.trim_end()).into(),
        (_, kind) => format!("{before}{kind}{after}").into(),
    }
}

/// Any JSON, of which nothing is kept.
struct Fit;

impl<'de> Deserialize<'de> for Fit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fit, D::Error> {
        deserializer.deserialize_any(FitVisitor)
    }
}

struct FitVisitor;

impl<'de> Visitor<'de> for FitVisitor {
    type Value = Fit;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Fit, E> {
        match unfit(text) {
            Some((_, what)) => Err(E::custom(format!("a string holds {what}"))),
            None => Ok(Fit),
        }
    }

    fn visit_bool<E>(self, _: bool) -> Result<Fit, E> {
        Ok(Fit)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Fit, E> {
        Ok(Fit)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Fit, E> {
        Ok(Fit)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Fit, E> {
        Ok(Fit)
    }

    fn visit_unit<E>(self) -> Result<Fit, E> {
        Ok(Fit)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Fit, A::Error> {
        while let Some(Fit) = items.next_element()? {}
        Ok(Fit)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Fit, A::Error> {
        while let Some((Fit, Fit)) = members.next_entry()? {}
        Ok(Fit)
    }
}

#[cfg(test)]
mod tests {
    use super::{from_json, without_values};
    use serde_json::{Value, json};

    #[test]
    fn an_error_is_told_without_the_value_that_it_is_about() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Kind {
            One,
        }
        let number = |text: &str| from_json::<Vec<u8>>(text).unwrap_err().to_string();
        let word = |text: &str| from_json::<Vec<Kind>>(text).unwrap_err().to_string();
        for error in [
            number("[\"secret\"]"),
            number("[\"se`cr\\\"et, expected x\"]"),
            number("\"secret, expected a, expected b\""),
            number("[4711]"),
            number("[47.11]"),
            word("[\"secret\"]"),
            word("[\"a, expected secret\"]"),
            word("[\"invalid type: secret\"]"),
        ] {
            let told = without_values(&error);
            for value in ["secret", "47", "et", "cr"] {
                let rest = told.replace("expected", "").replace("integer", "");
                assert!(!rest.contains(value), "{told}");
            }
            assert!(
                told.contains(", expected ") && told.contains("line 1"),
                "{told}"
            );
        }
        let error = number("[true]");
        assert!(without_values(&error).starts_with("invalid type: boolean, expected u8"));
        assert_eq!(without_values("it is larger"), "it is larger");
        assert_eq!(
            without_values("a, expected invalid type: b"),
            "a, expected invalid type: b"
        );
    }

    #[test]
    fn a_string_that_cannot_be_shown_is_an_error_with_its_place() {
        for text in [
            "{\"a\": [1, \"x\\u001b[2J\"]}",
            "{\"a\\u202e\": 1}",
            "[[\"::error::x\"]]",
            "\"\\n\"",
        ] {
            let error = from_json::<Value>(text).unwrap_err().to_string();
            assert!(error.contains("a string holds"), "{error}");
            assert!(error.contains("line 1 column"), "{error}");
        }
        let fine = "{\"a\": [1, -2, 0.5, true, null, \"Ä\"]}";
        let read: Value = from_json(fine).unwrap();
        assert_eq!(read, json!({"a": [1, -2, 0.5, true, null, "Ä"]}));
    }
}
