//! Finding what the arguments name: by name, by a pattern, or in a list with commas.

use super::failure::Failure;
use crate::catalog::Catalog;
use crate::design::Design;
use crate::explore::Question;
use crate::property::{Group, Property, PropertySet};
use crate::scenario::Scenario;
use crate::source::suggestion;

/// The design of this name, here or in the program.
pub(crate) fn design<'a>(catalog: &'a Catalog, name: &str) -> Result<&'a Design, Failure> {
    let found = catalog.design_anywhere(name);
    found.map_or_else(|| own_design(catalog, name), Ok)
}

/// The design of this name among the models that were read. What a gate judges is never taken from
/// the program unless somebody asked for the program's models.
fn own_design<'a>(catalog: &'a Catalog, name: &str) -> Result<&'a Design, Failure> {
    let names = catalog.designs.iter().map(|design| design.name.as_str());
    catalog
        .design(name)
        .ok_or_else(|| unknown("design", name, names))
}

pub(crate) fn scenario<'a>(catalog: &'a Catalog, name: &str) -> Result<&'a Scenario, Failure> {
    let names = catalog
        .scenarios
        .iter()
        .map(|scenario| scenario.name.as_str());
    catalog
        .scenario(name)
        .ok_or_else(|| unknown("scenario", name, names))
}

/// The property of this name, or with this heading in tables.
pub(crate) fn property(name: &str) -> Result<Property, Failure> {
    let names = Property::ALL.into_iter().map(Property::name);
    find_property(name).ok_or_else(|| unknown("property", name, names))
}

/// The properties of one name: a property, or those of a group, whose heading the digest prints.
pub(crate) fn property_or_group(name: &str) -> Option<PropertySet> {
    match find_property(name) {
        Some(property) => Some(PropertySet::from_iter([property])),
        None => Group::from_name(name).map(Group::properties),
    }
}

/// The same, if there is one. In a heading, spaces may be written as hyphens.
pub(crate) fn find_property(name: &str) -> Option<Property> {
    let spaced = name.replace('-', " ");
    let is_heading = |property: &Property| property.heading().eq_ignore_ascii_case(&spaced);
    Property::from_name(name).or_else(|| Property::ALL.into_iter().find(is_heading))
}

/// The designs that these names, patterns and lists mean; all of them if there are none.
pub(crate) fn designs<'a>(
    catalog: &'a Catalog,
    names: &[String],
) -> Result<Vec<&'a Design>, Failure> {
    let all = catalog.designs.iter().map(|d| (d.name.as_str(), d));
    // One that names distances is a design for each.
    chosen("design", names, all.collect(), |part, design| {
        design.is_named(part)
    })
}

/// The scenarios, in the same way.
pub(crate) fn scenarios<'a>(
    catalog: &'a Catalog,
    names: &[String],
) -> Result<Vec<&'a Scenario>, Failure> {
    let all = catalog.scenarios.iter().map(|s| (s.name.as_str(), s));
    chosen("scenario", names, all.collect(), |_, _| false)
}

/// Those of the scenarios that all these designs can be run in, of which there has to be one.
pub(crate) fn fitting<'a>(
    designs: &[&Design],
    scenarios: Vec<&'a Scenario>,
) -> Result<Vec<&'a Scenario>, Failure> {
    let some = scenarios.first().map(|scenario| scenario.name.clone());
    let fits = |scenario: &&Scenario| designs.iter().all(|design| design.runs_in(scenario));
    let fitting: Vec<&Scenario> = scenarios.into_iter().filter(fits).collect();
    match (fitting.is_empty(), designs) {
        (true, [design, ..]) => Err(unfit(design, &some.unwrap_or_default())),
        _ => Ok(fitting),
    }
}

/// Fails if a design cannot be run in a scenario.
pub(crate) fn check_fit(design: &Design, scenario: &Scenario) -> Result<(), Failure> {
    match design.runs_in(scenario) {
        true => Ok(()),
        false => Err(unfit(design, &scenario.name)),
    }
}

fn unfit(design: &Design, scenario: &str) -> Failure {
    let platform = design.policy.platform;
    let message = format!(
        "{} cannot be run in {scenario}: they are of two platforms",
        design.name
    );
    Failure::new(message).help(match platform.broadcast {
        true => "a scenario with a table `[platform]` is for designs with the same one",
        false => "without a broadcast channel (`[platform]`) a scenario has one tab: `tabs = 1`",
    })
}

