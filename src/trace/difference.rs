//! What differs between two observations, in the words of a story.

use super::record::{Observed, Seen, seen};
use std::fmt;

/// Something that is other than recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where: `tab 0's cache`.
    pub of: String,
    /// What was recorded.
    pub was: String,
    pub is: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: was {}, now {}", self.of, self.was, self.is)
    }
}

/// What differs between what was recorded and what the model has, part by part. Of lists only what
/// one of the two has alone, unless their order is all that differs.
pub(super) fn differences(recorded: &Observed, model: &Observed) -> Vec<Difference> {
    let (recorded, model) = (seen(recorded), seen(model));
    let mut places: Vec<&str> = recorded.iter().map(|part| part.of.as_str()).collect();
    for part in &model {
        if !places.contains(&part.of.as_str()) {
            places.push(&part.of);
        }
    }
    let differs = |of: &str| {
        let (was, is) = (find(&recorded, of), find(&model, of));
        (was != is).then(|| Difference {
            of: of.to_owned(),
            was: listed(was, is),
            is: listed(is, was),
        })
    };
    places.into_iter().filter_map(differs).collect()
}

fn find<'a>(parts: &'a [Seen], of: &str) -> &'a [String] {
    let part = parts.iter().find(|part| part.of == of);
    part.map_or(&[], |part| &part.items)
}

fn listed(items: &[String], others: &[String]) -> String {
    let mut left = others.to_vec();
    let alone: Vec<&str> = items
        .iter()
        .filter(|item| match left.iter().position(|other| other == *item) {
            Some(position) => {
                left.swap_remove(position);
                false
            }
            None => true,
        })
        .map(String::as_str)
        .collect();
    let is_order_alone = alone.is_empty() && left.is_empty();
    match (is_order_alone, alone.as_slice()) {
        (true, _) => items.join(", then "),
        (false, []) => "nothing".to_owned(),
        (false, alone) => alone.join(" and "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(items: &[&str], others: &[&str]) -> (String, String) {
        let owned =
            |items: &[&str]| -> Vec<String> { items.iter().map(|&s| s.to_owned()).collect() };
        let (items, others) = (owned(items), owned(others));
        (listed(&items, &others), listed(&others, &items))
    }

    #[test]
    fn only_what_one_list_has_alone_is_told() {
        let pair = |was: &str, is: &str| (was.to_owned(), is.to_owned());
        assert_eq!(of(&["a", "b"], &["a", "c"]), pair("b", "c"));
        assert_eq!(of(&["a", "b", "c"], &["b"]), pair("a and c", "nothing"));
        assert_eq!(of(&["a", "a"], &["a"]), pair("a", "nothing"));
        assert_eq!(of(&["a", "b"], &["b", "a"]), pair("a, then b", "b, then a"));
    }
}
