//! A comparator that may measure distances is one comparator for each.

use super::Design;

/// Between a design's or a scenario's name and a distance; no file's name has it.
const AT: char = '@';

impl Design {
    /// The designs that its distances make of it, `NAME@30s`; itself if it names none.
    ///
    /// What is expected in `SCENARIO@30s` is for that distance alone, and goes before what is expected
    /// in `SCENARIO`, which is for all of them.
    pub(crate) fn by_distance(self) -> Vec<Design> {
        // Whoever reads a design sees to it that they are the same wherever there are some.
        let mut named = self.scripts.iter().map(|script| &script.distances);
        let Some(distances) = named.find(|distances| !distances.is_empty()) else {
            return vec![self];
        };
        let ends: Vec<String> = distances.iter().map(|(s, _)| format!("{AT}{s}s")).collect();
        let variant = |(index, (seconds, _)): (usize, &(u32, _))| {
            let mut variant = self.clone();
            let end = format!("{AT}{seconds}s");
            variant.name.push_str(&end);
            variant.title = format!("{}, instants {seconds} s apart", self.title);
            for script in &self.scripts {
                if let Some((_, rule)) = script.distances.get(index) {
                    variant.policy.rules = variant.policy.rules.with_of(script.site, *rule);
                }
            }
            let others = |scenario: &str| ends.iter().any(|end| scenario.ends_with(end));
            variant.expectations.retain(|(name, _), _| !others(name));
            variant.expected_in.retain(|name, _| !others(name));
            for ((name, property), expectation) in &self.expectations {
                if let Some(name) = name.strip_suffix(&end) {
                    let key = (name.to_owned(), *property);
                    variant.expectations.insert(key, expectation.clone());
                }
            }
            for (name, place) in &self.expected_in {
                if let Some(name) = name.strip_suffix(&end) {
                    variant.expected_in.insert(name.to_owned(), place.clone());
                }
            }
            variant
        };
        distances.iter().enumerate().map(variant).collect()
    }

    /// Whether this is the design of this name, or one that a distance made of it.
    pub fn is_named(&self, name: &str) -> bool {
        let end = self.name.strip_prefix(name);
        end.is_some_and(|end| end.is_empty() || end.starts_with(AT))
    }
}
