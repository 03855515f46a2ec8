//! A mail on its way to its ticket: each try looks anew where it belongs.

use crate::{Delivery, IntakeError, contact, known::Known, matching::Match, understood::Understood};
use docket_desk::{Find, Found, tickets::StoredOnce};
use docket_domain::{Timestamp, contact::intake::HoldReason};

/// Looks where a mail belongs: onto a ticket, into one of its own, or nowhere.
pub(crate) struct Finding<'a, L> {
    pub delivery: &'a Delivery<'a>,
    pub mail: Understood<'a>,
    /// Decides what becomes of the mail.
    pub look: L,
    /// What is stored of it, and where: a try after the first finds it there.
    pub stored: StoredOnce,
    /// Why it belongs nowhere.
    pub held: Option<(HoldReason, String)>,
}

/// Decides what becomes of a mail, as things stand.
pub(crate) trait Look: Sync {
    /// Decides.
    fn look(
        &self,
        delivery: &Delivery<'_>,
        mail: &Understood<'_>,
        known: &Known,
    ) -> impl Future<Output = Result<Match, IntakeError>> + Send;
}

impl<L: Look + Send> Find<IntakeError> for Finding<'_, L> {
    async fn find(&mut self, now: Timestamp) -> Result<Found, IntakeError> {
        let (delivery, mail) = (self.delivery, &self.mail);
        let known = Known::of(delivery, mail, now).await?;
        match self.look.look(delivery, mail, &known).await? {
            Match::Hold(reason, detail) => {
                self.held = Some((reason, detail));
                Ok(Found::NotThere)
            }
            Match::Append {
                ticket,
                role,
                is_note,
                told,
                new_ids,
            } => {
                let how = (role, is_note, told.as_ref());
                contact::append(delivery, mail, &known, *ticket, how, &new_ids, &mut self.stored).await
            }
            Match::New {
                follows,
                answers_us,
                told,
                new_ids,
            } => {
                let how = (follows, answers_us, told.as_ref());
                let made = contact::create(delivery, mail, &known, how, &new_ids, &mut self.stored).await?;
                let Some(found) = made else {
                    self.held = Some((HoldReason::UnverifiedAgent, String::new()));
                    return Ok(Found::NotThere);
                };
                Ok(found)
            }
        }
    }
}
