//! Two real session tokens side by side: their stamps, the row they fall in, who wins and why.
//!
//! Nothing is verified, and nothing of a token is kept but its stamps, its session and its
//! organisation: a record of a comparison may be shown to anybody who may know these.

use crate::cache::Rules;
use crate::freshness::{Expiry, Row, Rule, Table, TokenView, Unreliable};
use crate::token::Token;
use chrono::DateTime;
use serde::Serialize;

/// Version of the JSON form, which `docs/schema/comparison.schema.json` describes.
pub const VERSION: u32 = 1;

/// What one comparison comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// See [`VERSION`].
    pub version: u32,
    /// Always false: no signature is verified.
    pub verified: bool,
    /// What decided, in words.
    pub comparator: String,
    /// Ages are counted up to this instant, in seconds since the epoch.
    pub now: u64,
    /// The token that is there; `None` if there is none.
    pub existing: Option<Shown>,
    /// The token that came.
    pub incoming: Shown,
    /// The row that the pair falls in; `None` without an existing token.
    pub row: Option<&'static str>,
    /// When a pair falls in that row.
    pub condition: Option<&'static str>,
    /// `existing` or `incoming`.
    pub winner: String,
    /// Why.
    pub because: String,
    /// The same pair with a stamp missing.
    pub without: Vec<Without>,
    /// What a reader should know beside that.
    pub notes: Vec<String>,
}

/// What may be shown of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// When the claims were read.
    pub oiat: Option<Instant>,
    /// When it was minted.
    pub iat: Option<Instant>,
    /// When it expires.
    pub exp: Option<Instant>,
    pub expired: bool,
    pub sid: Option<String>,
    /// The active organisation.
    pub organisation: Option<String>,
}

/// A stamp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Instant {
    /// Since the epoch.
    pub seconds: u64,
    /// The same in UTC, in the form of RFC 3339; `None` beyond what calendars say.
    pub date: Option<String>,
    /// Seconds up to now; negative for an instant that is to come.
    pub age: i128,
}

/// What would have been decided if a stamp had been missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Without {
    pub missing: &'static str,
    /// The row then.
    pub row: &'static str,
    /// When a pair falls in that row.
    pub condition: &'static str,
    /// Who wins then.
    pub winner: String,
}

/// Compares two decoded tokens by the rule of all sites; notes say where a site has one that decides
/// otherwise.
///
/// # Errors
///
/// A rule is a script that failed.
pub fn compare(
    comparator: String,
    rules: &Rules,
    existing: Option<&Token>,
    incoming: &Token,
    now: u64,
) -> Result<Comparison, Unreliable> {
    let rule = rules.usual();
    let seen = |token: &Token| view(token, now);
    let (old, new) = (existing.map(seen), seen(incoming));
    let decision = rule.pick(old.as_ref(), &new);
    let because = match (&old, decision.row) {
        (Some(old), Some(row)) => because(rule, row, old, &new),
        _ => "there is no existing token".to_owned(),
    };
    let without = old.map_or_else(Vec::new, |old| without(rule, old, new));
    let mut notes = notes(rule, existing, incoming, now);
    let own = rules.own();
    notes.extend(own.filter_map(|(site, own)| {
        let there = own.pick(old.as_ref(), &new).winner;
        let site = site.name();
        (there != decision.winner)
            .then(|| format!("At the guard site {site}, which has a rule of its own: {there}."))
    }));
    rules.check()?;
    Ok(Comparison {
        version: VERSION,
        verified: false,
        comparator,
        now,
        existing: existing.map(|token| Shown::new(token, now)),
        incoming: Shown::new(incoming, now),
        row: decision.row.map(Row::name),
        condition: decision.row.map(Row::condition),
        winner: decision.winner.to_string(),
        because,
        without,
        notes,
    })
}

/// What a rule may see of a token.
fn view(token: &Token, now: u64) -> TokenView {
    let left = token.exp.map(|exp| exp.saturating_sub(now));
    TokenView {
        oiat: token.oiat,
        iat: token.iat,
        expiry: match left {
            Some(0) => Expiry::Past,
            Some(1..5) => Expiry::Near,
            Some(_) | None => Expiry::Ahead,
        },
        ..TokenView::default()
    }
}

/// Why, as far as the row says it: a rule of another kind looks at something else.
fn because(rule: Rule, row: Row, existing: &TokenView, incoming: &TokenView) -> String {
    let standard = Rule::Table(Table::STANDARD).decide(existing, incoming);
    let is_usual = rule.decide(existing, incoming).winner == standard.winner;
    match rule {
        Rule::Table(_) if is_usual => row.reason().to_owned(),
        Rule::Table(_) => "as this design has it; #8097 decides the row the other way".to_owned(),
        _ if is_usual => {
            "this comparator does not decide by rows; here it agrees with #8097".into()
        }
        _ => "this comparator does not decide by rows; #8097 decides the other way".to_owned(),
    }
}

