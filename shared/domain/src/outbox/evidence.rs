//! Sending on evidence: what is done with a mail at hand, and what an answer, or its absence, proves.
//!
//! The mail service takes no token that would tell it a repeat, so a mail whose answer was lost is *in doubt*: the service's
//! own Send event settles it; when none has come in time it is sent once more and flagged as possibly double.

use super::{
    OutboxItem, State,
    item::{FIRST_WAIT, after},
};
use crate::Timestamp;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Most attempts at a mail which provably was not accepted. With doubling waits that is more than a day.
pub const MOST_MAIL_ATTEMPTS: u32 = 12;

/// How long a callback is tried.
pub const CALLS_FOR: SignedDuration = SignedDuration::from_hours(3 * 24);

/// What an agent is told about an answer on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryOutcome {
    /// Nobody knows yet whether it went out.
    InDoubt,
    /// It went out after a doubt, so perhaps twice.
    PossiblyDouble,
    /// It will not go out.
    Failed,
    /// It came back.
    Bounced,
    /// The recipient complained about it.
    Complained,
    /// It has not arrived yet; somebody on its way still tries.
    Delayed,
    /// Somebody had it sent again.
    Resent,
    /// It was held back, so that programs that answer each other fall silent.
    Withheld,
    /// It went out after all.
    Sent,
}

/// What to do with a mail at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// Store this, then send.
    Send(OutboxItem),
    /// The last attempt's outcome is unknown: store this and tell the agents.
    Doubt(OutboxItem),
    /// Its evidence is still missing: store this and tell the agents that it is given up.
    GiveUp(OutboxItem),
    /// Evidence may still be under way: store this, look again later.
    WaitForEvidence(OutboxItem),
    /// Somebody else is at it, or its time has not come.
    Leave,
}

/// What became of an attempt at a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailResult {
    /// The service took it and gave this id.
    Accepted(String),
    /// It provably did not take it; another attempt may succeed.
    NotAccepted(String),
    /// It provably did not take it and never will.
    Refused(String),
    /// No answer.
    Unknown(String),
}

impl OutboxItem {
    /// What to do with a mail at `now`. `evidence_is_complete`: the queue of the service's events holds
    /// nothing that could settle it.
    pub fn claim_mail(&self, now: Timestamp, evidence_is_complete: bool) -> NextStep {
        match self.state {
            State::Sent | State::Failed => NextStep::Leave,
            State::Pending => NextStep::Send(self.begun(now)),
            State::Sending { lease_until } if now < lease_until => NextStep::Leave,
            State::Sending { .. } => {
                NextStep::Doubt(self.doubted("the attempt ended without an answer", now))
            }
            State::InDoubt { resend_at } if now < resend_at => NextStep::Leave,
            State::InDoubt { .. } if !evidence_is_complete => {
                let wait = after(now, FIRST_WAIT);
                NextStep::WaitForEvidence(Self {
                    next_due_at: Some(wait),
                    ..self.clone()
                })
            }
            State::InDoubt { .. } if self.possibly_double => {
                NextStep::GiveUp(self.failed("sent twice without an answer, and no evidence of either"))
            }
            State::InDoubt { .. } => NextStep::Send(Self {
                possibly_double: true,
                ..self.begun(now)
            }),
        }
    }

    /// The item after an attempt.
    pub fn settle_mail(&self, result: &MailResult, now: Timestamp) -> Self {
        match result {
            MailResult::Accepted(ses_id) => self.sent(ses_id),
            MailResult::Refused(why) => self.failed(why),
            MailResult::Unknown(why) => self.doubted(why, now),
            MailResult::NotAccepted(why) if self.attempt >= MOST_MAIL_ATTEMPTS => self.failed(why),
            MailResult::NotAccepted(why) => self.postponed(why, now),
        }
    }

    /// The item of a mail that is not to go out after all.
    pub fn withheld(&self, why: &str) -> Self {
        self.failed(why)
    }

    /// The item after the service's own word that it took the mail; nothing if that was known, or is about a mail that is
    /// being sent again.
    pub fn settle_by_evidence(&self, ses_id: &str) -> Option<Self> {
        let is_known = self.state == State::Sent || self.ses_id.as_deref() == Some(ses_id);
        (!is_known).then(|| self.sent(ses_id))
    }

