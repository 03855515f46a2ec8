//! Each operator and key with what it finds.

use crate::desk::{found, index};
use docket_domain::Timestamp;
use docket_search::{Asking, Kind, Names, Query, Seen};
use jiff::tz::TimeZone;

fn check(samples: &[(&str, &str)]) {
    for (query, expected) in samples {
        assert_eq!(found(query), *expected, "{query}");
    }
}

#[test]
fn free_words_are_found_whole_and_as_beginnings_and_all_of_them() {
    check(&[
        ("lamp", "1 1234 o9"),
        ("LAMPS", "1234 o9"),
        ("top", ""),
        ("desk", "2"),
        ("desk type:ticket", "2"),
        ("lamp tuesday", "1"),
        ("lamp -tuesday", "1234 o9"),
        ("\"lamp is dark\"", "1"),
        ("\"dark is lamp\"", ""),
        ("-\"lamp is dark\" lamp", "1234 o9"),
        ("tuesday my", "1"),
        ("to", ""),
        ("is", "1 2"),
        ("do*", "1"),
        ("dossier.pdf", "1"),
        ("1234", "1 2 1234 p11"),
        ("#1234", "1 2 1234 p11"),
        ("ab1234", "2"),
        ("AB-1234", "2"),
        ("muller", "1 2 1234 p11"),
        ("mueller", "1 2 1234 p11"),
        ("gold", "1 o9"),
        ("erp-7", "2"),
        ("quickly", "p11"),
        ("???", ""),
        ("lamp ???", "1 1234 o9"),
        ("*", "1 2 3 1234 p11 p12 p21 o9"),
        ("", "1 2 3 1234 p11 p12 p21 o9"),
    ]);
}

#[test]
fn no_phrase_reaches_from_one_comment_into_the_next() {
    check(&[
        ("\"wishes once\"", ""),
        ("\"desktop your\"", ""),
        ("\"way bob\"", "2"),
    ]);
}

#[test]
fn status_priority_and_type() {
    check(&[
        ("status:open", "1"),
        ("status:open status:new", "1 3"),
        ("status<solved", "1 3"),
        ("status<=solved", "1 2 3"),
        ("status>solved", "1234"),
        ("status>new status<solved", "1"),
        ("-status:closed", "1 2 3"),
        ("-status:closed -status:solved", "1 3"),
        ("priority:urgent", "1"),
        ("priority<normal", "2"),
        ("priority<=normal", "2 1234"),
        ("priority>low", "1 1234"),
        ("priority:none", "3"),
        ("-priority:none", "1 2 1234"),
        ("priority:*", "1 2 1234"),
        ("ticket_type:problem", "2"),
        ("type:problem", "2"),
        ("ticket_type:none", "1 3 1234"),
    ]);
}

#[test]
fn times() {
    check(&[
        ("created:2026-03-01 type:ticket", "1"),
        ("created>2026-03-01 type:ticket", "3"),
        ("created>=2026-03-01 type:ticket", "1 3"),
        ("created<2026-02-01 type:ticket", "1234"),
        ("created<=2026-02-01 type:ticket", "2 1234"),
        // half an hour before midnight in London is the next day in Berlin
        ("created:2025-02-01", "1234"),
        ("created:2026-03-01T10:00:00Z", "1"),
        ("created>2026-03-01T10:00:00Z type:ticket", "3"),
        ("created>2026-01-15 created<2026-03-05 type:ticket", "1 2"),
        ("updated>4hours type:ticket", "1 3"),
        ("updated<24hours type:ticket", "2 1234"),
        ("created>1hour type:ticket", ""),
        ("created>61minutes type:ticket", "3"),
        ("solved>2weeks", "2"),
        ("solved:2026-03-09", "2"),
        ("solved:none", "1 3"),
        ("solved:*", "2 1234"),
        ("due_date:none", "1 2 3 1234"),
        ("created>2026-03-10 type:user", ""),
        ("created:2026-03-10", "3 p21"),
    ]);
}

#[test]
fn people_groups_and_organizations() {
    check(&[
        ("assignee:me", "1"),
        ("assignee:none", "2 3"),
        ("assignee:*", "1 1234"),
        ("-assignee:me", "2 3 1234"),
        ("assignee:agatha", "1"),
        ("assignee:nobody", ""),
        ("-assignee:nobody", "1 2 3 1234"),
        ("assignee_id:12", "1234"),
        ("requester:jane.mueller@acme.example", "1 1234"),
        ("requester:\"Jane Müller\" status<solved", "1"),
        ("requester:jane requester:bob", "1 2 3 1234"),
        ("requester:11", "1 1234"),
        ("requester:none", ""),
        ("requester:\"+49 40 5\"", "2 3"),
        ("submitter:me", "1234"),
        ("commenter:me", "1 2 1234"),
        ("cc:jane", "2"),
        ("cc:none", "1 3 1234"),
        ("group:Support", "1 p21"),
        ("group:Support type:ticket", "1"),
        ("group:6", "2"),
        ("group:none type:ticket", "3 1234"),
        ("organization:\"Acme Lamps\"", "1 1234 p11"),
        ("organization:none type:ticket", "2 3"),
        ("organization_id:9 type:user", "p11"),
    ]);
}

