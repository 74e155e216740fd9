//! `freshest monitor`: logs of what tabs really did.

mod bounds;
mod command;
mod order;
mod traces;
