//! `freshest monitor`: logs of what tabs really did.

mod command;
mod traces;
