//! What is to be seen on a page, made from what is stored; no reading and no markup.

pub mod comment;
pub mod company;
pub mod composer;
pub mod copies;
pub mod customer;
pub mod excerpt;
pub mod found;
pub mod links;
pub mod margin;
pub mod mentions;
pub mod merged;
pub mod narrowing;
pub mod offered_macros;
pub mod proof;
pub mod properties;
pub mod property_change;
pub mod property_form;
pub mod queue;
pub mod reasons;
pub mod recall;
pub mod row;
pub mod saved;
pub mod snooze;
pub mod timeline;
pub mod told;
pub mod typed;
