//! What somebody chose in order to break something, or to make the gate say what is not so.

#[path = "it/hostile.rs"]
mod hostile;
#[path = "it/outputs.rs"]
mod outputs;
#[path = "it/streams.rs"]
mod streams;
mod support;
