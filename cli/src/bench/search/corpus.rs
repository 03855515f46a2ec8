//! Tickets with made-up text: words by Zipf's law, a quarter of them in scripts without spaces.

use docket_domain::{
    GroupId, PersonId, TicketNumber, Timestamp,
    ticket::{Channel, Priority, Status, Ticket},
};
use docket_search::{CommentWords, Document, PersonWords, TicketWords};
use jiff::SignedDuration;

/// Different words of a script with spaces, and as many of one without.
const WORDS: u64 = 60_000;
/// Of so many tickets one is written in a script without spaces.
const OF_TICKETS_ONE_UNSPACED: u64 = 4;
/// Of so many words with spaces one has a letter with a mark.
const OF_WORDS_ONE_MARKED: u64 = 5;
const WORDS_OF_A_SUBJECT: u64 = 6;
const WORDS_OF_A_MAIL: u64 = 110;
const WORDS_OF_AN_ANSWER: u64 = 40;
const WORDS_OF_A_NOTE: u64 = 12;
/// Words of a script without spaces that follow each other without any sign between them.
const WORDS_OF_A_RUN: u64 = 5;
const GROUPS: u64 = 12;
const AGENTS: u64 = 300;
const TAGS: u64 = 200;
const REQUESTERS: u64 = 20_000;
/// The first ticket's time.
const BEGINNING: &str = "2026-01-01T00:00:00Z";
/// Between one ticket and the next.
const APART: SignedDuration = SignedDuration::from_mins(3);

/// Numbers that are the same each time.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) ^ (self.0 >> 12 & 0xFFFF)
    }

    pub(super) fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    /// A rank below a bound: small ones often, great ones seldom, as words are in texts.
    pub(super) fn rank(&mut self, most: u64) -> u64 {
        let unit = self.below(1 << 20) as f64 / (1 << 20) as f64;
        ((most as f64).powf(unit) as u64).clamp(1, most) - 1
    }
}

/// The word of a rank in a script with spaces.
pub(super) fn word(rank: u64) -> String {
    const SYLLABLES: [&str; 12] = [
        "st", "ra", "ne", "ko", "li", "mu", "ter", "an", "vo", "ber", "si", "qu",
    ];
    const MARKED: [&str; 12] = [
        "st", "rä", "né", "kö", "li", "mü", "ter", "án", "vo", "bér", "ší", "qu",
    ];
    let syllables = match rank % OF_WORDS_ONE_MARKED {
        0 => MARKED,
        _ => SYLLABLES,
    };
    let mut word = String::new();
    let mut rest = rank * 7 + 13;
    while rest > 0 {
        word.push_str(syllables[(rest % 12) as usize]);
        rest /= 12;
    }
    word
}

/// The word of a rank in a script without spaces: two characters, or three.
pub(super) fn unspaced_word(rank: u64) -> String {
    const FIRST: u32 = 0x4e00;
    const CHARACTERS: u64 = 2_400;
    let character = |at: u64| {
        let code = u32::try_from(at % CHARACTERS).unwrap_or_default();
        char::from_u32(FIRST + code).unwrap_or('一')
    };
    let mut word = String::from(character(rank.wrapping_mul(17) + 5));
    word.push(character(rank.wrapping_mul(101) + rank / CHARACTERS + 77));
    if rank % 3 == 2 {
        word.push(character(rank / 3 + 1_000));
    }
    word
}

/// The tag of a rank.
pub(super) fn tag(rank: u64) -> String {
    format!("tag{rank}")
}

/// The order number that a ticket's mail names.
pub(super) fn order_number(number: u64) -> String {
    format!("ORD-{}", 1_000_000 + number * 7)
}

/// What people say in a ticket.
pub(super) struct Texts {
    pub(super) subject: String,
    pub(super) comments: [String; 3],
}

impl Texts {
    pub(super) fn bytes(&self) -> u64 {
        let comments: usize = self.comments.iter().map(String::len).sum();
        (self.subject.len() + comments) as u64
    }

