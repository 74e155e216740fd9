//! A dossier as one HTML file that needs nothing else: no network, no other file.
//!
//! What can be read without looking closer (verdicts, tables, runs) is plain HTML. The traces come
//! as data, and the page's own script draws the one that is asked for.

mod pool;
mod view;

use super::{Dossier, RenderError};
use askama::Template;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    dossier: &'a Dossier,
    summary: view::Summary,
    tables: Vec<view::DesignTable<'a>>,
    rows: Vec<view::Row>,
    headlines: Vec<view::Headline<'a>>,
    css: &'static str,
    script: &'static str,
    data: String,
}

/// Renders a dossier.
pub fn html(dossier: &Dossier) -> Result<String, RenderError> {
    let value = serde_json::to_value(dossier).map_err(RenderError::new)?;
    let page = Page {
        dossier,
        summary: view::summary(dossier),
        tables: view::tables(dossier),
        rows: view::rows(dossier),
        headlines: view::headlines(dossier),
        css: include_str!("../../../templates/report.css"),
        script: include_str!("../../../templates/report.js"),
        data: pool::pooled(&value),
    };
    page.render().map_err(RenderError::new)
}
