//! What a finding about one recipient comes to.

use super::{
    addresses::same,
    codes::{self, EnhancedStatus},
    host, phrases, prose, reason, returned,
    vocabulary::{Bounce, Finding, MAX_DIAGNOSTIC_BYTES, Permanence, Reason},
};
use crate::text::one_line;

impl Finding {
    /// `alone`: the notice speaks of this recipient and no other. `ours`: the addresses that the notice was sent to.
    pub(super) fn judge(
        self,
        notice: &prose::NoticeText<'_>,
        alone: bool,
        ours: &[String],
        original: &returned::Original,
    ) -> Bounce {
        let told = notice.about(&self);
        let text = if self.said.is_empty() {
            &told.text
        } else {
            &self.said
        };
        let mut codes = codes::find(text);
        let reported = self.status.filter(|status| !status.is_general());
        if self.said.is_empty() || reported.is_none() {
            codes.fill(codes::find(&told.text));
        }
        let status = codes.choose(self.status);
        let kind = permanence(self.delayed, status, codes.reply_code, &told.text, notice);
        let is_this = |our: &&String| self.address.as_ref().is_some_and(|address| same(address, our));
        let ours: Vec<&String> = ours.iter().filter(|our| !is_this(our)).collect();
        let mut reason = reason::of(&self.said, &told, &ours, status, codes.reply_code);
        if reason == Reason::Other && alone {
            let guess = reason::in_words(notice.own());
            reason = guess
                .filter(|guess| guess.is_of_the_recipient() && !notice.refuses_the_sender())
                .unwrap_or(reason);
        }
        if reason == Reason::HostUnknown && kind == Permanence::Permanent {
            reason = host::checked(text, status, codes.reply_code);
        }
        Bounce {
            address: self.address,
            kind,
            status,
            reply_code: codes.reply_code,
            reason,
            diagnostic: bounded_line(text),
            original_message_id: original.message_id.clone(),
            original_outbox: original.outbox.clone(),
        }
    }
}

fn permanence(
    delayed: bool,
    status: Option<EnhancedStatus>,
    reply_code: Option<u16>,
    told: &str,
    notice: &prose::NoticeText<'_>,
) -> Permanence {
    let stated = status
        .map(|status| u16::from(status.class))
        .or(reply_code.map(|code| code / 100));
    match stated {
        _ if delayed => Permanence::Temporary,
        Some(5) => Permanence::Permanent,
        Some(4) => Permanence::Temporary,
        _ if notice.is_a_delay() => Permanence::Temporary,
        _ if phrases::says_permanent(told) || notice.is_final() => Permanence::Permanent,
        _ => Permanence::Unknown,
    }
}

/// The text on one line without runs of white space, cut at a character.
fn bounded_line(text: &str) -> String {
    let mut line = String::new();
    for word in one_line(text).split_whitespace() {
        if line.len() + word.len() + 1 > MAX_DIAGNOSTIC_BYTES {
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}
