//! What is said of a script that cannot be relied on.

use super::protocol::{Failure, Pair, Problem, Returns, Suspect, Thrown, Trouble, When};
use super::{CALL_TIME, MEMORY_MIB, PARSING_STACK_BYTES, READ_TIME, STACK_BYTES};
use crate::freshness::Unreliable;
use crate::source::{Document, Fault, Faults, suggestion};
use std::path::PathBuf;

/// Whose comparator it is.
#[derive(Debug)]
pub(super) struct Context {
    /// The design's file.
    pub(super) design: PathBuf,
    /// The script, and the files that it needs.
    pub(super) files: Vec<Document>,
    /// The function that is called.
    pub(super) function: String,
    /// What its answers mean.
    pub(super) returns: Returns,
    /// Whether it is told the time.
    pub(super) asks_for_time: bool,
}

impl Context {
    /// It could not be loaded.
    pub(super) fn at_load(&self, failure: Failure) -> Faults {
        match failure {
            Failure::Unreadable(problems) => Faults::new(
                problems
                    .into_iter()
                    .map(|one| unreadable(&self.files[0], one))
                    .collect(),
            ),
            other => {
                let (fault, _, help) = self.fault(other);
                let design = self.design.display();
                fault
                    .help(format!("{help} (comparator of {design})"))
                    .into()
            }
        }
    }

    /// What it answered cannot be relied on.
    pub(super) fn unreliable(&self, failure: Failure) -> Unreliable {
        let (fault, question, help) = self.fault(failure);
        let design = self.design.display();
        let message = format!(
            "{fault}\n  comparator of: {design}\n{question}  no verdict: what it answers cannot be \
             relied on\n  help: {help}"
        );
        Unreliable { message }
    }

    /// It is told the time, and there is none at which two tokens are like these.
    pub(super) fn never(&self, (existing, incoming): &Pair) -> Unreliable {
        let function = &self.function;
        let message =
            format!("`{function}` cannot be told the time: there is none for these tokens");
        let fault = self.whole(message);
        Unreliable {
            message: format!(
                "{fault}\n  existing: {existing}\n  incoming: {incoming}\n  no verdict: tokens that \
                 live for 60 s are never like this at once\n  help: ask about tokens of equal lifetimes"
            ),
        }
    }

    /// Whether errors may show what is in the files.
    fn is_shown(&self) -> bool {
        self.files.iter().all(Document::is_shown)
    }

    fn whole(&self, message: String) -> Fault {
        Fault::of_file(&self.files[0].path, message)
    }

    /// What happened, the two tokens if there are any, and what to do.
    fn fault(&self, failure: Failure) -> (Fault, String, String) {
        let function = &self.function;
        match failure {
            Failure::Unreadable(problems) => {
                let first = problems.into_iter().next();
                let fault = first.map(|problem| unreadable(&self.files[0], problem));
                let fault = fault.unwrap_or_else(|| self.whole("cannot be read".to_owned()));
                (fault, String::new(), "mend its text".to_owned())
            }
            Failure::Trouble {
                trouble,
                when,
                place,
                question,
            } => {
                let (message, help) = self.trouble(&trouble, when);
                let place = place.and_then(|(n, range)| Some((self.files.get(n)?, range)));
                let fault = match place {
                    Some((file, range)) => Fault::located(file, range, message),
                    None => self.whole(message),
                };
                (fault, question, help)
            }
            Failure::Undecided { question, suspect } => {
                let message = format!("`{function}` answers the same call in two ways");
                let help = undecided(&suspect, self.asks_for_time);
                (self.whole(message), question, help)
            }
            Failure::Distances {
                question,
                near,
                far,
            } => {
                let by = match self.asks_for_time {
                    true => "how far apart instants are, or the time is from them",
                    false => "how far apart instants are",
                };
                let message = format!(
                    "this comparator depends on {by}: {} {}, {} {}",
                    near.0, near.1, far.0, far.1
                );
                if self.asks_for_time {
                    let help = "of the time a model knows whether each token has more than 5 s left, \
                                less, or none: decide by whether it has expired (`exp <= now`) or is \
                                about to (`exp - now < 5`)";
                    return (self.whole(message), question, help.to_owned());
                }
                let help = "a model knows the order of instants alone; if distances are meant to \
                            count, name some, in seconds: `distances = [10, 30]` beside `script`, \
                            and each is explored as a run of its own";
                (self.whole(message), question, help.to_owned())
            }
        }
    }

