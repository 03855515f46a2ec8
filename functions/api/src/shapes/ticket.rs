//! A ticket.

use super::{
    time,
    via::{via, via_channel},
};
use crate::{
    comment_texts::FullComment,
    fields::values::{BRAND, due_at, of_ticket},
    kit::address::Address,
};
use docket_desk::TicketLinks;
use docket_domain::{
    OrganizationId,
    assignment::SkillNames,
    sla::Metric,
    ticket::{Channel, Ticket},
};
use serde_json::{Value, json};

/// What a ticket is shown with.
pub(crate) struct Around<'a> {
    /// Its first comment, whose text is its description.
    pub first: Option<&'a FullComment>,
    /// The organization of its requester.
    pub organization: Option<OrganizationId>,
    /// What the skills that it requires are called.
    pub skill_names: &'a SkillNames,
    /// What it has to do with others: incidents, follow-ups.
    pub links: TicketLinks,
}

/// The ticket.
///
/// `docket` holds what the shape has no place for: the version, what it waits for, what was promised and by which policy, what
/// rules set of it.
pub(crate) fn ticket(address: &Address, ticket: &Ticket, around: &Around<'_>) -> Value {
    let first = around.first;
    let recipient = match &ticket.channel {
        Channel::Mail { mailbox } => Some(mailbox),
        _ => None,
    };
    let book = address.book();
    let values = of_ticket(&book.rules.fields, ticket);
    let submitter = first.map_or(ticket.requester, |first| first.comment.author);
    json!({
        "id": ticket.number,
        "url": address.resource(&format!("/tickets/{}", ticket.number)),
        "external_id": ticket.external_id,
        "via": how_it_came(ticket),
        "created_at": time(ticket.created_at),
        "updated_at": time(ticket.updated_at),
        "generated_timestamp": ticket.changed_at().as_second(),
        "type": ticket.ticket_type,
        "subject": ticket.subject,
        "raw_subject": ticket.subject,
        "description": first.map_or("", |first| first.body.text.as_str()),
        "priority": ticket.priority,
        "status": ticket.status,
        "recipient": recipient,
        "requester_id": ticket.requester,
        "submitter_id": submitter,
        "assignee_id": ticket.assignee,
        "organization_id": around.organization,
        "group_id": ticket.group,
        "collaborator_ids": ticket.ccs,
        "follower_ids": ticket.followers,
        "email_cc_ids": ticket.ccs,
        "forum_topic_id": null,
        "problem_id": ticket.problem,
        "has_incidents": around.links.has_incidents,
        "is_public": ticket.last_public_v > 0,
        "due_at": due_at(ticket).map(time),
        "tags": ticket.tags,
        "custom_status_id": ticket.custom_status_id(),
        "custom_fields": values,
        "fields": values,
        "satisfaction_rating": crate::satisfaction::of_ticket(ticket),
        "sharing_agreement_ids": [],
        "followup_ids": around.links.follow_ups,
        "ticket_form_id": ticket.form,
        "brand_id": BRAND,
        "allow_channelback": false,
        "allow_attachments": true,
        "from_messaging_channel": false,
        "docket": extras(ticket, around.skill_names),
    })
}

/// By which channel, and after which other ticket.
pub(crate) fn how_it_came(ticket: &Ticket) -> Value {
    let mut came = via_channel(&ticket.channel);
    if let Some(followed) = ticket.follows {
        let channel = came["channel"].as_str().unwrap_or_default().to_owned();
        came = via(
            &channel,
            json!({ "ticket_id": followed }),
            json!({}),
            Some("follow_up"),
        );
    }
    came
}

fn extras(ticket: &Ticket, skill_names: &SkillNames) -> Value {
    let due = |metric| {
        let state = ticket.clocks.as_ref()?.newest(metric)?;
        state.due_at.filter(|_| !state.course.has_ended()).map(time)
    };
    let waiting = ticket.waiting.as_ref();
    // A skill that is there no more can't be had, and its number says nothing.
    let skills = ticket.skills.iter().filter_map(|need| {
        let name = skill_names.get(&need.skill)?;
        Some((name.clone(), json!(need.level)))
    });
    json!({
        "version": ticket.v,
        "reopens": ticket.reopens,
        "snoozed_until": ticket.snoozed_until.map(time),
        "solved_at": ticket.solved_at.map(time),
        "waiting_since": waiting.map(|waiting| time(waiting.since)),
        "waiting_reason": waiting.and_then(|waiting| waiting.reason.as_deref()),
        "first_reply_due_at": due(Metric::FirstReply),
        "resolution_due_at": due(Metric::Resolution),
        "language": ticket.language,
        "fields": ticket.named_fields(),
        "sla_policy_id": ticket.clocks.as_ref().map(|clocks| clocks.in_force.policy),
        "required_skills": skills.collect::<serde_json::Map<_, _>>(),
        "weight_units": ticket.weight,
        "merged_into_ticket_id": ticket.merged_into.map(|merged| merged.ticket),
        "merged_ticket_ids": ticket.merged,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::comment::tests::full_comment;
    use docket_domain::{PersonId, SkillId, TicketNumber, assignment::RequiredSkill, ticket::Priority};

    fn shown(change: impl FnOnce(&mut Ticket)) -> Value {
        let mut subject = Ticket::blank(TicketNumber(12));
        subject.requester = PersonId(5);
        change(&mut subject);
        ticket(
            &Address::for_test("/tickets/12", ""),
            &subject,
            &Around {
                first: Some(&full_comment(2, "Help", None)),
                organization: Some(OrganizationId(3)),
                skill_names: &[(SkillId(1), "French".to_owned())].into(),
                links: TicketLinks::default(),
            },
        )
    }

    #[test]
    fn the_first_comment_gives_description_and_submitter() {
        let ticket = shown(|_| {});
        assert_eq!(ticket["description"], "Help");
        assert_eq!(ticket["submitter_id"], 9);
        assert_eq!(ticket["requester_id"], 5);
    }

    #[test]
    fn what_rules_set_is_shown_by_its_names() {
        let need = |skill| RequiredSkill {
            skill: SkillId(skill),
            level: 2,
        };
        let ticket = shown(|ticket| {
            ticket.skills = vec![need(1), need(9)];
            ticket.language = Some("fr".into());
            ticket.fields.insert("category".into(), "refund".into());
        });
        let docket = &ticket["docket"];
        assert_eq!(docket["required_skills"], json!({ "French": 2 }));
        assert_eq!(
            (&docket["language"], &docket["fields"]),
            (&json!("fr"), &json!({ "category": "refund" }))
        );
        assert_eq!(ticket["organization_id"], 3);
    }

    #[test]
    fn words_that_are_not_chosen_yet_are_null() {
        assert_eq!(shown(|_| {})["priority"], Value::Null);
        assert_eq!(
            shown(|ticket| ticket.priority = Some(Priority::High))["priority"],
            "high"
        );
    }

    #[test]
    fn a_mail_ticket_names_the_mailbox_it_came_to() {
        let mailbox = "support@in.example.com".to_owned();
        let ticket = shown(|ticket| ticket.channel = Channel::Mail { mailbox });
        assert_eq!(ticket["recipient"], "support@in.example.com");
        assert_eq!(ticket["via"]["channel"], "email");
    }

    #[test]
    fn a_follow_up_names_the_ticket_it_follows() {
        let ticket = shown(|ticket| ticket.follows = Some(TicketNumber(3)));
        assert_eq!(ticket["via"]["source"]["rel"], "follow_up");
        assert_eq!(ticket["via"]["source"]["from"]["ticket_id"], 3);
    }
}
