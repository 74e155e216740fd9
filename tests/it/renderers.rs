//! Reports and diagrams are pure renderings: the same results, the same page.

use crate::support::catalog;
use freshest::catalog::Catalog;
use freshest::check::{Report, RunResult};
use freshest::explore::{Limits, Method, explore, witness};
use freshest::property::{Monitored, Property, PropertySet};
use freshest::report::diagram::{Fate, Lane, Message, mermaid, svg};
use freshest::report::{ReportBundle, Story, Subject, bundle, html};
use freshest::trace::{Claim, walk};
use std::error::Error;
use std::sync::Arc;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// What `explain` tells of a property.
fn explain(catalog: &Catalog, design: &str, scenario: &str, property: Property) -> Result<Story> {
    let design = catalog.design(design).ok_or("no such design")?;
    let scenario = catalog.scenario(scenario).ok_or("no such scenario")?;
    let model = || {
        Monitored::new(
            design.policy,
            &scenario.setup,
            PropertySet::from_iter([property]),
        )
    };
    let (method, limits, watch) = (Method::default(), Limits::default(), Arc::default());
    let outcome = explore(model(), &method, &limits, &watch)?;
    let finding = outcome.finding(property).ok_or("not judged")?;
    let (claim, events) = match finding.counterexample.clone() {
        Some(events) => (Claim::Violated, events),
        None => {
            let events = witness(model(), property, &method, &limits, &watch)?;
            (Claim::Witnessed, events.ok_or("vacuous")?)
        }
    };
    let model = model();
    let steps = walk(&model, &events).map_err(|step| format!("step {step} cannot happen"))?;
    let subject = Subject {
        design,
        scenario,
        property,
        claim,
    };
    Ok(subject.story(&model, &steps))
}

/// What `check` reports of one design in one scenario.
fn report(catalog: &Catalog, design: &str, scenario: &str) -> Result<Report> {
    let design = catalog.design(design).ok_or("no such design")?;
    let scenario = catalog.scenario(scenario).ok_or("no such scenario")?;
    let model = Monitored::new(design.policy, &scenario.setup, PropertySet::ALL);
    let outcome = explore(
        model,
        &Method::default(),
        &Limits::default(),
        &Arc::default(),
    )?;
    Ok(Report::new(vec![RunResult::new(
        design, scenario, &outcome,
    )]))
}

fn bundle_of(catalog: &Catalog, design: &str, scenario: &str) -> Result<ReportBundle> {
    let report = report(catalog, design, scenario)?;
    Ok(bundle(report, catalog, "freshest check".to_owned())?)
}

#[test]
fn the_headline_as_mermaid() -> Result {
    let headline = Property::CachedOiatNeverDecreases;
    let story = explain(catalog(), "pr-8097", "own-refresh", headline)?;
    insta::assert_snapshot!(mermaid(&story));
    Ok(())
}

#[test]
fn the_headline_as_markdown() -> Result {
    let headline = Property::CachedOiatNeverDecreases;
    let story = explain(catalog(), "pr-8097", "own-refresh", headline)?;
    insta::assert_snapshot!(story.as_markdown());
    Ok(())
}

#[test]
fn a_lost_broadcast_as_svg() -> Result {
    let story = explain(catalog(), "pr-9030", "lose", Property::TabsConverge)?;
    insta::assert_snapshot!(svg(&story));
    Ok(())
}

#[test]
fn a_witness_is_not_called_a_violation() -> Result {
    let headline = Property::CachedOiatNeverDecreases;
    let story = explain(catalog(), "pr-9030", "r1s1", headline)?;
    for drawn in [mermaid(&story), svg(&story)] {
        assert!(drawn.contains("OPPORTUNITY") && !drawn.contains("VIOLATED"));
    }
    assert!(story.as_markdown().contains("is not violated"));
    Ok(())
}

#[test]
fn an_arrow_ends_where_its_fate_says() -> Result {
    let story = explain(catalog(), "pr-9030", "lose", Property::TabsConverge)?;
    let arrows = &story.diagram.arrows;
    let lost: Vec<_> = arrows.iter().filter(|a| a.fate == Fate::Stopped).collect();
    assert_eq!(lost.len(), 1);
    assert_eq!(
        (lost[0].what, lost[0].from),
        (Message::Broadcast, Lane::Channel)
    );
    assert!(arrows.iter().all(|arrow| arrow.fate != Fate::Underway));
    Ok(())
}

#[test]
fn a_diagram_shows_the_row_that_decided() -> Result {
    let story = explain(catalog(), "iat-guard", "fmt-s2g1", Property::TieIsAdopted)?;
    let last = story.diagram.steps.last().ok_or("no steps")?;
    let rows: Vec<_> = last.decisions.iter().map(|decision| decision.row).collect();
    assert_eq!(rows, [Some("A5")]);
    assert!(mermaid(&story).contains("broadcast guard, row A5: existing stays"));
    Ok(())
}

#[test]
fn words_from_model_files_cannot_break_out() -> Result {
    let mut catalog = catalog().clone();
    let hostile = "</script><b>\"x\" & 'y'; [z](javascript:1) %% #";
    for design in &mut catalog.designs {
        design.title = hostile.to_owned();
    }
    for scenario in &mut catalog.scenarios {
        scenario.title = hostile.to_owned();
    }
    let page = html(&bundle_of(&catalog, "pr-8097", "r1s1")?)?;
    assert!(!page.contains("<b>\"x\"") && !page.contains("</script><b>"));
    assert_eq!(page.matches("</script>").count(), 2);
    let headline = Property::CachedOiatNeverDecreases;
    let story = explain(&catalog, "pr-8097", "r1s1", headline)?;
    assert!(!svg(&story).contains("<b>"));
    assert!(story.as_markdown().contains("\\[z\\](javascript:1)"));
    Ok(())
}

#[test]
fn a_page_made_from_json_is_the_same_page() -> Result {
    let catalog = catalog();
    let told = |report| bundle(report, catalog, "freshest check".to_owned());
    let report = report(catalog, "pr-8097", "r1s1")?;
    let copy: Report = serde_json::from_str(&serde_json::to_string(&report)?)?;
    assert_eq!(html(&told(report)?)?, html(&told(copy)?)?);
    Ok(())
}

#[test]
fn a_page_holds_every_verdict_story_and_limit() -> Result {
    let bundle = bundle_of(catalog(), "pr-8097", "own-refresh")?;
    let violated = bundle
        .report
        .properties()
        .filter(|(_, p)| p.counterexample.is_some());
    assert_eq!(violated.count(), bundle.stories.len());
    let page = html(&bundle)?;
    for (run, property) in bundle.report.properties() {
        let link = format!(
            "href=\"#{}/{}/{}\"",
            run.design, run.scenario, property.property
        );
        assert!(page.contains(&link), "{link}");
    }
    assert!(page.contains("explored to the end") && page.contains("The back/forward cache"));
    Ok(())
}

#[test]
fn results_of_other_models_are_refused() -> Result {
    let catalog = catalog();
    let mut report = report(catalog, "pr-8097", "own-refresh")?;
    report.results[0].design = "pr-9030".to_owned();
    let refused = bundle(report.clone(), catalog, String::new());
    let message = refused.err().ok_or("it was not refused")?.to_string();
    assert!(
        message.contains("does not apply to the models"),
        "{message}"
    );
    report.results[0].design = "no-such".to_owned();
    let refused = bundle(report, catalog, String::new());
    let message = refused.err().ok_or("it was not refused")?.to_string();
    assert_eq!(
        message,
        "the report has a design `no-such`, the models have none"
    );
    Ok(())
}