#[test]
fn words_of_properties_are_whole() {
    check(&[
        ("subject:lamp", "1"),
        ("subject:lamp*", "1 1234"),
        ("subject:\"broken lamp\"", "1"),
        ("subject:tuesday", ""),
        ("-subject:lamp", "2 3 1234"),
        ("description:dossier", "1"),
        ("comment:\"on its way\"", "2"),
        ("attachment_name:photo.jpg", "1"),
        ("attachment_name:dossier.pdf", "1"),
        ("has_attachment:true", "1 2"),
        ("has_attachment:false", "3 1234"),
    ]);
}

#[test]
fn terms() {
    check(&[
        ("tags:vip", "1 2 p11"),
        ("tags:VIP type:ticket", "1 2"),
        ("tags:premium tags:vip type:ticket", "1 2"),
        ("tags:\"premium vip\"", "1"),
        ("-tags:premium type:ticket", "2 3 1234"),
        ("tags:none type:ticket", "3 1234"),
        ("tags:vip status:solved", "2"),
        ("via:mail", "1"),
        ("via:email", "1"),
        ("via:api", "2 1234"),
        ("via:whatsbot", "3"),
        ("via:\"any channel\"", "3"),
        ("via:closed_ticket", "1234"),
        ("external_id:erp-7", "2"),
        ("external_id:C-77", "p11"),
        ("external_id:none type:ticket", "1 3 1234"),
        ("recipient:support@desk.example", "1"),
        ("language:en", "1"),
        ("language:en-gb", "1"),
        ("custom_field_plan:gold", "1"),
        ("custom_field_plan:\"gold plan\"", "1"),
        ("custom_field_plan:\"plan silver\"", ""),
        ("custom_field_plan:*", "1"),
        ("-custom_field_plan:*", "2 3 1234"),
        ("custom_field_other:gold", ""),
        ("fieldvalue:gold", "1"),
        ("id:2", "2"),
        ("ticket_id:9", ""),
        ("id:9", "o9"),
    ]);
}

#[test]
fn people_and_organizations_by_their_own_properties() {
    check(&[
        ("type:user", "p11 p12 p21"),
        ("type:user type:organization", "p11 p12 p21 o9"),
        ("-type:ticket lamp", "o9"),
        ("user:jan", "p11"),
        ("type:user jan", "p11"),
        ("name:jane", "p11"),
        ("name:jan", ""),
        ("name:jan*", "p11"),
        ("email:bob@stone.example", "p12"),
        ("email:\"Bob@Stone.Example\"", "p12"),
        ("email:@acme.example", "p11"),
        ("email:acme.example", "p11"),
        ("email:bob", "p12"),
        ("email:none", "p21"),
        ("jane.mueller@acme", "1 2 1234 p11"),
        ("phone:+49-30-123456", "p11"),
        ("phone:030123456", "p11"),
        ("phone:none", "p12 p21"),
        ("+49 30 123456 type:user", "p11"),
        ("030 123456", "1 p11"),
        ("role:agent", "p21"),
        ("role:end-user", "p11 p12"),
        ("is_verified:true", "p12"),
        ("is_suspended:false", "p11 p12 p21"),
        ("is_suspended:true", ""),
        ("notes:quickly", "p11"),
        ("details:\"madison, wi\"", "p12"),
        ("tier:gold", "o9"),
        ("domain:acme.example", "o9"),
        ("acme.example type:organization", "o9"),
        ("role:agent status:open", ""),
    ]);
}

#[test]
fn what_docket_does_not_have_finds_nothing() {
    check(&[
        ("satisfaction:good type:ticket", ""),
        ("form:\"Change Request\"", ""),
        ("brand:12", ""),
        ("-brand:12 status:open", "1"),
        ("brand:none status:open", "1"),
        ("brand:none satisfaction:good", ""),
        ("brand:none brand:12 status:open", "1"),
        ("type:group", ""),
        ("type:article lamp", ""),
    ]);
}

#[test]
fn a_kind_beside_the_query_narrows_it() {
    let asked = |query: Query| {
        let asking = Asking {
            now: Timestamp::UNIX_EPOCH,
            zone: &TimeZone::UTC,
            me: None,
            names: &Names::default(),
        };
        let index = index();
        let found = index.found(&query.ask(&Seen::everything(), &asking).question(0, 9).matcher);
        found
            .into_iter()
            .map(|at| index.documents[at].number)
            .collect::<Vec<_>>()
    };
    let read = |text| Query::read(text).unwrap();
    assert_eq!(asked(read("lamp").and_of_kind(Kind::Organization)), [9]);
    assert_eq!(
        asked(read("type:ticket lamp").and_of_kind(Kind::Organization)),
        Vec::<u64>::new()
    );
    assert_eq!(asked(Query::names_beginning(Kind::Person, "mu")), [11]);
    assert_eq!(asked(Query::names_beginning(Kind::Person, "bob st")), [12]);
    assert_eq!(asked(Query::names_beginning(Kind::Organization, "acme.ex")), [9]);
    assert_eq!(asked(Query::by_external_id(Kind::Person, "c-77")), [11]);
    let plan = |kind, value| asked(Query::by_own_field(kind, "plan", value));
    assert_eq!(plan(Kind::Ticket, "gold plan"), [1]);
    assert_eq!(plan(Kind::Ticket, "gold"), Vec::<u64>::new(), "as a whole");
    assert_eq!(plan(Kind::Person, "gold plan"), Vec::<u64>::new());
}
