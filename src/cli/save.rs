//! `freshest explain --save`.

use super::failure::Failure;
use super::file;
use crate::property::Monitored;
use crate::trace::{Header, Line, Observed, TraceStep, Walked, to_itf};
use std::path::Path;

/// What ends the name of a file in Apalache's format.
const ITF: &str = ".itf.json";

/// Writes a trace file: ITF if the name says so, else JSON Lines.
pub(crate) fn save(
    path: &Path,
    model: &Monitored,
    header: Header,
    steps: &[Walked],
) -> Result<(), Failure> {
    let record = |step: &Walked| TraceStep::of_walk(step, model.roster());
    let steps: Vec<_> = steps.iter().map(record).collect();
    let unwritten = |error: serde_json::Error| Failure::of_file(path, "cannot be written", &error);
    let text = if is_itf(path) {
        let start = Observed::new(&model.start().system, model.roster(), &[]);
        let itf = to_itf(&header, &start, &steps);
        serde_json::to_string_pretty(&itf).map_err(unwritten)? + "\n"
    } else {
        let header = serde_json::to_string(&Line::Header(Box::new(header))).map_err(unwritten)?;
        let trace = serde_json::to_string(&Line::Trace { steps }).map_err(unwritten)?;
        format!("{header}\n{trace}\n")
    };
    file::write(path, &text)
}

/// Whether a file's name is that of a trace in ITF.
pub(crate) fn is_itf(path: &Path) -> bool {
    path.to_string_lossy().ends_with(ITF)
}
