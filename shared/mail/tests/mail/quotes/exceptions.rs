//! Where we disagree with an origin, and why.

const FORWARDS_ARE_CONTENT: &str =
    "the origin drops what is forwarded; the sender sent it to be read, so we show it";
const GREETINGS_ARE_SHOWN: &str =
    "the origin folds from the closing words on; without a delimiter they are the writer's own words";
const LIST_FOOTER: &str =
    "one parser folds the name above the list's footer too, the other shows both; we fold the footer";

/// Case and reason.
pub const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "crisp__email_2_1.txt",
        "a parser's output, not a statement: it misses Outlook's header lines, which we fold",
    ),
    (
        "crisp__email_tricky_16_unicode_signatures.txt",
        "a parser's output, not a statement: it misses a signature below a rule of long dashes",
    ),
    ("crisp__email_tricky_2_url_with_wrote.txt", GREETINGS_ARE_SHOWN),
    (
        "crisp__email_tricky_7_multiple_dashes.txt",
        "a parser's output, not a statement: it folds text below a rule that is part of the text",
    ),
    ("crisp__email_with_regards.txt", GREETINGS_ARE_SHOWN),
    (
        "forward__outlook_live_en_body_variant_8.txt",
        "Outlook writes the same lines above a reply's quote, and the case has no subject to tell",
    ),
    ("github__email_1_3.txt", LIST_FOOTER),
    ("willdurand__email_1.txt", LIST_FOOTER),
    (
        "talon-signature__jeff.txt",
        "the line above the device's is a name there and an answer elsewhere; we show it",
    ),
    (
        "trimmer__embedded_email_17.txt",
        "the origin drops both introductions and shows the quote; we show the first, which nothing quoted follows, \
         and fold the second with its quote",
    ),
    ("trimmer__forwarded_apple.txt", FORWARDS_ARE_CONTENT),
    ("trimmer__forwarded_gmail.txt", FORWARDS_ARE_CONTENT),
    ("trimmer__forwarded_message.txt", FORWARDS_ARE_CONTENT),
    (
        "text_quotations_test.py::test_too_many_lines#0",
        "tests a limit of the origin's own",
    ),
    (
        "html_quotations_test.py::test_regular_blockquote#71",
        "the origin keeps all quotes above the first introduction; we fold what is marked as quoted",
    ),
    (
        "html_quotations_test.py::test_blockquote_disclaimer#78",
        "single marked lines that nobody introduces may be commands; we show them",
    ),
    ("test_quote.py::test_quote#4", FORWARDS_ARE_CONTENT),
    ("test_quote.py::test_quote#5", FORWARDS_ARE_CONTENT),
    ("test_quote_html.py::test_quote_html#1", FORWARDS_ARE_CONTENT),
];
