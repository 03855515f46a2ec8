//! A mail that SES took though its answer was lost.

use crate::{in_world, mail};
use docket_domain::{
    TicketNumber,
    outbox::{DeliveryOutcome, State},
    ticket::Fact,
};
use docket_local::world::{World, WorldOptions};
use embedded_aws::{Call, Fault, FaultPlan};
use jiff::SignedDuration;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Seeds of the normal run.
const SEEDS: u64 = 1_000;

/// The first mail is taken and its answer lost, in one of the ways in which that happens; all else is as the world has it.
struct FirstAnswerLost {
    way: Fault,
    happened: AtomicBool,
    others: Arc<dyn FaultPlan>,
}

impl FaultPlan for FirstAnswerLost {
    fn plan(&self, call: &Call) -> Fault {
        if call.operation != "SendRawEmail" || self.happened.swap(true, Ordering::SeqCst) {
            return self.others.plan(call);
        }
        self.way.clone()
    }
}

/// What became of the acknowledgement of a mail: how often it went out, whether it is flagged, whether its ticket says so.
fn went_out(options: WorldOptions, way: Fault, lose_event: bool) -> (usize, bool, bool) {
    in_world(async {
        let mut world = World::new(options).await.unwrap();
        let plan = FirstAnswerLost {
            way,
            happened: AtomicBool::new(false),
            others: world.faults(),
        };
        world.local.aws.set_fault_plan(Some(Arc::new(plan)));
        if lose_event {
            world.local.aws.set_ses_event_queue(None);
        }
        world.receive(
            &mail("eve@example.com", "m1@example.com", "", "Help!"),
            &[],
            false,
        );
        if options.faults {
            world.pass(SignedDuration::from_mins(2)).await;
        } else {
            world.settle().await;
        }
        world.calm();
        let leaps: &[i64] = if options.faults {
            &[2, 3, 5, 10, 16, 16, 20, 40]
        } else {
            &[16, 20]
        };
        for minutes in leaps {
            world.leap(SignedDuration::from_mins(*minutes)).await;
        }
        assert_eq!(
            world.broken_invariants().await,
            Vec::<String>::new(),
            "{options:?}"
        );
        // A number that was drawn and not used leaves a gap.
        let mut file = None;
        for number in 1..=world.local.desk.tickets().last_number().await.unwrap() {
            file = file.or(world
                .local
                .desk
                .tickets()
                .file(TicketNumber(number))
                .await
                .unwrap());
        }
        let file = file.unwrap_or_else(|| panic!("no ticket: {options:?}"));
        let item = &file.outbox[0];
        assert_eq!(item.state, State::Sent, "{options:?} {item:?}");
        let says_so = file.events.iter().any(|event| {
            matches!(
                event.fact,
                Fact::DeliveryReported {
                    outcome: DeliveryOutcome::PossiblyDouble,
                    ..
                }
            )
        });
        (world.local.aws.sent_count(), item.possibly_double, says_so)
    })
}

fn ways() -> [Fault; 4] {
    [
        Fault::LoseReply,
        Fault::Timeout { done: true },
        Fault::FailAfter(500),
        Fault::KillAfter,
    ]
}

fn seeds() -> Vec<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    match number("DOCKET_SEED") {
        Some(seed) => vec![seed],
        None => (1..=number("DOCKET_SEEDS").unwrap_or(SEEDS)).collect(),
    }
}

#[test]
fn goes_out_once() {
    for seed in seeds() {
        // Most of the time is the machine's: every fifth world has other faults besides.
        let options = WorldOptions {
            seed,
            faults: seed % 20 == 0,
            ..WorldOptions::default()
        };
        let way = ways()[(seed % 4) as usize].clone();
        assert_eq!(went_out(options, way, false).0, 1, "seed {seed}");
    }
}

#[test]
fn goes_out_twice_with_a_mailer_that_retries() {
    let options = WorldOptions {
        seed: 1,
        mail_retries: true,
        ..WorldOptions::default()
    };
    let in_world = std::panic::catch_unwind(|| went_out(options, Fault::LoseReply, false));
    // The check of the invariants notices; without it the count would tell.
    assert!(in_world.is_err_and(|panic| {
        panic
            .downcast_ref::<String>()
            .is_some_and(|words| words.contains("went out 2 times and is not flagged"))
    }));
}

#[test]
fn goes_out_twice_when_its_send_event_is_lost_too_and_says_so() {
    for (seed, way) in (1..).zip(ways()) {
        let options = WorldOptions {
            seed,
            ..WorldOptions::default()
        };
        assert_eq!(went_out(options, way, true), (2, true, true), "seed {seed}");
    }
}
