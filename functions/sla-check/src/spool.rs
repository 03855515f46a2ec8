//! Mail that nobody has taken in: its notice was lost, or several attempts failed.

use crate::SweepError;
use docket_desk::{Desk, Queue};
use docket_store::{blob::spool_key, queue::SpoolNudge};

/// Nudges mail that has been in the spool for more than ten minutes, each time after twice as long. The age of the oldest,
/// in seconds, comes back.
pub(crate) async fn redrive(desk: &Desk) -> Result<i64, SweepError> {
    let mut oldest_seconds = 0;
    for (ses_id, age_seconds) in desk.spool().overdue().await? {
        oldest_seconds = oldest_seconds.max(age_seconds);
        if desk.may_redrive_mail(&ses_id).await? {
            tracing::warn!(%ses_id, "mail {ses_id} is still in the spool and is nudged again");
            desk.queues()
                .send(
                    Queue::Inbound,
                    &SpoolNudge {
                        spool_key: spool_key(&ses_id),
                    },
                )
                .await?;
        }
    }
    Ok(oldest_seconds)
}
