//! Mails by which agents are told what they chose to be told so.

use super::{MailPurpose, OutboxItem, outgoing::to_agents};
use crate::{
    OutboxId, PersonId, Timestamp,
    notification::{Notification, NotificationKind},
    ticket::Ticket,
};
use std::collections::BTreeMap;

/// The numbers among an event's work of these mails begin here: those to who follow its ticket come before them.
const FIRST_OF_NOTIFICATIONS: u32 = 2_000;

/// The mails to these agents, one for each event and kind, whoever is told of it. The same asked again comes to the same ids.
pub fn told_by_mail(ticket: &Ticket, told: &[(PersonId, &Notification)], now: Timestamp) -> Vec<OutboxItem> {
    let mut agents: BTreeMap<(u64, NotificationKind), Vec<PersonId>> = BTreeMap::new();
    for (agent, notification) in told {
        let of = (notification.v, notification.kind);
        agents.entry(of).or_default().push(*agent);
    }
    let mail = |((v, kind), agents): ((u64, NotificationKind), Vec<PersonId>)| {
        let id = OutboxId {
            ticket: ticket.number,
            v,
            n: FIRST_OF_NOTIFICATIONS + place(kind),
        };
        let work = to_agents(ticket, MailPurpose::Notification { told: kind }, &agents)?;
        Some(OutboxItem::new(id, work, now))
    };
    agents.into_iter().filter_map(mail).collect()
}

fn place(kind: NotificationKind) -> u32 {
    match kind {
        NotificationKind::Assigned => 0,
        NotificationKind::Mentioned => 1,
        NotificationKind::Replied => 2,
        NotificationKind::Breached => 3,
        NotificationKind::Unsent => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TicketNumber;

    #[test]
    fn all_who_are_told_of_one_thing_get_one_mail() {
        let ticket = Ticket::blank(TicketNumber(7));
        let of = |kind| Notification {
            kind,
            ticket: ticket.number,
            v: 4,
            at: Timestamp::UNIX_EPOCH,
            by: None,
        };
        let (named, given) = (of(NotificationKind::Mentioned), of(NotificationKind::Assigned));
        let told = [
            (PersonId(2), &named),
            (PersonId(3), &named),
            (PersonId(2), &given),
        ];
        let mails = told_by_mail(&ticket, &told, Timestamp::UNIX_EPOCH);
        let recipients: Vec<_> = mails
            .iter()
            .map(|mail| (mail.id.v, mail.id.n, mail.work.recipients()))
            .collect();
        assert_eq!(
            recipients,
            [
                (4, 2_000, vec![PersonId(2)]),
                (4, 2_001, vec![PersonId(2), PersonId(3)])
            ]
        );
        assert!(mails.iter().all(|mail| mail.work.is_for_agents()));
    }
}
