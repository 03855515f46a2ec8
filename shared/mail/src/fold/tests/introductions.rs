//! Introducing lines as clients write them.

use super::*;

#[track_caller]
fn check_introduction(introduction: &str) {
    let unmarked = format!("Thank you.\n\n{introduction}\n\nWhat they wrote.\nBye");
    assert_eq!(shown(&unmarked), "Thank you.", "unmarked: {introduction}");
    let marked = format!("Thank you.\n{introduction}\n> What they wrote.\n>\n> Bye\n\nAnd one more thing.");
    let expected = "Thank you.\nAnd one more thing.";
    assert_eq!(shown(&marked), expected, "marked: {introduction}");
}

#[test]
fn introductions_of_many_languages_fold_what_they_introduce() {
    for introduction in INTRODUCTIONS {
        check_introduction(introduction);
    }
}

const INTRODUCTIONS: &[&str] = &[
    "On Tue, Apr 11, 2017 at 10:07 PM John Smith <john@example.com> wrote:",
    "On Tue, Apr 11, 2017 at 10:07 PM John Smith\n<john@example.com> wrote:",
    "On Tue, Apr 11, 2017 at 10:07 PM John Smith <\njohn.smith.with.a.long.address@example.com> wrote:",
    "On Tue, Apr 11, 2017 at 10:07 PM John Smith via Support Desk\n<john@example.com>\nwrote:",
    "On 11 Apr 2017, at 22:07, John Smith <john@example.com> wrote:",
    "On 11.04.17 22:07, John Smith wrote:",
    "On 2017-04-11 22:07, john@example.com wrote:",
    "John Smith <john@example.com> writes:",
    "At 10:07 PM 4/11/2017, John Smith wrote:",
    "Am 11.04.2017 um 22:07 schrieb Max Mustermann:",
    "Am Di., 11. Apr. 2017 um 22:07 Uhr schrieb Max Mustermann <\nmax@example.com>:",
    "Am 11. April 2017 22:07:12 MESZ schrieb Max Mustermann <max@example.com>:",
    "Max Mustermann <max@example.com> schrieb am Di., 11. Apr. 2017, 22:07:",
    "Le mar. 11 avr. 2017 à 22:07, Jean Dupont <jean@example.com> a écrit :",
    "Le 11/04/2017 à 22:07, Jean Dupont a écrit\u{a0}:",
    "El mar, 11 abr 2017 a las 22:07, Juan (<juan@example.com>) escribió:",
    "El 11/4/17 a las 22:07, Juan Pérez escribió:",
    "El martes, 11 de abril de 2017, 22:07:12 CEST, Juan <juan@example.com> escribió:",
    "Em ter., 11 de abr. de 2017 às 22:07, João <joao@example.com> escreveu:",
    "João <joao@example.com> escreveu no dia terça, 11/04/2017 à(s) 22:07:",
    "Il giorno mar 11 apr 2017 alle ore 22:07 Mario Rossi <mario@example.com> ha scritto:",
    "Il 11/04/2017 22:07, Mario Rossi ha scritto:",
    "Op di 11 apr. 2017 om 22:07 schreef Jan Jansen <jan@example.com>:",
    "Op 11-04-17 om 22:07 schreef Jan Jansen:",
    "Op 11 apr. 2017, om 22:07 heeft Jan Jansen <jan@example.com> het volgende geschreven:",
    "Den tis 11 apr. 2017 kl 22:07 skrev Sven Svensson <sven@example.com>:",
    "11 apr. 2017 kl. 22:07 skrev Sven Svensson <sven@example.com>:",
    "Den tir. 11. apr. 2017 kl. 22.07 skrev Hans Hansen <hans@example.com>:",
    "Den 11.04.2017 22:07, skrev Ola Nordmann:",
    "På 11. april 2017 klokken 22:07:12, Ola Nordmann (ola@example.com) skrev:",
    "ti 11. huhtik. 2017 klo 22.07 Matti Meikäläinen (matti@example.com) kirjoitti:",
    "Matti Meikäläinen kirjoitti 11.4.2017 klo 22.07:",
    "wt., 11 kwi 2017 o 22:07 Jan Kowalski <jan@example.com> napisał(a):",
    "W dniu 11.04.2017 o 22:07, Jan Kowalski pisze:",
    "W dniu wt., 11.04.2017 o 22:07 użytkownik Jan Kowalski <jan@example.com> napisał:",
    "út 11. 4. 2017 v 22:07 odesílatel Jan Novák <jan@example.com> napsal:",
    "Dne 11.4.2017 v 22:07 Jan Novák napsal(a):",
    "ut 11. 4. 2017 o 22:07 Ján Novák <jan@example.com> napísal(a):",
    "V tor., 11. apr. 2017 ob 22:07 je oseba Janez Novak <janez@example.com> napisala:",
    "uto, 11. tra 2017. u 22:07 Ivan Horvat <ivan@example.com> napisao je:",
    "Nagy János <janos@example.com> ezt írta (időpont: 2017. ápr. 11., K, 22:07):",
    "2017. 04. 11. 22:07 keltezéssel, Nagy János írta:",
    "În mar., 11 apr. 2017 la 22:07, Ion Popescu <ion@example.com> a scris:",
    "На вт, 11.04.2017 г. в 22:07 Иван Иванов <ivan@example.com> написа:",
    "вт, 11 апр. 2017 г. в 22:07, Иван Иванов <ivan@example.com>:",
    "11.04.2017 22:07, Иван Иванов пишет:",
    "11 апреля 2017 г., 22:07 пользователь Иван <ivan@example.com> написал:",
    "вт, 11 квіт. 2017 р. о 22:07 Іван <ivan@example.com> пише:",
    "Στις Τρί, 11 Απρ 2017 στις 22:07, ο χρήστης Γιώργος <g@example.com> έγραψε:",
    "Ali Veli <ali@example.com>, 11 Nis 2017 Sal, 22:07 tarihinde şunu yazdı:",
    "11.04.2017 22:07 tarihinde Ali Veli yazdı:",
    "\u{202b}בתאריך יום ג׳, 11 באפר׳ 2017 ב-22:07 מאת \u{202a}Dan Levi\u{202c}\u{200f} <\u{202a}dan@example.com\u{202c}\u{200f}>:\u{202c}",
    "في الثلاثاء، 11 أبريل 2017 في 10:07 م تمت كتابة ما يلي بواسطة \u{200e}Ali <ali@example.com>:",
    "Vào Th 3, 11 thg 4, 2017 vào lúc 22:07 Nguyen <nguyen@example.com> đã viết:",
    "Pada tanggal Sel, 11 Apr 2017 pukul 22.07 Budi <budi@example.com> menulis:",
    "เมื่อ อ. 11 เม.ย. 2017 เวลา 22:07 Somchai <somchai@example.com> เขียนว่า:",
    "Zhang San <zhang@example.com> 于2017年4月11日周二 22:07写道：",
    "在 2017年4月11日，22:07，Zhang San <zhang@example.com> 写道：",
    "Wang <wang@example.com> 於 2017年4月11日 週二 下午10:07寫道：",
    "2017年4月11日(火) 22:07 Yamada Taro <yamada@example.com>:",
    "2017/04/11 22:07、Yamada Taro <yamada@example.com>のメール:",
    "2017년 4월 11일 (화) 오후 10:07, Kim <kim@example.com>님이 작성:",
    "---- On Tue, 11 Apr 2017 22:07:12 +0530 John <john@example.com> wrote ----",
    "Quoting Ann Smith <ann@example.com>:",
    "Zitat von Max Mustermann <max@example.com>:",
    "\"Ann Smith\" <ann@example.com> hat am 11. April 2017 um 22:07 geschrieben:",
    "* Ann Smith <ann@example.com> [2017-04-11 22:07]:",
    "2017-04-11 22:07 GMT+03:00 Ann Smith <\nann@example.com>:",
    "---- John Smith wrote ----",
    "-------- Original message --------",
];
