//! Who may have which role.

use crate::parts::Agents;
use docket_domain::people::{
    person::Person,
    staff::{self},
};
use docket_store::StoreError;

/// Why somebody can't have a role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoleRefused {
    /// Nobody else could set the desk up.
    #[error("nobody else is an admin, and a desk keeps one")]
    LastAdmin,
    /// The configuration counts on them as an agent.
    #[error("{0} names them as an agent: change that first")]
    Named(String),
}

impl Agents<'_> {
    /// Whether somebody can have a role that they do not have yet; if not, why.
    pub async fn refuses_role(
        self,
        person: &Person,
        role: staff::Role,
    ) -> Result<Option<RoleRefused>, StoreError> {
        let is_admin = |role| role == staff::Role::Admin;
        if is_admin(person.role) && !is_admin(role) {
            let staff = self.all().await?;
            let others = staff.iter().filter(|other| other.id != person.id);
            if !others.map(|other| other.role).any(is_admin) {
                return Ok(Some(RoleRefused::LastAdmin));
            }
        }
        if person.role.is_staff() && !role.is_staff() {
            let book = self.desk.rules().newest_book().await?;
            let named = book.named_agents().find(|(_, agent)| *agent == person.id);
            return Ok(named.map(|(by, _)| RoleRefused::Named(by)));
        }
        Ok(None)
    }
}