    fn of(number: u64, dice: &mut Dice) -> Self {
        let is_unspaced = number.is_multiple_of(OF_TICKETS_ONE_UNSPACED);
        let mut text = |words: u64| match is_unspaced {
            true => unspaced(words, dice),
            false => spaced(words, dice),
        };
        let subject = text(WORDS_OF_A_SUBJECT);
        let [mail, answer, note] = [WORDS_OF_A_MAIL, WORDS_OF_AN_ANSWER, WORDS_OF_A_NOTE].map(&mut text);
        let mail = format!("{mail}\n{}", order_number(number));
        Self {
            subject,
            comments: [mail, answer, note],
        }
    }
}

fn spaced(words: u64, dice: &mut Dice) -> String {
    let words: Vec<String> = (0..words).map(|_| word(dice.rank(WORDS))).collect();
    words.join(" ")
}

fn unspaced(words: u64, dice: &mut Dice) -> String {
    let mut text = String::new();
    for at in 1..=words {
        text.push_str(&unspaced_word(dice.rank(WORDS)));
        if at % WORDS_OF_A_RUN == 0 {
            text.push('。');
        }
    }
    text
}

/// The document of a ticket, and how many bytes of text it was made from.
pub(super) fn document(number: u64, dice: &mut Dice) -> anyhow::Result<(Document, u64)> {
    let texts = Texts::of(number, dice);
    let head = head(number, &texts.subject, dice)?;
    let agent = head.assignee.unwrap_or(PersonId(1));
    let comment = |author, public, text| CommentWords {
        author,
        public,
        text,
        files: &[],
    };
    let [mail, answer, note] = &texts.comments;
    let comments = [
        comment(head.requester, true, mail),
        comment(agent, true, answer),
        comment(agent, false, note),
    ];
    let name = format!("{} {}", word(head.requester.0), word(head.requester.0 / 7));
    let address = format!("customer{}@example.com", head.requester.0);
    let addresses = [address.as_str()];
    let people = [PersonWords {
        person: head.requester,
        name: &name,
        addresses: &addresses,
    }];
    let words = TicketWords {
        head: &head,
        organization: None,
        comments: &comments,
        people: &people,
    };
    Ok((words.document().document, texts.bytes()))
}

/// Of ten tickets six are closed, one is solved, the others are new, open or pending.
fn head(number: u64, subject: &str, dice: &mut Dice) -> anyhow::Result<Ticket> {
    let beginning: Timestamp = BEGINNING.parse()?;
    let mut head = Ticket::blank(TicketNumber(number));
    head.v = 1;
    head.subject = subject.to_owned();
    head.status = match dice.below(10) {
        0 => Status::New,
        1 => Status::Open,
        2 => Status::Pending,
        3 => Status::Solved,
        _ => Status::Closed,
    };
    head.priority = match dice.below(8) {
        0 => Some(Priority::Urgent),
        1 => Some(Priority::High),
        2..5 => Some(Priority::Normal),
        _ => None,
    };
    head.requester = PersonId(1_000 + dice.rank(REQUESTERS));
    head.assignee = Some(PersonId(1 + dice.below(AGENTS)));
    head.group = Some(GroupId(1 + dice.below(GROUPS)));
    head.tags = vec![tag(dice.rank(TAGS))];
    head.channel = Channel::Mail {
        mailbox: "support@desk.example".to_owned(),
    };
    let steps = i32::try_from(number).unwrap_or(i32::MAX);
    head.created_at = beginning.checked_add(APART.saturating_mul(steps))?;
    let later = i32::try_from(dice.below(10_000)).unwrap_or_default();
    head.updated_at = head.created_at.checked_add(APART.saturating_mul(later))?;
    if head.status >= Status::Solved {
        head.solved_at = Some(head.updated_at);
    }
    Ok(head)
}
