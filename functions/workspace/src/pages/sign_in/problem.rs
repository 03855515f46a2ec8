//! What is said on the page: that one is signed out, or why one is not signed in.

use crate::directions::isolated;
use axum::http::StatusCode;
use docket_desk::{NotLetIn, StoreError};
use docket_oidc::OidcError;

/// What the page says above the way in.
pub struct Words {
    /// The answer's status.
    pub status: StatusCode,
    /// In a few words.
    pub title: &'static str,
    /// What there is to do.
    pub text: String,
    /// Under what it stands in the log; nothing where it does not.
    pub id: Option<String>,
    /// Whether somebody else of the provider's may be let in.
    pub offers_other: bool,
    /// Whether it went wrong.
    pub is_problem: bool,
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The browser did not begin this, or it is over.
    #[error("a browser came back from the provider with a sign-in that it did not begin, or that is over")]
    Lost,
    /// The provider, or whoever was asked there, said no.
    #[error("the provider said {0}")]
    Denied(String),
    /// It can't go on.
    #[error("the sign-in can't go on")]
    Provider(#[from] OidcError),
    /// The provider proves somebody who is not let in.
    #[error("whom the provider proves is not let in")]
    NotLetIn {
        /// Why.
        #[source]
        why: NotLetIn,
        /// The address that it proves, for themselves to see.
        address: Option<String>,
    },
    /// The world failed.
    #[error("the sign-in can't be read or written")]
    Store(#[from] StoreError),
}

/// The provider's words for what goes wrong in itself (RFC 6749, section 4.1.2.1).
const ITS_OWN_FAULT: [&str; 2] = ["server_error", "temporarily_unavailable"];
/// Its words for what whoever asked there decided.
const THEIR_DECISION: [&str; 3] = ["access_denied", "login_required", "interaction_required"];

impl Words {
    /// That one is signed out.
    pub fn signed_out() -> Self {
        Self {
            status: StatusCode::OK,
            title: t!("You are signed out"),
            text: t!("Drafts that this browser kept are gone from it.").to_owned(),
            id: None,
            offers_other: false,
            is_problem: false,
        }
    }

    /// Why one is not signed in; `id` finds the cause in the log.
    pub fn of(problem: &Problem, id: String) -> Self {
        let (status, title, text) = match problem {
            Problem::Lost => (
                StatusCode::FORBIDDEN,
                t!("That sign-in is not going on"),
                t!(
                    "It was begun in another browser, more than ten minutes ago, or it is done. Begin again here."
                ),
            ),
            Problem::Denied(word) if THEIR_DECISION.contains(&word.as_str()) => (
                StatusCode::FORBIDDEN,
                t!("You were not signed in"),
                t!(
                    "Your sign-in provider says that it was cancelled or is not allowed. Begin again, or ask an admin of this desk."
                ),
            ),
            Problem::Denied(word) if ITS_OWN_FAULT.contains(&word.as_str()) => unreachable(),
            Problem::Denied(_) => set_up_wrong(),
            Problem::Provider(error) if error.is_set_up_wrong() => set_up_wrong(),
            Problem::Provider(OidcError::Unreachable { .. }) => unreachable(),
            Problem::Provider(_) => (
                StatusCode::FORBIDDEN,
                t!("You were not signed in"),
                t!("What your sign-in provider answered does not prove who you are. Begin again."),
            ),
            Problem::NotLetIn { why, address } => return Self::not_let_in(why, address.as_deref(), id),
            Problem::Store(_) => failed(),
        };
        Self::new(status, title, text, id)
    }

    fn not_let_in(why: &NotLetIn, address: Option<&str>, id: String) -> Self {
        let forbidden = StatusCode::FORBIDDEN;
        let words = match why {
            NotLetIn::NoAddress => Self::new(
                forbidden,
                t!("Your address is not confirmed"),
                t!(
                    "Your sign-in provider does not say that your mail address is yours. Confirm it there, and begin again."
                ),
                id,
            ),
            NotLetIn::Nobody => {
                let text = t!(
                    "You signed in as {address}, and nobody who works at this desk has that address. Ask an admin of this desk to add you.",
                    address = isolated(address.unwrap_or(t!("somebody")))
                );
                Self::new(forbidden, t!("You do not work at this desk"), text, id)
            }
            NotLetIn::NoLonger => Self::new(
                forbidden,
                t!("You do not work at this desk any more"),
                t!("Ask an admin of this desk if that is not so."),
                id,
            ),
            NotLetIn::OtherAccount => Self::new(
                forbidden,
                t!("That is another account than yours"),
                t!(
                    "Whoever has that address here signs in with another account of the provider's. Ask the people who run this desk to let that one go."
                ),
                id,
            ),
            NotLetIn::Store(_) => {
                let (status, title, text) = failed();
                return Self::new(status, title, text, id);
            }
        };
        Self {
            offers_other: true,
            ..words
        }
    }

    fn new(status: StatusCode, title: &'static str, text: impl Into<String>, id: String) -> Self {
        Self {
            status,
            title,
            text: text.into(),
            id: Some(id),
            offers_other: false,
            is_problem: true,
        }
    }
}

type Said = (StatusCode, &'static str, &'static str);

fn unreachable() -> Said {
    (
        StatusCode::SERVICE_UNAVAILABLE,
        t!("Your sign-in provider does not answer"),
        t!("Try again in a moment. Whoever is signed in can go on working."),
    )
}

fn set_up_wrong() -> Said {
    (
        StatusCode::BAD_GATEWAY,
        t!("The sign-in is set up wrong"),
        t!("Desk and sign-in provider do not fit together. The people who run this desk have to mend it."),
    )
}

fn failed() -> Said {
    (
        StatusCode::SERVICE_UNAVAILABLE,
        t!("That did not work"),
        t!("The desk could not read or write what it needed. Try again in a moment."),
    )
}
