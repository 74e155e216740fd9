//! What must hold of any bytes whatever, one function for each target. A check that fails panics.
//!
//! The fuzzer calls these with what it makes up (`fuzz/run`), `cargo test` with every file of
//! `fuzz/corpus`: a crash becomes a test when its file is put there.

use freshest::catalog::{Catalog, Models};
use freshest::design::Design;
use freshest::freshness::{Rule, Table};
use freshest::monitor::{Monitor, Names, Place, Settings, parse};
use freshest::property::{Monitored, PropertySet};
use freshest::receipt::Receipt;
use freshest::scenario::Scenario;
use freshest::source::{Document, Faults, plain_lines};
use freshest::token::{Error, Reason, decode, decode_stamps, pick_freshest_jwt};
use freshest::trace::{Header, Observed, TraceStep, from_itf, read_lines, replay};
use std::sync::OnceLock;

/// A token, as it is or as a header and a claims set on lines of their own: decoded, and decoded
/// again in another way.
pub fn token(data: &[u8]) {
    let jwt = match data.strip_prefix(b"=") {
        Some(raw) => String::from_utf8_lossy(raw).into_owned(),
        None => {
            let mut lines = data.splitn(2, |byte| *byte == b'\n');
            let mut part = || other::encoded(lines.next().unwrap_or_default());
            format!("{}.{}.c2ln", part(), part())
        }
    };
    let decoded = decode(&jwt);
    let stamps = decode_stamps(&jwt);
    match (&decoded, &stamps) {
        (Ok(token), Ok(stamps)) => {
            assert_eq!((token.oiat, token.iat), (stamps.oiat, stamps.iat));
        }
        (Err(error), Err(other)) => assert_eq!(error, other),
        _ => panic!("one of two decoders accepts it: {decoded:?}, {stamps:?}"),
    }
    let picked = pick_freshest_jwt(Some(&jwt), &jwt);
    assert_eq!(picked.is_ok(), decoded.is_ok());
    match decoded {
        Ok(token) => match other::read(&jwt) {
            Ok(read) => assert_eq!(token, read),
            Err(other::Refused::Otherwise) => {}
            Err(other::Refused::Wrong(why)) => panic!("accepted, although {why}: {token:?}"),
        },
        Err(error) => {
            is_fit(&error.to_string());
            if !is_a_bound(&error)
                && let Ok(read) = other::read(&jwt)
            {
                panic!("refused, {error}, although it reads as {read:?}");
            }
        }
    }
}

/// Bounds that another reader does not have.
fn is_a_bound(error: &Error) -> bool {
    let Error::Part { reason, .. } = error else {
        return matches!(error, Error::TooLong { .. });
    };
    matches!(reason, Reason::TooDeep { .. } | Reason::TooManyMembers)
}

/// The same reading of a token as `freshest::token`, by other people's libraries.
mod other {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use freshest::token::Token;
    use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
    use serde_json::value::RawValue;
    use std::fmt;

    /// Why a token is not read.
    pub enum Refused {
        /// It is none.
        Wrong(String),
        /// These libraries cannot tell.
        Otherwise,
    }

    fn wrong(why: impl fmt::Display) -> Refused {
        Refused::Wrong(why.to_string())
    }

    pub fn encoded(part: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(part)
    }

    /// The members of an object, whose names are unique.
    struct Members(Vec<(String, Box<RawValue>)>);

    impl<'de> Deserialize<'de> for Members {
        fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Members, D::Error> {
            struct All;
            impl<'de> Visitor<'de> for All {
                type Value = Members;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("an object")
                }

                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                    let mut members = Vec::new();
                    while let Some(member) = map.next_entry()? {
                        members.push(member);
                    }
                    Ok(Members(members))
                }
            }
            source.deserialize_map(All)
        }
    }

    impl Members {
        fn of(json: &str) -> Result<Members, Refused> {
            serde_json::from_str(json).map_err(wrong)
        }

        fn unique(self) -> Result<Members, Refused> {
            let mut names: Vec<&str> = self.0.iter().map(|(name, _)| &name[..]).collect();
            names.sort_unstable();
            match names.windows(2).find(|pair| pair[0] == pair[1]) {
                Some(pair) => Err(wrong(format!("{:?} is there twice", pair[0]))),
                None => Ok(self),
            }
        }

        /// A member that is there and not `null`.
        fn get(&self, name: &str) -> Option<&str> {
            let found = self.0.iter().find(|(known, _)| known == name);
            found
                .map(|(_, value)| value.get())
                .filter(|value| *value != "null")
        }

        fn seconds(&self, name: &str) -> Result<Option<u64>, Refused> {
            let Some(text) = self.get(name) else {
                return Ok(None);
            };
            let number = text.parse::<f64>().map_err(|_| wrong("no number"))?;
            let is_stamp = (0.0..9_007_199_254_740_992.0).contains(&number);
            match is_stamp && number.fract() == 0.0 {
                true => Ok(Some(number as u64)),
                false => Err(wrong("no stamp")),
            }
        }

        fn string(&self, name: &str) -> Result<Option<String>, Refused> {
            let Some(text) = self.get(name) else {
                return Ok(None);
            };
            let text: String = serde_json::from_str(text).map_err(wrong)?;
            Ok(Some(text).filter(|text| !text.is_empty()))
        }
    }

    fn decoded(part: &str) -> Result<String, Refused> {
        let bytes = URL_SAFE_NO_PAD.decode(part).map_err(wrong)?;
        let text = String::from_utf8(bytes).map_err(wrong)?;
        // Half a surrogate pair is no text here, and may be in a name or a string there.
        match text.to_ascii_lowercase().contains("\\ud") {
            true => Err(Refused::Otherwise),
            false => Ok(text),
        }
    }

    pub fn read(jwt: &str) -> Result<Token, Refused> {
        let parts: Vec<&str> = jwt.split('.').collect();
        let [header, payload, signature] = parts[..] else {
            return Err(wrong("it has not three parts"));
        };
        if parts.contains(&"") {
            return Err(wrong("a part is empty"));
        }
        URL_SAFE_NO_PAD.decode(signature).map_err(wrong)?;
        let header = Members::of(&decoded(header)?)?.unique()?;
        let claims = Members::of(&decoded(payload)?)?.unique()?;
        let organisation = match claims.get("o") {
            None => None,
            Some(object) => {
                let mut members = Members::of(object)?;
                members.0.retain(|(name, _)| name == "id");
                members.unique()?.string("id")?
            }
        };
        Ok(Token {
            oiat: header.seconds("oiat")?,
            iat: claims.seconds("iat")?,
            exp: claims.seconds("exp")?,
            sid: claims.string("sid")?,
            organisation: claims.string("org_id")?.or(organisation),
        })
    }
}

