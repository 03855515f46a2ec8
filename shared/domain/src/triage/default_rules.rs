//! The rules that hold by default: a hand-off is high, a word of urgency urgent, and what a contact states stands.

use super::{Decision, Facts, Findings, TriageOutcome, Tried};
use crate::ticket::{Channel, Priority};

/// Name and version of the rule set, kept with each decision.
pub const RULE_SET: &str = "default/1";

/// Most of a text that rules look at, in bytes.
const READ_BYTES: usize = 16 * 1024;

const URGENT_WORDS: [&str; 8] = [
    "urgent",
    "emergency",
    "outage",
    "asap",
    "dringend",
    "notfall",
    "urgente",
    "en panne",
];

/// Lets the rules have their say. The same facts always give the same decision.
pub fn decide(facts: &Facts<'_>) -> (TriageOutcome, Decision) {
    let mut marks = Marks {
        priority: Priority::Normal,
        rule: "default",
        why: "no rule says otherwise",
        tags: vec![],
    };
    let mut tried = Vec::new();
    let brought = facts.ticket.priority;
    let handed_off = facts.handed_off;
    let word = urgent_word(&facts.ticket.subject).or_else(|| urgent_word(readable(facts.text)));

    let mut try_rule = |rule: &'static str, matched: bool, saw: String, apply: &mut dyn FnMut(&mut Marks)| {
        let mut set = Vec::new();
        if matched {
            let (priority, tags) = (marks.priority, marks.tags.len());
            apply(&mut marks);
            if marks.priority != priority {
                set.push(format!("priority {}", marks.priority));
                marks.rule = rule;
            }
            set.extend(marks.tags[tags..].iter().map(|tag| format!("tag {tag}")));
        }
        tried.push(Tried {
            rule: rule.to_owned(),
            id: None,
            matched,
            saw,
            set,
        });
    };
    try_rule(
        "hand-off",
        handed_off,
        format!("handed over by a bot: {handed_off}"),
        &mut |marks| {
            marks.priority = Priority::High;
            marks.why = "a bot handed a waiting person over";
            marks.tags.push("hand-off".to_owned());
        },
    );
    try_rule(
        "urgent words",
        word.is_some(),
        format!("word: {}", word.unwrap_or("none")),
        &mut |marks| {
            marks.priority = Priority::Urgent;
            marks.why = "the contact uses a word of urgency";
        },
    );
    let saw = format!("brought: {}", brought.map_or("none", Priority::as_str));
    try_rule("brought along", brought.is_some(), saw, &mut |marks| {
        marks.priority = brought.unwrap_or(marks.priority);
        marks.rule = "brought along";
        marks.why = "the contact states its priority";
    });

    let (group, by_whom) = match (facts.ticket.group, facts.mailbox_group) {
        (Some(group), _) => (group, "group as it was given"),
        (None, Some(group)) => (group, "group of its mailbox"),
        (None, None) => (facts.default_group, "group by default"),
    };
    tried.push(Tried {
        rule: "mailbox's group".to_owned(),
        id: None,
        matched: by_whom == "group of its mailbox",
        saw: mailbox_seen(facts),
        set: if by_whom == "group of its mailbox" {
            vec![format!("group {group}")]
        } else {
            vec![]
        },
    });
    let reason = format!("priority {} because {}; {by_whom}", marks.priority, marks.why);
    let decision = Decision {
        rule_set: RULE_SET.to_owned(),
        history: facts.history.clone(),
        tried,
        priority: marks.priority,
        group,
        found: Findings::default(),
        sla_policy: None,
        reason: reason.clone(),
    };
    let outcome = TriageOutcome {
        priority: marks.priority,
        group,
        ticket_type: None,
        tags_added: marks.tags,
        found: Findings::default(),
        skills: vec![],
        rule: marks.rule.to_owned(),
        reason,
        rules: vec![],
        also: vec![],
    };
    (outcome, decision)
}

fn mailbox_seen(facts: &Facts<'_>) -> String {
    let Channel::Mail { mailbox } = &facts.ticket.channel else {
        return "not a mail".to_owned();
    };
    match facts.mailbox_group {
        Some(group) => format!("mailbox: {mailbox}, of group {group}"),
        None => format!("mailbox: {mailbox}, of no group"),
    }
}

struct Marks {
    priority: Priority,
    rule: &'static str,
    why: &'static str,
    tags: Vec<String>,
}

fn readable(text: &str) -> &str {
    let mut end = text.len().min(READ_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The first word of urgency that stands in the text as a word of its own.
fn urgent_word(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    URGENT_WORDS.into_iter().find(|word| {
        text.match_indices(word).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + word.len()..].chars().next();
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GroupId;
    use crate::TicketNumber;
    use crate::ticket::Ticket;
    use crate::triage::History;

    fn triaged(
        subject: &str,
        text: &str,
        priority: Option<Priority>,
        handed_off: bool,
    ) -> (TriageOutcome, Decision) {
        let mut ticket = Ticket::blank(TicketNumber(1));
        ticket.subject = subject.to_owned();
        ticket.priority = priority;
        let history = History::default();
        decide(&Facts {
            ticket: &ticket,
            text,
            handed_off,
            history: &history,
            mailbox_group: None,
            default_group: GroupId(1),
        })
    }

    #[test]
    fn a_ticket_goes_to_the_group_of_its_mailbox_unless_it_has_one() {
        let history = History::default();
        let group_of = |given, of_mailbox| {
            let mut ticket = Ticket::blank(TicketNumber(1));
            ticket.group = given;
            let (outcome, decision) = decide(&Facts {
                ticket: &ticket,
                text: "",
                handed_off: false,
                history: &history,
                mailbox_group: of_mailbox,
                default_group: GroupId(1),
            });
            (outcome.group, decision.tried.last().unwrap().matched)
        };
        assert_eq!(group_of(None, Some(GroupId(2))), (GroupId(2), true));
        assert_eq!(group_of(Some(GroupId(3)), Some(GroupId(2))), (GroupId(3), false));
        assert_eq!(group_of(None, None), (GroupId(1), false));
    }

    #[test]
    fn a_plain_contact_is_normal_and_says_why() {
        let (outcome, decision) = triaged("Question", "How do I print?", None, false);
        assert_eq!(
            (outcome.priority, outcome.rule.as_str()),
            (Priority::Normal, "default")
        );
        assert_eq!(
            outcome.reason,
            "priority normal because no rule says otherwise; group by default"
        );
        assert_eq!(decision.tried.len(), 4);
    }

    #[test]
    fn a_word_of_urgency_counts_only_as_a_word() {
        assert_eq!(
            triaged("URGENT: printer", "", None, false).0.priority,
            Priority::Urgent
        );
        assert_eq!(
            triaged("insurgents", "", None, false).0.priority,
            Priority::Normal
        );
        assert_eq!(
            triaged("Hilfe", "Es ist dringend!", None, false).0.priority,
            Priority::Urgent
        );
    }

    #[test]
    fn the_priority_a_contact_states_is_kept() {
        let (outcome, _) = triaged("urgent", "", Some(Priority::Low), true);
        assert_eq!(
            (outcome.priority, outcome.rule.as_str()),
            (Priority::Low, "brought along")
        );
    }

    #[test]
    fn a_hand_off_is_high_and_tagged() {
        let (outcome, _) = triaged("Chat", "", None, true);
        assert_eq!(
            (outcome.priority, outcome.tags_added),
            (Priority::High, vec!["hand-off".to_owned()])
        );
    }
}
