//! What the fuzz targets do. The same files are part of `tests/hostile_input.rs`, where ordinary
//! property tests call them.

#[path = "../../tests/bodies"]
pub mod bodies {
    pub mod application;
    pub mod control;
    pub mod daemon;
    pub mod environment;
    pub mod file;
    pub mod filter;
    pub mod message;
    pub mod viewer;
}
