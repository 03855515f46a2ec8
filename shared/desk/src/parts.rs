//! The parts of the desk: each a borrowed view with the methods of one thing.

use crate::Desk;
use docket_store::parts as stored;
use std::ops::Deref;

/// What one does with tickets; reading them, too.
#[derive(Clone, Copy)]
pub struct Tickets<'d> {
    pub(crate) desk: &'d Desk,
    stored: stored::Tickets<'d>,
}

impl<'d> Deref for Tickets<'d> {
    type Target = stored::Tickets<'d>;
    fn deref(&self) -> &Self::Target {
        &self.stored
    }
}

/// What one does with people; reading them, too.
#[derive(Clone, Copy)]
pub struct People<'d> {
    pub(crate) desk: &'d Desk,
    stored: stored::People<'d>,
}

impl<'d> Deref for People<'d> {
    type Target = stored::People<'d>;
    fn deref(&self) -> &Self::Target {
        &self.stored
    }
}

/// What one does with groups; reading them, too.
#[derive(Clone, Copy)]
pub struct Groups<'d> {
    pub(crate) desk: &'d Desk,
    stored: stored::Groups<'d>,
}

impl<'d> Deref for Groups<'d> {
    type Target = stored::Groups<'d>;
    fn deref(&self) -> &Self::Target {
        &self.stored
    }
}

/// What one does with those who work here; reading them, too.
#[derive(Clone, Copy)]
pub struct Agents<'d> {
    pub(crate) desk: &'d Desk,
    stored: stored::Agents<'d>,
}

impl<'d> Deref for Agents<'d> {
    type Target = stored::Agents<'d>;
    fn deref(&self) -> &Self::Target {
        &self.stored
    }
}

/// The operator's rules, at hand and as stored.
#[derive(Clone, Copy)]
pub struct OperatorRules<'d> {
    pub(crate) desk: &'d Desk,
    stored: stored::OperatorRules<'d>,
}

impl<'d> Deref for OperatorRules<'d> {
    type Target = stored::OperatorRules<'d>;
    fn deref(&self) -> &Self::Target {
        &self.stored
    }
}

/// Dead letters: taken in hand, sent back, discarded.
#[derive(Clone, Copy)]
pub struct DeadLetters<'d> {
    pub(crate) desk: &'d Desk,
    stored: stored::DeadLetters<'d>,
}

impl<'d> Deref for DeadLetters<'d> {
    type Target = stored::DeadLetters<'d>;
    fn deref(&self) -> &Self::Target {
        &self.stored
    }
}

/// Jobs of bulk calls: begun, taken on, looked after.
#[derive(Clone, Copy)]
pub struct Jobs<'d> {
    pub(crate) desk: &'d Desk,
    stored: stored::Jobs<'d>,
}

impl<'d> Deref for Jobs<'d> {
    type Target = stored::Jobs<'d>;
    fn deref(&self) -> &Self::Target {
        &self.stored
    }
}

impl Desk {
    /// Jobs of bulk calls: begun, taken on, looked after.
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs {
            desk: self,
            stored: self.store().jobs(),
        }
    }

    /// What one does with tickets; reading them, too.
    pub fn tickets(&self) -> Tickets<'_> {
        Tickets {
            desk: self,
            stored: self.store().tickets(),
        }
    }

    /// What one does with people; reading them, too.
    pub fn people(&self) -> People<'_> {
        People {
            desk: self,
            stored: self.store().people(),
        }
    }

    /// What one does with groups; reading them, too.
    pub fn groups(&self) -> Groups<'_> {
        Groups {
            desk: self,
            stored: self.store().groups(),
        }
    }

    /// What one does with those who work here; reading them, too.
    pub fn agents(&self) -> Agents<'_> {
        Agents {
            desk: self,
            stored: self.store().agents(),
        }
    }

    /// The operator's rules, at hand and as stored.
    pub fn rules(&self) -> OperatorRules<'_> {
        OperatorRules {
            desk: self,
            stored: self.store().rules(),
        }
    }

    /// Dead letters: taken in hand, sent back, discarded.
    pub fn dead_letters(&self) -> DeadLetters<'_> {
        DeadLetters {
            desk: self,
            stored: self.store().dead_letters(),
        }
    }
}
