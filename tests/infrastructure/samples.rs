//! The samples in `events/` are what the types that functions read with can read.

use aws_lambda_events::event::{
    dynamodb, eventbridge::EventBridgeEvent, ses::SimpleEmailService, sqs::SqsEvent,
};
use docket_desk::{IncidentsNudge, JobNudge, MembersNudge, Nudge};
use docket_domain::{GroupId, OrganizationId, PersonId, TicketNumber, job::JobId, nudge, outbox::OutboxItem};
use docket_search::{Asker, Kind, SearchRequest, Wanted};
use docket_store::{
    keys::ItemKey,
    queue::{AnswerNudge, CallOrder, CallResult, ChangedNudge, ShardNudge, SpoolNudge},
    table::{NUDGES, nudges_of},
};
use docket_tests::{
    template::{Template, repository},
    wiring::{Trigger, sources},
};
use lambda_http::RequestExt;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The text of one sample.
fn sample(path: &str) -> String {
    std::fs::read_to_string(repository().join("events").join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn read<T: DeserializeOwned>(path: &str) -> T {
    serde_json::from_str(&sample(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The bodies of a batch, as JSON where they are, else null.
fn bodies(path: &str) -> Vec<Value> {
    let batch: SqsEvent = read(path);
    batch
        .records
        .iter()
        .map(|record| serde_json::from_str(record.body.as_deref().unwrap()).unwrap_or_default())
        .collect()
}

fn request(path: &str) -> lambda_http::Request {
    lambda_http::request::from_str(&sample(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The samples of one function, by file name.
fn samples_of(function: &str) -> Vec<String> {
    let folder = repository().join("events").join(function);
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| format!("{function}/{}", entry.unwrap().file_name().into_string().unwrap()))
        .collect();
    names.sort();
    names
}

#[test]
fn every_source_of_every_function_has_a_sample() {
    for source in sources(&Template::load().unwrap()) {
        let is_like = |text: &String| match &source.trigger {
            Trigger::Queue { queue, .. } => {
                let queue: String = queue
                    .split('-')
                    .map(|word| word[..1].to_uppercase() + &word[1..])
                    .collect();
                text.contains(&format!("docket-{queue}Queue"))
            }
            Trigger::Stream { table, .. } => text.contains(&format!("docket-{table}/stream")),
            Trigger::Schedule { .. } => text.contains("aws.scheduler"),
            Trigger::Route { .. } => text.contains("rawPath"),
        };
        let samples: Vec<String> = samples_of(&source.function)
            .iter()
            .map(|path| sample(path))
            .collect();
        assert!(samples.iter().any(is_like), "no sample of {source:?}");
    }
}

#[test]
fn a_receipt_names_the_object_the_recipients_and_the_verdicts() {
    for path in samples_of("email-intake") {
        for body in bodies(&path)
            .into_iter()
            .filter(|body| body["notificationType"] == "Received")
        {
            let key = body["receipt"]["action"]["objectKey"]
                .as_str()
                .unwrap()
                .to_owned();
            let service: SimpleEmailService = serde_json::from_value(body).unwrap();
            assert_eq!(Some(key), service.mail.message_id.map(|id| format!("raw/{id}")));
            assert_eq!(service.receipt.spf_verdict.status.as_deref(), Some("PASS"));
            assert_eq!(service.receipt.recipients, service.mail.destination);
        }
    }
}

#[test]
fn a_garbled_record_stands_beside_a_good_one() {
    let bodies = bodies("email-intake/receipt_beside_a_garbled_record.json");
    assert_eq!(
        bodies.iter().map(Value::is_null).collect::<Vec<_>>(),
        [true, false]
    );
}

/// The first body of a batch, read as the type that its function reads.
fn first<T: DeserializeOwned>(path: &str) -> T {
    serde_json::from_value(bodies(path)[0].clone()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn a_nudge_is_read_as_one() {
    assert!(first::<Nudge>("delivery/nudge.json").outbox_id().is_some());
    let answer: AnswerNudge = first("delivery/answer_can_not_be_recalled_any_more.json");
    assert_eq!(
        (answer.answer.ticket, answer.answer.author),
        (TicketNumber(1), PersonId(2))
    );
    assert!(first::<Nudge>("triage/nudge.json").ticket.is_some());
    assert!(first::<Nudge>("assignment/nudge.json").group.is_some());
    assert_eq!(bodies("triage/nudge_twice_in_one_batch.json").len(), 2);
    for function in ["projector", "index"] {
        let changed: ChangedNudge = first(&format!("{function}/tickets_that_changed.json"));
        assert_eq!(changed.changed, [(TicketNumber(1), 4), (TicketNumber(7), 2)]);
    }
    let job: JobNudge = first("jobs/nudge.json");
    assert_eq!(JobId::parse(job.job.as_str()), Some(job.job));
    let incidents: IncidentsNudge = first("jobs/incidents_of_a_problem.json");
    assert_eq!(
        (incidents.problem, incidents.after),
        (TicketNumber(12), Some(TicketNumber(40)))
    );
    let members: MembersNudge = first("jobs/members_of_an_organization.json");
    assert_eq!(members.organization, OrganizationId(5));
    // The sweep names none: whatever changed is looked for.
    let changed: ChangedNudge = first("index/whatever_changed.json");
    assert!(changed.changed.is_empty());
}

#[test]
fn a_question_to_the_search_says_by_whom_it_is_and_for_what() {
    let question = |name: &str| read::<SearchRequest>(&format!("search/{name}.json"));
    let of_agent = question("query_of_an_agent");
    assert_eq!(of_agent.by, Asker::Staff(Some(PersonId(7))));
    assert!(matches!(&of_agent.wanted, Wanted::Query(query) if query.contains("status<solved")));
    assert!(of_agent.with_snippets && of_agent.with_facets);
    let of_customer = question("query_of_a_customer");
    let sees = Asker::Customer(PersonId(12), vec![OrganizationId(3)]);
    assert_eq!((of_customer.by, of_customer.skip), (sees, 0));
    let beginning = question("beginning_of_a_name");
    let sees = Asker::OfGroups(PersonId(7), vec![GroupId(1), GroupId(2)]);
    assert_eq!(beginning.by, sees);
    assert_eq!(
        beginning.wanted,
        Wanted::Beginning(Kind::Person, "ada".to_owned())
    );
    let export = question("next_page_of_an_export");
    assert_eq!(export.by, Asker::Staff(None));
    assert_eq!(
        export.after.map(|end| (end.number, end.kind)),
        Some((412, Kind::Ticket))
    );
    assert_eq!(samples_of("search").len(), 4);
}

#[test]
fn a_shard_is_named_with_and_without_a_place_to_go_on_from() {
    let shard = |path: &str| first::<ShardNudge>(path);
    assert_eq!(
        shard("sla-check/shard_from_its_beginning.json"),
        ShardNudge {
            shard: 7,
            after: None
        }
    );
    let place = shard("sla-check/shard_from_a_place_on.json").after.unwrap();
    let (_, key) = ItemKey::parse_ticket_item(&place.pk, &place.sk).unwrap();
    assert_eq!(key, ItemKey::Head(TicketNumber(412)));
}

#[test]
fn an_order_to_call_and_its_result_name_the_same_work() {
    let order: CallOrder = first("egress/call_order.json");
    for (path, status) in [
        ("delivery/call_was_answered.json", Some(200)),
        ("delivery/call_got_no_answer.json", None),
    ] {
        let result: CallResult = first(path);
        assert_eq!((result.call, result.status), (order.item.id, status), "{path}");
    }
}

#[test]
fn a_mail_found_in_the_spool_is_named_by_its_object() {
    let nudge: SpoolNudge = first("email-intake/mail_found_in_the_spool.json");
    assert!(nudge.spool_key.starts_with("raw/"));
}

#[test]
fn a_minute_comes_from_the_scheduler() {
    let minute: EventBridgeEvent<Value> = read("sla-check/minute.json");
    assert_eq!(minute.source, "aws.scheduler");
}

#[test]
fn an_outcome_of_mail_names_its_kind_and_the_id_that_ses_gave() {
    for (name, kind) in [
        ("sent", "Send"),
        ("delivered", "Delivery"),
        ("bounced", "Bounce"),
        ("called_spam", "Complaint"),
    ] {
        let path = samples_of("delivery")
            .into_iter()
            .find(|path| path.ends_with(&format!("{name}.json")))
            .unwrap();
        let body = &bodies(&path)[0];
        assert_eq!(body["eventType"], kind);
        assert!(body["mail"]["messageId"].as_str().unwrap().ends_with("-000000"));
        assert!(body[kind.to_lowercase()].is_object(), "{path}");
    }
}

#[test]
fn the_stream_brings_new_outgoing_work_and_events_that_nudge() {
    let batch: dynamodb::Event = read("relay/outgoing_mail_and_call.json");
    for record in &batch.records {
        assert_eq!(record.event_name, "INSERT");
        let mut image = record.change.new_image.clone().into_inner();
        let item: OutboxItem = serde_dynamo::from_attribute_value(image.remove("outbox").unwrap()).unwrap();
        assert_eq!(
            image["SK"],
            serde_dynamo::AttributeValue::S(format!("O#{:010}#{}", item.id.v, item.id.n))
        );
    }
    let nudges: dynamodb::Event = read("relay/events_that_nudge.json");
    let named = nudges.records.iter().flat_map(|record| {
        let change = serde_json::to_value(&record.change).unwrap();
        nudges_of(change["NewImage"][NUDGES]["S"].as_str().unwrap()).unwrap()
    });
    let group = GroupId(1);
    let assignment = nudge::Nudge::Assignment { group, freed: None };
    assert_eq!(named.collect::<Vec<_>>(), [nudge::Nudge::Triage, assignment]);
}

#[test]
fn a_request_has_its_path_its_method_and_its_body() {
    let create = request("api/create_ticket.json");
    assert_eq!(
        (create.method().as_str(), create.raw_http_path()),
        ("POST", "/api/v2/tickets.json")
    );
    let body: Value = serde_json::from_slice(create.body()).unwrap();
    assert_eq!(body["ticket"]["requester"]["email"], "ada@example.org");

    let list = request("api/list_second_page.json");
    assert_eq!(list.query_string_parameters().first("page[size]"), Some("2"));

    let page = request("workspace/ticket_page.json");
    assert_eq!(page.headers()["cookie"], "__Host-session=sample");
}

#[test]
fn the_signature_of_the_signed_hand_off_is_that_of_its_body() {
    let request = request("webhook-intake/signed_hand_off.json");
    let header = |name: &str| request.headers()[name].to_str().unwrap();
    let secret = sample("README.md")
        .split('`')
        .find(|part| part.starts_with("whsec_"))
        .unwrap()
        .to_owned();
    let webhook = standardwebhooks::Webhook::new(&secret).unwrap();
    let timestamp: i64 = header("webhook-timestamp").parse().unwrap();
    let signature = webhook
        .sign(header("webhook-id"), timestamp, request.body())
        .unwrap();
    assert_eq!(signature, header("webhook-signature"));
}

#[test]
fn the_unsigned_hand_off_lacks_its_signature_only() {
    let request = request("webhook-intake/unsigned.json");
    assert!(request.headers().get("webhook-signature").is_none());
    assert!(request.headers().get("webhook-id").is_some());
}
