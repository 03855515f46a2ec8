//! A ticket that an agent opens because somebody phoned: what is typed, and the form as it is shown.

use super::{
    call::CallFields,
    choice::{Choice, choice},
    typed_call::TypedCall,
};
use crate::words;
use docket_domain::{
    GroupId, PersonId, Timestamp,
    configuration::{Group, Setup},
    contact::{comment::LONGEST_TEXT_BYTES, tells::Call},
    people::person::{Identity, LONGEST_PERSON_TEXT, Person, is_email},
    ticket::{Priority, Ticket},
};
use serde::Deserialize;

/// Longest text in characters that customers are looked for by.
pub const LONGEST_FIND: usize = 100;
/// Fewest digits of a telephone number: short ones are those of an exchange.
const FEWEST_DIGITS: usize = 2;
/// What stands for a customer who is not known yet.
const SOMEBODY_NEW: &str = "new";

/// What is typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewTyped {
    pub csrf: String,
    /// Names this filling-in of the form, so that sending it twice does it once.
    pub once: String,
    /// The button: `look` or `open`.
    pub act: String,
    /// Who phoned: an id, or `new`.
    pub customer: String,
    /// What customers are looked for by.
    pub find: String,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub subject: String,
    pub text: String,
    pub group: String,
    pub priority: String,
    /// Set where whoever opens it has it.
    pub mine: String,
    /// The call.
    #[serde(flatten)]
    pub call: TypedCall,
}

/// Whose ticket it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Somebody who is known.
    Known(PersonId),
    /// Somebody new, unless one of the identities is known.
    New {
        /// The name.
        name: String,
        /// By what they are recognised.
        identities: Vec<Identity>,
    },
}

/// A ticket that can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    pub whose: Whose,
    pub subject: String,
    pub text: String,
    /// The call, whose customer is not said yet.
    pub call: Call,
    pub is_public: bool,
    pub group: Option<GroupId>,
    pub priority: Option<Priority>,
    pub is_mine: bool,
}

impl NewTyped {
    /// What is to be opened.
    ///
    /// # Errors
    /// In words for the person, what is wrong with it.
    pub fn read(&self, groups: &[Group], setup: &Setup, now: Timestamp) -> Result<Opened, String> {
        let whose = self.whose(setup)?;
        let subject = self.subject.trim();
        if subject.is_empty() {
            return Err(t!("Write in a few words what it is about.").to_owned());
        }
        if subject.chars().count() > Ticket::LONGEST_SUBJECT {
            return Err(t!(
                "The subject has at most {most} characters.",
                most = Ticket::LONGEST_SUBJECT
            ));
        }
        let text = self.text.replace("\r\n", "\n").trim_end().to_owned();
        if text.trim().is_empty() {
            return Err(t!("Write what was said on the phone.").to_owned());
        }
        if text.len() > LONGEST_TEXT_BYTES {
            let (size, most) = (text.len().div_ceil(1024), LONGEST_TEXT_BYTES / 1024);
            return Err(t!(
                "The text is too long: {size} KB of at most {most} KB.",
                size,
                most
            ));
        }
        let group = match self.group.as_str() {
            "" => None,
            id => {
                let group = groups.iter().find(|group| group.id.to_string() == id);
                let group = group.filter(|group| !group.is_archived);
                Some(group.ok_or_else(|| t!("There is no such group."))?.id)
            }
        };
        let priority = match self.priority.as_str() {
            "" => None,
            word => Some(
                word.parse::<Priority>()
                    .map_err(|_| t!("There is no such priority."))?,
            ),
        };
        let call = TypedCall {
            spoke_with: String::new(),
            ..self.call.clone()
        };
        Ok(Opened {
            whose,
            subject: subject.to_owned(),
            text,
            call: call.read(&[], now)?,
            is_public: self.call.is_public(),
            group,
            priority,
            is_mine: self.mine == "1",
        })
    }

