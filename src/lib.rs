//! freshest
pub mod cache;
pub mod explore;
pub mod freshness;
pub mod model;
pub mod property;
pub mod scenario;
pub mod trace;
