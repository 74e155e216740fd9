//! What is said of a script that cannot be relied on.

use super::engine::STACK_BYTES;
use super::strip::Stripped;
use super::token::Call;
use super::{CALL_TIME_MILLISECONDS, MEMORY_MIB, Trouble};
use crate::freshness::Unreliable;
use crate::source::{Document, Fault, Faults, suggestion};
use std::path::PathBuf;

/// Whose comparator it is.
#[derive(Debug)]
pub(super) struct Context {
    /// The design's file.
    pub(super) design: PathBuf,
    /// The script.
    pub(super) script: Document,
    /// The function that is called.
    pub(super) function: String,
}

impl Context {
    /// It could not be loaded.
    pub(super) fn at_load(&self, program: &Stripped, trouble: &Trouble) -> Faults {
        let (fault, help) = self.fault(program, trouble, "while it was loaded");
        fault.help(help).into()
    }

    /// It was loaded once, but not a second time.
    pub(super) fn reload(&self, program: &Stripped, trouble: &Trouble) -> Unreliable {
        let (fault, help) = self.fault(program, trouble, "when it was loaded again");
        self.told(&fault, "", &help)
    }

    /// A call went wrong.
    pub(super) fn in_call(&self, program: &Stripped, call: &Call, trouble: &Trouble) -> Unreliable {
        let (fault, help) = self.fault(program, trouble, "when it was called");
        self.told(&fault, &call.to_string(), &help)
    }

    /// The same call had two answers.
    pub(super) fn undecided(&self, call: &Call, used: &str) -> Unreliable {
        let message = format!("`{}` answers the same call in two ways", self.function);
        let fault = Fault::of_file(&self.script.path, message);
        let suspect = match used {
            "" => "it keeps something from one call to the next".to_owned(),
            used => format!("it asked for {used}"),
        };
        let help = format!("{suspect}; decide by the two tokens alone");
        self.told(&fault, &call.to_string(), &help)
    }

    fn told(&self, fault: &Fault, call: &str, help: &str) -> Unreliable {
        let design = self.design.display();
        let message = format!(
            "{fault}\n  comparator of: {design}\n{call}  no verdict: what it answers cannot be \
             relied on\n  help: {help}"
        );
        Unreliable { message }
    }

    /// What happened, where in the script if that is known, and what to do.
    fn fault(&self, program: &Stripped, trouble: &Trouble, when: &str) -> (Fault, String) {
        let function = &self.function;
        let script = &self.script;
        let whole = |message: String| Fault::of_file(&script.path, message);
        match trouble {
            Trouble::Threw { message, at } => {
                let message = format!("`{function}` threw {when}: {message}");
                let place = at.and_then(|(line, column)| program.origin(script, line, column));
                let fault = match place {
                    Some(place) => Fault::at(script, place, message.clone()),
                    None => whole(message.clone()),
                };
                (fault, self.help_for(&message))
            }
            Trouble::Late => (
                whole(format!(
                    "`{function}` did not end within {CALL_TIME_MILLISECONDS} ms {when}"
                )),
                "look for a loop that does not end; a comparison takes microseconds".to_owned(),
            ),
            Trouble::Memory => (
                whole(format!(
                    "`{function}` used more than {MEMORY_MIB} MiB of memory {when}"
                )),
                "look for something that grows from call to call".to_owned(),
            ),
            Trouble::Returned(what) => (
                whole(format!(
                    "`{function}` returned {what}, which is neither of its arguments"
                )),
                "return `existing` or `incoming` itself, at once".to_owned(),
            ),
            Trouble::NoExport(exports) => (
                whole(format!("exports no `{function}`")),
                format!(
                    "{}; a design names another with `function = \"...\"`",
                    match exports.as_slice() {
                        [] => "it exports nothing: add `export` to the function".to_owned(),
                        names => suggestion(function, names.iter().map(String::as_str)),
                    }
                ),
            ),
            Trouble::NoFunction => (
                whole(format!("exports `{function}`, which is no function")),
                "a design names another with `function = \"...\"`".to_owned(),
            ),
            Trouble::Waits => (
                whole("waits at its top level for something that never comes".to_owned()),
                "nothing ever happens around a comparator: decide at once".to_owned(),
            ),
            Trouble::Engine(message) => (
                whole(format!("cannot be run: {message}")),
                "this is not the script's fault; please report it".to_owned(),
            ),
        }
    }

    fn help_for(&self, message: &str) -> String {
        if message.contains("call stack size") {
            let kib = STACK_BYTES >> 10;
            return format!("the stack has {kib} KiB: look for a recursion that does not end");
        }
        if message.contains("ReferenceError") {
            return "only the language itself is there, and a silent `console`: put everything \
                    else into the script"
                .to_owned();
        }
        let function = &self.function;
        format!("let `{function}` decide between any two tokens, with and without oiat and azp")
    }
}
