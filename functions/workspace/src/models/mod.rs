//! What is to be seen on a page, made from what is stored; no reading and no markup.

pub mod bulk;
pub mod comment;
pub mod composer;
pub mod copies;
pub mod due;
pub mod excerpt;
pub mod found;
pub mod list_menus;
pub mod listed;
pub mod merged;
pub mod narrowing;
pub mod offered_macros;
pub mod properties;
pub mod reasons;
pub mod row;
pub mod saved;
pub mod snooze;
pub mod timeline;
pub mod typed;
