//! What an agent typed into the form of an answer.

use super::{typed_call::TypedCall, typed_forward::TypedForward};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What of a form is kept beside an answer's text.
pub type KeptForm = BTreeMap<String, String>;

/// What an agent does with the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Answers the requester.
    Reply,
    /// Leaves a note to colleagues.
    Note,
    /// Passes something on to somebody outside.
    Forward,
    /// Logs a call.
    Call,
}

impl Kind {
    /// The word in the form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "public",
            Self::Note => "internal",
            Self::Forward => "forward",
            Self::Call => "call",
        }
    }
}

/// What the form sends. `was_` fields hold what the page showed, so that only what the person changed is changed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub csrf: String,
    /// Names this filling-in of the form, so that sending it twice does it once.
    pub once: String,
    /// Version of the ticket that the page showed.
    pub seen: String,
    /// Names of the answers that the page showed waiting, parted by commas.
    pub saw: String,
    pub text: String,
    /// `public`, `internal`, `forward` or `call`.
    pub visibility: String,
    /// The button: `send`, `solve`, `note`, `forward` or `call`; nothing where a key sent it.
    pub act: String,
    /// Where to go then: `next`, `list`, or nowhere else.
    pub then: String,
    /// The next ticket of the view, as the page showed it.
    pub next: String,
    pub status: String,
    pub assignee: String,
    pub was_assignee: String,
    pub priority: String,
    pub was_priority: String,
    /// Who gets the answer in copy; nothing where the form had no such field.
    #[serde(deserialize_with = "present")]
    pub copies: Option<String>,
    pub was_cc: String,
    /// The macro that was chosen.
    pub macro_id: String,
    /// Set where the form is to be shown again with that macro in it.
    pub insert: String,
    /// Set where the form is to be shown again with what its text will look like.
    pub preview: String,
    /// Macros that were put into the form, parted by commas.
    pub macros: String,
    /// Name of the answer whose text the form goes on with.
    pub restores: String,
    /// The call that is logged.
    #[serde(flatten)]
    pub call: TypedCall,
    /// What is forwarded.
    #[serde(flatten)]
    pub forward: TypedForward,
}

impl Typed {
    /// What is done with it: the choice says so, and so does the button, if one was pressed. One that says otherwise is of a page that
    /// a browser put together from two: then it stays inside.
    pub fn kind(&self) -> Kind {
        match (self.visibility.as_str(), self.act.as_str()) {
            ("public", "send" | "solve" | "") => Kind::Reply,
            ("forward", "forward" | "") => Kind::Forward,
            ("call", "call" | "solve" | "") => Kind::Call,
            _ => Kind::Note,
        }
    }

    /// What is chosen to be done with it; what the form begins with, where nothing is.
    pub fn chosen_kind(&self) -> Kind {
        let all = [Kind::Note, Kind::Forward, Kind::Call];
        let chosen = all.into_iter().find(|kind| kind.as_str() == self.visibility);
        chosen.unwrap_or(Kind::Reply)
    }

    /// Whether what is typed is for the requester.
    pub fn is_public(&self) -> bool {
        self.kind() == Kind::Reply
    }

    /// The status that is chosen, by the button before the list.
    pub fn wanted_status(&self) -> &str {
        match (self.act.as_str(), self.kind()) {
            ("solve", Kind::Reply | Kind::Call) => "solved",
            _ => &self.status,
        }
    }

    /// Whether there is an answer in it.
    pub fn is_answer(&self) -> bool {
        self.is_public() && !self.text.trim().is_empty()
    }

    /// Whether it goes out by mail: for some seconds it can be taken back.
    pub fn goes_out(&self) -> bool {
        self.is_answer() || self.kind() == Kind::Forward
    }

