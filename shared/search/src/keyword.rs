//! Exact terms: written here alone, so that documents and questions never differ in them.

use crate::text::fold_exactly;
use docket_domain::{
    GroupId, OrganizationId, PersonId,
    people::staff::Role,
    ticket::{Channel, TicketType},
};

/// A property that may be absent, for `none` and `*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absent {
    Assignee,
    Copies,
    Email,
    ExternalId,
    Group,
    Language,
    Organization,
    Phone,
    Recipient,
    Tags,
    Tier,
    TicketType,
}

/// That something is absent.
pub(crate) fn without(what: Absent) -> String {
    let name = match what {
        Absent::Assignee => "assignee",
        Absent::Copies => "cc",
        Absent::Email => "email",
        Absent::ExternalId => "external_id",
        Absent::Group => "group",
        Absent::Language => "language",
        Absent::Organization => "organization",
        Absent::Phone => "phone",
        Absent::Recipient => "recipient",
        Absent::Tags => "tags",
        Absent::Tier => "tier",
        Absent::TicketType => "ticket_type",
    };
    format!("no:{name}")
}

pub(crate) fn group(group: GroupId) -> String {
    format!("g:{group}")
}

pub(crate) fn assignee(person: PersonId) -> String {
    format!("a:{person}")
}

pub(crate) fn organization(organization: OrganizationId) -> String {
    format!("o:{organization}")
}

pub(crate) fn requester(person: PersonId) -> String {
    format!("r:{person}")
}

pub(crate) fn copied(person: PersonId) -> String {
    format!("cc:{person}")
}

/// Who wrote the first comment.
pub(crate) fn submitter(person: PersonId) -> String {
    format!("s:{person}")
}

/// Who wrote a comment that the requester may see.
pub(crate) fn commenter(person: PersonId) -> String {
    format!("c:{person}")
}

/// Who wrote an internal comment.
pub(crate) fn internal_commenter(person: PersonId) -> String {
    format!("ci:{person}")
}

pub(crate) fn tag(tag: &str) -> String {
    format!("tag:{}", fold_exactly(tag))
}

/// How it came, in the words of the API; the name of a hook is a word of its own.
pub(crate) fn channels(channel: &Channel) -> Vec<String> {
    match channel {
        Channel::Mail { .. } => vec![via("email")],
        Channel::Hook { channel } => vec![via("any_channel"), via(channel)],
        Channel::Api => vec![via("api")],
        Channel::Agent | Channel::Portal => vec![via("web")],
        Channel::Phone => vec![via("phone")],
    }
}

/// How something came, by any of the names that Zendesk's users know for it (Zendesk Support search reference, "via").
pub(crate) fn via(name: &str) -> String {
    let folded = fold_exactly(name).replace([' ', '-'], "_");
    let name = match folded.as_str() {
        "mail" => "email",
        "web_form" => "web",
        "voice" | "phone_call_inbound" | "phone_call_outbound" => "phone",
        other => other,
    };
    format!("via:{name}")
}

pub(crate) fn recipient(address: &str) -> String {
    format!("to:{}", fold_exactly(address))
}

pub(crate) fn language(tag: &str) -> String {
    format!("l:{}", fold_exactly(tag).replace('_', "-"))
}

pub(crate) fn external_id(id: &str) -> String {
    format!("x:{}", fold_exactly(id))
}

pub(crate) fn ticket_type(ticket_type: TicketType) -> String {
    format!("type:{ticket_type}")
}

/// That it belongs to this form.
pub(crate) fn form(form: u64) -> String {
    format!("form:{form}")
}

/// That it sleeps until a time.
pub(crate) const SNOOZED: &str = "is:snoozed";

/// That it belongs to a form.
pub(crate) const WITH_FORM: &str = "form:*";

/// That it is in this status of the operator's own.
pub(crate) fn custom_status(status: u64) -> String {
    format!("cs:{status}")
}

/// That it is in a status of the operator's own.
pub(crate) const WITH_CUSTOM_STATUS: &str = "cs:*";

/// That a field has this value, or this word in it; the value is folded.
pub(crate) fn field(name: &str, value: &str) -> String {
    format!("f:{name}={value}")
}

/// That this is the whole value of a field; the value is folded.
pub(crate) fn whole_field(name: &str, value: &str) -> String {
    format!("fw:{name}={value}")
}

/// That this is one of the options that a field has; the option is folded.
pub(crate) fn field_option(name: &str, option: &str) -> String {
    format!("fo:{name}={option}")
}

/// That this is the number that a field has: by its [place](crate::make::place_of_number) among all numbers.
pub(crate) fn number_in_field(name: &str, place: &str) -> String {
    format!("fn:{name}={place}")
}

/// The first text behind every term that [`whole_field`] makes of a field.
pub(crate) fn behind_whole_field(name: &str) -> String {
    format!("fw:{name}>")
}

/// The first text behind every term that [`number_in_field`] makes of a field.
pub(crate) fn behind_number_in_field(name: &str) -> String {
    format!("fn:{name}>")
}

/// That a field has a value.
pub(crate) fn with_field(name: &str) -> String {
    format!("f:{name}")
}

/// That any field has this value, or this word in it; the value is folded.
pub(crate) fn any_field(value: &str) -> String {
    format!("fv:{value}")
}

/// That there are files that the requester may see.
pub(crate) const WITH_FILES: &str = "has:files";
/// That there are files at internal comments.
pub(crate) const WITH_INTERNAL_FILES: &str = "has:internal-files";

/// Whether a ticket's head alone does not tell: who wrote, and with which files.
pub(crate) fn is_of_comments(keyword: &str) -> bool {
    ["s:", "c:", "ci:", "has:"]
        .iter()
        .any(|start| keyword.starts_with(start))
}

pub(crate) fn email(address: &str) -> String {
    format!("email:{}", fold_exactly(address))
}

/// That an address is of this domain.
pub(crate) fn email_domain(domain: &str) -> String {
    format!("email:@{}", fold_exactly(domain))
}

/// The end of a telephone number; digits only.
pub(crate) fn phone(digits: &str) -> String {
    format!("phone:{digits}")
}

pub(crate) fn role(role: Role) -> String {
    format!("role:{}", role.as_str())
}

pub(crate) fn verified(is_verified: bool) -> String {
    format!("verified:{is_verified}")
}

pub(crate) fn tier(tier: &str) -> String {
    format!("tier:{}", fold_exactly(tier))
}

pub(crate) fn domain(domain: &str) -> String {
    format!("domain:{}", fold_exactly(domain))
}
