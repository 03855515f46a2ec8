//! Replies and forwards made up from what mail programs write in their languages: no new words are ever hidden, and
//! most is folded as it is meant. Each failure says its seed.

use crate::made::forwards::forward;
use crate::made::replies::{reply, unquoted};
use crate::made::tally::Tally;
use docket_mail::{InboundMail, Part, fold_mail, forwarded};

const REPLIES: u64 = 3_000;

const UNQUOTED: u64 = 1_000;

const FORWARDS: u64 = 1_500;

fn mail(subject: &str, text: &str) -> InboundMail {
    InboundMail {
        subject: subject.to_owned(),
        text: text.to_owned(),
        ..InboundMail::default()
    }
}

/// What is shown of a mail, its lines without the blank ones.
fn shown(mail: &InboundMail) -> Vec<String> {
    let spans = fold_mail(mail);
    let shown = spans.iter().filter(|span| !span.part.is_folded());
    let shown: String = shown.map(|span| span.of(&mail.text)).collect();
    let lines = shown.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

#[test]
fn replies_made_up_are_folded_as_they_are_meant_and_no_new_words_are_hidden() {
    let mut folded = Tally::new("folded as meant");
    let mut hidden = Vec::new();
    for seed in 0..REPLIES {
        let made = reply(seed);
        let shown = shown(&mail("Re: [#42] 4711", &made.text));
        let told = || format!("seed {seed}, {}", made.made_by);
        let new: Vec<&str> = made.new.iter().flat_map(|paragraph| paragraph.lines()).collect();
        if !new.iter().all(|line| shown.iter().any(|shown| shown == line)) {
            hidden.push(format!("{}\n{}", told(), made.text));
        }
        let agrees = shown.len() == new.len();
        folded.count(agrees, || format!("{}: {shown:?}", told()));
    }
    folded.print();
    assert!(
        hidden.is_empty(),
        "{} hide new words:\n{}",
        hidden.len(),
        hidden.join("\n\n")
    );
    folded.assert_at_least(99.0);
}

#[test]
fn nothing_is_hidden_of_a_mail_that_quotes_nothing() {
    for seed in 0..UNQUOTED {
        let made = unquoted(seed);
        for subject in ["Question", "Re: Question", "Fwd: Question"] {
            let mail = mail(subject, &made.text);
            let all = fold_mail(&mail).iter().all(|span| span.part == Part::New);
            assert!(
                all,
                "seed {seed}, {subject}, {}:\n{}\n{:?}",
                made.made_by,
                made.text,
                fold_mail(&mail)
            );
        }
    }
}

#[test]
fn forwards_made_up_are_shown_and_name_their_author_and_subject() {
    let mut author = Tally::new("author of a forward");
    let mut subject = Tally::new("subject of a forward");
    for seed in 0..FORWARDS {
        let made = forward(seed);
        let told = || format!("seed {seed}, {}", made.made_by);
        let mail = mail(&made.subject, &made.text);
        let hides = fold_mail(&mail).iter().any(|span| span.part == Part::Quote);
        assert!(!hides, "hidden: {}\n{}", told(), made.text);
        let seen = forwarded(&mail);
        let agrees = seen.as_ref().is_some_and(|seen| {
            seen.from.address == made.author.address && seen.from.name.as_deref() == Some(made.author.name)
        });
        author.count(agrees, || format!("{}: {:?} {}", told(), seen, made.subject));
        let named = seen.as_ref().and_then(|seen| seen.subject.as_deref());
        subject.count(named == Some(made.original_subject), || {
            format!("{}: {named:?}", told())
        });
    }
    author.print();
    subject.print();
    author.assert_at_least(99.0);
    subject.assert_at_least(99.0);
}