    /// What is kept of it beside its text.
    pub fn kept(&self) -> KeptForm {
        let status = self.wanted_status();
        let mut kept: KeptForm = [
            ("status", status),
            ("assignee", &self.assignee),
            ("was_assignee", &self.was_assignee),
            ("priority", &self.priority),
            ("was_priority", &self.was_priority),
            ("macros", &self.macros),
            ("was_cc", &self.was_cc),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        if self.kind() == Kind::Forward {
            let forward = self.forward.kept().into_iter();
            let forward = forward.chain([("visibility", Kind::Forward.as_str())]);
            kept.extend(forward.map(|(name, value)| (name.to_owned(), value.to_owned())));
        } else if let Some(copies) = &self.copies {
            kept.insert("copies".to_owned(), copies.clone());
        }
        kept
    }

    /// The form of an answer with this text, of which so much was kept.
    pub fn again(text: String, kept: &KeptForm) -> Self {
        let said = |name: &str| kept.get(name).cloned().unwrap_or_default();
        Self {
            text,
            visibility: match said("visibility").as_str() {
                "" => Kind::Reply.as_str().to_owned(),
                kind => kind.to_owned(),
            },
            forward: TypedForward {
                forward_to: said("forward_to"),
                forward_v: said("forward_v"),
                forward_all: said("forward_all"),
                forward_files: said("forward_files"),
            },
            status: said("status"),
            assignee: said("assignee"),
            was_assignee: said("was_assignee"),
            priority: said("priority"),
            was_priority: said("was_priority"),
            macros: said("macros"),
            was_cc: said("was_cc"),
            copies: kept.get("copies").cloned(),
            ..Self::default()
        }
    }
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_never_public_whatever_one_half_of_the_form_says() {
        let typed = |visibility: &str, act: &str| Typed {
            visibility: visibility.to_owned(),
            act: act.to_owned(),
            ..Typed::default()
        };
        assert!(typed("public", "send").is_public());
        assert!(typed("public", "").is_public());
        for (visibility, act) in [
            ("internal", "send"),
            ("internal", "solve"),
            ("public", "note"),
            ("internal", ""),
            ("", "send"),
        ] {
            assert!(!typed(visibility, act).is_public(), "{visibility} {act}");
        }
        assert_eq!(typed("internal", "solve").wanted_status(), "");
        assert_eq!(typed("call", "solve").wanted_status(), "solved");
        assert_eq!(typed("call", "send").kind(), Kind::Note);
        assert_eq!(typed("forward", "forward").kind(), Kind::Forward);
        for act in ["send", "solve", "note", "call"] {
            assert_eq!(typed("forward", act).kind(), Kind::Note, "{act}");
        }
        assert_eq!(typed("public", "forward").kind(), Kind::Note);
    }

    #[test]
    fn an_answer_taken_back_fills_the_form_as_it_was() {
        let typed = Typed {
            text: "Hello".into(),
            visibility: "public".into(),
            act: "solve".into(),
            priority: "low".into(),
            was_priority: "high".into(),
            copies: Some(String::new()),
            macros: "4".into(),
            ..Typed::default()
        };
        let again = Typed::again("Hello".into(), &typed.kept());
        assert_eq!(
            (
                again.text.as_str(),
                again.status.as_str(),
                again.priority.as_str()
            ),
            ("Hello", "solved", "low")
        );
        assert_eq!((again.copies, again.macros.as_str()), (Some(String::new()), "4"));
    }

    #[test]
    fn what_was_forwarded_and_taken_back_is_to_be_forwarded_again() {
        let typed = Typed {
            text: "Please look".into(),
            visibility: "forward".into(),
            act: "forward".into(),
            status: "hold".into(),
            forward: TypedForward {
                forward_to: "sam@parts.example".into(),
                forward_v: "2".into(),
                forward_all: String::new(),
                forward_files: "1".into(),
            },
            ..Typed::default()
        };
        let again = Typed::again("Please look".into(), &typed.kept());
        assert_eq!(again.chosen_kind(), Kind::Forward);
        assert_eq!(again.forward, typed.forward);
        assert_eq!(again.status, "hold");
    }
}
