//! What the index has of a document: its fields.

use docket_search::{Column, Kind, TextField};
use std::sync::LazyLock;
use tantivy::schema::{Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions};

/// The columns that say which document it is.
pub(crate) const KIND: &str = "kind";
pub(crate) const NUMBER: &str = "number";
pub(crate) const VERSION: &str = "version";
/// 1 for a tombstone.
pub(crate) const GONE: &str = "gone";

/// Every column that a document may have.
pub(crate) const COLUMNS: [Column; 16] = [
    Column::Created,
    Column::Updated,
    Column::Solved,
    Column::Due,
    Column::Status,
    Column::Priority,
    Column::Requester,
    Column::Assignee,
    Column::Group,
    Column::Organization,
    Column::TicketType,
    Column::RequesterWrote,
    Column::TaskDue,
    Column::Form,
    Column::Language,
    Column::Satisfaction,
];
/// How many of them a split has had since the scheme began. Those that came later stand behind all else, so that whatever stood before has
/// the same place: a split of before has none of their values.
const FIRST_COLUMNS: usize = 12;

/// Every text.
const TEXTS: [TextField; 5] = [
    TextField::Title,
    TextField::Body,
    TextField::Notes,
    TextField::Who,
    TextField::Files,
];

/// Words are given as they are to be found: this one of the library's tokenizers changes nothing, and is never asked.
const NO_TOKENIZER: &str = "raw";

/// The fields, which are the same in every split of a scheme.
pub(crate) struct Fields {
    pub(crate) schema: Schema,
    pub(crate) kind: Field,
    pub(crate) number: Field,
    pub(crate) version: Field,
    pub(crate) gone: Field,
    pub(crate) keywords: Field,
    columns: Vec<Field>,
    texts: [Field; 5],
}

/// The fields of [`crate::SCHEME`].
pub(crate) static FIELDS: LazyLock<Fields> = LazyLock::new(Fields::new);

impl Fields {
    fn new() -> Self {
        let mut builder = Schema::builder();
        let column = NumericOptions::default().set_fast();
        let kind = builder.add_u64_field(KIND, column.clone());
        let number = builder.add_u64_field(NUMBER, column.clone());
        let version = builder.add_u64_field(VERSION, column.clone());
        let gone = builder.add_u64_field(GONE, column.clone());
        let (first, later) = COLUMNS.split_at(FIRST_COLUMNS);
        let mut columns = Vec::with_capacity(COLUMNS.len());
        for of in first {
            columns.push(builder.add_i64_field(column_name(*of), column.clone()));
        }
        let indexing = TextFieldIndexing::default().set_tokenizer(NO_TOKENIZER);
        let words = indexing
            .clone()
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let words = TextOptions::default().set_indexing_options(words.set_fieldnorms(true));
        let texts = TEXTS.map(|of| builder.add_text_field(text_name(of), words.clone()));
        let terms = indexing
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false);
        let keywords = builder.add_text_field("kw", TextOptions::default().set_indexing_options(terms));
        for of in later {
            columns.push(builder.add_i64_field(column_name(*of), column.clone()));
        }
        Self {
            schema: builder.build(),
            kind,
            number,
            version,
            gone,
            keywords,
            columns,
            texts,
        }
    }

    pub(crate) fn column(&self, of: Column) -> Field {
        // Columns stand in their order.
        self.columns[of as usize]
    }

    pub(crate) fn text(&self, of: TextField) -> Field {
        let [title, body, notes, who, files] = self.texts;
        match of {
            TextField::Title => title,
            TextField::Body => body,
            TextField::Notes => notes,
            TextField::Who => who,
            TextField::Files => files,
        }
    }
}

/// A column's name, which is written into every split.
pub(crate) fn column_name(of: Column) -> &'static str {
    match of {
        Column::Created => "created",
        Column::Updated => "updated",
        Column::Solved => "solved",
        Column::Due => "due",
        Column::Status => "status",
        Column::Priority => "priority",
        Column::Requester => "requester",
        Column::Assignee => "assignee",
        Column::Group => "group",
        Column::Organization => "organization",
        Column::TicketType => "ticket_type",
        Column::RequesterWrote => "requester_wrote",
        Column::TaskDue => "task_due",
        Column::Form => "form",
        Column::Language => "language",
        Column::Satisfaction => "satisfaction",
    }
}

fn text_name(of: TextField) -> &'static str {
    match of {
        TextField::Title => "title",
        TextField::Body => "body",
        TextField::Notes => "notes",
        TextField::Who => "who",
        TextField::Files => "files",
    }
}

/// The number by which a kind stands in every split.
pub(crate) fn kind_number(kind: Kind) -> u64 {
    match kind {
        Kind::Ticket => 0,
        Kind::Person => 1,
        Kind::Organization => 2,
    }
}

/// The kind of a number.
pub(crate) fn kind_of(number: u64) -> Option<Kind> {
    [Kind::Ticket, Kind::Person, Kind::Organization]
        .into_iter()
        .find(|kind| kind_number(*kind) == number)
}
