//! The fields of a ticket as they are sent, and what they mean here.

use crate::{
    account::locales::code_of_locale,
    fields::values::{FilledBy, SentValues, check_brand, check_names, removable_time},
    kit::{
        call::Call,
        error::ApiError,
        input::{flag, id, removable, removable_id, removable_text, tags, text, texts, word},
        written::{comment_body, first_comment, requester_identity},
    },
    routing::skills::by_names,
    uploads,
};
use docket_desk::{
    tickets::{NewAttachment, NewComment},
    whole_milliseconds,
};
use docket_domain::{
    GroupId, OrganizationId, PersonId, Timestamp,
    assignment::RequiredSkill,
    contact::comment::{AuthorRole, CommentBody},
    people::person::{Identity, Person},
    ticket::{Actor, Channel, Priority, Status, Ticket, TicketType, Update},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Fields that clients know, and that a ticket has not.
pub(super) const UNKEPT: &[&str] = &[
    "attribute_value_ids",
    "macro_id",
    "macro_ids",
    "metadata",
    "sharing_agreement_ids",
    "via",
    "via_id",
    "voice_comment",
];

/// A ticket as sent. What is not there is left as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TicketFields {
    #[serde(deserialize_with = "text")]
    pub subject: Option<String>,
    /// The same, as clients send back what they read.
    #[serde(deserialize_with = "text")]
    pub raw_subject: Option<String>,
    pub comment: Option<CommentFields>,
    /// The first comment in short.
    #[serde(deserialize_with = "text")]
    pub description: Option<String>,
    #[serde(deserialize_with = "id")]
    pub requester_id: Option<u64>,
    pub requester: Option<RequesterFields>,
    #[serde(deserialize_with = "id")]
    pub submitter_id: Option<u64>,
    #[serde(deserialize_with = "removable_text")]
    pub external_id: Option<Option<String>>,
    #[serde(deserialize_with = "word")]
    pub priority: Option<Option<Priority>>,
    #[serde(rename = "type", deserialize_with = "word")]
    pub ticket_type: Option<Option<TicketType>>,
    #[serde(deserialize_with = "word")]
    pub status: Option<Option<Status>>,
    #[serde(deserialize_with = "tags")]
    pub tags: Option<Vec<String>>,
    #[serde(deserialize_with = "tags")]
    pub additional_tags: Option<Vec<String>>,
    #[serde(deserialize_with = "tags")]
    pub remove_tags: Option<Vec<String>>,
    #[serde(deserialize_with = "removable_id")]
    pub assignee_id: Option<Option<u64>>,
    #[serde(deserialize_with = "text")]
    pub assignee_email: Option<String>,
    #[serde(deserialize_with = "removable_id")]
    pub group_id: Option<Option<u64>>,
    /// One of its requester's own: a ticket is of whoever asked.
    #[serde(deserialize_with = "removable_id")]
    pub organization_id: Option<Option<u64>>,
    /// The address of the desk that it was written to, from which it is answered.
    #[serde(deserialize_with = "text")]
    pub recipient: Option<String>,
    /// The problem that it is an incident of; null takes it away.
    #[serde(deserialize_with = "removable_id")]
    pub problem_id: Option<Option<u64>>,
    /// The closed ticket that a new one follows.
    #[serde(deserialize_with = "id")]
    pub via_followup_source_id: Option<u64>,
    pub followers: Option<Vec<CcFields>>,
    pub follower_ids: Option<Vec<u64>>,
    pub email_ccs: Option<Vec<CcFields>>,
    pub collaborators: Option<Vec<Collaborator>>,
    pub collaborator_ids: Option<Vec<Collaborator>>,
    pub additional_collaborators: Option<Vec<Collaborator>>,
    pub docket: Option<DocketFields>,
    pub custom_fields: Option<SentValues>,
    /// The same, as clients send back what they read.
    pub fields: Option<SentValues>,
    #[serde(deserialize_with = "removable_id")]
    pub ticket_form_id: Option<Option<u64>>,
    #[serde(deserialize_with = "id")]
    pub custom_status_id: Option<u64>,
    #[serde(deserialize_with = "removable_time")]
    pub due_at: Option<Option<Timestamp>>,
    #[serde(deserialize_with = "id")]
    pub brand_id: Option<u64>,
    #[serde(deserialize_with = "flag")]
    pub safe_update: Option<bool>,
    pub updated_stamp: Option<Timestamp>,
}

/// What has no counterpart in the shapes that clients know.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DocketFields {
    /// Until when the ticket sleeps; null wakes it.
    #[serde(deserialize_with = "removable")]
    pub snoozed_until: Option<Option<Timestamp>>,
    /// All skills that are required of whoever gets it, by their names, each with its least level.
    pub required_skills: Option<BTreeMap<String, u8>>,
    /// Fields of the operator's own; null takes one away.
    pub fields: BTreeMap<String, Option<String>>,
}

