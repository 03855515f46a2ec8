//! Where the index of the search lies: what it is made of in the bucket, and which of that is in force in one item. What stands inside
//! is not known here.

mod asking;
mod manifest;
mod objects;

pub use asking::SearchFunction;
pub use manifest::KeptManifest;
pub use objects::IndexObject;
