//! The key that signs what leaves and comes back: reply addresses, and links that ask whether a ticket is solved.

use crate::DeliveryError;
use docket_desk::Desk;
use docket_mail::ReplyKey;

/// The key that signs. The inner error: there is none that can.
pub(crate) async fn signing_key(desk: &Desk) -> Result<Result<ReplyKey, String>, DeliveryError> {
    let keys = desk.reply_keys().await?;
    let Some(first) = keys.first() else {
        return Ok(Err("there is no key for reply addresses".to_owned()));
    };
    let key = ReplyKey::new(first.id.clone(), first.secret.expose().as_bytes());
    Ok(key.map_err(|error| error.to_string()))
}
