//! The repository keeps to its own map: who may know whom, which folders there are, how long a file may be.

mod direction;
mod documents;
mod files;
mod one_way;
