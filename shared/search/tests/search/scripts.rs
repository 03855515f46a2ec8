//! Any part of a text is found, whatever its script.

use crate::index::Index;
use docket_domain::{PersonId, TicketNumber, Timestamp, ticket::Ticket};
use docket_search::{Asking, CommentWords, Names, Query, Seen, TicketWords};
use jiff::tz::TimeZone;
use proptest::prelude::*;

/// Whether a ticket with this comment is found.
fn finds(text: &str, query: &str) -> bool {
    let head = Ticket::blank(TicketNumber(1));
    let words = TicketWords {
        head: &head,
        organization: None,
        comments: &[CommentWords {
            author: PersonId(1),
            public: true,
            text,
            files: &[],
        }],
        people: &[],
    };
    let index = Index {
        documents: vec![words.document().document],
    };
    let query = Query::read(query).unwrap();
    let asking = Asking {
        now: Timestamp::UNIX_EPOCH,
        zone: &TimeZone::UTC,
        me: None,
        names: &Names::default(),
    };
    let asked = query.ask(&Seen::everything(), &asking);
    let is_found = !index.found(&asked.question(0, 1).matcher).is_empty();
    assert_eq!(asked.finds(&index.documents[0]), is_found);
    is_found
}

#[test]
fn what_people_type_is_found_in_what_people_wrote() {
    for (text, query) in [
        ("東京都に住んでいます", "東京都"),
        ("東京都に住んでいます", "京都"),
        ("東京都に住んでいます", "都"),
        ("海", "海"),
        ("上海", "海"),
        ("海外", "海"),
        ("ﾊﾝｶｸｶﾀｶﾅ", "ハンカク"),
        ("ハンカク", "ﾊﾝｶｸ"),
        ("注文番号ＡＢ－１２３４です", "AB-1234"),
        ("山田太郎様", "山田 太郎"),
        ("山田 太郎", "山田太郎"),
        ("払い\r\n戻してください", "払い戻し"),
        ("コール・センター", "コールセンター"),
        ("第3章を読む", "第3章"),
        ("我的订单没有收到", "订单"),
        ("我的订单没有收到", "没有收到"),
        ("고객센터에 문의했어요", "고객센터"),
        ("고객 센터에 문의했어요", "고객센터"),
        ("고객센터에 문의했어요", "센터"),
        ("환불을 원합니다", "환불"),
        ("ฉันกินข้าวแล้ว", "ข้าว"),
        ("น้ำไม่ไหล", "น้ำ"),
        ("ខ្ញុំមិនអាចចូលបាន", "ចូលបាន"),
        ("ຂ້ອຍບໍ່ສາມາດ", "ສາມາດ"),
        ("ကျွန်တော်မဝင်နိုင်ပါ", "ဝင်နိုင်"),
        ("أين طلبي رقم ٤٥٦؟", "طلبي"),
        ("أين طلبي رقم ٤٥٦؟", "456"),
        ("مُحَمَّد", "محمد"),
        ("איפה ההזמנה שלי", "ההזמנה"),
        ("Die Rückerstattung für Straße 5", "ruckerstattung"),
        ("Die Rückerstattung für Straße 5", "Rueckerstattung"),
        ("Die Rückerstattung für Straße 5", "strasse"),
        ("Rueckerstattung", "Rückerstattung"),
        ("Ещё один заказ", "еще"),
        ("Ещё один заказ", "зака"),
        ("Où est ma commande ?", "ou est"),
        ("İade istiyorum", "iade"),
        ("कृपया मदद करें", "मदद"),
        ("Δεν λειτουργεί", "λειτουργει"),
        ("Zażółć gęślą jaźń", "zazolc"),
        (
            "see https://shop.example/orders/AB-1234?x=1",
            "shop.example/orders/AB-1234",
        ),
        ("write to jane.doe@acme.example", "jane.doe@acme.example"),
        ("write to jane.doe@acme.example", "acme.example"),
        ("write to jane.doe@acme.example", "jane.doe@ac"),
        ("serial X_99/A.7", "x_99/a.7"),
        ("call (415) 418-7506", "4154187506"),
        ("call +1 415 418 7506", "+1 (415) 418-7506"),
        ("Wi-Fi", "wifi"),
        ("e\u{301}tude", "étude"),
    ] {
        assert!(finds(text, query), "{query} in {text}");
    }
}

#[test]
fn what_nobody_wrote_is_not_found() {
    for (text, query) in [
        ("東京都", "京東"),
        ("東京都", "東都"),
        ("海", "山"),
        ("desktop", "top"),
        ("мой дом", "мои"),
        ("ข้าว", "ขาว"),
        ("AB-1234", "AB-123 4"),
        ("jane doe", "\"doe jane\""),
    ] {
        assert!(!finds(text, query), "{query} in {text}");
    }
}

proptest! {
    #[test]
    fn each_two_neighbours_are_found(text in "[海山川東京都あいうアイウ가나다]{2,12}", at in 0_usize..11) {
        let characters: Vec<char> = text.chars().collect();
        let at = at.min(characters.len() - 2);
        let part: String = characters[at..at + 2].iter().collect();
        prop_assert!(finds(&text, &part));
        let phrase = format!("\"{part}\"");
        prop_assert!(finds(&text, &phrase));
    }

    #[test]
    fn each_part_is_found(text in "[海山川東京都あいうアイウ가나다]{1,12}", from in 0_usize..12, length in 1_usize..12) {
        let characters: Vec<char> = text.chars().collect();
        let from = from.min(characters.len() - 1);
        let part: String = characters[from..].iter().take(length).collect();
        prop_assert!(finds(&text, &part));
    }

    #[test]
    fn each_word_is_found_by_itself_and_as_a_phrase(words in prop::collection::vec("[a-zäöüßéжёй]{3,9}", 1..6), at in 0_usize..6) {
        let text = words.join(" ");
        let word = &words[at.min(words.len() - 1)];
        prop_assert!(finds(&text, word));
        let phrase = format!("\"{text}\"");
        prop_assert!(finds(&text, &phrase));
    }

    #[test]
    fn a_word_of_any_kind_is_found_in_itself(text in "[a-z0-9@._/'+ü山가-]{1,16}") {
        if let Ok(query) = Query::read(&text)
            && !query.terms.is_empty()
            && query.terms.iter().all(|term| !term.negated)
        {
            prop_assert!(finds(&text, &text));
        }
    }
}
