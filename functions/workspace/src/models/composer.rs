//! The form by which an agent answers and changes a ticket.

use super::{
    call::{CallFields, people_of_call},
    choice::{Choice, choice},
    copies::CopyField,
    forward::ForwardFields,
    recall::Waiting,
    timeline::EventLine,
    typed::{Kind, Typed},
};
use crate::{
    directions::isolated, models::offered_macros::MacroChoice, names::Names, refusals::unreachable, words,
};
use docket_domain::{
    PersonId,
    rule::Rule,
    ticket::{Priority, ReplyVia, Status, Ticket},
};

/// The form as shown.
pub struct Composer {
    pub seen: u64,
    pub once: String,
    pub text: String,
    /// What is done with it, as it was chosen.
    pub kind: Kind,
    pub recipient: String,
    pub statuses: Vec<Choice>,
    /// Who is to have it; a macro says so.
    pub assignee: String,
    pub was_assignee: String,
    /// The priority it is to have, likewise.
    pub priority: String,
    pub was_priority: String,
    /// Who gets the answer in copy; nothing where it is no mail.
    pub copies: Option<CopyField>,
    /// What it asks of a call.
    pub phone: CallFields,
    /// What it asks of what is forwarded; nothing where there is nothing to forward.
    pub forward: Option<ForwardFields>,
    /// Macros that can be put into it.
    pub macros: Vec<MacroChoice>,
    /// Those that were, as the form sends them back.
    pub inserted: String,
    /// Those of them that do something that the form does not show.
    pub rest: Vec<MacroChoice>,
    /// Files that were chosen and have to be chosen again.
    pub files_again: String,
    /// Most bytes of all files.
    pub most_file_bytes: u64,
    /// The version of the draft that it was filled with; 0 without one.
    pub draft_v: u64,
    /// Names of the answers that are shown waiting, parted by commas.
    pub saw: String,
    /// Name of the unsent answer whose text it goes on with; nothing where it holds something else.
    pub restores: String,
    /// The next ticket of the view; nothing where the ticket was not opened from one.
    pub next: Option<String>,
    /// What the text will look like, where that was asked for.
    pub preview: Option<String>,
    /// What is wrong with what was typed.
    pub problem: Option<String>,
    /// What happened since the person last looked.
    pub news: Vec<EventLine>,
}

impl Composer {
    /// Whether this is what is chosen to be done with it.
    pub fn is_kind(&self, word: &str) -> bool {
        self.kind.as_str() == word
    }

    /// How large all files may be, in words.
    pub fn most_files(&self) -> String {
        t!(
            "up to {size} together",
            size = words::size_up(self.most_file_bytes)
        )
    }

    /// Remembers which answers the page shows waiting.
    pub fn saw(&mut self, waiting: &[Waiting]) {
        let names: Vec<&str> = waiting.iter().map(|answer| answer.name.as_str()).collect();
        self.saw = names.join(",");
    }

    /// Asks for files to be chosen again that a browser does not choose by itself.
    pub fn ask_for_files_again(&mut self, names: Vec<String>) {
        if !names.is_empty() {
            self.files_again = names.join(", ");
        }
    }

    /// The same with the macros of the desk.
    pub fn offer(&mut self, offered: &[&Rule], inserted: &[&Rule]) {
        self.macros = offered.iter().map(|rule| MacroChoice::of(rule)).collect();
        self.rest = inserted.iter().map(|rule| MacroChoice::of(rule)).collect();
        self.rest.retain(|choice| !choice.rest.is_empty());
    }

    /// The form for a ticket, filled with what was typed before.
    pub fn of(ticket: &Ticket, names: &Names, once: String, typed: Option<&Typed>) -> Self {
        let assignee = ticket.assignee.map_or_else(String::new, |id| id.to_string());
        let priority = ticket.priority.map_or("", Priority::as_str).to_owned();
        // What somebody else changed meanwhile stands; what the person chose themselves is kept.
        let wanted = |typed_value: &str, was: &str, now: &str| match typed {
            Some(_) if typed_value != was => typed_value.to_owned(),
            _ => now.to_owned(),
        };
        let blank = Typed::default();
        let form = typed.unwrap_or(&blank);
        Self {
            seen: ticket.v,
            once,
            text: form.text.clone(),
            kind: form.chosen_kind(),
            recipient: recipient(ticket, names),
            statuses: statuses(ticket.status, &form.status),
            assignee: wanted(&form.assignee, &form.was_assignee, &assignee),
            was_assignee: assignee,
            priority: wanted(&form.priority, &form.was_priority, &priority),
            was_priority: priority,
            copies: None,
            phone: CallFields::of(&form.call, &named(&people_of_call(ticket), names)),
            forward: None,
            macros: Vec::new(),
            inserted: form.macros.clone(),
            rest: Vec::new(),
            files_again: String::new(),
            most_file_bytes: 0,
            draft_v: 0,
            saw: String::new(),
            restores: form.restores.clone(),
            next: None,
            preview: None,
            problem: None,
            news: Vec::new(),
        }
    }
}