/// A comment as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CommentFields {
    #[serde(deserialize_with = "text")]
    pub body: Option<String>,
    #[serde(deserialize_with = "text")]
    pub html_body: Option<String>,
    #[serde(deserialize_with = "flag")]
    pub public: Option<bool>,
    #[serde(deserialize_with = "id")]
    pub author_id: Option<u64>,
    /// Tokens of files that it takes.
    #[serde(deserialize_with = "texts")]
    pub uploads: Vec<String>,
}

/// A requester as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RequesterFields {
    #[serde(deserialize_with = "text")]
    pub name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub email: Option<String>,
    #[serde(deserialize_with = "text")]
    pub locale: Option<String>,
    #[serde(deserialize_with = "id")]
    pub locale_id: Option<u64>,
}

/// A person as sent: by id, or by address and name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CcFields {
    #[serde(deserialize_with = "id")]
    pub user_id: Option<u64>,
    #[serde(deserialize_with = "text")]
    pub user_email: Option<String>,
    #[serde(deserialize_with = "text")]
    pub user_name: Option<String>,
    /// `put`, which is meant where nothing is said, or `delete`.
    #[serde(deserialize_with = "text")]
    pub action: Option<String>,
}

/// A collaborator as older clients send one.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Collaborator {
    /// By id.
    Id(u64),
    /// By address.
    Email(String),
    /// By address, with a name.
    Named {
        /// The name.
        #[serde(default)]
        name: Option<String>,
        /// The address.
        email: String,
    },
}

/// A comment, read and checked, all but its author's part in the ticket.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub author: Person,
    pub public: bool,
    pub body: CommentBody,
    pub attachments: Vec<NewAttachment>,
}

impl Draft {
    /// The first comment of a ticket: the words of a customer for whom it is made, unless the call says whose they are.
    pub fn of_requester(self, fields: &TicketFields, requester: &Person) -> Self {
        let named = fields.comment.as_ref().and_then(|comment| comment.author_id);
        if requester.role.is_staff() || named.or(fields.submitter_id).is_some() {
            return self;
        }
        Self {
            author: requester.clone(),
            ..self
        }
    }

    /// The comment on a ticket of this requester, and who acts by it: the caller, unless they pass on the words of
    /// somebody who does not work here.
    pub fn on_ticket_of(self, requester: PersonId, caller: PersonId) -> (NewComment, Actor) {
        let id = self.author.id;
        let (role, actor) = if id == requester {
            (AuthorRole::Requester, Actor::Requester(id))
        } else if self.author.role.is_staff() {
            (AuthorRole::Agent, Actor::Agent(caller))
        } else {
            (AuthorRole::ThirdParty, Actor::ThirdParty(id))
        };
        let comment = NewComment {
            author: id,
            role,
            // The words of others are never shown to the requester.
            public: self.public && role != AuthorRole::ThirdParty,
            channel: Channel::Api,
            body: self.body,
            attachments: self.attachments,
            mail: None,
            automatic: None,
        };
        (comment, actor)
    }
}

impl CommentFields {
    /// Reads the comment; its author is `author` unless it names one.
    pub async fn draft(&self, call: &Call, author: Option<u64>) -> Result<Draft, ApiError> {
        let mut body = self.text()?;
        let (attachments, html) = uploads::take(call, &self.uploads, body.html.as_deref()).await?;
        body.html = html;
        let author = match self.author_id.or(author) {
            Some(id) if id != call.caller.id.0 => call
                .desk
                .people()
                .get(PersonId(id))
                .await?
                .ok_or_else(|| ApiError::invalid("comment.author_id", "is nobody's id"))?,
            _ => call.caller.as_ref().clone(),
        };
        Ok(Draft {
            author,
            public: self.public.unwrap_or(true),
            body,
            attachments,
        })
    }

    fn text(&self) -> Result<CommentBody, ApiError> {
        comment_body(self.body.as_deref(), self.html_body.as_deref())
    }
}

impl RequesterFields {
    /// By what the requester is recognised.
    pub fn identity(&self) -> Result<Identity, ApiError> {
        requester_identity(self.email.as_deref())
    }

    /// The language that they read, if it is said.
    pub fn language(&self) -> Result<Option<&str>, ApiError> {
        match (self.locale.as_deref(), self.locale_id) {
            (None, Some(id)) => match code_of_locale(id) {
                Some(code) => Ok(Some(code)),
                None => Err(ApiError::invalid("requester.locale_id", "is no locale's id")),
            },
            (locale, _) => Ok(locale),
        }
    }
}

