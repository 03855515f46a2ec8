//! What a ticket's head tells by itself. Hits are checked by it, so nothing stands here that it might not know.

use super::{milliseconds, place_of_number};
use crate::{
    document::Columns,
    keyword::{self, Absent},
    text::{fold_exactly, words},
};
use docket_domain::{
    OrganizationId, Timestamp,
    ticket::{Channel, Priority, Score, Status, Ticket, TicketType},
};

/// A status by its rank.
pub(crate) fn status_rank(status: Status) -> i64 {
    rank(Status::ALL, status)
}

/// A priority by its rank, 1 to 4.
pub(crate) fn priority_rank(priority: Priority) -> i64 {
    rank(Priority::ALL, priority) + 1
}

/// A type by its rank.
fn type_rank(of: TicketType) -> i64 {
    rank(TicketType::ALL, of)
}

fn rank<T: PartialEq>(all: &[T], one: T) -> i64 {
    let place = all.iter().position(|other| *other == one);
    place
        .and_then(|place| i64::try_from(place).ok())
        .unwrap_or_default()
}

/// The head's numbers. The organization is its requester's.
pub(crate) fn head_columns(head: &Ticket, organization: Option<OrganizationId>) -> Columns {
    let number = |id: u64| i64::try_from(id).ok();
    Columns {
        created: Some(milliseconds(head.created_at)),
        updated: Some(milliseconds(head.updated_at)),
        solved: head.solved_at.map(milliseconds),
        due: due_at(head).map(milliseconds),
        status: Some(status_rank(head.status)),
        priority: Some(head.priority.map_or(0, priority_rank)),
        requester: number(head.requester.0),
        assignee: head.assignee.and_then(|assignee| number(assignee.0)),
        group: head.group.and_then(|group| number(group.0)),
        organization: organization.and_then(|organization| number(organization.0)),
        ticket_type: head.ticket_type.map(type_rank),
        requester_wrote: head.requester_wrote_at().map(milliseconds),
        task_due: task_due_at(head).map(milliseconds),
        form: head.form.and_then(number),
        language: head.language.as_deref().map(place_of_language),
        satisfaction: head.satisfaction.map(|given| satisfaction_rank(given.score)),
    }
}

/// What somebody thinks of how they were helped, by its rank.
pub(crate) fn satisfaction_rank(score: Score) -> i64 {
    i64::from(score == Score::Good)
}

/// The place of a language among all: tags are ASCII, so their bytes as one number are in the order of the alphabet.
fn place_of_language(tag: &str) -> i64 {
    let folded = fold_exactly(tag);
    let bytes = folded.bytes().chain(std::iter::repeat(0)).take(8);
    bytes.fold(0, |place, byte| (place << 8) | i64::from(byte & 0x7f))
}

/// When a task is due.
fn task_due_at(head: &Ticket) -> Option<Timestamp> {
    head.due_at.filter(|_| head.ticket_type == Some(TicketType::Task))
}

/// When a task is due; of anything else, when what was promised is.
fn due_at(head: &Ticket) -> Option<Timestamp> {
    task_due_at(head).or_else(|| head.next_due_at())
}

/// The head's exact terms. The organization is its requester's.
pub(crate) fn head_keywords(head: &Ticket, organization: Option<OrganizationId>) -> Vec<String> {
    let or_without = |keyword: Option<String>, absent| keyword.unwrap_or_else(|| keyword::without(absent));
    let recipient = match &head.channel {
        Channel::Mail { mailbox } => Some(keyword::recipient(mailbox)),
        Channel::Hook { .. } | Channel::Api | Channel::Agent | Channel::Portal | Channel::Phone => None,
    };
    let mut keywords = vec![
        keyword::requester(head.requester),
        or_without(head.assignee.map(keyword::assignee), Absent::Assignee),
        or_without(head.group.map(keyword::group), Absent::Group),
        or_without(organization.map(keyword::organization), Absent::Organization),
        or_without(head.ticket_type.map(keyword::ticket_type), Absent::TicketType),
        or_without(
            head.external_id.as_deref().map(keyword::external_id),
            Absent::ExternalId,
        ),
        or_without(recipient, Absent::Recipient),
        or_without(head.language.as_deref().map(keyword::language), Absent::Language),
    ];
    if let Some((primary, _)) = head.language.as_deref().and_then(|tag| tag.split_once('-')) {
        keywords.push(keyword::language(primary));
    }
    keywords.extend(keyword::channels(&head.channel));
    if head.follows.is_some() {
        keywords.push(keyword::via("closed_ticket"));
    }
    keywords.extend(tag_keywords(&head.tags));
    if head.ccs.is_empty() {
        keywords.push(keyword::without(Absent::Copies));
    }
    keywords.extend(head.ccs.iter().copied().map(keyword::copied));
    if head.snoozed_until.is_some() {
        keywords.push(keyword::SNOOZED.to_owned());
    }
    if let Some(form) = head.form {
        keywords.extend([keyword::form(form), keyword::WITH_FORM.to_owned()]);
    }
    if let Some(status) = head.own_status() {
        keywords.extend([
            keyword::custom_status(status),
            keyword::WITH_CUSTOM_STATUS.to_owned(),
        ]);
    }
    for (name, value) in &head.fields {
        keywords.extend(value_keywords(name, value));
        let words = words(value).into_iter().map(|token| token.text);
        for term in words.chain([fold_exactly(value)]) {
            keywords.push(keyword::field(name, &term));
            keywords.push(keyword::any_field(&term));
        }
    }
    keywords
}

/// What conditions ask of a field's value: that there is one, what it is as a whole, which options, which number.
pub(super) fn value_keywords(name: &str, value: &str) -> Vec<String> {
    let whole = fold_exactly(value);
    let mut keywords = vec![keyword::with_field(name), keyword::whole_field(name, &whole)];
    let options = value.split(' ').filter(|option| !option.is_empty());
    keywords.extend(options.map(|option| keyword::field_option(name, &fold_exactly(option))));
    keywords.extend(place_of_number(value).map(|place| keyword::number_in_field(name, &place)));
    keywords
}

/// Tags, or that there are none.
pub(super) fn tag_keywords(tags: &[String]) -> Vec<String> {
    if tags.is_empty() {
        return vec![keyword::without(Absent::Tags)];
    }
    tags.iter().map(|tag| keyword::tag(tag)).collect()
}
