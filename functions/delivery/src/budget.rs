//! Whether an automatic mail may go out: programs that answer each other are to fall silent, and nobody is told what is no
//! longer so.

use crate::DeliveryError;
use docket_desk::{Desk, TicketFile, Write};
use docket_domain::{
    Digest,
    contact::automatic::{AutomaticMail, MOST_TO_DOMAIN, OverBudget},
    outbox::{MailPurpose, OutboxItem, State, Work},
    people::person::Person,
    ticket::{Channel, Ticket},
};

/// Why an automatic mail does not go out.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Withheld {
    /// There were too many.
    #[error(transparent)]
    Budget(#[from] OverBudget),
    /// The mailbox writes nothing by itself.
    #[error("its mailbox sends no automatic mail")]
    Silent,
    /// The address may be a stranger's: it was never written to about this ticket.
    #[error("no mail about this ticket went to the requester before")]
    NeverWritten,
    /// Mail to the address goes nowhere.
    #[error("{0}")]
    Unreachable(String),
    /// The requester answered meanwhile.
    #[error("the requester is not waited for any more")]
    NotWaitedFor,
    /// The ticket was reopened meanwhile.
    #[error("the ticket is not solved any more")]
    NotSolved,
}

/// A mail that may go out as far as its ticket stands; what is left is whether there were too many.
pub(crate) struct Allowed {
    /// Where an automatic mail goes; nothing for what is not counted.
    automatic_to: Option<String>,
    /// Whether it was counted when its ticket was made of a mail: then only its domain's count is left.
    is_counted: bool,
}

/// Whether a mail is still to go out on its ticket as it stands, to these people. The inner error: it is not. Nothing is counted by
/// asking.
pub(crate) async fn allowed(
    desk: &Desk,
    item: &OutboxItem,
    file: &TicketFile,
    people: &[Person],
) -> Result<Result<Allowed, Withheld>, DeliveryError> {
    let uncounted = Allowed {
        automatic_to: None,
        is_counted: false,
    };
    let Work::Mail {
        purpose, mailbox, to, ..
    } = &item.work
    else {
        return Ok(Ok(uncounted));
    };
    if !purpose.is_automatic() {
        return Ok(Ok(uncounted));
    }
    let recipient = people.iter().find(|person| person.id == *to);
    // Whether a ticket is acknowledged was decided when it was made.
    if *purpose != MailPurpose::Acknowledgement {
        let setup = desk.setup().await?;
        if setup.mailbox(mailbox).is_some_and(|mailbox| mailbox.is_silent) {
            return Ok(Err(Withheld::Silent));
        }
        if let Some(why) = held_back(file, item, purpose, recipient) {
            return Ok(Err(why));
        }
    }
    Ok(Ok(Allowed {
        automatic_to: recipient.and_then(|person| person.email.clone()),
        is_counted: *purpose == MailPurpose::Acknowledgement
            && matches!(file.ticket.channel, Channel::Mail { .. }),
    }))
}

impl Allowed {
    /// What the claim of a mail carries besides, once it is composed. The inner error: there were too many.
    pub async fn claim_parts(
        self,
        desk: &Desk,
        item: &OutboxItem,
        ticket: &Ticket,
    ) -> Result<Result<Vec<Write>, Withheld>, DeliveryError> {
        let Some(address) = self.automatic_to else {
            return Ok(Ok(vec![]));
        };
        if self.is_counted {
            return Ok(count_to_domain(desk, &address).await?.map(|()| vec![]));
        }
        let mail = AutomaticMail {
            at: desk.now(),
            outbox: item.id,
            subject: Digest::of(docket_mail::normalised_subject(&ticket.subject).as_bytes()),
        };
        let history = match desk.mail().automatic_history(&address).await?.with(mail) {
            Ok(history) => history,
            Err(over) => return Ok(Err(over.into())),
        };
        if let Err(over) = count_to_domain(desk, &address).await? {
            return Ok(Err(over));
        }
        Ok(Ok(vec![desk.mail().automatic_history_write(&address, &history)?]))
    }
}

/// Counts a mail to the domain of an address. The inner error: there were too many.
async fn count_to_domain(desk: &Desk, address: &str) -> Result<Result<(), Withheld>, DeliveryError> {
    let domain = address.rsplit_once('@').map_or(address, |(_, domain)| domain);
    let counted = desk.mail().count_automatic_to_domain(domain).await?;
    Ok(if counted > MOST_TO_DOMAIN {
        Err(OverBudget::Domain.into())
    } else {
        Ok(())
    })
}

/// Why an automatic mail is not for this ticket, as it stands now.
fn held_back(
    file: &TicketFile,
    item: &OutboxItem,
    purpose: &MailPurpose,
    recipient: Option<&Person>,
) -> Option<Withheld> {
    if let Some(why) = recipient.and_then(Person::unreachable_because) {
        return Some(Withheld::Unreachable(why));
    }
    if *purpose == MailPurpose::Reminder && file.ticket.wait.is_none() {
        return Some(Withheld::NotWaitedFor);
    }
    if *purpose == MailPurpose::Solved && file.ticket.status.is_unsolved() {
        return Some(Withheld::NotSolved);
    }
    let went_before = |other: &OutboxItem| {
        other.work.is_for_customers() && other.id != item.id && other.state != State::Failed
    };
    // What a rule writes can show what was written to us: where it is the first mail, the sender is proven.
    let is_first_word = matches!(purpose, MailPurpose::RuleReply { .. }) && is_proven(file);
    (!is_first_word && !file.outbox.iter().any(went_before)).then_some(Withheld::NeverWritten)
}

