//! What an index keeps of a ticket, a person, an organization.

/// What a document is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A ticket.
    Ticket,
    /// A person: requester or agent.
    Person,
    /// An organization.
    Organization,
}

/// A text that is searched by its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TextField {
    /// A ticket's subject; a person's or an organization's name.
    Title,
    /// Public comments; what else is known of a person or an organization (mail addresses, phone numbers, domains).
    Body,
    /// Internal comments.
    Notes,
    /// Requester, copies, commenters: names and addresses.
    Who,
    /// Names of files.
    Files,
}

/// One word as it is searched: folded, and where it stands. Tokens at one position are several readings of the same place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The folded word, at most 80 bytes.
    pub text: String,
    /// Place in its field, counted in words; one comment's words and the next one's are far apart.
    pub position: u32,
}

/// A number by which is filtered and sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// Created, milliseconds since 1970.
    Created,
    /// Last changed, milliseconds since 1970.
    Updated,
    /// Solved last, milliseconds since 1970.
    Solved,
    /// Due, milliseconds since 1970.
    Due,
    /// Status by its rank, 0 new to 5 closed.
    Status,
    /// Priority by its rank, 1 low to 4 urgent; 0 none.
    Priority,
    /// The requester's number.
    Requester,
    /// The assignee's number.
    Assignee,
    /// The group's number.
    Group,
    /// The number of the requester's organization.
    Organization,
    /// Type by its rank, 0 question to 3 task.
    TicketType,
    /// When the requester last wrote, milliseconds since 1970.
    RequesterWrote,
    /// When a task is due, milliseconds since 1970; only tasks have it.
    TaskDue,
    /// The form's number.
    Form,
    /// The language by the first eight bytes of its folded tag.
    Language,
    /// What the requester thinks of how they were helped, by its rank: 0 bad, 1 good.
    Satisfaction,
}

/// A document's numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// See [`Column::Created`].
    pub created: Option<i64>,
    /// See [`Column::Updated`].
    pub updated: Option<i64>,
    /// See [`Column::Solved`].
    pub solved: Option<i64>,
    /// See [`Column::Due`].
    pub due: Option<i64>,
    /// See [`Column::Status`].
    pub status: Option<i64>,
    /// See [`Column::Priority`].
    pub priority: Option<i64>,
    /// See [`Column::Requester`].
    pub requester: Option<i64>,
    /// See [`Column::Assignee`].
    pub assignee: Option<i64>,
    /// See [`Column::Group`].
    pub group: Option<i64>,
    /// See [`Column::Organization`].
    pub organization: Option<i64>,
    /// See [`Column::TicketType`].
    pub ticket_type: Option<i64>,
    /// See [`Column::RequesterWrote`].
    pub requester_wrote: Option<i64>,
    /// See [`Column::TaskDue`].
    pub task_due: Option<i64>,
    /// See [`Column::Form`].
    pub form: Option<i64>,
    /// See [`Column::Language`].
    pub language: Option<i64>,
    /// See [`Column::Satisfaction`].
    pub satisfaction: Option<i64>,
}

impl Columns {
    /// The number in a column.
    pub fn of(&self, column: Column) -> Option<i64> {
        match column {
            Column::Created => self.created,
            Column::Updated => self.updated,
            Column::Solved => self.solved,
            Column::Due => self.due,
            Column::Status => self.status,
            Column::Priority => self.priority,
            Column::Requester => self.requester,
            Column::Assignee => self.assignee,
            Column::Group => self.group,
            Column::Organization => self.organization,
            Column::TicketType => self.ticket_type,
            Column::RequesterWrote => self.requester_wrote,
            Column::TaskDue => self.task_due,
            Column::Form => self.form,
            Column::Language => self.language,
            Column::Satisfaction => self.satisfaction,
        }
    }
}

/// What an index keeps of one thing as of one version. Without words and keywords it is a tombstone: what stood is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What it is about.
    pub kind: Kind,
    /// Its number among its kind.
    pub number: u64,
    /// Its version; the newest is alive, of equal ones that in the later split.
    pub version: u64,
    /// Its numbers.
    pub columns: Columns,
    /// Its words by field.
    pub texts: Vec<(TextField, Vec<Token>)>,
    /// Exact terms such as `g:12`, `tag:vip`.
    pub keywords: Vec<String>,
    /// Whether it stands for what is gone.
    pub tombstone: bool,
    /// Versions before this one have words that have to go from wherever they stand; 0 for none.
    pub erases_before: u64,
}