    /// Whether somebody new is filled in.
    fn is_somebody_new(&self) -> bool {
        let is_filled = [&self.name, &self.email, &self.phone]
            .into_iter()
            .any(|field| !field.trim().is_empty());
        self.customer == SOMEBODY_NEW || (self.customer.is_empty() && is_filled)
    }

    fn whose(&self, setup: &Setup) -> Result<Whose, String> {
        if !self.is_somebody_new() {
            let id = self.customer.parse::<PersonId>().map(Whose::Known);
            return id.map_err(|_| t!("Choose who phoned, or fill in somebody new.").to_owned());
        }
        let [name, email, phone] = [&self.name, &self.email, &self.phone].map(|field| field.trim());
        if name.is_empty() && email.is_empty() && phone.is_empty() {
            return Err(t!("Fill in a name, a mail address or a number of whoever phoned.").to_owned());
        }
        if name.chars().count() > LONGEST_PERSON_TEXT {
            return Err(t!(
                "A name has at most {most} characters.",
                most = LONGEST_PERSON_TEXT
            ));
        }
        let mut identities = Vec::new();
        if !email.is_empty() {
            if !is_email(email) {
                return Err(t!("“{text}” is not a mail address.", text = email));
            }
            if setup.mailbox(email).is_some() {
                return Err(t!("{address} is a mailbox of this desk.", address = email));
            }
            identities.push(Identity::email(email));
        }
        if !phone.is_empty() {
            if !is_phone(phone) {
                return Err(t!("“{text}” is not a telephone number.", text = phone));
            }
            identities.push(Identity::Phone(phone.to_owned()));
        }
        Ok(Whose::New {
            name: name.to_owned(),
            identities,
        })
    }
}

/// Whether a text is a telephone number.
fn is_phone(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || " +-()./".contains(c);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits >= FEWEST_DIGITS && text.len() <= LONGEST_PERSON_TEXT && text.chars().all(is_part)
}

/// By what somebody may be known who is looked for by a text.
pub fn identities_of(text: &str) -> Vec<Identity> {
    let text = text.trim();
    let email = is_email(text).then(|| Identity::email(text));
    let phone = is_phone(text).then(|| Identity::Phone(text.to_owned()));
    email.into_iter().chain(phone).collect()
}

/// Somebody who may have phoned.
pub struct Caller {
    pub id: String,
    pub name: String,
    /// Their address and number.
    pub known_by: String,
    pub is_chosen: bool,
}

/// The form as shown.
pub struct NewTicketForm {
    pub once: String,
    pub find: String,
    pub callers: Vec<Caller>,
    /// Whether somebody was looked for.
    pub has_looked: bool,
    /// Whether the search did not answer.
    pub is_silent: bool,
    pub is_somebody_new: bool,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub subject: String,
    pub text: String,
    pub phoned: CallFields,
    pub groups: Vec<Choice>,
    pub priorities: Vec<Choice>,
    pub is_mine: bool,
    /// What is wrong with it.
    pub problem: Option<String>,
}

impl NewTicketForm {
    /// The form with what was typed. `found`: whom it may be about; `is_silent`: they could not be looked for.
    pub fn of(
        typed: &NewTyped,
        groups: &[Group],
        (found, is_silent): (&[Person], bool),
        once: String,
    ) -> Self {
        let caller = |person: &Person| Caller {
            id: person.id.to_string(),
            name: person.name.clone(),
            known_by: known_by(person),
            is_chosen: typed.customer == person.id.to_string(),
        };
        let in_use = groups.iter().filter(|group| !group.is_archived);
        let group = |group: &Group| choice(&group.id.to_string(), &group.name, &typed.group);
        let priority = |priority: &Priority| {
            choice(
                priority.as_str(),
                words::priority(Some(*priority)),
                &typed.priority,
            )
        };
        Self {
            once,
            find: typed.find.clone(),
            callers: found.iter().map(caller).collect(),
            has_looked: !typed.find.trim().is_empty(),
            is_silent,
            is_somebody_new: typed.is_somebody_new(),
            name: typed.name.clone(),
            email: typed.email.clone(),
            phone: typed.phone.clone(),
            subject: typed.subject.clone(),
            text: typed.text.clone(),
            phoned: CallFields::of(&typed.call, &[]),
            groups: std::iter::once(choice("", t!("As the rules say"), &typed.group))
                .chain(in_use.map(group))
                .collect(),
            priorities: std::iter::once(choice("", t!("As the rules say"), &typed.priority))
                .chain(Priority::ALL.iter().map(priority))
                .collect(),
            is_mine: typed.mine == "1",
            problem: None,
        }
    }
}