/// These people, by the value of an option and their name.
fn named(people: &[PersonId], names: &Names) -> Vec<(String, String)> {
    let named = people.iter().map(|id| (id.to_string(), names.person(*id)));
    named.collect()
}

fn statuses(current: Status, wanted: &str) -> Vec<Choice> {
    let leave = t!("Leave {status}", status = words::status(current).to_lowercase());
    let others = [Status::Open, Status::Pending, Status::Hold, Status::Solved]
        .into_iter()
        .filter(|status| *status != current)
        .map(|status| choice(status.as_str(), words::status(status), wanted));
    std::iter::once(choice("", &leave, wanted))
        .chain(others)
        .collect()
}

pub fn assignees(
    ticket: &Ticket,
    members: &[PersonId],
    me: PersonId,
    names: &Names,
    wanted: &str,
) -> Vec<Choice> {
    let mut others: Vec<_> = members
        .iter()
        .copied()
        .chain(ticket.assignee)
        .filter(|id| *id != me)
        .map(|id| (names.person(id), id.to_string()))
        .collect();
    others.sort();
    others.dedup();
    let mut choices = vec![choice("", t!("Nobody"), wanted)];
    choices.push(choice(
        &me.to_string(),
        &t!("{name} (you)", name = names.person(me)),
        wanted,
    ));
    choices.extend(others.iter().map(|(name, id)| choice(id, name, wanted)));
    choices
}

pub fn priorities(ticket: &Ticket, wanted: &str) -> Vec<Choice> {
    let none = ticket.priority.is_none().then(|| choice("", t!("None"), wanted));
    let all = Priority::ALL
        .iter()
        .map(|priority| choice(priority.as_str(), words::priority(Some(*priority)), wanted));
    none.into_iter().chain(all).collect()
}

fn recipient(ticket: &Ticket, names: &Names) -> String {
    let name = names.told(ticket.requester);
    match &ticket.reply_via {
        ReplyVia::Mail { mailbox } => {
            let known = names.known(ticket.requester);
            if let Some(why) = known.and_then(unreachable) {
                return t!("Nothing reaches {name}: {why}", name, why = isolated(&why));
            }
            if known.is_some_and(|person| person.email.is_none()) {
                return t!("Nothing reaches {name}: no address of theirs is known", name);
            }
            let address = names
                .known(ticket.requester)
                .and_then(|person| person.email.as_ref());
            match address {
                Some(address) if *address != name => {
                    let address = isolated(address);
                    t!("To {name} <{address}>, from {mailbox}", name, address, mailbox)
                }
                _ => t!("To {name}, from {mailbox}", name, mailbox),
            }
        }
        ReplyVia::Callback { channel, .. } => {
            t!(
                "To {name}, through channel {channel}",
                name,
                channel = isolated(channel)
            )
        }
        ReplyVia::Nowhere => {
            t!(
                "Nothing reaches {name}: neither an address of theirs nor a way back is known",
                name
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::TicketNumber;

    fn selected(choices: &[Choice]) -> Vec<&str> {
        choices
            .iter()
            .filter(|choice| choice.is_selected)
            .map(|choice| choice.value.as_str())
            .collect()
    }

    fn composer(typed: Option<&Typed>) -> Composer {
        let mut ticket = Ticket::blank(TicketNumber(1));
        ticket.status = Status::Open;
        ticket.assignee = Some(PersonId(7));
        ticket.priority = Some(Priority::High);
        Composer::of(&ticket, &Names::default(), String::new(), typed)
    }

    #[test]
    fn a_fresh_form_shows_what_the_ticket_says() {
        let composer = composer(None);
        assert_eq!(
            (composer.assignee.as_str(), composer.priority.as_str()),
            ("7", "high")
        );
        assert_eq!(selected(&composer.statuses), [""]);
        assert_eq!(composer.kind, Kind::Reply);
    }

    #[test]
    fn a_form_shown_again_keeps_what_was_chosen_and_takes_what_others_changed() {
        let typed = Typed {
            text: "hello".into(),
            visibility: "internal".into(),
            status: "solved".into(),
            assignee: "3".into(),
            priority: "low".into(),
            was_priority: "low".into(),
            ..Typed::default()
        };
        let composer = composer(Some(&typed));
        assert_eq!(composer.text, "hello");
        assert!(composer.is_kind("internal"));
        assert_eq!(selected(&composer.statuses), ["solved"]);
        assert_eq!(
            (composer.assignee.as_str(), composer.priority.as_str()),
            ("3", "high")
        );
    }
}
