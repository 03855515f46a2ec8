//! The properties that can be asked for.

use crate::document::Kind;

/// A property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is called what its name in queries says")]
pub enum Key {
    Assignee,
    AttachmentName,
    Commenter,
    Comment,
    Copied,
    Created,
    /// A status of the operator's own.
    CustomStatus,
    Details,
    Domain,
    Due,
    Email,
    ExternalId,
    /// A field of the operator's own: `custom_field_<name>`.
    Field,
    FieldValue,
    Group,
    HasAttachment,
    Id,
    Kind,
    Language,
    Name,
    Notes,
    /// What Zendesk has and Docket does not: ratings, or of which there is one: brands.
    NotHere,
    OrderBy,
    Organization,
    /// The whole value of a field of the operator's own, of whatever has one: no query names it.
    OwnField,
    Phone,
    Priority,
    Recipient,
    Requester,
    Role,
    Solved,
    Sort,
    Status,
    Subject,
    Submitter,
    Suspended,
    Tags,
    TicketForm,
    TicketId,
    TicketType,
    Tier,
    Updated,
    User,
    Verified,
    Via,
}

/// Which documents have a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kinds(u8);

impl Kinds {
    pub(crate) const ALL: Self = Self(7);
    const TICKET: Self = Self(1);
    const PERSON: Self = Self(2);
    const ORGANIZATION: Self = Self(4);

    pub(crate) fn only(kind: Kind) -> Self {
        match kind {
            Kind::Ticket => Self::TICKET,
            Kind::Person => Self::PERSON,
            Kind::Organization => Self::ORGANIZATION,
        }
    }

    pub(crate) const NONE: Self = Self(0);

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn of(self) -> impl Iterator<Item = Kind> {
        let all = [Kind::Ticket, Kind::Person, Kind::Organization];
        all.into_iter()
            .filter(move |kind| self.and(Self::only(*kind)) != Self::NONE)
    }
}

/// What values of a property look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A time.
    Date,
    /// A person, or none, or me.
    Person,
    /// A group or an organization, or none.
    Party,
    /// Text, by its words.
    Words,
    /// Text, as a whole; or none.
    Exact,
    /// A field's value, by its words or as a whole; or none.
    Field,
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
    Status,
    Priority,
    TicketType,
    Role,
    Kind,
    NotHere,
    /// Not a condition: the order of what is found.
    Order,
}

/// What is known of a property.
pub(super) struct Spec {
    pub(super) key: Key,
    /// Its name, and others that mean the same: those of the API's attributes above all.
    pub(super) names: &'static [&'static str],
    pub(super) kinds: Kinds,
    pub(super) form: Form,
}

const fn spec(key: Key, names: &'static [&'static str], kinds: Kinds, form: Form) -> Spec {
    Spec {
        key,
        names,
        kinds,
        form,
    }
}

const T: Kinds = Kinds::TICKET;
const P: Kinds = Kinds::PERSON;
const O: Kinds = Kinds::ORGANIZATION;
const ALL: Kinds = Kinds::ALL;

