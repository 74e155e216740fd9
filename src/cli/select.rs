//! Finding what the arguments name.

use super::failure::Failure;
use crate::catalog::Catalog;
use crate::design::Design;
use crate::property::{Property, PropertySet};
use crate::scenario::Scenario;
use crate::source::suggestion;

/// The design of this name, here or in the program.
pub fn design<'a>(catalog: &'a Catalog, name: &str) -> Result<&'a Design, Failure> {
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

/// The scenario of this name.
pub fn scenario<'a>(catalog: &'a Catalog, name: &str) -> Result<&'a Scenario, Failure> {
    let names = catalog
        .scenarios
        .iter()
        .map(|scenario| scenario.name.as_str());
    catalog
        .scenario(name)
        .ok_or_else(|| unknown("scenario", name, names))
}

/// The property of this name.
pub fn property(name: &str) -> Result<Property, Failure> {
    let names = Property::ALL.into_iter().map(Property::name);
    Property::from_name(name).ok_or_else(|| unknown("property", name, names))
}

/// The designs of these names; all of them if there are none.
pub fn designs<'a>(catalog: &'a Catalog, names: &[String]) -> Result<Vec<&'a Design>, Failure> {
    match names {
        [] => Ok(catalog.designs.iter().collect()),
        names => {
            let mut designs = Vec::new();
            for name in names {
                // One that names distances is a design for each.
                let named = catalog
                    .designs
                    .iter()
                    .filter(|design| design.is_named(name));
                designs.extend(named);
                if !designs.iter().any(|design| design.is_named(name)) {
                    designs.push(own_design(catalog, name)?);
                }
            }
            Ok(designs)
        }
    }
}

/// The scenarios of these names; all of them if there are none.
pub fn scenarios<'a>(catalog: &'a Catalog, names: &[String]) -> Result<Vec<&'a Scenario>, Failure> {
    match names {
        [] => Ok(catalog.scenarios.iter().collect()),
        names => names.iter().map(|name| scenario(catalog, name)).collect(),
    }
}

/// The properties of these names; all of them if there are none.
pub fn properties(names: &[String]) -> Result<PropertySet, Failure> {
    match names {
        [] => Ok(PropertySet::ALL),
        names => names.iter().map(|name| property(name)).collect(),
    }
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Failure {
    Failure::new(format!("there is no {what} `{name}`")).help(suggestion(name, known))
}
