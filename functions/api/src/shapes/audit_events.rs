//! What stands in an audit: one list of events, each with an id of its own.

use super::{child_id, time, via::via};
use docket_domain::{
    TicketNumber, Timestamp,
    outbox::{MailPurpose, Work},
    sla::Metric,
    ticket::{Fact, Ticket, fact},
};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Ids of events that are no comments begin here, so that they never meet a comment's; below 2^53, so that every
/// program can hold them.
const EVENT_IDS_FROM: u64 = 1_000_000_000_000_000;
/// Most events of one version that have ids of their own.
const EVENTS_OF_A_VERSION: u64 = 100;

/// The id of the `n`-th event of a version of a ticket.
pub(super) fn event_id(number: TicketNumber, v: u64, n: u64) -> u64 {
    child_id(number, v)
        .saturating_mul(EVENTS_OF_A_VERSION)
        .saturating_add(EVENT_IDS_FROM + n)
}

/// Events in the making.
#[derive(Default)]
pub(super) struct EventList {
    events: Vec<Value>,
    next_id: u64,
}

impl EventList {
    /// From here on, the events of this version.
    pub fn at(&mut self, number: TicketNumber, v: u64) {
        self.next_id = event_id(number, v, 0);
    }

    /// The events.
    pub fn into_events(self) -> Vec<Value> {
        self.events
    }

    fn push(&mut self, mut event: Value) {
        event["id"] = json!(self.next_id);
        self.next_id += 1;
        self.events.push(event);
    }

    /// A comment, under its own id.
    pub fn push_comment(&mut self, content: Map<String, Value>) {
        self.events.push(Value::Object(content));
    }

    /// A `Create` for each field of a new ticket, a `Change` for each that an event moved. Fields that the operator defined are
    /// named by their numbers.
    pub fn changes(&mut self, before: &Ticket, after: &Ticket, fact: &Fact) {
        let is_new = before.v == 0;
        let (had, has) = (before.field_values(), after.field_values());
        let numbers: BTreeSet<&u64> = had.keys().chain(has.keys()).collect();
        let own = numbers
            .into_iter()
            .map(|id| (id.to_string(), json!(had.get(id)), json!(has.get(id))));
        let fixed = fields(before).into_iter().zip(fields(after));
        let fixed = fixed.map(|((name, was), (_, is))| (name.to_owned(), was, is));
        for (name, was, is) in fixed.chain(own) {
            if is_new && !is_empty(&is) {
                self.push(json!({ "type": "Create", "field_name": name, "value": is }));
            } else if !is_new && was != is {
                let mut change =
                    json!({ "type": "Change", "field_name": name, "value": is, "previous_value": was });
                if let Some(reason) = reason(fact) {
                    change["reason"] = json!(reason);
                }
                self.push(change);
            }
        }
    }