/// The properties, in the same way.
pub(crate) fn properties(names: &[String]) -> Result<PropertySet, Failure> {
    let by_name = |part: &str| match property_or_group(part) {
        Some(meant) => meant.iter().map(|of| of.name().to_owned()).collect(),
        None => vec![part.to_owned()],
    };
    let by_name: Vec<String> = parts(names).flat_map(by_name).collect();
    let all = Property::ALL.map(|property| (property.name(), property));
    let chosen = chosen("property", &by_name, all.into(), |_, _| false)?;
    Ok(chosen.into_iter().collect())
}

/// The questions of `liveness`, in the same way.
pub(crate) fn questions(names: &[String]) -> Result<Vec<Question>, Failure> {
    let all = Question::ALL.map(|question| (question.name(), question));
    chosen("question", names, all.into(), |_, _| false)
}

/// What is between commas.
fn parts(names: &[String]) -> impl Iterator<Item = &str> {
    names.iter().flat_map(|name| name.split(','))
}

/// What the names mean, each once, in the order in which it is named. A pattern means all that it
/// fits, of which there has to be something; `is_meant` may know another name.
fn chosen<T: Copy>(
    what: &str,
    names: &[String],
    all: Vec<(&str, T)>,
    is_meant: impl Fn(&str, T) -> bool,
) -> Result<Vec<T>, Failure> {
    if names.is_empty() {
        return Ok(all.into_iter().map(|(_, item)| item).collect());
    }
    let mut chosen: Vec<usize> = Vec::new();
    for part in parts(names) {
        let fitting = (0..all.len()).filter(|&index| {
            let (name, item) = all[index];
            fits(part, name) || is_meant(part, item)
        });
        let fitting: Vec<usize> = fitting.collect();
        if fitting.is_empty() {
            return Err(unknown(what, part, all.iter().map(|(name, _)| *name)));
        }
        for index in fitting {
            if !chosen.contains(&index) {
                chosen.push(index);
            }
        }
    }
    Ok(chosen.into_iter().map(|index| all[index].1).collect())
}

/// Whether a name fits a pattern, in which `*` stands for anything and `?` for one character.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut read) = (0, 0);
    // Where to go on if the last `*` has to stand for one character more.
    let mut again: Option<(usize, usize)> = None;
    while read < name.len() {
        match pattern.get(at) {
            Some('*') => {
                again = Some((at + 1, read));
                at += 1;
            }
            Some(&c) if c == '?' || c == name[read] => {
                at += 1;
                read += 1;
            }
            Some(_) | None => match again {
                Some((after, from)) => {
                    again = Some((after, from + 1));
                    (at, read) = (after, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|&c| c == '*')
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Failure {
    Failure::new(format!("there is no {what} `{name}`")).help(suggestion(name, known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything_and_a_question_mark_for_one_character() {
        for (pattern, name) in [
            ("*", ""),
            ("*", "pr-9030"),
            ("pr-*", "pr-9030"),
            ("*30", "pr-9030"),
            ("p*9*0", "pr-9030"),
            ("pr-90?0", "pr-9030"),
            ("pr-9030", "pr-9030"),
        ] {
            assert!(fits(pattern, name), "{pattern} fits {name}");
        }
        for (pattern, name) in [
            ("", "a"),
            ("?", ""),
            ("pr-*", "proposal"),
            ("*-tie", "tie-"),
            ("a?", "a"),
            ("pr-9030", "pr-90301"),
        ] {
            assert!(!fits(pattern, name), "{pattern} does not fit {name}");
        }
    }

    #[test]
    fn a_group_is_named_by_its_heading_and_by_nothing_that_is_a_property() {
        for group in Group::ALL {
            let meant = property_or_group(group.name());
            assert_eq!(meant, Some(group.properties()), "{}", group.name());
        }
    }

    #[test]
    fn a_property_has_the_name_of_its_column_too() {
        for property in Property::ALL {
            assert_eq!(find_property(property.name()), Some(property));
            assert_eq!(find_property(property.heading()), Some(property));
            let hyphens = property.heading().replace(' ', "-");
            assert_eq!(find_property(&hyphens), Some(property));
        }
    }
}
