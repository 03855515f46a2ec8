//! What becomes of outgoing work.

use super::*;
use crate::{PersonId, TicketNumber, work::MailPurpose};

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
    let Claim::Send(item) = mail().claim_mail(at(0), true) else {
        panic!("a pending mail is sent")
    };
    item
}

#[test]
fn a_mail_being_sent_is_left_alone_until_its_lease_ends() {
    assert_eq!(begun().claim_mail(at(1), true), Claim::Leave);
    assert!(matches!(begun().claim_mail(at(2), true), Claim::Doubt(_)));
}

#[test]
fn a_lost_answer_is_a_doubt_and_not_another_attempt() {
    let item = begun().settle_mail(&MailResult::Unknown("reset".into()), at(0));
    assert_eq!(item.state, State::InDoubt { resend_at: at(15) });
    assert_eq!(item.claim_mail(at(14), true), Claim::Leave);
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
    let Claim::Send(again) = item.claim_mail(at(15), true) else {
        panic!("sent again")
    };
    assert!(again.possibly_double);
    let item = again.settle_mail(&MailResult::Unknown("reset".into()), at(15));
    assert!(matches!(item.claim_mail(at(30), true), Claim::GiveUp(item) if item.state == State::Failed));
}

#[test]
fn while_evidence_may_be_queued_nothing_is_sent_again() {
    let item = begun().settle_mail(&MailResult::Unknown("reset".into()), at(0));
    assert!(
        matches!(item.claim_mail(at(15), false), Claim::WaitForEvidence(i) if i.next_due_at == Some(at(16)))
    );
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
