//! `freshest liveness`.

use super::args::{Format, LivenessArgs};
use super::failure::Failure;
use super::progress::{Progress, stop_on_interrupt};
use super::side_by_side::side_by_side;
use super::{Exit, output, select};
use crate::catalog::Catalog;
use crate::design::Design;
use crate::explore::{Limits, Watch, liveness};
use crate::property::{Monitored, PropertySet, Verdict};
use crate::report::{Bounds, LivenessReport, LivenessResult, VERSION};
use crate::scenario::Scenario;
use std::sync::Arc;

/// Says whether posts arrive in the end.
pub fn run(args: &LivenessArgs) -> Result<Exit, Failure> {
    let catalog = Catalog::load(&args.models.models)?;
    let designs = select::designs(&catalog, &args.design)?;
    let scenarios = select::scenarios(&catalog, &args.scenario)?;
    let limits = args.bounds.limits();
    let watch = Arc::new(Watch::default());
    stop_on_interrupt(&watch)?;
    let pairs: Vec<_> = designs
        .iter()
        .flat_map(|design| scenarios.iter().map(move |scenario| (*design, *scenario)))
        .collect();
    let results = {
        let progress = Progress::start(&watch, pairs.len());
        side_by_side(
            &pairs,
            args.threads.map(usize::from),
            |(design, scenario)| {
                let result = run_one(design, scenario, &limits, &watch);
                progress.ended();
                result
            },
        )
    };
    let results: Result<Vec<LivenessResult>, Failure> = results.into_iter().collect();
    let results = results?;
    let report = LivenessReport {
        version: VERSION,
        models: args.models.models.display().to_string(),
        meaning: crate::explore::MEANING,
        witness: crate::explore::WITNESS,
        fairness: crate::explore::FAIRNESS,
        bounds: Bounds::from(&limits),
        results,
    };
    match args.format {
        Format::Text => output::print(&report.as_text())?,
        Format::Json => output::print_json(&report)?,
    }
    let has = |verdict| report.results.iter().any(|r| r.verdict == verdict);
    Ok(if has(Verdict::Violated) {
        Exit::Differs
    } else if has(Verdict::Inconclusive) || !has(Verdict::Holds) {
        Exit::Unknown
    } else {
        Exit::AsExpected
    })
}

fn run_one(
    design: &Design,
    scenario: &Scenario,
    limits: &Limits,
    watch: &Arc<Watch>,
) -> Result<LivenessResult, Failure> {
    let model = || Monitored::new(design.policy, &scenario.setup, PropertySet::NONE);
    let found = liveness(model(), limits, watch)?;
    LivenessResult::new(design, scenario, &model(), &found)
        .ok_or_else(|| Failure::new("internal error: the lasso cannot be walked".to_owned()))
}
