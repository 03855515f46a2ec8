use super::*;

fn notice(subject: &str) -> Option<(MonitorState, String)> {
    monitor_notice(subject, None, &[], true).map(|notice| (notice.state, notice.incident))
}

/// Notices of one incident, in the order in which they come: each with its state, all about the same.
#[track_caller]
fn one_incident(subjects: &[(MonitorState, &str)]) {
    let incidents: Vec<String> = subjects
        .iter()
        .map(|(state, subject)| {
            let (found, incident) = notice(subject).unwrap_or_else(|| panic!("{subject} tells nothing"));
            assert_eq!(found, *state, "{subject}");
            incident
        })
        .collect();
    assert!(
        incidents.windows(2).all(|pair| pair[0] == pair[1]),
        "{incidents:?}"
    );
}

use MonitorState::{Problem, Recovery, Update};

#[test]
fn nagios_and_icinga_name_the_kind_of_a_notice_and_the_state() {
    one_incident(&[
        (Problem, "** PROBLEM Service Alert: shop1/HTTP is WARNING **"),
        (Problem, "** PROBLEM Service Alert: shop1/HTTP is CRITICAL **"),
        (
            Update,
            "** ACKNOWLEDGEMENT Service Alert: shop1/HTTP is CRITICAL **",
        ),
        (Recovery, "** RECOVERY Service Alert: shop1/HTTP is OK **"),
    ]);
    one_incident(&[
        (Problem, "** PROBLEM Host Alert: shop1 is DOWN **"),
        (Recovery, "** RECOVERY Host Alert: shop1 is UP **"),
    ]);
    one_incident(&[
        (Problem, "[PROBLEM] disk / on db2 is CRITICAL!"),
        (Recovery, "[RECOVERY] disk / on db2 is OK!"),
    ]);
    one_incident(&[
        (Problem, "PROBLEM - db2 - ping is CRITICAL"),
        (Recovery, "RECOVERY - db2 - ping is OK"),
    ]);
}

#[test]
fn checkmk_names_both_states() {
    one_incident(&[
        (Problem, "Check_MK: db2/CPU load OK -> CRIT"),
        (Problem, "Check_MK: db2/CPU load CRIT -> WARN"),
        (Recovery, "Check_MK: db2/CPU load WARN -> OK"),
    ]);
    one_incident(&[
        (Problem, "Check_MK: db2 UP->DOWN"),
        (Recovery, "Check_MK: db2 DOWN->UP"),
    ]);
}

#[test]
fn zabbix_says_how_long_it_took() {
    one_incident(&[
        (Problem, "Problem: Load is too high on db2"),
        (Problem, "Updated problem in 5m 3s: Load is too high on db2"),
        (Recovery, "Resolved in 1h 20m 4s: Load is too high on db2"),
        (Recovery, "Resolved: Load is too high on db2"),
    ]);
    // A state within the name is there both times.
    one_incident(&[
        (Problem, "PROBLEM: Service nginx is down"),
        (Recovery, "OK: Service nginx is down"),
    ]);
}

#[test]
fn alertmanager_counts_what_fires() {
    one_incident(&[
        (Problem, "[FIRING:1] HighLoad db (db2 node critical)"),
        (Problem, "[FIRING:3] HighLoad db (node)"),
        (Recovery, "[RESOLVED] HighLoad db (db2 node critical)"),
    ]);
    one_incident(&[
        (Problem, "[FIRING:1]  (db2 node)"),
        (Recovery, "[RESOLVED]  (db2 node)"),
    ]);
    one_incident(&[
        (Problem, "[Alerting] Queue length"),
        (Recovery, "[OK] Queue length"),
    ]);
}

#[test]
fn services_that_watch_addresses_say_down_and_up() {
    one_incident(&[
        (Problem, "Monitor is DOWN: shop.example.com"),
        (Recovery, "Monitor is UP: shop.example.com"),
    ]);
    one_incident(&[
        (Problem, "[shop] [\u{1f534} Down] connect ECONNREFUSED"),
        (Problem, "[shop] [\u{1f534} Down] connect ECONNREFUSED"),
    ]);
    one_incident(&[
        (Problem, "ALARM: \"queue is long\" in EU (Ireland)"),
        (Update, "INSUFFICIENT_DATA: \"queue is long\" in EU (Ireland)"),
        (Recovery, "OK: \"queue is long\" in EU (Ireland)"),
    ]);
    one_incident(&[
        (Problem, "DOWN alert: shop (shop.example.com) is DOWN"),
        (Recovery, "UP alert: shop (shop.example.com) is UP"),
    ]);
}