/// No terminal and no log takes a part of it for anything but text.
fn is_fit(text: &str) {
    assert_eq!(plain_lines(text), text, "unfit to be shown");
}

/// Every fault is told, and in words that a terminal can show.
fn told<T>(read: Result<T, Faults>) -> Option<T> {
    let faults = read.err()?;
    assert!(!faults.is_empty(), "refused for no reason");
    for fault in faults.iter() {
        is_fit(&fault.to_string());
    }
    None
}

/// A design file. Names of scripts lead nowhere.
pub fn design(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    told(Design::load(
        "fuzzed",
        &Document::new("/nowhere/fuzzed.toml", &*text),
    ));
}

/// A scenario file.
pub fn scenario(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    told(Scenario::load(
        "fuzzed",
        &Document::new("/nowhere/fuzzed.toml", &*text),
    ));
}

fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| Catalog::open(Models::Builtin).expect("the models in the program"))
}

/// Lets a trace happen, if the models have what it is about.
fn happens(header: &Header, start: Option<&Observed>, steps: &[TraceStep]) {
    let Some(design) = catalog().design(&header.design) else {
        return;
    };
    let Some(scenario) = catalog().scenario(&header.scenario) else {
        return;
    };
    let model = Monitored::new(design.policy, &scenario.setup, PropertySet::default());
    if let Err(error) = replay(&model, start, steps, None) {
        let _ = error.to_string();
    }
}

/// A file of traces, a line each.
pub fn trace(data: &[u8]) {
    if let Ok((header, traces)) = read_lines(data) {
        for (_, steps) in traces.take(8).flatten() {
            happens(&header, None, &steps);
        }
    }
}

/// A trace in the Informal Trace Format.
pub fn itf(data: &[u8]) {
    if let Ok((header, start, steps)) = from_itf(&String::from_utf8_lossy(data)) {
        happens(&header, Some(&start), &steps);
    }
}

/// A receipt: what adds up is no different from itself.
pub fn receipt(data: &[u8]) {
    let Ok(receipt) = serde_json::from_slice::<Receipt>(data) else {
        return;
    };
    if receipt.check().is_ok() {
        assert!(receipt.differences(&receipt).is_empty());
    }
}

/// Results in JSON: what is read is written as it was, and told.
pub fn results(data: &[u8]) {
    use freshest::check::Report;
    let Ok(report) = serde_json::from_slice::<Report>(data) else {
        return;
    };
    let written = serde_json::to_string(&report).expect("results are JSON");
    let again: Report = serde_json::from_str(&written).expect("what is written can be read");
    let written_again = serde_json::to_string(&again).expect("results are JSON");
    assert_eq!(written, written_again);
}

/// A log of what tabs did.
pub fn monitor(data: &[u8]) {
    let settings = Settings {
        comparator: "#8097".to_owned(),
        window: 10_000,
        apart: 60_000,
        asked: Vec::new(),
    };
    let mut monitor = Monitor::new(settings, Rule::Table(Table::STANDARD).into());
    let mut names = Names::default();
    for (line, bytes) in (1..).zip(data.split(|byte| *byte == b'\n')) {
        let place = Place { log: 0, line };
        match parse(bytes, place, &mut names) {
            Ok(entry) => monitor.take(entry),
            Err(why) => {
                is_fit(&why);
                monitor.skip(place, &why);
            }
        }
    }
    let record = monitor.end(vec!["fuzzed".to_owned()], Vec::new());
    let record = record.expect("a built-in comparator always answers");
    let lines = data.split(|byte| *byte == b'\n').count() as u64;
    assert_eq!(record.lines + record.skipped.count, lines, "a line is lost");
}

/// A script: its types are taken away.
pub fn strip(data: &[u8]) {
    let mut names = ["a.ts", "a.tsx", "a.js", "a.cjs"].iter().cycle();
    let name = names.nth(data.len() % 4).expect("it never ends");
    let text = String::from_utf8_lossy(data);
    if let Err(problems) = freshest::script::without_types(name.as_ref(), &text) {
        assert!(!problems.is_empty(), "refused for no reason");
    }
}
