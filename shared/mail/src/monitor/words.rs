//! The words in which monitors tell how something stands, and by which they are known. In lower case.
//!
//! Nagios, Icinga and Naemon name the kind of a notification (`$NOTIFICATIONTYPE$`) and the state of host or service
//! (`$HOSTSTATE$`, `$SERVICESTATE$`); Checkmk names both states with an arrow between; Zabbix has problems and resolves
//! them; Alertmanager and Grafana fire and resolve; CloudWatch has alarms; services that watch addresses say down and up.

use super::MonitorState;

/// States, by their word.
pub(super) const STATES: &[(&str, MonitorState)] = &[
    ("problem", MonitorState::Problem),
    ("critical", MonitorState::Problem),
    ("crit", MonitorState::Problem),
    ("warning", MonitorState::Problem),
    ("warn", MonitorState::Problem),
    ("unknown", MonitorState::Problem),
    ("down", MonitorState::Problem),
    ("unreachable", MonitorState::Problem),
    ("firing", MonitorState::Problem),
    ("alerting", MonitorState::Problem),
    ("alarm", MonitorState::Problem),
    ("triggered", MonitorState::Problem),
    ("failed", MonitorState::Problem),
    ("error", MonitorState::Problem),
    ("disaster", MonitorState::Problem),
    ("offline", MonitorState::Problem),
    ("unavailable", MonitorState::Problem),
    ("recovery", MonitorState::Recovery),
    ("recovered", MonitorState::Recovery),
    ("ok", MonitorState::Recovery),
    ("up", MonitorState::Recovery),
    ("resolved", MonitorState::Recovery),
    ("cleared", MonitorState::Recovery),
    ("normal", MonitorState::Recovery),
    ("online", MonitorState::Recovery),
    ("restored", MonitorState::Recovery),
    ("acknowledgement", MonitorState::Update),
    ("acknowledged", MonitorState::Update),
    ("flappingstart", MonitorState::Update),
    ("flappingstop", MonitorState::Update),
    ("flappingdisabled", MonitorState::Update),
    ("downtimestart", MonitorState::Update),
    ("downtimeend", MonitorState::Update),
    ("downtimecancelled", MonitorState::Update),
    ("insufficient_data", MonitorState::Update),
];

/// Words that may stand before the state without changing it: "Updated problem in 5m".
pub(super) const BEFORE_A_STATE: &[&str] = &["updated", "new", "still", "again", "reminder"];

/// Words that tell no incident from another.
pub(super) const SAY_NOTHING: &[&str] = &[
    "a", "alert", "alerts", "at", "for", "has", "host", "in", "is", "monitor", "of", "on", "service", "the",
];

/// Programs and services that watch others, as their senders, names and header fields have them.
pub(super) const PROGRAMS: &[&str] = &[
    "alertmanager",
    "betterstack",
    "centreon",
    "checkmk",
    "cloudwatch",
    "datadog",
    "grafana",
    "healthchecks",
    "icinga",
    "monit",
    "nagios",
    "naemon",
    "netdata",
    "opennms",
    "pingdom",
    "prometheus",
    "prtg",
    "sensu",
    "statuscake",
    "uptimekuma",
    "uptimerobot",
    "zabbix",
];

/// Local parts of addresses that people give to whatever watches for them.
pub(super) const WATCHING_LOCAL_PARTS: &[&str] = &[
    "alarm",
    "alarms",
    "alert",
    "alerts",
    "monitor",
    "monitoring",
    "noc",
    "watchdog",
];