const KEYS: &[Spec] = &[
    spec(Key::Assignee, &["assignee", "assignee_id"], T, Form::Person),
    spec(Key::AttachmentName, &["attachment_name"], T, Form::Words),
    spec(Key::Commenter, &["commenter", "commenter_id"], T, Form::Person),
    spec(Key::Comment, &["comment", "description"], T, Form::Words),
    spec(
        Key::Copied,
        &["cc", "cc_id", "collaborator", "collaborator_id"],
        T,
        Form::Person,
    ),
    spec(Key::Created, &["created", "created_at"], ALL, Form::Date),
    spec(
        Key::CustomStatus,
        &["custom_status_id", "custom_status"],
        T,
        Form::Party,
    ),
    spec(Key::Details, &["details"], P.or(O), Form::Words),
    spec(
        Key::Domain,
        &["domain", "domains", "domain_name", "domain_names"],
        O,
        Form::Exact,
    ),
    spec(Key::Due, &["due_date", "due", "due_at"], T, Form::Date),
    spec(Key::Email, &["email"], P, Form::Exact),
    spec(Key::ExternalId, &["external_id"], ALL, Form::Exact),
    spec(Key::Field, &[FIELD], T, Form::Field),
    spec(Key::FieldValue, &["fieldvalue"], T, Form::Field),
    spec(Key::Group, &["group", "group_id"], ALL, Form::Party),
    spec(
        Key::HasAttachment,
        &["has_attachment", "has_attachments"],
        T,
        Form::Flag,
    ),
    spec(Key::Id, &["id"], ALL, Form::Number),
    spec(Key::Kind, &["type"], ALL, Form::Kind),
    spec(Key::Language, &["language", "locale"], T.or(P), Form::Exact),
    spec(Key::Name, &["name"], P.or(O), Form::Words),
    spec(Key::Notes, &["notes"], P.or(O), Form::Words),
    spec(
        Key::NotHere,
        &[
            "brand",
            "brand_id",
            "problem_id",
            "satisfaction",
            "satisfaction_score",
            "support_type",
            "whatsapp",
        ],
        ALL,
        Form::NotHere,
    ),
    spec(Key::OrderBy, &["order_by", "sort_by"], ALL, Form::Order),
    spec(
        Key::Organization,
        &["organization", "organization_id"],
        T.or(P),
        Form::Party,
    ),
    spec(Key::OwnField, &[], ALL, Form::Exact),
    spec(Key::Phone, &["phone"], P, Form::Exact),
    spec(Key::Priority, &["priority"], T, Form::Priority),
    spec(Key::Recipient, &["recipient"], T, Form::Exact),
    spec(Key::Requester, &["requester", "requester_id"], T, Form::Person),
    spec(Key::Role, &["role"], P, Form::Role),
    spec(Key::Solved, &["solved", "solved_at"], T, Form::Date),
    spec(Key::Sort, &["sort", "sort_order"], ALL, Form::Order),
    spec(Key::Status, &["status"], T, Form::Status),
    spec(Key::Subject, &["subject"], T, Form::Words),
    spec(Key::Submitter, &["submitter", "submitter_id"], T, Form::Person),
    spec(Key::Suspended, &["is_suspended"], P, Form::Flag),
    spec(Key::Tags, &["tags", "tag"], ALL, Form::Exact),
    spec(
        Key::TicketForm,
        &["form", "form_id", "ticket_form_id"],
        T,
        Form::Party,
    ),
    spec(Key::TicketId, &["ticket_id"], T, Form::Number),
    spec(Key::TicketType, &["ticket_type"], T, Form::TicketType),
    spec(Key::Tier, &["tier"], P.or(O), Form::Exact),
    spec(Key::Updated, &["updated", "updated_at"], ALL, Form::Date),
    spec(Key::User, &["user"], P, Form::Words),
    spec(Key::Verified, &["is_verified"], P, Form::Flag),
    spec(Key::Via, &["via"], T, Form::Exact),
];

/// The names of the operator's own fields begin so.
pub(super) const FIELD: &str = "custom_field_";

/// The property of that name, in lower case, and the name of the field, or of what Docket does not have.
pub(super) fn find(name: &str) -> Option<(&'static Spec, Option<String>)> {
    if let Some(field) = name.strip_prefix(FIELD) {
        return (!field.is_empty()).then(|| (by_key(Key::Field), Some(field.to_owned())));
    }
    let spec = KEYS.iter().find(|spec| spec.names.contains(&name))?;
    Some((spec, (spec.key == Key::NotHere).then(|| name.to_owned())))
}

/// A property's name that looks like this one: it differs by a letter in three, two at most.
pub(super) fn alike(name: &str) -> Option<&'static str> {
    let names = KEYS.iter().flat_map(|spec| spec.names);
    let far = |known: &str| strsim::damerau_levenshtein(known, name);
    let nearest = names.min_by_key(|known| far(known)).copied()?;
    let farthest = (name.chars().count() / 3).min(FARTHEST_GUESSED);
    (far(nearest) <= farthest).then_some(nearest)
}

/// Most letters by which a slip differs.
const FARTHEST_GUESSED: usize = 2;

impl Key {
    fn spec(self) -> &'static Spec {
        by_key(self)
    }

    /// Its name in queries; of a field's, what its name begins with.
    pub fn as_str(self) -> &'static str {
        self.spec().names.first().copied().unwrap_or_default()
    }

    /// Which documents have it.
    pub(crate) fn kinds(self) -> Kinds {
        self.spec().kinds
    }
}

fn by_key(key: Key) -> &'static Spec {
    const NONE: Spec = spec(Key::NotHere, &[], ALL, Form::NotHere);
    KEYS.iter().find(|spec| spec.key == key).unwrap_or(&NONE)
}
