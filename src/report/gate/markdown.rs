//! The gate as Markdown, for a step summary or a pull request.

use super::full::{design_tables, footing, heading};
use super::unexpected::{MAX_TOLD, Unexpected, blocks, unexpected};
use super::verdict;
use crate::catalog::Catalog;
use crate::check::{Agreement, PropertyResult, Report, RunResult};
use crate::report::document::{Align, Block, Cell, Document, Line, Table};
use crate::report::summary::checked;
use crate::report::words::{bounds, count};
use crate::report::{Render, RenderError, retell};

/// The verdict line, what is not as expected with one trace, a table for each design, and what stands
/// behind the verdicts; fewer characters than GitHub takes.
pub struct Markdown<'a> {
    /// The models, to tell a trace by; without them none is told.
    pub catalog: Option<&'a Catalog>,
}

impl Render for Markdown<'_> {
    fn render(&self, report: &Report) -> Result<String, RenderError> {
        let unexpected = unexpected(report);
        let (_, line) = verdict(report);
        let mut document = Document::from_iter([Block::Title(line.into())]);
        let rest = "the tables below mark them with !";
        document.section(heading(report), blocks(report, &unexpected, MAX_TOLD, rest));
        document.append(self.trace(&unexpected)?);
        let legend = Line::default()
            .name("ok")
            .plain(" holds; ")
            .name("7")
            .plain(" violated, shortest counterexample of 7 events; ")
            .name("--")
            .plain(" vacuous, nothing in the scenario could violate it; ")
            .name("??")
            .plain(" inconclusive; ")
            .name("!")
            .plain(" and bold: not as expected.");
        let mut tables = vec![Block::Paragraph(legend)];
        for design in report.designs() {
            tables.push(design_table(design, &report.runs_of(design)));
        }
        document.section("Verdicts", tables);
        document.section("What stands behind it", vec![facts(report)]);
        document.append(footing(report));
        Ok(document.as_markdown(&report.in_full(self.catalog)))
    }
}

impl Markdown<'_> {
    /// The story of the first violation that is not expected.
    fn trace(&self, unexpected: &[Unexpected<'_>]) -> Result<Document, RenderError> {
        let mut violations = unexpected.iter().filter_map(|one| {
            let events = one.result.counterexample.as_deref()?;
            Some((one, events))
        });
        let (Some(catalog), Some((one, events))) = (self.catalog, violations.next()) else {
            return Ok(Document::default());
        };
        let story = retell(catalog, one.run, one.result, events).map_err(RenderError::new)?;
        Ok(story.document())
    }
}

/// Folded where everything is as expected.
fn design_table(design: &str, runs: &[&RunResult]) -> Block {
    let verdicts = || runs.iter().flat_map(|run| &run.properties);
    let off = |property: &&PropertyResult| property.agreement != Agreement::Agrees;
    let (all, off) = (verdicts().count(), verdicts().filter(off).count());
    let said = match off {
        0 => format!(": {}, all as expected", count(all, "verdict")),
        off => format!(": {off} of {} not as expected", count(all, "verdict")),
    };
    Block::Fold {
        summary: Line::default().strong(design).plain(said),
        open: off > 0,
        blocks: design_tables(runs).into_iter().map(Block::Table).collect(),
    }
}

fn facts(report: &Report) -> Block {
    let mut table = Table::new([("", Align::Left), ("", Align::Left)]);
    let rows = [
        ("checked", checked(report)),
        ("bounds of each run", bounds(&report.bounds)),
        ("engine", report.engine.clone()),
        ("freshest", report.freshest.clone()),
    ];
    for (what, value) in rows {
        table.row([Cell::from(what), Cell::from(value)]);
    }
    Block::Table(table)
}
