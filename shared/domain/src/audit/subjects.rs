//! What of each kind of record is audited.

use super::{Fields, Standing, Subject, fields_of};
use crate::{
    Digest,
    assignment::AgentLoad,
    configuration::{Group, Setup},
    field::FieldsOf,
    people::{organization::Organization, person::Person},
    record::{ChainEnd, words::canonical},
    sla::Book,
    view::View,
};
use serde_json::{Value, json};

/// What every record has besides what it says: its number, and what is noted anew with each change.
const BOOKKEEPING: &[&str] = &["id", "v", "updated_at"];

/// Characters of a digest that says that something is another: 64 bits. All rules of a desk have to fit in one event.
const DIGEST_CHARACTERS: usize = 16;

/// A record whose changes leave events.
pub trait Audit {
    /// What it is.
    fn subject(&self) -> Subject;

    /// How many events it has, which is its version; 0 before the first.
    fn v(&self) -> u64;

    /// The end of their chain.
    fn chain(&self) -> ChainEnd;

    /// The fields of which each change is told.
    ///
    /// # Errors
    /// When they have no JSON.
    fn fields(&self) -> Result<Fields, serde_json::Error>;

    /// How it stands.
    ///
    /// # Errors
    /// When its fields have no JSON.
    fn standing(&self) -> Result<Standing, serde_json::Error> {
        Ok(Standing {
            v: self.v(),
            chain: self.chain(),
            fields: Some(self.fields()?),
        })
    }
}

impl Audit for Person {
    fn subject(&self) -> Subject {
        Subject::Person(self.id)
    }

    fn v(&self) -> u64 {
        self.v
    }

    fn chain(&self) -> ChainEnd {
        self.chain
    }

    /// Values of the operator's own fields are one value: what they say are words.
    fn fields(&self) -> Result<Fields, serde_json::Error> {
        let mut fields = fields_of(self, &[BOOKKEEPING, &["user_fields"]].concat())?;
        if !self.user_fields.is_empty() {
            let values = self.user_fields.iter().map(|(key, value)| json!([key, value]));
            fields.insert("user_fields".to_owned(), values.collect());
        }
        Ok(fields)
    }
}

impl Audit for Organization {
    fn subject(&self) -> Subject {
        Subject::Organization(self.id)
    }

    fn v(&self) -> u64 {
        self.v
    }

    fn chain(&self) -> ChainEnd {
        self.chain
    }

    /// Values of the operator's own fields are one value: what they say are words.
    fn fields(&self) -> Result<Fields, serde_json::Error> {
        let mut fields = fields_of(self, &[BOOKKEEPING, &["organization_fields"]].concat())?;
        if !self.organization_fields.is_empty() {
            let values = self
                .organization_fields
                .iter()
                .map(|(key, value)| json!([key, value]));
            fields.insert("organization_fields".to_owned(), values.collect());
        }
        Ok(fields)
    }
}

impl Audit for Group {
    fn subject(&self) -> Subject {
        Subject::Group(self.id)
    }

    fn v(&self) -> u64 {
        self.v
    }

    fn chain(&self) -> ChainEnd {
        self.chain
    }

    fn fields(&self) -> Result<Fields, serde_json::Error> {
        fields_of(self, BOOKKEEPING)
    }
}

impl Audit for AgentLoad {
    fn subject(&self) -> Subject {
        Subject::Agent(self.agent)
    }

    fn v(&self) -> u64 {
        self.v
    }

    fn chain(&self) -> ChainEnd {
        self.chain
    }

    /// The settings. What they have in hand tickets tell.
    fn fields(&self) -> Result<Fields, serde_json::Error> {
        let settings = json!({
            "availability": self.availability,
            "capacity": self.capacity,
            "skills": self.skills,
            "calendar": self.calendar,
        });
        fields_of(&settings, &[])
    }
}

impl Audit for View {
    fn subject(&self) -> Subject {
        Subject::View(self.id)
    }

    fn v(&self) -> u64 {
        self.v
    }

    fn chain(&self) -> ChainEnd {
        self.chain
    }

