//! The event sources of a desk of one's own are those of the template.

use docket_local::wiring::{MAX_RECEIVE_COUNT, QUEUE_SOURCES, STREAM_BATCH_SIZE, SWEEP_SECONDS};
use docket_tests::{
    template::Template,
    wiring::{Trigger, sources},
};
use std::collections::BTreeSet;

/// A queue source as both sides have it: function, queue, batch size, visibility, receives.
type Row = (String, String, u64, u64, u64);

fn of_the_template() -> BTreeSet<Row> {
    let rows = sources(&Template::load().unwrap())
        .into_iter()
        .filter_map(|source| match source.trigger {
            Trigger::Queue {
                queue,
                batch_size,
                visibility_seconds,
                max_receive_count,
            } => Some((
                source.function,
                queue,
                batch_size,
                visibility_seconds,
                max_receive_count,
            )),
            _ => None,
        });
    rows.collect()
}

fn of_the_local_desk() -> BTreeSet<Row> {
    let row = |source: &docket_local::wiring::QueueSource| {
        let (function, queue) = (source.function.name().to_owned(), source.name.to_owned());
        let number = |number: i64| u64::try_from(number).unwrap();
        let batch_size = number(source.batch_size.into());
        (
            function,
            queue,
            batch_size,
            number(source.visibility_seconds),
            number(MAX_RECEIVE_COUNT),
        )
    };
    QUEUE_SOURCES.iter().map(row).collect()
}

#[test]
fn every_queue_wakes_the_same_function_here_and_in_the_cloud() {
    assert_eq!(of_the_local_desk(), of_the_template());
}

#[test]
fn stream_and_schedule_are_the_same_here_and_in_the_cloud() {
    let sources = sources(&Template::load().unwrap());
    let stream = sources.iter().find_map(|source| match &source.trigger {
        Trigger::Stream {
            batch_size, filters, ..
        } => Some((source.function.as_str(), *batch_size, filters.len())),
        _ => None,
    });
    assert_eq!(
        stream,
        Some(("relay", u64::try_from(STREAM_BATCH_SIZE).unwrap(), 4))
    );
    let schedule = sources.iter().find_map(|source| match &source.trigger {
        Trigger::Schedule { expression } => Some((source.function.as_str(), expression.as_str())),
        _ => None,
    });
    assert_eq!(
        (schedule, SWEEP_SECONDS),
        (Some(("sla-check", "rate(1 minute)")), 60)
    );
}
