//! All documents but those of a query. The library's own exclusion asks what is excluded for documents before the one at which
//! it stands, which not all of its queries bear; this one goes forward only.

use tantivy::{
    DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term,
    query::{EnableScoring, Explanation, Query, Scorer, Weight},
};

/// A query for what another one does not find. It counts nothing for relevance.
#[derive(Debug)]
pub(crate) struct Without(Box<dyn Query>);

impl Without {
    pub(crate) fn new(excluded: Box<dyn Query>) -> Self {
        Self(excluded)
    }
}

impl Clone for Without {
    fn clone(&self) -> Self {
        Self(self.0.box_clone())
    }
}

impl Query for Without {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let unscored = EnableScoring::Disabled {
            schema: scoring.schema(),
            searcher_opt: scoring.searcher(),
        };
        Ok(Box::new(WithoutWeight(self.0.weight(unscored)?)))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.0.query_terms(visitor);
    }
}

struct WithoutWeight(Box<dyn Weight>);

impl Weight for WithoutWeight {
    fn scorer(&self, reader: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let excluded = self.0.scorer(reader, 1.0)?;
        let mut scorer = WithoutScorer {
            documents: reader.max_doc(),
            excluded,
            document: 0,
        };
        scorer.settle(0);
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > document || scorer.seek(document) != document {
            return Err(TantivyError::InvalidArgument(format!(
                "document {document} does not match"
            )));
        }
        Ok(Explanation::new("not excluded", 0.0))
    }
}

struct WithoutScorer {
    documents: u32,
    excluded: Box<dyn Scorer>,
    document: DocId,
}

impl WithoutScorer {
    /// Goes to the first document from this one on that is not excluded.
    fn settle(&mut self, from: DocId) -> DocId {
        let mut candidate = from;
        while candidate < self.documents {
            if self.excluded.doc() < candidate {
                self.excluded.seek(candidate);
            }
            if self.excluded.doc() != candidate {
                self.document = candidate;
                return candidate;
            }
            candidate += 1;
        }
        self.document = TERMINATED;
        TERMINATED
    }
}

impl DocSet for WithoutScorer {
    fn advance(&mut self) -> DocId {
        if self.document == TERMINATED {
            return TERMINATED;
        }
        self.settle(self.document + 1)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.document {
            return self.document;
        }
        self.settle(target)
    }

    fn doc(&self) -> DocId {
        self.document
    }

    fn size_hint(&self) -> u32 {
        self.documents.saturating_sub(self.excluded.size_hint())
    }
}

impl Scorer for WithoutScorer {
    fn score(&mut self) -> Score {
        0.0
    }
}
