//! Blocks of header lines above an earlier mail: "From: … Sent: … To: … Subject: …".

use super::label::{Role, labelled, role, split_label};
use super::line::{Line, is_space, lower, trim};
use super::seen::Seen;
use super::words::{BODY_LABELS, DATE};

/// Most lines a block has, wrapped and blank ones counted: long lists of recipients are wrapped often.
const MAX_LINES: usize = 60;

/// Most labels a block has: what has more of them is a table.
const MAX_ROLES: usize = 12;

/// Most lines one value is wrapped over.
const MAX_WRAPPED: usize = 12;

/// What a block has shown so far.
#[derive(Default)]
pub(super) struct Block<'t> {
    /// The line after its last.
    end: usize,
    /// Who sent it, as written; one piece for each line the value is wrapped over.
    pub(super) from: Vec<&'t str>,
    /// What it is about, in pieces likewise.
    subject: Vec<&'t str>,
    roles: Vec<Role>,
    address: bool,
    /// A time of day in the line that says when.
    timed: bool,
    /// A label that says "sent": consignments have dates, only mails have this.
    sent: bool,
    /// A label no mail client writes there.
    foreign: bool,
}

impl<'t> Block<'t> {
    fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// What the mail is about. When the subject is last, the line below may be its second and may be the text: new
    /// Outlook writes no blank line between; then it is left out.
    pub(super) fn subject(&self) -> String {
        let ends_block = self.roles.last() == Some(&Role::Subject);
        let mut pieces = self
            .subject
            .iter()
            .map(|line| trim(line))
            .filter(|line| !line.is_empty());
        if ends_block {
            pieces.next().unwrap_or_default().to_owned()
        } else {
            pieces.collect::<Vec<_>>().join(" ")
        }
    }

    /// Where the value of a role is kept, if it is.
    fn pieces(&mut self, role: Role) -> Option<&mut Vec<&'t str>> {
        match role {
            Role::From => Some(&mut self.from),
            Role::Subject => Some(&mut self.subject),
            _ => None,
        }
    }

    /// A line without a label: the value above goes on.
    fn note_wrapped(&mut self, text: &'t str) {
        self.address |= Seen::of(&lower(text)).address;
        let role = self.roles.last().copied();
        role.and_then(|role| self.pieces(role))
            .into_iter()
            .for_each(|pieces| pieces.push(text));
    }

    /// Whether it has all that programs write.
    fn is_complete(&self) -> bool {
        [Role::From, Role::Sent, Role::To, Role::Subject]
            .iter()
            .all(|role| self.has(*role))
    }

    /// Whether it is a mail's. `announced` when a rule or a marker stands above.
    ///
    /// Forms have senders and subjects too, consignments have both ends and a date: what is not announced needs
    /// a date beside the sender, and an address or the time of day.
    fn is_a_mails(&self, announced: bool) -> bool {
        let told = usize::from(self.has(Role::From))
            + usize::from(self.has(Role::Sent))
            + usize::from(self.has(Role::To))
            + usize::from(self.has(Role::Subject));
        if announced {
            return told >= 2 && (self.has(Role::From) || self.has(Role::Sent));
        }
        if self.foreign || told < 2 {
            return false;
        }
        let sender = self.has(Role::From);
        let sent = self.has(Role::Sent);
        let timed = self.timed && self.has(Role::Subject);
        match told {
            2 => sent && self.timed && self.address && (sender || self.has(Role::To)),
            3 if sender && sent => self.address || timed || (self.timed && self.sent),
            3 => sender && self.address,
            _ => self.address || timed,
        }
    }
}

/// The line after the block of header lines that starts at `at`, if one does.
pub(super) fn header_block(lines: &[Line<'_>], at: usize, announced: bool) -> Option<usize> {
    read_header_block(lines, at, announced).map(|block| block.end)
}

/// The block of header lines that starts at `at`, if one does.
pub(super) fn read_header_block<'t>(lines: &[Line<'t>], at: usize, announced: bool) -> Option<Block<'t>> {
    let (role, _) = labelled(lines[at].telling())?;
    if role? == Role::Other {
        return None;
    }
    let quoted = lines[at].quoted;
    let mut block = Block::default();
    let mut end = at;
    let mut wrapped = 0;
    let mut next = at;
    // Lines stand together, and a blank one ends them, or each is a paragraph.
    let mut together = false;
    let mut apart = false;
    while next < lines.len().min(at + MAX_LINES) && lines[next].quoted == quoted {
        let text = lines[next].telling();
        match labelled(text) {
            _ if lines[next].text.is_empty() && together && !announced => break,
            _ if lines[next].text.is_empty() => {
                // HTML made of paragraphs has a blank line after each header line.
                let more = lines.get(next + 1).and_then(|line| labelled(line.telling()));
                let follows =
                    matches!(more, Some((Some(role), _)) if !block.has(role) && block.roles.len() < 5);
                if !follows || lines[next + 1].quoted != quoted {
                    break;
                }
                apart = true;
            }
            Some((Some(role), value)) => {
                if role != Role::Other && block.has(role) {
                    break;
                }
                together |= next > at && !lines[next - 1].text.is_empty();
                if together && apart && !announced {
                    return None;
                }
                note(&mut block, role, text, value);
                end = next + 1;
                wrapped = 0;
            }
            // A salutation may end in a colon.
            Some((None, "")) if block.is_complete() => break,
            Some((None, _)) => {
                block.foreign = true;
                end = next + 1;
                wrapped = 0;
            }
            None if wrapped < MAX_WRAPPED => {
                wrapped += 1;
                block.note_wrapped(text);
                end = next + 1;
            }
            None => return None,
        }
        next += 1;
    }
    block.end = end;
    (block.is_a_mails(announced) && (announced || !is_of_a_form(lines, end))).then_some(block)
}

fn note<'t>(block: &mut Block<'t>, role: Role, text: &str, value: &'t str) {
    block.sent |=
        role == Role::Sent && split_label(text).is_some_and(|(label, _)| !DATE.contains(&label.as_str()));
    let mut role = role;
    let mut value = value;
    // Some clients write all labels on one line.
    while let Some((before, next, after)) = inner_label(value).filter(|_| block.roles.len() < MAX_ROLES) {
        note_value(block, role, before);
        (role, value) = (next, after);
    }
    note_value(block, role, value);
}

fn note_value<'t>(block: &mut Block<'t>, role: Role, value: &'t str) {
    let seen = Seen::of(&lower(value));
    block.roles.push(role);
    block
        .pieces(role)
        .into_iter()
        .for_each(|pieces| pieces.push(value));
    block.address |= seen.address && matches!(role, Role::From | Role::To);
    block.timed |= role == Role::Sent && seen.time;
}

/// The first label within a value: what stands before it, its role, its own value.
fn inner_label(value: &str) -> Option<(&str, Role, &str)> {
    value.match_indices(": ").find_map(|(colon, _)| {
        let before = &value[..colon];
        let start = before.rfind(is_space)?;
        let role = role(&lower(trim(&before[start..])))?;
        Some((&before[..start], role, &value[colon + 2..]))
    })
}

/// Whether what follows is labelled as the text that a visitor typed.
fn is_of_a_form(lines: &[Line<'_>], end: usize) -> bool {
    let Some(next) = super::line::next_text(lines, end) else {
        return false;
    };
    split_label(lines[next].telling()).is_some_and(|(label, _)| BODY_LABELS.contains(&label.as_str()))
}
