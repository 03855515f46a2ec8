//! Texts of which nothing may be folded.

use super::*;

#[track_caller]
fn check_all_shown(text: &str) {
    assert_eq!(shown(text), text.trim(), "{:?}", fold(text));
}

#[test]
fn prose_that_resembles_an_introduction_is_shown() {
    for text in [
        "Hello.\n\nOn Tuesday at 10:30 I wrote:\n\nPlease refund order 17.\n\nNo answer so far.",
        "Hello.\n\nAm 3.4.2024 um 10:30 schrieb ich Ihnen wie folgt:\n\nBitte stornieren.",
        "Hello.\n\nAs the manual wrote:\n\npress the button twice",
        "Please note the following dates:\n\n2024-01-15 14:30\n15.01.2024 14:30:\n\nAll are fine.",
        "Visit:\n10/19/2017 @ 9:30 am for physical therapy\nMain street 3",
        "On 3 March our order 1234 arrived broken. On 4 March we called.\n\nWhat now?",
        "In 2023 we bought three printers from you:\n\nmodel A\nmodel B",
        "Our meeting is on 12.03.2024 at 10:30:\n\nroom 5\nfloor 3",
        "Errors at 10:30:\n\nOn startup 3 lines are printed, then it stops.",
    ] {
        check_all_shown(text);
    }
}

#[test]
fn forms_and_consignments_are_shown() {
    for text in [
        "A visitor wrote through your site.\n\nFrom: Ann <ann@example.com>\nSubject: Broken\n\nMessage Body:\nIt is broken.",
        "New request.\n\nFrom: Ann <ann@example.com>\nDate: 2024-03-03 10:30\nPhone: 555 1234\nMessage: It is broken.",
        "New request.\n\nFrom: ann@example.com\nTo: shop@example.com\nDate: 2024-03-03 10:30\n\nMessage:\nBroken.",
        "Please collect.\n\nFrom: Berlin\nTo: Hamburg\nDate: 3 March 2024\n\nTwo pallets, fragile.",
        "Invitation:\n\nDate: Wednesday 3, October 2011\nTime: 7:00 am\nAddress: 130 Fox St\n\nBring your ID.",
        "My data:\n----------\nName: Ann\nEmail: ann@example.com\nPhone: 555 123 4567",
    ] {
        check_all_shown(text);
    }
}

#[test]
fn rules_and_dashes_within_a_text_are_shown() {
    for text in [
        "Key points\n----\n\n1. Faster\n\n----\n\nThe dashes are only drawn.",
        "Steps\n------\n1. Press +1 (555) 123 4567 and wait until somebody answers, which takes a while\n2. Hang up?",
        "Totals\n======\n12 items\n\nPlease check them.",
        "Modified: README\n\n=====================\n--- README 2007-10-22 23:41:34\n+++ README 2007-10-22 23:45:23\n-Test\n+Tested",
        ">>> >>> Visit https://example.com <<<",
        "-------- Enter feedback below --------\n\nIt works.",
        "a -- b\n\nand this is no signature",
    ] {
        check_all_shown(text);
    }
}

#[test]
fn sentences_that_start_like_a_device_s_line_are_shown() {
    for text in [
        "Here is another mail.\n\nSent from my desk, is much easier then my mobile phone.",
        "The parcel is lost.\nSent from the warehouse on 3 March.",
        "Sent from my old address was only the first letter, the second one came from here.",
        "Has it been sent?\n\nSent from a shop I do not know?",
    ] {
        check_all_shown(text);
    }
}

#[test]
fn a_mail_of_a_quote_alone_is_shown() {
    check_all_shown("> Only this.\n> Nothing else.");
    check_all_shown("On Tue, Apr 11, 2017 at 10:07 PM John Smith <john@example.com> wrote:\n> Only this.");
    check_all_shown(
        "Sent from my iPhone\n\nOn 11 Apr 2017, at 22:07, John <john@example.com> wrote:\n\n> Only this.",
    );
}

#[test]
fn an_introduction_at_the_top_folds_nothing_that_is_not_marked() {
    check_all_shown("On 11 Apr 2017, at 22:07, John <john@example.com> wrote:\n\nWhose words are these?");
}

#[test]
fn a_quote_picked_without_an_introduction_at_the_top_is_shown_with_the_answers() {
    check_all_shown("> Is it broken?\n\nYes.\n\n> Since when?\n\nSince Monday.");
}

#[test]
fn commands_behind_a_mark_are_shown() {
    check_all_shown("I enter\n\n> npm install\n\nand get\n> error 17\n\nWhat now?");
}