fn known_by(person: &Person) -> String {
    let known = [&person.email, &person.phone];
    let known = known.into_iter().flatten().filter(|known| **known != person.name);
    known.map(String::as_str).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> NewTyped {
        NewTyped {
            customer: "new".into(),
            name: "Ann Lee".into(),
            email: "Ann@Shop.example".into(),
            phone: "+49 30 901820".into(),
            subject: "Lamp".into(),
            text: "It flickers.\r\n".into(),
            priority: "high".into(),
            call: TypedCall {
                direction: "inbound".into(),
                outcome: "answer_due".into(),
                ..TypedCall::default()
            },
            ..NewTyped::default()
        }
    }

    fn read(typed: &NewTyped) -> Result<Opened, String> {
        let now = "2026-03-02T12:00:00Z".parse().unwrap();
        typed.read(&[], &Setup::new(GroupId(1)), now)
    }

    #[test]
    fn somebody_new_is_known_by_address_and_number() {
        let opened = read(&typed()).unwrap();
        assert_eq!(
            opened.whose,
            Whose::New {
                name: "Ann Lee".into(),
                identities: vec![
                    Identity::Email("ann@shop.example".into()),
                    Identity::Phone("+49 30 901820".into())
                ],
            }
        );
        assert_eq!(
            (opened.text.as_str(), opened.priority),
            ("It flickers.", Some(Priority::High))
        );
    }

    #[test]
    fn whoever_is_chosen_is_meant_whatever_else_is_filled_in() {
        let chosen = NewTyped {
            customer: "7".into(),
            ..typed()
        };
        assert_eq!(read(&chosen).unwrap().whose, Whose::Known(PersonId(7)));
        let unsaid = NewTyped {
            customer: String::new(),
            ..typed()
        };
        assert!(matches!(read(&unsaid).unwrap().whose, Whose::New { .. }));
    }

    #[test]
    fn what_is_missing_is_said() {
        let problem = |change: fn(&mut NewTyped)| {
            let mut typed = typed();
            change(&mut typed);
            read(&typed).unwrap_err()
        };
        for (words, problem) in [
            (
                "Choose who phoned",
                problem(|typed| typed.customer = "nobody".into()),
            ),
            (
                "is not a mail address",
                problem(|typed| typed.email = "ann".into()),
            ),
            (
                "is not a telephone number",
                problem(|typed| typed.phone = "call me".into()),
            ),
            ("what it is about", problem(|typed| typed.subject = " ".into())),
            (
                "at most 250 characters",
                problem(|typed| typed.subject = "x".repeat(251)),
            ),
            ("what was said", problem(|typed| typed.text = "\n".into())),
            ("no such group", problem(|typed| typed.group = "9".into())),
            ("no such priority", problem(|typed| typed.priority = "x".into())),
            (
                "Say who phoned whom.",
                problem(|typed| typed.call.direction = String::new()),
            ),
        ] {
            assert!(problem.contains(words), "{problem}");
        }
    }

    #[test]
    fn a_text_that_is_an_address_or_a_number_names_somebody() {
        assert_eq!(identities_of("Ann Lee"), []);
        assert_eq!(
            identities_of(" Ann@Shop.example "),
            [Identity::Email("ann@shop.example".into())]
        );
        assert_eq!(identities_of("030 12"), [Identity::Phone("030 12".into())]);
    }
}