    /// What went wrong, and what to do.
    fn trouble(&self, trouble: &Trouble, when: When) -> (String, String) {
        let function = &self.function;
        let said = when.in_words();
        let own = |message: String, help: &str| (message, help.to_owned());
        match trouble {
            // It need be no comparator: the engine's own errors quote what is in the file.
            Trouble::Threw { .. } if when != When::Calling && !self.is_shown() => own(
                format!(
                    "threw something {said}, in a file outside the models directory, of which nothing is shown"
                ),
                "copy it into the models directory to see what, or give it with `--comparator`",
            ),
            Trouble::Threw { thrown, .. } => self.threw(thrown, said),
            Trouble::Late => self.late(when),
            Trouble::Memory => own(
                format!("`{function}` used more than {MEMORY_MIB} MiB of memory {said}"),
                "look for something that grows from call to call",
            ),
            Trouble::Stack => own(
                format!("used up {} MiB of stack {said}", PARSING_STACK_BYTES >> 20),
                "look for something that is nested too deeply",
            ),
            Trouble::Returned(what) => self.returned(what),
            Trouble::NoExport(exports) => (
                format!("exports no `{function}`"),
                format!(
                    "{}; a design names another with `function = \"...\"`",
                    match exports.as_slice() {
                        [] => "it exports nothing: add `export` to the function".to_owned(),
                        names => suggestion(function, names.iter().map(String::as_str)),
                    }
                ),
            ),
            Trouble::NoChoice(functions) => (
                "exports several functions, and nothing says which one compares".to_owned(),
                format!(
                    "name one with `function = \"...\"`: {}",
                    functions.join(", ")
                ),
            ),
            Trouble::NoFunction => own(
                format!("exports `{function}`, which is no function"),
                "a design names another with `function = \"...\"`, also a member of an object or \
                 a class: `function = \"Freshness.pick\"`",
            ),
            Trouble::Class => (
                format!("exports `{function}`, which is a class"),
                format!(
                    "name its method: `function = \"{function}.pick\"` for a static one, \
                     `function = \"{function}#pick\"` for one of an instance"
                ),
            ),
            Trouble::Taken(name) => (
                format!("`define` cannot replace `{name}`: the language has that"),
                "only names that are not there without a build can be defined".to_owned(),
            ),
            Trouble::Waits => own(
                "waits at its top level for something that never comes".to_owned(),
                "nothing ever happens around a comparator: decide at once",
            ),
            Trouble::Ended(how) => own(
                format!("ended the process that ran it, {said}: {how}"),
                "look for something that takes all of the memory or the stack",
            ),
            Trouble::Engine(message) => own(
                format!("cannot be run: {message}"),
                "this is not the script's fault; please report it",
            ),
        }
    }

    fn threw(&self, thrown: &Thrown, said: &str) -> (String, String) {
        let function = &self.function;
        match thrown {
            Thrown::Error(text) => {
                let message = format!("`{function}` threw {said}: {text}");
                let help = self.help_for(&message);
                (message, help)
            }
            Thrown::Value(value) => (
                format!("`{function}` threw {value} {said}"),
                self.help_for(""),
            ),
        }
    }

    fn late(&self, when: When) -> (String, String) {
        let (message, help) = match when {
            When::Reading => (
                format!("was not read within {} ms", READ_TIME.as_millis()),
                "it is too long for a comparator",
            ),
            When::Loading | When::Reloading | When::Calling => (
                format!(
                    "`{}` did not end within {} ms {}",
                    self.function,
                    CALL_TIME.as_millis(),
                    when.in_words()
                ),
                "look for a loop that does not end; a comparison takes microseconds",
            ),
        };
        (message, help.to_owned())
    }

    /// What was returned that means nothing, and what to write.
    fn returned(&self, what: &str) -> (String, String) {
        let function = &self.function;
        let should = match self.returns {
            Returns::Token => "which is neither of its arguments",
            Returns::ExistingWins | Returns::IncomingWins => "which is neither true nor false",
            Returns::Sort | Returns::SortDescending => "which is no number",
        };
        let help = match (self.returns, what) {
            (Returns::Token, "a boolean") => {
                "a design says what that means with `returns = \"existing-wins\"` or \
                 `returns = \"incoming-wins\"` beside `script`"
            }
            (Returns::Token, "a number") => {
                "a design says that it sorts with `returns = \"sort\"` (the freshest last) or \
                 `returns = \"sort-descending\"` beside `script`"
            }
            (Returns::Token, _) => "return `existing` or `incoming` itself, at once",
            (_, "a promise") => "decide at once: nothing waits for a comparator",
            _ => {
                "return it in every case, or leave out `returns` in the design if it returns the \
                  token that stays"
            }
        };
        let message = format!("`{function}` returned {what}, {should}");
        (message, help.to_owned())
    }

    fn help_for(&self, message: &str) -> String {
        if message.contains("call stack size") {
            let kib = STACK_BYTES >> 10;
            return format!("the stack has {kib} KiB: look for a recursion that does not end");
        }
        if message.contains("Error resolving module") {
            return "nothing follows `import()`: write `import * as name from \"./file\"` at the top of \
                    the file"
                .to_owned();
        }
        if message.contains("ReferenceError") {
            return "only the language itself is there, and a silent `console`: put everything \
                    else into the script, or name what a build puts in its place: \
                    `define = { \"process.env.NODE_ENV\" = \"production\" }` beside `script`"
                .to_owned();
        }
        let function = &self.function;
        format!("let `{function}` decide between any two tokens, with and without oiat and azp")
    }
}

impl When {
    fn in_words(self) -> &'static str {
        match self {
            When::Reading => "while it was read",
            When::Loading => "while it was loaded",
            When::Reloading => "when it was loaded again",
            When::Calling => "when it was called",
        }
    }
}

fn undecided(suspect: &Suspect, asks_for_time: bool) -> String {
    match suspect {
        Suspect::Used(used) if used.contains("the clock") && !asks_for_time => format!(
            "it asked for {used}; decide by the two tokens alone, or be told the time: \
             `parameters = [\"existing\", \"incoming\", \"now\"]` beside `script`"
        ),
        Suspect::Past => "it keeps something from one call to the next; decide by the two tokens \
                          alone"
            .to_owned(),
        Suspect::Used(used) => format!("it asked for {used}; decide by the two tokens alone"),
        Suspect::Attribute(attribute) => format!(
            "it decides by {}, which says nothing about how fresh a token is",
            attribute.in_words()
        ),
    }
}

/// What is wrong with the text of a file.
pub(super) fn unreadable(file: &Document, problem: Problem) -> Fault {
    let fault = match problem.place {
        Some(place) => Fault::at(file, place, problem.message),
        None => Fault::at(file, 0..0, problem.message),
    };
    match problem.help {
        Some(help) => fault.help(help),
        None => fault,
    }
}

pub(super) fn without_reply(trouble: Trouble, when: When, question: String) -> Failure {
    Failure::Trouble {
        trouble,
        when,
        place: None,
        question,
    }
}
