//! The fields of a request as they are sent.

use crate::{
    fields::values::SentValues,
    kit::{
        customer::Calling,
        error::ApiError,
        input::{flag, id, is_email, removable_id, text, texts, word},
        written::{comment_body, first_comment, requester_identity},
    },
    uploads,
};
use docket_desk::tickets::{NewAttachment, NewComment};
use docket_domain::{
    PersonId,
    audit::ChangedBy,
    contact::comment::{AuthorRole, CommentBody},
    people::person::{Identity, Person},
    ticket::{Channel, Priority, Ticket, TicketType},
};
use serde::Deserialize;

/// Fields that clients know, and that a request has not.
pub(super) const UNKEPT: &[&str] = &["due_at", "recipient"];
/// Most people that somebody puts in copy with one call.
const MOST_NAMED: usize = 10;

/// A request as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RequestFields {
    #[serde(deserialize_with = "text")]
    pub subject: Option<String>,
    pub comment: Option<CommentFields>,
    /// The first comment in short.
    #[serde(deserialize_with = "text")]
    pub description: Option<String>,
    #[serde(deserialize_with = "word")]
    pub priority: Option<Option<Priority>>,
    #[serde(rename = "type", deserialize_with = "word")]
    pub ticket_type: Option<Option<TicketType>>,
    /// Who asks, where nobody is known by credentials.
    pub requester: Option<RequesterFields>,
    #[serde(deserialize_with = "flag")]
    pub solved: Option<bool>,
    #[serde(deserialize_with = "id")]
    pub via_followup_source_id: Option<u64>,
    pub collaborators: Option<Vec<Copied>>,
    pub additional_collaborators: Option<Vec<Copied>>,
    pub email_ccs: Option<Vec<Copied>>,
    #[serde(deserialize_with = "ids")]
    pub collaborator_ids: Option<Vec<Copied>>,
    pub custom_fields: Option<SentValues>,
    /// The same, as clients send back what they read.
    pub fields: Option<SentValues>,
    #[serde(deserialize_with = "removable_id")]
    pub ticket_form_id: Option<Option<u64>>,
}

/// A comment as sent. It is public: what somebody who asks writes is for the agents and for who reads along.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CommentFields {
    #[serde(deserialize_with = "text")]
    pub body: Option<String>,
    #[serde(deserialize_with = "text")]
    pub html_body: Option<String>,
    #[serde(deserialize_with = "texts")]
    pub uploads: Vec<String>,
}

/// Who asks.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RequesterFields {
    #[serde(deserialize_with = "text")]
    pub name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub email: Option<String>,
    #[serde(deserialize_with = "text")]
    pub locale: Option<String>,
}

/// Somebody who is to get the answers in copy.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Copied {
    /// By id.
    Id(u64),
    /// By address.
    Email(String),
    /// By address or id, with a name.
    Named {
        /// The address.
        #[serde(default, alias = "user_email")]
        email: Option<String>,
        /// The name.
        #[serde(default, alias = "user_name")]
        name: Option<String>,
        /// The id.
        #[serde(default)]
        user_id: Option<u64>,
        /// What becomes of them: they come.
        #[serde(default)]
        action: Option<String>,
    },
}

fn ids<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Copied>>, D::Error> {
    let ids: Option<Vec<u64>> = Option::deserialize(deserializer)?;
    Ok(ids.map(|ids| ids.into_iter().map(Copied::Id).collect()))
}

/// A comment, read and checked.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    body: CommentBody,
    attachments: Vec<NewAttachment>,
}

impl Draft {
    /// The comment of somebody in this part.
    pub fn by(self, author: PersonId, role: AuthorRole) -> NewComment {
        NewComment {
            author,
            role,
            public: true,
            channel: Channel::Api,
            body: self.body,
            attachments: self.attachments,
            mail: None,
            automatic: None,
        }
    }
}

