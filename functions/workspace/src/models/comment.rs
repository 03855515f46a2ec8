//! A comment as the thread shows it.

use super::{call::CallView, copies, forward::ForwardView, hand_off::HandOffView};
use crate::{
    directions::{isolated, quoted},
    names::Names,
    outgoing::how_it_stands,
    sentences,
    words::{self, Moment},
};
use docket_domain::{
    Timestamp,
    contact::{
        comment::{
            AttachmentRef, AuthorRole, Comment, CommentBody, Incident, IncidentState, TextKind, TextPart,
        },
        tells::Tells,
    },
    outbox::OutboxItem,
    ticket::Channel,
};
use docket_mail::{SanitiseOptions, sanitise_html};

/// The comment.
pub struct CommentView {
    pub v: u64,
    pub author: String,
    pub role: &'static str,
    pub class: &'static str,
    pub came: String,
    pub when: Moment,
    pub blocks: Vec<Block>,
    /// The text could not be read: only its first words are shown.
    pub is_partial: bool,
    /// Whether what was written was erased.
    pub is_erased: bool,
    pub hand_off: Option<HandOffView>,
    /// The call that it tells of.
    pub phone: Option<CallView>,
    /// What it says was forwarded.
    pub forwarded: Option<ForwardView>,
    pub attachments: Vec<AttachmentView>,
    pub has_html: bool,
    /// Whether its HTML says more than its text: it is shown as it came.
    pub is_rich: bool,
    /// How many pictures of its HTML lie elsewhere, and are not loaded.
    pub remote_pictures: usize,
    /// What an agent wrote here with marks, made safe.
    pub formatted: Option<String>,
    pub has_original: bool,
    pub outgoing: Option<(String, &'static str)>,
    /// Somebody it is for does not have it, and it can be sent again.
    pub may_resend: bool,
    pub notes: Vec<String>,
    /// To whom its mail went besides.
    pub also_to: Option<String>,
    /// Who got it in copy.
    pub in_copy: Option<String>,
    /// Signs that others put to it.
    pub signs: Vec<SignView>,
    pub is_new: bool,
}

/// A sign that somebody put to the comment by a mail.
pub struct SignView {
    /// The version of the comment that the mail is.
    pub v: u64,
    pub sign: String,
    pub who: String,
    pub when: Moment,
    pub is_new: bool,
}

/// A run of lines.
#[derive(Debug, PartialEq, Eq)]
pub struct Block {
    pub kind: BlockKind,
    pub text: String,
}

/// Whose words a run has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// The writer's own.
    Own,
    /// Quoted, to be answered.
    Quote,
    /// Folded away under this name.
    Folded(&'static str),
}

/// A file.
pub struct AttachmentView {
    /// Whether it is shown small.
    pub is_picture: bool,
    pub digest: String,
    pub name: String,
    pub size: String,
}

impl SignView {
    /// The sign that a comment is.
    pub fn of(comment: &Comment, names: &Names, now: Timestamp, is_new: bool) -> Self {
        let reaction = comment.mail.as_ref().and_then(|mail| mail.reaction.as_ref());
        Self {
            v: comment.v,
            sign: reaction.map(|reaction| reaction.sign.clone()).unwrap_or_default(),
            who: names.person(comment.author),
            when: words::ago(comment.at, now),
            is_new,
        }
    }
}

impl CommentView {
    /// Whether it did not reach whom it is for.
    pub fn is_bad(&self) -> bool {
        self.outgoing.as_ref().is_some_and(|(_, tone)| *tone == "late")
    }

    /// That pictures are not loaded.
    pub fn pictures_words(&self) -> String {
        tn!(
            "{count} remote picture is not loaded.",
            "{count} remote pictures are not loaded.",
            self.remote_pictures
        )
    }

    /// The place below its ticket where it is sent again.
    pub fn resend(&self) -> String {
        format!("comments/{}/resend", self.v)
    }

