//! People: those who ask and those who work here, and the organizations they write for.

pub mod access;
pub mod account;
pub mod organization;
pub mod organization_merge;
pub mod person;
pub mod staff;
