//! A bundle as one HTML file that needs nothing else: no network, no other file.
//!
//! What can be read without looking closer (verdicts, tables, runs) is plain HTML. The traces come
//! as data, and the page's own script draws the one that is asked for.

mod data;
mod digest;
mod pool;
mod rows;
mod view;

use super::bundle::{outline, stories};
use super::{Link, Playground, Render, RenderError, ReportBundle, bundle};
use crate::catalog::Catalog;
use crate::check::Report;
use crate::source;
use askama::Template;
use data::Data;
use serde::Serialize;

/// The page's style.
const CSS: &str = include_str!("../../../templates/report.css");

/// The page's script.
const SCRIPT: &str = include_str!("../../../templates/report.js");

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    bundle: &'a ReportBundle,
    summary: view::Summary,
    groups: Vec<view::Group<'a>>,
    digest: digest::Digest<'a>,
    rows: Vec<rows::Row>,
    deciding: Vec<rows::Deciding<'a>>,
    headlines: Vec<view::Headline<'a>>,
    css: &'static str,
    script: &'static str,
    data: String,
    /// Where its designs are to be tried.
    links: &'a [Link],
    /// The page's Content-Security-Policy.
    policy: String,
}

/// The page, with a story for every counterexample.
pub struct Html<'a> {
    /// The models that the report is about.
    pub catalog: &'a Catalog,
    /// What to type to get the same report.
    pub command: &'a str,
    /// Where the playground is, if somebody says so.
    pub playground: Option<&'a Playground>,
}

impl Render for Html<'_> {
    fn render(&self, report: &Report) -> Result<String, RenderError> {
        let bundle = bundle(report.clone(), self.catalog, self.command.to_owned());
        let links = self.playground.map(|at| at.links(self.catalog, report));
        let links = links.unwrap_or_default();
        Ok(html_with(&bundle.map_err(RenderError::new)?, &links)? + "\n")
    }
}

/// In two parts, for a page that is to be seen at once: most of the time goes into the traces.
impl Html<'_> {
    /// The page without its traces. Its script waits for a message `{"traces": TEXT}`.
    ///
    /// # Errors
    ///
    /// The report is of other models.
    pub fn without_traces(&self, report: &Report) -> Result<String, RenderError> {
        let bundle = outline(report.clone(), self.catalog, self.command.to_owned());
        let bundle = bundle.map_err(RenderError::new)?;
        page(&bundle, &Data::without_traces(&bundle), &[])
    }

    /// The text of that message.
    ///
    /// # Errors
    ///
    /// A counterexample of the report is none with these models.
    pub fn traces(&self, report: &Report) -> Result<String, RenderError> {
        let stories = stories(report, self.catalog).map_err(RenderError::new)?;
        packed(&data::told(&stories))
    }
}

pub fn html(bundle: &ReportBundle) -> Result<String, RenderError> {
    html_with(bundle, &[])
}

/// The same, with links to the playground.
pub fn html_with(bundle: &ReportBundle, links: &[Link]) -> Result<String, RenderError> {
    page(bundle, &Data::new(bundle), links)
}

fn packed(data: &impl Serialize) -> Result<String, RenderError> {
    let value = serde_json::to_value(data).map_err(RenderError::new)?;
    Ok(pool::packed(&value))
}

fn page(bundle: &ReportBundle, data: &Data<'_>, links: &[Link]) -> Result<String, RenderError> {
    let page = Page {
        bundle,
        summary: view::summary(bundle),
        groups: view::groups(bundle),
        digest: digest::digest(bundle),
        rows: rows::rows(bundle),
        deciding: rows::deciding(bundle),
        headlines: view::headlines(bundle),
        css: CSS,
        script: SCRIPT,
        data: packed(data)?,
        links,
        policy: policy(),
    };
    page.render().map_err(RenderError::new)
}

/// Nothing runs and nothing is loaded but the page's own two blocks, by their hashes (Content
/// Security Policy Level 3, section 6.7.3.3); whatever the models managed to put into the page is
/// not.
fn policy() -> String {
    let hash = |block: &str| {
        // A block is what stands between its tags, line breaks included.
        let digest = source::sha256_bytes(format!("\n{block}\n").as_bytes());
        base64_simd::STANDARD.encode_to_string(digest)
    };
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; \
         base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(CSS)
    )
}
