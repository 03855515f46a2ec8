//! Reading and writing RFC 5322 mail: guards, parsing, classification, signed reply addresses, rendering.
//!
//! Synchronous and pure: no clock, no randomness, no input or output. This crate must not know the ticket
//! store, the AWS SDK, or what a ticket is beyond its number.
//!
//! Mail from outside goes through [`read`], which refuses what would harm the parsers ([`guard`]) and
//! otherwise always returns what could be read, with notes about what could not. Mail to the outside goes
//! through [`render`], whose header values cannot break out of their header.

pub mod automatic;
pub mod bounce;
mod charset;
mod fold;
mod forwarded;
pub mod guard;
mod images;
mod inbound;
mod logical_key;
mod markdown;
mod marked;
mod message_id;
mod mime;
mod monitor;
mod notes;
mod peek;
mod read;
mod render;
mod reply_address;
mod sanitise;
mod ses_headers;
mod solution_token;
mod subject;
mod template;
mod text;
mod tnef;
mod verdict;

pub use automatic::{AutomaticSign, HoldBackSign};
pub use bounce::{Bounce, EnhancedStatus, Notice, Permanence, Reason, notice, read_bounces};
pub use fold::{Part, Span, fold, fold_mail};
pub use forwarded::{ForwardSign, Forwarded, forwarded};
pub use guard::{MAX_MAIL_BYTES, Refusal};
pub use images::place_images;
pub use inbound::{Attachment, InboundMail, Mailbox};
pub use logical_key::logical_key;
pub use markdown::markdown_to_html;
pub use marked::marked_passages;
pub use message_id::ses_local_part;
pub use monitor::{MonitorNotice, MonitorState};
pub use notes::{Place, ReadingNote};
pub use peek::peek;
pub use read::{html_to_text, read};
pub use render::{
    MAX_ENCODED_BYTES, MAX_RECIPIENTS, OutboundAttachment, OutboundMail, OutboxKind, RenderError, render,
};
pub use reply_address::{ReplyAddressError, ReplyKey, sign, sign_forward, verify, verify_forward};
pub use sanitise::{SanitiseOptions, sanitise_html};
pub use ses_headers::{SesHeaders, ses_headers};
pub use solution_token::{sign_solution, verify_solution};
pub use subject::{
    forward_subject, normalised_subject, reply_subject, subject_ticket_hint, without_forward_prefixes,
};
pub use template::{TemplateError, TemplateKind, TemplateNames, answer_frame, check_template, fill_template};
pub use text::{clean_file_name, paragraphs};
pub use verdict::{Verdict, Verdicts};