impl RequestFields {
    /// The first comment, which a request has to have.
    pub fn first_comment(&self) -> Result<CommentFields, ApiError> {
        first_comment(self.comment.as_ref(), self.description.as_ref(), |text| {
            CommentFields {
                body: Some(text),
                ..CommentFields::default()
            }
        })
    }

    /// Who is to get the answers in copy. Whoever asks names others by their addresses; ids only of those who get them already.
    pub async fn copies(
        &self,
        call: &impl Calling,
        ticket: &Ticket,
        by: &ChangedBy,
    ) -> Result<Vec<PersonId>, ApiError> {
        let lists = [
            &self.collaborators,
            &self.additional_collaborators,
            &self.email_ccs,
            &self.collaborator_ids,
        ];
        let named: Vec<&Copied> = lists.into_iter().flatten().flatten().collect();
        if named.len() > MOST_NAMED {
            let words = format!("names {} people, at most {MOST_NAMED} are possible", named.len());
            return Err(ApiError::invalid("collaborators", words));
        }
        let mut copies = Vec::new();
        for copied in named {
            let person = copied.person(call, ticket, by).await?;
            copies.extend((person != ticket.requester).then_some(person));
        }
        Ok(copies)
    }
}

impl Copied {
    async fn person(
        &self,
        call: &impl Calling,
        ticket: &Ticket,
        by: &ChangedBy,
    ) -> Result<PersonId, ApiError> {
        let (id, email, name) = match self {
            Self::Id(id) => (Some(*id), None, None),
            Self::Email(email) => (None, Some(email), None),
            Self::Named {
                action: Some(action), ..
            } if action != "put" => {
                return Err(ApiError::invalid("email_ccs.action", "can only be put"));
            }
            Self::Named {
                email, name, user_id, ..
            } => (*user_id, email.as_ref(), name.as_deref()),
        };
        if let Some(id) = id.map(PersonId) {
            let is_known = ticket.ccs.contains(&id) || ticket.requester == id || call.person().id == id;
            return match is_known || call.person().role.is_staff() {
                true => Ok(id),
                false => Err(ApiError::invalid(
                    "collaborators",
                    "has the id of somebody else: name others by their addresses",
                )),
            };
        }
        let email = email.map(|email| email.trim().to_lowercase()).unwrap_or_default();
        if !is_email(&email) {
            return Err(ApiError::invalid(
                "collaborators",
                "has what is not a mail address",
            ));
        }
        if call.desk().setup().await?.mailbox(&email).is_some() {
            return Err(ApiError::invalid("collaborators", "has a mailbox of this desk"));
        }
        let people = call.desk().people();
        let found = people.find_or_store(Identity::email(&email), (name.unwrap_or_default(), None), by);
        Ok(found.await?.id)
    }
}

impl CommentFields {
    /// Reads the comment, with the files that it takes.
    pub async fn draft(&self, call: &impl Calling) -> Result<Draft, ApiError> {
        let mut body = self.text()?;
        let (attachments, html) = uploads::take(call, &self.uploads, body.html.as_deref()).await?;
        body.html = html;
        Ok(Draft { body, attachments })
    }

    /// The same of somebody without credentials, who has handed in no files.
    pub fn draft_of_stranger(&self) -> Result<Draft, ApiError> {
        if !self.uploads.is_empty() {
            let words = "can be handed in by those who are known only";
            return Err(ApiError::invalid("comment.uploads", words));
        }
        Ok(Draft {
            body: self.text()?,
            attachments: vec![],
        })
    }

    fn text(&self) -> Result<CommentBody, ApiError> {
        comment_body(self.body.as_deref(), self.html_body.as_deref())
    }
}

impl RequesterFields {
    /// By what they are recognised.
    pub fn identity(&self) -> Result<Identity, ApiError> {
        requester_identity(self.email.as_deref())
    }
}

/// Whether answers can be mailed to somebody.
pub(super) fn has_address(person: &Person) -> bool {
    person.email.is_some()
        || person
            .identities
            .iter()
            .any(|identity| matches!(identity, Identity::Email(_)))
}
