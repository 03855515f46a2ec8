//! Forms that were reported as folded wrongly.

use super::*;

#[test]
fn the_rest_of_a_quoted_line_that_was_broken_on_the_way_is_quoted() {
    let text = "Yes, please.\n\nOn 12 December 2016 19:05, Desk <desk@d.example> wrote:\n\n\
        > Dear Ann, the shop in Kortrijk has answered your question: the bike is there and can\n\
        be fetched on Monday.\n>\n> Kind regards\n";
    assert_eq!(shown(text), "Yes, please.");
}

#[test]
fn a_quoted_paragraph_broken_into_several_lines_is_quoted() {
    let text = "Yes.\n\nAnn <ann@x.example> wrote:\n\n\
        > the bike that you have ordered in November has come to the shop in Kortrijk\n\
        and can be fetched from Monday on, between nine and six, if you bring the letter\n\
        that we have sent.\n> Regards\n\nThank you.";
    assert_eq!(shown(text), "Yes.\n\nThank you.");
}

#[test]
fn an_answer_right_below_a_quoted_line_is_shown() {
    let introduction = "On 12 December 2016 19:05, Desk <desk@d.example> wrote:\n\n";
    for (quoted, answer) in [
        (
            "> Is the bike there, and can it be fetched on Monday or on another day next week?",
            "yes",
        ),
        ("> Is it blue", "yes, it is"),
        (
            "> We need the number that stands on the frame of the bike, and its name, please",
            "Blue 4711",
        ),
        (
            "> We need the number that stands on the frame of the bike, and its name, please",
            "4711",
        ),
    ] {
        let text = format!("{introduction}{quoted}\n{answer}\n> And the other one?\n\nBye");
        assert!(shown(&text).contains(answer), "{text}");
    }
}

#[test]
fn separators_of_other_languages_and_forms_fold_what_is_below() {
    for separator in [
        "-------- Oprindelig besked --------\nFra: Desk <desk@d.example>\nDato: 04.07.2024  17.45  (GMT+01:00)\nTil: ann@a.example\nEmne: hej",
        "-------- Antwort Nachricht --------\nVon: Desk <desk@d.example>\nDatum: 04.07.2024 17:45\nAn: ann@a.example\nBetreff: hej",
        "*---- Original Message ----*\n*From:* Desk <desk@d.example>\n*Date:* 4 July 2024 17:45\n*To:* ann@a.example\n*Subject:* hej",
        "Da: Desk <desk@d.example>\nInviato: giovedì 4 luglio 2024 17:45\nA: ann@a.example\nOggetto: hej",
        "Mittente: Desk <desk@d.example>\nData: 04/07/24 17:45\nA: ann@a.example\nOggetto: hej",
        "-- Words of some language --\nFrom: Desk <desk@d.example>\nDate: 4 July 2024 17:45\nTo: ann@a.example\nSubject: hej",
        "Desk <desk@d.example> schrieb am\nDo., 4. Juli 2024, 17:45:",
        "Der Support von Docket <support-de@help.docket.example> schrieb am Do., 4.\nJuli 2024, 17:45:",
    ] {
        let text = format!("Tak for hjælpen.\n\n{separator}\n\nVi har svaret.");
        assert_eq!(shown(&text), "Tak for hjælpen.", "{separator}");
    }
}

#[test]
fn dashes_around_words_above_other_labels_are_the_writer_s() {
    let text = "Here it is.\n\n---- My device ----\nName: Blue\nNumber: 4711\n\nBye";
    assert_eq!(shown(text), text);
}

#[test]
fn a_heading_with_a_rule_below_it_is_no_signature() {
    let text = "Contacts\n--------\nann@x.example\nbob@y.example";
    assert_eq!(shown(text), text);
}
