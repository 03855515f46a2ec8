//! The parts of the store: each a borrowed view with the methods of one thing.

use crate::Store;

/// Tickets as stored, and the lists of them.
#[derive(Clone, Copy)]
pub struct Tickets<'s>(pub(crate) &'s Store);

/// Outgoing work.
#[derive(Clone, Copy)]
pub struct Outbox<'s>(pub(crate) &'s Store);

/// Agents' answers that can be recalled.
#[derive(Clone, Copy)]
pub struct Recallable<'s>(pub(crate) &'s Store);

/// What is due.
#[derive(Clone, Copy)]
pub struct Due<'s>(pub(crate) &'s Store);

/// People as stored.
#[derive(Clone, Copy)]
pub struct People<'s>(pub(crate) &'s Store);

/// Organizations, and what leads to them.
#[derive(Clone, Copy)]
pub struct Organizations<'s>(pub(crate) &'s Store);

/// Groups and their members, as stored.
#[derive(Clone, Copy)]
pub struct Groups<'s>(pub(crate) &'s Store);

/// Those who work here, and what they have in hand.
#[derive(Clone, Copy)]
pub struct Agents<'s>(pub(crate) &'s Store);

/// What changed about all that is no ticket.
#[derive(Clone, Copy)]
pub struct Audits<'s>(pub(crate) &'s Store);

/// Queues of nudges and messages.
#[derive(Clone, Copy)]
pub struct Queues<'s>(pub(crate) &'s Store);

/// Messages that were received too often.
#[derive(Clone, Copy)]
pub struct DeadLetters<'s>(pub(crate) &'s Store);

/// Bodies, files and decisions in the bucket.
#[derive(Clone, Copy)]
pub struct Blobs<'s>(pub(crate) &'s Store);

/// Files that wait for their comment.
#[derive(Clone, Copy)]
pub struct Uploads<'s>(pub(crate) &'s Store);

/// Mail as it came, and the originals that were kept.
#[derive(Clone, Copy)]
pub struct Spool<'s>(pub(crate) &'s Store);

/// The mailer, and what SES says of the account.
#[derive(Clone, Copy)]
pub struct Mail<'s>(pub(crate) &'s Store);

/// Contacts that were held back.
#[derive(Clone, Copy)]
pub struct Held<'s>(pub(crate) &'s Store);

/// The hours of the ledger.
#[derive(Clone, Copy)]
pub struct LedgerHours<'s>(pub(crate) &'s Store);

/// Browsers that are signed in.
#[derive(Clone, Copy)]
pub struct Sessions<'s>(pub(crate) &'s Store);

/// Versions of policies, calendars and rules, as stored.
#[derive(Clone, Copy)]
pub struct OperatorRules<'s>(pub(crate) &'s Store);

/// Saved views.
#[derive(Clone, Copy)]
pub struct Views<'s>(pub(crate) &'s Store);

/// Where the index of the search lies.
#[derive(Clone, Copy)]
pub struct SearchIndex<'s>(pub(crate) &'s Store);

/// Jobs of bulk calls, as stored.
#[derive(Clone, Copy)]
pub struct Jobs<'s>(pub(crate) &'s Store);

/// How far agents have read.
#[derive(Clone, Copy)]
pub struct ReadMarks<'s>(pub(crate) &'s Store);

/// What agents have begun to write.
#[derive(Clone, Copy)]
pub struct Drafts<'s>(pub(crate) &'s Store);

/// Who has which ticket open.
#[derive(Clone, Copy)]
pub struct Presence<'s>(pub(crate) &'s Store);

/// What agents were told.
#[derive(Clone, Copy)]
pub struct Notifications<'s>(pub(crate) &'s Store);

/// Where agents were named.
#[derive(Clone, Copy)]
pub struct Mentions<'s>(pub(crate) &'s Store);

impl Store {
    /// How far agents have read.
    pub fn read_marks(&self) -> ReadMarks<'_> {
        ReadMarks(self)
    }

    /// What agents have begun to write.
    pub fn drafts(&self) -> Drafts<'_> {
        Drafts(self)
    }

    /// Who has which ticket open.
    pub fn presence(&self) -> Presence<'_> {
        Presence(self)
    }

    /// What agents were told.
    pub fn notifications(&self) -> Notifications<'_> {
        Notifications(self)
    }

    /// Where agents were named.
    pub fn mentions(&self) -> Mentions<'_> {
        Mentions(self)
    }

    /// Tickets as stored, and the lists of them.
    pub fn tickets(&self) -> Tickets<'_> {
        Tickets(self)
    }

    /// Outgoing work.
    pub fn outbox(&self) -> Outbox<'_> {
        Outbox(self)
    }

    /// Agents' answers that can be recalled.
    pub fn recallable(&self) -> Recallable<'_> {
        Recallable(self)
    }

    /// What is due.
    pub fn due(&self) -> Due<'_> {
        Due(self)
    }

    /// People as stored.
    pub fn people(&self) -> People<'_> {
        People(self)
    }

    /// Organizations, and what leads to them.
    pub fn organizations(&self) -> Organizations<'_> {
        Organizations(self)
    }

    /// Groups and their members, as stored.
    pub fn groups(&self) -> Groups<'_> {
        Groups(self)
    }

    /// Those who work here, and what they have in hand.
    pub fn agents(&self) -> Agents<'_> {
        Agents(self)
    }

    /// What changed about all that is no ticket.
    pub fn audits(&self) -> Audits<'_> {
        Audits(self)
    }

    /// Queues of nudges and messages.
    pub fn queues(&self) -> Queues<'_> {
        Queues(self)
    }

    /// Messages that were received too often.
    pub fn dead_letters(&self) -> DeadLetters<'_> {
        DeadLetters(self)
    }

    /// Bodies, files and decisions in the bucket.
    pub fn blobs(&self) -> Blobs<'_> {
        Blobs(self)
    }

    /// Where the index of the search lies.
    pub fn search_index(&self) -> SearchIndex<'_> {
        SearchIndex(self)
    }

    /// Files that wait for their comment.
    pub fn uploads(&self) -> Uploads<'_> {
        Uploads(self)
    }

    /// Mail as it came, and the originals that were kept.
    pub fn spool(&self) -> Spool<'_> {
        Spool(self)
    }

    /// The mailer, and what SES says of the account.
    pub fn mail(&self) -> Mail<'_> {
        Mail(self)
    }

    /// Contacts that were held back.
    pub fn held(&self) -> Held<'_> {
        Held(self)
    }

    /// The hours of the ledger.
    pub fn ledger(&self) -> LedgerHours<'_> {
        LedgerHours(self)
    }

    /// Browsers that are signed in.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(self)
    }

    /// Jobs of bulk calls, as stored.
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs(self)
    }

    /// Saved views.
    pub fn views(&self) -> Views<'_> {
        Views(self)
    }

    /// Versions of policies, calendars and rules, as stored.
    pub fn rules(&self) -> OperatorRules<'_> {
        OperatorRules(self)
    }
}