    /// What has no counterpart in the shapes that clients know.
    pub fn own(&mut self, number: TicketNumber, fact: &Fact) {
        let event = match fact {
            Fact::TicketCreated(fact::TicketCreated {
                unacknowledged: Some(reason),
                ..
            }) => {
                json!({ "type": "DocketAcknowledgementWithheld", "reason": reason })
            }
            Fact::Triaged(fact::Triaged { rule, reason, .. }) => {
                json!({ "type": "DocketTriage", "rule": rule, "reason": reason })
            }
            Fact::Assigned { assignee, reason, .. } => {
                json!({ "type": "DocketAssignment", "assignee_id": assignee, "reason": reason })
            }
            Fact::AssignmentDeferred { reason, retry_at, .. } => {
                json!({ "type": "DocketAssignmentDeferred", "reason": reason, "retry_at": time(*retry_at) })
            }
            Fact::SkillsRequired { from, to, .. } => {
                json!({ "type": "DocketSkillsRequired", "from": from, "to": to })
            }
            Fact::HandedBack { from, reason, .. } => {
                json!({ "type": "DocketHandedBack", "from_agent_id": from, "reason": reason })
            }
            Fact::Escalated { from, to, reason, .. } => {
                json!({ "type": "DocketEscalated", "from_group_id": from, "to_group_id": to, "reason": reason })
            }
            Fact::SlaWarned { metric, due_at, .. } => promise("warned", *metric, Some(*due_at)),
            Fact::SlaBreached { metric, due_at, .. } => promise("breached", *metric, Some(*due_at)),
            Fact::SlaFulfilled { metric, due_at, .. } => promise("fulfilled", *metric, *due_at),
            Fact::SlaPolicyApplied {
                policy, to, reason, ..
            } => {
                json!({ "type": "DocketSlaPolicy", "policy": policy, "in_force": to, "reason": reason })
            }
            Fact::SlaEscalated {
                firing,
                actions,
                notified,
            } => {
                let mut event = promise("escalated", firing.metric, Some(firing.due_at));
                event["actions"] = json!(actions);
                event["notified"] = json!(notified);
                event
            }
            Fact::SlaBreachVoided {
                metric,
                due_at,
                reason,
                ..
            } => {
                let mut event = promise("voided", *metric, Some(*due_at));
                event["reason"] = json!(reason);
                event
            }
            Fact::SlaPolicySet { policy } => json!({ "type": "DocketSlaPolicySet", "policy_id": policy }),
            Fact::RuleRan(fact::RuleRan {
                rule,
                kind,
                name,
                reason,
                read,
                left_undone,
                due_at,
                ..
            }) => json!({
                "type": "DocketRule",
                "rule_id": rule,
                "kind": kind,
                "name": name,
                "reason": reason,
                "read": read.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect::<Vec<_>>(),
                "left_undone": left_undone,
                "due_at": due_at.map(time),
            }),
            Fact::RuleStopped(fact::RuleStopped {
                rule,
                kind,
                name,
                reason,
                due_at,
            }) => json!({
                "type": "DocketRuleStopped",
                "rule_id": rule,
                "kind": kind,
                "name": name,
                "reason": reason,
                "due_at": due_at.map(time),
            }),
            Fact::Snoozed { until } => json!({ "type": "DocketSnoozed", "until": time(*until) }),
            Fact::SnoozeEnded { reason } => json!({ "type": "DocketSnoozeEnded", "reason": reason }),
            Fact::CustomerReminded { nth, due_at } => {
                json!({ "type": "DocketReminder", "nth": nth, "due_at": time(*due_at) })
            }
            Fact::SolutionConfirmed {} => json!({ "type": "DocketSolutionConfirmed" }),
            Fact::SatisfactionRated {
                score,
                reason,
                comment,
            } => {
                json!({ "type": "SatisfactionRating", "score": score, "reason_code": reason, "body": comment })
            }
            Fact::Skipped { agent, reason } => {
                json!({ "type": "DocketSkipped", "agent_id": agent, "reason": reason })
            }
            Fact::DeliveryReported {
                outbox,
                outcome,
                detail,
                is_answered,
            } => {
                json!({
                    "type": "DocketDelivery",
                    "of_version": outbox.v,
                    "outcome": outcome,
                    "detail": detail,
                    "is_answered": is_answered,
                })
            }
            Fact::Deleted { for_good_at } => {
                json!({ "type": "DocketDeleted", "for_good_at": time(*for_good_at) })
            }
            Fact::Restored {} => json!({ "type": "DocketRestored" }),
            Fact::CommentRedacted {
                comment,
                places,
                files,
                whole,
                ..
            } => json!({
                "type": "CommentRedactionEvent",
                "comment_id": child_id(number, *comment),
                "places": places,
                "files": files,
                "whole": whole,
            }),
            Fact::CommentMadePrivate { comment, .. } => json!({
                "type": "CommentPrivacyChange",
                "comment_id": child_id(number, *comment),
                "public": false,
            }),
            Fact::RequesterMerged { from, to, .. } => json!({
                "type": "Change",
                "field_name": "requester_id",
                "value": to.to_string(),
                "previous_value": from.to_string(),
            }),
            Fact::PersonForgotten { person } => json!({ "type": "DocketPersonForgotten", "user_id": person }),
            Fact::Merged(merged) => json!({ "type": "DocketMerged", "into_ticket_id": merged.into }),
            Fact::MergedIn(merged) => json!({ "type": "DocketMergedIn", "source_ticket_id": merged.source }),
            Fact::MergeUndone(undone) => {
                json!({ "type": "DocketMergeUndone", "from_ticket_id": undone.from })
            }
            Fact::MergedInUndone(undone) => {
                json!({ "type": "DocketMergedInUndone", "source_ticket_id": undone.source })
            }
            Fact::SplitOff(split) => json!({
                "type": "DocketSplitOff",
                "to_ticket_id": split.to,
                "comment_ids": comment_ids(number, &split.comments),
            }),
            Fact::SplitFrom(split) => json!({
                "type": "DocketSplitFrom",
                "from_ticket_id": split.ticket,
                "comment_ids": comment_ids(split.ticket, &split.comments),
            }),
            Fact::IncidentsQueued(queued) => json!({
                "type": "DocketIncidentsQueued",
                "comment_id": queued.comment.map(|v| child_id(number, v)),
            }),
            Fact::IncidentsSolved(solved) => json!({ "type": "DocketIncidentsSolved", "left": solved.left }),
            Fact::Imported(imported) => {
                json!({ "type": "DocketImported", "updated_at": time(imported.updated_at) })
            }
            Fact::Erased { count, again_at } => {
                json!({ "type": "DocketErased", "count": count, "again_at": again_at.map(time) })
            }
            _ => return,
        };
        self.push(event);
    }

