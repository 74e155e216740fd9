//! From a line of a log to an entry. What is wrong with a line is told without quoting it: there may
//! be a token in it.

use super::entry::{Entry, Kind, OrgSeen, Place, RealToken};
use crate::freshness::Stamps;
use crate::source::{plain, without_tokens};
use crate::token::decode;
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::collections::HashSet;
use std::rc::Rc;

/// The longest line that is read, in bytes: twice what the longest token needs.
pub const MAX_LINE_BYTES: usize = 128 * 1024;

/// The longest name of a tab, a key, an organisation or a token, in bytes, as it is shown: control
/// characters are written out.
pub const MAX_NAME_BYTES: usize = 128;

/// The most names that are remembered although nothing uses them.
const MAX_NAMES: usize = 8192;

/// From here on a number of JavaScript is no longer one whole number.
const TOO_LARGE: f64 = 9_007_199_254_740_992.0;

/// Names, each held once.
#[derive(Debug, Default)]
pub struct Names {
    remembered: HashSet<Rc<str>>,
    /// Names that have found no room since somebody looked which ones are used.
    without_room: usize,
}

impl Names {
    /// `None`: it would be too long where it is shown.
    fn name(&mut self, text: &str) -> Option<Rc<str>> {
        if let Some(name) = self.remembered.get(text) {
            return Some(Rc::clone(name));
        }
        if self.remembered.len() >= MAX_NAMES {
            // Looking for them goes over all, and may find none.
            if self.without_room == 0 {
                self.remembered.retain(|name| Rc::strong_count(name) > 1);
            }
            self.without_room = (self.without_room + 1) % MAX_NAMES;
        }
        // Names are shown: what could steer a terminal is escaped, and a token is none.
        let shown = without_tokens(text);
        let name: Rc<str> = plain(&shown).as_ref().into();
        if name.len() > MAX_NAME_BYTES {
            return None;
        }
        // Names in use may be more than are remembered; then these are not shared.
        if self.remembered.len() < MAX_NAMES {
            self.remembered.insert(Rc::clone(&name));
        }
        Some(name)
    }
}

/// A line's fields. Those of others are left to others.
#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow)]
    event: Cow<'a, str>,
    #[serde(borrow)]
    tab: Cow<'a, str>,
    at: f64,
    seq: Option<f64>,
    #[serde(borrow, default)]
    key: Option<Cow<'a, str>>,
    oiat: Option<f64>,
    iat: Option<f64>,
    exp: Option<f64>,
    #[serde(borrow, default, deserialize_with = "told")]
    org: Option<Option<Cow<'a, str>>>,
    #[serde(borrow, default, deserialize_with = "told")]
    key_org: Option<Option<Cow<'a, str>>>,
    #[serde(borrow, default)]
    hash: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    jwt: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    parent: Option<Parent<'a>>,
    #[serde(default)]
    forced: bool,
    #[serde(default)]
    hit: bool,
    count: Option<f64>,
}

#[derive(Deserialize)]
struct Parent<'a> {
    oiat: Option<f64>,
    iat: Option<f64>,
    #[serde(borrow, default)]
    jwt: Option<Cow<'a, str>>,
}

/// A field that may be `null`, which is another thing than not to be there.
fn told<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<Cow<'de, str>>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// Reads a line.
///
/// # Errors
///
/// Why it says nothing, in words that quote nothing of it but names of fields.
pub fn parse(bytes: &[u8], place: Place, names: &mut Names) -> Result<Entry, String> {
    let fields: Fields<'_> = serde_json::from_slice(bytes).map_err(|error| unread(&error))?;
    let kind = Kind::from_name(&fields.event)
        .ok_or_else(|| "there is no such event; the schema has those there are".to_owned())?;
    let token = token(&fields, kind, names)?;
    let parent = match &fields.parent {
        None => None,
        Some(Parent { jwt: Some(jwt), .. }) => {
            let token =
                decode(jwt).map_err(|error| format!("parent: {}", plain(&error.to_string())))?;
            Some(Stamps {
                oiat: token.oiat,
                iat: token.iat,
            })
        }
        Some(Parent { oiat, iat, .. }) => Some(Stamps {
            oiat: whole("parent.oiat", *oiat)?,
            iat: whole("parent.iat", *iat)?,
        }),
    };
    let place_org = match kind {
        Kind::Opened | Kind::Switched | Kind::SignedIn => seen("org", fields.org.as_ref(), names)?,
        _ => seen("key_org", fields.key_org.as_ref(), names)?,
    };
    Ok(Entry {
        place,
        at: whole("at", Some(fields.at.floor()))?.unwrap_or(0),
        time: 0,
        seq: whole("seq", fields.seq)?,
        tab: name("tab", &fields.tab, names)?,
        kind,
        token,
        key: optional_name("key", fields.key.as_ref(), names)?,
        place_org,
        parent,
        forced: fields.forced,
        hit: fields.hit,
        count: whole("count", fields.count)?.unwrap_or(1),
    })
}

