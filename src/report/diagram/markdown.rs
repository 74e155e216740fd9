//! A story for a pull request: told in words, and drawn.

use super::mermaid::mermaid;
use crate::report::Story;
use crate::trace::Claim;
use std::fmt::Write;

/// Tells a story in GitHub's Markdown.
pub fn markdown(story: &Story) -> String {
    let verdict = match story.claim {
        Claim::Violated => "is violated",
        Claim::Witnessed => "is not violated; the shortest opportunity",
    };
    let mut text = String::new();
    // Writing to a string cannot fail; so everywhere below.
    let _ = writeln!(text, "### `{}` {verdict}\n", story.property);
    let _ = writeln!(text, "{}\n", plain(&story.meaning));
    let _ = writeln!(
        text,
        "- Design `{}`: {}",
        story.design,
        plain(&story.design_title)
    );
    let _ = writeln!(
        text,
        "- Scenario `{}`: {}\n",
        story.scenario,
        plain(&story.scenario_title)
    );
    let mark = match story.claim {
        Claim::Violated => "Violated",
        Claim::Witnessed => "Opportunity",
    };
    let moment: Vec<_> = story.moment.iter().map(|line| plain(line)).collect();
    let _ = writeln!(
        text,
        "**{mark} in step {}**: {}\n",
        story.steps.len(),
        moment.join("; ")
    );
    let _ = writeln!(text, "```mermaid\n{}```\n", mermaid(story));
    let _ = writeln!(text, "<details><summary>Step by step</summary>\n");
    let _ = writeln!(text, "At first {}.\n", plain(&story.start));
    for step in &story.steps {
        let _ = writeln!(text, "{}. {}", step.number, plain(&step.title));
        for detail in &step.details {
            let _ = writeln!(text, "   - {}", plain(detail));
        }
    }
    let _ = writeln!(text, "\n</details>");
    if let Some(advice) = &story.advice {
        let _ = writeln!(text, "\n**What to look at.** {}", plain(advice));
    }
    let (design, scenario, property) = (&story.design, &story.scenario, &story.property);
    let _ = writeln!(
        text,
        "\n```sh\nfreshest explain {design} {scenario} {property}\n```"
    );
    text
}

/// Keeps Markdown from reading anything into words: brackets make links, and `<` makes tags.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(
            character,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|'
        ) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
