//! Phrases. A place may have several readings, of which any will do: the library's phrases have one word a place, and all combinations
//! of readings would be too many. Theirs do not bear to be excluded either (they are asked for documents before the one at which
//! they stand, and panic where assertions are on), so this is the only kind of phrase.

use tantivy::{
    DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term,
    fieldnorm::FieldNormReader,
    postings::{Postings, SegmentPostings},
    query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight},
    schema::IndexRecordOption,
};

/// A query for words at these distances from the first place, at least one word a place, all of one field.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    places: Vec<(u32, Vec<Term>)>,
}

impl Places {
    pub(crate) fn new(places: Vec<(u32, Vec<Term>)>) -> Self {
        Self { places }
    }
}

impl Query for Places {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let terms: Vec<Term> = self
            .places
            .iter()
            .flat_map(|(_, terms)| terms.iter().cloned())
            .collect();
        let rarity = match scoring {
            EnableScoring::Enabled {
                statistics_provider, ..
            } if !terms.is_empty() => Some(Bm25Weight::for_terms(statistics_provider, &terms)?),
            _ => None,
        };
        Ok(Box::new(PlacesWeight {
            places: self.places.clone(),
            rarity,
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for term in self.places.iter().flat_map(|(_, terms)| terms) {
            visitor(term, true);
        }
    }
}

struct PlacesWeight {
    places: Vec<(u32, Vec<Term>)>,
    rarity: Option<Bm25Weight>,
}

impl Weight for PlacesWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let furthest = self
            .places
            .iter()
            .map(|(offset, _)| *offset)
            .max()
            .unwrap_or_default();
        let mut places = Vec::with_capacity(self.places.len());
        for (offset, terms) in &self.places {
            let mut readings = Vec::with_capacity(terms.len());
            for term in terms {
                let index = reader.inverted_index(term.field())?;
                readings.extend(index.read_postings(term, IndexRecordOption::WithFreqsAndPositions)?);
            }
            if readings.is_empty() {
                return Ok(Box::new(EmptyScorer));
            }
            places.push(Place {
                shift: furthest - offset,
                readings,
            });
        }
        let field = self
            .places
            .iter()
            .flat_map(|(_, terms)| terms)
            .map(Term::field)
            .next();
        let lengths = match field {
            Some(field) if self.rarity.is_some() => reader.fieldnorms_readers().get_field(field)?,
            _ => None,
        };
        let lengths = lengths.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1));
        let rarity = self.rarity.as_ref().map(|rarity| rarity.boost_by(boost));
        let mut scorer = PlacesScorer {
            places,
            rarity,
            lengths,
            document: 0,
            times: 0,
            found: Vec::new(),
            here: Vec::new(),
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
        Ok(Explanation::new("phrase of several readings", scorer.score()))
    }
}

/// A place of the phrase with the documents of its readings.
struct Place {
    /// What is added to positions so that those of one occurrence are equal.
    shift: u32,
    readings: Vec<SegmentPostings>,
}

impl Place {
    /// The first document from this one on in which one of the readings stands.
    fn seek(&mut self, document: DocId) -> DocId {
        let mut first = TERMINATED;
        for reading in &mut self.readings {
            let at = if reading.doc() < document {
                reading.seek(document)
            } else {
                reading.doc()
            };
            first = first.min(at);
        }
        first
    }

    /// Where the phrase would end for each reading in this document.
    fn ends(&mut self, document: DocId, ends: &mut Vec<u32>) {
        ends.clear();
        for reading in self
            .readings
            .iter_mut()
            .filter(|reading| reading.doc() == document)
        {
            reading.append_positions_with_offset(self.shift, ends);
        }
        ends.sort_unstable();
        ends.dedup();
    }
}

struct PlacesScorer {
    places: Vec<Place>,
    rarity: Option<Bm25Weight>,
    lengths: FieldNormReader,
    document: DocId,
    /// How often the phrase stands in it.
    times: u32,
    found: Vec<u32>,
    here: Vec<u32>,
}

impl PlacesScorer {
    /// Goes to the first document from this one on that has the phrase.
    fn settle(&mut self, from: DocId) -> DocId {
        let mut candidate = from;
        while candidate < TERMINATED {
            let reached = self.places.iter_mut().map(|place| place.seek(candidate)).max();
            match reached {
                Some(reached) if reached == candidate => {
                    self.times = self.times_in(candidate);
                    if self.times > 0 {
                        self.document = candidate;
                        return candidate;
                    }
                    candidate += 1;
                }
                Some(reached) => candidate = reached,
                None => break,
            }
        }
        self.document = TERMINATED;
        TERMINATED
    }

    fn times_in(&mut self, document: DocId) -> u32 {
        let Self {
            places, found, here, ..
        } = self;
        let mut places = places.iter_mut();
        if let Some(first) = places.next() {
            first.ends(document, found);
        }
        for place in places {
            place.ends(document, here);
            found.retain(|end| here.binary_search(end).is_ok());
        }
        u32::try_from(found.len()).unwrap_or(u32::MAX)
    }
}

impl DocSet for PlacesScorer {
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
        let hints = self
            .places
            .iter()
            .map(|place| place.readings.iter().map(DocSet::size_hint).sum());
        hints.min().unwrap_or_default()
    }
}

impl Scorer for PlacesScorer {
    fn score(&mut self) -> Score {
        match &self.rarity {
            Some(rarity) => rarity.score(self.lengths.fieldnorm_id(self.document), self.times),
            None => 1.0,
        }
    }
}