/// What is wrong, and where: serde's own words may quote the line.
fn unread(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let column = error.column();
    match error.classify() {
        Category::Data => {
            let text = error.to_string();
            let named = |before: &str| {
                let rest = text.strip_prefix(before)?;
                rest.split('`').next()
            };
            match (named("missing field `"), named("duplicate field `")) {
                (Some(field), _) => format!("the field `{field}` is missing"),
                (None, Some(field)) => format!("the field `{field}` is there twice"),
                (None, None) => {
                    format!("a field has another type than it must have, before column {column}")
                }
            }
        }
        Category::Syntax | Category::Eof | Category::Io => {
            format!("it is not JSON at column {column}")
        }
    }
}

fn token(fields: &Fields<'_>, kind: Kind, names: &mut Names) -> Result<Option<RealToken>, String> {
    let hash = optional_name("hash", fields.hash.as_ref(), names)?;
    if let Some(jwt) = &fields.jwt {
        let token = decode(jwt).map_err(|error| plain(&error.to_string()).into_owned())?;
        let org = match &token.organisation {
            Some(org) => OrgSeen::Named(name("org", org, names)?),
            None => OrgSeen::Personal,
        };
        return Ok(Some(RealToken {
            oiat: token.oiat,
            iat: token.iat,
            exp: token.exp,
            org,
            hash,
        }));
    }
    let (oiat, iat) = (whole("oiat", fields.oiat)?, whole("iat", fields.iat)?);
    if oiat.is_none() && iat.is_none() {
        return match kind.needs_token() {
            true => Err(format!(
                "`{}` needs a token: `iat` and, if the token has one, `oiat`; or `jwt`",
                kind.name()
            )),
            false => Ok(None),
        };
    }
    Ok(Some(RealToken {
        oiat,
        iat,
        exp: whole("exp", fields.exp)?,
        org: match kind {
            Kind::Opened | Kind::Switched | Kind::SignedIn => OrgSeen::Unknown,
            _ => seen("org", fields.org.as_ref(), names)?,
        },
        hash,
    }))
}

fn whole(field: &str, number: Option<f64>) -> Result<Option<u64>, String> {
    match number {
        None => Ok(None),
        Some(number) if (0.0..TOO_LARGE).contains(&number) && number.fract() == 0.0 => {
            Ok(Some(number as u64))
        }
        Some(_) => Err(format!(
            "`{field}` must be a whole number from 0 to 2^53 - 1"
        )),
    }
}

fn seen(
    field: &str,
    org: Option<&Option<Cow<'_, str>>>,
    names: &mut Names,
) -> Result<OrgSeen, String> {
    Ok(match org {
        None => OrgSeen::Unknown,
        Some(None) => OrgSeen::Personal,
        Some(Some(org)) if org.is_empty() => OrgSeen::Personal,
        Some(Some(org)) => OrgSeen::Named(name(field, org, names)?),
    })
}

fn optional_name(
    field: &str,
    text: Option<&Cow<'_, str>>,
    names: &mut Names,
) -> Result<Option<Rc<str>>, String> {
    text.map(|text| name(field, text, names)).transpose()
}

fn name(field: &str, text: &str, names: &mut Names) -> Result<Rc<str>, String> {
    let name = match text.len() <= MAX_NAME_BYTES {
        true => names.name(text),
        false => None,
    };
    name.ok_or_else(|| format!("`{field}` is longer than {MAX_NAME_BYTES} bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_nothing_uses_give_way_but_are_not_looked_for_at_every_name() {
        let mut names = Names::default();
        let mut name = |number: usize| names.name(&number.to_string()).expect("short");
        let used: Vec<_> = (0..MAX_NAMES).map(&mut name).collect();
        let again: Vec<_> = (0..MAX_NAMES).map(&mut name).collect();
        assert!(used.iter().zip(&again).all(|(a, b)| Rc::ptr_eq(a, b)));
        name(MAX_NAMES);
        drop((used, again));
        for number in 1..MAX_NAMES {
            name(MAX_NAMES + number);
        }
        assert_eq!(names.remembered.len(), MAX_NAMES);
        names.name("another one").expect("short");
        assert_eq!(names.remembered.len(), 1);
    }
}
