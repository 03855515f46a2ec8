//! Documents become a split.

use crate::{
    SplitError, bundle,
    schema::{COLUMNS, FIELDS, kind_number},
};
use docket_search::{Document, TextField, Token};
use std::{collections::BTreeMap, io, path::PathBuf};
use tantivy::{
    Directory, Index, IndexSettings, TantivyDocument,
    directory::{OwnedBytes, RamDirectory},
    schema::Field,
    store::Compressor,
    tokenizer::{PreTokenizedString, Token as Word},
};

/// The pieces of a split in the order in which they stand: what a search reads on opening stands close to the end.
const PIECES: [&str; 6] = ["pos", "idx", "term", "fieldnorm", "fast", "store"];
/// Memory by which the writer sizes its table of words before it has seen any: it grows where these do not do.
const LEAST_BUDGET_BYTES: usize = 200_000;
/// As much for each document.
const BUDGET_BYTES_OF_A_DOCUMENT: usize = 4_000;
/// More gains nothing: the table grows by itself.
const MOST_BUDGET_BYTES: usize = 40_000_000;

/// Writes documents as one split. The same documents in the same order are the same bytes. Of none there is no split.
///
/// # Errors
/// When the index refused them.
pub fn split_of(documents: &[Document]) -> Result<Option<Vec<u8>>, SplitError> {
    if documents.is_empty() {
        return Ok(None);
    }
    let folder = RamDirectory::create();
    let budget = LEAST_BUDGET_BYTES + documents.len().saturating_mul(BUDGET_BYTES_OF_A_DOCUMENT);
    let mut writer = Index::builder()
        .schema(FIELDS.schema.clone())
        .settings(settings())
        .single_segment_index_writer::<TantivyDocument>(folder.clone(), budget.min(MOST_BUDGET_BYTES))?;
    for document in documents {
        writer.add_document(written(document))?;
    }
    let index = writer.finalize()?;
    let mut bytes = Vec::new();
    bundle_of(&index, &folder, &mut bytes)?;
    Ok(Some(bytes))
}

/// How splits are written: nothing is kept of the documents themselves, so there is nothing to compress, nor a thread to do it.
pub(crate) fn settings() -> IndexSettings {
    IndexSettings {
        docstore_compression: Compressor::None,
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    }
}

/// Bundles the only segment of an index.
pub(crate) fn bundle_of(
    index: &Index,
    folder: &RamDirectory,
    sink: &mut dyn io::Write,
) -> Result<u64, SplitError> {
    let segments = index.searchable_segments()?;
    let [segment] = segments.as_slice() else {
        return Err(SplitError::NotASplit("an index of several segments"));
    };
    let mut pieces: Vec<(&str, OwnedBytes)> = Vec::with_capacity(PIECES.len());
    for name in PIECES {
        let path = PathBuf::from(format!("{}.{name}", segment.id().uuid_string()));
        let file = folder.open_read(&path).map_err(tantivy::TantivyError::from)?;
        pieces.push((name, file.read_bytes()?));
    }
    bundle::write(&pieces, segment.meta().max_doc(), sink)
}

/// A document as the index takes it.
fn written(document: &Document) -> TantivyDocument {
    let mut written = TantivyDocument::new();
    written.add_u64(FIELDS.kind, kind_number(document.kind));
    written.add_u64(FIELDS.number, document.number);
    written.add_u64(FIELDS.version, document.version);
    written.add_u64(FIELDS.gone, u64::from(document.tombstone));
    if document.tombstone {
        return written;
    }
    for column in COLUMNS {
        if let Some(value) = document.columns.of(column) {
            written.add_i64(FIELDS.column(column), value);
        }
    }
    for (field, tokens) in by_field(&document.texts) {
        add_words(&mut written, FIELDS.text(field), tokens);
    }
    let keywords = document.keywords.iter().map(|keyword| Word {
        position: 0,
        text: keyword.clone(),
        ..Word::default()
    });
    let tokens: Vec<Word> = keywords.collect();
    if !tokens.is_empty() {
        written.add_pre_tokenized_text(
            FIELDS.keywords,
            PreTokenizedString {
                text: String::new(),
                tokens,
            },
        );
    }
    written
}

/// The tokens of each field, wherever in the list they stand.
fn by_field(texts: &[(TextField, Vec<Token>)]) -> BTreeMap<TextField, Vec<&Token>> {
    let mut fields: BTreeMap<TextField, Vec<&Token>> = BTreeMap::new();
    for (field, tokens) in texts {
        fields.entry(*field).or_default().extend(tokens);
    }
    fields
}

/// Adds words in the order of their places, each at a place once: the index takes them only so.
fn add_words(written: &mut TantivyDocument, field: Field, mut tokens: Vec<&Token>) {
    tokens.sort_by(|left, right| (left.position, &left.text).cmp(&(right.position, &right.text)));
    tokens.dedup();
    let words = tokens.into_iter().map(|token| Word {
        position: token.position as usize,
        text: token.text.clone(),
        ..Word::default()
    });
    let tokens: Vec<Word> = words.collect();
    if !tokens.is_empty() {
        written.add_pre_tokenized_text(
            field,
            PreTokenizedString {
                text: String::new(),
                tokens,
            },
        );
    }
}
