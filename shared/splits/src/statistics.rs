//! How rare a word is: counted over all splits, so that the same match counts as much wherever it stands. What is superseded counts, too,
//! until a merge leaves it out; so scores are for comparing within one answer.

use crate::splits::Part;
use tantivy::{Term, query::Bm25StatisticsProvider, schema::Field};

pub(crate) struct Statistics<'a>(pub(crate) &'a [Part]);

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let tokens = |part: &Part| Ok(part.split.reader().inverted_index(field)?.total_num_tokens());
        self.0.iter().map(tokens).sum()
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.0.iter().map(|part| u64::from(part.split.documents())).sum())
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let count = |part: &Part| {
            let index = part.split.reader().inverted_index(term.field())?;
            Ok(u64::from(index.doc_freq(term)?))
        };
        self.0.iter().map(count).sum()
    }
}
