//! Search, as far as it is pure: what a document holds ([`Document`]), how text becomes words, the language of queries, and what an
//! index is asked ([`Matcher`]). It knows no index: the API reads queries with it, the index answers them.

mod ask;
mod document;
mod facets;
mod keyword;
pub mod limits;
mod make;
mod matcher;
pub mod query;
mod request;
mod snippet;
mod text;
mod view;

pub use ask::{Asked, Asking, Names, Seen, Sight, WhoIsAround};
pub use document::{Column, Columns, Document, Kind, TextField, Token};
pub use facets::Facets;
pub use make::{
    CommentWords, PersonWords, TicketDocument, TicketWords, organization_document, person_document, tombstone,
};
pub use matcher::{Around, Bounds, Direction, Matcher, Order, Question};
pub use query::{Name, NameOf, Query, QueryError};
pub use request::{
    Answering, Asker, Basis, Facet, Failed, Finding, Found, FoundPlace, PageEnd, RefusedQuery, SearchAnswer,
    SearchRequest, Wanted,
};
pub use snippet::{Snippet, snippet};
pub use text::{GAP, LONGEST_TOKEN_BYTES, digits_of, words};
pub use view::{
    OwnField, ViewAsker, ViewColumn, ViewOrder, ViewQuestion, ViewSorted, WrongCondition, WrongPart,
    check_condition, is_by_order,
};

/// Tokenizer, schema and dictionary's form in one name. What was written under another is not read: it is made anew.
pub const SCHEME: &str = "w1-k3-sstable";
