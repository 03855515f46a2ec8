//! What is stored of a contact or an answer before its change, once, however often the change is tried.

use crate::{
    Desk,
    tickets::{NewComment, StoredWords},
};
use docket_domain::{PersonId, TicketNumber};
use docket_store::{StoreError, keys::Counter};

/// The number drawn for a new ticket, and where text and files of comments lie. A second try finds them.
#[derive(Debug, Default)]
pub struct StoredOnce {
    /// The number of a ticket of its own, once it was drawn.
    pub drawn: Option<TicketNumber>,
    /// The number of somebody new, once it was drawn.
    person: Option<PersonId>,
    /// By the ticket, and whether it is the comment or what an agent says beside it.
    words: Vec<(TicketNumber, Beside, StoredWords)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    Comment,
    Note,
}

impl StoredOnce {
    /// Nothing yet; a ticket of its own has the number that was drawn before.
    pub fn under(drawn: Option<TicketNumber>) -> Self {
        Self {
            drawn,
            ..Self::default()
        }
    }

    /// The number of a ticket of its own.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn number(&mut self, desk: &Desk) -> Result<TicketNumber, StoreError> {
        match self.drawn {
            Some(number) => Ok(number),
            None => {
                let number = desk.tickets().next_number().await?;
                self.drawn = Some(number);
                Ok(number)
            }
        }
    }

    /// The number of somebody new.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn person(&mut self, desk: &Desk) -> Result<PersonId, StoreError> {
        match self.person {
            Some(person) => Ok(person),
            None => {
                let person = PersonId(desk.next_number(Counter::People).await?);
                self.person = Some(person);
                Ok(person)
            }
        }
    }

    /// The same for whom a ticket of its own is made: both numbers are drawn at once.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn requester(&mut self, desk: &Desk) -> Result<PersonId, StoreError> {
        if let (None, None) = (self.drawn, self.person) {
            let [number, person] = desk.next_numbers([Counter::Tickets, Counter::People]).await?;
            self.drawn = Some(TicketNumber(number));
            self.person = Some(PersonId(person));
        }
        self.person(desk).await
    }

    /// Where text and files of the comment lie.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn words(
        &mut self,
        desk: &Desk,
        number: TicketNumber,
        comment: &NewComment,
    ) -> Result<StoredWords, StoreError> {
        self.find_or_store(desk, (number, Beside::Comment), comment).await
    }

    /// The same for what an agent says beside a new ticket's comment.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn note_words(
        &mut self,
        desk: &Desk,
        number: TicketNumber,
        note: &NewComment,
    ) -> Result<StoredWords, StoreError> {
        self.find_or_store(desk, (number, Beside::Note), note).await
    }

    async fn find_or_store(
        &mut self,
        desk: &Desk,
        (number, beside): (TicketNumber, Beside),
        comment: &NewComment,
    ) -> Result<StoredWords, StoreError> {
        let known = self
            .words
            .iter()
            .find(|(at, which, _)| (*at, *which) == (number, beside));
        if let Some((_, _, words)) = known {
            return Ok(words.clone());
        }
        let words = desk.store_words(number, comment).await?;
        self.words.push((number, beside, words.clone()));
        Ok(words)
    }
}
