//! The evidence of record.

use super::{Render, RenderError};
use crate::check::Report;

/// The report itself, as JSON.
pub struct Json;

impl Render for Json {
    fn render(&self, report: &Report) -> Result<String, RenderError> {
        let text = serde_json::to_string_pretty(report).map_err(RenderError::new)?;
        Ok(text + "\n")
    }
}