impl TicketFields {
    /// The first comment, which a new ticket has to have.
    pub fn first_comment(&self) -> Result<CommentFields, ApiError> {
        first_comment(self.comment.as_ref(), self.description.as_ref(), |text| {
            CommentFields {
                body: Some(text),
                ..CommentFields::default()
            }
        })
    }

    /// The assignee: somebody who works here, nobody, or not said.
    pub async fn assignee(
        &self,
        call: &Call,
        ticket: Option<&Ticket>,
    ) -> Result<Option<Option<PersonId>>, ApiError> {
        let (field, found) = match (&self.assignee_email, self.assignee_id) {
            (Some(email), _) if !email.trim().is_empty() => {
                let identity = Identity::email(email);
                ("assignee_email", call.desk.people().find(&identity).await?)
            }
            (_, Some(Some(id))) => ("assignee_id", call.desk.people().get(PersonId(id)).await?),
            (_, Some(None)) => return Ok(Some(None)),
            (_, None) => return Ok(None),
        };
        let stands = ticket.and_then(|ticket| ticket.assignee);
        match found.filter(|person| person.role.is_staff()) {
            Some(person) => Ok(Some(Some(person.id))),
            // Whoever does not work here any more may still have it.
            None if stands.is_some() && self.assignee_id == Some(stands.map(|agent| agent.0)) => Ok(None),
            None => Err(ApiError::invalid(field, "is not an agent's")),
        }
    }

    /// Until when it sleeps, or that it wakes up, if something else is said than what stands.
    pub fn snooze(&self, ticket: Option<&Ticket>) -> Option<Option<Timestamp>> {
        let until = self.docket.as_ref()?.snoozed_until?;
        let stands = ticket.and_then(|ticket| ticket.snoozed_until);
        // It is shown by the second.
        let is_shown = until.map(Timestamp::as_second) == stands.map(Timestamp::as_second);
        (ticket.is_none() || !is_shown).then(|| until.map(whole_milliseconds))
    }

    /// The subject, if another is sent than the one that stands.
    pub fn wanted_subject(&self, stands: &str) -> Option<&str> {
        let mut sent = [&self.subject, &self.raw_subject].into_iter().flatten();
        let another = sent.find(|subject| *subject != stands && subject.trim() != stands);
        another.map(String::as_str)
    }

    /// The id in another system that it gets.
    pub fn new_external_id(&self) -> Option<&str> {
        self.external_id.as_ref()?.as_deref()
    }

    /// Refuses an organization that is none of the requester's.
    pub fn check_organization(&self, requester: &Person) -> Result<(), ApiError> {
        let named = self.organization_id.flatten().map(OrganizationId);
        match named.filter(|id| !requester.organizations().contains(id)) {
            Some(_) => Err(ApiError::invalid(
                "organization_id",
                "is no organization of the requester's",
            )),
            None => Ok(()),
        }
    }

    /// What is said of the operator's own fields, of form, status of its own and due date; nothing else.
    pub async fn own(&self, call: &Call, ticket: Option<&Ticket>) -> Result<Update, ApiError> {
        check_brand(self.brand_id)?;
        let docket = self.docket.as_ref();
        let named = docket.map(|docket| docket.fields.clone()).unwrap_or_default();
        check_names(named.keys())?;
        let mut fields = SentValues::read(
            &call.desk,
            [&self.fields, &self.custom_fields],
            ticket,
            FilledBy::Staff,
        )
        .await?;
        fields.extend(named);
        Ok(Update {
            fields,
            form: self.ticket_form_id,
            custom_status: self.custom_status_id,
            due_at: self.due_at,
            ..Update::default()
        })
    }

    /// The skills that it requires, if they are said.
    pub async fn skills(&self, call: &Call) -> Result<Option<Vec<RequiredSkill>>, ApiError> {
        let Some(asked) = self
            .docket
            .as_ref()
            .and_then(|docket| docket.required_skills.as_ref())
        else {
            return Ok(None);
        };
        let book = call.desk.rules().newest_book().await?;
        let levels = by_names(&book.rules, asked, "docket.required_skills")?;
        let required = levels
            .into_iter()
            .map(|(skill, level)| RequiredSkill { skill, level });
        Ok(Some(required.collect()))
    }

    /// The group, if it is said.
    pub async fn group(&self, call: &Call, ticket: Option<&Ticket>) -> Result<Option<GroupId>, ApiError> {
        let Some(id) = self.group_id.flatten().map(GroupId) else {
            return Ok(None);
        };
        match call.desk.groups().get(id).await? {
            Some(group) if !group.is_archived => Ok(Some(group.id)),
            // It may still have one that was archived.
            _ if ticket.is_some_and(|ticket| ticket.group == Some(id)) => Ok(None),
            _ => Err(ApiError::invalid("group_id", "is no group's id")),
        }
    }
}