    /// A mail or a call that followed. A callback's address stays inside: it may hold a secret.
    pub fn outgoing(&mut self, work: &Work, ticket: &Ticket) {
        let event = match work {
            Work::Mail { purpose, .. } => json!({
                "type": "Notification",
                "recipients": work.recipients(),
                "subject": ticket.subject,
                "body": "",
                "purpose": purpose_word(purpose),
                "via": via("rule", json!({ "title": addressees(purpose), "deleted": false }), json!({}), Some("trigger")),
            }),
            Work::Call { channel, .. } => {
                json!({ "type": "DocketCallback", "channel": channel, "what": "message.created" })
            }
            Work::StatusCall { channel, .. } => {
                json!({ "type": "DocketCallback", "channel": channel, "what": "ticket.updated" })
            }
            Work::RuleCall { rule, name, .. } => {
                json!({ "type": "DocketWebhook", "what": "rule.ran", "rule_id": rule, "name": name })
            }
            Work::Webhook { .. } => json!({ "type": "DocketWebhook", "what": "sla.escalated" }),
        };
        self.push(event);
    }
}

fn comment_ids(number: TicketNumber, comments: &[u64]) -> Vec<u64> {
    comments.iter().map(|v| child_id(number, *v)).collect()
}

fn purpose_word(purpose: &MailPurpose) -> &'static str {
    match purpose {
        MailPurpose::Reply { .. } => "reply",
        MailPurpose::Acknowledgement => "acknowledgement",
        MailPurpose::Reminder => "reminder",
        MailPurpose::Solved => "solved",
        MailPurpose::Escalation => "escalation",
        MailPurpose::RuleReply { .. } => "rule_reply",
        MailPurpose::RuleNotice => "rule_notice",
        MailPurpose::FollowerNotice { .. } => "follower_notice",
        MailPurpose::Notification { .. } => "notification",
        MailPurpose::Forward { .. } => "forward",
    }
}

fn addressees(purpose: &MailPurpose) -> &'static str {
    match purpose {
        MailPurpose::Escalation
        | MailPurpose::RuleNotice
        | MailPurpose::FollowerNotice { .. }
        | MailPurpose::Notification { .. } => "mail to agents",
        MailPurpose::Forward { .. } => "mail to somebody else",
        _ => "mail to the requester",
    }
}

fn promise(what: &str, metric: Metric, due_at: Option<Timestamp>) -> Value {
    json!({ "type": "DocketSla", "metric": metric, "what": what, "due_at": due_at.map(time) })
}

fn reason(fact: &Fact) -> Option<&str> {
    match fact {
        Fact::Triaged(fact::Triaged { reason, .. })
        | Fact::Assigned { reason, .. }
        | Fact::HandedBack { reason, .. }
        | Fact::Escalated { reason, .. }
        | Fact::StatusChanged { reason, .. } => Some(reason),
        _ => None,
    }
}

/// The fields whose changes are told, ids as text as clients expect them here.
fn fields(ticket: &Ticket) -> [(&'static str, Value); 16] {
    let id = |id: Option<u64>| id.map_or(Value::Null, |id| Value::String(id.to_string()));
    [
        ("subject", json!(ticket.subject)),
        ("requester_id", id(Some(ticket.requester.0))),
        ("status", json!(ticket.status)),
        ("priority", json!(ticket.priority)),
        ("type", json!(ticket.ticket_type)),
        ("group_id", id(ticket.group.map(|group| group.0))),
        ("assignee_id", id(ticket.assignee.map(|agent| agent.0))),
        ("tags", json!(ticket.tags)),
        ("email_cc_ids", json!(ticket.ccs)),
        ("external_id", json!(ticket.external_id)),
        ("problem_id", id(ticket.problem.map(|problem| problem.0))),
        ("follower_ids", json!(ticket.followers)),
        ("fields", json!(ticket.named_fields())),
        ("ticket_form_id", id(ticket.form)),
        ("custom_status_id", id(ticket.custom_status)),
        ("due_at", json!(ticket.due_at.map(time))),
    ]
}

fn is_empty(value: &Value) -> bool {
    value.is_null()
        || value.as_array().is_some_and(Vec::is_empty)
        || value.as_object().is_some_and(Map::is_empty)
}
