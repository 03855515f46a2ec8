//! A file: of a comment, or waiting for one.

use super::parent_of;
use crate::kit::address::Address;
use docket_desk::UploadedFile;
use docket_domain::{
    TicketNumber,
    contact::{
        comment::AttachmentRef,
        file_link::{ATTACHMENTS_OF_A_COMMENT, attachment_id, attachment_path},
    },
};
use serde_json::{Value, json};

/// Ids of files that wait begin here, beyond those of 45 million tickets; below 2^53, so that every program can hold
/// them.
const WAITING_IDS_FROM: u64 = 1 << 52;
/// Digits of a waiting file's own id that its number is made of: 48 bits.
const DIGITS_OF_AN_ID: usize = 12;

/// Ticket, version and place of such an id.
pub(crate) fn place_of(id: u64) -> (TicketNumber, u64, u64) {
    let (number, v) = parent_of(id / ATTACHMENTS_OF_A_COMMENT);
    (number, v, id % ATTACHMENTS_OF_A_COMMENT)
}

/// Where the content of a comment's file is fetched.
pub(crate) fn content_url(address: &Address, number: TicketNumber, v: u64, place: u64) -> String {
    address.file(&attachment_path(number, v, place))
}

/// Whether a text says where the content of a waiting file is fetched.
pub(crate) fn is_waiting_url(text: &str, address: &Address, token: &str, file: &UploadedFile) -> bool {
    let bare = text.split_once('?').map_or(text, |(bare, _)| bare);
    bare == address.unsigned_file(&waiting_path(token, file))
}

fn waiting_path(token: &str, file: &UploadedFile) -> String {
    format!("/uploads/{token}/files/{}", file.id())
}

/// A file of a comment.
pub(crate) fn attachment(
    address: &Address,
    number: TicketNumber,
    v: u64,
    place: u64,
    file: &AttachmentRef,
) -> Value {
    let id = attachment_id(number, v, place);
    let mut shape = shape(
        id,
        &file.name,
        &file.content_type,
        file.bytes,
        &content_url(address, number, v, place),
    );
    shape["url"] = json!(address.resource(&format!("/attachments/{id}")));
    shape["inline"] = json!(file.inline);
    shape["deleted"] = json!(file.is_redacted());
    shape
}

/// A file that waits for its comment. It has no record of its own yet.
pub(crate) fn waiting(address: &Address, token: &str, file: &UploadedFile) -> Value {
    let id = file.id();
    let digits = id.get(..DIGITS_OF_AN_ID).unwrap_or_default();
    let id = WAITING_IDS_FROM + u64::from_str_radix(digits, 16).unwrap_or(0);
    let url = address.file(&waiting_path(token, file));
    shape(id, &file.name, &file.content_type, file.bytes, &url)
}

fn shape(id: u64, name: &str, content_type: &str, bytes: u64, content_url: &str) -> Value {
    json!({
        "id": id,
        "url": null,
        "file_name": name,
        "content_type": content_type,
        "content_url": content_url,
        "mapped_content_url": content_url,
        "size": bytes,
        "width": null,
        "height": null,
        "inline": false,
        "deleted": false,
        "malware_access_override": false,
        "malware_scan_result": "not_scanned",
        "thumbnails": [],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_file_names_ticket_comment_and_place() {
        let id = attachment_id(TicketNumber(35), 4, 2);
        assert_eq!(id, 3_500_004_002);
        assert_eq!(place_of(id), (TicketNumber(35), 4, 2));
    }
}
