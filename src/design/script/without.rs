//! What a build without scripts says of them.

use super::{ScriptFile, ScriptWords};
use crate::freshness::Rule;
use crate::source::{Document, Fault, Faults, Reader};
use std::path::Path;

/// The rule that asks a function of a script, which this build cannot do.
pub fn script_rule(
    _: &Path,
    script: &Path,
    _: ScriptWords<'_>,
) -> Result<(Rule, ScriptFile), Faults> {
    let fault = Fault::of_file(script, WITHOUT_SCRIPTS.to_owned());
    Err(fault.help(HOW_TO_BUILD).into())
}

const WITHOUT_SCRIPTS: &str = "this freshest was built without scripts";

#[cfg(not(target_family = "wasm"))]
const HOW_TO_BUILD: &str = "build it with them: `cargo build --release --features script`";

/// There is no process with limits there, and what Node has in its place (contexts, workers) keeps nobody from
/// its own modules.
#[cfg(target_family = "wasm")]
const HOW_TO_BUILD: &str = "in WebAssembly there is no process with limits for it, and Node's contexts \
                            keep nobody from files and the network; take the program for your \
                            platform: the archive of a release, or `cargo install --path .` in its \
                            sources";

/// `{ script = "FILE", function = "NAME", distances = [30] }`, which this build cannot run.
pub(in crate::design) fn read_script(
    _: &Document,
    table: &mut Reader<'_>,
) -> Option<(Rule, Option<ScriptFile>)> {
    let file = table.required("script");
    for key in ["function", "distances", "returns", "define", "parameters"] {
        table.take(key);
    }
    let file = file?;
    let message = format!("`{}`: {WITHOUT_SCRIPTS}", file.path);
    table.fault(file.span.clone(), message, Some(HOW_TO_BUILD.to_owned()));
    None
}

#[cfg(test)]
mod tests {
    use crate::design::Design;
    use crate::source::Document;

    /// What is said of a design with this `[rule]`.
    fn faults(comparator: &str) -> String {
        let text = format!("title = \"Scripted\"\n[rule]\ncomparator = {comparator}\n");
        let text = format!("{text}[guards]\nsites = [\"broadcast\"]\n");
        let document = Document::new("designs/mine.toml", text);
        let faults = Design::load("mine", &document).expect_err("no scripts in this build");
        faults.to_string()
    }

    #[test]
    fn a_design_that_names_a_script_is_told_where_and_how_to_build_with_scripts() {
        for comparator in [
            "{ script = \"rule.ts\" }",
            "{ script = \"/dev/zero\", function = \"pick\" }",
            "{ function = \"pick\", script = \"\" }",
        ] {
            let faults = faults(comparator);
            let told = [
                "`rule.comparator.script`: this freshest was built without scripts",
                "designs/mine.toml:3:",
                "cargo build --release --features script",
            ];
            for part in told {
                assert!(faults.contains(part), "{part} is not in {faults}");
            }
            assert_eq!(faults.matches("error: ").count(), 1, "{faults}");
        }
    }
}
