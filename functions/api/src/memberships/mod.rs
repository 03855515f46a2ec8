//! Who belongs to which organization and group.

pub(crate) mod of_groups;
pub(crate) mod of_organizations;
