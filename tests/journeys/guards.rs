//! Mails that would answer themselves, and that claim to be somebody they are not.

use crate::{
    collection::cases,
    file, in_world,
    rules::{lay_down, rule},
};
use docket_domain::{
    PersonId,
    contact::intake::HoldReason,
    rule::{RuleAction, RuleBook, RuleKind, TemplateText, Text},
    sla::Recipient,
};
use docket_local::world::{World, WorldOptions};
use embedded_aws::{Fate, Verdict, Verdicts};
use jiff::SignedDuration;

async fn world() -> World {
    World::new(WorldOptions::default()).await.unwrap()
}

fn mail(from: &str, id: &str, more: &str) -> String {
    format!(
        "From: {from}\r\nTo: support@in.docket.local\r\nSubject: Hello\r\nMessage-ID: <{id}@x.example>\r\n{more}\r\nHello\r\n"
    )
}

async fn held_for(world: &World, id: u64) -> HoldReason {
    world.local.desk.held().get(id).await.unwrap().unwrap().reason
}

#[test]
fn a_mail_from_the_mailbox_itself_is_held() {
    in_world(async {
        let mut world = world().await;
        world.receive(&mail("Copier <Support@in.docket.local>", "1", ""), &[], false);
        world.settle().await;
        assert_eq!(held_for(&world, 1).await, HoldReason::OwnAddress);
        assert_eq!(world.local.aws.sent_count(), 0);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_mail_that_claims_to_be_a_colleagues_opens_no_ticket_unless_somebody_vouches() {
    in_world(async {
        let mut world = world().await;
        let admin = world.local.desk.people().get(PersonId(1)).await.unwrap().unwrap();
        let admin = admin.email.unwrap();
        let unknown = Verdicts {
            dmarc: Verdict::Gray,
            ..Verdicts::PASS
        };
        world.receive_judged(&mail(&admin, "1", ""), &[], unknown, Fate::Once);
        world.settle().await;
        assert_eq!(held_for(&world, 1).await, HoldReason::UnverifiedAgent);
        world.receive(&mail(&admin, "2", ""), &[], false);
        world.settle().await;
        assert_eq!(file(&world, 1).await.ticket.requester, PersonId(1));
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn addresses_that_differ_in_a_detail_are_one_for_budgets_and_a_host_that_is_not_the_senders_is_told_nothing()
{
    in_world(async {
        let mut world = world().await;
        for n in 1..=5 {
            world.receive(
                &mail(&format!("victim+{n}@v.example"), &n.to_string(), ""),
                &[],
                false,
            );
            world.settle().await;
        }
        assert_eq!(world.local.aws.sent_count(), 1);
        let foreign = Verdicts {
            spf: Verdict::Fail,
            dmarc: Verdict::Gray,
            ..Verdicts::PASS
        };
        world.receive_judged(&mail("other@v.example", "9", ""), &[], foreign, Fate::Once);
        world.settle().await;
        assert_eq!(world.local.aws.sent_count(), 1);
        assert_eq!(
            file(&world, 6).await.comments.len(),
            1,
            "it is a contact all the same"
        );
    });
}

#[test]
fn notices_that_are_answered_by_machines_die_out() {
    in_world(async {
        let mut world = world().await;
        let told = RuleAction::Notify {
            to: Recipient::Agent(PersonId(1)),
            text: Text::Own(TemplateText {
                subject: None,
                body: "{{ ticket.url }}".to_owned(),
            }),
        };
        let condition = r#"event.kind == "ticket_created" || event.kind == "comment_added""#;
        lay_down(
            &world,
            &RuleBook {
                rules: vec![rule(1, RuleKind::Trigger, "Tell Ada", condition, vec![told])],
                last_rule_id: 1,
                ..RuleBook::default()
            },
        )
        .await;
        world.pass(SignedDuration::from_mins(1)).await;
        let admin = world.local.desk.people().get(PersonId(1)).await.unwrap().unwrap();
        let admin = admin.email.unwrap();
        world.receive(&mail("eve@example.com", "0", ""), &[], false);
        world.settle().await;
        let to_admin = |world: &World| {
            let sent = world.local.aws.sent_mails();
            sent.iter()
                .filter(|mail| mail.destinations.contains(&admin))
                .count()
        };
        assert_eq!(to_admin(&world), 1);
        // A person answers the notice: that is a note, and not for the customer.
        let notice = world.local.aws.sent_mails().last().unwrap().ses_id.clone();
        for n in 0..2 {
            let reply = format!("In-Reply-To: <{notice}@eu-west-1.amazonses.com>\r\n");
            world.receive(&mail(&admin, &format!("n{n}"), &reply), &[], false);
            world.settle().await;
            let ticket = file(&world, 1).await;
            let note = ticket.comments.last().unwrap();
            assert_eq!(
                (ticket.comments.len(), note.author, note.public),
                (2 + n, PersonId(1), false)
            );
        }
        assert_eq!(world.local.desk.tickets().last_number().await.unwrap(), 1);
        let before = world.local.aws.sent_count();
        for (n, naive) in (0..20).map(|n| (n, n % 2 == 0)) {
            let more = if naive {
                ""
            } else {
                "Auto-Submitted: auto-replied\r\n"
            };
            world.receive(&mail(&admin, &format!("r{n}"), more), &[], false);
            world.settle().await;
        }
        assert_eq!(
            world.local.aws.sent_count(),
            before,
            "its answers set off no further ones"
        );
        assert_eq!(to_admin(&world), 1);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_mail_of_the_same_id_and_text_about_something_else_is_a_contact_of_its_own() {
    in_world(async {
        let Some(cases) = cases() else { return };
        let mut world = world().await;
        for name in ["05a", "05b"] {
            let path = cases.join(format!("reports/{name}-same-id-same-body-other-subject.eml"));
            let raw = String::from_utf8(std::fs::read(path).unwrap()).unwrap();
            world.receive(&raw, &["support@in.docket.local"], false);
            world.settle().await;
        }
        assert_ne!(
            file(&world, 1).await.ticket.subject,
            file(&world, 2).await.ticket.subject
        );
    });
}