    fn fields(&self) -> Result<Fields, serde_json::Error> {
        fields_of(self, BOOKKEEPING)
    }
}

impl Audit for Setup {
    fn subject(&self) -> Subject {
        Subject::Setup
    }

    fn v(&self) -> u64 {
        self.v
    }

    fn chain(&self) -> ChainEnd {
        self.chain
    }

    /// Mailboxes by number, channels by name. Of a text its digest: the texts stand in the version of the set-up.
    fn fields(&self) -> Result<Fields, serde_json::Error> {
        let mut mailboxes = serde_json::Map::new();
        for mailbox in &self.mailboxes {
            let mut json = serde_json::to_value(mailbox)?;
            for text in ["signature", "answer_template", "acknowledgement_template"] {
                if let Some(Value::String(text)) = json.get_mut(text) {
                    *text = Digest::of(text.as_bytes()).to_string();
                }
            }
            mailboxes.insert(mailbox.id.to_string(), json);
        }
        let channels = self.channels.iter();
        let channels: serde_json::Map<_, _> = channels
            .map(|channel| (channel.name.clone(), json!(channel.kind)))
            .collect();
        let order: Vec<u64> = self.mailboxes.iter().map(|mailbox| mailbox.id).collect();
        let setup = json!({
            "default_group": self.default_group,
            "mailboxes": mailboxes,
            "order": order,
            "channels": channels,
        });
        fields_of(&setup, &[])
    }
}

impl Audit for Book {
    fn subject(&self) -> Subject {
        Subject::Rules
    }

    fn v(&self) -> u64 {
        self.v
    }

    fn chain(&self) -> ChainEnd {
        self.chain
    }

    /// Versions of policies and calendars by number, digests of rules and skills by number and of templates by name: what they say
    /// stands in the version of the whole, and `rule_book` is its digest as stored.
    fn fields(&self) -> Result<Fields, serde_json::Error> {
        // Which one is another: what they say the digest of all of them vouches for.
        let digest =
            |value: Value| json!(Digest::of(canonical(&value).as_bytes()).as_str()[..DIGEST_CHARACTERS]);
        let mut rules = serde_json::Map::new();
        for rule in &self.rules.rules {
            rules.insert(rule.id.to_string(), digest(serde_json::to_value(rule)?));
        }
        let mut templates = serde_json::Map::new();
        for template in &self.rules.templates {
            templates.insert(template.name.clone(), digest(serde_json::to_value(template)?));
        }
        let mut skills = serde_json::Map::new();
        for skill in &self.rules.skills {
            let named = json!([skill.attribute, skill.name]);
            skills.insert(skill.id.to_string(), digest(named));
        }
        let attributes = self.rules.attributes.iter();
        let attributes: serde_json::Map<_, _> = attributes
            .map(|attribute| (attribute.id.to_string(), digest(json!(attribute.name))))
            .collect();
        let mut defined = serde_json::Map::new();
        for of in [FieldsOf::Tickets, FieldsOf::People, FieldsOf::Organizations] {
            for field in self.rules.fields.stored(of) {
                defined.insert(field.id.to_string(), digest(serde_json::to_value(field)?));
            }
        }
        for form in &self.rules.fields.forms {
            defined.insert(form.id.to_string(), digest(serde_json::to_value(form)?));
        }
        for status in &self.rules.fields.statuses {
            defined.insert(
                format!("status {}", status.id),
                digest(serde_json::to_value(status)?),
            );
        }
        let policies = self.policies.iter();
        let policies: serde_json::Map<_, _> = policies
            .map(|policy| (policy.id.to_string(), json!(policy.version)))
            .collect();
        let calendars = self.calendars.iter();
        let calendars: serde_json::Map<_, _> = calendars
            .map(|calendar| (calendar.id().to_string(), json!(calendar.version())))
            .collect();
        let book = json!({
            "policies": policies,
            "calendars": calendars,
            "timers": self.timers,
            "rules": rules,
            "templates": templates,
            "rule_book": self.rule_book,
            "skills": skills,
            "attributes": attributes,
            "fields": defined,
            "weights": self.rules.weights,
        });
        fields_of(&book, &[])
    }
}
