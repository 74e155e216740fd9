//! A comparator that somebody pasted.

use freshest::catalog::Catalog;
use freshest::design::{ScriptWords, script_rule_of};
use freshest::script;
use freshest::source::Document;
use serde::Deserialize;
use std::path::Path;

/// How the script, and the design that decides by it, are called.
const NAME: &str = "comparator";

/// A script, and what is known of its answers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pasted {
    /// The design whose guards and expectations it gets.
    like: String,
    /// JavaScript.
    text: String,
    /// As on the command line: `--function`, `--returns`, `--parameters`.
    #[serde(default)]
    function: Option<String>,
    #[serde(default)]
    returns: Option<String>,
    #[serde(default)]
    parameters: Option<String>,
    /// Requests that were open, and what became of each.
    #[serde(default)]
    replies: Vec<(String, String)>,
}

impl Pasted {
    /// The catalog with one design alone, which decides by the script.
    pub fn tried(&self, mut catalog: Catalog) -> Result<Catalog, String> {
        script::record(&self.replies).map_err(|error| format!("error: {error}"))?;
        let designs = catalog.designs.iter();
        let like = { designs }.find(|design| design.name == self.like);
        let like = like.ok_or_else(|| format!("error: there is no design `{}`", self.like))?;
        let path = format!("{NAME}.js");
        let words = ScriptWords {
            function: self.function.as_deref(),
            returns: self.returns.as_deref(),
            parameters: self.parameters.as_deref(),
            define: &[],
        };
        let document = Document::new(path.as_str(), self.text.as_str());
        let path = Path::new(&path);
        let (rule, file) =
            script_rule_of(path, path, Ok(document), words).map_err(|faults| faults.to_string())?;
        let design = catalog.tried(like, NAME.to_owned(), "comparator.js", rule, file);
        catalog.designs = vec![design];
        Ok(catalog)
    }
}
