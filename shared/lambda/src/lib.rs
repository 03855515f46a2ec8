//! What every function needs around its own work, whatever that is: the batch loop, start-up, telemetry. Knows no
//! ticket.

pub mod batch;
pub mod compression;
pub mod telemetry;
