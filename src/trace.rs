//! stub
use crate::model::Step;
pub fn step_in_words(_: &Step) -> Vec<String> {
    Vec::new()
}
