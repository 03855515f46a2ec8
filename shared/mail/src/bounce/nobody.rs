//! The sentence that there is nobody at an address: a noun for who or what is there, and that it is not.
//!
//! Hosts word it as they like ("no such person at this address", "recipient rejected: account not found"), so it is
//! read by its parts and not by its wording.

/// Most words between the noun and what is said of it: an address in brackets, "of your message", "at this host".
const MAX_WORDS_BETWEEN: usize = 4;

/// Most bytes read: a refusal is a line or two.
const MAX_BYTES: usize = 4 * 1024;

/// Whether somebody's mailbox is said not to be. `folded` is in the form that phrases are matched in.
pub(super) fn is_meant(folded: &str) -> bool {
    let mut end = folded.len().min(MAX_BYTES);
    while !folded.is_char_boundary(end) {
        end -= 1;
    }
    // What an address is called says nothing about it.
    let said: Vec<&str> = folded[..end]
        .split(' ')
        .filter(|word| !word.contains('@'))
        .collect();
    let said = said.join(" ").replace(['!', ';', ':'], ". ");
    said.split(". ").any(|sentence| {
        let words: Vec<&str> = sentence
            .split(|c: char| !c.is_alphanumeric() && c != '\'')
            .filter(|word| !word.is_empty())
            .collect();
        words.iter().any(|word| is_noun(word))
            && (0..words.len()).any(|at| denies_before(&words[at..]) || denies_after(&words, at))
    })
}

/// "no such user", "unknown recipient": the words of a denial, then the noun. "no mailbox by that name" likewise.
fn denies_before(words: &[&str]) -> bool {
    let denied = DENIALS_BEFORE.iter().any(|denial| {
        let noun = words.get(denial.len());
        words.starts_with(denial) && noun.is_some_and(|noun| is_noun(noun))
    });
    denied || matches!(words, ["no", noun, behind, ..] if is_noun(noun) && BEHIND_NO_NOUN.contains(behind))
}

/// "user … not found", "the mailbox you tried to reach does not exist": the noun, then the denial.
fn denies_after(words: &[&str], at: usize) -> bool {
    let denied = DENIALS_AFTER.iter().any(|denial| words[at..].starts_with(denial));
    // "a recipient of mail from unknown senders": it is the senders that are unknown.
    let next = words.get(at + 1);
    let of_the_next = words[at] == "unknown" && next.is_some_and(|next| !BEHIND_UNKNOWN.contains(next));
    let nearest = at.saturating_sub(MAX_WORDS_BETWEEN + 1);
    denied && !of_the_next && words[nearest..at].iter().any(|noun| is_noun(noun))
}

/// What goes on behind "no user".
const BEHIND_NO_NOUN: &[&str] = &["by", "with", "here", "named", "called", "at", "of", "for"];

/// What goes on behind "user unknown".
const BEHIND_UNKNOWN: &[&str] = &["in", "at", "on", "to", "here", "or", "and", "within", "by", "550"];

fn is_noun(word: &str) -> bool {
    NOUNS.contains(&word)
}

/// Who or what is at an address. Not the address itself: a host's address is unknown as well.
#[rustfmt::skip]
const NOUNS: &[&str] = &[
    "user", "username", "userid", "recipient", "recipients", "mailbox", "account", "addressee", "person", "local",
    "alias", "customer", "subscriber", "utilisateur", "destinataire", "usuario", "destinatario", "utente", "casella",
    "usuário", "destinatário", "benutzer", "empfänger", "empfaenger", "adressat", "postfach", "gebruiker",
    "ontvanger", "postvak", "bruger", "modtager", "användare", "mottagare", "bruker", "mottaker", "użytkownik",
    "odbiorca", "uživatel", "příjemce", "пользователь", "пользователя", "получатель", "ящик", "користувач",
];

/// What is said before the noun.
const DENIALS_BEFORE: &[&[&str]] = &[
    &["no", "such"],
    &["unknown"],
    &["invalid"],
    &["invalid", "email"],
    &["nonexistent"],
    &["non", "existent"],
    &["is", "no"],
    &["not", "a", "valid"],
    &["not", "a", "known"],
    &["нет", "такого"],
    &["неизвестный"],
];

/// What is said behind it.
#[rustfmt::skip]
const DENIALS_AFTER: &[&[&str]] = &[
    &["unknown"], &["not", "found"], &["not", "known"], &["not", "exist"], &["doesn't", "exist"],
    &["doesn't", "exists"], &["not", "exists"], &["could", "not", "be", "found"], &["couldn't", "be", "found"],
    &["was", "deleted"], &["has", "been", "deleted"], &["is", "invalid"], &["no", "longer"], &["inconnu"], &["n'existe", "pas"],
    &["no", "existe"], &["desconocido"], &["inexistente"], &["sconosciuto"], &["non", "esiste"], &["inesistente"],
    &["desconhecido"], &["não", "existe"], &["unbekannt"], &["existiert", "nicht"], &["nicht", "gefunden"],
    &["onbekend"], &["bestaat", "niet"], &["ukendt"], &["ukjent"], &["okänd"], &["finns", "inte"], &["nieznany"],
    &["nie", "istnieje"], &["neexistuje"], &["не", "существует"], &["не", "найден"], &["не", "найдено"],
    &["не", "існує"],
];
