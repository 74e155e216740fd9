//! A stamp out of a JSON number, read as `JSON.parse` reads it.

use super::error::Reason;
use super::json::Number;

/// 2^53, the first whole number that a double cannot tell from the next one.
const LIMIT: u64 = 1 << 53;

/// Whole seconds since the epoch.
#[inline]
pub(super) fn seconds(claim: &'static str, number: Number<'_>) -> Result<u64, Reason> {
    match number.digits {
        Some(value) if value < LIMIT => Ok(value),
        Some(_) => Err(Reason::TooLarge { claim }),
        None => any_notation(claim, number.text),
    }
}

/// Signs, fractions and exponents, by way of the double that JavaScript would see.
#[cold]
fn any_notation(claim: &'static str, number: &[u8]) -> Result<u64, Reason> {
    // Rust reads every JSON number, rounding correctly as ECMAScript demands.
    let Ok(value) = std::str::from_utf8(number)
        .unwrap_or_default()
        .parse::<f64>()
    else {
        return Err(Reason::TooLarge { claim });
    };
    if value < 0.0 {
        Err(Reason::Negative { claim })
    } else if value >= LIMIT as f64 {
        Err(Reason::TooLarge { claim })
    } else if value.fract() != 0.0 {
        Err(Reason::Fractional { claim })
    } else {
        // Whole, not negative and below 2^53: exact. Minus zero becomes zero.
        Ok(value as u64)
    }
}