    /// The item after a call was answered with `status`, or not at all.
    pub fn settle_call(&self, status: Option<u16>, detail: &str, now: Timestamp) -> Self {
        match status {
            Some(200..=299) => Self {
                detail: None,
                ..self.sent("")
            },
            Some(410) => self.failed("the address said 410 Gone"),
            _ if now >= after(self.created_at, CALLS_FOR) => self.failed(detail),
            _ => self.postponed(detail, now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OutboxId;
    use crate::PersonId;
    use crate::outbox::Work;
    use crate::outbox::wait_after;
    use crate::{TicketNumber, outbox::MailPurpose};

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(minutes * 60).unwrap()
    }

    fn mail() -> OutboxItem {
        let id = OutboxId {
            ticket: TicketNumber(1),
            v: 2,
            n: 0,
        };
        let mailbox = "support@in.example.com".to_owned();
        OutboxItem::new(
            id,
            Work::Mail {
                cc: vec![],
                purpose: MailPurpose::Acknowledgement,
                mailbox,
                to: PersonId(1),
            },
            at(0),
        )
    }

    fn begun() -> OutboxItem {
        let NextStep::Send(item) = mail().claim_mail(at(0), true) else {
            panic!("a pending mail is sent")
        };
        item
    }

    const EVE: PersonId = PersonId(1);
    const KIM: PersonId = PersonId(2);
    const LEE: PersonId = PersonId(3);

    fn accepted(ses_id: &str) -> MailResult {
        MailResult::Accepted(ses_id.to_owned())
    }

    /// A mail to Eve, with Kim and Lee in copy, that is being sent.
    fn begun_with_copies() -> OutboxItem {
        let mut item = begun();
        if let Work::Mail { cc, .. } = &mut item.work {
            *cc = vec![KIM, LEE];
        }
        item
    }

    /// The same as `ses-1`, which came back from these people.
    fn came_back(people: &[PersonId]) -> OutboxItem {
        let item = begun_with_copies().settle_mail(&accepted("ses-1"), at(0));
        item.returned("ses-1", people).unwrap()
    }

    fn sent_again_to(item: &OutboxItem) -> Option<Vec<PersonId>> {
        item.again(at(5)).map(|again| again.work.recipients())
    }

    #[test]
    fn a_mail_being_sent_is_left_alone_until_its_lease_ends() {
        assert_eq!(begun().claim_mail(at(1), true), NextStep::Leave);
        assert!(matches!(begun().claim_mail(at(2), true), NextStep::Doubt(_)));
    }

    #[test]
    fn a_lost_answer_is_a_doubt_and_not_another_attempt() {
        let item = begun().settle_mail(&MailResult::Unknown("reset".into()), at(0));
        assert_eq!(item.state, State::InDoubt { resend_at: at(15) });
        assert_eq!(item.claim_mail(at(14), true), NextStep::Leave);
    }

    #[test]
    fn a_send_event_settles_a_doubt() {
        let item = begun().settle_mail(&MailResult::Unknown("reset".into()), at(0));
        let item = item.settle_by_evidence("ses-1").unwrap();
        assert_eq!(
            (item.state.clone(), item.ses_id.as_deref()),
            (State::Sent, Some("ses-1"))
        );
        assert_eq!(item.settle_by_evidence("ses-1"), None);
    }

    #[test]
    fn without_evidence_it_is_sent_once_more_and_flagged() {
        let item = begun().settle_mail(&MailResult::Unknown("reset".into()), at(0));
        let NextStep::Send(again) = item.claim_mail(at(15), true) else {
            panic!("sent again")
        };
        assert!(again.possibly_double);
        let item = again.settle_mail(&MailResult::Unknown("reset".into()), at(15));
        assert!(
            matches!(item.claim_mail(at(30), true), NextStep::GiveUp(item) if item.state == State::Failed)
        );
    }

    #[test]
    fn while_evidence_may_be_queued_nothing_is_sent_again() {
        let item = begun().settle_mail(&MailResult::Unknown("reset".into()), at(0));
        assert!(
            matches!(item.claim_mail(at(15), false), NextStep::WaitForEvidence(i) if i.next_due_at == Some(at(16)))
        );
    }

    #[test]
    fn what_came_back_is_sent_again_to_those_from_whom_it_did() {
        assert_eq!(sent_again_to(&came_back(&[EVE])), Some(vec![EVE]));
        assert_eq!(sent_again_to(&came_back(&[LEE])), Some(vec![LEE]));
        assert_eq!(sent_again_to(&came_back(&[LEE, KIM])), Some(vec![KIM, LEE]));
        assert_eq!(
            sent_again_to(&came_back(&[LEE]).returned("ses-1", &[EVE]).unwrap()),
            Some(vec![EVE, LEE])
        );
    }

    #[test]
    fn what_came_back_from_nobody_it_was_for_is_sent_again_to_its_first_recipient() {
        assert_eq!(sent_again_to(&came_back(&[])), Some(vec![EVE]));
        assert_eq!(sent_again_to(&came_back(&[PersonId(4)])), Some(vec![EVE]));
    }

    #[test]
    fn what_was_given_up_is_sent_again_to_everybody() {
        let item = begun_with_copies().settle_mail(&MailResult::Refused("no".into()), at(0));
        assert_eq!(sent_again_to(&item), Some(vec![EVE, KIM, LEE]));
        // Of what came back, those who have it are not asked for again.
        let again = came_back(&[KIM]).again(at(5)).unwrap().withheld("too many");
        assert_eq!(sent_again_to(&again), Some(vec![KIM]));
    }

    #[test]
    fn what_is_under_way_or_arrived_is_not_sent_again() {
        let in_doubt = begun().settle_mail(&MailResult::Unknown("reset".into()), at(0));
        let sent = begun().settle_mail(&accepted("ses-1"), at(0));
        for item in [mail(), begun(), in_doubt, sent] {
            assert_eq!(item.again(at(5)), None, "{item:?}");
        }
        let again = came_back(&[KIM]).again(at(5)).unwrap();
        let NextStep::Send(again) = again.claim_mail(at(5), true) else {
            panic!("{again:?}")
        };
        assert_eq!(again.settle_mail(&accepted("ses-2"), at(5)).again(at(6)), None);
    }

    #[test]
    fn evidence_of_what_came_back_settles_nothing_while_it_is_sent_again() {
        let pending = came_back(&[EVE]).again(at(5)).unwrap();
        assert_eq!(pending.settle_by_evidence("ses-1"), None);
        let NextStep::Send(sending) = pending.claim_mail(at(5), true) else {
            panic!("{pending:?}")
        };
        assert_eq!(sending.settle_by_evidence("ses-1"), None);
        let in_doubt = sending.settle_mail(&MailResult::Unknown("reset".into()), at(5));
        assert_eq!(in_doubt.settle_by_evidence("ses-1"), None);
        let sent = in_doubt.settle_by_evidence("ses-2").unwrap();
        assert_eq!((sent.state, sent.ses_id.as_deref()), (State::Sent, Some("ses-2")));
    }

    #[test]
    fn evidence_of_another_mail_does_not_take_the_place_of_what_is_known() {
        let sent = begun().settle_mail(&accepted("ses-2"), at(0));
        assert_eq!(sent.settle_by_evidence("ses-1"), None);
    }

    #[test]
    fn evidence_of_the_first_attempt_settles_what_was_given_up_or_withheld() {
        let in_doubt = begun().settle_mail(&MailResult::Unknown("reset".into()), at(0));
        let refused = in_doubt.settle_mail(&MailResult::Refused("no".into()), at(15));
        for item in [refused, in_doubt.withheld("too many")] {
            assert_eq!(item.state, State::Failed);
            assert_eq!(item.settle_by_evidence("ses-1").unwrap().state, State::Sent);
        }
    }

    #[test]
    fn a_mail_before_the_last_one_may_come_back_without_a_word_on_the_last() {
        let again = came_back(&[KIM]).again(at(5)).unwrap();
        assert_eq!(again.returned("ses-1", &[KIM]), None);
        let NextStep::Send(sending) = again.claim_mail(at(5), true) else {
            panic!("{again:?}")
        };
        assert_eq!(sending.returned("ses-1", &[KIM]), None);
        let sent = sending.settle_mail(&accepted("ses-2"), at(5));
        assert_eq!(sent.returned("ses-1", &[KIM]), None);
        assert_eq!(sent.returned("ses-2", &[KIM]).unwrap().came_back_from, [KIM]);
    }

    #[test]
    fn a_mail_provably_not_accepted_is_tried_again_until_the_limit() {
        let mut item = begun();
        item = item.settle_mail(&MailResult::NotAccepted("throttled".into()), at(0));
        assert_eq!(
            (item.state.clone(), item.next_due_at),
            (State::Pending, Some(at(1)))
        );
        item.attempt = MOST_MAIL_ATTEMPTS;
        assert_eq!(
            item.settle_mail(&MailResult::NotAccepted("throttled".into()), at(0))
                .state,
            State::Failed
        );
    }

    #[test]
    fn a_call_is_tried_for_three_days_and_gone_ends_it_at_once() {
        let item = mail().begun_call(at(0));
        assert_eq!(item.settle_call(Some(500), "500", at(1)).state, State::Pending);
        assert_eq!(item.settle_call(Some(410), "410", at(1)).state, State::Failed);
        assert_eq!(
            item.settle_call(None, "no answer", at(3 * 24 * 60)).state,
            State::Failed
        );
        assert_eq!(item.settle_call(Some(204), "", at(1)).state, State::Sent);
    }

    #[test]
    fn waits_double_up_to_six_hours() {
        let minutes: Vec<_> = (0..11).map(|n| wait_after(n).as_mins()).collect();
        assert_eq!(minutes, [1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 360]);
    }
}
