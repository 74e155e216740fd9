//! JSON strings as they stand in the source, escapes included, and what they mean.

use super::json::Fault;

/// The string that is written `raw`. Half of a surrogate pair, which JavaScript strings may hold
/// and UTF-8 cannot, becomes U+FFFD.
pub(super) fn unescaped(raw: &[u8]) -> String {
    char::decode_utf16(units(raw))
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// Whether the string holds half of a surrogate pair. Only an escape writes one.
pub(super) fn has_lone_surrogate(raw: &[u8]) -> bool {
    char::decode_utf16(units(raw)).any(|unit| unit.is_err())
}

/// The UTF-16 code units: what JSON's escapes are written in.
fn units(raw: &[u8]) -> impl Iterator<Item = u16> {
    // What a scanner cuts out of UTF-8 is UTF-8.
    let mut chars = std::str::from_utf8(raw).unwrap_or_default().chars();
    let mut low_surrogate = None;
    std::iter::from_fn(move || {
        if let Some(unit) = low_surrogate.take() {
            return Some(unit);
        }
        let unescaped = match chars.next()? {
            '\\' => match chars.next()? {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => return hex4(&mut chars),
                itself => itself,
            },
            plain => plain,
        };
        let mut pair = [0; 2];
        let units = unescaped.encode_utf16(&mut pair);
        low_surrogate = units.get(1).copied();
        units.first().copied()
    })
}

fn hex4(chars: &mut std::str::Chars<'_>) -> Option<u16> {
    let mut unit = 0;
    for _ in 0..4 {
        // Sixteen bits hold four digits, so nothing is shifted out.
        unit = unit << 4 | u16::try_from(chars.next()?.to_digit(16)?).ok()?;
    }
    Some(unit)
}

/// The length of the escape sequence at the front.
#[cold]
pub(super) fn escape_length(text: &[u8]) -> Result<usize, Fault> {
    match text {
        [_, b'u', a, b, c, d, ..] if [a, b, c, d].into_iter().all(u8::is_ascii_hexdigit) => Ok(6),
        [_, letter, ..] if br#""\/bfnrt"#.contains(letter) => Ok(2),
        _ => Err(Fault::NoEscape),
    }
}