#[test]
fn times_tell_no_incident_from_another() {
    one_incident(&[
        (Problem, "CRITICAL: db2 backup 2026-11-30 10:15"),
        (Problem, "CRITICAL: db2 backup 01.12.2026 10:15:07"),
        (Recovery, "OK: db2 backup 2026-12-01T11:00:00Z"),
    ]);
    // An address is no date, and a port no time.
    assert_ne!(notice("DOWN: 10.0.0.1"), notice("DOWN: 10.0.0.2"));
    assert_ne!(notice("DOWN: db2:5432"), notice("DOWN: db2:5433"));
}

#[test]
fn another_host_or_service_is_another_incident() {
    let incident = |subject| notice(subject).unwrap().1;
    assert_ne!(
        incident("** PROBLEM Service Alert: shop1/HTTP is CRITICAL **"),
        incident("** RECOVERY Service Alert: shop2/HTTP is OK **")
    );
    assert_ne!(
        incident("** PROBLEM Service Alert: shop1/HTTP is CRITICAL **"),
        incident("** PROBLEM Service Alert: shop1/SSH is CRITICAL **")
    );
    assert_ne!(
        incident("** PROBLEM Host Alert: shop1 is DOWN **"),
        incident("** PROBLEM Service Alert: shop1/HTTP is CRITICAL **")
    );
}

#[test]
fn what_tells_no_state_or_nothing_else_is_a_mail_like_any_other() {
    for subject in [
        "",
        "The printer burns",
        "Where is my order?",
        "A problem with my order 17",
        "It went down yesterday, please help",
        "PROBLEM",
        "** PROBLEM Service Alert: is CRITICAL **",
        "[OK]",
        "Re: ** PROBLEM Service Alert: shop1/HTTP is CRITICAL **",
        "Fwd: [FIRING:1] HighLoad db",
        "AW: Problem: Load is too high",
    ] {
        assert_eq!(notice(subject), None, "{subject}");
    }
}

#[test]
fn a_person_may_write_the_same_words() {
    let mailbox = |name: Option<&str>, address: &str| Mailbox {
        name: name.map(str::to_owned),
        address: address.to_owned(),
    };
    let is_by_monitor = |subject: &str, from: Mailbox, field: Option<&str>| {
        let fields: Vec<(String, String)> = field
            .map(|name| (name.to_owned(), "x".to_owned()))
            .into_iter()
            .collect();
        monitor_notice(subject, Some(&from), &fields, false)
            .unwrap()
            .is_by_monitor
    };
    let ann = || mailbox(Some("Ann"), "ann@example.com");
    assert!(!is_by_monitor("Problem: my printer", ann(), None));
    assert!(is_by_monitor(
        "Problem: my printer",
        ann(),
        Some("X-Zabbix-Event")
    ));
    assert!(is_by_monitor(
        "Problem: my printer",
        mailbox(None, "zabbix@example.com"),
        None
    ));
    assert!(is_by_monitor(
        "Problem: my printer",
        mailbox(Some("Uptime Kuma"), "x@example.com"),
        None
    ));
    assert!(is_by_monitor(
        "Problem: my printer",
        mailbox(None, "alerts@example.com"),
        None
    ));
    // Part of a longer word names no program, and who works at a monitor's maker is a person.
    for (name, address) in [
        ("Monita Rossi", "monita@example.com"),
        ("Anna", "anna@monitoring-gmbh.example"),
        ("Jo", "jo@consensus.example"),
        ("Jo", "jo@internetdata.example"),
        ("Kim", "kim@datadog.example"),
    ] {
        let from = mailbox(Some(name), address);
        assert!(!is_by_monitor("Problem: my printer", from, None), "{address}");
    }
    assert!(is_by_monitor(
        "Problem: my printer",
        mailbox(None, "check_mk2@example.com"),
        None
    ));
    assert!(is_by_monitor("[FIRING:1] my printer", ann(), None));
    assert!(is_by_monitor("printer/toner OK -> CRIT", ann(), None));
    assert!(is_by_monitor("** PROBLEM printer is DOWN **", ann(), None));
}

#[test]
fn not_every_machine_is_a_monitor() {
    let is_by_monitor = |address: &str, is_automatic| {
        let from = Mailbox {
            name: None,
            address: address.to_owned(),
        };
        monitor_notice("Payment failed", Some(&from), &[], is_automatic)
            .is_some_and(|notice| notice.is_by_monitor)
    };
    assert!(!is_by_monitor("noreply@shop.example", true));
    // A service that watches names itself by its domain.
    assert!(is_by_monitor("noreply@uptimerobot.com", true));
    assert!(!is_by_monitor("noreply@uptimerobot.com", false));
}
