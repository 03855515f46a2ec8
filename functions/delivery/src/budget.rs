//! Whether an automatic mail may go out: programs that answer each other are to fall silent.

use crate::DeliveryError;
use docket_aws::{Desk, store::Write};
use docket_domain::{
    Digest,
    automatic::{AutomaticMail, MOST_TO_DOMAIN, OverBudget},
    delivery::OutboxItem,
    work::{MailPurpose, Work},
};

/// What the claim of a mail carries besides. The inner error: it is not to go out.
pub(crate) async fn claim_parts(
    desk: &Desk,
    item: &OutboxItem,
) -> Result<Result<Vec<Write>, OverBudget>, DeliveryError> {
    let Work::Mail {
        purpose: MailPurpose::Acknowledgement,
        to,
        ..
    } = &item.work
    else {
        return Ok(Ok(vec![]));
    };
    let recipient = desk.person(*to).await?.and_then(|person| person.email);
    let (Some(address), Some(ticket)) = (recipient, desk.ticket(item.id.ticket).await?) else {
        // Composing says what is missing.
        return Ok(Ok(vec![]));
    };
    let mail = AutomaticMail {
        at: desk.now(),
        outbox: item.id,
        subject: Digest::of(docket_mail::normalised_subject(&ticket.subject).as_bytes()),
    };
    let history = match desk.automatic_history(&address).await?.with(mail) {
        Ok(history) => history,
        Err(over) => return Ok(Err(over)),
    };
    let domain = address
        .rsplit_once('@')
        .map_or(address.as_str(), |(_, domain)| domain);
    if desk.count_automatic_to_domain(domain).await? > MOST_TO_DOMAIN {
        return Ok(Err(OverBudget::Domain));
    }
    Ok(Ok(vec![desk.automatic_history_write(&address, &history)?]))
}
