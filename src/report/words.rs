//! Numbers, and what they count, in one way for all formats that people read.

use crate::check::Bounds;
use crate::explore::Bound;

/// `1234567` as `1,234,567`.
pub(crate) fn number(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 run`, or `2 runs`.
pub(crate) fn count(many: usize, what: &str) -> String {
    let number = number(many as u64);
    match (many, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        (_, None) => format!("{number} {what}s"),
    }
}

/// `8 GiB`, `1.5 MiB`, `512 bytes`
pub(crate) fn bytes(bytes: u64) -> String {
    let units = [("GiB", 30), ("MiB", 20), ("KiB", 10)];
    let unit = units.into_iter().find(|(_, shift)| bytes >> shift > 0);
    match unit {
        None => format!("{} bytes", number(bytes)),
        Some((unit, shift)) if bytes.is_multiple_of(1 << shift) => {
            format!("{} {unit}", number(bytes >> shift))
        }
        Some((unit, shift)) => format!("{:.1} {unit}", bytes as f64 / (1u64 << shift) as f64),
    }
}

/// `stopped at 1,000,000 states (--max-states)`
pub(crate) fn bound(bound: Bound) -> String {
    match bound {
        Bound::States(states) => format!("stopped at {} states (--max-states)", number(states)),
        Bound::Memory(limit) => format!("stopped at {} (--memory-limit)", bytes(limit)),
        Bound::Time(_) | Bound::Stored(_) | Bound::Interrupted => bound.to_string(),
    }
}

/// `at most 1,000,000 states, 8 GiB`; `none`
pub(crate) fn bounds(bounds: &Bounds) -> String {
    let limits = [
        bounds
            .max_states
            .map(|states| format!("{} states", number(states))),
        bounds
            .time_limit_seconds
            .map(|seconds| format!("{seconds} s")),
        bounds.memory_limit_bytes.map(bytes),
    ];
    let limits: Vec<String> = limits.into_iter().flatten().collect();
    match limits.is_empty() {
        true => "none".to_owned(),
        false => format!("at most {}", limits.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_three() {
        let told = [0, 7, 999, 1_000, 61_234, 1_234_567].map(|n: u64| number(n));
        assert_eq!(told, ["0", "7", "999", "1,000", "61,234", "1,234,567"]);
    }

    #[test]
    fn one_thing_is_no_plural() {
        assert_eq!(count(1, "run"), "1 run");
        assert_eq!(count(0, "run"), "0 runs");
        assert_eq!(count(1_000, "property"), "1,000 properties");
    }

    #[test]
    fn sizes_have_the_largest_unit_that_fits() {
        let told = [100, 8 << 30, 3 << 19].map(bytes);
        assert_eq!(told, ["100 bytes", "8 GiB", "1.5 MiB"]);
    }
}
