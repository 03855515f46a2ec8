//! The newest part of a ticket, in a bounded number of reads: most tickets are read whole by one query, of a long one only what a
//! page shows is read.

use crate::{
    StoreError,
    keys::{ItemKey, ticket_pk},
    parts::Tickets,
    table::{
        item::{Item, text_in},
        page::Query,
    },
    tickets::TicketFile,
};
use docket_domain::TicketNumber;

/// Most items of a ticket that is read whole: one query brings them.
const FEW_ITEMS: usize = 100;
/// Most saves of a long ticket that are read, and their words and work.
const MOST_SAVES: usize = 100;
/// The first saves of a long ticket: how it came, and what triage made of it.
const FIRST_SAVES: usize = 4;
/// Most answers that can be recalled of a long ticket.
const MOST_ANSWERS: usize = 50;

/// Which part of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Most comments.
    pub comments: usize,
    /// Only comments before this version; the newest where nothing is said.
    pub before: Option<u64>,
}

/// A part of a ticket.
#[derive(Clone, Debug)]
pub struct TicketPart {
    /// The ticket with what was read of it, in order. Of a long one there is a gap between how it began and the part.
    pub file: TicketFile,
    /// The first version from which on everything was read, up to the part's end; 0 where all was.
    pub from_v: u64,
}

impl TicketPart {
    /// Whether everything was read.
    pub fn is_whole(&self) -> bool {
        self.from_v == 0
    }
}

impl Tickets<'_> {
    /// A part of a ticket that was not deleted, as of now.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn standing_part(
        self,
        number: TicketNumber,
        part: Part,
    ) -> Result<Option<TicketPart>, StoreError> {
        let found = self.part(number, part).await?;
        Ok(found.filter(|found| !found.file.ticket.is_deleted()))
    }

    async fn part(self, number: TicketNumber, part: Part) -> Result<Option<TicketPart>, StoreError> {
        let pk = ticket_pk(&self.0.settings.tenant, number);
        let items = self.0.query(Query::partition(pk, FEW_ITEMS)).await?;
        if items.len() < FEW_ITEMS {
            let file = self.file_of(number, items).await?;
            return Ok(file.map(|file| TicketPart { file, from_v: 0 }));
        }
        self.part_of_long(number, part).await
    }

    async fn part_of_long(self, number: TicketNumber, part: Part) -> Result<Option<TicketPart>, StoreError> {
        let before = part.before.map(|v| v.saturating_sub(1));
        let until = before.unwrap_or(ItemKey::LAST_VERSION);
        let head = async {
            let head = self.0.get_item(&ItemKey::Head(number)).await?;
            Ok::<_, StoreError>(head.into_iter().collect::<Vec<Item>>())
        };
        // One comment more says whether there are earlier ones.
        let (mut items, mut comments, saves, words, work, answers, first, first_words) = tokio::try_join!(
            head,
            self.newest(number, ItemKey::Comment(number, until), part.comments + 1),
            self.newest(number, ItemKey::Event(number, until), MOST_SAVES),
            self.newest(number, ItemKey::Words(number, until), MOST_SAVES),
            self.newest_work(number, until),
            self.beginning(number, "A#", MOST_ANSWERS),
            self.beginning(number, "E#", FIRST_SAVES),
            self.beginning(number, "W#", FIRST_SAVES),
        )?;
        let version = |item: &Item| {
            let sk = text_in(item, "SK").unwrap_or_default();
            sk.split('#').nth(1).and_then(|v| v.parse::<u64>().ok())
        };
        let first_save = saves.last().and_then(version).unwrap_or(1);
        let is_more = comments.len() > part.comments;
        comments.truncate(part.comments);
        let first_comment = comments.last().and_then(version).filter(|_| is_more);
        // What stands before the first save that was read has nothing around it.
        let from_v = first_comment.map_or(first_save, |first| first.max(first_save));
        comments.retain(|item| version(item).is_some_and(|v| v >= from_v));
        let known: Vec<Option<u64>> = saves.iter().map(version).collect();
        items.extend(comments.into_iter().rev());
        // What is read twice stands once.
        items.extend(first.into_iter().filter(|item| !known.contains(&version(item))));
        items.extend(saves);
        let known: Vec<Option<u64>> = words.iter().map(version).collect();
        items.extend(
            first_words
                .into_iter()
                .filter(|item| !known.contains(&version(item))),
        );
        items.extend(words);
        items.extend(work.into_iter().rev());
        items.extend(answers);
        let file = self.file_of(number, items).await?;
        Ok(file.map(|file| TicketPart { file, from_v }))
    }

    /// Items of the kind of a key, those before it, the newest first.
    async fn newest(
        self,
        number: TicketNumber,
        before: ItemKey,
        most: usize,
    ) -> Result<Vec<Item>, StoreError> {
        let to = before.sk();
        let letter = to.split('#').next().unwrap_or_default().to_owned();
        let values = vec![(":from", format!("{letter}#")), (":to", to)];
        let pk = ticket_pk(&self.0.settings.tenant, number);
        let mut query = Query::partition(pk, most).range("SK BETWEEN :from AND :to", values);
        query.newest_first = true;
        self.0.query(query).await
    }

    async fn newest_work(self, number: TicketNumber, until: u64) -> Result<Vec<Item>, StoreError> {
        let values = vec![(":from", "O#".to_owned()), (":to", format!("O#{until:010}#~"))];
        let pk = ticket_pk(&self.0.settings.tenant, number);
        let mut query = Query::partition(pk, MOST_SAVES).range("SK BETWEEN :from AND :to", values);
        query.newest_first = true;
        self.0.query(query).await
    }

    async fn beginning(
        self,
        number: TicketNumber,
        prefix: &str,
        most: usize,
    ) -> Result<Vec<Item>, StoreError> {
        let pk = ticket_pk(&self.0.settings.tenant, number);
        let values = vec![(":of", prefix.to_owned())];
        let query = Query::partition(pk, most).range("begins_with(SK, :of)", values);
        self.0.query(query).await
    }
}
