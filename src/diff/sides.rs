//! Running two designs side by side.

use super::compare::put_together;
use super::held::{differ, differ_in_passing};
use super::{Diff, Error};
use crate::check::{Options, matrix};
use crate::design::Design;
use crate::explore::{Lockstep, lockstep};
use crate::model::{Roster, System};
use crate::property::{Monitored, PropertySet};
use crate::scenario::Scenario;
use crate::trace::{Walked, walk};

/// A scenario, and what became of both designs in it.
pub(super) struct Side<'a> {
    pub scenario: &'a Scenario,
    pub roster: Roster,
    pub lockstep: Lockstep,
    /// No cache and no cookie ever differs: what does is only under way.
    pub in_passing: bool,
    /// The trace that tells them apart, if there is one.
    pub walked: Option<BothWalked>,
}

/// The same events in both designs.
pub(super) struct BothWalked {
    pub from: Vec<Walked>,
    pub to: Vec<Walked>,
}

/// Compares two designs: their verdicts in each scenario, and the shortest trace after which
/// something that is held, or else something under way, is not the same.
///
/// # Errors
///
/// A comparator failed, or an engine and the model disagree, which is a bug.
pub fn diff(
    from: &Design,
    to: &Design,
    scenarios: &[&Scenario],
    options: &Options<'_>,
) -> Result<Diff, Error> {
    let report = matrix([from, to], scenarios.iter().copied())
        .options(options.clone())
        .run()?;
    let name = |scenario: &&Scenario| format!("{} and {} in {}", from.name, to.name, scenario.name);
    let sides = options.run_each(scenarios, name, |scenario| {
        side(scenario, from, to, options)
    });
    let sides: Vec<Side<'_>> = sides.into_iter().collect::<Result<_, Error>>()?;
    let diff = put_together(from, to, &sides, &report);
    for design in [from, to] {
        design.policy.rules.check()?;
    }
    Ok(diff)
}

fn side<'a>(
    scenario: &'a Scenario,
    from: &Design,
    to: &Design,
    options: &Options<'_>,
) -> Result<Side<'a>, Error> {
    let model = |design: &Design| Monitored::new(design.policy, &scenario.setup, PropertySet::NONE);
    let (one, other) = (model(from), model(to));
    let roster = one.roster();
    let run = |differ: fn(Roster, &System, &System) -> bool| {
        let differ = |a: &System, b: &System| differ(roster, a, b);
        let both = (one.model(), other.model());
        lockstep(both, differ, &options.limits, &options.watch)
    };
    // Designs are nothing but their policies.
    let held = if from.policy == to.policy {
        Lockstep {
            apart: None,
            pairs: 0,
            bound: None,
        }
    } else {
        run(differ)
    };
    let in_passing = held.apart.is_none() && held.bound.is_none() && held.pairs > 0;
    let lockstep = if in_passing {
        run(differ_in_passing)
    } else {
        held
    };
    let walked = match &lockstep.apart {
        Some(events) => Some(BothWalked {
            from: walk(&one, events)?,
            to: walk(&other, events)?,
        }),
        None => None,
    };
    Ok(Side {
        scenario,
        roster,
        lockstep,
        in_passing,
        walked,
    })
}
