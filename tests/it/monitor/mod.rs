//! `freshest monitor`: logs of what tabs really did.

mod bounds;
mod command;
mod judged;
mod lines;
mod logs;
mod order;
mod traces;
