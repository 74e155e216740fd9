//! Links to the playground, with a design in the address.

use crate::catalog::{BUILTIN, Catalog};
use crate::check::Report;
use crate::design::Design;
use crate::source::is_web_link;
use base64_simd::URL_SAFE_NO_PAD;
use std::fmt;

/// How well texts are packed: as well as can be.
const LEVEL: u8 = 9;

/// Where somebody has put the playground: an address of the web or of a file, or a file beside the page that
/// links to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Playground(String);

/// A design in the playground.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub design: String,
    /// Where it is to be tried.
    pub address: String,
}

impl Playground {
    /// Where it is.
    ///
    /// # Errors
    ///
    /// If it is no address, has a fragment of its own, would run a script, or would take somebody's password
    /// into every report.
    pub fn at(address: &str) -> Result<Playground, String> {
        let fault = |what: &str| Err(format!("`{address}` {what}"));
        if address.contains('#') {
            return fault("has a fragment: that is where the design goes");
        }
        let is_allowed = |c: char| c.is_alphanumeric() || "-._~:/?[]@!$&()*+,;=%".contains(c);
        if address.is_empty() || !address.chars().all(is_allowed) {
            return fault("is no address: spaces, quotes and the like are written as %20");
        }
        if address.starts_with("//") {
            return fault("has no scheme: write https: before it");
        }
        let scheme = address.split(['/', '?']).next().unwrap_or_default();
        let scheme = scheme
            .split_once(':')
            .map(|(scheme, _)| scheme.to_ascii_lowercase());
        match scheme.as_deref() {
            Some("http" | "https") => {
                let (_, rest) = address.split_once(':').unwrap_or_default();
                match is_web_link(&format!("https:{rest}")) {
                    true => Ok(Playground(address.to_owned())),
                    false => fault("is no whole address, https://HOST/PATH, without a password"),
                }
            }
            None | Some("file") => Ok(Playground(address.to_owned())),
            Some(_) => fault("is neither http, https or file nor a file's name"),
        }
    }

    /// A link for each design of the report, in its order. A design whose comparator is a script has none:
    /// a link carries no code. Scenarios are the playground's own.
    pub fn links(&self, catalog: &Catalog, report: &Report) -> Vec<Link> {
        let names = report.designs();
        let designs = names.iter().filter_map(|name| {
            let design = catalog.designs.iter().find(|one| one.name == *name)?;
            design.scripts.is_empty().then_some(design)
        });
        let link = |design: &Design| Link {
            design: design.name.clone(),
            address: format!(
                "{self}#{}&v={}",
                fragment(catalog, design),
                env!("CARGO_PKG_VERSION")
            ),
        };
        designs.map(link).collect()
    }
}

impl fmt::Display for Playground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The design's name, if the program has it as it is; else its text as well, beside the design in the program that
/// it is held against: that of its name, or #9030.
fn fragment(catalog: &Catalog, design: &Design) -> String {
    let known = |name: &str| catalog.design_anywhere(&format!("{BUILTIN}:{name}"));
    let text = &design.document.text;
    let of_name = known(&design.name);
    if of_name.is_some_and(|builtin| builtin.document.text == *text) {
        return design.name.clone();
    }
    let name = match of_name {
        Some(_) => design.name.as_str(),
        None => "pr-9030",
    };
    let packed = miniz_oxide::deflate::compress_to_vec(text.as_bytes(), LEVEL);
    format!("{name}&toml={}", URL_SAFE_NO_PAD.encode_to_string(packed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_the_web_or_of_a_file_and_has_no_fragment() {
        for good in [
            "https://example.com/play.html",
            "freshest-playground.html",
            "../x/play.html?y=a:b",
            "file:///x.html",
        ] {
            assert_eq!(
                Playground::at(good).map(|at| at.to_string()),
                Ok(good.to_owned())
            );
        }
        for bad in [
            "",
            "javascript:alert(1)",
            "JavaScript:x",
            "data:text/html,x",
            "https://example.com/#x",
            "a b",
            "a\nb",
        ] {
            assert!(Playground::at(bad).is_err(), "{bad}");
        }
    }
}
