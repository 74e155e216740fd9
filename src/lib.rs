//! freshest
pub mod cache;
pub mod freshness;
pub mod model;
pub mod property;
pub mod scenario;