    /// The comment with its body, as far as that could be read, and its way out.
    pub fn of(
        comment: &Comment,
        body: Option<CommentBody>,
        outgoing: Option<&OutboxItem>,
        names: &Names,
        now: Timestamp,
        is_new: bool,
    ) -> Self {
        let is_partial = body.is_none();
        let body = body.unwrap_or_else(|| CommentBody {
            text: comment.snippet.clone(),
            ..CommentBody::default()
        });
        let tells = comment.tells.as_ref();
        let (call, forward) = (tells.and_then(Tells::call), tells.and_then(Tells::forward));
        let (role, class) = match (comment.public, comment.role) {
            (false, _) if call.is_some() => (t!("call, colleagues only"), "note"),
            (true, _) if call.is_some() => (t!("call"), "out"),
            (false, _) if forward.is_some() => (t!("forwarded, colleagues only"), "note"),
            (false, AuthorRole::ThirdParty) => (t!("third party, seen by colleagues only"), "note"),
            (false, _) => (t!("note, colleagues only"), "note"),
            (true, AuthorRole::Requester) => (t!("customer"), "in"),
            (true, AuthorRole::Agent) => (t!("reply"), "out"),
            (true, AuthorRole::Participant) => (t!("in copy"), "in"),
            (true, AuthorRole::ThirdParty) => (t!("third party"), "in"),
            (true, AuthorRole::System) => (t!("automatic"), "out"),
        };
        let came = match &comment.channel {
            Channel::Agent | Channel::Phone => String::new(),
            channel => sentences::channel(channel),
        };
        let mut notes = Vec::new();
        if let Some(sign) = &comment.automatic {
            notes.push(t!("Taken for automatic mail: {sign}", sign = isolated(sign)));
        }
        if let Some(incident) = comment.mail.as_ref().and_then(|mail| mail.incident.as_ref()) {
            notes.push(told_by_monitor(incident));
        }
        if let Some(mail) = &comment.mail {
            notes.extend(
                mail.problems
                    .iter()
                    .map(|problem| t!("Reading the mail: {problem}", problem = isolated(problem))),
            );
        }
        notes.extend(body.problems.iter().cloned());
        // What an agent wrote here was made of marks, and is made safe like what anybody wrote.
        let formatted = body
            .html
            .as_deref()
            .filter(|_| matches!(comment.channel, Channel::Agent | Channel::Phone) && comment.mail.is_none())
            .map(|html| sanitise_html(html, &SanitiseOptions::default()));
        Self {
            v: comment.v,
            author: names.person(comment.author),
            role,
            class,
            came,
            when: words::ago(comment.at, now),
            blocks: blocks(&body),
            is_partial,
            is_erased: false,
            hand_off: body.hand_off.map(HandOffView::of),
            phone: call.map(|call| CallView::of(call, comment.author, names, now)),
            forwarded: forward.map(|forward| ForwardView::of(forward, names)),
            attachments: comment
                .attachments
                .iter()
                .map(|attachment| AttachmentView {
                    is_picture: is_picture(attachment),
                    digest: attachment.digest.to_string(),
                    name: attachment.name.clone(),
                    size: words::size(attachment.bytes),
                })
                .collect(),
            is_rich: formatted.is_none() && body.html.as_deref().is_some_and(is_rich),
            remote_pictures: body.html.as_deref().map_or(0, remote_pictures),
            has_html: formatted.is_none() && body.html.is_some(),
            formatted,
            has_original: comment.mail.is_some() && comment.redacted_at.is_none(),
            outgoing: outgoing.map(how_it_stands),
            may_resend: outgoing.is_some_and(OutboxItem::may_be_sent_again),
            notes,
            also_to: comment.mail.as_ref().and_then(copies::also_to),
            in_copy: None,
            signs: vec![],
            is_new,
        }
    }
}

/// Largest picture that is shown small, in bytes.
const MOST_PICTURE_BYTES: u64 = 4 * 1024 * 1024;

fn is_picture(file: &AttachmentRef) -> bool {
    let kinds = ["image/png", "image/jpeg", "image/gif", "image/webp"];
    let is_known = kinds
        .iter()
        .any(|kind| kind.eq_ignore_ascii_case(&file.content_type));
    is_known && file.bytes <= MOST_PICTURE_BYTES
}

/// Whether HTML has what its text can't show. An answer typed in a mail program is HTML, too, and reads better as text: there what it
/// quotes is folded.
fn is_rich(html: &str) -> bool {
    let html = html.to_ascii_lowercase();
    ["<table", "<img", "<ul", "<ol", "<h1", "<h2", "<h3"]
        .iter()
        .any(|tag| html.contains(tag))
}

fn remote_pictures(html: &str) -> usize {
    let html = html.to_ascii_lowercase();
    let tags = html.match_indices("<img").filter_map(|(at, _)| {
        let tag = &html[at..];
        tag.split_once('>').map(|(tag, _)| tag)
    });
    tags.filter(|tag| {
        let source = tag
            .split_once("src=")
            .map(|(_, source)| source.trim_start_matches(['"', '\'']));
        source.is_some_and(|source| source.starts_with("http"))
    })
    .count()
}

impl Block {
    /// How long it is.
    pub fn lines(&self) -> String {
        tn!("{count} line", "{count} lines", self.text.lines().count())
    }
}

/// What a monitor tells, and why its mail is on this ticket.
fn told_by_monitor(incident: &Incident) -> String {
    let state = match incident.state {
        IncidentState::Problem => t!("something is wrong"),
        IncidentState::Recovery => t!("it is over"),
        IncidentState::Update => t!("news of it"),
    };
    let about = quoted(&incident.about);
    match incident.joined {
        true => t!(
            "A monitor’s notice about {about}: {state}. It joined this ticket because the same sender told of the same before",
            about,
            state
        ),
        false => t!("A monitor’s notice about {about}: {state}", about, state),
    }
}

/// The text in runs: own words, and what is quoted between or below them.
fn blocks(body: &CommentBody) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let whole = [TextPart {
        start_bytes: 0,
        end_bytes: body.text.len(),
        kind: TextKind::New,
    }];
    let parts = if body.parts.is_empty() {
        &whole[..]
    } else {
        &body.parts
    };
    for part in parts {
        let kind = match part.kind {
            TextKind::Quote => BlockKind::Folded(t!("Quoted text")),
            TextKind::Signature => BlockKind::Folded(t!("Signature")),
            TextKind::New | TextKind::Forward => {
                own_and_quoted(part.of(&body.text), &mut blocks);
                continue;
            }
        };
        let text = part.of(&body.text).to_owned();
        blocks.push(Block { kind, text });
    }
    for block in &mut blocks {
        block.text = block.text.trim_matches(['\n', '\r']).trim_end().to_owned();
    }
    blocks.retain(|block| !block.text.is_empty());
    blocks
}

