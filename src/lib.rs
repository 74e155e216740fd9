//! freshest
pub mod cache;
pub mod catalog;
pub mod cli;
pub mod design;
pub mod explore;
pub mod freshness;
pub mod model;
pub mod property;
pub mod report;
pub mod scenario;
pub mod source;
pub mod trace;
