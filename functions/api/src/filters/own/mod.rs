//! What filters say of fields, forms and statuses that the operator defined: `custom_fields_<id>`, `ticket_form_id`,
//! `custom_status_id`.

mod comparison;
mod reader;
mod rows;
mod sent;
#[cfg(test)]
mod tests;

pub(crate) use comparison::{FIELD, OwnTest};
pub(super) use reader::read;
pub(crate) use rows::rows;
pub(super) use sent::test_of;
