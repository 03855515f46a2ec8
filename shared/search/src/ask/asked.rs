//! A query that can be asked: by whom, when, with the numbers of its names.

use super::{
    asking::Asking,
    compile,
    seen::Seen,
    stand::{Facts, WhoIsAround, stands},
};
use crate::{
    document::{Columns, Document, Kind, TextField, Token},
    make::{head_columns, head_keywords},
    matcher::{Matcher, Order, Question},
    query::Query,
    text::words,
};
use docket_domain::{OrganizationId, ticket::Ticket};

/// A query that can be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    seen: Matcher,
    wanted: Matcher,
    order: Order,
}

impl Query {
    /// The query as somebody asks it who may see no more than this.
    ///
    /// Free words are looked for in tickets (subject, comments, people, files), in people (name, addresses, telephone numbers, ids,
    /// details, notes) and in organizations (name, domains, ids, details, notes); `type:` chooses among them. A property means the
    /// documents that have it: `status:open jane` finds tickets only, `role:agent jane` people only, `tags:vip` all three, and what
    /// no document has together finds nothing.
    pub fn ask(&self, seen: &Seen, asking: &Asking<'_>) -> Asked {
        Asked {
            seen: seen.matcher(),
            wanted: compile::wanted(self, seen, asking),
            order: seen.order(self.sorting.order()),
        }
    }
}

impl Asked {
    /// What is wanted by whoever sees no more than this.
    pub(crate) fn of(seen: &Seen, wanted: Matcher, order: Order) -> Self {
        Self {
            seen: seen.matcher(),
            wanted,
            order,
        }
    }

    /// Whether it asks for who is around tickets: then nothing is known by a ticket's head alone.
    pub fn looks_around(&self) -> bool {
        self.wanted.looks_around()
    }

    /// Whether a ticket is found by its head, and by who is around it where they are known; nothing where its comments would have to be
    /// known, too.
    pub fn known_by_head(
        &self,
        head: &Ticket,
        organization: Option<OrganizationId>,
        around: Option<&WhoIsAround>,
    ) -> Option<bool> {
        let (columns, keywords) = (
            head_columns(head, organization),
            head_keywords(head, organization),
        );
        let facts = of_head(head, &columns, &keywords, None, around);
        let parts = [stands(&self.seen, &facts), stands(&self.wanted, &facts)];
        match parts {
            [Some(true), Some(true)] => Some(true),
            [Some(false), _] | [_, Some(false)] => Some(false),
            _ => None,
        }
    }

    /// What an index is asked.
    pub fn question(&self, skip: usize, take: usize) -> Question {
        Question {
            matcher: Matcher::And(vec![
                Matcher::Weighted(0.0, Box::new(self.seen.clone())),
                self.wanted.clone(),
            ]),
            order: self.order,
            skip,
            take,
        }
    }

    /// Whether a ticket that an index found stands by the query as its head is now, and may be seen. The organization is its
    /// requester's.
    ///
    /// Words, who wrote and whether there are files are taken as the index had them: the head does not tell.
    pub fn matches(&self, head: &Ticket, organization: Option<OrganizationId>) -> bool {
        self.matches_among(head, organization, None)
    }

    /// The same with who is around it; where they are not known, that is taken as the index had it, too.
    pub fn matches_among(
        &self,
        head: &Ticket,
        organization: Option<OrganizationId>,
        around: Option<&WhoIsAround>,
    ) -> bool {
        let (columns, keywords) = (
            head_columns(head, organization),
            head_keywords(head, organization),
        );
        let facts = of_head(head, &columns, &keywords, None, around);
        stands(&self.seen, &facts) == Some(true) && stands(&self.wanted, &facts) != Some(false)
    }

    /// Whether a ticket is found by its head alone, words of the subject included: for as long as there is no index. What a head
    /// does not tell is not found.
    pub fn words_in_head(&self, head: &Ticket, organization: Option<OrganizationId>) -> bool {
        let (columns, keywords) = (
            head_columns(head, organization),
            head_keywords(head, organization),
        );
        let texts = [(TextField::Title, words(&head.subject))];
        let facts = of_head(head, &columns, &keywords, Some(&texts), None);
        [&self.seen, &self.wanted]
            .into_iter()
            .all(|matcher| stands(matcher, &facts) == Some(true))
    }

    /// Whether a document is found. People and organizations that an index found are checked by the documents that
    /// [`person_document`](crate::person_document) and [`organization_document`](crate::organization_document) make of them now.
    pub fn finds(&self, document: &Document) -> bool {
        let facts = Facts::of(document);
        let mut matchers = [&self.seen, &self.wanted].into_iter();
        !document.tombstone && matchers.all(|matcher| stands(matcher, &facts) == Some(true))
    }
}

fn of_head<'a>(
    head: &Ticket,
    columns: &'a Columns,
    keywords: &'a [String],
    texts: Option<&'a [(TextField, Vec<Token>)]>,
    around: Option<&'a WhoIsAround>,
) -> Facts<'a> {
    Facts {
        kind: Kind::Ticket,
        number: head.number.0,
        columns,
        keywords,
        texts,
        knows_comments: false,
        around,
    }
}