fn without(rule: Rule, e: TokenView, i: TokenView) -> Vec<Without> {
    let no_oiat = |token: TokenView| TokenView {
        oiat: None,
        ..token
    };
    let no_iat = |token: TokenView| TokenView { iat: None, ..token };
    let cases = [
        ("existing oiat", e.oiat.is_some(), no_oiat(e), i),
        ("incoming oiat", i.oiat.is_some(), e, no_oiat(i)),
        (
            "both oiat",
            e.oiat.is_some() && i.oiat.is_some(),
            no_oiat(e),
            no_oiat(i),
        ),
        ("existing iat", e.iat.is_some(), no_iat(e), i),
        ("incoming iat", i.iat.is_some(), e, no_iat(i)),
    ];
    let cases = cases.into_iter().filter(|(_, is_there, ..)| *is_there);
    cases
        .map(|(missing, _, existing, incoming)| {
            let row = Row::of(&existing, &incoming);
            Without {
                missing,
                row: row.name(),
                condition: row.condition(),
                winner: rule.decide(&existing, &incoming).winner.to_string(),
            }
        })
        .collect()
}

fn notes(rule: Rule, existing: Option<&Token>, incoming: &Token, now: u64) -> Vec<String> {
    let mut notes = Vec::new();
    if matches!(rule, Rule::External(_)) {
        notes.push(
            "The script got tokens with stamps in the same order, not these tokens: their distances \
             and other claims are the program's."
                .to_owned(),
        );
    }
    let both = [("existing", existing), ("incoming", Some(incoming))];
    for (side, token) in both {
        let Some(token) = token else { continue };
        if token.iat.is_none() {
            notes.push(format!("The {side} token has no iat, which counts as 0."));
        }
        if token.exp.is_some_and(|exp| exp <= now) && !rule.asks_for_time() {
            notes.push(format!(
                "The {side} token has expired; the comparator does not look at that."
            ));
        }
    }
    if let Some(existing) = existing {
        let differ = |one: &Option<String>, other: &Option<String>| one != other;
        if differ(&existing.sid, &incoming.sid) {
            notes.push("They are of two sessions: a tab would not compare them.".to_owned());
        } else if differ(&existing.organisation, &incoming.organisation) {
            notes.push(
                "They are of two organisations: a tab caches them under two keys and compares them \
                 nowhere but at the cookie."
                    .to_owned(),
            );
        }
    }
    notes
}

impl Shown {
    fn new(token: &Token, now: u64) -> Shown {
        let instant = |seconds: u64| Instant::new(seconds, now);
        Shown {
            oiat: token.oiat.map(instant),
            iat: token.iat.map(instant),
            exp: token.exp.map(instant),
            expired: token.exp.is_some_and(|exp| exp <= now),
            sid: token.sid.clone(),
            organisation: token.organisation.clone(),
        }
    }
}

impl Instant {
    fn new(seconds: u64, now: u64) -> Instant {
        let date = i64::try_from(seconds).ok();
        let date = date.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        Instant {
            seconds,
            date: date.map(|date| date.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
            age: i128::from(now) - i128::from(seconds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(oiat: Option<u64>, iat: u64) -> Token {
        Token {
            oiat,
            iat: Some(iat),
            exp: Some(iat + 60),
            ..Token::default()
        }
    }

    #[test]
    fn a_missing_stamp_is_decided_by_the_row_that_it_leads_to() {
        let rules = Rules::everywhere(Rule::Table(Table::STANDARD));
        let (existing, incoming) = (token(Some(200), 200), token(Some(100), 230));
        let record = compare("x".into(), &rules, Some(&existing), &incoming, 240);
        let record = record.expect("no script");
        assert_eq!(
            (record.row, record.winner.as_str()),
            (Some("A1"), "existing")
        );
        let rows: Vec<_> = record.without.iter().map(|w| (w.missing, w.row)).collect();
        let expected = [
            ("existing oiat", "B2"),
            ("incoming oiat", "B1"),
            ("both oiat", "B3"),
            ("existing iat", "A1"),
            ("incoming iat", "A1"),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn an_instant_beyond_calendars_has_no_date_and_an_age() {
        let last = Instant::new((1 << 53) - 1, 0);
        assert_eq!(last.date, None);
        assert_eq!(last.age, -((1 << 53) - 1));
        let first = Instant::new(0, 0);
        assert_eq!(first.date.as_deref(), Some("1970-01-01T00:00:00Z"));
    }
}
