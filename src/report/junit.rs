//! JUnit XML, for whatever shows test results.

use super::{Render, RenderError, share};
use crate::check::{Agreement, PropertyResult, Report, RunResult};
use crate::property::Verdict;
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

/// One test suite for each design, one test case for each scenario and property. What differs is a
/// failure, what is not known an error, and what is vacuous as expected is skipped: nobody should
/// count it among the passed.
pub struct Junit;

impl Render for Junit {
    fn render(&self, report: &Report) -> Result<String, RenderError> {
        let mut junit = quick_junit::Report::new("freshest");
        let mut total = Duration::ZERO;
        for design in report.designs() {
            let runs = report.runs_of(design);
            let time = runs.iter().map(|run| seconds(run.seconds)).sum();
            total += time;
            let mut suite = TestSuite::new(design);
            suite.set_time(time);
            suite.add_property(("freshest", report.freshest.as_str()));
            if let Some(extent) = report.extent {
                suite.add_property(("designs", share(extent.designs, "design").as_str()));
                suite.add_property(("scenarios", share(extent.scenarios, "scenario").as_str()));
                let properties = share(extent.properties, "property");
                suite.add_property(("properties", properties.as_str()));
            }
            suite.add_property(("states", sum(&runs, |run| run.states).as_str()));
            suite.add_property(("transitions", sum(&runs, |run| run.transitions).as_str()));
            for run in runs {
                let case = |property| test_case(report, run, property);
                suite.add_test_cases(run.properties.iter().map(case));
            }
            junit.add_test_suite(suite);
        }
        junit.set_time(total);
        junit.to_string().map_err(RenderError::new)
    }
}

fn sum(runs: &[&RunResult], count: fn(&RunResult) -> u64) -> String {
    runs.iter().map(|run| count(run)).sum::<u64>().to_string()
}

/// A report may come from a file, and say anything.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

fn test_case(report: &Report, run: &RunResult, property: &PropertyResult) -> TestCase {
    let mut status = match (property.agreement, property.verdict) {
        (Agreement::Differs, _) => TestCaseStatus::non_success(NonSuccessKind::Failure),
        (Agreement::Unknown, _) => TestCaseStatus::non_success(NonSuccessKind::Error),
        (Agreement::Agrees, Verdict::Vacuous) => TestCaseStatus::skipped(),
        (Agreement::Agrees, _) => TestCaseStatus::success(),
    };
    let because = property.because.as_deref().unwrap_or_default();
    match property.agreement {
        Agreement::Agrees => {
            status.set_message(because);
        }
        Agreement::Differs | Agreement::Unknown => {
            status.set_message(property.deviation(run));
            status.set_type(property.verdict.name());
            status.set_description(details(report, run, property));
        }
    }
    let mut case = TestCase::new(property.property.name(), status);
    case.set_classname(format!("{}.{}", run.design, run.scenario));
    if (property.agreement, property.verdict) == (Agreement::Agrees, Verdict::Violated) {
        let found = property.found();
        case.set_system_out(format!("{found}, as expected: {because}"));
    }
    case
}

fn details(report: &Report, run: &RunResult, property: &PropertyResult) -> String {
    let place = property.place.iter().map(ToString::to_string);
    let bound = run.bound.map(|bound| bound.to_string());
    let command = report.command(run, property);
    place
        .chain(bound)
        .chain(command)
        .collect::<Vec<_>>()
        .join("\n")
}
