//! Words and terms as they stand in indexes that exist.

use docket_domain::{
    Digest, OrganizationId, PersonId, TicketNumber, Timestamp,
    ticket::{Channel, Ticket, TicketType},
};
use docket_search::{CommentWords, PersonWords, SCHEME, TicketWords};

/// One ticket with something of everything.
fn document() -> String {
    let mut head = Ticket::blank(TicketNumber(7));
    head.v = 3;
    head.subject = "Rückfrage zu AB-1234, ﾊﾟｽﾜｰﾄﾞ, О'Ёлка й, ΟΔΟΣ".to_owned();
    head.requester = PersonId(1);
    head.ccs = vec![PersonId(2)];
    head.tags = vec!["VIP".to_owned()];
    head.ticket_type = Some(TicketType::Task);
    head.external_id = Some("ERP 7".to_owned());
    head.language = Some("pt-BR".to_owned());
    head.fields.insert("plan".to_owned(), "Gold plan".to_owned());
    head.channel = Channel::Mail {
        mailbox: "support@desk.example".to_owned(),
    };
    head.created_at = Timestamp::UNIX_EPOCH;
    let words = TicketWords {
        head: &head,
        organization: Some(OrganizationId(9)),
        comments: &[
            CommentWords {
                author: PersonId(1),
                public: true,
                text: "東京都 山田\n太郎 고객센터 กินข้าว ខ្មែរ مُحَمَّد हिन्दी +49 (0)30 123-456 don't",
                files: &["photo.jpg"],
            },
            CommentWords {
                author: PersonId(3),
                public: false,
                text: "https://shop.example/a?b=v1.2",
                files: &["x.pdf"],
            },
        ],
        people: &[PersonWords {
            person: PersonId(1),
            name: "Åsa Ørsted",
            addresses: &["asa@orsted.example"],
        }],
    };
    // Which words have to go is told beside them.
    format!("{:?}", words.document().document).replace(", erases_before: 0", "")
}

#[test]
fn whoever_changes_words_or_terms_names_another_scheme() {
    let stood = (
        "w1-k3-sstable",
        "91beed1064683aea0372bc0f42cebe7f340355880260f4841771fd19398d751e",
    );
    let stands = Digest::of(document().as_bytes());
    assert_eq!(
        (SCHEME, stands.as_str()),
        stood,
        "an index that exists has other words: {}",
        document()
    );
}