/// Own lines, and lines that are quoted between them to be answered.
fn own_and_quoted(text: &str, blocks: &mut Vec<Block>) {
    let first = blocks.len();
    for line in text.lines() {
        let kind = if line.starts_with('>') {
            BlockKind::Quote
        } else {
            BlockKind::Own
        };
        match blocks[first..].last_mut() {
            Some(block) if block.kind == kind => {
                block.text.push('\n');
                block.text.push_str(line);
            }
            _ => blocks.push(Block {
                kind,
                text: line.to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_and_quoted_lines_are_told_apart_and_stay_in_order() {
        let block = |kind, text: &str| Block {
            kind,
            text: text.to_owned(),
        };
        let body = |text: &str, parts| CommentBody {
            text: text.to_owned(),
            parts,
            ..CommentBody::default()
        };
        assert_eq!(
            blocks(&body("Thanks!\n\n> Hello\n> there\n\nBye\n", vec![])),
            [
                block(BlockKind::Own, "Thanks!"),
                block(BlockKind::Quote, "> Hello\n> there"),
                block(BlockKind::Own, "Bye")
            ]
        );
        assert_eq!(blocks(&body("\n\n", vec![])), []);
        let part = |start_bytes, end_bytes, kind| TextPart {
            start_bytes,
            end_bytes,
            kind,
        };
        let parts = vec![part(0, 4, TextKind::New), part(4, 9, TextKind::Quote)];
        assert_eq!(
            blocks(&body("Yes\n> Hi\n", parts)),
            [
                block(BlockKind::Own, "Yes"),
                block(BlockKind::Folded("Quoted text"), "> Hi")
            ]
        );
    }

    #[test]
    fn a_mail_is_shown_as_it_came_where_its_text_can_t_show_it() {
        assert!(is_rich("<p>x</p><TABLE><tr><td>1</td></tr></TABLE>"));
        assert!(!is_rich(
            "<div dir=\"ltr\">Thanks!<br></div><blockquote>you wrote</blockquote>"
        ));
        let html = "<img src=\"https://a.example/1.png\"><IMG alt=x SRC='http://b.example'><img src=cid:1>";
        assert_eq!(remote_pictures(html), 2);
    }
}
