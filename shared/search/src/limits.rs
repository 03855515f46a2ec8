//! What a document and a query may cost, and why no more.

/// Most bytes of comments of one ticket that are searched: a mail of ten megabytes is a log file, and its words would push out
/// everybody else's.
pub const MOST_TEXT_BYTES: usize = 256 * 1024;

/// Whether all of the comments of a ticket are searched whose bodies have these sizes.
pub fn are_all_searched(body_bytes: impl IntoIterator<Item = u64>) -> bool {
    body_bytes.into_iter().sum::<u64>() <= MOST_TEXT_BYTES as u64
}

/// Most bytes of names of people, and of names of files, that are searched of one ticket.
pub const MOST_NAMES_BYTES: usize = 32 * 1024;

/// Longest query in bytes: fifty addresses and what else is asked of them.
pub const LONGEST_QUERY_BYTES: usize = 4_096;

/// Most words and phrases in a query. Zendesk has the same limit (Zendesk Support search reference, "Search terms").
pub const MOST_WORDS: usize = 64;

/// Most conditions in a query, words included: each is a look into the index.
pub const MOST_CONDITIONS: usize = 128;

/// Most words of one phrase, or characters of one in a script without spaces. A longer one is a whole letter, which its first words
/// find as well.
pub const LONGEST_PHRASE: usize = 128;

/// Fewest letters before a `*`: one letter begins a tenth of all words.
pub const SHORTEST_PREFIX: usize = 2;

/// Fewest letters of a word that is also taken for a word's beginning.
pub const SHORTEST_BEGINNING: usize = 3;

/// Longest snippet in characters.
pub const LONGEST_SNIPPET: usize = 200;

/// Most places that are marked in a snippet.
pub const MOST_MARKS: usize = 20;

/// Most people, groups or organizations that one name in a query stands for: more are everybody, and nobody is meant.
pub const MOST_OF_ONE_NAME: usize = 1_000;
