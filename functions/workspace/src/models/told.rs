//! What an agent was told, in words.

use crate::{
    names::Names,
    words::{self, Moment},
};
use docket_desk::{NotificationState, Telling};
use docket_domain::{
    PersonId, TicketNumber, Timestamp,
    notification::{Notification, NotificationKind, Ways},
    ticket::Ticket,
};
use std::collections::HashMap;

/// One line of it.
pub struct ToldLine {
    /// The ticket.
    pub number: u64,
    /// What happened.
    pub words: String,
    /// What the ticket is about; that it is gone, where it is.
    pub subject: String,
    pub when: Moment,
    /// Whether it was not seen yet.
    pub is_new: bool,
    /// By which ways it is told.
    pub ways: Ways,
}

/// The lines, the newest first.
pub fn lines(
    told: &[Telling],
    (heads, names): (&[Ticket], &Names),
    state: &NotificationState,
    now: Timestamp,
) -> Vec<ToldLine> {
    let heads: HashMap<TicketNumber, &Ticket> = heads.iter().map(|head| (head.number, head)).collect();
    let line = |telling: &Telling| {
        let of = &telling.notification;
        let head = heads.get(&of.ticket);
        ToldLine {
            number: of.ticket.0,
            words: sentence(of, names),
            subject: head.map_or_else(
                || t!("This ticket is gone").to_owned(),
                |head| words::subject(&head.subject),
            ),
            when: words::ago(of.at, now),
            is_new: state.seen_at.is_none_or(|seen_at| of.at > seen_at),
            ways: telling.ways,
        }
    };
    told.iter().map(line).collect()
}

/// The people whose names they need.
pub fn people_in(told: &[Telling]) -> impl Iterator<Item = PersonId> + '_ {
    told.iter().filter_map(|telling| telling.notification.by)
}

fn sentence(of: &Notification, names: &Names) -> String {
    let by = of
        .by
        .map_or_else(|| t!("The desk").to_owned(), |id| names.told(id));
    match of.kind {
        NotificationKind::Assigned => t!("{who} gave it to you", who = by),
        NotificationKind::Mentioned => t!("{who} mentioned you", who = by),
        NotificationKind::Replied => t!("{who} wrote", who = by),
        NotificationKind::Breached => t!("It is overdue").to_owned(),
        NotificationKind::Unsent => t!("Your answer was not sent").to_owned(),
    }
}

/// A kind with what is chosen for it.
pub struct Choice {
    /// Its name in the form.
    pub name: &'static str,
    pub title: &'static str,
    pub ways: Ways,
}

/// All kinds, as the form shows them.
pub fn choices(state: &NotificationState) -> Vec<Choice> {
    let choice = |kind: NotificationKind| Choice {
        name: kind.as_str(),
        title: title(kind),
        ways: state.settings.ways(kind),
    };
    NotificationKind::ALL.into_iter().map(choice).collect()
}

fn title(kind: NotificationKind) -> &'static str {
    match kind {
        NotificationKind::Assigned => t!("A ticket is given to you"),
        NotificationKind::Mentioned => t!("Somebody mentions you"),
        NotificationKind::Replied => t!("A customer writes on a ticket of yours"),
        NotificationKind::Breached => t!("A ticket of yours is overdue"),
        NotificationKind::Unsent => t!("An answer of yours could not be sent"),
    }
}