/// Whether the ticket came from whom it says: by a channel that signs or knows who calls, or by mail that passed DMARC.
fn is_proven(file: &TicketFile) -> bool {
    if !matches!(file.ticket.channel, Channel::Mail { .. }) {
        return true;
    }
    let first = file.comments.first().and_then(|comment| comment.mail.as_ref());
    let dmarc = first.and_then(|mail| mail.dmarc.as_deref());
    dmarc.is_some_and(|verdict| verdict.eq_ignore_ascii_case("pass"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::{
        OutboxId, PersonId, TicketNumber, Timestamp,
        contact::comment::{AuthorRole, BodyRef, Comment, MailFacts},
        sla::TimerRules,
        ticket::{CustomerWait, Status},
    };

    fn item(v: u64, purpose: MailPurpose) -> OutboxItem {
        let id = OutboxId {
            ticket: TicketNumber(1),
            v,
            n: 0,
        };
        let work = Work::Mail {
            purpose,
            mailbox: "support@in.example.com".into(),
            to: PersonId(5),
            cc: vec![],
        };
        OutboxItem::new(id, work, Timestamp::UNIX_EPOCH)
    }

    /// Why a mail of this purpose is held back on a ticket in this status, after these other mails.
    fn why(purpose: MailPurpose, status: Status, before: Vec<OutboxItem>) -> Option<Withheld> {
        let mut ticket = Ticket::blank(TicketNumber(1));
        ticket.status = status;
        let rules = TimerRules {
            remind_after_seconds: Some(60),
            ..TimerRules::default()
        };
        ticket.wait = CustomerWait::new(rules, Timestamp::UNIX_EPOCH).filter(|_| status == Status::Pending);
        let asked = item(9, purpose.clone());
        let mut outbox = before;
        outbox.push(asked.clone());
        let file = TicketFile {
            ticket,
            events: vec![],
            saves: vec![],
            comments: vec![],
            outbox,
            recallable: vec![],
            decisions: docket_desk::Decisions::default(),
        };
        held_back(&file, &asked, &purpose, None)
    }

    fn answered() -> Vec<OutboxItem> {
        let purpose = MailPurpose::Reply {
            comment_v: 4,
            solves: false,
        };
        vec![item(4, purpose)]
    }

    #[test]
    fn what_is_still_so_is_said() {
        assert_eq!(why(MailPurpose::Reminder, Status::Pending, answered()), None);
        assert_eq!(why(MailPurpose::Solved, Status::Solved, answered()), None);
        assert_eq!(why(MailPurpose::Solved, Status::Closed, answered()), None);
    }

    #[test]
    fn what_is_no_longer_so_is_not_said() {
        let reminder = why(MailPurpose::Reminder, Status::Open, answered());
        assert_eq!(reminder, Some(Withheld::NotWaitedFor));
        let solved = why(MailPurpose::Solved, Status::Open, answered());
        assert_eq!(solved, Some(Withheld::NotSolved));
    }

    #[test]
    fn a_rule_s_answer_is_the_first_mail_only_to_a_proven_sender() {
        let answer = || MailPurpose::RuleReply { comment_v: 4 };
        let why = |dmarc: Option<&str>| {
            let mut ticket = Ticket::blank(TicketNumber(1));
            ticket.channel = Channel::Mail {
                mailbox: "support@in.example.com".into(),
            };
            let asked = item(4, answer());
            let comment = Comment {
                v: 2,
                at: Timestamp::UNIX_EPOCH,
                author: PersonId(5),
                role: AuthorRole::Requester,
                public: true,
                channel: ticket.channel.clone(),
                body: BodyRef {
                    digest: Digest::of(b""),
                    bytes: 0,
                },
                body_json: None,
                snippet: String::new(),
                mail: Some(MailFacts {
                    dmarc: dmarc.map(str::to_owned),
                    ..MailFacts::default()
                }),
                attachments: vec![],
                attachments_at: None,
                automatic: None,
                has_gaps: false,
                redacted_at: None,
                tells: None,
            };
            let file = TicketFile {
                ticket,
                events: vec![],
                saves: vec![],
                comments: vec![comment],
                outbox: vec![asked.clone()],
                recallable: vec![],
                decisions: docket_desk::Decisions::default(),
            };
            held_back(&file, &asked, &answer(), None)
        };
        assert_eq!(why(Some("PASS")), None);
        assert_eq!(why(Some("FAIL")), Some(Withheld::NeverWritten));
        assert_eq!(why(None), Some(Withheld::NeverWritten));
        assert_eq!(
            super::tests::why(answer(), Status::Open, vec![]),
            None,
            "the API knows who calls"
        );
    }

    #[test]
    fn only_a_mail_to_the_customer_that_was_not_given_up_makes_the_address_known() {
        let given_up = answered().iter().map(|item| item.withheld("x")).collect();
        for before in [vec![], given_up, vec![item(4, MailPurpose::Escalation)]] {
            let why = why(MailPurpose::Solved, Status::Solved, before);
            assert_eq!(why, Some(Withheld::NeverWritten));
        }
        let acknowledged = vec![item(1, MailPurpose::Acknowledgement)];
        assert_eq!(why(MailPurpose::Solved, Status::Solved, acknowledged), None);
    }
}
